"""The collection, brought to what the history says: replaced, added to, or put together of stretches.

Knows what the last writer left, and which stretches of a file still hold. Knows nothing of what others wrote
into it, nor of when it is time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoevents.errors import StoreError
from geoevents.messages import Message
from geoevents.stores import collection, files
from geoevents.stores.following import Follower
from geoevents.stores.layout import GATHERED, Layout, Left
from geoevents.stores.reconciling import Standing, keep_edit
from geoevents.stores.replacing import Piece, Replacement, Stretch

_HEAD_SIZE = len(collection.HEAD) + 1
_BETWEEN = 2

Sparing = frozenset[Standing]
# Once something was written; and where somebody only looks what others did.
AFTER_A_WRITE: Sparing = frozenset({Standing.IN_STEP})
AFTER_A_LOOK: Sparing = frozenset({Standing.IN_STEP, Standing.ALIKE, Standing.EDITED})


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to write, for as long as the lock is held; memory is at the end of the journal."""

    lock: files.File
    standing: Standing
    collection: files.Stamp | None
    left: Left | None

    def is_large(self, in_place_above: int) -> bool:
        return self.collection is not None and self.collection.size > in_place_above


@dataclass(frozen=True, slots=True)
class _Plan:
    """A file as it was left, which version of each slot it has, and which it is to have."""

    file: files.File
    left: Left
    lying: NDArray[np.int32]
    wanted: NDArray[np.int32]
    revision: int


class CollectedFile:
    """See `Collected`."""

    head_size = _HEAD_SIZE

    def __init__(self, file: files.File, revision: int) -> None:
        self._file = file
        self.revision = revision

    def slice(self, start: int, stop: int) -> bytes:
        return self._file.read(start, stop - start)


class Collecting:
    """`notes` say where the collection could not be brought up: what is kept stays kept."""

    def __init__(
        self, layout: Layout, known: Follower, notes: dict[str, Message], *, in_place_above: int
    ) -> None:
        self._layout = layout
        self._known = known
        self._notes = notes
        self._in_place_above = in_place_above

    def prepare(self, lines: Mapping[str, bytes] | None = None, *, revision: int) -> Replacement:
        """All of the next collection, with these lines, which are not in memory yet. Raises StoreError."""
        pieces = collection.chunks(self._known.lines(lines), revision)
        return Replacement(self._layout.collection, pieces, mode=0o600)

    def replace(self, turn: Turn, following: Replacement, *, revision: int) -> None:
        """Put in place what was prepared."""

        def put() -> bool:
            self._put_in_place(turn, following, revision)
            return True

        self._told(put)

    def add(self, turn: Turn, lines: Sequence[bytes], *, before: int) -> bool:
        """
        Write Features that were just added into a large file, if it was left at revision `before`.

        Whether the collection now says all that the history says. Where edits wait to be gathered, it goes on
        saying the revision that it has all edits of.
        """
        left, memory = turn.left, self._known.memory
        # In a collection that was empty there is no line to write behind.
        is_first = len(lines) == len(memory)
        if left is None or not lines or is_first or not turn.is_large(self._in_place_above):
            return False
        if memory.has_additions_between(left.added, before):
            return False
        now, was = memory.revision, left.revision
        revision = was if memory.has_edits_between(was, now) else now

        def write() -> bool:
            stamp = collection.add_in_place(self._layout.collection, lines, before=was, revision=revision)
            Left(revision, now, stamp).write(turn.lock, self._notes)
            return revision == now

        return self._told(write)

    def gather(self, turn: Callable[[], AbstractContextManager[Turn]], *, sparing: Sparing) -> bool:
        """
        Bring the collection up with all that waits, a large one while others may go on writing.

        Whether nothing is left to do; in standings that are spared, there is nothing.
        """
        return self._told(lambda: self._gather(turn, sparing))

    def collected(self, revision: int) -> CollectedFile | None:
        """The file, if its lines are as of a revision; more may have been added behind them."""
        try:
            with files.File(self._layout.lock) as lock:
                left = Left.read(lock)
            file = files.File(self._layout.collection)
        except StoreError:
            return None
        memory = self._known.memory
        if left is None or file.stamp() != left.stamp or left.added < revision:
            return None
        return None if memory.has_edits_between(left.revision, revision) else CollectedFile(file, revision)

    def _plan(self, turn: Turn) -> _Plan | None:
        """None where too little is known of the file, or it is too small to bother."""
        left, memory = turn.left, self._known.memory
        if left is None or not turn.is_large(self._in_place_above):
            return None
        with memory.lock:
            lying = memory.versions_lying(left.revision, left.added)
            wanted, revision = memory.last_versions(), memory.revision
        if lying is None or not len(lying):
            return None
        return _Plan(files.File(self._layout.collection), left, lying, wanted, revision)

    def _gather(self, turn: Callable[[], AbstractContextManager[Turn]], sparing: Sparing) -> bool:
        self._layout.make_folders()
        with files.locked(self._layout.gathering):
            with turn() as now:
                if now.standing in sparing:
                    return True
                plan = self._plan(now)
                if plan is None:
                    revision = self._known.memory.revision
                    self._put_in_place(now, self.prepare(revision=revision), revision)
                    return True
            return self._replace_stretches(turn, plan)

    def _put_in_place(self, turn: Turn, following: Replacement, revision: int) -> None:
        try:
            self._keep_late_edit(turn)
        except BaseException:
            following.discard()
            raise
        following.put_in_place()
        Left(revision, revision, following.stamp).write(turn.lock, self._notes)

    def _replace_stretches(self, turn: Callable[[], AbstractContextManager[Turn]], plan: _Plan) -> bool:
        """Raises StoreError."""
        with plan.file:
            pieces = self._pieces(plan)
            following = Replacement(self._layout.collection, pieces, mode=0o600, name=GATHERED)
        try:
            with turn() as now:
                return self._place(now, plan, following)
        except BaseException:
            following.discard()
            raise

    def _pieces(self, plan: _Plan) -> Iterator[Piece]:
        memory, spots = self._known.memory, self._known.spots
        _, sizes = memory.spots_of(plan.lying)
        stops = _HEAD_SIZE + np.cumsum(sizes + _BETWEEN, dtype=np.int64) - _BETWEEN
        starts = stops - sizes
        count = len(plan.lying)
        changed = np.flatnonzero(plan.lying != plan.wanted[:count])
        lines = spots.lines(*memory.spots_of(plan.wanted[changed]))
        at = 0
        for slot, line in zip(changed.tolist(), lines, strict=True):
            yield Stretch(plan.file, at, int(starts[slot]))
            yield line
            at = int(stops[slot])
        yield Stretch(plan.file, at, int(stops[-1]))
        for line in spots.lines(*memory.spots_of(plan.wanted[count:])):
            yield b",\n" + line
        yield collection.closing(plan.revision)

    def _place(self, turn: Turn, plan: _Plan, following: Replacement) -> bool:
        """What others added meanwhile comes along, what they edited waits for the next time."""
        memory = self._known.memory
        now = memory.revision
        lying = memory.versions_lying(plan.revision, now)
        if turn.left is None or turn.left.stamp.inode != plan.left.stamp.inode or lying is None:
            following.discard()
            return False
        revision = plan.revision if memory.has_edits_between(plan.revision, now) else now
        added = self._known.spots.lines(*memory.spots_of(lying[len(plan.wanted) :]))
        end = collection.addition(added, revision)
        following.write_over_end(end, instead_of=len(collection.closing(plan.revision)))
        self._keep_late_edit(turn)
        following.put_in_place()
        Left(revision, now, following.stamp).write(turn.lock, self._notes)
        return revision == now

    def _told(self, deed: Callable[[], bool]) -> bool:
        """What fails here is noted: what is kept stays kept."""
        try:
            is_in_step = deed()
        except StoreError as error:
            self._notes["behind"] = Message(
                "The events are kept, but '{path}' doesn't show the last of them yet: {reason}",
                path=self._layout.collection,
                reason=error.message,
            )
            return False
        self._notes.pop("behind", None)
        self._notes.pop("closed", None)
        return is_in_step

    def _keep_late_edit(self, turn: Turn) -> None:
        """Somebody may have saved the collection while we prepared the next one."""
        if files.stamp(self._layout.collection) not in (turn.collection, None):
            keep_edit(self._layout, files.read(self._layout.collection)[0], self._notes)
