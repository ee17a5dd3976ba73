"""The boxes around where each row's event may have been, and which of them lie in a box that is asked for.

Knows that a circle lies in a box when the box around the circle does. What lies within a hair of an edge it
leaves to regions.py, and boxes that touch 180 degrees to certainties.py. Knows nothing of questions.
"""

from __future__ import annotations

import math
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoevents.places import EARTH_RADIUS_M, BBox, GeoPrecision
from geoevents.regions import NOWHERE, usual_radius_m
from geoevents.stores.columns import NO_GEOMETRY, POINT, Columns, Floats, Mask, Rows

_PRECISIONS = (*GeoPrecision, None)
# By the code of a precision, None last: what its points may be off, and whether it is a place at all.
USUAL_M = np.array([usual_radius_m(each) or 0 for each in _PRECISIONS], np.float64)
IS_PLACE = np.array([each not in NOWHERE for each in _PRECISIONS], bool)
# Degrees: more than rounding comes to, in the columns of a store and in the coarse ones that are kept here.
_HAIR, _COARSE_HAIR = 1e-6, 4e-5
_BATCH = 1 << 16


class Sides(NamedTuple):
    """
    The boxes around where events may have been, by row, in degrees. Not a number where nobody says: of no
    place, or of a point known nobody says how exactly. Without end east and west where a pole is in reach.
    """

    west: NDArray[Any]
    south: NDArray[Any]
    east: NDArray[Any]
    north: NDArray[Any]

    def left(self, box: BBox) -> NDArray[Any]:
        """How far each is inside a box, in degrees from its nearest edge; below zero outside."""
        found = np.where(np.isnan(self.south), np.nan, np.inf)
        if box.width < 360:
            found = np.minimum(np.minimum(found, self.west - box.west), box.east - self.east)
        # A pole is no edge.
        if box.south > -90:
            found = np.minimum(found, self.south - box.south)
        if box.north < 90:
            found = np.minimum(found, box.north - self.north)
        return found

    def are_in(self, box: BBox, by: float) -> Mask:
        """Which are in a box, at least so many degrees from its edges."""
        edges: list[tuple[NDArray[Any], float, bool]] = []
        if box.width < 360:
            edges += [(self.west, box.west + by, True), (self.east, box.east - by, False)]
        # A pole is no edge; but what is not a number is not in any box either.
        edges += [(self.south, box.south + by if box.south > -90 else -math.inf, True)]
        edges += [(self.north, box.north - by if box.north < 90 else math.inf, False)]
        found: Mask = np.ones(len(self.south), bool)
        for sides, edge, is_least in edges:
            # Compared as what the side is: numpy would make wide numbers of all of them.
            bound = sides.dtype.type(edge)
            found &= (sides >= bound) if is_least else (sides <= bound)
        return found


class Reaches:
    """The sides of every row, coarsely. Rows never change: only new ones are worked out. For all threads."""

    def __init__(self) -> None:
        self._generation = 0
        self._sides = _none()
        self._crossing: list[int] = []
        self._lock = Lock()

    def inside(self, columns: Columns, mask: Mask, box: BBox) -> tuple[Mask, Rows]:
        """Which rows of a mask certainly are in a box with all of their reach, and of which it is open."""
        with self._lock:
            self._follow(columns)
            coarse = Sides(*(each[: len(columns)] for each in self._sides))
            is_crossing = np.zeros(len(columns), bool)
            is_crossing[[row for row in self._crossing if row < len(columns)]] = True
        is_sure = coarse.are_in(box, _COARSE_HAIR) & mask & ~is_crossing
        is_open = (coarse.are_in(box, -_COARSE_HAIR) | is_crossing) & mask & ~is_sure
        return is_sure, np.flatnonzero(is_open).astype(np.int32)

    def _follow(self, columns: Columns) -> None:
        if self._generation != columns.generation:
            self._generation, self._sides, self._crossing = columns.generation, _none(), []
        parts = [self._sides]
        for start in range(len(self._sides.west), len(columns), _BATCH):
            rows = np.arange(start, min(start + _BATCH, len(columns)))
            parts.append(sides(columns, rows))
            self._crossing += rows[columns.west[rows] > columns.east[rows]].tolist()
        if len(parts) > 1:
            together = (np.concatenate(each, dtype=np.float32) for each in zip(*parts, strict=True))
            self._sides = Sides(*together)


def radius_m(columns: Columns, rows: Any) -> Floats:
    """How far the points of rows may be off, in metres; 0 where nobody says."""
    said = columns.uncertainty_m[rows]
    found: Floats = np.where(said >= 0, said, USUAL_M[columns.geo_precision[rows]])
    return found


def sides(columns: Columns, rows: Any) -> Sides:
    """The boxes around where the events of rows may have been, as closely as can be told."""
    kind, precision = columns.geometry_kind[rows], columns.geo_precision[rows]
    is_point = kind == POINT
    angle = np.where(is_point, radius_m(columns, rows) / EARTH_RADIUS_M, 0.0)
    sine = np.sin(np.minimum(angle, math.pi / 2))
    along = np.cos(np.radians(np.where(is_point, columns.lat[rows], 0.0)))
    holds_pole = (sine >= along) & (angle > 0)
    share = np.divide(sine, along, out=np.zeros(len(along)), where=~holds_pole & (along > 0))
    aside = np.where(holds_pole, np.inf, np.degrees(np.arcsin(share)))
    up = np.degrees(angle)
    is_unknown = (kind == NO_GEOMETRY) | ~IS_PLACE[precision]
    is_unknown |= is_point & (columns.uncertainty_m[rows] < 0) & (precision < 0)
    up[is_unknown] = aside[is_unknown] = np.nan
    return Sides(
        columns.west[rows] - aside,
        columns.south[rows] - up,
        columns.east[rows] + aside,
        columns.north[rows] + up,
    )


def surely_in(columns: Columns, rows: Rows, box: BBox) -> tuple[Mask, Mask]:
    """Which rows are in a box with all of their reach; and which points are by a hair, or by a hair not."""
    left = sides(columns, rows).left(box)
    is_point = columns.geometry_kind[rows] == POINT
    return left >= np.where(is_point, _HAIR, 0.0), is_point & (np.abs(left) < _HAIR)


def told_by_boxes(columns: Columns, rows: Rows, box: BBox) -> tuple[Mask, Mask, Mask]:
    """
    Which points are in a box with all of their reach, which with a part, and of which it is open. Boxes that
    touch 180 degrees are not for here.
    """
    lon, lat = columns.lon[rows], columns.lat[rows]
    reach = sides(columns, rows)
    left, is_in = reach.left(box), Sides(lon, lat, lon, lat).left(box) >= _HAIR
    is_beside = (reach.south > box.north + _HAIR) | (reach.north < box.south - _HAIR)
    if box.width < 360:
        is_off = (reach.west > box.east + _HAIR) | (reach.east < box.west - _HAIR)
        is_beside |= is_off & (reach.west >= -180) & (reach.east <= 180)
    is_sure, is_partly = left >= _HAIR, is_in & (left <= -_HAIR)
    return is_sure, is_partly, ~(is_sure | is_partly | is_beside)


def can_tell(columns: Columns, rows: Rows, box: BBox) -> bool:
    """Whether `surely_in` can: neither the box nor what it is asked of lies on both sides of 180 degrees."""
    return box.width >= 360 or not (touches_180(box) or (columns.west[rows] > columns.east[rows]).any())


def touches_180(box: BBox) -> bool:
    return box.width < 360 and (box.crosses_antimeridian or box.west == -180 or box.east == 180)


def _none() -> Sides:
    return Sides(*(np.empty(0, np.float32) for _ in Sides._fields))
