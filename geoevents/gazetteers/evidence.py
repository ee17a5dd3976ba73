"""What speaks for an answer, in numbers that calibration.py can weigh: how it was found, where, against what.

Knows the order of calibration.EVIDENCE. Knows no weights.
"""

from __future__ import annotations

import math
import re

from geoevents.folding import name_key
from geoevents.gazetteers.asking import Request
from geoevents.gazetteers.calibration import WEIGHT_SCALE
from geoevents.gazetteers.weighing import Weighed, is_written_down

_ARABIC = re.compile("[\u0600-\u06ff]")
# The logarithm of a weight, at most.
_MOST = 10.0
# Nearer than this to the edge of the area given still counts as in it: outlines are coarse.
_EDGE_M = 5_000


def evidence(request: Request, each: Weighed) -> tuple[float, ...]:
    """An answer's numbers, in the order of calibration.EVIDENCE."""
    found, row, context = each.found, each.found.row, request.context
    key = name_key(found.via)
    is_skeleton, is_fuzzy = float(found.rung == "skeleton"), float(found.rung == "fuzzy")
    is_near = float(found.drawn == "near")
    population = math.log10(1 + row.population) / 6
    in_area = each.outside_m is not None and each.outside_m <= _EDGE_M
    anywhere = context.country_code is None
    known, chosen = _logarithm(each.known / each.unknown), _logarithm(each.weight / each.known)
    return (
        known,
        known * anywhere,
        chosen,
        chosen * anywhere,
        population,
        float(is_written_down(request.index, found)),
        float(in_area),
        is_skeleton,
        is_skeleton * (1 - found.likeness),
        is_fuzzy,
        is_fuzzy * (1 - found.likeness),
        float(each.outside_m is not None and not in_area),
        float(not found.by_first_name),
        1 / max(1, len(key)),
        is_near,
        is_near * population,
        -math.log10(max(found.factor, 0.001)),
        float(found.doubt is not None),
        float(anywhere),
        float(anywhere and row.country in request.region),
        float(bool(_ARABIC.search(found.via))),
    )


def _logarithm(ratio: float) -> float:
    return max(-_MOST, min(_MOST, math.log(max(ratio, 1e-9)))) / WEIGHT_SCALE
