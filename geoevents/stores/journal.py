"""The history of a store: every revision ever made, a line each, only ever added to.

Knows records, their order, what is whole and what is torn. Knows nothing of the collection.

A record's line is written and synced without its newline; the newline after it makes it count. So a record
that is seen is on disk, and one whose sync failed can be taken back: nobody has seen it. Records written
together count down in `more`, and none of them counts before the last is whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from geoevents.errors import StoreDamaged, StoreError
from geoevents.messages import Message
from geoevents.stores import files
from geoevents.stores.records import RECOVERED, START, Batch, Head, NotARecord, Record, are_counted, scan
from geoevents.stores.replacing import Replacement, write_new

_PORTION = 1 << 22
# From so many on numpy is faster than a loop.
_MANY = 16


class Replaced(Exception):
    """The journal is another one than the one followed so far: read it from the beginning."""


@dataclass(slots=True)
class Chain:
    """How far a history is known to be in order."""

    revision: int = 0
    begun_at: int = 0
    only_started: bool = True
    lines: int = 0
    more: int = 0

    def follow(self, heads: Sequence[Head]) -> Message | None:
        """Take these over; at the first that doesn't follow what stands before it, why."""
        if self.lines and self._are_plain(heads):
            self.lines += len(heads)
            self.revision, self.more, self.only_started = heads[-1].revision, heads[-1].more, False
            return None
        for head in heads:
            self.lines += 1
            starts = self.only_started and head.op == START
            if self.more and head.more != self.more - 1:
                return Message("records of the write before it are missing")
            if self.lines == 1:
                self.begun_at = head.revision - (not starts)
            elif head.revision != self.revision + (not starts) and (
                self.more or head.op != RECOVERED or head.revision <= self.revision
            ):
                return Message("revision {found} follows {before}", found=head.revision, before=self.revision)
            self.revision, self.more, self.only_started = head.revision, head.more, starts
        return None

    def _are_plain(self, heads: Sequence[Head]) -> bool:
        """Whether each revision is one more than that before it, and no write lacks a part."""
        count = len(heads)
        if count < _MANY or not are_counted(heads):
            return False
        more = np.fromiter(map(attrgetter("more"), heads), np.int64, count)
        before = np.concatenate([[self.more], more[:-1]])
        revisions = np.fromiter(map(attrgetter("revision"), heads), np.int64, count)
        expected = np.arange(self.revision + 1, self.revision + 1 + count)
        return bool(((before == 0) | (more == before - 1)).all() and (revisions == expected).all())


class Written(NamedTuple):
    """Records that were just added, where their first line begins, and what the file then was."""

    start: int
    records: Sequence[Record]
    lines: Sequence[bytes]
    stamp: files.Stamp


class Journal:
    """
    Follows a journal file, and adds to it.

    `revision` is that of the last record read, `end` the offset behind it. Reading needs no lock;
    whoever calls `append` or `mend` holds it, and has read to the end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.end = 0
        self.file: files.File | None = None
        self._chain = Chain()
        self._last = b""
        self._seen = files.Stamp(0, 0, 0)

    @property
    def revision(self) -> int:
        return self._chain.revision

    @property
    def begun_at(self) -> int:
        """The revision before the first that was written through us."""
        return self._chain.begun_at

    @property
    def only_started(self) -> bool:
        """Whether it has nothing but what a collection held before."""
        return self._chain.only_started

    def position(self) -> tuple[int, Chain, bytes]:
        """How far it was read: the offset, what is known of the order of records, the last line."""
        return self.end, self._chain, self._last

    def go_on(self, end: int, chain: Chain, last: bytes) -> None:
        """Begin reading at a position of an earlier reader. Raises StoreError."""
        self.file = files.File(self.path)
        self.end, self._chain, self._last = end, chain, last

    @property
    def is_at_end(self) -> bool:
        """Whether there is certainly nothing behind what was read, not even the remains of a write."""
        return bool(self.end) and self._seen.size == self.end and self.stands_still()

    @property
    def exists(self) -> bool:
        return files.stamp(self.path) is not None

    def stands_still(self) -> bool:
        """True if nothing at all happened to the file since it was last read."""
        return (files.stamp(self.path) or files.Stamp(0, 0, 0)) == self._seen

    def read_new(self) -> Iterator[Batch]:
        """
        The whole records behind `end`, write by write.

        Raises Replaced if the file doesn't continue what was read, StoreDamaged where it contradicts itself.
        """
        seen = files.stamp(self.path)
        if seen is None:
            if self.end:
                raise Replaced
            return
        file = self._opened(seen)
        seen = file.stamp()
        self._must_continue(file, seen)
        waiting: list[Batch] = []
        chain = replace(self._chain)
        for at, lines in _portions(file, self.end, seen.size):
            found = self._scanned(lines, at, chain)
            count = found.whole_writes
            whole, rest = found.split(count)
            self._follow(chain, whole.heads)
            if count:
                self.end, self._chain = whole.end, replace(chain)
                self._last = _last_line(lines, self.end - at)
                yield Batch.of([*waiting, whole])
                waiting = []
            self._follow(chain, rest.heads)
            waiting.append(rest)
        self._seen = seen

    def append(self, records: Sequence[Record]) -> Written:
        """
        Keep records of one write: on disk when this returns; on a fault none of them, nor a trace.

        They are then read like anybody's, by `read_new`, or passed over. Raises StoreFull, StoreUnavailable,
        StoreError.
        """
        lines = [record.line() for record in records]
        data = b"\n".join(lines)
        start = self.end
        with files.File(self.path, os.O_RDWR | os.O_NOFOLLOW) as file:
            try:
                file.write(data, self.end)
                file.sync_data()
                file.write(b"\n", self.end + len(data))
            except BaseException:
                # If even this fails, whoever writes next sets the remains aside.
                with suppress(StoreError):
                    file.truncate(self.end)
                raise
            try:
                stamp = file.stamp()
            except StoreError:
                stamp = files.Stamp(0, 0, 0)
        return Written(start, records, lines, stamp)

    def pass_over(self, written: Written) -> Batch | None:
        """What was just written, unread; None if somebody read on meanwhile, or it isn't as it should be."""
        heads = [record.head for record in written.records]
        chain = replace(self._chain)
        if self.end != written.start or self.file is None or chain.follow(heads) is not None:
            return None
        sizes = np.array([len(record.feature) for record in written.records], np.int32)
        lengths = np.array([len(line) + 1 for line in written.lines], np.int64)
        stops = written.start + np.cumsum(lengths)
        self.end, self._chain, self._last = int(stops[-1]), chain, written.lines[-1]
        # Whoever added something behind it since is not passed over with it.
        self._seen = written.stamp if written.stamp.size == self.end else files.Stamp(0, 0, 0)
        return Batch(heads, stops - 2 - sizes, sizes)

    def records(self) -> Iterator[Record]:
        """Every record read so far, whole."""
        with files.File(self.path) as file:
            for _, lines in _portions(file, 0, self.end):
                yield from map(Record.parse, lines.split(b"\n")[:-1])

    def features_at(self, revision: int) -> dict[str, bytes]:
        """The Features as they stood at a revision, by id; at the earliest as history began."""
        found: dict[str, bytes] = {}
        last = max(revision, self.begun_at)
        for record in self.records():
            if record.op == RECOVERED and record.revision == last + 1:
                # It tells what the collection held at the revision before.
                last = record.revision
            if record.revision > last:
                break
            found[record.id] = record.feature
        return found

    def completed(self) -> list[Record]:
        """The records behind the last whole one that lack only the final newline, which `mend` gives them."""
        if not self.exists:
            return []
        with files.File(self.path) as file:
            return self._whole_records(file.read(self.end, file.stamp().size - self.end))

    def mend(self) -> Path | None:
        """
        Deal with what a killed writer left behind the last whole record.

        A record that lacks only its newline is made to count: it may have been acknowledged, and its
        newline lost with the power. Anything else is moved to a file of its own, which is returned.
        """
        with files.File(self.path, os.O_RDWR | os.O_NOFOLLOW) as file:
            size = file.stamp().size
            tail = file.read(self.end, size - self.end)
            if not tail:
                return None
            if self._whole_records(tail):
                file.sync_data()
                file.write(b"\n", size)
                return None
            aside = self.path.with_name(_torn_name(self.path, self.end))
            write_new(aside, tail)
            file.truncate(self.end)
            file.sync_data()
            return aside

    def _opened(self, seen: files.Stamp) -> files.File:
        if self.file is None or (not self.end and self.file.stamp().inode != seen.inode):
            self.file = files.File(self.path)
        return self.file

    def _must_continue(self, file: files.File, seen: files.Stamp) -> None:
        if not self.end:
            return
        last = file.read(self.end - len(self._last) - 1, len(self._last) + 1)
        now = files.stamp(self.path)
        if now is None or now.inode != seen.inode or last != self._last + b"\n":
            raise Replaced

    def _scanned(self, lines: bytes, at: int, chain: Chain) -> Batch:
        try:
            return scan(lines, at)
        except NotARecord as error:
            chain = replace(chain)
            self._follow(chain, error.before.heads)
            raise self._damaged(chain.lines + 1, Message("it is not a whole record")) from None

    def _follow(self, chain: Chain, heads: Sequence[Head]) -> None:
        reason = chain.follow(heads)
        if reason is not None:
            raise self._damaged(chain.lines, reason)

    def _damaged(self, line: int, reason: Message) -> StoreDamaged:
        return StoreDamaged(
            Message(
                "Line {line} of '{path}' contradicts what stands before it: {reason}. "
                "Nothing was changed. Put back a backup of the folder, then run geoevents check.",
                line=line,
                path=self.path,
                reason=reason,
            )
        )

    def _whole_records(self, tail: bytes) -> list[Record]:
        """The records of one write that lacks only its newline; none where it lacks more."""
        records: list[Record] = []
        lines = tail.split(b"\n")
        for more, line in zip(range(len(lines) - 1, -1, -1), lines, strict=True):
            try:
                record = Record.parse(line)
                json.loads(record.feature)
            except ValueError:
                return []
            before = records[-1].revision if records else self.revision
            follows = record.revision == before + 1 or (
                not records and record.op == RECOVERED and record.revision > before
            )
            if record.more != more or not follows:
                return []
            records.append(record)
        return records


def begin(path: Path, records: Iterable[Record]) -> None:
    """A journal, in the place of any there was, that starts with what a collection holds."""
    Replacement(path, (record.line() + b"\n" for record in records), mode=0o600).put_in_place()
    files.sync_folder(path.parent)


def _torn_name(path: Path, offset: int) -> str:
    taken = set(files.names(path.parent))
    names = (f"torn-{path.stem}-at-{offset}{again}.txt" for again in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if name not in taken)


def _portions(file: files.File, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Whole lines in large portions, with their newlines, and the offset where each portion begins."""
    size = _PORTION
    while start < end and (portion := file.read(start, min(size, end - start))):
        cut = portion.rfind(b"\n") + 1
        if cut:
            # What follows the last newline is no line yet: it is read again with the next portion.
            yield start, portion
            start, size = start + cut, _PORTION
        elif start + len(portion) >= end:
            return
        else:
            size *= 2


def _last_line(lines: bytes, end: int) -> bytes:
    """The one that ends before `end`, without its newline."""
    return lines[lines.rfind(b"\n", 0, end - 1) + 1 : end - 1]
