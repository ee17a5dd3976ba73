"""The outline of what is drawn, only as fine as it can be seen, and cut to a tile where it stays heavy.

Knows pixels of a zoom, simplification and the knife. Knows nothing of events or how tiles are filled.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

TILE = 256
HEAVY = 150
# For a map without tiles: a pixel is then some 300 m, finer than the base map.
WHOLE_ZOOM = 9


class Coarse(NamedTuple):
    """A geometry as fine as a zoom can show, and as GeoJSON unless it is heavy."""

    shape: BaseGeometry
    text: bytes | None


def whole(shape: BaseGeometry) -> bytes:
    """The whole geometry, as fine as WHOLE_ZOOM can show, as GeoJSON."""
    return _geojson(_simplified(shape, WHOLE_ZOOM), WHOLE_ZOOM)


def coarse(shape: BaseGeometry, z: int) -> Coarse:
    found = _simplified(shape, z)
    return Coarse(found, _geojson(found, z) if shapely.get_num_coordinates(found) <= HEAVY else None)


def cut_to_tile(found: Coarse, z: int, x: int, y: int) -> tuple[bytes, bytes | None, bool] | None:
    """
    A geometry as GeoJSON, whole; one that stays heavy is cut to the tile.

    Beside it its true edge within the tile, so that no line is drawn where only the knife went, and whether
    it was cut. None where nothing of it is in the tile.
    """
    shape, text = found
    if text is not None:
        return text, None, False
    is_area = shape.geom_type.endswith("Polygon")
    piece = _same_kind(shapely.clip_by_rect(shape, *_tile_box(z, x, y, margin=0.0)), is_area=is_area)
    if piece.is_empty:
        return None
    if not is_area:
        return _geojson(piece, z), None, True
    edge = shapely.clip_by_rect(shape.boundary, *_tile_box(z, x, y, margin=0.02))
    return _geojson(piece, z), _geojson(edge, z), True


def _simplified(shape: BaseGeometry, z: int) -> BaseGeometry:
    """Without what moves its line by less than half a pixel; valid, never empty."""
    found = shape.simplify(_pixel(z) / 2, preserve_topology=True)
    return shape if found.is_empty else found


def _same_kind(piece: BaseGeometry, *, is_area: bool) -> BaseGeometry:
    """Of what the knife left, the areas of an area and the lines of a line: a touched corner is neither."""
    if piece.geom_type != "GeometryCollection":
        return piece
    kind = "Polygon" if is_area else "LineString"
    parts = [part for part in shapely.get_parts(piece) if part.geom_type == kind]
    return MultiPolygon(parts) if is_area else MultiLineString(parts)


def _geojson(geometry: BaseGeometry, z: int) -> bytes:
    """Coordinates rounded to an eighth of a pixel, and to 0.1 m where that is coarser."""
    digits = min(6, max(1, math.ceil(-math.log10(_pixel(z) / 8))))
    rounded = shapely.transform(geometry, lambda positions: np.round(positions, digits))
    return shapely.to_geojson(rounded).encode()


def _pixel(z: int) -> float:
    return 360 / (TILE * 2.0**z)


def _tile_box(z: int, x: int, y: int, *, margin: float) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in degrees, wider by `margin` of its width on each side."""
    west, east = ((x + step) / 2**z * 360 - 180 for step in (-margin, 1 + margin))
    return west, _latitude((y + 1 + margin) / 2**z), east, _latitude((y - margin) / 2**z)


def _latitude(down: float) -> float:
    """Degrees north of a distance from the world's north edge, 0 to 1."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))
