"""Polygons out of TopoJSON and GeoJSON, their label points and boxes: what our tools share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from shapely import Polygon, get_parts, make_valid
from shapely.geometry import shape
from shapely.ops import polylabel

Ring = list[tuple[float, float]]


def from_topology(topology: dict[str, Any], name: str) -> Iterator[tuple[str, Polygon]]:
    """(id, polygon) of every polygon of one object of a TopoJSON file."""
    arcs = arcs_of(topology)
    for member in topology["objects"][name]["geometries"]:
        polygons = [member["arcs"]] if member["type"] == "Polygon" else member.get("arcs", [])
        for rings in polygons:
            outer, *holes = [_ring(ring, arcs) for ring in rings]
            if len(outer) >= 4:
                whole = Polygon(outer, [hole for hole in holes if len(hole) >= 4])
                yield from ((member.get("id", ""), part) for part in parts(whole))


def parts(of: Any) -> Iterator[Polygon]:
    """The valid polygons of a geometry, or of a GeoJSON object."""
    geometry = make_valid(shape(of) if isinstance(of, dict) else of)
    yield from (part for part in get_parts(get_parts(geometry)) if part.geom_type == "Polygon")


def label_point(polygons: Iterable[Polygon], tolerance: float = 0.05) -> tuple[float, float]:
    """Longitude and latitude of the pole of inaccessibility of the largest polygon."""
    point = polylabel(max(polygons, key=area), tolerance=tolerance)
    return wrapped(point.x), point.y


def middle(polygons: Iterable[Polygon]) -> tuple[float, float]:
    """Longitude and latitude of the centroid of the largest polygon, or of its pole if that is outside."""
    largest = max(polygons, key=area)
    centroid = largest.centroid
    return (wrapped(centroid.x), centroid.y) if largest.contains(centroid) else label_point([largest], 0.02)


def area(polygon: Polygon) -> float:
    """Square degrees at the equator: enough to compare."""
    return float(polygon.area * math.cos(math.radians(polygon.centroid.y)))


def box(polygons: Iterable[Polygon]) -> tuple[float, float, float, float]:
    """West is greater than east where the box crosses the 180th meridian: it leaves out the widest gap."""
    bounds = [polygon.bounds for polygon in polygons]
    spans = sorted((wrapped(west), east - west) for west, _, east, _ in bounds)
    west, reach, gaps = spans[0][0], spans[0][0] + spans[0][1], []
    for start, width in [*spans[1:], (west + 360, 0.0)]:
        if start > reach:
            gaps.append((start - reach, reach, start))
        reach = max(reach, start + width)
    south, north = min(bound[1] for bound in bounds), max(bound[3] for bound in bounds)
    if not gaps:
        return -180, south, 180, north
    _, east, west = max(gaps)
    return wrapped(west), south, wrapped(east), north


def wrapped(lon: float) -> float:
    return (lon + 180) % 360 - 180


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    scale_x, scale_y = topology["transform"]["scale"]
    shift_x, shift_y = topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(arc)
    return arcs


def _ring(indexes: list[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return unwrapped(ring)


def unwrapped(ring: Ring) -> Ring:
    # TopoJSON stitches what the 180th meridian cuts: such a ring jumps across the world.
    turns, before, out = 0, ring[0][0], []
    for lon, lat in ring:
        turns -= round((lon - before) / 360)
        before = lon
        out.append((lon + 360 * turns, lat))
    return out
