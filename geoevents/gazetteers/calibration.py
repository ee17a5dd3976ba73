"""How probable each answer is that is supported so: weights fitted to answers whose place is known.

Knows numbers and their weights, data/gazetteer/calibration.json. Knows nothing of names or places.
benchmarks/calibration.py makes the file and prints how far it can be trusted.
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
    "known", "known_anywhere", "chosen", "chosen_anywhere", "population", "is_ours", "in_area",
    "is_skeleton", "unlike_skeleton", "is_fuzzy", "unlike_fuzzy", "out_of_area", "other_name", "shortness",
    "is_near", "near_large", "unsupported", "in_doubt",
    "anywhere", "in_region", "is_arabic",
)  # fmt: skip
# The first speak for an answer and the next against it, whatever a few hundred names may teach of them; of
# the last three nothing is known beforehand.
FOR, AGAINST = EVIDENCE[:7], EVIDENCE[7:18]
# What evidence.py divides the logarithm of a weight by.
WEIGHT_SCALE = 8.0
# Where nothing was measured, a place is as probable as its share of the weight.
_PLAIN = {"known": WEIGHT_SCALE, "chosen": WEIGHT_SCALE, "unsupported": -2.0}


class Calibration:
    """
    How probable it is that each of some answers is the right one, and from which probability on one is taken.

    All answers and "none of them" are weighed against each other, so that together they come to 1: with one
    answer this is logistic regression, with several its multinomial form (McFadden 1974).

    >>> plain, numbers = Calibration({}), [0.0] * len(EVIDENCE)
    >>> plain.probabilities([numbers, numbers])
    [0.3333333333333333, 0.3333333333333333]
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        weights: Mapping[str, float] = raw.get("weights", _PLAIN)
        self._weights = tuple(float(weights.get(name, 0.0)) for name in EVIDENCE)
        self._constant = float(raw.get("constant", 0.0))
        self.resolved_from = float(raw.get("resolved_from", 0.8))
        self._resolved_from_arabic = float(raw.get("resolved_from_arabic", self.resolved_from))

    def is_taken(self, probability: float, numbers: Sequence[float]) -> bool:
        """
        Whether an answer so probable, with such numbers, is taken. In Arabic script from higher on: of its
        names fewer places are known to any source, and to an unknown namesake no number points.
        """
        is_arabic = numbers[EVIDENCE.index("is_arabic")]
        return probability >= (self._resolved_from_arabic if is_arabic else self.resolved_from)

    def probabilities(self, answers: Sequence[Sequence[float]]) -> list[float]:
        """Of each answer to one name, from its numbers in the order of EVIDENCE."""
        odds = [math.exp(min(30.0, self._constant + sum(map(mul, self._weights, each)))) for each in answers]
        total = 1.0 + sum(odds)
        return [each / total for each in odds]


def read_text(folder: Path) -> str:
    """What a folder laid out as data/gazetteer/ says of it, as JSON; {} where it says nothing."""
    path = folder / FILE
    return json.dumps(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else "{}"
