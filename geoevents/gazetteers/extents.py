"""How much of what a place covers lies near the point that stands for it: little of a country, all of a town.

Knows outlines, lines and boxes, on a plane around the point, in plain Python: an exact name loads no shapely.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.drawing import NEAR_M
from geoevents.gazetteers.index import Row
from geoevents.gazetteers.kinds import LINES, WITH_EXTENT
from geoevents.geometries import Geometry
from geoevents.places import METRES_A_DEGREE, LonLat, Place

# The outlines of the largest countries take a tenth of a second to read, for a share of nothing.
_HARDLY = 0.001

Metres = tuple[float, float]


def share_near(place: Row | Place, outline: Callable[[], Geometry | None]) -> float:
    """
    The share, 0 to 1, of what a place covers that is within 10 km of its position; 1 of a town or a site.

    Of its outline or its line. Where neither is known, and of what has a box so large that the rest is all
    the same, of an ellipse in its box; where there is no box, of a circle as wide as its uncertainty.
    `outline` reads its outline or line, and is asked only where it says more than the box.
    """
    if place.kind not in WITH_EXTENT:
        return 1.0
    roughly = _of_ellipse(place)
    if place.bbox and place.kind not in LINES and roughly < _HARDLY:
        return roughly
    shape = outline()
    if shape is not None and shape.type.endswith("Polygon"):
        return _of_polygons(shape, place.position)
    if shape is not None:
        length = sum(distance_m(*step) for step in pairwise(shape.positions()))
        return min(1.0, 2 * NEAR_M / length) if length else 1.0
    return roughly


def _of_ellipse(place: Row | Place) -> float:
    wide = high = float(place.uncertainty_m or NEAR_M)
    if box := place.bbox:
        east = METRES_A_DEGREE * math.cos(math.radians(place.position.lat))
        wide, high = box.width / 2 * east, (box.north - box.south) / 2 * METRES_A_DEGREE
    return min(1.0, NEAR_M / max(wide, 1.0)) * min(1.0, NEAR_M / max(high, 1.0))


def _of_polygons(shape: Geometry, position: LonLat) -> float:
    polygons = shape.coordinates if shape.type == "MultiPolygon" else (shape.coordinates,)
    near = whole = 0.0
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            sign = -1 if number else 1
            corners = _around(position, ring)
            near += sign * abs(sum(_within_circle(a, b) for a, b in pairwise(corners)))
            whole += sign * abs(sum(_cross(a, b) / 2 for a, b in pairwise(corners)))
    return min(1.0, max(0.0, near / whole)) if whole > 0 else 1.0


def _around(position: LonLat, ring: Sequence[Sequence[float]]) -> list[Metres]:
    """The corners of a ring in metres from a position, by the shorter way around the Earth."""
    east = METRES_A_DEGREE * math.cos(math.radians(position.lat))
    turn = 360 * round((ring[0][0] - position.lon) / 360)
    return [
        ((lon - turn - position.lon) * east, (lat - position.lat) * METRES_A_DEGREE) for lon, lat, *_ in ring
    ]


def _within_circle(a: Metres, b: Metres) -> float:
    """The signed area that a triangle of the origin and a side has in common with the circle of 10 km."""
    along = b[0] - a[0], b[1] - a[1]
    squared = along[0] ** 2 + along[1] ** 2
    if not squared:
        return 0.0
    # Where the side meets the circle, as shares of it: |a + t (b - a)| = r.
    middle = -(a[0] * along[0] + a[1] * along[1]) / squared
    root = middle * middle - (a[0] ** 2 + a[1] ** 2 - NEAR_M**2) / squared
    half = math.sqrt(root) if root > 0 else 0.0
    cuts = [0.0, *(t for t in (middle - half, middle + half) if 0 < t < 1), 1.0]
    area = 0.0
    for start, end in pairwise(cuts):
        one, other = (_at(a, along, t) for t in (start, end))
        if math.hypot(*_at(a, along, (start + end) / 2)) <= NEAR_M:
            area += _cross(one, other) / 2
        else:
            angle = math.atan2(_cross(one, other), one[0] * other[0] + one[1] * other[1])
            area += NEAR_M**2 / 2 * angle
    return area


def _at(a: Metres, along: Metres, share: float) -> Metres:
    return a[0] + share * along[0], a[1] + share * along[1]


def _cross(a: Metres, b: Metres) -> float:
    return a[0] * b[1] - a[1] * b[0]
