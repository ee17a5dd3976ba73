"""Rows as the bytes of a download: large slices of a file where the Features lie side by side in it.

Knows where in the collection file the Feature of a row lies. Knows nothing of questions or revisions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from geoevents.stores import Collected
from geoevents.stores.columns import CUT, STORED, Columns, Rows
from geoevents.stores.decoding import NOTHING_INTERNAL

BETWEEN = b",\n"
_AT_ONCE = 512
# Reading all that lies between two rows pays while what is asked for is this part of it.
_SPARSE = 6


def by_slot(columns: Columns, rows: Rows) -> Rows:
    """The rows in the order in which their events were added."""
    slots = columns.slot[rows]
    if (slots[1:] > slots[:-1]).all():
        return rows
    return rows[np.argsort(slots, kind="stable")]


def slices(
    columns: Columns, rows: Rows, collected: Collected | None, lines: Callable[[Rows], Iterator[bytes]]
) -> Iterator[bytes]:
    """
    The Features of rows that are sorted by slot, in pieces of some hundred kilobytes (geojson.collection_of).

    `lines` gives those that lie apart, or are shown otherwise than they are kept.
    """
    places = None if collected is None else _Places(columns, collected)
    for start in range(0, len(rows), _AT_ONCE):
        part, before = rows[start : start + _AT_ONCE], BETWEEN if start else BETWEEN[1:]
        if places is None:
            yield before + BETWEEN.join(lines(part))
        else:
            yield places.piece(part, before, lines)


def joined(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Lines in pieces of some hundred kilobytes (geojson.collection_of)."""
    before = BETWEEN[1:]
    while part := list(islice(lines, _AT_ONCE)):
        yield before + BETWEEN.join(part)
        before = BETWEEN


class _Places:
    """Where the Features of rows begin in the collection file, for rows that are asked for by rising slot."""

    def __init__(self, columns: Columns, collected: Collected) -> None:
        self._columns = columns
        self._collected = collected
        self._sizes = _sizes_by_slot(columns)
        self._slot = 0
        self._start = collected.head_size

    def piece(self, rows: Rows, before: bytes, lines: Callable[[Rows], Iterator[bytes]]) -> bytes:
        columns = self._columns
        slots, sizes = columns.slot[rows], columns.size[rows]
        starts = self._starts(slots)
        first, last = int(starts[0]), int(starts[-1]) + int(sizes[-1])
        is_stored = not columns.own[rows].any()
        if is_stored and int(slots[-1]) - int(slots[0]) == len(slots) - 1:
            # In the file, too, a line end stands before each Feature, and a comma before that.
            return self._collected.slice(first - len(before), last)
        if last - first > _SPARSE * int(sizes.sum()):
            return before + BETWEEN.join(lines(rows))
        window = self._collected.slice(first, last)
        begins = (starts - first).tolist()
        ends = (starts - first + sizes).tolist()
        if is_stored:
            return before + BETWEEN.join([window[begin:end] for begin, end in zip(begins, ends, strict=True)])
        return before + BETWEEN.join(self._shown(rows, window, zip(begins, ends, strict=True), lines))

    def _shown(
        self, rows: Rows, window: bytes, places: Any, lines: Callable[[Rows], Iterator[bytes]]
    ) -> Iterator[bytes]:
        columns = self._columns
        own = columns.own[rows].tolist(), columns.own_at[rows].tolist(), columns.own_size[rows].tolist()
        for number, ((begin, end), how, at, size) in enumerate(zip(places, *own, strict=True)):
            if how == STORED:
                yield window[begin:end]
            elif how == CUT:
                yield window[begin : begin + at] + NOTHING_INTERNAL + window[begin + at + size : end]
            else:
                yield from lines(rows[number : number + 1])

    def _starts(self, slots: Rows) -> Any:
        before = self._start + (
            self._sizes[self._slot : slots[0]].sum(dtype=np.int64) + 2 * (slots[0] - self._slot)
        )
        lengths = self._sizes[slots[0] : slots[-1] + 1].astype(np.int64) + 2
        begins = before + np.cumsum(lengths) - lengths
        self._slot, self._start = int(slots[-1]), int(begins[-1])
        return begins[slots - slots[0]]


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
