"""The outline of what is drawn, only as fine as it can be seen, and cut to a tile where it stays heavy.

Knows pixels of a zoom, simplification and the knife. Knows nothing of events or how tiles are filled.
"""

from __future__ import annotations

import math
from typing import Any

import shapely
from shapely.geometry import MultiLineString, MultiPolygon, mapping
from shapely.geometry.base import BaseGeometry

from geoevents.cartography.drawing import Drawing, Drawn, simplified

TILE = 256
HEAVY = 150
# For a map without tiles: a pixel is then some 300 m, finer than the base map.
WHOLE_ZOOM = 9

# A GeoJSON geometry, and what else to say of it where it was cut.
Outline = tuple[dict[str, Any], dict[str, Any]]


def whole(drawn: Drawing) -> Outline:
    """The whole geometry, as fine as WHOLE_ZOOM can show."""
    pixel = 360 / (TILE * 2**WHOLE_ZOOM)
    return _geojson(simplified(drawn.geometry, pixel / 2), pixel), {}


def cut_to_tile(drawn: Drawing, z: int, x: int, y: int) -> Outline:
    """
    The geometry as fine as a pixel of this zoom, whole; one that stays heavy is cut to the tile.

    What is cut is marked `part`, and its true edge within the tile is given apart as `edge`,
    so that no line is drawn where only the knife went.
    """
    pixel = 360 / (TILE * 2**z)
    coarse = simplified(drawn.geometry, pixel / 2)
    if shapely.get_num_coordinates(coarse) <= HEAVY:
        return _geojson(coarse, pixel), {}
    piece = _same_kind(shapely.clip_by_rect(coarse, *_tile_box(z, x, y, margin=0.0)), drawn)
    if drawn.how is not Drawn.AREA:
        return _geojson(piece, pixel), {"part": True, "edge": None}
    edge = shapely.clip_by_rect(coarse.boundary, *_tile_box(z, x, y, margin=0.02))
    return _geojson(piece, pixel), {"part": True, "edge": _geojson(edge, pixel)}


def _same_kind(piece: BaseGeometry, drawn: Drawing) -> BaseGeometry:
    """Of what the knife left, the areas of an area and the lines of a line: a touched corner is neither."""
    if piece.geom_type != "GeometryCollection":
        return piece
    kind = "Polygon" if drawn.how is Drawn.AREA else "LineString"
    parts = [part for part in shapely.get_parts(piece) if part.geom_type == kind]
    return MultiPolygon(parts) if drawn.how is Drawn.AREA else MultiLineString(parts)


def _geojson(geometry: BaseGeometry, pixel: float) -> dict[str, Any]:
    """Coordinates rounded to an eighth of a pixel, and to 0.1 m where that is coarser."""
    digits = min(6, max(1, math.ceil(-math.log10(pixel / 8))))
    plain = mapping(geometry)
    return {"type": plain["type"], "coordinates": _rounded(plain.get("coordinates", ()), digits)}


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, tuple | list):
        return [_rounded(part, digits) for part in value]
    return round(float(value), digits)


def _tile_box(z: int, x: int, y: int, *, margin: float) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in degrees, wider by `margin` of its width on each side."""
    west, east = ((x + step) / 2**z * 360 - 180 for step in (-margin, 1 + margin))
    return west, _latitude((y + 1 + margin) / 2**z), east, _latitude((y - margin) / 2**z)


def _latitude(down: float) -> float:
    """Degrees north of a distance from the world's north edge, 0 to 1."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))
