"""How surely rows answer what is asked of place and time: certainties.py once more, for arrays.

Knows shortcuts that leave nothing open but what lies within a hair of an edge; of that regions.py is asked.
tests/stores/test_certainties.py holds the two together. Knows nothing of other parameters.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import reduce
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoevents.geometries import Geometry
from geoevents.places import METRES_A_DEGREE, BBox
from geoevents.queries import EventQuery, regions_asked
from geoevents.regions import Certainty, Circle, Reach, all_shapely_of, certainty, shapely_of
from geoevents.stores import grounds, reaches
from geoevents.stores.columns import POINT, SHAPE, Columns, Floats, Mask, Rows
from geoevents.stores.reaches import IS_PLACE, USUAL_M, Reaches
from geoevents.times import Interval, Occurrence

NOT, POSSIBLY, SURELY = 0, 1, 2
MEANING: tuple[Certainty | None, ...] = (None, Certainty.POSSIBLY, Certainty.SURELY)
Codes = NDArray[np.int8]
Region = BBox | Circle | Geometry
Condition = Region | Interval
# The shapes of rows, in the order of the rows asked for.
ShapesOf = Callable[[Columns, Rows], list[Geometry]]

_BEGINNING = 719_163  # of 1970-01-01, by date.toordinal()
# Metres: nearer to an edge than this, rounding may decide, and regions.py does instead.
_HAIR_M = 0.5
# The same, of exact distances to an area.
_ROUNDING_M = 0.01
# A circle around the corners of a box, whose sides bulge a little; for boxes of such a size at most.
_ROUNDER, _WIDEST_M = 1.05, 300_000.0
_LASTING = tuple(Occurrence).index(Occurrence.LASTING)
_KEPT = 24


class Certainties:
    """
    The answers to what was asked of place and time last. Rows never change, so only new ones are looked at;
    safe for several threads.
    """

    def __init__(self, shapes: ShapesOf) -> None:
        self._shapes = shapes
        self._reaches = Reaches()
        self._kept: OrderedDict[Hashable, tuple[int, Codes]] = OrderedDict()
        self._lock = Lock()

    def of(self, columns: Columns, query: EventQuery) -> Codes:
        """As `certainties`."""
        found = (self._answer(columns, each) for each in conditions(query))
        return reduce(np.minimum, found, np.full(len(columns), SURELY, np.int8))

    def counted(self, columns: Columns, query: EventQuery, mask: Mask) -> dict[Certainty, int]:
        """How many of the rows of a mask, which are all that the query finds, are meant how surely."""
        is_sure = mask if query.certainty is not Certainty.POSSIBLY else np.zeros(len(mask), bool)
        for asked in () if query.certainty else conditions(query):
            is_sure = self._sure_of(columns, asked, is_sure)
        sure = int(np.count_nonzero(is_sure))
        return {Certainty.SURELY: sure, Certainty.POSSIBLY: int(np.count_nonzero(mask)) - sure}

    def of_found(self, query: EventQuery, columns: Columns, rows: Rows) -> Sequence[Certainty]:
        """How surely each of these rows, which the query finds, is meant (EventQuery.certainty_of)."""
        if query.certainty is not None:
            return [query.certainty] * len(rows)
        is_sure = np.ones(len(rows), bool)
        for asked in conditions(query):
            is_sure &= self._surely(columns, asked, rows)
        return [Certainty.SURELY if each else Certainty.POSSIBLY for each in is_sure.tolist()]

    def _sure_of(self, columns: Columns, asked: Condition, mask: Mask) -> Mask:
        """The rows of a mask, which all are possibly in what is asked, that surely are."""
        if isinstance(asked, Interval):
            return mask & _holds(columns, asked, slice(None))
        if not isinstance(asked, BBox) or reaches.touches_180(asked):
            found: Mask = mask & (self._answer(columns, asked) == SURELY)
            return found
        is_sure, still_open = self._reaches.inside(columns, mask, asked)
        if len(still_open):
            is_sure[still_open] = self._surely(columns, asked, still_open)
        return is_sure

    def _surely(self, columns: Columns, asked: Condition, rows: Rows) -> Mask:
        """Which of these rows, which all are possibly in what is asked, surely are."""
        if isinstance(asked, Interval):
            return _holds(columns, asked, rows)
        if not isinstance(asked, BBox) or not reaches.can_tell(columns, rows, asked):
            found: Mask = self._answer(columns, asked)[rows] == SURELY
            return found
        is_sure, is_open = reaches.surely_in(columns, rows, asked)
        if is_open.any():
            near = rows[is_open]
            radius = reaches.radius_m(columns, near)
            is_sure[is_open] = _each_once(columns.lon[near], columns.lat[near], radius, asked) == SURELY
        return is_sure

    def _answer(self, columns: Columns, asked: Condition) -> Codes:
        with self._lock:
            generation, known = self._kept.get(asked, (0, np.empty(0, np.int8)))
        if generation != columns.generation:
            known = known[:0]
        if len(known) < len(columns):
            new = _answered(columns.since(len(known)), asked, self._shapes)
            known = np.concatenate([known, new]) if len(known) else new
            with self._lock:
                self._kept[asked] = columns.generation, known
                self._kept.move_to_end(asked)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return known[: len(columns)]


def certainties(columns: Columns, query: EventQuery, shapes: ShapesOf) -> Codes:
    """
    How surely each row, dead ones too, is in all that is asked of place and time, by where it may have been.
    MEANING says what a code means.
    """
    found = (_answered(columns, each, shapes) for each in conditions(query))
    return reduce(np.minimum, found, np.full(len(columns), SURELY, np.int8))


def conditions(query: EventQuery) -> list[Condition]:
    """What a query asks of place and time, one by one."""
    return [each for each in (*regions_asked(query), query.bbox, query.interval) if each is not None]


def _answered(columns: Columns, asked: Condition, shapes: ShapesOf) -> Codes:
    return of_days(columns, asked) if isinstance(asked, Interval) else of_place(columns, asked, shapes)


def of_days(columns: Columns, asked: Interval) -> Codes:
    first, last = bounds(asked)
    meets = (columns.day_start <= last) & (columns.day_end >= first)
    return _codes(meets, meets & _holds(columns, asked, slice(None)))


def _holds(columns: Columns, asked: Interval, rows: Rows | slice) -> Mask:
    """Which of the rows that meet an interval are surely in it."""
    first, last = bounds(asked)
    start, end = columns.day_start[rows], columns.day_end[rows]
    is_lasting = columns.occurrence[rows] == _LASTING
    holds = (start >= first) & (end <= last) & ~is_lasting
    lasting = is_lasting & (start <= last) & (columns.day_sure[rows] >= first)
    found: Mask = holds | lasting
    return found


def bounds(asked: Interval) -> tuple[int, int]:
    """The first and the last day as columns count them."""
    ends = np.iinfo(np.int32)
    first = int(ends.min) if asked.start is None else asked.start.toordinal() - _BEGINNING
    return first, int(ends.max) if asked.end is None else asked.end.toordinal() - _BEGINNING


def is_located(columns: Columns) -> Mask:
    return IS_PLACE[columns.geo_precision] & (columns.geometry_kind > 0)


def of_place(columns: Columns, asked: Region, shapes: ShapesOf) -> Codes:
    codes = np.zeros(len(columns), np.int8)
    box = _box_of(asked)
    _points(columns, asked, box, codes)
    _shapes(columns, asked, box, codes, shapes)
    return codes


def _points(columns: Columns, asked: Region, box: BBox, codes: Codes) -> None:
    said = columns.uncertainty_m
    # Two passes, lest one point that may be anywhere makes all the others be looked at.
    usual_m = float(USUAL_M.max())
    is_wide = (said > usual_m) & (columns.geometry_kind == POINT)
    rows = np.flatnonzero(_in_box(columns, _widened(box, usual_m)) & ~is_wide)
    wide = np.flatnonzero(is_wide)
    if len(wide):
        reach_m = float(said[wide].max())
        wide = wide[_in_box_of(columns.lon[wide], columns.lat[wide], _widened(box, reach_m))]
        rows = np.concatenate([rows, wide])
    rows = rows[IS_PLACE[columns.geo_precision[rows]]]
    if isinstance(asked, BBox) and not reaches.touches_180(asked):
        is_sure, is_partly, is_open = reaches.told_by_boxes(columns, rows, asked)
        codes[rows] = _codes(is_sure | is_partly, is_sure)
        rows = rows[is_open]
    if not len(rows):
        return
    lon, lat, said = columns.lon[rows], columns.lat[rows], said[rows]
    precision = columns.geo_precision[rows]
    radius = np.where(said >= 0, said, USUAL_M[precision])
    off, doubt = grounds.edge_m(lon, lat, radius, asked)
    found = _codes(off <= radius, off + radius <= 0)
    open_to_doubt = np.abs(np.abs(off) - radius) <= doubt + _HAIR_M
    if isinstance(asked, Geometry):
        open_to_doubt = _closer(lon, lat, radius, asked, found, open_to_doubt)
    found[open_to_doubt] = _each_once(lon[open_to_doubt], lat[open_to_doubt], radius[open_to_doubt], asked)
    is_unknown = (said < 0) & (precision < 0)
    found[is_unknown] = np.minimum(found[is_unknown], POSSIBLY)
    codes[rows] = found


def _closer(
    lon: Floats, lat: Floats, radius: Floats, asked: Geometry, found: Codes, open_to_doubt: Mask
) -> Mask:
    """Decide by exact distances; what is still open to doubt then."""
    radius = radius[open_to_doubt]
    off = grounds.exactly_m(lon[open_to_doubt], lat[open_to_doubt], asked)
    found[open_to_doubt] = _codes(off <= radius, off + radius <= 0)
    left = open_to_doubt.copy()
    left[open_to_doubt] = np.abs(np.abs(off) - radius) <= _ROUNDING_M
    return left


def _each_once(lon: Floats, lat: Floats, radius: Floats, asked: Region) -> Codes:
    """The same by regions.py, for each place once: many events are at the same."""
    if not len(lon):
        return np.empty(0, np.int8)
    places, which = np.unique(np.stack([lon, lat, radius]), axis=1, return_inverse=True)
    found = [
        MEANING.index(certainty(Reach(Geometry.point(at_lon, at_lat), within), asked))
        for at_lon, at_lat, within in places.T.tolist()
    ]
    return np.array(found, np.int8)[which.ravel()]


def _shapes(columns: Columns, asked: Region, box: BBox, codes: Codes, shapes: ShapesOf) -> None:
    rows = np.flatnonzero(columns.geometry_kind == SHAPE)
    rows = rows[IS_PLACE[columns.geo_precision[rows]]]
    rows = rows[boxes_meet(columns, rows, box)]
    if isinstance(asked, BBox) and not asked.crosses_antimeridian and len(rows):
        west, south, east, north = (
            getattr(columns, side)[rows] for side in ("west", "south", "east", "north")
        )
        is_inside = (west >= asked.west) & (east <= asked.east) & (west <= east)
        is_inside &= (south >= asked.south) & (north <= asked.north)
        codes[rows[is_inside]] = SURELY
        rows = rows[~is_inside]
    if not len(rows):
        return
    _, first, which = np.unique(columns.shape[rows], return_index=True, return_inverse=True)
    some = rows[first].astype(np.int32)
    found, is_open = _by_their_boxes(columns, some, asked)
    if is_open.any():
        near = some[is_open]
        found[is_open] = _one_by_one(shapes(columns, near), asked, columns.west[near] > columns.east[near])
    codes[rows] = found[which.ravel()]


def _by_their_boxes(columns: Columns, rows: Rows, asked: Region) -> tuple[Codes, Mask]:
    """What circles around the boxes of shapes tell: all of it is inside, none is, or it is open."""
    west, south, east, north = (getattr(columns, side)[rows] for side in ("west", "south", "east", "north"))
    lon, lat = (west + east) / 2, (south + north) / 2
    corners = [grounds.apart_m(lon, lat, x, y) for x in (west, east) for y in (south, north)]
    radius = np.max(corners, axis=0) * _ROUNDER + _HAIR_M
    off, doubt = grounds.edge_m(lon, lat, radius, asked)
    is_open = (np.abs(off) <= radius + doubt + _HAIR_M) | (west > east) | (radius > _WIDEST_M)
    return _codes(off < 0, off < 0), is_open


def _one_by_one(shapes: Sequence[Geometry], asked: Region, is_on_both_sides: Mask) -> Codes:
    """As regions.certainty has it, all at once where that can be."""
    if isinstance(asked, Circle) or (isinstance(asked, BBox) and asked.crosses_antimeridian):
        return np.array([_code(shape, asked) for shape in shapes], np.int8)
    from shapely import box, covers, from_wkb, intersects, prepare, to_wkb

    wholes = all_shapely_of(shapes)
    if isinstance(asked, Geometry):
        # One of our own: what is prepared is not for several threads.
        area = from_wkb(to_wkb(shapely_of(asked)))
        prepare(area)
        return _codes(intersects(area, wholes), covers(area, wholes))
    # Those whose own box is inside were told before: none of these is there with all of it.
    rectangle = box(asked.west, asked.south, asked.east, asked.north)
    found: Codes = np.where(intersects(rectangle, wholes), POSSIBLY, NOT).astype(np.int8)
    for number in np.flatnonzero(is_on_both_sides).tolist():
        found[number] = _code(shapes[number], asked)
    return found


def _code(shape: Geometry, asked: Region) -> int:
    return MEANING.index(certainty(Reach(shape), asked))


def _codes(is_possible: Mask, is_sure: Mask) -> Codes:
    return is_possible.astype(np.int8) + (is_sure & is_possible)


def _box_of(asked: Region) -> BBox:
    if isinstance(asked, BBox):
        return asked
    if isinstance(asked, Geometry):
        return asked.bbox
    centre = asked.centre
    return _widened(BBox(centre.lon, centre.lat, centre.lon, centre.lat), asked.radius_m)


def _widened(box: BBox, metres: float) -> BBox:
    """A box around all that is so near to it, and a little more."""
    up = metres / METRES_A_DEGREE * 1.001 + 1e-5
    most = max(abs(box.south), abs(box.north)) + up
    if most >= 89.9:
        return BBox(-180, max(-90.0, box.south - up), 180, min(90.0, box.north + up))
    sine = math.sin(math.radians(min(up, 89.9))) / math.cos(math.radians(most - up))
    aside = 180.0 if sine >= 1 else math.degrees(math.asin(sine)) * 1.001 + 1e-5
    return box.widened(up, aside)


def _in_box(columns: Columns, box: BBox) -> Any:
    return _in_box_of(columns.lon, columns.lat, box)


def _in_box_of(lon: Floats, lat: Floats, box: BBox) -> Any:
    """Comparing with NaN is false, so what is no point is not in it. On 180 degrees is on both sides."""
    found = (lat >= box.south) & (lat <= box.north)
    if box.width >= 360:
        return found
    if box.crosses_antimeridian:
        return found & ((lon >= box.west) | (lon <= box.east))
    is_between = (lon >= box.west) & (lon <= box.east)
    if box.west == -180 or box.east == 180:
        is_between |= np.abs(lon) == 180
    return found & is_between


def boxes_meet(columns: Columns, rows: Any, box: BBox) -> Any:
    """Which of these rows have a geometry whose box meets another."""
    found = (columns.south[rows] <= box.north) & (columns.north[rows] >= box.south)
    if box.width >= 360:
        return found
    level = np.flatnonzero(found)
    west, east = columns.west[rows[level]], columns.east[rows[level]]
    crossing = west > east
    across = np.zeros(len(level), bool)
    for half in box.halves():
        begins, ends = west <= half.east, east >= half.west
        across |= (begins & ends) | (crossing & (begins | ends))
    found[level] = across
    return found
