"""How probable an answer is that is supported so: a logistic curve, fitted to answers whose place is known.

Knows numbers and their weights, data/gazetteer/calibration.json. Knows nothing of names or places.
`python -m tools.calibration` makes the file and prints how far it can be trusted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from operator import mul
from pathlib import Path
from typing import Any

FILE = "calibration.json"
# What an answer is judged by, each a number near 0 to 1; evidence.py makes them, in this order.
EVIDENCE = (
    "share", "population", "is_ours", "in_area",
    "is_skeleton", "unlike_skeleton", "is_fuzzy", "unlike_fuzzy", "out_of_area", "other_name", "shortness",
    "is_near", "near_large", "unsupported", "in_doubt",
    "anywhere", "in_region", "is_arabic",
)  # fmt: skip
# The first speak for an answer and the next against it, whatever a few hundred names may teach of them; of
# the last three nothing is known beforehand.
FOR, AGAINST = EVIDENCE[:4], EVIDENCE[4:15]
_LEAST, _MOST = 0.001, 0.99


class Calibration:
    """
    The probability that the true point is within 10 km, and from which on an answer is taken.

    >>> plain = Calibration({"weights": {"share": 6.0}, "constant": 0.0, "resolved_from": 0.8})
    >>> plain.probability([0.5] + [0.0] * (len(EVIDENCE) - 1)) > plain.resolved_from
    True
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        weights: Mapping[str, float] = raw.get("weights", {"share": 6.0})
        self._weights = tuple(float(weights.get(name, 0.0)) for name in EVIDENCE)
        self._constant = float(raw.get("constant", 0.0))
        self.resolved_from = float(raw.get("resolved_from", 0.8))

    def probability(self, evidence: Sequence[float]) -> float:
        """Of an answer, from its numbers in the order of EVIDENCE."""
        score = self._constant + sum(map(mul, self._weights, evidence))
        return min(_MOST, max(_LEAST, 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))))


def read_text(folder: Path) -> str:
    """What a folder laid out as data/gazetteer/ says of it, as JSON; {} where it says nothing."""
    path = folder / FILE
    return json.dumps(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else "{}"
