"""Rows as the bytes of a download: large slices of a file where the Features lie side by side in it.

Knows where in the collection file the Feature of a row lies. Knows nothing of questions or revisions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from geoevents.stores import Collected
from geoevents.stores.columns import CUT, SPILLED, STORED, Columns, Ints, Mask, Rows
from geoevents.stores.decoding import NOTHING_INTERNAL

BETWEEN = b",\n"
_AT_ONCE = 512
# So that the first bytes are there at once.
_AT_FIRST = 16
# Reading all that lies between two rows pays while what is asked for is this part of it.
_SPARSE = 6

# The Features of rows, in the order of the rows asked for.
Lines = Callable[[Rows], Iterator[bytes]]
# What the Features of rows end with, instead of the brace that they are kept with.
Endings = Callable[[Rows], Sequence[bytes]]


def slices(
    columns: Columns, rows: Rows, collected: Collected | None, lines: Lines, endings: Endings | None = None
) -> Iterator[bytes]:
    """
    The Features of rows in the order in which they were added, in pieces of some hundred kilobytes
    (geojson.collection_of).

    `lines` gives those that lie apart, or are shown otherwise than they are kept.
    """
    rows = _by_slot(columns, rows)
    places = None if collected is None else _Places(columns, collected)
    start, before = 0, BETWEEN[1:]
    while start < len(rows):
        part = rows[start : start + (_AT_ONCE if start else _AT_FIRST)]
        ends = None if endings is None else endings(part)
        if places is None:
            yield before + BETWEEN.join(_ended(lines(part), ends))
        else:
            yield places.piece(part, before, lines, ends)
        start, before = start + len(part), BETWEEN


def size_of(columns: Columns, rows: Rows) -> int:
    """How many bytes `slices` gives of these rows, where nothing is put at their ends."""
    if not len(rows):
        return 0
    own, sizes, instead = columns.own[rows], columns.size[rows].astype(np.int64), columns.own_size[rows]
    shown = np.select([own == CUT, own == SPILLED], [sizes - instead + len(NOTHING_INTERNAL), instead], sizes)
    return int(shown.sum()) + len(BETWEEN) * len(rows) - 1


def joined(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Lines in pieces of some hundred kilobytes (geojson.collection_of)."""
    before = BETWEEN[1:]
    while part := list(islice(lines, _AT_ONCE)):
        yield before + BETWEEN.join(part)
        before = BETWEEN


def _by_slot(columns: Columns, rows: Rows) -> Rows:
    slots = columns.slot[rows]
    if (slots[1:] > slots[:-1]).all():
        return rows
    return rows[np.argsort(slots, kind="stable")]


def _ended(lines: Iterator[bytes], ends: Sequence[bytes] | None) -> Iterator[bytes]:
    if ends is None:
        return lines
    return (line[:-1] + end for line, end in zip(lines, ends, strict=True))


class _Places:
    """Where the Features of rows begin in the collection file, for rows that are asked for by rising slot."""

    def __init__(self, columns: Columns, collected: Collected) -> None:
        self._columns = columns
        self._collected = collected
        self._sizes = _sizes_by_slot(columns)
        self._slot = 0
        self._start = collected.head_size

    def piece(self, rows: Rows, before: bytes, lines: Lines, ends: Sequence[bytes] | None) -> bytes:
        columns = self._columns
        slots, sizes = columns.slot[rows], columns.size[rows]
        starts = self._starts(slots)
        first, last = int(starts[0]), int(starts[-1]) + int(sizes[-1])
        is_apart = np.ones(len(rows), bool)
        is_apart[1:] = slots[1:] != slots[:-1] + 1
        is_own = columns.own[rows] != STORED
        if ends is None and not is_own.any() and not is_apart[1:].any():
            # In the file, too, a line end stands before each Feature, and a comma before that.
            return self._collected.slice(first - len(before), last)
        if last - first > _SPARSE * int(sizes.sum()):
            return before + BETWEEN.join(_ended(lines(rows), ends))
        looked_at = np.arange(len(rows)) if ends is not None else np.flatnonzero(is_own | is_apart)
        window = memoryview(self._collected.slice(first, last))
        places = _Spread(rows, starts - first, starts - first + sizes, is_apart)
        return before + b"".join(self._pieces(places, window, looked_at, lines, ends))

    def _pieces(
        self, places: _Spread, window: memoryview, looked_at: Ints, lines: Lines, ends: Sequence[bytes] | None
    ) -> Iterator[bytes | memoryview]:
        """What lies between one row that has to be looked at and the next comes as it is."""
        columns, rows = self._columns, places.rows[looked_at]
        own = columns.own[rows]
        others = lines(rows[own == SPILLED])
        at = 0
        for number, begin, end, is_apart, how, cut, size in zip(
            looked_at.tolist(), places.begins[looked_at].tolist(), places.ends[looked_at].tolist(),
            places.is_apart[looked_at].tolist(), own.tolist(), columns.own_at[rows].tolist(),
            columns.own_size[rows].tolist(), strict=True,
        ):  # fmt: skip
            if is_apart and number:
                yield window[at : places.ends[number - 1]]
                yield BETWEEN
                at = begin
            if how == CUT:
                yield window[at : begin + cut]
                yield NOTHING_INTERNAL
                at = begin + cut + size
            elif how == SPILLED:
                yield window[at:begin]
                line = next(others)
                yield line if ends is None else line[:-1]
                at = end
            if ends is not None:
                yield window[at : end - 1]
                yield ends[number]
                at = end
        yield window[at:]

    def _starts(self, slots: Rows) -> Any:
        before = self._start + (
            self._sizes[self._slot : slots[0]].sum(dtype=np.int64) + 2 * (slots[0] - self._slot)
        )
        lengths = self._sizes[slots[0] : slots[-1] + 1].astype(np.int64) + 2
        begins = before + np.cumsum(lengths) - lengths
        self._slot, self._start = int(slots[-1]), int(begins[-1])
        return begins[slots - slots[0]]


class _Spread(NamedTuple):
    """Rows, where each begins and ends in a window, and whether it does not follow the one before at once."""

    rows: Rows
    begins: Ints
    ends: Ints
    is_apart: Mask


def _sizes_by_slot(columns: Columns) -> Any:
    slots = columns.slot
    if not len(columns.unseen_slots) and columns.alive.all() and (slots[1:] > slots[:-1]).all():
        return columns.size
    alive = columns.alive
    most = max(int(slots.max(initial=-1)), int(columns.unseen_slots.max(initial=-1))) + 1
    sizes = np.zeros(most, np.int32)
    sizes[slots[alive]] = columns.size[alive]
    sizes[columns.unseen_slots] = columns.unseen_sizes
    return sizes
