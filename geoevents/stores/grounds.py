"""Metres from many positions to the edge of a region at once, each with how much that may be off.

Knows the formulas of regions.py for arrays, and a coarse grid that spares most positions a closer look. What
is `off` by too much to decide, regions.py decides.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from geoevents.geometries import Geometry
from geoevents.places import EARTH_RADIUS_M, METRES_A_DEGREE, BBox
from geoevents.regions import Circle, lines_of
from geoevents.stores.columns import Floats

_Measured = tuple[Floats, Floats]
# The share by which a straight line in degrees may seem longer or shorter than it is, at the least.
_LEAST_DOUBT = 0.002
_PAIRS_AT_ONCE = 400_000
_FEW = 2_000
_CELLS = 64
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
        off, doubt = self._coarsely(x, lat)
        is_open = np.abs(np.abs(off) - radius) <= doubt
        off[is_open], doubt[is_open] = self._closely(x[is_open], lat[is_open])
        return off, doubt

    def _coarsely(self, x: Floats, lat: Floats) -> _Measured:
        """The answer for the middle of a cell, for all that are in it."""
        low = np.array([x.min(), lat.min()])
        size = (np.array([x.max(), lat.max()]) - low) / _CELLS + 1e-9
        steps = np.arange(_CELLS) + 0.5
        across, up = np.meshgrid(low[0] + steps * size[0], low[1] + steps * size[1])
        off, doubt = self._closely(across.ravel(), up.ravel())
        cell = ((lat - low[1]) / size[1]).astype(np.int32) * _CELLS + ((x - low[0]) / size[0]).astype(
            np.int32
        )
        half_m = math.hypot(*size) / 2 * METRES_A_DEGREE * (1 + _LEAST_DOUBT)
        return off[cell], doubt[cell] + half_m

    def _closely(self, x: Floats, lat: Floats) -> _Measured:
        off = np.empty(len(x))
        at_once = max(1, _PAIRS_AT_ONCE // len(self._x))
        for start in range(0, len(x), at_once):
            part = slice(start, start + at_once)
            off[part] = self._measured(x[part], lat[part])
        # On a map stretched by the cosine of its own latitude, what is some way north or south is not.
        far = np.abs(off) / EARTH_RADIUS_M
        doubt = np.abs(off) * (_LEAST_DOUBT + far * np.abs(np.tan(np.radians(lat))) * 1.5 + far * far)
        return off, np.where(np.abs(lat) > _NORTHMOST, np.inf, doubt + 1.0)

    def _measured(self, x: Floats, lat: Floats) -> Floats:
        scale = np.cos(np.radians(lat))[:, None]
        west, south = (self._x - x[:, None]) * scale, self._y - lat[:, None]
        along, up = (self._next_x - self._x) * scale, self._next_y - self._y
        square = along * along + up * up
        share = np.clip(-(west * along + south * up) / np.where(square > 0, square, 1), 0, 1)
        near: Any = np.hypot(west + share * along, south + share * up)
        near[:, ~self._is_edge] = np.inf
        off = near.min(axis=1) * METRES_A_DEGREE
        signed: Floats = np.where(self._holds(x, lat), -off, off)
        return signed

    def _holds(self, x: Floats, lat: Floats) -> Any:
        """Even-odd rule, as in regions.is_inside."""
        y = lat[:, None]
        is_passed = (self._y > y) != (self._next_y > y)
        rise = np.where(self._next_y == self._y, 1, self._next_y - self._y)
        crossing = self._x + (y - self._y) / rise * (self._next_x - self._x)
        return (is_passed & (x[:, None] < crossing)).sum(axis=1) % 2 == 1
