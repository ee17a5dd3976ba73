"""Journal, memory and collection, kept in step: who writes when, and together with whom.

A write holds the lock, follows the journal to its end and adds to it: from here on it is kept. Writes that
wait for each other are added together, with one sync for all. Then the collection follows: a small one at
once or a little later, a large one is added to in place, and edits to it are gathered. Whatever breaks after
the journal is mended by whoever opens or writes next, for the journal is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from threading import Lock, Timer
from time import monotonic, perf_counter, time

from geoevents.errors import StoreDamaged, StoreError, StoreTooNew
from geoevents.events import Event
from geoevents.messages import Message
from geoevents.stores import files
from geoevents.stores.collecting import AFTER_A_LOOK, AFTER_A_WRITE, Collecting, Sparing, Turn
from geoevents.stores.following import Follower
from geoevents.stores.grouping import Group, Together, Write
from geoevents.stores.layout import Layout, Left
from geoevents.stores.replacing import Replacement
from geoevents.stores.settling import Settling

# No more than this part of the time goes into writing the collection.
_SHARE = 0.05
_SHORTEST_PAUSE_S = 0.05
_LOOK_EVERY_S = 1.0
_AT_REST_AFTER_S = 2.0


class Keeper:
    """`known` follows the journal, which vouches for the collection. `notes` are for a person."""

    def __init__(
        self, layout: Layout, *, in_place_above: int, lag: float = 0.0, cache: Path | None = None
    ) -> None:
        self.layout = layout
        self.known = Follower(layout, cache)
        self.notes: dict[str, Message] = {}
        self.collecting = Collecting(layout, self.known, self.notes, in_place_above=in_place_above)
        self._settling = Settling(layout, self.known, self.notes)
        self._in_place_above = in_place_above
        self._lag = lag
        self._timer: Timer | None = None
        self._pause = _SHORTEST_PAUSE_S
        self._has_written = False
        self._next_look = 0.0
        self._seen: files.Stamp | None = None
        self.together = Together()
        self._one_writer = Lock()

    def open(self) -> None:
        """Read what is there and mend it; where nothing may be written, only read. Raises StoreError."""
        try:
            self.layout.make_folders()
            with files.locked(self.layout.lock) as lock:
                self.layout.clear_away()
                self.known.load()
                turn = self._settling.settle(lock)
            if turn.standing.wants_rewriting:
                self._gather(AFTER_A_LOOK)
        except (StoreDamaged, StoreTooNew):
            raise
        except StoreError as error:
            self._open_to_read(error)

    def refresh(self) -> None:
        """Follow what others wrote. A fault is noted, and what was known stays known."""
        try:
            self._settling.follow()
            self.notes.pop("stale", None)
            if self._lag:
                self._look_outside()
        except StoreError as error:
            self.notes["stale"] = Message(
                "What is shown may be out of date: the history cannot be read. {reason}", reason=error.message
            )

    def keep(self, write: Write) -> Sequence[Event]:
        """
        Keep what `write` decides on: on disk when this returns. Those who wait are kept by whoever is first.

        Raises what its `judge` raises, and StoreError.
        """
        write.prepare()
        self.together.do(write, self._keep_all)
        if write.error is not None:
            raise write.error
        if write.is_urgent:
            self._gather()
        return write.events

    def close(self) -> None:
        """Bring the collection up with what waits, and let go of the history, which is held open."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._gather()
        self.known.remember()
        self.known.spots.close()

    @contextmanager
    def _turn(self) -> Iterator[Turn]:
        """Alone, and up to date. Raises StoreError where nothing can be written."""
        with self._one_writer:
            if files.stamp(self.layout.private) is None:
                self.layout.make_folders()
            with files.locked(self.layout.lock) as lock:
                yield self._settling.settle(lock)

    def _keep_all(self, writes: list[Write]) -> None:
        self._keep_together(writes)
        if len(writes) > 1:
            # What is too much for the disk together may find room alone.
            for write in writes:
                if isinstance(write.error, StoreError):
                    write.error, write.is_done = None, False
                    self._keep_together([write])

    def _keep_together(self, writes: list[Write]) -> None:
        """Each of them is done then, or has its error."""
        try:
            with self._turn() as turn:
                self._keep_group(turn, writes)
        except Exception as error:
            for write in writes:
                if not write.is_done:
                    write.error, write.is_done = copy(error), True

    def _keep_group(self, turn: Turn, writes: list[Write]) -> None:
        group = Group(self.known)
        for write in writes:
            group.take(write)
        count, before = len(group.records), self.known.memory.revision
        following = None
        if count and not self._lag and not turn.is_large(self._in_place_above):
            following = self.collecting.prepare(group.lines, revision=before + count)
        if count:
            self._add_to_journal(group, following)
        self._done(group)
        if following is not None:
            self.collecting.replace(turn, following, revision=before + count)
        elif count and not self.collecting.add(turn, group.added, before=before):
            self._follow_later(group)

    def _add_to_journal(self, group: Group, following: Replacement | None) -> None:
        try:
            self.known.append(group.counted())
        except BaseException:
            if following is not None:
                following.discard()
            raise
        self.refresh()

    def _done(self, group: Group) -> None:
        for write in group.writes:
            for event in write.events:
                self.known.know(event)
            write.is_done = True

    def _follow_later(self, group: Group) -> None:
        """Or, where nothing may lag behind, before any of these writes returns."""
        if self._lag:
            self._has_written = True
            self._set_timer()
        else:
            for write in group.writes:
                write.is_urgent = True

    def _set_timer(self) -> None:
        # A forked child has the timer, and not its thread.
        if self._timer is None or not self._timer.is_alive():
            self._timer = Timer(self._pause, self._when_due)
            self._timer.daemon = True
            self._timer.start()

    def _when_due(self) -> None:
        self._timer = None
        sparing = AFTER_A_WRITE if self._has_written else AFTER_A_LOOK
        self._has_written = False
        self._gather(sparing)

    def _look_outside(self) -> None:
        """A server that only reads takes over what another program saved, once that has come to rest."""
        if monotonic() < self._next_look:
            return
        self._next_look = monotonic() + _LOOK_EVERY_S
        stamp = files.stamp(self.layout.collection)
        if stamp is None or stamp == self._seen or time() - stamp.mtime_ns / 1e9 < _AT_REST_AFTER_S:
            return
        with files.File(self.layout.lock) as lock:
            left = Left.read(lock)
        self._seen = stamp
        if left is None or left.stamp != stamp:
            self._set_timer()

    def _gather(self, sparing: Sparing = AFTER_A_WRITE) -> None:
        start = perf_counter()
        is_in_step = self.collecting.gather(self._turn, sparing=sparing)
        taken = perf_counter() - start
        self._pause = min(self._lag, max(_SHORTEST_PAUSE_S, taken / _SHARE))
        if self._lag and not is_in_step:
            self._set_timer()

    def _open_to_read(self, error: StoreError) -> None:
        self._settling.load()
        if not self.known.journal.exists and not self._settling.has_read_collection:
            raise error
        self.notes["closed"] = Message(
            "Nothing can be written here, only read. {reason}", reason=error.message
        )
