"""How probable each place is that a name may mean, and whether one is probable enough to be taken.

The estimate: places of one name are weighed by population, the weights of those within 10 km of each other add up, and
some weight is kept for a place of the name that we don't know. Its constants are set by benchmarks/geocoding.py on
names as reporters wrote them (docs/decisions has the numbers), so that 92 % of what is taken is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geoevents.folding import fold, name_key
from geoevents.gazetteers.circles import circle, distance_m
from geoevents.gazetteers.index import IS_CORE, Index, Row
from geoevents.gazetteers.search import SAME_PLACE_M, Found, Request, containers, holds
from geoevents.messages import Message
from geoevents.places import Candidate, GeoPrecision, Place, Resolution, ResolutionStatus

TAKEN_FROM = 0.8
COUNTRYSIDE_M = 25_000
NEAR_M = 10_000

# Inhabitants that stand for a place whose population nobody states: seats of districts, and our own entries.
_UNSTATED = 3_000
_OF_KIND = {"settlement": 20_000, "quarter": 3_000, "admin1": 1_000_000, "area": 1_000_000, "natural": 20_000}
_FACILITY = 20_000
# What an unknown place of the name weighs: with the country known, and without.
_UNKNOWN_IN_COUNTRY, _UNKNOWN_ANYWHERE = 700, 2_000
_REGION_FACTOR, _ADMIN1_FACTOR, _CORE_FACTOR, _COUNTRY_FACTOR = 30, 25, 0.05, 10
_AROUND_FACTOR = 0.5


@dataclass(frozen=True, slots=True)
class Weighed:
    found: Found
    weight: float


def decide(request: Request, found: Sequence[Found]) -> Resolution:
    """Rank what was found and say whether the best of it may be taken; there must be something."""
    weighed = sorted((Weighed(each, _weight(request, each)) for each in found), key=_order)
    unknown = _UNKNOWN_ANYWHERE if request.context.country_code is None else _UNKNOWN_IN_COUNTRY
    total = sum(each.weight for each in weighed) + unknown
    distinct = _distinct(weighed)
    names = len(_clusters(weighed))
    candidates = tuple(
        _candidate(request, each, _near_weight(each, weighed) / total, names)
        for each in distinct[: max(request.context.limit, 1)]
    )
    taken = distinct[0].found.doubt is None and _near_weight(distinct[0], weighed) / total >= TAKEN_FROM
    status = ResolutionStatus.RESOLVED if taken else ResolutionStatus.AMBIGUOUS
    return Resolution(request.query, status, candidates)


def _order(weighed: Weighed) -> tuple[float, str]:
    return -weighed.weight, weighed.found.row.id


def _weight(request: Request, found: Found) -> float:
    row = found.row
    weight = float(row.population or _UNSTATED)
    if row.is_ours:
        weight = max(row.population, _OF_KIND.get(row.kind, _FACILITY))
    if row.kind == "country":
        weight *= _COUNTRY_FACTOR
    if row.mark & IS_CORE and not request.reading.kinds:
        weight *= _CORE_FACTOR
    if request.context.country_code is None and row.country in request.region:
        weight *= _REGION_FACTOR
    if request.context.admin1 and _in_admin1(request, row):
        weight *= _ADMIN1_FACTOR
    return weight * found.factor


def _in_admin1(request: Request, row: Row) -> bool:
    around = containers(request, fold(request.context.admin1 or ""))
    governorates = [each for each in around if each.kind == "admin1"] or around
    return any(holds(request.index, each, row) for each in governorates)


def _clusters(weighed: Sequence[Weighed]) -> list[Weighed]:
    """One of each group of places within 10 km of each other, the weightiest."""
    heads: list[Weighed] = []
    for each in weighed:
        if not any(_metres(each, head) <= SAME_PLACE_M for head in heads):
            heads.append(each)
    return heads


def _distinct(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Without what two sources, or two rows of one, say about the same settlement."""
    kept: list[Weighed] = []
    for each in weighed:
        if not any(_same_settlement(each.found.row, other.found.row) for other in kept):
            kept.append(each)
    return kept


def _same_settlement(one: Row, other: Row) -> bool:
    if one.pk == other.pk:
        return True
    both_towns = one.kind == other.kind == "settlement"
    return both_towns and distance_m(one.position, other.position) <= SAME_PLACE_M / 2


def _near_weight(of: Weighed, weighed: Sequence[Weighed]) -> float:
    return sum(each.weight for each in weighed if _metres(of, each) <= SAME_PLACE_M)


def _metres(one: Weighed, other: Weighed) -> float:
    return distance_m(one.found.row.position, other.found.row.position)


def _candidate(request: Request, weighed: Weighed, share: float, names: int) -> Candidate:
    found = weighed.found
    place = drawn(request.index.place(found.row), found.drawn)
    score = share * found.factor * (_AROUND_FACTOR if found.drawn == "around" else 1)
    return Candidate(place, min(score, 0.99), why(request, found, names))


def drawn(place: Place, how: str) -> Place:
    """The place itself, or the land around it as a place of its own: "countryside:ID" or "near:ID"."""
    if how == "around":
        shape = circle(place.position, COUNTRYSIDE_M)
        return replace(
            place,
            place_id=f"countryside:{place.place_id}",
            name=str(Message("countryside of {place}", place=place.name)),
            label=str(Message("countryside of {place}", place=place.label)),
            kind="area",
            geo_precision=GeoPrecision.DISTRICT,
            uncertainty_m=COUNTRYSIDE_M,
            bbox=shape.bbox,
            names=(),
        )
    if how == "near":
        precision, uncertainty = GeoPrecision.NEAR, max(NEAR_M, place.uncertainty_m or 0)
        return replace(
            place, place_id=f"near:{place.place_id}", geo_precision=precision, uncertainty_m=uncertainty
        )
    return place


def why(request: Request, found: Found, names: int) -> Message:
    """In words: how the name matches, and what speaks for or against this place."""
    match = _how_it_matches(request.index, found)
    against = found.doubt or found.note
    if against:
        return Message("{match}; {reason}", match=match, reason=against)
    return Message("{match}; {reason}", match=match, reason=_among_others(request, found, names))


def _among_others(request: Request, found: Found, names: int) -> Message:
    country = request.index.countries.get(request.context.country_code or "")
    if names > 1:
        return Message("one of {count} places of this name", count=names)
    if country:
        return Message("the only place of this name in {country}", country=country.name)
    return Message("the only place of this name")


def _how_it_matches(index: Index, found: Found) -> Message:
    row, via = found.row, found.via.strip()
    spellings = index.spellings(row.pk) if row.is_ours else []
    exact = via == row.name or any(via == name for _, name in spellings)
    lang = next((lang for lang, name in spellings if name_key(name) == name_key(via)), None)
    if lang in ("kmr", "ar", "tr") and name_key(row.name) != name_key(via):
        return {"kmr": Message("Kurdish name"), "ar": Message("Arabic name"), "tr": Message("Turkish name")}[
            lang
        ]
    if exact:
        return Message("exact name")
    if name_key(row.name) == name_key(via):
        return Message("same name in another spelling")
    return Message("another name of it")
