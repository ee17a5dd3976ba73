"""Stretches of lines and parts of areas: the road between two towns, a river near one, a border, a north.

Knows shapely, in a plane around what is measured (longitudes shrunk by the cosine of a middle latitude): good
to a percent over the few hundred kilometres that a report speaks of. Knows no ids and no names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import shapely
from shapely import LineString, Point
from shapely.affinity import scale, translate
from shapely.geometry import mapping
from shapely.geometry import shape as shapely_shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, substring

from geoevents.gazetteers.circles import distance_m, sector
from geoevents.gazetteers.index import Index, Row
from geoevents.geometries import Geometry
from geoevents.places import METRES_A_DEGREE, LonLat

# How far a line may pass a town that it is said to be near, and how much of it on each side is "near".
PASSES_M, NEAR_M = 40_000, 15_000
# A known road serves a town if it passes this near, and links two if it is no longer than so many times their
# distance.
_SERVES_M, _DETOUR = 6_000, 1.6
_DECIMALS = 6
# Square degrees: less is a touch, not a part.
_NO_AREA = 1e-9
_FAR_M = 5_000_000


class _Plane:
    """Metres east and north of a middle."""

    def __init__(self, middle: LonLat) -> None:
        self._middle = middle
        self._east, self._north = METRES_A_DEGREE * math.cos(math.radians(middle.lat)), METRES_A_DEGREE

    def point(self, position: LonLat) -> Point:
        return Point(*self._metres(position.lon, position.lat))

    def taken(self, geometry: Geometry) -> BaseGeometry:
        moved = translate(_shape(geometry), -self._middle.lon, -self._middle.lat)
        return scale(moved, self._east, self._north, origin=(0, 0))

    def back(self, drawn: BaseGeometry) -> Geometry:
        degrees = scale(drawn, 1 / self._east, 1 / self._north, origin=(0, 0))
        return _geometry(translate(degrees, self._middle.lon, self._middle.lat))

    def position(self, point: Point) -> LonLat:
        lon = self._middle.lon + point.x / self._east
        return LonLat(
            round((lon + 180) % 360 - 180, _DECIMALS), round(self._middle.lat + point.y / self._north, 6)
        )

    def _metres(self, lon: float, lat: float) -> tuple[float, float]:
        by = (lon - self._middle.lon + 180) % 360 - 180
        return by * self._east, (lat - self._middle.lat) * self._north


def corridor(one: LonLat, other: LonLat, half_width_m: float) -> Geometry:
    """All within `half_width_m` of the straight line between two positions."""
    plane = _Plane(_middle(one, other))
    return plane.back(LineString([plane.point(one), plane.point(other)]).buffer(half_width_m, quad_segs=8))


def road_between(index: Index, one: Row, other: Row) -> tuple[Geometry, int] | None:
    """The known road that links two places best, from one to the other; how far it may be off (metres)."""
    plane = _Plane(_middle(one.position, other.position))
    start, end = plane.point(one.position), plane.point(other.position)
    apart = start.distance(end)
    best: tuple[float, BaseGeometry, int] | None = None
    for row in index.roads:
        whole = index.geometry(row.pk)
        for line in _lines(plane.taken(whole)) if whole else ():
            gap = max(line.distance(start), line.distance(end))
            part = substring(line, line.project(start), line.project(end))
            links = gap <= _SERVES_M and 0 < part.length <= _DETOUR * apart + 2 * gap
            if links and (best is None or part.length + gap < best[0]):
                best = (part.length + gap, part, row.uncertainty_m or 0)
    return (plane.back(best[1]), best[2]) if best else None


def stretch(whole: Geometry, near: Sequence[LonLat]) -> Geometry | None:
    """The part of a line near a position, or between two; None if it passes too far from them."""
    plane = _Plane(near[0])
    points = [plane.point(position) for position in near]
    drawn = plane.taken(whole)
    gaps = [drawn.distance(point) for point in points]
    if max(gaps) > PASSES_M:
        return None
    if len(points) == 1:
        part = drawn & points[0].buffer(gaps[0] + NEAR_M)
        return plane.back(_merged(part))
    line = min(_lines(drawn), key=lambda each: sum(each.distance(point) for point in points))
    part = substring(line, line.project(points[0]), line.project(points[1]))
    return plane.back(part) if part.length else None


def shared_border(one: Geometry | None, other: Geometry | None) -> Geometry | None:
    """The line that two outlines have in common."""
    if one is None or other is None:
        return None
    common = _boundary(one) & _boundary(other)
    lines = [part for part in shapely.get_parts(common) if part.geom_type == "LineString" and part.length]
    return _geometry(linemerge(lines) if len(lines) > 1 else lines[0]) if lines else None


def cut_by(whole: Geometry, bearing: float, half_angle: float) -> tuple[Geometry, LonLat] | None:
    """What of an area lies in a direction from its middle, and a point inside that; None if nothing does."""
    area = _shape(whole)
    centre = area.centroid
    middle = LonLat(centre.x, centre.y)
    farthest = min(_FAR_M, 1.2 * max(distance_m(middle, corner) for corner in whole.positions()))
    wedge = shapely.make_valid(_shape(sector(middle, bearing, half_angle, from_m=0, to_m=farthest)))
    # Countries are kept without their smallest islands, and simplified: their polygons may touch.
    parts = [shapely.make_valid(part) & wedge for part in shapely.get_parts(area)]
    polygons = [each for part in parts for each in _polygons(part) if each.area > _NO_AREA]
    if not polygons:
        return None
    largest = max(polygons, key=lambda each: each.area)
    inside = largest.representative_point()
    kept = [each for each in polygons if each.area > largest.area / 1_000]
    cut = shapely.union_all(kept)
    return _geometry(cut), LonLat(round(inside.x, _DECIMALS), round(inside.y, _DECIMALS))


def middle_of(line: Geometry) -> LonLat:
    """The point half way along a line, or along the longest of several."""
    longest = max(_lines(_shape(line)), key=lambda each: each.length)
    point = longest.interpolate(0.5, normalized=True)
    return LonLat(round(point.x, _DECIMALS), round(point.y, _DECIMALS))


def passes(line: Geometry, position: LonLat) -> float:
    """Metres from a position to the nearest point of a line."""
    plane = _Plane(position)
    return float(plane.taken(line).distance(plane.point(position)))


def holds(area: Geometry, position: LonLat, *, margin_m: float = 0) -> bool:
    """True if a position lies in an area or on a line, or no further from it than the margin."""
    plane = _Plane(position)
    return bool(plane.taken(area).distance(plane.point(position)) <= margin_m)


def share_within(geometry: Geometry, around: Geometry) -> float:
    """How much of a line or an area lies within another, 0 to 1."""
    drawn = _shape(geometry)
    inside = drawn & _shape(around)
    return float(inside.area / drawn.area if drawn.area else inside.length / drawn.length)


def _middle(one: LonLat, other: LonLat) -> LonLat:
    lon = one.lon + ((other.lon - one.lon + 180) % 360 - 180) / 2
    return LonLat((lon + 180) % 360 - 180, (one.lat + other.lat) / 2)


@lru_cache(maxsize=64)
def _shape(geometry: Geometry) -> BaseGeometry:
    return shapely_shape({"type": geometry.type, "coordinates": geometry.coordinates})


def _boundary(geometry: Geometry) -> BaseGeometry:
    return shapely.union_all([part.boundary for part in shapely.get_parts(_shape(geometry))])


def _lines(drawn: BaseGeometry) -> list[LineString]:
    return [part for part in shapely.get_parts(drawn) if part.geom_type == "LineString"]


def _polygons(drawn: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(drawn) if part.geom_type == "Polygon"]


def _merged(drawn: BaseGeometry) -> BaseGeometry:
    lines = _lines(drawn)
    return linemerge(lines) if len(lines) > 1 else lines[0]


def _geometry(drawn: BaseGeometry) -> Geometry:
    """Right-handed, rounded, and parted where it crosses the 180th meridian."""
    parts = [translate(drawn, shift) & shapely.box(-180, -90, 180, 90) for shift in (-360, 0, 360)]
    whole = [part for part in parts if not part.is_empty and (part.length or part.area)]
    joined = shapely.union_all(whole) if len(whole) > 1 else whole[0]
    if joined.geom_type == "GeometryCollection":  # an outline that also touches the 180th meridian
        joined = shapely.union_all(_polygons(joined))
    if joined.geom_type.endswith("Polygon"):
        # Rounded corner by corner, two islands may touch, which is no valid outline any more.
        joined = shapely.orient_polygons(shapely.set_precision(joined, 1e-6))
    return Geometry.from_geojson(mapping(shapely.set_precision(joined, 1e-6, mode="pointwise")))
