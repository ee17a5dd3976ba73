"""Events as tiles: counts per cell when zoomed out, the events themselves when zoomed in.

Knows the tile grid, cells and which events a tile gives. Knows nothing of requests or stores.

A tile is `{"cells": [[x, y, {code: [count, sum_dx, sum_dy]}, extent]...], "features": [...]}`; x and y count
cells of 64 pixels from its north-west corner, dx and dy are pixels from there, extent is west, south, east,
north, west being greater where it crosses 180 degrees. Every event that can be drawn is in exactly one tile
of a zoom, once: counted in a cell, or as a feature with an `anchor`. A tile gives features alone while it
holds at most FEW events or is of the LAST_ZOOM (there at most MOST_LISTED, the newest; the rest stay
counted); a cell with one event gives it as a feature at any zoom. What is SEEN pixels or wider is also drawn
in every other tile it reaches, as a feature whose `anchor` is null: shape, not count. In a tile that counts,
only areas and lines wider than a cell are, lest circles hide the counts. Zoom 0 also says, by type, how many
events have no place on the map (`unplaced`). The bytes of a tile change only when what it holds does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoevents.cartography.drawn import Drawer, Lines, Rows
from geoevents.cartography.outlines import TILE
from geoevents.cartography.popups import compact
from geoevents.cartography.pyramid import MICRO, PARTS, SPLIT, WHOLE_BITS, Index, Ints, Pyramid, Ranges
from geoevents.cartography.recent import Recent
from geoevents.cartography.tile_features import SEEN, FeatureWriter, Question
from geoevents.errors import InvalidQuery
from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.stores.public import Reader, Selection

CELLS = 2**SPLIT
CELL = TILE // CELLS
LAST_ZOOM = 16
FEW = 25
MOST_SHAPES = 20
MOST_LISTED = 200
# For the indexes of the questions asked last, in bytes; a question that finds a million events takes 28 MB.
ROOM = 256_000_000


class MapTiles:
    """Tiles of any question, as of now. What they are cut from is kept for those asked last. Thread-safe."""

    def __init__(self, room: int = ROOM) -> None:
        self._indexes: Recent[Index] = Recent(room, lambda index: index.memory)
        # One for each set of events that is asked: what anybody sees, all there is, frozen maps.
        self._pyramids: Recent[_Followed] = Recent(8)
        self._writer = FeatureWriter()

    def of(self, reader: Reader, query: EventQuery) -> Tiles:
        """Raises as `select`."""
        asked = replace(query, limit=None, after=None, lang=None, sort="-date")
        selection = reader.select(asked)
        generation, revision = selection.columns.generation, selection.revision
        followed = self._pyramids.of(generation, lambda: _Followed(Drawer(reader.lines)))
        index = self._indexes.of(
            (generation, revision, asked.canonical()), lambda: Index(followed.at(selection), selection)
        )
        self._indexes.forget(lambda key: key[0] == generation and key[1] < revision)  # type: ignore[index]
        return Tiles(index, selection, reader.lines, self._writer)


class _Followed:
    """The pyramid of a generation of columns, followed as they grow."""

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer
        self._pyramid: Pyramid | None = None
        self._lock = Lock()

    def at(self, selection: Selection) -> Pyramid:
        with self._lock:
            if self._pyramid is None:
                self._pyramid = Pyramid.of(selection, self._drawer.draw)
            self._pyramid = self._pyramid.followed(selection, self._drawer.draw)
            return self._pyramid


class Tiles:
    """What one question finds as of one revision, ready to be cut into tiles."""

    def __init__(self, index: Index, selection: Selection, lines: Lines, writer: FeatureWriter) -> None:
        self._index = index
        self._selection = selection
        self._question = Question(selection, lines, index.shapes)
        self._writer = writer

    @property
    def selection(self) -> Selection:
        return self._selection

    @property
    def index(self) -> Index:
        return self._index

    def json(self, z: int, x: int, y: int) -> bytes:
        """The tile as UTF-8 JSON. Raises InvalidQuery where there is no such tile."""
        check_tile(z, x, y)
        cut = self._divided(self._index.ranges(z, x, y), z)
        shapes = self._shapes_reaching(z, x, y, besides=cut.listed, are_counted=cut.is_counting)
        features = [
            *self._features(cut.listed, (z, x, y), is_anchored=True),
            *self._features(shapes, (z, x, y), is_anchored=False),
        ]
        cells = compact(self._cells(cut, z, x, y))
        unplaced = b',"unplaced":' + compact(self._unplaced()) if z == 0 else b""
        return b'{"cells":%b,"features":[%b]%b}' % (cells, b",".join(features), unplaced)

    def tile(self, z: int, x: int, y: int) -> dict[str, Any]:
        """The tile as plain data. Raises as `json`."""
        found: dict[str, Any] = json.loads(self.json(z, x, y))
        return found

    def _divided(self, ranges: Ranges, z: int) -> _Cut:
        """The tile's events: those given as features, newest first, and those counted in cells."""
        counts = ranges.counts
        in_part = counts.sum(axis=0)
        if (in_part.sum() <= FEW) or z >= LAST_ZOOM:
            places = ranges.places()
            rows = self._index.rows(places)
            listed = newest(self._selection, rows, MOST_LISTED)
            return self._cut_without(places, rows, counts, listed)
        alone = in_part == 1
        places = ranges.places(alone)
        lon, lat = ranges.of(self._index.lon, self._index.lat)
        listed = newest(self._selection, self._index.rows(places), FEW)
        return _Cut(
            listed=listed,
            counts=np.where(alone, 0, counts),
            sums=self._index.sums(ranges.ends[:, :-1], ranges.ends[:, 1:]),
            corners=_corners(lon, lat, counts),
        )

    def _cut_without(self, places: Ints, rows: Rows, counts: Ints, listed: Rows) -> _Cut:
        """What stays counted of a tile that gives what features it can."""
        left = ~np.isin(rows, listed)
        group = np.repeat(np.arange(counts.size), counts.ravel())[left]
        places = places[left]
        counts = np.bincount(group, minlength=counts.size).reshape(counts.shape)
        # Whole numbers below 2**53, so their sums are exact.
        x, y = (
            np.bincount(group, weights=each, minlength=counts.size).astype(np.int64).reshape(counts.shape)
            for each in self._index.sums(places, places + 1)
        )
        corners = _corners(self._index.lon[places], self._index.lat[places], counts)
        return _Cut(listed=listed, counts=counts, sums=(x, y), corners=corners)

    def _cells(self, cut: _Cut, z: int, x: int, y: int) -> list[list[Any]]:
        if not cut.is_counting:
            return []
        words = self._selection.columns.words["event_type"].words
        types = sorted((words[code], place) for place, code in enumerate(self._index.types.tolist()))
        pixel = 2.0 ** (WHOLE_BITS - z) / TILE
        dx = _pixels(cut.sums[0], cut.counts, x << WHOLE_BITS - z, pixel)
        dy = _pixels(cut.sums[1], cut.counts, y << WHOLE_BITS - z, pixel)
        counts, corners = cut.counts.tolist(), [each.min(axis=0).tolist() for each in cut.corners]
        west, south, east, north = corners[0], corners[1], corners[2], corners[3]
        answer = []
        for part, column, row in _IN_ROWS:
            here = {
                word: [counts[place][part], round(dx[place][part], 1), round(dy[place][part], 1)]
                for word, place in types
                if counts[place][part]
            }
            if here:
                corner = (west[part], south[part], -east[part], -north[part])
                answer.append([column, row, here, [each / MICRO for each in corner]])
        return answer

    def _shapes_reaching(self, z: int, x: int, y: int, *, besides: Rows, are_counted: bool) -> Rows:
        size = 2.0**z
        shapes = self._index.outlined if are_counted else self._index.shapes
        # Most lie north or south of it, and are not looked at further.
        level = np.flatnonzero((shapes.north < (y + 1) / size) & (shapes.south > y / size))
        begins, ends = shapes.west[level] < (x + 1) / size, shapes.east[level] > x / size
        across = np.where(shapes.crosses[level], begins | ends, begins & ends)
        wide = shapes.width[level] >= (CELL if are_counted else SEEN) / (size * TILE)
        rows = shapes.rows[level[wide & across]]
        return newest(self._selection, rows[~np.isin(rows, besides)], MOST_SHAPES)

    def _features(self, rows: Rows, tile: tuple[int, int, int], *, is_anchored: bool) -> Iterator[bytes]:
        return self._writer.written(self._question, rows, tile, is_anchored=is_anchored)

    def _unplaced(self) -> dict[str, int]:
        words = self._selection.columns.words["event_type"].words
        return dict(sorted((words[code], count) for code, count in self._index.unplaced.items()))


class _Cut(NamedTuple):
    """
    A tile's rows that are features, and of the others, by type and part: how many, the sums of where they
    are, and west, south, -east, -north.
    """

    listed: Rows
    counts: Ints
    sums: tuple[Ints, Ints]
    corners: tuple[NDArray[np.int32], ...]

    @property
    def is_counting(self) -> bool:
        return bool(self.counts.any())


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


def newest(selection: Selection, rows: Rows, most: int) -> Rows:
    """The last of these rows by day and id, the very last first, found without sorting all of them."""
    columns = selection.columns
    if len(rows) > most:
        rows = _best(rows, columns.day_start[rows], most)
    if len(rows) > 2 * most:
        # Ids alone part those of one day: by their first letters, as far as these do.
        days, first = columns.day_start[rows], _first_letters(columns.ids[rows])
        last_day = days.min()
        certain = rows[days > last_day]
        rows = np.concatenate([certain, _best(rows[days == last_day], first[days == last_day], most)])
    last_first: Ints = np.lexsort((columns.ids[rows], columns.day_start[rows]))[::-1]
    found: Rows = rows[last_first[:most]]
    return found


def _best(rows: Rows, by: NDArray[Any], most: int) -> Rows:
    """The `most` rows for which `by` is the greatest, and those that equal the last of them."""
    if len(rows) <= most:
        return rows
    found: Rows = rows[by >= np.partition(by, len(by) - most)[len(by) - most]]
    return found


def _first_letters(ids: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """Numbers that sort as the ids do, as far as eight letters tell."""
    return np.ascontiguousarray(ids.astype("S8")).view(">u8").astype(np.uint64)


def _pixels(sums: Ints, counts: Ints, edge: int, pixel: float) -> list[list[float]]:
    """Sums of distances from an edge of a tile, in pixels."""
    found: list[list[float]] = ((sums - counts * edge) / pixel).tolist()
    return found


def _corners(lon: NDArray[np.int32], lat: NDArray[np.int32], counts: Ints) -> tuple[NDArray[np.int32], ...]:
    """West, south, -east, -north of each group, of which the anchors stand in order; the largest for none."""
    flat = counts.ravel()
    begins = (np.cumsum(flat) - flat)[flat > 0]
    found = []
    for values, sign in ((lon, 1), (lat, 1), (lon, -1), (lat, -1)):
        least = np.full(flat.shape, np.iinfo(np.int32).max, np.int32)
        if len(begins):
            best = np.minimum.reduceat(values, begins) if sign > 0 else -np.maximum.reduceat(values, begins)
            least[flat > 0] = best
        found.append(least.reshape(counts.shape))
    return tuple(found)


def _in_rows() -> list[tuple[int, int, int]]:
    """The parts of a tile, row by row: number in Morton order, column, row."""
    parts = [(part, part & 1 | part >> 1 & 2, part >> 1 & 1 | part >> 2 & 2) for part in range(PARTS)]
    return sorted(parts, key=lambda each: (each[2], each[1]))


_IN_ROWS = _in_rows()
