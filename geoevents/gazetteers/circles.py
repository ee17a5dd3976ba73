"""Distances, directions and circles on the Earth, in plain Python: a first look-up loads no geometry library.

Knows the sphere of radius 6,371,008.8 m (IUGG mean): within 0.6 % of the ellipsoid, finer than any circle
that is drawn here claims to be.
"""

from __future__ import annotations

import math
from itertools import pairwise

from geoevents.geometries import Geometry
from geoevents.places import EARTH_RADIUS_M, LonLat

_CORNERS = 64
_SIDES_CORNER_M, _MOST_PIECES = 10_000, 40


def distance_m(a: LonLat, b: LonLat) -> float:
    """
    Metres between two positions (haversine formula).

    >>> round(distance_m(LonLat(40.74, 36.5), LonLat(41.23, 37.05)) / 1000)
    75
    """
    return apart_m(a.lon, a.lat, b.lon, b.lat)


def apart_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """The same, of positions in degrees that are no LonLat yet: a look-up measures hundreds."""
    half_lon = math.radians(lon_b - lon_a) / 2
    lat_a, lat_b = math.radians(lat_a), math.radians(lat_b)
    half_lat = (lat_b - lat_a) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def circle(centre: LonLat, radius_m: float) -> Geometry:
    """
    A polygon around all positions within `radius_m` metres, its corners outside the true circle by 0.1 %.

    Across the 180th meridian it is two polygons, as RFC 7946 asks.
    """
    reach = radius_m / EARTH_RADIUS_M / math.cos(math.pi / _CORNERS)
    ring = [_towards(centre, -2 * math.pi * corner / _CORNERS, reach) for corner in range(_CORNERS)]
    return _polygon([*ring, ring[0]])


def bearing(start: LonLat, end: LonLat) -> float:
    """
    The direction in which the shortest way from `start` to `end` sets out: degrees from north, 0 to 360.

    >>> round(bearing(LonLat(40.74, 36.5), LonLat(40.74, 37.5))), round(bearing(LonLat(0, 0), LonLat(-5, 0)))
    (0, 270)
    """
    lat, end_lat = math.radians(start.lat), math.radians(end.lat)
    by = math.radians(end.lon - start.lon)
    east = math.sin(by) * math.cos(end_lat)
    north = math.cos(lat) * math.sin(end_lat) - math.sin(lat) * math.cos(end_lat) * math.cos(by)
    return math.degrees(math.atan2(east, north)) % 360


def displaced(start: LonLat, bearing: float, metres: float) -> LonLat:
    """
    The position `metres` from `start` in a direction, degrees from north.

    >>> displaced(LonLat(179.99, 0), 90, 10_000)
    LonLat(lon=-179.920068, lat=0.0)
    """
    lon, lat = _towards(start, math.radians(bearing), metres / EARTH_RADIUS_M)
    return LonLat(round((lon + 180) % 360 - 180, 6), lat)


def sector(centre: LonLat, bearing: float, half_angle: float, *, from_m: float, to_m: float) -> Geometry:
    """
    A polygon around what lies in a direction of `centre`, give or take `half_angle` (degrees, at most 90),
    and between two distances.

    Its sides have a corner every 10 km, up to 400 km: a straight line between two positions strays from the
    shortest way with the square of its length, a metre or two in 10 km and hundreds in 150.
    """
    steps = max(4, math.ceil(half_angle / 4))
    angles = [math.radians(bearing + half_angle * step / steps) for step in range(-steps, steps + 1)]
    outer = to_m / EARTH_RADIUS_M / math.cos(math.radians(half_angle / steps / 2))
    inner = from_m / EARTH_RADIUS_M
    pieces = min(_MOST_PIECES, math.ceil((to_m - from_m) / _SIDES_CORNER_M))
    between = [inner + (outer - inner) * piece / pieces for piece in range(1, pieces)]
    ring = [_towards(centre, angle, outer) for angle in reversed(angles)]
    ring += [_towards(centre, angles[0], reach) for reach in reversed(between)]
    if from_m > 0:
        ring += [_towards(centre, angle, inner) for angle in angles]
    else:
        ring.append((centre.lon, centre.lat))
    ring += [_towards(centre, angles[-1], reach) for reach in between]
    return _polygon([*ring, ring[0]])


def _polygon(ring: list[tuple[float, float]]) -> Geometry:
    """A closed ring, whose longitudes may pass 180, as one polygon or as its parts on both sides."""
    halves = [
        half for shift in (-360, 0, 360) if (half := _clipped([(lon + shift, lat) for lon, lat in ring]))
    ]
    if len(halves) == 1:
        return Geometry("Polygon", (tuple(halves[0]),))
    return Geometry("MultiPolygon", tuple((tuple(half),) for half in halves))


def _towards(centre: LonLat, bearing: float, reach: float) -> tuple[float, float]:
    """The position `reach` radians from the centre; its longitude is not wrapped."""
    lat = math.radians(centre.lat)
    sine = math.sin(lat) * math.cos(reach) + math.cos(lat) * math.sin(reach) * math.cos(bearing)
    across = math.sin(bearing) * math.sin(reach) * math.cos(lat)
    lon = math.radians(centre.lon) + math.atan2(across, math.cos(reach) - math.sin(lat) * sine)
    return round(math.degrees(lon), 6), round(math.degrees(math.asin(sine)), 6)


def _clipped(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The part of a closed ring between 180 W and 180 E (Sutherland and Hodgman 1974), or nothing."""
    for side in (-1, 1):
        kept: list[tuple[float, float]] = []
        for (lon, lat), (next_lon, next_lat) in pairwise(ring):
            inside, next_inside = lon * side <= 180, next_lon * side <= 180
            if inside:
                kept.append((lon, lat))
            if inside != next_inside:
                share = (180 * side - lon) / (next_lon - lon)
                kept.append((180.0 * side, round(lat + share * (next_lat - lat), 6)))
        ring = [*kept, kept[0]] if len(kept) >= 3 else []
    return ring


def inside(position: LonLat, geometry: Geometry) -> bool:
    """True if a polygon, without its holes, holds the position (even-odd rule, planar: for coarse areas)."""
    polygons = geometry.coordinates if geometry.type == "MultiPolygon" else (geometry.coordinates,)
    return geometry.type.endswith("Polygon") and any(
        _crossings(position, polygon) % 2 for polygon in polygons
    )


def _crossings(position: LonLat, polygon: tuple[tuple[tuple[float, ...], ...], ...]) -> int:
    count = 0
    for ring in polygon:
        for (lon, lat, *_), (next_lon, next_lat, *_) in pairwise(ring):
            if (lat > position.lat) != (next_lat > position.lat):
                count += position.lon < lon + (position.lat - lat) / (next_lat - lat) * (next_lon - lon)
    return count
