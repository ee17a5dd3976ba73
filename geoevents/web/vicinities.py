"""The fields that ask for what is near a place: read into a question, and filled from one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geoevents.errors import InvalidQuery, PlaceNotFound
from geoevents.messages import Message
from geoevents.places import Context, Place, ResolutionStatus
from geoevents.queries import EventQuery
from geoevents.vicinity import Near, read_distance
from geoevents.web import languages, reading, words
from geoevents.workflows.whereabouts import with_regions

FIELDS = ("near_place", "near_place_id", "near_km")
USUAL_KM = "25"
_METRES_IN_KM = 1_000
_OFFERED = 6


@dataclass(frozen=True, slots=True)
class Vicinity:
    """What the fields hold: a place as it is called, and kilometres."""

    place: str
    km: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A name that was asked for and means no one place: what it may mean, or what is spelt like it."""

    asked: Vicinity
    choices: tuple[tuple[str, Near], ...]
    suggestions: tuple[str, ...]


def shown(query: EventQuery) -> Vicinity:
    if query.near is None:
        return Vicinity("", USUAL_KM)
    return Vicinity(called(query.near), _number(query.near.metres / _METRES_IN_KM))


def called(near: Near) -> str:
    """The place that a question asks to be near to, in the reader's language; a position as its numbers."""
    return place_called(near.place_id) if near.place_id else near.where


def place_called(place_id: str) -> str:
    try:
        label = reading.gazetteer().get(place_id).label
    except PlaceNotFound:
        return place_id
    return words.place_label(place_id, label) or place_id


def distance(near: Near) -> Message:
    if near.metres < _METRES_IN_KM:
        return Message("within {metres} m of {place}", metres=_number(near.metres), place=called(near))
    return Message("within {km} km of {place}", km=_number(near.metres / _METRES_IN_KM), place=called(near))


def read(fields: dict[str, str], query: EventQuery) -> EventQuery | Unclear:
    """
    The question with what the fields say of a place near by; of a name that means no one place, what it may
    mean. Raises InvalidQuery.
    """
    name = fields.get("near_place", "").strip()
    if not name:
        return replace(query, near=None)
    metres = read_distance(f"{fields.get('near_km', '').strip() or USUAL_KM}km")
    if place_id := fields.get("near_place_id", "").strip():
        return _near(query, Near.parse(f"{place_id};{_number(metres)}m"))
    if query.near is not None and name == called(query.near):
        return _near(query, Near.parse(f"{query.near.where};{_number(metres)}m"))
    try:
        return _near(query, Near.parse(f"{name};{_number(metres)}m"))
    except InvalidQuery:
        return _named(name, metres, query)


def _named(name: str, metres: float, query: EventQuery) -> EventQuery | Unclear:
    asked = Vicinity(name, _number(metres / _METRES_IN_KM))
    found = reading.backends().gazetteer.resolve(name, Context(country_code=query.country, limit=_OFFERED))
    if found.place is not None:
        return _near(query, Near(metres, found.place.place_id))
    if found.status is ResolutionStatus.AMBIGUOUS:
        choices = tuple((_told(each.place), Near(metres, each.place.place_id)) for each in found.candidates)
        return Unclear(asked, choices, ())
    return Unclear(asked, (), found.suggestions)


def _near(query: EventQuery, near: Near) -> EventQuery:
    return with_regions(replace(query, near=near), reading.backends().gazetteer)


def _told(place: Place) -> str:
    return words.listed(place.name_in(languages.labels()), words.place_line(place))


def _number(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
