"""What a store holds in memory: the line and the event of each id, and what changed when.

Knows entries, revisions and who has to be told of what. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from threading import RLock

from geoevents.events import Event
from geoevents.stores import Changes, Kept
from geoevents.stores.journal import RECOVERED, START, Record
from geoevents.stores.kept_lines import event_of


class Entry:
    """A Feature as it is written, and the event that it says, read when first asked for."""

    __slots__ = ("_event", "line", "offset", "slot")

    def __init__(self, line: bytes, event: Event | None = None, *, offset: int = -1, slot: int = -1) -> None:
        self.line = line
        self._event = event
        self.offset = offset
        self.slot = slot

    @property
    def event(self) -> Event:
        """Raises StoreDamaged where the line is no event."""
        if self._event is None:
            self._event = event_of(self.line)
        return self._event


class Memory:
    """
    The entries as of one revision. Entries are replaced, never changed, so a list of them is a snapshot.

    `lock` is held while revision and entries move together.
    """

    def __init__(
        self, entries: dict[str, Entry] | None = None, *, revision: int = 0, public_revision: int = 0
    ) -> None:
        self.lock = RLock()
        self.entries = entries or {}
        self.revision = revision
        self.public_revision = public_revision
        self._changed: list[str] = []
        self._known_from = revision
        self._lines: list[bytes] = []
        for slot, entry in enumerate(self.entries.values()):
            entry.offset = entry.slot = slot
            self._lines.append(entry.line)

    def _place(self, entry: Entry, before: Entry | None) -> None:
        entry.offset, entry.slot = len(self._lines), before.slot if before else len(self.entries)
        self._lines.append(entry.line)

    def lines_at(self, offsets: Iterable[int]) -> Iterator[bytes]:
        return (self._lines[offset] for offset in offsets)

    @classmethod
    def of(cls, records: Iterable[Record]) -> Memory:
        """What the records of a journal amount to."""
        entries: dict[str, Entry] = {}
        revision = public_revision = 0
        for record in records:
            before = (revision, public_revision) if entries else (record.revision - 1,) * 2
            public_revision = _public_after(record, *before)
            entries[record.id] = Entry(record.feature)
            revision = record.revision
        return cls(entries, revision=revision, public_revision=public_revision)

    def take(self, record: Record) -> None:
        with self.lock:
            entry = Entry(record.feature)
            self._place(entry, self.entries.get(record.id))
            self.entries[record.id] = entry
            self._changed.append(record.id)
            if record.op == START or record.revision != self.revision + 1:
                # A start shares its revision, a recovery leaves some out: there is no counting back.
                self._changed, self._known_from = [], record.revision
            self.public_revision = _public_after(record, self.revision, self.public_revision)
            self.revision = record.revision

    def know(self, event: Event, line: bytes) -> None:
        """Spare reading back what we wrote ourselves."""
        with self.lock:
            if (entry := self.entries.get(event.id)) is not None and entry.line == line:
                self.entries[event.id] = Entry(entry.line, event, offset=entry.offset, slot=entry.slot)

    def events(self) -> Iterator[Event]:
        """A snapshot, in the order in which the ids came."""
        with self.lock:
            entries = list(self.entries.values())
        return (entry.event for entry in entries)

    def lines(self, changed: Mapping[str, bytes]) -> Iterator[bytes]:
        """Every line, with these in the place of, or behind, those that are there."""
        for event_id, entry in self.entries.items():
            yield changed.get(event_id, entry.line)
        yield from (line for event_id, line in changed.items() if event_id not in self.entries)

    def changes(self, since: int | None) -> Changes:
        with self.lock:
            whole = since is None or not self._known_from <= since <= self.revision
            if whole or since is None:
                items = list(self.entries.items())
            else:
                ids = dict.fromkeys(self._changed[since - self._known_from :])
                items = [(event_id, self.entries[event_id]) for event_id in ids]
            revision, public_revision = self.revision, self.public_revision
        return Changes(
            revision=revision,
            public_revision=public_revision,
            whole=whole,
            count=len(items),
            kept=(Kept(event_id, entry.line, entry.offset, entry.slot) for event_id, entry in items),
        )


def _public_after(record: Record, revision: int, public_revision: int) -> int:
    """
    The public revision once a record counts: one more for each that anybody can see, and no more than that.

    The revision itself would tell how much was written that is not public. Only a history that lost some
    of its own goes on by as many as are gone, for nobody knows which of them were seen.
    """
    if record.op == START:
        return record.revision
    if record.op == RECOVERED:
        return public_revision + record.revision - revision
    return public_revision + record.public
