"""All that is drawn, sorted by type and place, so that a tile is a few ranges and its sums differences.

Knows Morton order, ranges and sums. Knows nothing of how a tile is written, nor of what an event says.

A key is the type's code, then the cell of CELL_BITS zooms in Morton order: what lies in one tile stands
together, for each type, and so does what lies in a quarter of it. Positions are kept as whole numbers, so
that a sum over a tile is the same whatever else there is: its bytes change only when its events do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoevents.cartography.drawn import NO_SHAPES, DrawnRows, Mask, Rows, Shapes, world
from geoevents.stores.public import Selection

# A tile is divided into 4 x 4 cells, two zooms further in; the last zoom is 16.
SPLIT = 2
PARTS = 4**SPLIT
CELL_BITS = 22
WHOLE_BITS = 32
# Of a position in degrees, what extents say: millionths.
MICRO = 1e6

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

_FEW_PIECES = 64
_MASKS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True, slots=True)
class Sorted:
    """
    Anchors of rows by `key`. `x`, `y` count 2**-WHOLE_BITS of the square world, `lon`, `lat` millionths of a
    degree.
    """

    key: Keys
    row: Rows
    x: NDArray[np.uint32]
    y: NDArray[np.uint32]
    lon: NDArray[np.int32]
    lat: NDArray[np.int32]

    @classmethod
    def of(cls, drawn: DrawnRows, types: NDArray[Any]) -> Sorted:
        """`types` are the codes of the rows that are drawn."""
        across, down = world(drawn.lon, drawn.lat)
        x, y = (np.floor(each * 2.0**WHOLE_BITS).astype(np.uint32) for each in (across, down))
        fine = np.uint32(WHOLE_BITS - CELL_BITS)
        key = (types.astype(np.uint64) << np.uint64(2 * CELL_BITS)) | morton(x >> fine, y >> fine)
        by = np.argsort(key, kind="stable")
        micro = ((np.rint(each * MICRO)).astype(np.int32) for each in (drawn.lon, drawn.lat))
        columns: tuple[Any, ...] = (key, drawn.rows, x, y, *micro)
        return cls(*(each[by] for each in columns))

    def with_more(self, others: Sorted) -> Sorted:
        """Both, in order: others are put where they belong, nothing is sorted again."""
        at = np.searchsorted(self.key, others.key, side="right")
        pairs = ((getattr(self, name), getattr(others, name)) for name in self.__slots__)
        return Sorted(*(_inserted(mine, theirs, at) for mine, theirs in pairs))


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The first `count` rows of a generation of columns, those that stand on the map."""

    count: int
    sorted: Sorted
    shapes: Shapes

    @classmethod
    def of(cls, selection: Selection, draw: Callable[[Selection, int], DrawnRows]) -> Pyramid:
        kinds: tuple[Any, ...] = (np.uint64, np.int32, np.uint32, np.uint32, np.int32, np.int32)
        arrays: list[Any] = [np.empty(0, kind) for kind in kinds]
        return cls(0, Sorted(*arrays), NO_SHAPES).followed(selection, draw)

    def followed(self, selection: Selection, draw: Callable[[Selection, int], DrawnRows]) -> Pyramid:
        """With the rows that came since; itself where there are none."""
        if len(selection.columns) <= self.count:
            return self
        drawn = draw(selection, self.count)
        new = Sorted.of(drawn, selection.columns.event_type[drawn.rows])
        together = self.sorted.with_more(new) if self.count else new
        return Pyramid(len(selection.columns), together, self.shapes.and_then(drawn.shapes))


@dataclass(frozen=True, slots=True)
class Ranges:
    """
    The anchors of a tile. `ends` (types x PARTS + 1): where, in the index, each part of the tile begins for
    each of its types, and behind them where the last one ends.
    """

    ends: Ints

    @property
    def counts(self) -> Ints:
        return np.diff(self.ends, axis=1)

    def places(self, parts: Mask | None = None) -> Ints:
        """Where in the index the tile's anchors are; of parts that hold one each, if such are named."""
        if parts is None:
            return np.concatenate([np.empty(0, np.int64), *(np.arange(e[0], e[-1]) for e in self.ends)])
        begin, end = self.ends[:, :-1][:, parts].ravel(), self.ends[:, 1:][:, parts].ravel()
        return begin[begin < end]

    def of(self, *columns: NDArray[np.int32]) -> list[NDArray[np.int32]]:
        """What the tile's anchors have in these columns of the index, in order."""
        return [np.concatenate([each[:0], *(each[e[0] : e[-1]] for e in self.ends)]) for each in columns]


class Index:
    """
    What a question finds of a pyramid: the places it holds there, sums up to each, and shapes.

    `types` are the codes of the types it finds on the map; `unplaced` counts by code what is not there.
    """

    def __init__(self, pyramid: Pyramid, selection: Selection) -> None:
        mask = np.zeros(pyramid.count, bool)
        mask[: len(selection.mask)] = selection.mask
        self._sorted = every = pyramid.sorted
        held = mask[every.row]
        self._at = np.flatnonzero(held).astype(np.int32)
        self.lon, self.lat = every.lon[held], every.lat[held]
        self._sum_x, self._sum_y = _sums(every.x[held]), _sums(every.y[held])
        self.shapes = pyramid.shapes.of(mask[pyramid.shapes.rows])
        self.outlined = self.shapes.of(self.shapes.is_outlined)
        self._count_types(selection)

    def _count_types(self, selection: Selection) -> None:
        many = len(selection.columns.words["event_type"].words)
        edges = np.arange(many + 1, dtype=np.uint64) << np.uint64(2 * CELL_BITS)
        placed = np.diff(np.searchsorted(self._at, np.searchsorted(self._sorted.key, edges).astype(np.int32)))
        found = np.bincount(selection.columns.event_type[selection.mask], minlength=many)
        self.types = np.flatnonzero(placed)
        missing = found - placed
        self.unplaced = {int(code): int(missing[code]) for code in np.flatnonzero(missing > 0)}

    @property
    def memory(self) -> int:
        """Bytes."""
        own = (self._at, self.lon, self.lat, self._sum_x, self._sum_y)
        return sum(each.nbytes for each in own) + self.shapes.memory + self.outlined.memory

    def ranges(self, z: int, x: int, y: int) -> Ranges:
        """The tile's anchors; PARTS parts of it in Morton order."""
        step = 1 << 2 * (CELL_BITS - z - SPLIT)
        first = int(morton(np.array([x], np.uint32), np.array([y], np.uint32))[0]) * step * PARTS
        edges = (first + step * np.arange(PARTS + 1)).astype(np.uint64)
        keys = (self.types.astype(np.uint64) << np.uint64(2 * CELL_BITS))[:, None] + edges
        everywhere = np.searchsorted(self._sorted.key, keys.ravel())
        # Of another kind of number, numpy would first make a copy of all there is.
        return Ranges(np.searchsorted(self._at, everywhere.astype(np.int32)).reshape(keys.shape))

    def rows(self, places: Ints) -> Rows:
        return self._sorted.row[self._at[places]]

    def sums(self, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Of the positions from `begin` to before `end`, which are of one shape."""
        return self._sum_x[end] - self._sum_x[begin], self._sum_y[end] - self._sum_y[begin]


def morton(x: NDArray[np.uint32], y: NDArray[np.uint32]) -> Keys:
    """
    The bits of both in turn, those of y first.

    >>> morton(np.array([3, 0, 1], np.uint32), np.array([0, 3, 1], np.uint32)).tolist()
    [5, 10, 3]
    """
    return _spread(x) | (_spread(y) << np.uint64(1))


def _spread(numbers: NDArray[np.uint32]) -> Keys:
    wide = numbers.astype(np.uint64)
    for by, mask in _MASKS:
        wide = (wide | (wide << np.uint64(by))) & np.uint64(mask)
    return wide


def _sums(values: NDArray[np.uint32]) -> Ints:
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def _inserted(mine: Any, theirs: Any, at: Ints) -> Any:
    if len(at) > _FEW_PIECES:
        return np.insert(mine, at, theirs)
    # Copying pieces moves memory alone; numpy's insert makes a mask of everything for it.
    pieces, start = [], 0
    for place, end in enumerate(at.tolist()):
        pieces += [mine[start:end], theirs[place : place + 1]]
        start = end
    return np.concatenate([*pieces, mine[start:]])
