"""Regions on the Earth: how surely what may be anywhere in one of them lies in a box, a circle or an area.

Knows the sphere (circles.py says which), and that edges of shapes and boxes are straight in degrees, as RFC
7946 has them. Knows nothing of events, names or questions. Plain Python: shapely is loaded for two shapes
whose boxes leave it open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from geoevents.geometries import DEPTHS, Geometry
from geoevents.places import EARTH_RADIUS_M, METRES_A_DEGREE, BBox, GeoPrecision, LonLat
from geoevents.values import value

# Metres around a point that stands for something wide, where the event gives none itself: circles of about
# 2,800 km2 and 13,000 km2 (a district and a governorate of common size), 25 km for "countryside of"
# as gazetteers/drawing.py has it, 10 km for a line of which only a point is known.
ESTIMATED_M = {
    GeoPrecision.LINE: 10_000,
    GeoPrecision.DISTRICT: 30_000,
    GeoPrecision.AREA: 25_000,
    GeoPrecision.PROVINCE: 65_000,
}
# What of these precisions is not drawn lies nowhere either.
NOWHERE = (GeoPrecision.COUNTRY, GeoPrecision.UNLOCATED)
# Degrees: a straight edge of this length bends by 2 m at most on the flat ground around a position.
_SHORT = 0.1


class Certainty(StrEnum):
    """How surely something is what was asked for."""

    SURELY = "surely"
    POSSIBLY = "possibly"


@value
class Reach:
    """
    Where something is that is somewhere in here: within `radius_m` metres of a Point, or in another shape.

    `is_known` is False of a point of which nobody says how far it may be off.
    """

    geometry: Geometry
    radius_m: float = 0.0
    is_known: bool = True

    @classmethod
    def of(
        cls, geometry: Geometry | None, precision: GeoPrecision | None, uncertainty_m: int | None
    ) -> Reach | None:
        """The reach of what is known so exactly; None for what has no place that may be drawn."""
        if geometry is None or precision in NOWHERE:
            return None
        if not geometry.is_point:
            return cls(geometry)
        radius_m = uncertainty_m if uncertainty_m is not None else usual_radius_m(precision)
        return cls(geometry, float(radius_m or 0), radius_m is not None)

    @property
    def centre(self) -> LonLat:
        return LonLat(*self.geometry.coordinates)


@value
class Circle:
    """All positions within `radius_m` metres of the centre."""

    centre: LonLat
    radius_m: float


def usual_radius_m(precision: GeoPrecision | None) -> int | None:
    """Metres that a point of a precision may be off where nobody says how many; None where none is said."""
    if precision is None:
        return None
    return precision.default_uncertainty_m or ESTIMATED_M.get(precision)


def certainty(reach: Reach, asked: BBox | Circle | Geometry) -> Certainty | None:
    """
    How surely it lies in what is asked for: surely with the whole of its reach, possibly with a part.

    >>> town = Reach(Geometry.point(40.74, 36.5), 3_000)
    >>> [certainty(town, Circle(LonLat(40.74, 36.5), radius)) for radius in (5_000, 2_000)]
    [<Certainty.SURELY: 'surely'>, <Certainty.POSSIBLY: 'possibly'>]
    >>> certainty(town, BBox(41, 36, 42, 37)) is None
    True
    """
    if not reach.geometry.is_point:
        return _of_shape(reach.geometry, asked)
    off = edge_m(reach.centre, asked)
    found = Certainty.SURELY if off + reach.radius_m <= 0 else None
    if found is None and off <= reach.radius_m:
        found = Certainty.POSSIBLY
    return found if reach.is_known or found is None else Certainty.POSSIBLY


def edge_m(position: LonLat, asked: BBox | Circle | Geometry) -> float:
    """Metres from a position to the edge of a region, below zero inside it."""
    if isinstance(asked, Circle):
        return apart_m(position, asked.centre) - asked.radius_m
    if isinstance(asked, BBox):
        return _to_box_m(position, asked)
    off = min(_from_origin(edge) for edge in _edges(position, asked))
    return -off if is_inside(position, asked) else off


def apart_m(a: LonLat, b: LonLat) -> float:
    """Metres between two positions."""
    return math.hypot(*flat(a, b.lon, b.lat))


def flat(centre: LonLat, lon: float, lat: float) -> tuple[float, float]:
    """
    Metres east and north on the flat ground around a centre, where directions and distances from it are true
    (azimuthal equidistant projection, Snyder 1987, p. 195).
    """
    across, up, home = math.radians(lon - centre.lon), math.radians(lat), math.radians(centre.lat)
    east = math.cos(up) * math.sin(across)
    north = math.cos(home) * math.sin(up) - math.sin(home) * math.cos(up) * math.cos(across)
    towards = math.sin(home) * math.sin(up) + math.cos(home) * math.cos(up) * math.cos(across)
    sine = math.hypot(east, north)
    if sine == 0:
        return (0.0, 0.0) if towards > 0 else (math.pi * EARTH_RADIUS_M, 0.0)
    scale = EARTH_RADIUS_M * math.atan2(sine, towards) / sine
    return east * scale, north * scale


def is_inside(position: LonLat, area: Geometry) -> bool:
    """Whether a polygon, without its holes, holds a position (even-odd rule)."""
    if not area.type.endswith("Polygon"):
        return False
    crossings = 0
    for line in lines_of(area):
        for (lon, lat), (next_lon, next_lat) in pairwise(line):
            if (lat > position.lat) != (next_lat > position.lat):
                crossings += position.lon < lon + (position.lat - lat) / (next_lat - lat) * (next_lon - lon)
    return crossings % 2 == 1


def lines_of(shape: Geometry) -> list[tuple[tuple[float, float], ...]]:
    """The rings and lines of a shape, each a row of positions; of points, rows of one."""
    return list(_lines(shape.coordinates, DEPTHS[shape.type], is_points=shape.type.endswith("Point")))


def _lines(part: Any, depth: int, *, is_points: bool) -> Iterator[tuple[tuple[float, float], ...]]:
    if depth == 0:
        yield (part,)
    elif depth == 1 and not is_points:
        yield part
    else:
        for each in part:
            yield from _lines(each, depth - 1, is_points=is_points)


@lru_cache(maxsize=64)
def finely(shape: Geometry) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The lines of a shape in steps so short that they are straight on flat ground, too."""
    return tuple(tuple(_stepped(line)) for line in lines_of(shape))


def _stepped(line: tuple[tuple[float, float], ...]) -> Iterator[tuple[float, float]]:
    yield line[0]
    for (lon, lat), (next_lon, next_lat) in pairwise(line):
        steps = math.ceil(max(abs(next_lon - lon), abs(next_lat - lat)) / _SHORT) or 1
        for step in range(1, steps):
            share = step / steps
            yield lon + share * (next_lon - lon), lat + share * (next_lat - lat)
        yield next_lon, next_lat


_Edge = tuple[tuple[float, float], tuple[float, float]]


def _edges(centre: LonLat, shape: Geometry) -> Iterator[_Edge]:
    """The edges of a shape on the flat ground around a position; none is where it is cut at 180 degrees."""
    for line in finely(shape):
        ground = [flat(centre, lon, lat) for lon, lat in line]
        if len(ground) == 1:
            yield ground[0], ground[0]
        for number, (start, end) in enumerate(pairwise(ground)):
            if not abs(line[number][0]) == abs(line[number + 1][0]) == 180:
                yield start, end


def _from_origin(edge: _Edge) -> float:
    (x, y), (next_x, next_y) = edge
    # Half way round the globe and further, what is near to each other may lie in opposite directions.
    if math.hypot(x, y) > EARTH_RADIUS_M:
        return min(math.hypot(x, y), math.hypot(next_x, next_y))
    across, up = next_x - x, next_y - y
    square = across * across + up * up
    share = min(1.0, max(0.0, -(x * across + y * up) / square)) if square else 0.0
    return math.hypot(x + share * across, y + share * up)


def _to_box_m(position: LonLat, box: BBox) -> float:
    """Metres to the edge of a box; one around the whole globe has none at 180 degrees, nor at a pole."""
    is_around = box.width >= 360
    sides = [] if is_around else [_to_meridian_m(position, lon, box) for lon in (box.west, box.east)]
    is_between = is_around or (position.lon - box.west) % 360 <= box.width
    if is_between:
        sides += [
            math.radians(abs(position.lat - lat)) * EARTH_RADIUS_M
            for lat in (box.south, box.north)
            if abs(lat) < 90
        ]
    off = min(sides, default=math.pi * EARTH_RADIUS_M)
    return -off if is_between and box.south <= position.lat <= box.north else off


def _to_meridian_m(position: LonLat, lon: float, box: BBox) -> float:
    """Metres to the side of a box: the nearest of its ends and, if that is one of it, the foot on it."""
    across = math.radians(position.lon - lon)
    up = math.radians(position.lat)
    foot = math.degrees(math.atan2(math.sin(up), math.cos(up) * math.cos(across)))
    lats = [box.south, box.north, *([foot] if box.south < foot < box.north else [])]
    return min(math.hypot(*flat(position, lon, lat)) for lat in lats)


def _of_shape(shape: Geometry, asked: BBox | Circle | Geometry) -> Certainty | None:
    if isinstance(asked, Circle):
        return _shape_in_circle(shape, asked)
    if isinstance(asked, BBox):
        return _shape_in_box(shape, asked)
    if not shape.bbox.intersects(asked.bbox):
        return None
    area, whole = shapely_of(asked), shapely_of(shape)
    if area.covers(whole):
        return Certainty.SURELY
    return Certainty.POSSIBLY if area.intersects(whole) else None


def _shape_in_circle(shape: Geometry, circle: Circle) -> Certainty | None:
    box, lat = shape.bbox, circle.centre.lat
    # No way is shorter than straight north or south.
    if math.radians(max(box.south - lat, lat - box.north)) * EARTH_RADIUS_M > circle.radius_m:
        return None
    edges = list(_edges(circle.centre, shape))
    if all(math.hypot(*corner) <= circle.radius_m for edge in edges for corner in edge):
        return Certainty.SURELY
    if is_inside(circle.centre, shape) or min(map(_from_origin, edges)) <= circle.radius_m:
        return Certainty.POSSIBLY
    return None


def _shape_in_box(shape: Geometry, box: BBox) -> Certainty | None:
    if not box.intersects(shape.bbox):
        return None
    if all(any(_holds(half, part) for half in box.halves()) for part in _part_boxes(shape)):
        return Certainty.SURELY
    from shapely import box as rectangle

    whole = shapely_of(shape)
    halves = (rectangle(half.west, half.south, half.east, half.north) for half in box.halves())
    return Certainty.POSSIBLY if any(whole.intersects(half) for half in halves) else None


def _part_boxes(shape: Geometry) -> Iterator[BBox]:
    for line in lines_of(shape):
        lons, lats = zip(*line, strict=True)
        yield BBox(min(lons), min(lats), max(lons), max(lats))


def _holds(outer: BBox, inner: BBox) -> bool:
    across = outer.west <= inner.west and inner.east <= outer.east
    return across and outer.south <= inner.south and inner.north <= outer.north


def widened(shape: Geometry, metres: float) -> Geometry:
    """All that is within so many metres of a shape, on a map stretched as in its middle: give or take 3 %."""
    from shapely import affinity, box
    from shapely.geometry import mapping

    stretch = max(0.05, math.cos(math.radians(shape.bbox.middle.lat)))
    flat = affinity.scale(shapely_of(shape), xfact=stretch, yfact=1, origin=(0, 0))
    wide = affinity.scale(flat.buffer(metres / METRES_A_DEGREE), xfact=1 / stretch, yfact=1, origin=(0, 0))
    inside = wide.intersection(box(-180, -90, 180, 90))
    return Geometry.from_geojson(mapping(inside))


def all_shapely_of(shapes: Sequence[Geometry]) -> Any:
    """As `shapely_of`, of many in an array: plain polygons are made all at once."""
    import numpy as np
    from shapely import is_valid, linearrings, polygons

    found = np.full(len(shapes), None, object)
    plain = [n for n, shape in enumerate(shapes) if shape.type == "Polygon" and len(shape.coordinates) == 1]
    if plain:
        rings = [shapes[number].coordinates[0] for number in plain]
        positions = np.array([position for ring in rings for position in ring], np.float64)
        found[plain] = polygons(
            linearrings(positions, indices=np.repeat(range(len(rings)), list(map(len, rings))))
        )
        found[~is_valid(found)] = None
    others = [number for number, made in enumerate(found) if made is None]
    for number in others:
        found[number] = shapely_of(shapes[number])
    return found


@lru_cache(maxsize=256)
def shapely_of(shape: Geometry) -> Any:
    """The shape as shapely has it, without what crosses itself."""
    from shapely import make_valid
    from shapely.geometry import shape as made

    found = made({"type": shape.type, "coordinates": shape.coordinates})
    return found if found.is_valid else make_valid(found)
