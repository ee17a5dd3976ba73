"""Collection, journal and memory, kept in step: who moves first, and what is done when they disagree.

A write holds the lock, follows the journal to its end, prepares the next collection beside the old one and
adds to the journal: from here on it is kept. Then the collection is put in place. Whatever breaks after that
is mended by whoever opens or writes next, for the journal is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from geoevents.errors import StoreDamaged, StoreError, StoreTooNew
from geoevents.events import Event, utc_now
from geoevents.geojson import feature_line
from geoevents.messages import Message
from geoevents.stores import collection, files, journal
from geoevents.stores.collection import Content
from geoevents.stores.following import Follower
from geoevents.stores.layout import Layout, Left
from geoevents.stores.reconciling import Ahead, Standing, ahead, keep_aside, standing
from geoevents.stores.records import RECOVERED, START, Record
from geoevents.stores.shown import is_shown, public_bytes
from geoevents.times import instant

# A revision beyond this was written by hand; numbers up to here are exact in every JSON reader (RFC 8259, 6).
_LAST_JUMP = 2**52


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to write, for as long as the lock is held; memory is at the end of the journal."""

    lock: files.File
    standing: Standing
    collection: files.Stamp | None


class Keeper:
    """`known` follows the journal, which vouches for the collection. `notes` are for a person."""

    def __init__(self, layout: Layout, *, in_place_above: int, cache: Path | None = None) -> None:
        self.layout = layout
        self.known = Follower(layout, cache)
        self.notes: dict[str, Message] = {}
        self._in_place_above = in_place_above
        self._collection_read: files.Stamp | None = None
        self._one_writer = Lock()

    def open(self) -> None:
        """Read what is there and mend it; where nothing may be written, only read. Raises StoreError."""
        try:
            self.layout.make_folders()
            with files.locked(self.layout.lock) as lock:
                self.layout.clear_away()
                self.known.load()
                turn = self._settle(lock)
                if turn.standing.wants_rewriting:
                    self._rewrite(turn)
        except (StoreDamaged, StoreTooNew):
            raise
        except StoreError as error:
            self._open_to_read(error)

    def refresh(self) -> None:
        """Follow what others wrote. A fault is noted, and what was known stays known."""
        try:
            if not self._stands_still():
                self._follow()
            self.notes.pop("stale", None)
        except StoreError as error:
            self.notes["stale"] = Message(
                "What is shown may be out of date: the history cannot be read. {reason}", reason=error.message
            )

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Alone, and up to date. Raises StoreError where nothing can be written."""
        with self._one_writer:
            self.layout.make_folders()
            with files.locked(self.layout.lock) as lock:
                yield self._settle(lock)

    def keep(
        self, turn: Turn, events: Sequence[Event], *, by: str, why: str | None, op: str, at: str
    ) -> None:
        """Keep events, new ones or next versions: all or, raising StoreError, none."""
        lines = {event.id: feature_line(event) for event in events}
        before = self.known.memory.revision
        records = self._records(lines, events, behind=before, by=by, why=why, op=op, at=at)
        added = None if any(event_id in self.known.memory for event_id in lines) else list(lines.values())
        following = (
            None if added and self._may_add_in_place(turn) else self._prepare(lines, before + len(records))
        )
        try:
            self.known.journal.append(records)
        except BaseException:
            if following is not None:
                following.discard()
            raise
        self.refresh()
        for event in events:
            self.known.know(event)
        self._finish(turn, following, added or [], before=before, revision=before + len(records))

    def _records(
        self,
        lines: Mapping[str, bytes],
        events: Sequence[Event],
        *,
        behind: int,
        by: str,
        why: str | None,
        op: str,
        at: str,
    ) -> list[Record]:
        return [
            Record(
                revision=behind + number,
                at=at,
                by=by,
                why=why,
                op=op,
                public=self._shows(event),
                id=event.id,
                feature=lines[event.id],
                more=len(events) - number,
            )
            for number, event in enumerate(events, start=1)
        ]

    def _open_to_read(self, error: StoreError) -> None:
        self._load()
        if not self.known.journal.exists and self._collection_read is None:
            raise error
        self.notes["closed"] = Message(
            "Nothing can be written here, only read. {reason}", reason=error.message
        )

    def _stands_still(self) -> bool:
        if not self.known.journal.stands_still():
            return False
        return bool(self.known.journal.end) or files.stamp(self.layout.collection) == self._collection_read

    def _load(self) -> None:
        """From the journal; where there is none, or nothing in it, from the collection."""
        with self.known.one:
            self.known.load()
            if not self.known.journal.end:
                self._suppose_collection()

    def _suppose_collection(self) -> None:
        self._collection_read = files.stamp(self.layout.collection)
        if self._collection_read is None:
            self.known.suppose({}, 0)
            return
        data, self._collection_read = files.read(self.layout.collection)
        content = collection.read_content(self.layout.collection, data)
        self._note_rejected(content)
        self.known.suppose(_lines_of(content), _revision_of(content))

    def _follow(self) -> None:
        with self.known.one:
            journal = self.known.journal
            if not journal.end and (len(self.known.memory) or not journal.exists):
                if not self._stands_still():
                    self._load()
            elif not self.known.follow() and journal.exists:
                self._load()

    def _settle(self, lock: files.File) -> Turn:
        """Bring memory to the end of the journal, and see how the collection stands to it."""
        if self.known.journal.exists:
            self._mend()
        elif self.known.journal.end:
            self._begin(dict(self.known.lines_by_id()), self.known.memory.revision)
            self.notes["lost"] = Message(
                "The history '{path}' was gone. It begins anew with the events as they were known.",
                path=self.layout.journal,
            )
        stamp = files.stamp(self.layout.collection)
        left = Left.read(lock)
        revision = self.known.memory.revision
        if left is not None and left.stamp == stamp and self.known.journal.end:
            if left.revision == revision:
                return Turn(lock, Standing.IN_STEP, stamp)
            if left.revision < revision:
                return Turn(lock, Standing.BEHIND, stamp)
        collection.refuse_if_newer(self.layout.collection)
        data, stamp = (None, None) if stamp is None else files.read(self.layout.collection)
        found = self._standing(data)
        if found is Standing.EDITED and data is not None:
            found = self._take_note_of_edit(data)
        if found is Standing.IN_STEP and stamp is not None:
            self._leave(lock, self.known.memory.revision, stamp)
        return Turn(lock, found, stamp)

    def _mend(self) -> None:
        self._follow()
        aside = self.known.journal.mend()
        if aside is not None:
            self.notes["torn"] = Message(
                "The history broke off in the middle of a record that nobody was told is kept. "
                "What there was of it is in '{path}'.",
                path=aside,
            )
        self._follow()

    def _standing(self, data: bytes | None) -> Standing:
        if not self.known.journal.end:
            self._begin_with(data)
        if data is None:
            return Standing.MISSING
        return standing(
            self.layout.collection,
            data,
            dict(self.known.lines_by_id()),
            revision=self.known.memory.revision,
            lines_at=self.known.journal.features_at,
        )

    def _begin_with(self, data: bytes | None, *, above: int = -1) -> None:
        """History begins with what the collection holds, at a revision above one that was used before."""
        content = (
            Content(0, {}, ()) if data is None else collection.read_content(self.layout.collection, data)
        )
        if content.rejected and data is not None:
            self._note_rejected(content)
            keep_aside(data, self.layout.private)
        lines = _lines_of(content)
        if lines or not self.known.journal.exists:
            self._begin(lines, max(_revision_of(content), above + 1))
        else:
            self.known.suppose({}, _revision_of(content))

    def _begin(self, lines: dict[str, bytes], revision: int) -> None:
        now = instant(utc_now())
        start = (
            Record(revision=revision, at=now, by="", why=None, op=START, public=True, id=id, feature=line)
            for id, line in lines.items()
        )
        journal.begin(self.layout.journal, start)
        self.known.load()
        if not lines:
            self.known.suppose({}, revision)

    def _take_note_of_edit(self, data: bytes) -> Standing:
        """
        Another program wrote the collection. Nothing of it is lost; what was acknowledged goes on.

        As long as nothing was ever written through us, the collection is simply the new beginning.
        """
        with suppress(StoreDamaged):
            content = collection.read_content(self.layout.collection, data)
            lines = _lines_of(content)
            only_started = self.known.journal.only_started
            if only_started and lines and lines != dict(self.known.lines_by_id()):
                self._begin_with(data, above=self.known.memory.revision)
                return Standing.ALIKE
            if only_started:
                self._note_rejected(content)
            found = ahead(content, self.known.line, self.known.memory.revision)
            if found is not None:
                if found.says_more:
                    self._keep_edit(data)
                self._recover(found)
                return Standing.BEHIND
        self._keep_edit(data)
        return Standing.EDITED

    def _recover(self, found: Ahead) -> None:
        """The history lost its end: it goes on, behind what is lost, with what the collection kept of it."""
        last = self.known.memory.revision
        collected = last + found.missing
        self.known.journal.append(
            self._records(
                {event.id: feature_line(event) for event in found.events},
                found.events,
                behind=collected if collected <= _LAST_JUMP else last,
                by="",
                why=f"The history ended at revision {last}; this is what the collection held at {collected}.",
                op=RECOVERED,
                at=instant(utc_now()),
            )
        )
        self.refresh()
        self.notes.pop("torn", None)
        self.notes["recovered"] = found.note(self.layout.collection)

    def _keep_edit(self, data: bytes) -> None:
        aside = keep_aside(data, self.layout.private)
        self.notes["edited"] = Message(
            "'{path}' says something else than the history: it was changed from outside. "
            "A copy is kept in '{aside}'; the events stay as the history has them.",
            path=self.layout.collection,
            aside=aside,
        )

    def _note_rejected(self, content: Content) -> None:
        if content.rejected:
            first = content.rejected[0]
            self.notes["rejected"] = Message(
                "{count} Feature of '{path}' is no event and is left out: number {number}, {reason}",
                plural="{count} Features of '{path}' are no events and are left out. "
                "The first is number {number}, {reason}",
                count=len(content.rejected),
                path=self.layout.collection,
                number=first.number,
                reason=first.reason,
            )

    def _shows(self, event: Event) -> bool:
        """Whether anybody can see that this is what the event is now."""
        before = self.known.event(event.id)
        if before is None:
            return is_shown(event)
        return public_bytes(before) != public_bytes(event)

    def _may_add_in_place(self, turn: Turn) -> bool:
        large = turn.collection is not None and turn.collection.size > self._in_place_above
        return large and turn.standing is Standing.IN_STEP and len(self.known.memory) > 0

    def _prepare(self, lines: Mapping[str, bytes], revision: int) -> files.Replacement:
        return files.Replacement(
            self.layout.collection, collection.chunks(self.known.lines(lines), revision), mode=0o600
        )

    def _rewrite(self, turn: Turn) -> None:
        revision = self.known.memory.revision
        self._finish(turn, self._prepare({}, revision), [], before=revision, revision=revision)

    def _finish(
        self,
        turn: Turn,
        following: files.Replacement | None,
        added: Sequence[bytes],
        *,
        before: int,
        revision: int,
    ) -> None:
        """Bring the collection to what the journal says. That can fail: what is kept stays kept."""
        path = self.layout.collection
        try:
            if following is None:
                stamp = collection.add_in_place(path, added, before=before, revision=revision)
            else:
                self._keep_late_edit(turn)
                following.put_in_place()
                stamp = following.stamp
            self.notes.pop("behind", None)
            self.notes.pop("closed", None)
        except StoreError as error:
            if following is not None:
                following.discard()
            self.notes["behind"] = Message(
                "The events are kept, but '{path}' doesn't show the last of them yet: {reason}",
                path=path,
                reason=error.message,
            )

        else:
            self._leave(turn.lock, revision, stamp)

    def _leave(self, lock: files.File, revision: int, stamp: files.Stamp) -> None:
        """Spare whoever comes next reading all of the collection. If it fails, they read it."""
        try:
            Left(revision, stamp).write(lock)
            self.notes.pop("lock", None)
        except StoreError as error:
            self.notes["lock"] = Message("The store's lock cannot be written. {reason}", reason=error.message)

    def _keep_late_edit(self, turn: Turn) -> None:
        """Somebody may have saved the collection while we prepared the next one."""
        if files.stamp(self.layout.collection) not in (turn.collection, None):
            self._keep_edit(files.read(self.layout.collection)[0])


def _revision_of(content: Content) -> int:
    return content.revision or (1 if content.events else 0)


def _lines_of(content: Content) -> dict[str, bytes]:
    return {event.id: feature_line(event) for event in content.events.values()}
