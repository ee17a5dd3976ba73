"""The bytes of Features, read by their spots: one, or any number in large portions.

Knows the files that spots point into. Knows nothing of records, nor of which spot is whose.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoevents.errors import StoreError
from geoevents.messages import Message
from geoevents.stores import files

# The upper bits of an offset say which file it points into: each journal that took another's place is one.
GENERATION_BITS = 44
_WITHIN = (1 << GENERATION_BITS) - 1
_MOST_FILES = 8
_LINES = 4_096
_BYTES = 4 << 20
_GAP = 4_096


class Spot(NamedTuple):
    """Where the bytes of a Feature lie."""

    offset: int
    size: int


class Spots:
    """Files that spots point into. What was given out can be read although its file was replaced since."""

    def __init__(self) -> None:
        self._files: dict[int, files.File] = {}
        self._last = -1

    def point_into(self, file: files.File) -> int:
        """From now on new spots lie in `file`; what has to be added to its offsets is given back."""
        self._last += 1
        self._files = dict([*self._files.items(), (self._last, file)][-_MOST_FILES:])
        return self._last << GENERATION_BITS

    def close(self) -> None:
        """Nothing can be read any more."""
        for file in self._files.values():
            file.close()
        self._files = {}

    def one(self, offset: int, size: int) -> bytes:
        """The bytes of a spot. Raises StoreError."""
        data = self._file(offset).read(offset & _WITHIN, size)
        if len(data) != size:
            raise _gone()
        return data

    def lines(self, offsets: NDArray[np.int64], sizes: NDArray[np.int32]) -> Iterator[bytes]:
        """In the order given; a run of neighbours is read at once. Raises StoreError."""
        start = 0
        while start < len(offsets):
            ends = np.cumsum(sizes[start : start + _LINES], dtype=np.int64)
            stop = start + max(1, int(np.searchsorted(ends, _BYTES, side="right")))
            yield from self._portion(offsets[start:stop], sizes[start:stop])
            start = stop

    def _portion(self, offsets: NDArray[np.int64], sizes: NDArray[np.int32]) -> list[bytes]:
        order = np.argsort(offsets, kind="stable")
        begins, ends = offsets[order], offsets[order] + sizes[order]
        is_first = np.ones(len(order), bool)
        # What lies in different files lies far apart, too.
        is_first[1:] = begins[1:] - ends[:-1] > _GAP
        firsts = np.flatnonzero(is_first)
        bases = begins[firsts]
        runs = self._runs(bases.tolist(), (np.maximum.reduceat(ends, firsts) - bases).tolist())
        run = np.cumsum(is_first) - 1
        places = order.tolist(), run.tolist(), (begins - bases[run]).tolist(), (ends - bases[run]).tolist()
        found: list[bytes] = [b""] * len(offsets)
        for number, which, start, stop in zip(*places, strict=True):
            found[number] = runs[which][start:stop]
        return found

    def _runs(self, offsets: list[int], sizes: list[int]) -> list[bytes]:
        """The bytes at offsets that rise. Raises StoreError."""
        found: list[bytes] = []
        stretches = zip(offsets, sizes, strict=True)
        for _, same in groupby(stretches, key=lambda each: each[0] >> GENERATION_BITS):
            part = list(same)
            found += self._file(part[0][0]).read_each((offset & _WITHIN, size) for offset, size in part)
        if any(len(data) != size for data, size in zip(found, sizes, strict=True)):
            raise _gone()
        return found

    def _file(self, offset: int) -> files.File:
        file = self._files.get(offset >> GENERATION_BITS)
        if file is None:
            raise _gone()
        return file


def begin_of_file(offset: int) -> int:
    """The offset of the first byte of the file that `offset` points into."""
    return offset & ~_WITHIN


def _gone() -> StoreError:
    return StoreError(
        Message("What was kept is no longer where it was: the history was replaced. Ask again.")
    )
