"""The land around a place, as a place of its own: its countryside, its district, or somewhere near it.

Knows the ids, names, precision and circles of such places; nothing of them is stored.
"""

from __future__ import annotations

from geoevents.gazetteers.circles import circle
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import GeoPrecision, LonLat, Place, PlaceName
from geoevents.values import replace

COUNTRYSIDE_M = 25_000
# Nine in ten label points of districts lie within 29 to 40 km of their seat, nine in ten of their villages
# within 40 to 46 km, in Syria, Iraq and Turkey.
DISTRICT_M = 40_000
NEAR_M = 10_000
_PREFIXES = {"countryside": "around", "district": "district", "near": "near"}
_REACH_M = {"around": COUNTRYSIDE_M, "district": DISTRICT_M}


def split_id(place_id: str) -> tuple[str, str]:
    """
    How a place is drawn, and the id of the place itself.

    >>> split_id("countryside:geonames:173811"), split_id("geonames:173811")
    (('around', 'geonames:173811'), ('place', 'geonames:173811'))
    """
    prefix, _, rest = place_id.partition(":")
    return (_PREFIXES[prefix], rest) if prefix in _PREFIXES else ("place", place_id)


def drawn(place: Place, how: str) -> Place:
    """
    The place itself; for "around" the 25 km around it, for "district" 40 km, for "near" 10 km or what it is
    unsure by.
    """
    if how in _REACH_M:
        return replace(
            place,
            place_id=f"{'countryside' if how == 'around' else how}:{place.place_id}",
            name=str(_name(how, place.name)),
            said=_name(how, PlaceName(place)),
            label=str(_name(how, place.label)),
            kind="area",
            geo_precision=GeoPrecision.DISTRICT,
            uncertainty_m=_REACH_M[how],
            bbox=circle(place.position, _REACH_M[how]).bbox,
            names=(),
        )
    if how == "near":
        return replace(
            place,
            place_id=f"near:{place.place_id}",
            geo_precision=GeoPrecision.NEAR,
            uncertainty_m=_near_m(place.uncertainty_m),
        )
    return place


def shape(position: LonLat, how: str, uncertainty_m: int | None) -> Geometry:
    """The circle that "around", "district" or "near" stands for."""
    return circle(position, _REACH_M.get(how) or _near_m(uncertainty_m))


def _name(how: str, place: object) -> Message:
    if how == "district":
        return Message("district of {place}", place=place)
    return Message("countryside of {place}", place=place)


def _near_m(uncertainty_m: int | None) -> int:
    return max(NEAR_M, uncertainty_m or 0)
