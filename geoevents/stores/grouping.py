"""Writes that are kept together: judged one after the other, added to the history with one sync.

Knows who waits, and that one of those who wait does it for all. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Event as Signal
from threading import Lock
from typing import Protocol

from geoevents.events import Event, is_public
from geoevents.geojson import feature_line
from geoevents.stores.following import Follower
from geoevents.stores.records import Record
from geoevents.stores.shown import must_not_wait, shows


class Events(Protocol):
    """The events as they are once all that was decided before is kept."""

    def __contains__(self, event_id: str) -> bool: ...

    def get(self, event_id: str) -> Event | None: ...


@dataclass(eq=False)
class Write:
    """What somebody wants kept: all of it or, if `judge` or the disk refuses, none. `new` are new events."""

    judge: Callable[[Events], Sequence[Event]]
    by: str
    why: str | None
    op: str
    at: str
    new: Sequence[Event] = ()
    events: Sequence[Event] = ()
    error: Exception | None = None
    is_done: bool = False
    is_urgent: bool = False
    woken: Signal = field(default_factory=Signal)
    ready: dict[str, tuple[bytes, bool]] = field(default_factory=dict)

    def prepare(self) -> None:
        """What can be made of new events before it is this write's turn: others are waiting for the disk."""
        self.ready = {event.id: (feature_line(event), is_public(event)) for event in self.new}


@dataclass
class Group:
    """Writes that are kept together, as far as they were judged."""

    known: Follower
    writes: list[Write] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    lines: dict[str, bytes] = field(default_factory=dict)
    added: list[bytes] = field(default_factory=list)
    _events: dict[str, Event] = field(default_factory=dict)

    def __contains__(self, event_id: str) -> bool:
        return event_id in self._events or event_id in self.known.memory

    def get(self, event_id: str) -> Event | None:
        return self._events.get(event_id) or self.known.event(event_id)

    def take(self, write: Write) -> None:
        """Judge a write; what it may not is told to it, and nobody else."""
        try:
            write.events = write.judge(self)
            lines = [
                write.ready[event.id][0] if event.id in write.ready else feature_line(event)
                for event in write.events
            ]
        except Exception as error:
            write.error, write.is_done = error, True
            return
        for event, line in zip(write.events, lines, strict=True):
            self._add(write, event, line)
        self.writes.append(write)

    def _add(self, write: Write, event: Event, line: bytes) -> None:
        before = self.get(event.id)
        if before is None:
            self.added.append(line)
            is_seen = write.ready[event.id][1] if event.id in write.ready else is_public(event)
        else:
            is_seen = shows(before, event)
            write.is_urgent = write.is_urgent or must_not_wait(before, event)
        self._events[event.id] = event
        self.lines[event.id] = line
        self.records.append(
            Record(
                revision=self.known.memory.revision + len(self.records) + 1,
                at=write.at,
                by=write.by,
                why=write.why,
                op=write.op,
                public=is_seen,
                id=event.id,
                feature=line,
            )
        )

    def counted(self) -> list[Record]:
        """The records as one write: none of them counts before the last is whole."""
        if len(self.records) == 1:
            return self.records
        return [replace(each, more=more) for more, each in enumerate(reversed(self.records))][::-1]


class Together:
    """Those who come while one is at it wait, and the first of them then does it for all of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Write] = []
        self._is_led = False

    def __len__(self) -> int:
        return len(self._waiting)

    def do(self, write: Write, do_all: Callable[[list[Write]], None]) -> None:
        """Done, or with an error, when this returns."""
        with self._lock:
            self._waiting.append(write)
            leads, self._is_led = not self._is_led, True
        if not leads:
            write.woken.wait()
        if not write.is_done:
            self._lead(write, do_all)

    def _lead(self, own: Write, do_all: Callable[[list[Write]], None]) -> None:
        with self._lock:
            writes = list(self._waiting)
        try:
            do_all(writes)
        finally:
            with self._lock:
                self._waiting = [each for each in self._waiting if not each.is_done and each is not own]
                following = self._waiting[:1]
                self._is_led = bool(following)
            for each in [each for each in writes if each.is_done] + following:
                each.woken.set()
