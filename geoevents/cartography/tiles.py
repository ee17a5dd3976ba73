"""Events as tiles: counts per cell when zoomed out, the events themselves when zoomed in.

Knows the tile grid, cells and what is big enough to see. Knows nothing of requests or stores.

A tile is `{"cells": [[x, y, {code: [count, sum_dx, sum_dy]}, extent]...], "features": [...]}`; x and y count
cells of 64 pixels from its north-west corner, dx and dy are pixels from there, extent is west, south, east,
north, west being greater where it crosses 180 degrees. Every event that can be drawn is in exactly one tile
of a zoom, once: counted in a cell, or as a feature with an `anchor`. A tile gives features alone while it
holds at most FEW events or is of the LAST_ZOOM (there at most MOST_LISTED, the newest; the rest stay
counted); a cell with one event gives it as a feature at any zoom. What is SEEN pixels or wider is also drawn
in every other tile it reaches, as a feature whose `anchor` is null: shape, not count. In a tile that counts,
only areas and lines wider than a cell are, lest circles hide the counts. Zoom 0 also says, by type, how many
events have no place on the map (`unplaced`).
"""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoevents.cartography.drawing import Drawing, Drawn, drawing, popup
from geoevents.cartography.outlines import TILE, Outline, cut_to_tile, whole
from geoevents.errors import InvalidQuery
from geoevents.events import Event
from geoevents.messages import Message
from geoevents.places import BBox

CELL = 64
CELLS = TILE // CELL
LAST_ZOOM = 16
FEW = 25
SEEN = 14
MOST_SHAPES = 20
MOST_LISTED = 200
# The square world of web maps ends here (EPSG:3857): atan(sinh(pi)) in degrees.
LAST_LATITUDE = math.degrees(math.atan(math.sinh(math.pi)))

Index = NDArray[np.int64]
Floats = NDArray[np.float64]


class TileCache:
    """The `Tiles` of the questions asked last, by revision and question; safe for several threads."""

    def __init__(self, size: int = 16) -> None:
        self._kept: OrderedDict[Hashable, Tiles] = OrderedDict()
        self._size = size
        self._lock = Lock()
        self._being_made: dict[Hashable, Lock] = {}

    def of(self, key: Hashable, events: Callable[[], Iterable[Event]]) -> Tiles:
        """
        The tiles kept under `key`, which names revision and question; else made of `events()`.

        Who asks for the same waits for the one that makes them; who asks for others does not.
        """
        with self._lock:
            if (kept := self._found(key)) is not None:
                return kept
            turn = self._being_made.setdefault(key, Lock())
        with turn:
            with self._lock:
                if (kept := self._found(key)) is not None:
                    return kept
            try:
                made = Tiles(events())
                with self._lock:
                    self._kept[key] = made
                    while len(self._kept) > self._size:
                        self._kept.popitem(last=False)
                return made
            finally:
                with self._lock:
                    self._being_made.pop(key, None)

    def _found(self, key: Hashable) -> Tiles | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)


class Tiles:
    """
    The public views of one revision and one question, ready to be cut into tiles.

    Building it draws every event once; a tile then costs a mask over the columns and its own features.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        self._events: list[Event] = []
        self._drawings: list[Drawing] = []
        self._unplaced: dict[str, int] = {}
        self._all = list(events)
        for event in self._all:
            drawn = drawing(event)
            if drawn is None:
                self._unplaced[event.event_type] = self._unplaced.get(event.event_type, 0) + 1
            else:
                self._events.append(event)
                self._drawings.append(drawn)
        self._codes = sorted({event.event_type for event in self._events})
        self._columns()

    def json(self, z: int, x: int, y: int) -> bytes:
        """The tile as UTF-8 JSON; the same events give the same bytes. Raises as `tile`."""
        return json.dumps(self.tile(z, x, y), ensure_ascii=False, separators=(",", ":")).encode()

    def tile(self, z: int, x: int, y: int) -> dict[str, Any]:
        """The tile as plain data. Raises InvalidQuery where there is no such tile."""
        check_tile(z, x, y)
        size = 2**z
        own = np.flatnonzero((np.floor(self._x * size) == x) & (np.floor(self._y * size) == y))
        listed, counted = self._divided(own, z, x, y)
        shapes = self._shapes_reaching(z, x, y, besides=listed, are_counted=len(counted) > 0)
        features = [self._feature(int(i), z, x, y, is_anchored=True) for i in listed]
        reaching = (self._feature(int(i), z, x, y, is_anchored=False) for i in shapes)
        # A shape may miss a tile that its box reaches; what was cut away is nothing to send.
        features += [feature for feature in reaching if feature["geometry"]["coordinates"]]
        answer: dict[str, Any] = {"cells": self._cells(counted, z, x, y), "features": features}
        return answer | ({"unplaced": self._unplaced} if z == 0 else {})

    def whole(self) -> dict[str, Any]:
        """Every event once, with its whole outline, in the order given: for a map without tiles."""
        numbers = {event.id: number for number, event in enumerate(self._events)}
        features = [self._whole_feature(event, numbers.get(event.id)) for event in self._all]
        return {"features": features, "unplaced": self._unplaced}

    def extent(self) -> BBox | None:
        """The box of all that is drawn, or None where nothing is."""
        return BBox.around(each.extent for each in self._drawings) if self._drawings else None

    def _columns(self) -> None:
        corners = [(d.anchor.lon, d.anchor.lat, *d.extent.as_list()) for d in self._drawings]
        table = np.array(corners, dtype=np.float64).reshape(-1, 6)
        self._lon, self._lat = table[:, 0], table[:, 1]
        self._x, self._y = _world(self._lon, self._lat)
        self._west, self._south = _world(table[:, 2], table[:, 3])
        self._east, self._north = _world(table[:, 4], table[:, 5])
        # A pin's extent is a point, so its width is 0 and it never counts as wide enough to be a shape.
        self._crosses = self._west > self._east
        self._width = np.maximum(self._east - self._west + self._crosses, self._south - self._north)
        self._is_outlined = np.array([d.radius_m is None for d in self._drawings], dtype=bool)
        place = {code: number for number, code in enumerate(self._codes)}
        self._code = np.array([place[event.event_type] for event in self._events], dtype=np.int64)
        by_newness = sorted(range(len(self._events)), key=lambda i: _newness(self._events[i]))
        self._rank = np.empty(len(self._events), dtype=np.int64)
        self._rank[by_newness] = np.arange(len(self._events))

    def _newest(self, numbers: Index, most: int) -> Index:
        return numbers[np.argsort(-self._rank[numbers])][:most]

    def _divided(self, own: Index, z: int, x: int, y: int) -> tuple[Index, Index]:
        """The tile's events: those given as features, newest first, and those counted in cells."""
        if len(own) <= FEW or z >= LAST_ZOOM:
            listed = self._newest(own, MOST_LISTED)
        else:
            cell = self._cell_of(own, z, x, y)
            listed = self._newest(own[np.bincount(cell, minlength=CELLS * CELLS)[cell] == 1], FEW)
        return listed, np.setdiff1d(own, listed)

    def _cell_of(self, numbers: Index, z: int, x: int, y: int) -> Index:
        dx, dy = self._offsets(numbers, z, x, y)
        return (np.floor(dy / CELL) * CELLS + np.floor(dx / CELL)).astype(np.int64)

    def _offsets(self, numbers: Index, z: int, x: int, y: int) -> tuple[Floats, Floats]:
        """Pixels from the tile's north-west corner, below TILE even where rounding would reach it."""
        last = np.nextafter(TILE, 0)
        across = np.clip((self._x[numbers] * 2**z - x) * TILE, 0, last)
        return across, np.clip((self._y[numbers] * 2**z - y) * TILE, 0, last)

    def _cells(self, counted: Index, z: int, x: int, y: int) -> list[list[Any]]:
        cell = self._cell_of(counted, z, x, y)
        dx, dy = self._offsets(counted, z, x, y)
        answer = []
        for number in np.unique(cell):
            inside = cell == number
            here = counted[inside]
            counts = {}
            for code in np.unique(self._code[here]):
                of_type = self._code[here] == code
                sums = (float(dx[inside][of_type].sum()), float(dy[inside][of_type].sum()))
                counts[self._codes[code]] = [int(of_type.sum()), round(sums[0], 1), round(sums[1], 1)]
            answer.append([int(number) % CELLS, int(number) // CELLS, counts, self._extent(here)])
        return answer

    def _extent(self, numbers: Index) -> list[float]:
        lons, lats = self._lon[numbers], self._lat[numbers]
        return [round(float(value), 6) for value in (lons.min(), lats.min(), lons.max(), lats.max())]

    def _shapes_reaching(self, z: int, x: int, y: int, *, besides: Index, are_counted: bool) -> Index:
        size = 2**z
        begins, ends = self._west * size < x + 1, self._east * size > x
        across = np.where(self._crosses, begins | ends, begins & ends)
        reaches = across & (self._north * size < y + 1) & (self._south * size > y)
        pixels = self._width * size * TILE
        wide = (pixels >= CELL) & self._is_outlined if are_counted else pixels >= SEEN
        return self._newest(np.setdiff1d(np.flatnonzero(wide & reaches), besides), MOST_SHAPES)

    def _feature(self, number: int, z: int, x: int, y: int, *, is_anchored: bool) -> dict[str, Any]:
        drawn = self._drawings[number]
        is_seen = bool(self._width[number] * 2**z * TILE >= SEEN)
        outline = cut_to_tile(drawn, z, x, y) if is_seen and drawn.radius_m is None else None
        return _feature(self._events[number], drawn, outline, shown=is_seen, is_anchored=is_anchored)

    def _whole_feature(self, event: Event, number: int | None) -> dict[str, Any]:
        if number is None:
            nothing = {
                "drawn": None,
                "shown": False,
                "radius_m": None,
                "anchor": None,
                "extent": None,
            }
            return {"type": "Feature", "id": event.id, "geometry": None, "properties": popup(event) | nothing}
        drawn = self._drawings[number]
        is_outlined = drawn.radius_m is None and drawn.how is not Drawn.PIN
        return _feature(event, drawn, whole(drawn) if is_outlined else None, shown=True, is_anchored=True)


def check_tile(z: int, x: int, y: int) -> None:
    """Raise InvalidQuery unless there is such a tile."""
    if not (0 <= z <= LAST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise InvalidQuery(
            Message(
                "There is no tile {z}/{x}/{y}. Zoom is 0 to {last}, x and y are below 2 to its power.",
                z=z, x=x, y=y, last=LAST_ZOOM,
            ),
            "tile",
        )  # fmt: skip


def _world(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """The square world, 0 to 1 from its north-west corner (EPSG:3857); what lies beyond is at its edge."""
    below_one = np.nextafter(1.0, 0)
    sine = np.sin(np.radians(np.clip(lat, -LAST_LATITUDE, LAST_LATITUDE)))
    across = np.clip((lon + 180) / 360, 0, below_one)
    return across, np.clip(0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi), 0, below_one)


def _feature(
    event: Event, drawn: Drawing, outline: Outline | None, *, shown: bool, is_anchored: bool
) -> dict[str, Any]:
    anchor = [round(drawn.anchor.lon, 6), round(drawn.anchor.lat, 6)]
    geometry, cut = outline or ({"type": "Point", "coordinates": anchor}, {})
    properties = popup(event) | {
        "drawn": drawn.how.value,
        "shown": shown,
        "radius_m": drawn.radius_m,
        "anchor": anchor if is_anchored else None,
        "extent": None if drawn.how is Drawn.PIN else [round(each, 5) for each in drawn.extent.as_list()],
    }
    estimated = {"estimated": True} if drawn.is_estimated else {}
    return {
        "type": "Feature",
        "id": event.id,
        "geometry": geometry,
        "properties": properties | estimated | cut,
    }


def _newness(event: Event) -> tuple[str, str]:
    return (event.date_start.isoformat(), event.id)
