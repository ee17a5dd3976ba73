"""Journal and memory, kept in step: what is known of every event, read from the journal when it is asked for.

Knows how to follow the history, from its beginning or from where it last stood. Knows nothing of writing,
nor of the collection: a store without a history is given one in memory.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock, RLock

import numpy as np

from geoevents.events import Event
from geoevents.stores import Changes, Kept, files
from geoevents.stores.journal import Journal, Replaced
from geoevents.stores.kept_lines import event_of
from geoevents.stores.layout import Layout
from geoevents.stores.memory import Memory, Since
from geoevents.stores.records import START, Batch, Record, scan
from geoevents.stores.remembering import Remembered
from geoevents.stores.spots import Spot, Spots, begin_of_file

_MOST_AT_HAND = 2_000
_PORTION = 1_000


class Follower:
    """
    `memory` says where everything lies, `journal` is where memory ends.

    Reading needs no lock. Whoever takes over what is new holds `one`, which is taken twice by one thread.
    """

    def __init__(self, layout: Layout, cache: Path | None = None) -> None:
        self.layout = layout
        self._remembered = Remembered(cache, layout.journal) if cache else None
        self.journal = Journal(layout.journal)
        self.memory = Memory()
        self.spots = Spots()
        self.one = RLock()
        self._base: tuple[files.File | None, int] = (None, 0)
        self._at_hand = _AtHand()

    def load(self) -> None:
        """From the beginning of the journal. Raises StoreError; then what was known stays known."""
        with self.one:
            journal = Journal(self.layout.journal)
            memory = None if self._remembered is None else self._remembered.recall(journal)
            if memory is None:
                journal, memory = Journal(self.layout.journal), Memory()
            else:
                memory.move(self._base_of(journal))
            self._take_new(journal, memory)
            self.journal, self.memory = journal, memory
            self.remember()

    def remember(self) -> None:
        """Keep what is known for whoever opens next."""
        if self._remembered is not None:
            self._remembered.keep(self.journal, self.memory)

    def follow(self) -> bool:
        """Take over what the journal has more; whether it is still the same journal. Raises StoreError."""
        with self.one:
            try:
                self._take_new(self.journal, self.memory)
            except Replaced:
                return False
            return True

    def append(self, records: Sequence[Record]) -> None:
        """Keep records and take them over. Raises StoreError; then they are not kept, nor a trace of them."""
        journal = self.journal
        written = journal.append(records)
        with self.one:
            batch = journal.pass_over(written) if journal is self.journal else None
            if batch is not None:
                self.memory.take(batch, base=self._base_of(journal))

    def suppose(self, lines: Mapping[str, bytes], revision: int) -> None:
        """Go on as if the history, which is empty, began with these Features, by id, at one revision."""
        memory = Memory(revision=revision, public_revision=revision)
        if lines:
            batch, data = _a_history(lines, revision)
            memory.take(batch, base=self.spots.point_into(files.in_memory(self.layout.collection, data)))
        self.memory = memory

    def line(self, event_id: str) -> bytes | None:
        """The Feature of an event as it is now; None where there is none. Raises StoreError."""
        spot = self.memory.spot(event_id)
        return None if spot is None else self.spots.one(*spot)

    def event(self, event_id: str) -> Event | None:
        """Raises StoreError."""
        spot = self.memory.spot(event_id)
        return None if spot is None else self._at_hand.get(spot, self.spots)

    def know(self, event: Event) -> None:
        """Spare reading back what we wrote ourselves."""
        spot = self.memory.spot(event.id)
        if spot is not None:
            self._at_hand.put(spot, event)

    def events(self) -> Iterator[Event]:
        """A snapshot, in the order of addition. Walking on raises StoreError."""
        now = self.memory.since(None)
        portions = range(0, len(now.slots), _PORTION)
        return (event for start in portions for event in self._portion(now, start))

    def lines(self, changed: Mapping[str, bytes] | None = None) -> Iterator[bytes]:
        """Every line in the order of addition, with these instead of, or behind, those that are there."""
        changed = dict(changed or {})
        now = self.memory.since(None)
        ids = self.memory.ids
        instead = {ids.slot_of(event_id): event_id for event_id in changed}
        for slot, line in enumerate(self._lines(now)):
            yield changed.pop(instead[slot]) if slot in instead else line
        yield from changed.values()

    def lines_by_id(self) -> Iterator[tuple[str, bytes]]:
        """In the order of addition."""
        now = self.memory.since(None)
        return zip(map(self.memory.ids.at, now.slots.tolist()), self._lines(now), strict=True)

    def changes(self, since: int | None) -> Changes:
        memory = self.memory
        found = memory.since(since)
        spots = zip(found.slots.tolist(), found.offsets.tolist(), self._lines(found), strict=True)
        return Changes(
            revision=found.revision,
            public_revision=found.public_revision,
            whole=found.whole,
            slots=found.slots,
            offsets=found.offsets,
            sizes=found.sizes,
            kept=(Kept(memory.ids.at(slot), line, offset, slot) for slot, offset, line in spots),
        )

    def records_of(self, event_id: str) -> list[Record]:
        """Every record of one event, oldest first. Raises StoreError."""
        return [Record.parse(self.spots.one(*line)) for line in self.memory.records(event_id)]

    def seal(self, revision: int) -> str | None:
        """A digest of the record of a revision, of where it lies, and of the first; None without one."""
        line = self.memory.record_of(revision)
        if line is None or not self.journal.end:
            return None
        first = self.spots.one(begin_of_file(line.offset), min(line.size, 200))
        return hashlib.sha256(first + b"%d:" % line.offset + self.spots.one(*line)).hexdigest()

    def _portion(self, now: Since, start: int) -> Iterator[Event]:
        offsets, sizes = now.offsets[start : start + _PORTION], now.sizes[start : start + _PORTION]
        at_hand = [self._at_hand.look(offset) for offset in offsets.tolist()]
        missing = np.flatnonzero([event is None for event in at_hand])
        lines = self.spots.lines(offsets[missing], sizes[missing])
        return (event_of(next(lines)) if event is None else event for event in at_hand)

    def _lines(self, found: Since) -> Iterator[bytes]:
        return self.spots.lines(found.offsets, found.sizes)

    def _take_new(self, journal: Journal, memory: Memory) -> None:
        for batch in journal.read_new():
            memory.take(batch, base=self._base_of(journal))

    def _base_of(self, journal: Journal) -> int:
        if journal.file is not None and self._base[0] is not journal.file:
            self._base = (journal.file, self.spots.point_into(journal.file))
        return self._base[1]


class _AtHand:
    """The events that were asked for last, by where they lie."""

    def __init__(self) -> None:
        self._events: OrderedDict[int, Event] = OrderedDict()
        self._lock = Lock()

    def look(self, offset: int) -> Event | None:
        return self._events.get(offset)

    def get(self, spot: Spot, spots: Spots) -> Event:
        with self._lock:
            event = self._events.get(spot.offset)
            if event is not None:
                self._events.move_to_end(spot.offset)
                return event
        event = event_of(spots.one(*spot))
        self.put(spot, event)
        return event

    def put(self, spot: Spot, event: Event) -> None:
        with self._lock:
            self._events[spot.offset] = event
            if len(self._events) > _MOST_AT_HAND:
                self._events.popitem(last=False)


def _a_history(lines: Mapping[str, bytes], revision: int) -> tuple[Batch, bytes]:
    records = (
        Record(revision=revision, at="", by="", why=None, op=START, public=True, id=event_id, feature=line)
        for event_id, line in lines.items()
    )
    written = b"".join(record.line() + b"\n" for record in records)
    return scan(written, 0), written
