"""Changed events decoded by the batch: by this process, and of many by one beside it in turns.

Knows batches, their order, and how words of one batch get the codes of a table. Knows nothing of lines.

The process beside, which reads batches and writes what they are decoded to:

    python -m geoevents.stores.batches VIEW
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from threading import Condition, Thread
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import geoevents
from geoevents.errors import GeoEventsError
from geoevents.stores import Kept
from geoevents.stores.columns import SPILLED, Table, Vocabulary
from geoevents.stores.decoding import View, columns_of
from geoevents.stores.spill import Spill

BATCH = 4_096
# From so many on a process beside is worth its start.
MANY = 60_000
_COUNT_BYTES = 8


class Batch(NamedTuple):
    """
    Events as columns; their codes stand for `words`, what is SPILLED lies in `spilled`.

    `unseen` are the spots of those that are no row, by slot.
    """

    ids: NDArray[np.bytes_]
    values: dict[str, Any]
    words: Mapping[str, list[str]]
    spilled: bytes
    unseen: dict[int, tuple[int, int]]

    def into(self, table: Table, spill: Spill) -> None:
        if self.unseen:
            table.leave_out(self.unseen)
        if not len(self.ids):
            return
        values = dict(self.values)
        for name, words in self.words.items():
            # The last of these is what -1 finds, and is -1 again.
            codes = np.array([*map(table.words[name].__getitem__, words), -1], np.int32)
            values[name] = codes[values[name]]
        if self.spilled:
            values["own_at"] = values["own_at"] + (values["own"] == SPILLED) * spill.keep(self.spilled)
        table.add(self.ids, values)


Decode = Callable[[list[Kept]], Batch]


def decoded(kept: Sequence[Kept], view: View) -> Batch:
    """Raises StoreDamaged for a line that is no event."""
    spilled = bytearray()

    def spill(line: bytes) -> int:
        spilled.extend(line)
        return len(spilled) - len(line)

    shown = view.shown(kept, spill)
    seen = {each.slot for each in shown.kept} if len(shown.kept) < len(kept) else None
    unseen = {} if seen is None else {
        each.slot: (each.offset, len(each.line)) for each in kept if each.slot not in seen
    }  # fmt: skip
    words = {name: Vocabulary(tuple(known.words)) for name, known in Table().words.items()}
    ids, values = columns_of(shown, words) if shown.kept else (np.empty(0, "S8"), {})
    return Batch(ids, values, {name: known.words for name, known in words.items()}, bytes(spilled), unseen)


def batches(kept: Iterable[Kept], view: View, *, count: int) -> Iterator[Batch]:
    """All of them, in order; `count` is about how many. Raises StoreError."""
    source = iter(kept)
    if count < MANY or (os.cpu_count() or 1) < 2:
        while batch := list(islice(source, BATCH)):
            yield decoded(batch, view)
        return
    with _Beside(view) as beside:
        yield from _Turns(source).in_order(lambda batch: decoded(batch, view), beside.decoded)


class _Turns:
    """Batches that two threads take from one source and decode; handed out in the order of the source."""

    def __init__(self, source: Iterator[Kept]) -> None:
        self._source = source
        self._changed = Condition()
        self._taken = 0
        self._made: dict[int, Batch] = {}
        self._errors: list[BaseException] = []
        self._is_over = False

    def go_on(self, decode: Decode) -> None:
        """Take and decode until nothing is left."""
        while self.one(decode):
            pass

    def one(self, decode: Decode) -> bool:
        """Take a batch and decode it; False when there is none."""
        try:
            with self._changed:
                batch = [] if self._is_over else list(islice(self._source, BATCH))
                number = self._taken
                self._taken += bool(batch)
            found = decode(batch) if batch else None
        except BaseException as error:  # whichever thread it is, who waits has to hear of it
            self._errors.append(error)
            found = None
        with self._changed:
            if found is not None:
                self._made[number] = found
            self._is_over = self._is_over or found is None
            self._changed.notify_all()
        return found is not None

    def in_order(self, here: Decode, beside: Decode) -> Iterator[Batch]:
        """Raises what either raises."""
        other = Thread(target=self.go_on, args=(beside,), daemon=True, name="decoding")
        other.start()
        following = 0
        try:
            while True:
                was_last = not self.one(here)
                if was_last:
                    other.join()
                if self._errors:
                    raise self._errors[0]
                while following in self._made:
                    yield self._made.pop(following)
                    following += 1
                if was_last:
                    return
        finally:
            self._is_over = True


class _Beside:
    """A process that decodes. Where it fails, this one does."""

    def __init__(self, view: View) -> None:
        self._view = view
        house = str(Path(geoevents.__file__).parent.parent)
        paths = os.pathsep.join([house, *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with a module of ours
            [sys.executable, "-m", "geoevents.stores.batches", view.value],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths},
        )  # fmt: skip

    def __enter__(self) -> _Beside:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def decoded(self, kept: list[Kept]) -> Batch:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            _write(self._process.stdin, [tuple(each) for each in kept])
            found = _read(self._process.stdout)
        except (OSError, ValueError):
            found = None
        return decoded(kept, self._view) if found is None else Batch(*found)


def _write(pipe: IO[bytes], value: object) -> None:
    data = pickle.dumps(value, protocol=5)
    pipe.write(len(data).to_bytes(_COUNT_BYTES, "big") + data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> Any:
    """None at the end."""
    data = pipe.read(int.from_bytes(pipe.read(_COUNT_BYTES), "big"))
    return pickle.loads(data) if data else None  # noqa: S301 - from the process we started


def main() -> None:
    view = View(sys.argv[1])
    while (kept := _read(sys.stdin.buffer)) is not None:
        try:
            found: object = tuple(decoded([Kept(*each) for each in kept], view))
        except GeoEventsError:
            # Who gets nothing decodes it, and says what is wrong.
            found = None
        _write(sys.stdout.buffer, found)


if __name__ == "__main__":
    main()
