"""History and collection, held against each other at the beginning of a turn, and mended where they disagree.

Knows how a history begins, what a killed writer leaves, and that the journal is right. Knows nothing of what
is to be written.
"""

from __future__ import annotations

from contextlib import suppress

from geoevents.errors import StoreDamaged
from geoevents.events import utc_now
from geoevents.geojson import feature_line
from geoevents.messages import Message
from geoevents.stores import collection, files, journal
from geoevents.stores.collecting import Turn
from geoevents.stores.collection import Content
from geoevents.stores.following import Follower
from geoevents.stores.layout import Layout, Left
from geoevents.stores.outside import take_over
from geoevents.stores.reconciling import (
    Ahead,
    Standing,
    ahead,
    is_torn_of_ours,
    keep_aside,
    keep_edit,
    standing,
)
from geoevents.stores.records import RECOVERED, START, Record
from geoevents.times import instant

# A revision beyond this was written by hand; numbers up to here are exact in every JSON reader (RFC 8259, 6).
_LAST_JUMP = 2**52


class Settling:
    """`known` is at the end of the journal once a turn is settled. `notes` are for a person."""

    def __init__(self, layout: Layout, known: Follower, notes: dict[str, Message]) -> None:
        self._layout = layout
        self._known = known
        self._notes = notes
        self._collection_read: files.Stamp | None = None
        self._taken_over: files.Stamp | None = None

    @property
    def has_read_collection(self) -> bool:
        return self._collection_read is not None

    def load(self) -> None:
        """From the journal; where there is none, or nothing in it, from the collection. Raises StoreError."""
        with self._known.one:
            self._known.load()
            if not self._known.journal.end:
                self._suppose_collection()

    def follow(self) -> None:
        """Take over what others wrote. Raises StoreError; then what was known stays known."""
        if self._stands_still():
            return
        with self._known.one:
            journal = self._known.journal
            if not journal.end and (len(self._known.memory) or not journal.exists):
                if not self._stands_still():
                    self.load()
            elif not self._known.follow() and journal.exists:
                self.load()

    def settle(self, lock: files.File) -> Turn:
        """Bring memory to the end of the journal, and see how the collection stands to it."""
        if self._known.journal.is_at_end:
            pass
        elif self._known.journal.exists:
            self._mend()
        elif self._known.journal.end:
            self._begin(dict(self._known.lines_by_id()), self._known.memory.revision)
            self._notes["lost"] = Message(
                "The history '{path}' was gone. It begins anew with the events as they were known.",
                path=self._layout.journal,
            )
        stamp = files.stamp(self._layout.collection)
        left = Left.read(lock)
        revision = self._known.memory.revision
        if left is not None and left.stamp == stamp and self._known.journal.end and left.added <= revision:
            found = Standing.IN_STEP if left.revision == revision else Standing.BEHIND
            return Turn(lock, found, stamp, left)
        collection.refuse_if_newer(self._layout.collection)
        data, stamp = (None, None) if stamp is None else files.read(self._layout.collection)
        found = self._standing(data)
        if found is Standing.EDITED and data is not None and stamp == self._taken_over:
            found = Standing.BEHIND
        elif found is Standing.EDITED and data is not None:
            found = self._take_note_of_edit(data)
            self._taken_over = stamp if found is Standing.BEHIND else None
        if found is not Standing.IN_STEP or stamp is None:
            return Turn(lock, found, stamp, None)
        revision = self._known.memory.revision
        left = Left(revision, revision, stamp)
        left.write(lock, self._notes)
        return Turn(lock, found, stamp, left)

    def _stands_still(self) -> bool:
        if not self._known.journal.stands_still():
            return False
        if self._known.journal.end:
            return True
        return files.stamp(self._layout.collection) == self._collection_read

    def _suppose_collection(self) -> None:
        self._collection_read = files.stamp(self._layout.collection)
        if self._collection_read is None:
            self._known.suppose({}, 0)
            return
        data, self._collection_read = files.read(self._layout.collection)
        content = collection.read_content(self._layout.collection, data)
        self._note_rejected(content)
        self._known.suppose(_lines_of(content), _revision_of(content))

    def _mend(self) -> None:
        self.follow()
        aside = self._known.journal.mend()
        if aside is not None:
            self._notes["torn"] = Message(
                "The history broke off in the middle of a record that nobody was told is kept. "
                "What there was of it is in '{path}'.",
                path=aside,
            )
        self.follow()

    def _standing(self, data: bytes | None) -> Standing:
        if not self._known.journal.end:
            self._begin_with(data)
        if data is None:
            return Standing.MISSING
        return standing(
            self._layout.collection,
            data,
            dict(self._known.lines_by_id()),
            revision=self._known.memory.revision,
            lines_at=self._known.journal.features_at,
        )

    def _begin_with(self, data: bytes | None, *, above: int = -1) -> None:
        """History begins with what the collection holds, at a revision above one that was used before."""
        path = self._layout.collection
        content = Content(0, {}, ()) if data is None else collection.read_content(path, data)
        if content.rejected and data is not None:
            self._note_rejected(content)
            keep_aside(data, self._layout.private)
        lines = _lines_of(content)
        if lines or not self._known.journal.exists:
            self._begin(lines, max(_revision_of(content), above + 1))
        else:
            self._known.suppose({}, _revision_of(content))

    def _begin(self, lines: dict[str, bytes], revision: int) -> None:
        now = instant(utc_now())
        start = (
            Record(revision=revision, at=now, by="", why=None, op=START, public=True, id=id, feature=line)
            for id, line in lines.items()
        )
        journal.begin(self._layout.journal, start)
        self._known.load()
        if not lines:
            self._known.suppose({}, revision)

    def _take_note_of_edit(self, data: bytes) -> Standing:
        """
        Another program wrote the collection. Nothing of it is lost; what was acknowledged goes on.

        As long as nothing was ever written through us, the collection is simply the new beginning.
        """
        with suppress(StoreDamaged):
            content = collection.read_content(self._layout.collection, data)
            lines = _lines_of(content)
            is_clean = bool(lines) and not content.rejected
            if self._known.journal.only_started and is_clean and lines != dict(self._known.lines_by_id()):
                self._begin_with(data, above=self._known.memory.revision)
                return Standing.ALIKE
            found = ahead(content, self._known.line, self._known.memory.revision)
            if found is not None:
                if found.says_more:
                    keep_edit(self._layout, data, self._notes)
                self._recover(found)
                return Standing.BEHIND
        with suppress(ValueError):
            merged = take_over(data, self._layout, self._known, self._notes)
            self.follow()
            return merged
        if is_torn_of_ours(data, (record.feature for record in self._known.journal.records())):
            return Standing.TORN
        keep_edit(self._layout, data, self._notes)
        return Standing.EDITED

    def _recover(self, found: Ahead) -> None:
        """The history lost its end: it goes on, behind what is lost, with what the collection kept of it."""
        last = self._known.memory.revision
        collected = last + found.missing
        behind = collected if collected <= _LAST_JUMP else last
        why = f"The history ended at revision {last}; this is what the collection held at {collected}."
        now = instant(utc_now())
        self._known.journal.append(
            [
                Record(
                    revision=behind + number,
                    at=now,
                    by="",
                    why=why,
                    op=RECOVERED,
                    public=True,
                    id=event.id,
                    feature=feature_line(event),
                    more=len(found.events) - number,
                )
                for number, event in enumerate(found.events, start=1)
            ]
        )
        self.follow()
        self._notes.pop("torn", None)
        self._notes["recovered"] = found.note(self._layout.collection)

    def _note_rejected(self, content: Content) -> None:
        if content.rejected:
            first = content.rejected[0]
            self._notes["rejected"] = Message(
                "{count} Feature of '{path}' is no event and is left out: number {number}, {reason}",
                plural="{count} Features of '{path}' are no events and are left out. "
                "The first is number {number}, {reason}",
                count=len(content.rejected),
                path=self._layout.collection,
                number=first.number,
                reason=first.reason,
            )


def _revision_of(content: Content) -> int:
    return content.revision or (1 if content.events else 0)


def _lines_of(content: Content) -> dict[str, bytes]:
    return {event.id: feature_line(event) for event in content.events.values()}
