"""A position that was typed, picked or imported: how exact it is, and whether it fits the place beside it.

Knows what a point may claim and what a place near it lends. Knows nothing of looking names up by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from geoevents.errors import InvalidEvent, InvalidGeometry
from geoevents.events import Draft, GeoMethod
from geoevents.gazetteers.circles import distance_m
from geoevents.geometry_checks import check_not_swapped
from geoevents.messages import Message
from geoevents.places import GeoPrecision, LonLat, Place
from geoevents.workflows.backends import Backends
from geoevents.workflows.finding import context_of, locate_for_writers, place_of

# Metres. A typed position further than this from the place it names takes nothing from that place.
NEAR_ENOUGH_M = 25_000
# The widest uncertainty that a pin may stand for (a scattered village); beyond it a circle is honest.
_PIN_M = 5_000

Notes = tuple[Message, ...]


def as_given(
    draft: Draft, backends: Backends, *, by: str, otherwise: GeoMethod
) -> tuple[Draft, Notes, Notes]:
    """
    The geometry as typed, picked or imported, notes on it, and doubts.

    A place named beside it lends only what surrounds it; one that lies further off than both may be
    inexact is a doubt: one of the two is likely wrong.
    """
    given, notes = no_finer_than_known(replace(draft, geo_method=draft.geo_method or otherwise, chosen_by=by))
    named = _place_meant(given, backends)
    notes += _not_swapped(given, named, backends)
    gap_m = _gap_m(given, named) if named is not None else 0.0
    doubts: Notes = ()
    if named is not None and gap_m > max(NEAR_ENOUGH_M, _reach_m(named) + _reach_m(given)):
        doubts = (_far_from(named, gap_m),)
    if named is not None and gap_m <= max(NEAR_ENOUGH_M, _reach_m(named)):
        around = {"country_code": named.country_code, "admin1": named.admin1, "admin2": named.admin2}
        if given.place_id is not None:
            around["place_label"] = named.label
        missing: dict[str, Any] = {
            name: value for name, value in around.items() if getattr(given, name) is None
        }
        given = replace(given, **missing)
    return given, notes, doubts


def _not_swapped(draft: Draft, named: Place | None, backends: Backends) -> Notes:
    """Notes on a position outside its country. Raises InvalidEvent where lon and lat are exchanged."""
    code = draft.country_code or (named.country_code if named else None)
    country = backends.gazetteer.country(code) if code else None
    if country is None or country.bbox is None:
        return ()
    try:
        note = check_not_swapped(_middle(draft), country.bbox, country.name)
    except InvalidGeometry as problem:
        raise InvalidEvent([problem]) from None
    return (note,) if note else ()


def _place_meant(draft: Draft, backends: Backends) -> Place | None:
    if draft.place_id is not None:
        return place_of(draft.place_id, backends)
    name = draft.place_name
    return locate_for_writers(name, context_of(draft), backends).place if name else None


def _gap_m(draft: Draft, named: Place) -> float:
    """Metres from the geometry to the place it is named after, to the nearest side of one that has bounds."""
    assert draft.geometry is not None
    middle = _middle(draft)
    if draft.geometry.bbox.contains(named.position) or (named.bbox and named.bbox.contains(middle)):
        return 0.0
    if named.bbox is None:
        return distance_m(named.position, middle)
    return min(
        distance_m(LonLat(_within(middle.lon, half.west, half.east), lat), middle)
        for half in named.bbox.halves()
        for lat in (_within(middle.lat, half.south, half.north),)
    )


def _within(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)


def _reach_m(what: Draft | Place) -> int:
    """Metres that it may lie beside its point."""
    usual = what.geo_precision.default_uncertainty_m if what.geo_precision else None
    return what.uncertainty_m or usual or 0


def _middle(draft: Draft) -> LonLat:
    assert draft.geometry is not None
    return draft.geometry.bbox.middle


def no_finer_than_known(draft: Draft) -> tuple[Draft, Notes]:
    """A pin less certain than a pin may claim becomes `near`: a click on a small map, mostly."""
    precision, uncertainty = draft.geo_precision, draft.uncertainty_m
    is_point = draft.geometry is not None and draft.geometry.is_point
    if precision is None or not precision.is_pin or not is_point or (uncertainty or 0) <= _PIN_M:
        return draft, ()
    note = Message(
        "Known within {metres} m only, so geo_precision is near, not {said}.",
        metres=uncertainty,
        said=precision.value,
    )
    return replace(draft, geo_precision=GeoPrecision.NEAR), (note,)


def _far_from(place: Place, gap_m: float) -> Message:
    return Message(
        "The coordinates lie {km} km from {place}. If that place is meant, correct the coordinates or leave "
        "them empty; if the coordinates are right, name the place they show.",
        km=round(gap_m / 1000), place=place.label,
    )  # fmt: skip
