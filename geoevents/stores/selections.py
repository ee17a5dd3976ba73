"""The rows that a question finds, and those of the questions asked last.

Knows masks, counts and how much memory they take. Knows nothing of lines, orders or pages.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

import numpy as np

from geoevents.stores.columns import Columns, Mask, Rows

_ROOM = 64_000_000


class Selection:
    """
    What a question finds as of one revision: a mask over the rows of `columns`, for as long as it is held.

    What `mask` leaves out is nobody's business. `rows` are the numbers of the others, rising.
    """

    __slots__ = ("_count", "_rows", "columns", "mask", "revision")

    def __init__(self, columns: Columns, mask: Mask, revision: int) -> None:
        self.columns = columns
        self.mask = mask
        self.revision = revision
        self._rows: Rows | None = None
        self._count: int | None = None

    @property
    def rows(self) -> Rows:
        if self._rows is None:
            self._rows = np.flatnonzero(self.mask).astype(np.int32)
        return self._rows

    def __len__(self) -> int:
        if self._count is None:
            self._count = int(np.count_nonzero(self.mask))
        return self._count

    @property
    def memory(self) -> int:
        """Bytes, `rows` counted in."""
        return self.mask.nbytes + len(self) * np.dtype(np.int32).itemsize


class Selections:
    """
    The selections of the questions asked last; safe for several threads.

    Rows never change, so what matched goes on to match: only new rows are looked at for a question known.
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._kept: OrderedDict[Hashable, tuple[Mask, Selection]] = OrderedDict()
        self._taken = 0
        self._room = room
        self._lock = Lock()

    def of(
        self, key: Hashable, columns: Columns, revision: int, matching: Callable[[Columns], Mask]
    ) -> Selection:
        """What `matching` finds among the rows that are alive; `key` names it, whatever the rows."""
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
        if known is not None and known[1].columns is columns:
            return known[1]
        matched = _carried_on(known, columns, matching)
        found = Selection(columns, matched[: len(columns)] & columns.alive, revision)
        with self._lock:
            self._forget(key)
            self._kept[key] = matched, found
            self._taken += matched.nbytes + found.memory
            while self._taken > self._room and len(self._kept) > 1:
                self._forget(next(iter(self._kept)))
        return found

    def _forget(self, key: Hashable) -> None:
        if key in self._kept:
            matched, selection = self._kept.pop(key)
            self._taken -= matched.nbytes + selection.memory


def _carried_on(
    known: tuple[Mask, Selection] | None, columns: Columns, matching: Callable[[Columns], Mask]
) -> Mask:
    if known is None or known[1].columns.generation != columns.generation:
        return matching(columns)
    matched = known[0]
    if len(matched) >= len(columns):
        return matched
    return np.concatenate([matched, matching(columns.since(len(matched)))])
