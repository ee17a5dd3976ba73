"""How much speaks for each place that a name may mean, against the others and against one nobody told us of.

The estimate: places of one name are weighed by population, and some weight is kept for a place of the name
that we don't know. What that proves is for calibration.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from geoevents.folding import fold, name_key
from geoevents.gazetteers.asking import Found, Request
from geoevents.gazetteers.index import Index, Row
from geoevents.gazetteers.qualifiers import are_near
from geoevents.gazetteers.surroundings import areas_given, metres_outside
from geoevents.gazetteers.tables import HAS_ARTICLE, IS_CORE
from geoevents.values import value

# Inhabitants that stand for a place whose population nobody states: seats of districts, and our own entries.
_UNSTATED, _FACILITY = 3_000, 20_000
_OF_KIND = {"settlement": 5_000, "quarter": 1_000} | dict.fromkeys(
    ("admin1", "area", "river", "road"), 1_000_000
)
# What a place that we don't know weighs, for each namesake in the world (up to five) and one more: common
# names recur.
_UNKNOWN, _NAMESAKES = 350, 5
_REGION_FACTOR, _COUNTRY_FACTOR = 30, 10
# Reports from the region speak of its neighbours, too: 3 degrees from a box around one of its countries.
_BESIDE_FACTOR, _BESIDE_DEGREES = 5, 3
_CORE_FACTOR, _OTHER_NAME_FACTOR, _ARTICLE_FACTOR = 0.05, 0.5, 0.7
_INSIDE_FACTOR = 0.25
# The people of a whole area say less for a bare name than those of a town, and little for a name that it
# has besides its own.
_BARE_FACTOR, _LENT_FACTOR = 0.3, 0.1
# Of 570 names with the governorate that reporters gave, 88 % lie in it, 9 % within 10 km of it, 4 % anywhere.
_AT_EDGE, _EDGE_M, _ELSEWHERE = 0.5, 5_000, 0.015
# What a governorate is of its country, for a place that we don't know.
_OF_A_COUNTRY = 0.1
_LEAST = 1e-6


@value
class Weighed:
    """
    `weight` of a place beside `known`, that of all that are, and `unknown`, that of one nobody told us of;
    `places` is how many places more than 10 km apart the name may mean; `outside_m` how far it is from the
    area given, None if none is.
    """

    found: Found
    weight: float
    outside_m: float | None
    known: float = 1.0
    unknown: float = 1.0
    places: int = 1
    is_largest: bool = False


def weighed(request: Request, found: Sequence[Found], *, most: int) -> list[Weighed]:
    """What was found, the weightiest first, at most so many: places of one settlement only once."""
    areas = areas_given(request)
    rough = sorted((_weighed(request, each, areas) for each in found), key=_order)
    known = max(sum(each.weight for each in rough), _LEAST)
    unknown, places = _unknown(request, found, areas), _clusters(rough)
    largest = max(each.found.row.population for each in rough) or None
    return [
        Weighed(
            each.found,
            each.weight,
            each.outside_m,
            known=known,
            unknown=unknown,
            places=places,
            is_largest=each.found.row.population == largest,
        )
        for each in _distinct(rough, most)
    ]


def _weighed(request: Request, found: Found, areas: Sequence[Row]) -> Weighed:
    outside = min((metres_outside(request.index, area, found.row) for area in areas), default=None)
    weight = _weight(request, found) * (1.0 if outside is None else _in_area(outside))
    return Weighed(found, weight, outside)


def _order(each: Weighed) -> tuple[float, str]:
    return -each.weight, each.found.row.id


def _weight(request: Request, found: Found) -> float:
    row = found.row
    if row.is_ours:
        weight = float(max(row.population, _OF_KIND.get(row.kind, _FACILITY)))
    else:
        weight = (row.population or _UNSTATED) * _likeness(found)
        if row.kind in ("admin1", "admin2") and not request.reading.kinds:
            weight *= _BARE_FACTOR if found.by_first_name else _LENT_FACTOR
    if row.kind == "country":
        weight *= _COUNTRY_FACTOR
    if row.mark & IS_CORE and not request.reading.kinds:
        weight *= _CORE_FACTOR
    if request.context.country_code is None:
        weight *= _nearness(request, row)
    return weight * found.factor


def _in_area(metres_outside: float) -> float:
    """How much likelier a place is for lying in the area given, or so far from its edge."""
    return max(_AT_EDGE * math.exp(-metres_outside / _EDGE_M), _ELSEWHERE) if metres_outside else 1.0


def _nearness(request: Request, row: Row) -> int:
    if row.country in request.region:
        return _REGION_FACTOR
    boxes = [country.bbox for code in request.region if (country := request.index.country(code))]
    is_beside = any(box and box.widened(_BESIDE_DEGREES).contains(row.position) for box in boxes)
    return _BESIDE_FACTOR if is_beside and row.kind != "country" else 1


def _likeness(found: Found) -> float:
    """Less for a name that is not the place's first, and for an article that only one of the two has."""
    same_article = bool(found.row.mark & HAS_ARTICLE) == _has_article(found.via)
    return (1.0 if found.by_first_name else _OTHER_NAME_FACTOR) * (1.0 if same_article else _ARTICLE_FACTOR)


# Of places of one name each is asked for the same.
@lru_cache(maxsize=1_024)
def _has_article(name: str) -> bool:
    return name_key(name) != fold(name).replace(" ", "")


def _unknown(request: Request, found: Sequence[Found], areas: Sequence[Row]) -> float:
    """The weight of a place of this name that no source of ours has."""
    unknown = float(_UNKNOWN * (1 + min(_NAMESAKES, max(each.namesakes for each in found))))
    if request.context.country_code is None and request.region:
        unknown *= _REGION_FACTOR
    if areas:
        unknown *= _OF_A_COUNTRY
    is_qualified = found[0].via != request.query and request.reading.inside
    return unknown * (_INSIDE_FACTOR if is_qualified else 1)


def _clusters(rough: Sequence[Weighed]) -> int:
    """How many places there are that lie more than 10 km from a weightier one of their country."""
    heads: list[Row] = []
    for row in (each.found.row for each in rough):
        if not any(row.country == head.country and are_near(row, head) for head in heads):
            heads.append(row)
    return len(heads)


def _distinct(rough: Sequence[Weighed], most: int) -> list[Weighed]:
    """Without what two sources, or two rows of one, say about the same settlement."""
    kept: list[Weighed] = []
    for each in rough:
        if not any(_same_settlement(each.found, other.found) for other in kept):
            kept.append(each)
            if len(kept) >= most:
                break
    return kept


def _same_settlement(one: Found, other: Found) -> bool:
    """A border parts what would be one town: each side has its own authorities, and often its own war."""
    if ":" in one.drawn or ":" in other.drawn:
        return one.drawn == other.drawn
    are_towns = one.row.kind == other.row.kind == "settlement" and one.row.country == other.row.country
    return one.row.pk == other.row.pk or (are_towns and are_near(one.row, other.row, 5_000))


def is_about(one: Found, other: Found) -> bool:
    """Whether, within 10 km, who means the one means the other, too."""
    if ":" in one.drawn or ":" in other.drawn:
        return one.drawn == other.drawn
    return are_near(one.row, other.row)


def is_written_down(index: Index, found: Found) -> bool:
    """Whether the place is ours, or a town of others that we wrote the name down for."""
    if found.row.is_ours or found.rung != "name":
        return found.row.is_ours
    return name_key(found.via) in index.spelling_keys(found.row.pk)
