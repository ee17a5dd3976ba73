"""How probable each place is that a name may mean, and whether one is probable enough to be taken.

The estimate: places of one name are weighed by population, the weights of those within 10 km of each other
add up, and some weight is kept for a place of the name that we don't know. The constants were set on names as
reporters wrote them, so that 92 % of what is taken is within 10 km: benchmarks/geocoding.py measures it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from geoevents.folding import fold, name_key
from geoevents.gazetteers.asking import Found, Request
from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.doubts import doubted
from geoevents.gazetteers.drawing import drawn
from geoevents.gazetteers.index import Index, Row
from geoevents.gazetteers.qualifiers import SAME_PLACE_M, are_near
from geoevents.gazetteers.reasons import why
from geoevents.gazetteers.surroundings import areas_given, metres_outside
from geoevents.gazetteers.tables import HAS_ARTICLE, IS_CORE
from geoevents.places import BBox, Candidate, Place, Resolution, ResolutionStatus

TAKEN_FROM = 0.8

# Inhabitants that stand for a place whose population nobody states: seats of districts, and our own entries.
_UNSTATED, _FACILITY = 3_000, 20_000
_OF_KIND = {"settlement": 20_000, "quarter": 3_000} | dict.fromkeys(
    ("admin1", "area", "river", "road"), 1_000_000
)
# What a place that we don't know weighs, for each namesake in the world (up to five) and one more: common
# names recur.
_UNKNOWN, _NAMESAKES = 350, 5
_REGION_FACTOR, _COUNTRY_FACTOR = 30, 10
# Reports from the region speak of its neighbours, too: 3 degrees from a box around one of its countries.
_BESIDE_FACTOR, _BESIDE_DEGREES = 5, 3
_CORE_FACTOR, _OTHER_NAME_FACTOR, _ARTICLE_FACTOR = 0.05, 0.5, 0.7
_AROUND_FACTOR, _INSIDE_FACTOR = 0.5, 0.25
# The people of a whole area say little for a name that it has besides its own.
_LENT_FACTOR = 0.1
_CERTAIN = 0.99
# Of 570 names with the governorate that reporters gave, 88 % lie in it, 9 % within 10 km of it, 4 % anywhere.
_AT_EDGE, _EDGE_M, _ELSEWHERE = 0.5, 5_000, 0.015
# What a governorate is of its country, for a place that we don't know.
_OF_A_COUNTRY = 0.1


@dataclass(frozen=True, slots=True)
class Weighed:
    found: Found
    weight: float


def decide(request: Request, found: Sequence[Found]) -> Resolution:
    """Rank what was found and say whether the best of it may be taken; there must be something."""
    found = doubted(request, found)
    areas = areas_given(request)
    weighed = sorted((Weighed(each, _weight(request, each, areas)) for each in found), key=_order)
    total = sum(each.weight for each in weighed) + _unknown(request, found, areas)
    # Nobody reads more than the first few; of places of one name there may be hundreds.
    distinct = _distinct(weighed)[: 2 * max(request.context.limit, 1)]
    shares = [(_near_weight(each, weighed) / total * each.found.factor, each.found) for each in distinct]
    shares.sort(key=lambda each: -round(each[0], 6))
    places = len(_clusters(weighed))
    candidates = [_candidate(request, found, share, places) for share, found in shares]
    share, best = shares[0]
    taken = best.doubt is None and share >= TAKEN_FROM
    status = ResolutionStatus.RESOLVED if taken else ResolutionStatus.AMBIGUOUS
    return Resolution(request.query, status, tuple(candidates[: max(request.context.limit, 1)]))


def _candidate(request: Request, found: Found, share: float, places: int) -> Candidate:
    place, near = _drawn(request.index, found)
    score = share * near
    return Candidate(place, min(score, _CERTAIN), why(request, found, places))


def _drawn(index: Index, found: Found) -> tuple[Place, float]:
    """The place as the phrase means it, and how probably a point in it is within 10 km of its own."""
    if ":" not in found.drawn:
        near = _AROUND_FACTOR if found.drawn == "around" else _near_middle(index, found.row)
        return drawn(index.place(found.row), found.drawn), near
    from geoevents.gazetteers import derived

    return derived.place_of(index, found.row, found.drawn), derived.nearness(index, found.drawn)


def _near_middle(index: Index, row: Row) -> float:
    """How much of a river or a road lies within 10 km of the point that stands for it; 1 of anything else."""
    line = index.geometry(row.pk) if row.kind in ("river", "road") else None
    length = sum(distance_m(*step) for step in pairwise(line.positions())) if line else 0
    return min(1.0, 2 * SAME_PLACE_M / length) if length else 1.0


def _order(weighed: Weighed) -> tuple[float, str]:
    return -weighed.weight, weighed.found.row.id


def _weight(request: Request, found: Found, areas: Sequence[Row]) -> float:
    row = found.row
    if row.is_ours:
        weight = float(max(row.population, _OF_KIND.get(row.kind, _FACILITY)))
    else:
        weight = (row.population or _UNSTATED) * _likeness(found)
        if row.kind in ("admin1", "admin2") and not found.by_first_name:
            weight *= _LENT_FACTOR
    if row.kind == "country":
        weight *= _COUNTRY_FACTOR
    if row.mark & IS_CORE and not request.reading.kinds:
        weight *= _CORE_FACTOR
    if request.context.country_code is None:
        weight *= _nearness(request, row)
    if areas:
        weight *= _in_area(min(metres_outside(request.index, area, row) for area in areas))
    return weight * found.factor


def _in_area(metres_outside: float) -> float:
    """How much likelier a place is for lying in the area given, or so far from its edge."""
    return max(_AT_EDGE * math.exp(-metres_outside / _EDGE_M), _ELSEWHERE) if metres_outside else 1.0


def _nearness(request: Request, row: Row) -> int:
    if row.country in request.region:
        return _REGION_FACTOR
    boxes = [country.bbox for code in request.region if (country := request.index.countries.get(code))]
    is_beside = any(box and _widened(box).contains(row.position) for box in boxes)
    return _BESIDE_FACTOR if is_beside and row.kind != "country" else 1


def _widened(box: BBox) -> BBox:
    by = _BESIDE_DEGREES
    return BBox(box.west - by, box.south - by, box.east + by, box.north + by)


def _likeness(found: Found) -> float:
    """Less for a name that is not the place's first, and for an article that only one of the two has."""
    written_with_article = name_key(found.via) != fold(found.via).replace(" ", "")
    same_article = bool(found.row.mark & HAS_ARTICLE) == written_with_article
    return (1.0 if found.by_first_name else _OTHER_NAME_FACTOR) * (1.0 if same_article else _ARTICLE_FACTOR)


def _unknown(request: Request, found: Sequence[Found], areas: Sequence[Row]) -> float:
    """The weight of a place of this name that no source of ours has."""
    unknown = float(_UNKNOWN * (1 + min(_NAMESAKES, max(each.namesakes for each in found))))
    if request.context.country_code is None and request.region:
        unknown *= _REGION_FACTOR
    if areas:
        unknown *= _OF_A_COUNTRY
    is_qualified = found[0].via != request.query and request.reading.inside
    return unknown * (_INSIDE_FACTOR if is_qualified else 1)


def _clusters(weighed: Sequence[Weighed]) -> list[Row]:
    """One of each group of places within 10 km of each other, the weightiest."""
    heads: list[Row] = []
    for row in (each.found.row for each in weighed):
        if not any(are_near(row, head) for head in heads):
            heads.append(row)
    return heads


def _distinct(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Without what two sources, or two rows of one, say about the same settlement."""
    kept: list[Weighed] = []
    for each in weighed:
        if not any(_same_settlement(each.found.row, other.found.row) for other in kept):
            kept.append(each)
    return kept


def _same_settlement(one: Row, other: Row) -> bool:
    return one.pk == other.pk or (one.kind == other.kind == "settlement" and are_near(one, other, 5_000))


def _near_weight(of: Weighed, weighed: Sequence[Weighed]) -> float:
    return sum(each.weight for each in weighed if are_near(of.found.row, each.found.row))
