"""What a store keeps, made rows of a table; where it is much, by several processes at once.

Knows that any part of it can be made into rows alone, and rows of two tables put together. Knows nothing of
files, nor of who follows a store. The other processes are this module:

    python -m geoevents.stores.taking TARGET VIEW < lines
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoevents.errors import GeoEventsError
from geoevents.stores import beside, columns_cache, unfinished
from geoevents.stores.columns import DTYPES, SPILLED, Rows, Table
from geoevents.stores.columns_cache import Restored, Saved
from geoevents.stores.decoding import View, columns_of
from geoevents.stores.spill import Spill

# The lines at spots, in the order given.
LinesAt = Callable[[NDArray[np.int64], NDArray[np.int32]], Iterator[bytes]]

UNFINISHED = "rows"
# From so many on another process is worth its start, which takes as long as some thirty thousand lines.
MANY = 150_000
_MOST_PROCESSES = 4
_BATCH = 4_096


class Lying(NamedTuple):
    """Events by their slots, and the spots of their Features."""

    slots: Rows
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int32]

    def part(self, rows: slice) -> Lying:
        return Lying(self.slots[rows], self.offsets[rows], self.sizes[rows])

    def __bool__(self) -> bool:
        return len(self.slots) > 0


class Taker:
    """Makes rows of a table for a view; what is shown otherwise than it is kept goes into `spill`."""

    def __init__(self, table: Table, view: View, spill: Spill) -> None:
        self._table = table
        self._view = view
        self._spill = spill

    def take(self, lines: Iterable[bytes], lying: Lying) -> None:
        """The rows of these lines, which lie there. Raises StoreDamaged for a line that is no event."""
        lines, start = iter(lines), 0
        while batch := list(islice(lines, _BATCH)):
            part = lying.part(slice(start, start + len(batch)))
            shown = self._view.shown(batch, self._spill.keep)
            if len(shown.numbers) < len(batch):
                is_unseen = np.ones(len(batch), bool)
                is_unseen[shown.numbers] = False
                self._leave_out(part, is_unseen)
            if len(shown.numbers):
                ids, values = columns_of(shown, self._table.words)
                where = {"slot": part.slots[shown.numbers], "offset": part.offsets[shown.numbers]}
                self._table.add(ids, values | where)
            start += len(batch)

    def take_many(self, lines_at: LinesAt, lying: Lying, *, folder: Path | None) -> None:
        """As `take`; the lines of all parts but the first go to processes of their own."""
        first, *others = _parts(lying)
        if not others:
            self.take(lines_at(first.offsets, first.sizes), first)
            return
        self._table.expect(len(lying.slots))
        with unfinished.workplace(UNFINISHED, folder) as where:
            jobs = [
                _Job(where / str(number), self._view, lines_at(part.offsets, part.sizes))
                for number, part in enumerate(others)
            ]
            self.take(lines_at(first.offsets, first.sizes), first)
            for part, job in zip(others, jobs, strict=True):
                made = job.made()
                if made is None or len(made.table) + made.unseen != len(part.slots):
                    self.take(lines_at(part.offsets, part.sizes), part)
                else:
                    self._put(made, part)

    def _leave_out(self, part: Lying, is_unseen: NDArray[np.bool_]) -> None:
        places = zip(part.offsets[is_unseen].tolist(), part.sizes[is_unseen].tolist(), strict=True)
        self._table.leave_out(dict(zip(part.slots[is_unseen].tolist(), places, strict=True)))

    def _put(self, made: Restored, part: Lying) -> None:
        """The rows of another table, whose slots are numbers of lines of this part."""
        columns = made.table.columns()
        values: dict[str, Any] = {name: getattr(columns, name) for name in DTYPES}
        for name in columns.words:
            known = self._table.words[name]
            codes = np.array([*(known[word] for word in columns.words[name].words), -1])
            values[name] = codes[values[name]]
        values |= {"slot": part.slots[columns.slot], "offset": part.offsets[columns.slot]}
        base = self._spill.keep(made.spilled) if made.spilled else 0
        values["own_at"] = np.where(columns.own == SPILLED, columns.own_at + base, columns.own_at)
        is_unseen = np.zeros(len(part.slots), bool)
        is_unseen[columns.unseen_slots] = True
        if is_unseen.any():
            self._leave_out(part, is_unseen)
        if len(columns):
            self._table.add(columns.ids, values)


class _Job:
    """Lines that another process makes rows of."""

    def __init__(self, target: Path, view: View, lines: Iterator[bytes]) -> None:
        self._target = target
        self._is_done = False
        self._thread = Thread(target=self._run, args=(view, lines), daemon=True, name="rows")
        self._thread.start()

    def _run(self, view: View, lines: Iterator[bytes]) -> None:
        try:
            arguments = [str(self._target), view.value]
            self._is_done = beside.fed("geoevents.stores.taking", arguments, lines)
        except (GeoEventsError, OSError):
            # Whoever waits for it then reads these lines itself, and finds out what is wrong with them.
            self._is_done = False

    def made(self) -> Restored | None:
        self._thread.join()
        return columns_cache.read(self._target) if self._is_done else None


def _parts(lying: Lying) -> list[Lying]:
    count = processors() if len(lying.slots) >= MANY else 1
    ends = [len(lying.slots) * number // count for number in range(count + 1)]
    return [lying.part(slice(start, end)) for start, end in pairwise(ends)]


def processors() -> int:
    """How many may be made use of at once."""
    return min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)


def main() -> int:
    target, view = sys.argv[1:]
    table, spill = Table(), Spill(Path(target).parent)
    numbers = 0
    lines = (line.rstrip(b"\n") for line in sys.stdin.buffer)
    taker = Taker(table, View(view), spill)
    while batch := list(islice(lines, _BATCH)):
        count = np.arange(numbers, numbers + len(batch))
        sizes = np.array([len(line) for line in batch], np.int32)
        taker.take(batch, Lying(count.astype(np.int32), count, sizes))
        numbers += len(batch)
    Saved(
        seal="", store_revision=0, revision=0, columns=table.columns(), spilled=spill.whole(), orders={}
    ).write(Path(target))
    return 0


if __name__ == "__main__":
    sys.exit(main())
