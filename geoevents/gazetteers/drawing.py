"""The land around a place, as a place of its own: its countryside, or somewhere near it.

Knows the ids, names, precision and circles of such places; nothing of them is stored.
"""

from __future__ import annotations

from dataclasses import replace

from geoevents.gazetteers.circles import circle
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import GeoPrecision, LonLat, Place

COUNTRYSIDE_M = 25_000
NEAR_M = 10_000
_PREFIXES = {"countryside": "around", "near": "near"}


def split_id(place_id: str) -> tuple[str, str]:
    """
    How a place is drawn, and the id of the place itself.

    >>> split_id("countryside:geonames:173811"), split_id("geonames:173811")
    (('around', 'geonames:173811'), ('place', 'geonames:173811'))
    """
    prefix, _, rest = place_id.partition(":")
    return (_PREFIXES[prefix], rest) if prefix in _PREFIXES else ("place", place_id)


def drawn(place: Place, how: str) -> Place:
    """The place itself; for "around" the 25 km around it, for "near" 10 km or what it is unsure by."""
    if how == "around":
        return replace(
            place,
            place_id=f"countryside:{place.place_id}",
            name=str(Message("countryside of {place}", place=place.name)),
            label=str(Message("countryside of {place}", place=place.label)),
            kind="area",
            geo_precision=GeoPrecision.DISTRICT,
            uncertainty_m=COUNTRYSIDE_M,
            bbox=circle(place.position, COUNTRYSIDE_M).bbox,
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
    """The circle that "around" or "near" stands for."""
    return circle(position, COUNTRYSIDE_M if how == "around" else _near_m(uncertainty_m))


def _near_m(uncertainty_m: int | None) -> int:
    return max(NEAR_M, uncertainty_m or 0)
