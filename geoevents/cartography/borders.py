"""Borders, bent by a kilometre where a named town would otherwise stand in the wrong country.

Knows a topology and towns with their countries. Knows nothing of tiles or of where towns come from.

Natural Earth at 1:10m is drawn for a scale at which a kilometre is a tenth of a millimetre; towns at a border
fall on its wrong side by some hundred metres. A map that puts a town into the wrong country says something
false, a border that is a few hundred metres off says what its scale allows: so the border gives way.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geoevents.cartography.basemap import Outline, Points, Topology, world

# How far a town may lie beyond its border to be mended: about the error of the source.
FURTHEST_M = 1_500
# How far past the town the border then runs, and how far to each side the bend begins: gently at first,
# tighter where that would move another town.
CLEAR_M = 400
HALF_WIDTHS_M = (3_000, 1_500, 800)
_WORLD_M = 40_075_017


@dataclass(frozen=True, slots=True)
class Town:
    """A point that must lie in its country: ISO 3166-1 alpha-2, degrees."""

    name: str
    country: str
    lon: float
    lat: float


def bent(topology: Topology, towns: Iterable[Town]) -> tuple[Topology, list[Town]]:
    """The topology with its borders bent around misplaced towns, and those towns."""
    codes = {country.code for country in topology.countries}
    near = _near_borders(topology, [town for town in towns if town.country in codes])
    before = misplaced = _misplaced(topology, [town for town, _ in near])
    for half_width in HALF_WIDTHS_M:
        topology = _bent_once(topology, near, misplaced, half_width)
        misplaced = _misplaced(topology, [town for town, _ in near])
    return topology, sorted(before - misplaced, key=lambda town: (town.country, town.name))


def _bent_once(
    topology: Topology, near: Sequence[tuple[Town, int]], misplaced: set[Town], half_width: float
) -> Topology:
    neighbours = _grouped(near)
    arcs = list(topology.arcs)
    for town, number in near:
        if town in misplaced:
            well_placed = [each for each in neighbours[number] if each not in misplaced]
            arcs[number] = _bent_around(arcs[number], town, half_width, besides=well_placed)
    return Topology(arcs, topology.countries)


def _near_borders(topology: Topology, towns: Sequence[Town]) -> list[tuple[Town, int]]:
    """Towns within reach of a border of their own country, each with the nearest such arc."""
    sides: dict[int, set[str]] = defaultdict(set)
    for country in topology.countries:
        for polygon in country.polygons:
            for ring in polygon:
                for number in ring:
                    sides[number if number >= 0 else ~number].add(country.code)
    shared = topology.borders()
    lines = [shapely.LineString(topology.arcs[number]) for number in shared]
    corners = world(np.array([[town.lon, town.lat] for town in towns]).reshape(-1, 2))
    places = [shapely.Point(corner) for corner in corners]
    reach = np.array([FURTHEST_M * _scale(town) for town in towns])
    hits: dict[int, list[int]] = defaultdict(list)
    for place, line in shapely.STRtree(lines).query(places, predicate="dwithin", distance=reach).T:
        if towns[place].country in sides[shared[line]]:
            hits[place].append(line)
    found = []
    for place, near in sorted(hits.items()):
        nearest = min(near, key=lambda line: (lines[line].distance(places[place]), line))
        found.append((towns[place], shared[nearest]))
    return found


def _grouped(near: Iterable[tuple[Town, int]]) -> dict[int, list[Town]]:
    groups: dict[int, list[Town]] = defaultdict(list)
    for town, number in near:
        groups[number].append(town)
    return groups


def _misplaced(topology: Topology, towns: Sequence[Town]) -> set[Town]:
    """The towns that stand outside their country."""
    rings: dict[str, list[Points]] = defaultdict(list)
    for country in topology.countries:
        rings[country.code].extend(topology.rings(country))
    # The source draws the smallest countries as less than a triangle: nothing can stand outside them.
    outlines = {code: Outline.of(rings[code]) for code in {town.country for town in towns} if rings[code]}
    drawn = (town for town in towns if town.country in outlines)
    return {town for town in drawn if not outlines[town.country].holds(*_at(town))}


def _bent_around(arc: Points, town: Town, half_width: float, *, besides: Iterable[Town]) -> Points:
    """The arc led past the far side of a town; as it was, where a well placed town would change sides."""
    line = shapely.LineString(arc)
    at, scale = np.array(_at(town)), _scale(town)
    along = line.project(shapely.Point(at))
    foot = np.array(line.interpolate(along).coords[0])
    length = float(np.hypot(*(at - foot)))
    past = at + (at - foot) / max(length, 1e-12) * CLEAR_M * scale
    start, end = max(0.0, along - half_width * scale), min(line.length, along + half_width * scale)
    corners = np.array([line.interpolate(start).coords[0], past, line.interpolate(end).coords[0]])
    distances = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(arc, axis=0).T))])
    replaced = arc[(distances > start) & (distances < end)]
    swept = np.concatenate([corners, replaced[::-1], corners[:1]])
    outline = Outline.of([swept])
    if any(outline.holds(*_at(each)) for each in besides):
        return arc
    return np.concatenate([arc[distances < start], corners, arc[distances > end]])


def _at(town: Town) -> tuple[float, float]:
    x, y = world(np.array([[town.lon, town.lat]]))[0]
    return float(x), float(y)


def _scale(town: Town) -> float:
    """Of the square world, one metre at the town's latitude."""
    return 1 / (_WORLD_M * math.cos(math.radians(town.lat)))
