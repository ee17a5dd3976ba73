"""Where the places are that a question names: the regions of `near` and `area`, and other names for `q`.

Knows which gazetteer a question may be answered from is the caller's to say: the public one for the public.
Knows nothing of events or requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from geoevents.errors import InvalidQuery, PlaceNotFound
from geoevents.folding import fold, name_key
from geoevents.gazetteers import Gazetteer, LocalGazetteer
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import Context, GeoPrecision, Place
from geoevents.queries import EventQuery
from geoevents.regions import NOWHERE, Circle, widened
from geoevents.searching import Alternative
from geoevents.vicinity import Near
from geoevents.workflows.backends import Backends

# Places whose names stand beside those of one question, and the names of each: enough for every script.
_MOST_PLACES, _MOST_NAMES = 3, 12
_LONGEST_NAME = 4
# Of several places with the same name, those that are likely enough to be meant.
_LIKELY = 0.2
_POINTS = (GeoPrecision.SITE, GeoPrecision.NEIGHBOURHOOD, GeoPrecision.SETTLEMENT, GeoPrecision.NEAR)


def looked_up(query: EventQuery, backends: Backends, *, places: Gazetteer) -> EventQuery:
    """
    The same question, with all that is known of its places. Raises as `with_regions`.

    `places` knows the ids that may be asked for. The names that words stand for are those everybody knows.
    """
    return with_alternatives(with_regions(query, places), backends.gazetteer)


def with_regions(query: EventQuery, gazetteer: Gazetteer) -> EventQuery:
    """
    The same question, knowing where the places of `near` and `area` are.

    Raises InvalidQuery, naming the parameter, for an id that is unknown or has not the shape that is needed.
    """
    near, area = query.near, query.area
    if near is not None and near.region is None:
        near = replace(near, region=_around(near, gazetteer))
    if area is not None and area.region is None:
        outline = _outline(_known(area.place_id, gazetteer, "area"), gazetteer)
        if outline is None or not outline.type.endswith("Polygon"):
            raise InvalidQuery(
                Message(
                    "The place {place_id} has no outline to be within. Ask near={place_id};25km instead.",
                    place_id=area.place_id[:80],
                ),
                "area",
            )
        area = replace(area, region=outline)
    return replace(query, near=near, area=area)


def with_alternatives(query: EventQuery, gazetteer: LocalGazetteer) -> EventQuery:
    """The same question, whose words that name a place also find its other names, and what happened there."""
    words = fold(query.q or "").split()
    if not words:
        return query
    spans = list(_spans(words))
    known = gazetteer.known({name_key(" ".join(words[start:end])) for start, end in spans})
    found: list[Alternative] = []
    taken: set[int] = set()
    for start, end in spans:
        name = " ".join(words[start:end])
        if len(found) == _MOST_PLACES or name_key(name) not in known or taken & set(range(start, end)):
            continue
        made = _alternative(tuple(words[start:end]), _meant(name, gazetteer))
        if made.names:
            taken |= set(range(start, end))
            found.append(made)
    return replace(query, alternatives=tuple(found))


def _around(near: Near, gazetteer: Gazetteer) -> Circle | Geometry:
    place = _known(near.place_id or "", gazetteer, "near")
    if place.geo_precision in NOWHERE:
        raise InvalidQuery(
            Message(
                "{label} is too wide to be near to. Ask country={code} instead.",
                label=place.label,
                code=place.country_code or "",
            ),
            "near",
        )
    outline = _outline(place, gazetteer)
    return Circle(place.position, near.metres) if outline is None else widened(outline, near.metres)


def _known(place_id: str, gazetteer: Gazetteer, field: str) -> Place:
    try:
        return gazetteer.get(place_id)
    except PlaceNotFound:
        raise InvalidQuery(
            Message("'{place_id}' is not a place we know. Check the id.", place_id=place_id[:80]), field
        ) from None


def _outline(place: Place, gazetteer: Gazetteer) -> Geometry | None:
    """The shape of what is no point: of a town its point, though it has bounds."""
    return None if place.geo_precision in _POINTS else gazetteer.geometry(place.place_id)


def _spans(words: list[str]) -> Iterator[tuple[int, int]]:
    """Words in a row, most words first."""
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        yield from ((start, start + count) for start in range(len(words) - count + 1))


def _meant(name: str, gazetteer: Gazetteer) -> list[Place]:
    candidates = gazetteer.resolve(name, Context(limit=_MOST_PLACES)).candidates
    return [each.place for each in candidates if each.score >= _LIKELY and _is_called(each.place, name)]


def _is_called(place: Place, name: str) -> bool:
    return name_key(name) in {name_key(each) for each in (place.name, *(name for _, name in place.names))}


def _alternative(words: tuple[str, ...], places: list[Place]) -> Alternative:
    as_typed = " ".join(words)
    names: dict[str, str] = {}
    for place in places:
        for name in (place.name, *(name for _, name in place.names)):
            names.setdefault(fold(name), name)
    others = (name for key, name in names.items() if key and key != as_typed)
    return Alternative(
        words=words,
        names=tuple(islice(others, _MOST_NAMES)),
        place_ids=tuple(each.place_id for each in places),
    )
