"""Metres from many positions to the edge of a region at once, each with how much that may be off.

Knows the formulas of regions.py for arrays, and a coarse grid that spares most positions a closer look. What
is `off` by too much to decide, regions.py decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoevents.geometries import Geometry
from geoevents.places import EARTH_RADIUS_M, METRES_A_DEGREE, BBox, LonLat
from geoevents.regions import Circle, finely, is_inside, lines_of
from geoevents.stores.columns import Floats, Mask

_Measured = tuple[Floats, Floats]
# The share by which a straight line in degrees may seem longer or shorter than it is, at the least.
_LEAST_DOUBT = 0.002
_PAIRS_AT_ONCE = 400_000
_FEW = 2_000
_CELLS = 32
# Within a cell the map is stretched otherwise than in its middle, by a few hundredths at the most.
_STRETCHED = 1.06
# Beyond these, degrees are no measure: of a region so wide, or so far north, regions.py is asked of each.
_WIDEST, _NORTHMOST = 90.0, 80.0


def edge_m(lon: Floats, lat: Floats, radius: Floats, asked: BBox | Circle | Geometry) -> _Measured:
    """
    As regions.edge_m: below zero inside. The second array is by how much the first may be off, in metres.

    `radius` is what each is compared with: far from that a coarse answer is as good as a close one.
    """
    if isinstance(asked, Circle):
        return apart_m(lon, lat, asked.centre.lon, asked.centre.lat) - asked.radius_m, np.zeros(len(lon))
    if isinstance(asked, BBox):
        return _to_box_m(lon, lat, asked), np.zeros(len(lon))
    box = asked.bbox
    if box.width > _WIDEST or max(abs(box.south), abs(box.north)) > _NORTHMOST:
        return np.zeros(len(lon)), np.full(len(lon), np.inf)
    return _Area(asked, box).edge_m(lon, lat, radius)


def exactly_m(lon: Floats, lat: Floats, area: Geometry) -> Floats:
    """As regions.edge_m, to less than a millimetre: for positions of which a closer look is needed."""
    edges = [(*start, *end) for line in finely(area) for start, end in pairwise(line)]
    table = np.array(edges, np.float64).T
    table = table[:, ~((np.abs(table[0]) == 180) & (np.abs(table[2]) == 180))]
    found = np.empty(len(lon))
    at_once = max(1, _PAIRS_AT_ONCE // max(1, table.shape[1]))
    for start in range(0, len(lon), at_once):
        part = slice(start, start + at_once)
        ends = (_flat(lon[part, None], lat[part, None], *each) for each in (table[:2], table[2:]))
        found[part] = _from_origin(*ends).min(axis=1, initial=np.inf)
    positions = zip(lon.tolist(), lat.tolist(), strict=True)
    inside = np.array([is_inside(LonLat(*each), area) for each in positions], bool)
    return np.where(inside, -found, found)


def _flat(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> _Measured:
    """regions.flat, for arrays."""
    across, up, home = np.radians(to_lon - lon), np.radians(to_lat), np.radians(lat)
    east = np.cos(up) * np.sin(across)
    north = np.cos(home) * np.sin(up) - np.sin(home) * np.cos(up) * np.cos(across)
    towards = np.sin(home) * np.sin(up) + np.cos(home) * np.cos(up) * np.cos(across)
    sine = np.hypot(east, north)
    angle = np.arctan2(sine, towards)
    scale = EARTH_RADIUS_M * np.divide(angle, sine, out=np.ones_like(sine), where=sine > 0)
    return np.where((sine == 0) & (towards < 0), math.pi * EARTH_RADIUS_M, east * scale), north * scale


def _from_origin(start: _Measured, end: _Measured) -> Floats:
    """regions._from_origin, for arrays."""
    across, up = end[0] - start[0], end[1] - start[1]
    square = across * across + up * up
    share = np.clip(-(start[0] * across + start[1] * up) / np.where(square > 0, square, 1), 0, 1)
    near: Floats = np.hypot(start[0] + share * across, start[1] + share * up)
    from_start = np.hypot(*start)
    return np.where(from_start > EARTH_RADIUS_M, np.minimum(from_start, np.hypot(*end)), near)


def apart_m(lon: Floats, lat: Floats, to_lon: Floats | float, to_lat: Floats | float) -> Floats:
    """Metres between positions (haversine formula)."""
    half_lon, half_lat = np.radians(to_lon - lon) / 2, np.radians(to_lat - lat) / 2
    along = np.cos(np.radians(lat)) * np.cos(np.radians(to_lat))
    chord = np.sin(half_lat) ** 2 + along * np.sin(half_lon) ** 2
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return metres


def _to_box_m(lon: Floats, lat: Floats, box: BBox) -> Floats:
    is_around = box.width >= 360
    off = np.full(len(lon), math.pi * EARTH_RADIUS_M)
    if not is_around:
        for side in (box.west, box.east):
            off = np.minimum(off, _to_meridian_m(lon, lat, side, box))
    is_between = ((lon - box.west) % 360 <= box.width) | is_around
    for edge in (box.south, box.north):
        if abs(edge) < 90:
            across = np.radians(np.abs(lat - edge)) * EARTH_RADIUS_M
            off = np.where(is_between, np.minimum(off, across), off)
    return np.where(is_between & (lat >= box.south) & (lat <= box.north), -off, off)


def _to_meridian_m(lon: Floats, lat: Floats, side: float, box: BBox) -> Floats:
    across, up = np.radians(lon - side), np.radians(lat)
    foot = np.degrees(np.arctan2(np.sin(up), np.cos(up) * np.cos(across)))
    ends = np.minimum(apart_m(lon, lat, side, box.south), apart_m(lon, lat, side, box.north))
    is_on_it = (foot > box.south) & (foot < box.north)
    return np.where(is_on_it, np.minimum(ends, apart_m(lon, lat, side, foot)), ends)


class _Area:
    """The edges of an area in degrees, counted from half way round the globe, lest 180 degrees lie in it."""

    def __init__(self, area: Geometry, box: BBox) -> None:
        self._from = box.middle.lon - 180
        self._box = box
        edges = [(*start, *end) for line in lines_of(area) for start, end in pairwise(line)]
        table = np.array(edges, np.float64)
        # Where an area is cut at 180 degrees is no edge of it.
        self._is_edge = ~((np.abs(table[:, 0]) == 180) & (np.abs(table[:, 2]) == 180))
        self._x, self._next_x = (table[:, 0] - self._from) % 360, (table[:, 2] - self._from) % 360
        self._y, self._next_y = table[:, 1], table[:, 3]

    def edge_m(self, lon: Floats, lat: Floats, radius: Floats) -> _Measured:
        x = (lon - self._from) % 360
        if len(x) <= _FEW:
            return self._closely(x, lat)
        cells = _Cells(x, lat)
        some, which = np.unique(cells.of_each, return_inverse=True)
        off, doubt = (each[which.ravel()] for each in self._closely(cells.x[some], cells.y[some]))
        half_m = math.hypot(*cells.size) / 2 * METRES_A_DEGREE * (1 + _LEAST_DOUBT)
        doubt += half_m
        is_open = np.abs(np.abs(off) - radius) <= doubt
        off[is_open], doubt[is_open] = self._by_near_edges(x[is_open], lat[is_open], cells, is_open)
        return off, doubt

    def _by_near_edges(self, x: Floats, lat: Floats, cells: _Cells, is_open: Mask) -> _Measured:
        """As `_closely`, of those edges that may be the nearest to a cell, or cross its row."""
        cell = cells.of_each[is_open]
        some, which = np.unique(cell, return_inverse=True)
        near = self._distances(cells.x[some], cells.y[some])
        far = math.hypot(*cells.size) * (1 + 10 * _LEAST_DOUBT)
        off = np.empty(len(x))
        for part, edges in _pairs(which.ravel(), near <= near.min(axis=1, keepdims=True) * _STRETCHED + far):
            apart = self._distances(x[part.points], lat[part.points], edges)
            off[part.first_points] = np.minimum.reduceat(apart, part.firsts) * METRES_A_DEGREE
        rows, which = np.unique(cell // _CELLS, return_inverse=True)
        low = cells.low[1] + rows * cells.size[1] - 1e-9
        beside = (np.minimum(self._y, self._next_y) <= (low + cells.size[1] + 2e-9)[:, None]) & (
            np.maximum(self._y, self._next_y) >= low[:, None]
        )
        is_inside = np.zeros(len(x), bool)
        for part, edges in _pairs(which.ravel(), beside):
            passed = self._passes(x[part.points], lat[part.points], edges)
            is_inside[part.first_points] = np.add.reduceat(passed.astype(np.int32), part.firsts) % 2 == 1
        return self._with_doubt(np.where(is_inside, -off, off), lat)

    def _closely(self, x: Floats, lat: Floats) -> _Measured:
        off = np.empty(len(x))
        at_once = max(1, _PAIRS_AT_ONCE // len(self._x))
        for start in range(0, len(x), at_once):
            part = slice(start, start + at_once)
            off[part] = self._measured(x[part], lat[part])
        return self._with_doubt(off, lat)

    def _with_doubt(self, off: Floats, lat: Floats) -> _Measured:
        # On a map stretched by the cosine of its own latitude, what is some way north or south is not.
        far = np.abs(off) / EARTH_RADIUS_M
        doubt = np.abs(off) * (_LEAST_DOUBT + far * np.abs(np.tan(np.radians(lat))) * 1.5 + far * far)
        return off, np.where(np.abs(lat) > _NORTHMOST, np.inf, doubt + 1.0)

    def _measured(self, x: Floats, lat: Floats) -> Floats:
        off = self._distances(x, lat).min(axis=1) * METRES_A_DEGREE
        # Even-odd rule, as in regions.is_inside.
        is_inside = self._passes(x[:, None], lat[:, None], slice(None)).sum(axis=1) % 2 == 1
        signed: Floats = np.where(is_inside, -off, off)
        return signed

    def _distances(self, x: Floats, lat: Floats, edges: Any = None) -> Floats:
        """Degrees from positions to edges: from each to all, or from each to that of its own."""
        if edges is None:
            x, lat, edges = x[:, None], lat[:, None], slice(None)
        scale = np.cos(np.radians(lat))
        begin_x, begin_y = self._x[edges], self._y[edges]
        west, south = (begin_x - x) * scale, begin_y - lat
        along, up = (self._next_x[edges] - begin_x) * scale, self._next_y[edges] - begin_y
        square = along * along + up * up
        share = np.clip(-(west * along + south * up) / np.where(square > 0, square, 1), 0, 1)
        near: Floats = np.hypot(west + share * along, south + share * up)
        near[..., ~self._is_edge[edges]] = np.inf
        return near

    def _passes(self, x: Floats, lat: Floats, edges: Any) -> Any:
        """Whether a line from each position to the east crosses edges."""
        y, next_y, begin_x = self._y[edges], self._next_y[edges], self._x[edges]
        rise = np.where(next_y == y, 1, next_y - y)
        crossing = begin_x + (lat - y) / rise * (self._next_x[edges] - begin_x)
        return ((y > lat) != (next_y > lat)) & (x < crossing)


class _Cells:
    """A grid over positions: the middles of its cells, and in which one each position is."""

    def __init__(self, x: Floats, lat: Floats) -> None:
        self.low = np.array([x.min(), lat.min()])
        self.size = (np.array([x.max(), lat.max()]) - self.low) / _CELLS + 1e-9
        steps = np.arange(_CELLS) + 0.5
        across, up = np.meshgrid(self.low[0] + steps * self.size[0], self.low[1] + steps * self.size[1])
        self.x, self.y = across.ravel(), up.ravel()
        column = ((x - self.low[0]) / self.size[0]).astype(np.int32)
        self.of_each = ((lat - self.low[1]) / self.size[1]).astype(np.int32) * _CELLS + column


class _Part(NamedTuple):
    """Pairs, those of one point beside each other: the point of each; where the pairs of each point begin."""

    points: NDArray[np.intp]
    firsts: NDArray[np.intp]
    first_points: NDArray[np.intp]


def _pairs(which: NDArray[np.intp], has: Mask) -> Iterator[tuple[_Part, NDArray[np.intp]]]:
    """Each point with each edge that its group has, some hundred thousand pairs at a time."""
    group, edge = np.nonzero(has)
    counts = np.bincount(group, minlength=len(has))
    begins = np.cumsum(counts) - counts
    many = counts[which]
    ends = np.cumsum(many)
    start = 0
    while start < len(which):
        done = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + _PAIRS_AT_ONCE)))
        points = np.flatnonzero(many[start:stop]) + start
        sizes = many[points]
        firsts = np.cumsum(sizes) - sizes
        within = np.arange(int(sizes.sum())) - np.repeat(firsts, sizes)
        if len(points):
            edges = edge[np.repeat(begins[which[points]], sizes) + within]
            yield _Part(np.repeat(points, sizes), firsts, points), edges
        start = stop
