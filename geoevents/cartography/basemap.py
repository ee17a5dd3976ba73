"""The base map without network: Natural Earth's countries, cut into small tiles.

Knows topologies, simplification, clipping, and the tile's form. Knows nothing of files (build.py) or colours.

A tile is `{"countries": [[code, ring...]...], "borders": [line...]}` in EXTENT units from its north-west
corner; a ring or line is a flat list of numbers, the first point, then steps: x, y, dx, dy... Rings reach
MARGIN units beyond the tile and are filled by the even-odd rule. A tile of nothing but sea, or of nothing but
one country, is not written: the index says which it is. Source: Natural Earth 1:10m, public domain, by way of
world-atlas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from babel.core import get_global
from numpy.typing import NDArray

from geoevents.places import BBox

# At the last zoom a unit is 76 m at the equator, finer than the source's own 300 m and more.
EXTENT = 8192
MARGIN = 128
LAST_ZOOM = 6
# Below the last zoom, a line may move by this many pixels of a 256 pixel tile.
TOLERANCE_PX = 0.6
SMALLEST_PX = 1.0
SEA, LAND, DRAWN = 0, 1, 2
_MERCATOR_LIMIT = 85.0511287798066

Points = NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Country:
    """A country as drawn: `code` is ISO 3166-1 alpha-2 where there is one, else the name in Natural Earth."""

    code: str
    name: str
    polygons: Sequence[Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Topology:
    """
    Countries whose borders are shared: `arcs` are lines in the square world (0 to 1, y down).

    An arc across the 180th meridian walks on beyond 0 or 1.
    """

    arcs: list[Points]
    countries: list[Country]

    @classmethod
    def decode(cls, document: dict[str, Any], name: str = "countries") -> Topology:
        """Read a quantised TopoJSON object (https://github.com/topojson/topojson-specification)."""
        scale, shift = (np.array(document["transform"][key]) for key in ("scale", "translate"))
        arcs = [
            _unwrapped(world(np.cumsum(np.array(arc), axis=0) * scale + shift)) for arc in document["arcs"]
        ]
        return cls(arcs, [_country(each) for each in document["objects"][name]["geometries"]])

    def borders(self) -> list[int]:
        """The arcs between two countries; every other one is a coast."""
        users: Counter[int] = Counter()
        for country in self.countries:
            users.update(
                {_arc(number) for polygon in country.polygons for ring in polygon for number in ring}
            )
        return sorted(number for number, count in users.items() if count > 1)

    def simplified(self, zoom: int) -> Topology:
        """The same with less detail; shared borders stay shared, since each arc is simplified once."""
        if zoom >= LAST_ZOOM:
            return self
        tolerance = TOLERANCE_PX / (256 * 2**zoom)
        lines = shapely.linestrings(
            np.concatenate(self.arcs),
            indices=np.repeat(np.arange(len(self.arcs)), [len(arc) for arc in self.arcs]),
        )
        coarse = shapely.simplify(lines, tolerance, preserve_topology=False)
        return Topology([shapely.get_coordinates(line) for line in coarse], self.countries)

    def rings(self, country: Country) -> Iterator[Points]:
        """Each ring of a country that makes an area, holes too; none jumps across the 180th meridian."""
        for polygon in country.polygons:
            for ring in polygon:
                whole = _closed_at_pole(
                    _joined(self.arcs[n] if n >= 0 else self.arcs[~n][::-1] for n in ring)
                )
                if len(whole) > 3:
                    yield from _beside_itself(whole)

    def lines(self, number: int) -> Iterator[Points]:
        """An arc as lines that do not jump across 180."""
        yield from _beside_itself(self.arcs[number])


@dataclass(slots=True)
class Pieces:
    """What lies in a box: the rings of each country, the lines of borders."""

    countries: dict[str, list[Points]] = field(default_factory=dict)
    borders: list[Points] = field(default_factory=list)

    def clipped(self, box: Box) -> Pieces:
        countries = {code: _clipped_rings(rings, box) for code, rings in self.countries.items()}
        kept = {code: rings for code, rings in countries.items() if rings}
        return Pieces(kept, _clipped_lines(self.borders, box))


@dataclass(frozen=True, slots=True)
class GroundTile:
    """One tile that is neither all sea nor all one land."""

    z: int
    x: int
    y: int
    content: dict[str, Any]


def ground_tiles(topology: Topology, zoom: int) -> tuple[list[list[int]], Iterator[GroundTile]]:
    """
    The tiles of a zoom, and a table (filled while they are read) of what each place is: states[y][x].
    """
    coarse = topology.simplified(zoom)
    smallest = SMALLEST_PX / (256 * 2**zoom) if zoom < LAST_ZOOM else 0.0
    pieces = Pieces(borders=[line for number in topology.borders() for line in coarse.lines(number)])
    for country in coarse.countries:
        pieces.countries.setdefault(country.code, []).extend(
            r for r in coarse.rings(country) if np.ptp(r, axis=0).max() >= smallest
        )
    states = [[SEA] * 2**zoom for _ in range(2**zoom)]
    return states, _cut(pieces.clipped(_box((0, 0, 0))), (0, 0, 0), zoom, states)


@dataclass(frozen=True, slots=True)
class Outline:
    """Closed rings as steps, to ask many times whether a point lies within."""

    start: Points
    end: Points

    @classmethod
    def of(cls, rings: Iterable[Points]) -> Outline:
        kept = list(rings)
        return cls(np.concatenate([ring[:-1] for ring in kept]), np.concatenate([ring[1:] for ring in kept]))

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies within, by the even-odd rule."""
        spans = np.flatnonzero((self.start[:, 1] > y) != (self.end[:, 1] > y))
        low, high = self.start[spans], self.end[spans]
        meets = low[:, 0] + (y - low[:, 1]) / (high[:, 1] - low[:, 1]) * (high[:, 0] - low[:, 0])
        return bool((meets > x).sum() % 2)


def place_in_tile(lon: float, lat: float, zoom: int) -> tuple[int, int, float, float]:
    """The tile of a position, x and y, and where in it, in EXTENT units."""
    (across, down) = world(np.array([[lon, lat]]))[0] * 2**zoom
    return int(across), int(down), float(across % 1 * EXTENT), float(down % 1 * EXTENT)


def tiles_around(box: BBox | None, zoom: int) -> list[str]:
    """The tiles z/x/y of a zoom that a box reaches, with as much again around it; without a box, all."""
    last = 2**zoom - 1
    if box is None:
        return [f"{zoom}/{x}/{y}" for x in range(last + 1) for y in range(last + 1)]
    wide, high = max(box.width, 1.0), max(box.north - box.south, 1.0)
    keys: dict[str, None] = {}
    for half in box.halves():
        corners = np.array([[half.west - wide, half.north + high], [half.east + wide, half.south - high]])
        (west, north), (east, south) = np.clip(np.floor(world(corners) * 2**zoom).astype(int), 0, last)
        keys |= dict.fromkeys(
            f"{zoom}/{x}/{y}" for x in range(west, east + 1) for y in range(north, south + 1)
        )
    return list(keys)


def world(lonlat: NDArray[Any]) -> Points:
    """Degrees to the square world, 0 to 1, y down (EPSG:3857)."""
    lat = np.radians(np.clip(lonlat[:, 1], -_MERCATOR_LIMIT, _MERCATOR_LIMIT))
    down = 0.5 - np.log(np.tan(np.pi / 4 + lat / 2)) / (2 * np.pi)
    return np.column_stack([(lonlat[:, 0] + 180) / 360, down])


def run_lengths(row: Sequence[int]) -> list[int]:
    """
    A row of states, shortened: state, how many, state, how many...

    >>> run_lengths([0, 0, 2, 1, 1])
    [0, 2, 2, 1, 1, 2]
    """
    runs: list[int] = []
    for state in row:
        if runs and runs[-2] == state:
            runs[-1] += 1
        else:
            runs += [state, 1]
    return runs


def _unwrapped(points: Points) -> Points:
    """The line walked on across the 180th meridian, where its longitudes jump from one edge to the other."""
    jumps = np.round(np.diff(points[:, 0]))
    if not jumps.any():
        return points
    walked = points.copy()
    walked[1:, 0] -= np.cumsum(jumps)
    return walked


def _joined(arcs: Iterable[Points]) -> Points:
    """Arcs one after the other, each taken to where the last one ended, were it a world further on."""
    joined: list[Points] = []
    for arc in arcs:
        if joined:
            worlds = np.round(joined[-1][-1, 0] - arc[0, 0])
            joined.append((arc + np.array([worlds, 0.0]))[1:])
        else:
            joined.append(arc)
    return np.concatenate(joined)


def _closed_at_pole(ring: Points) -> Points:
    """A ring that walks once round the world holds the pole: it is closed beyond the world's edge."""
    round_it = ring[-1, 0] - ring[0, 0]
    if abs(round_it) < 0.5:
        return ring
    edge = 2.0 if ring[:, 1].mean() > 0.5 else -1.0
    corners = np.array([[ring[-1, 0], edge], [ring[0, 0], edge]])
    return np.concatenate([ring, corners, ring[:1]])


def _beside_itself(points: Points) -> Iterator[Points]:
    """A line, and where it leaves the world the same again a world to the east or west."""
    yield points
    if points[:, 0].max() > 1:
        yield points - np.array([1.0, 0.0])
    if points[:, 0].min() < 0:
        yield points + np.array([1.0, 0.0])


def _cut(
    pieces: Pieces, at: tuple[int, int, int], zoom: int, states: list[list[int]]
) -> Iterator[GroundTile]:
    z, x, y = at
    if not pieces.countries:
        return
    if z == zoom:
        content = _content(pieces, at)
        is_land = (
            len(content["countries"]) == 1 and not content["borders"] and _is_whole(content["countries"][0])
        )
        states[y][x] = LAND if is_land else DRAWN if content["countries"] else SEA
        if states[y][x] == DRAWN:
            yield GroundTile(z, x, y, content)
        return
    for dy in (0, 1):
        for dx in (0, 1):
            below = (z + 1, 2 * x + dx, 2 * y + dy)
            yield from _cut(pieces.clipped(_box(below)), below, zoom, states)


def _box(at: tuple[int, int, int]) -> Box:
    z, x, y = at
    margin = MARGIN / EXTENT
    return (x - margin) / 2**z, (y - margin) / 2**z, (x + 1 + margin) / 2**z, (y + 1 + margin) / 2**z


def _content(pieces: Pieces, at: tuple[int, int, int]) -> dict[str, Any]:
    countries = []
    for code, rings in sorted(pieces.countries.items()):
        drawn = [flat for flat in (_flat(ring, at) for ring in rings) if len(flat) >= 6]
        if drawn:
            countries.append([code, *drawn])
    borders = [flat for flat in (_flat(line, at) for line in pieces.borders) if len(flat) >= 4]
    return {"countries": countries, "borders": borders}


def _flat(points: Points, at: tuple[int, int, int]) -> list[int]:
    """Points as whole units, the first one, then steps; steps of nothing are left out."""
    z, x, y = at
    units = np.rint((points * 2**z - (x, y)) * EXTENT).astype(int)
    steps = np.diff(units, axis=0)
    moved = steps[np.any(steps != 0, axis=1)]
    return [int(value) for value in np.concatenate([units[:1], moved]).ravel()]


def _is_whole(country: Sequence[Any]) -> bool:
    """Whether a country covers its whole tile: one ring, and that the box with its margin."""
    if len(country) != 2:
        return False
    corners = np.cumsum(np.array(country[1]).reshape(-1, 2), axis=0)
    on_edge = np.isin(corners, (-MARGIN, EXTENT + MARGIN))
    return bool(on_edge.all() and np.ptp(corners, axis=0).min() == EXTENT + 2 * MARGIN)


def _clipped_rings(rings: list[Points], box: Box) -> list[Points]:
    return [clipped for clipped in (_clipped_ring(ring, box) for ring in rings) if len(clipped) > 3]


def _clipped_ring(ring: Points, box: Box) -> Points:
    """The ring cut by a box (Sutherland and Hodgman 1974), one side after the other."""
    low, high = ring.min(axis=0), ring.max(axis=0)
    if (low > box[2:]).any() or (high < box[:2]).any():
        return ring[:0]
    for axis, limit, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        if len(ring) > 3:
            ring = _half(ring, axis, limit, sign)
    return ring


def _half(ring: Points, axis: int, limit: float, sign: int) -> Points:
    """The part of a closed ring on one side of a line, closed along it."""
    inside = sign * (ring[:, axis] - limit) >= 0
    if inside.all():
        return ring
    if not inside.any():
        return ring[:0]
    start, end = ring[:-1], ring[1:]
    crosses = inside[:-1] != inside[1:]
    share = (limit - start[crosses, axis]) / (end[crosses, axis] - start[crosses, axis])
    met = start[crosses] + share[:, None] * (end[crosses] - start[crosses])
    met[:, axis] = limit
    # Along each step: where it crosses, then its end if that is inside.
    order = np.concatenate([np.flatnonzero(crosses) * 2, np.flatnonzero(inside[1:]) * 2 + 1])
    kept = np.concatenate([met, end[inside[1:]]])[np.argsort(order, kind="stable")]
    return np.concatenate([kept, kept[:1]])


def _clipped_lines(lines: list[Points], box: Box) -> list[Points]:
    near = [
        line
        for line in lines
        if not ((line.min(axis=0) > box[2:]).any() or (line.max(axis=0) < box[:2]).any())
    ]
    if not near:
        return []
    made = shapely.linestrings(
        np.concatenate(near), indices=np.repeat(np.arange(len(near)), [len(line) for line in near])
    )
    cut = shapely.clip_by_rect(made, *box)
    parts = shapely.get_parts(shapely.get_parts(cut))
    return [
        shapely.get_coordinates(part)
        for part in parts
        if part.geom_type == "LineString" and not part.is_empty
    ]


def _country(geometry: dict[str, Any]) -> Country:
    name = geometry["properties"]["name"]
    # CLDR's aliases lead from ISO 3166-1's numbers, which world-atlas gives, to its letters.
    letters = get_global("territory_aliases").get(str(geometry.get("id", "")).zfill(3), [])
    arcs = geometry["arcs"]
    polygons = arcs if geometry["type"] == "MultiPolygon" else [arcs] if geometry["type"] == "Polygon" else []
    return Country(letters[0] if letters else name, name, polygons)


def _arc(number: int) -> int:
    return number if number >= 0 else ~number
