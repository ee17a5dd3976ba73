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
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from geoevents.errors import StoreDamaged, StoreError
from geoevents.messages import Message
from geoevents.stores import files

START = "start"
RECOVERED = "recovered"
_FEATURE = b',"feature":'
_PORTION = 1 << 22


class Replaced(Exception):
    """The journal is another one than the one followed so far: read it from the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    One line. `feature` are the bytes of the Feature, `public` is whether anybody can see that it changed.

    `more` counts the records that follow in the same write. Records of op "start" take over what a
    collection held before there was a journal; they share one revision. Those of op "recovered" take over
    what a collection held beyond a journal that had lost its end; their revisions begin behind the lost ones.
    """

    revision: int
    at: str
    by: str
    why: str | None
    op: str
    public: bool
    id: str
    feature: bytes
    more: int = 0

    def line(self) -> bytes:
        """Without the newline."""
        head: dict[str, Any] = {
            "revision": self.revision,
            "at": self.at,
            "by": self.by,
            "why": self.why,
            "op": self.op,
            "public": self.public,
        }
        if self.more:
            head["more"] = self.more
        if b"\n" in self.feature:
            raise ValueError("a Feature is one line")
        head["id"] = self.id
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
        return text[:-1].encode("utf-8", "replace") + _FEATURE + self.feature + b"}"

    @classmethod
    def parse(cls, line: bytes) -> Record:
        """
        Read a line without looking into its Feature; ValueError if it is none.

        >>> head = b'{"revision":1,"at":"2022-01-20T09:00:00Z","by":"ana","why":null,"op":"add","id":"x"'
        >>> Record.parse(head + b',"feature":{}}').feature
        b'{}'
        """
        # Quotes inside a text are escaped, so the first bare one of this spelling is the key.
        head, found, feature = line.partition(_FEATURE)
        if not found or not line.endswith(b"}}"):
            raise ValueError("no feature")
        values = json.loads(head + b"}")
        try:
            return cls(
                revision=int(values["revision"]),
                at=str(values["at"]),
                by=str(values["by"]),
                why=values["why"],
                op=str(values["op"]),
                public=bool(values.get("public", True)),
                id=str(values["id"]),
                feature=feature[:-1],
                more=int(values.get("more", 0)),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(str(error)) from error

    @property
    def instant(self) -> datetime:
        return datetime.fromisoformat(self.at)


class Journal:
    """
    Follows a journal file, and adds to it.

    `revision` is that of the last record read, `end` the offset behind it. Reading needs no lock;
    whoever calls `append` or `mend` holds it, and has read to the end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.end = 0
        self.revision = 0
        self.begun_at = 0
        self.only_started = True
        self._line = 0
        self._last = b""
        self._seen = files.Stamp(0, 0, 0)

    @property
    def exists(self) -> bool:
        return files.stamp(self.path) is not None

    def stands_still(self) -> bool:
        """True if nothing at all happened to the file since it was last read."""
        return (files.stamp(self.path) or files.Stamp(0, 0, 0)) == self._seen

    def read_new(self) -> Iterator[Record]:
        """
        The whole records behind `end`, write by write.

        Raises Replaced if the file doesn't continue what was read, StoreDamaged where it contradicts itself.
        """
        if not self.exists:
            if self.end:
                raise Replaced
            return
        with files.File(self.path) as file:
            seen = file.stamp()
            self._must_continue(file, seen)
            waiting: list[Record] = []
            taken = self.end
            for line in _lines(file, self.end, seen.size):
                self._line += 1
                record = self._checked(line, waiting)
                waiting.append(record)
                taken += len(line) + 1
                if not record.more:
                    self.end, self.revision, self._last = taken, record.revision, line
                    yield from waiting
                    waiting = []
            self._line -= len(waiting)
            self._seen = seen

    def append(self, records: Sequence[Record]) -> None:
        """
        Keep records of one write: on disk when this returns; on a fault none of them, nor a trace.

        They are then read like anybody's, by `read_new`.

        Raises StoreFull, StoreUnavailable, StoreError.
        """
        lines = [record.line() for record in records]
        data = b"\n".join(lines)
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

    def records_of(self, event_id: str) -> list[Record]:
        """Every record of one event that was read so far, oldest first. Reads the whole file."""
        needle = b',"id":' + json.dumps(event_id, ensure_ascii=False).encode("utf-8", "replace") + _FEATURE
        with files.File(self.path) as file:
            return [Record.parse(line) for line in _lines(file, 0, self.end) if needle in line]

    def features_at(self, revision: int) -> dict[str, bytes]:
        """The Features as they stood at a revision, by id; at the earliest as history began."""
        found: dict[str, bytes] = {}
        last = max(revision, self.begun_at)
        with files.File(self.path) as file:
            for line in _lines(file, 0, self.end):
                record = Record.parse(line)
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
            files.write_new(aside, tail)
            file.truncate(self.end)
            file.sync_data()
            return aside

    def _must_continue(self, file: files.File, seen: files.Stamp) -> None:
        if not self.end:
            return
        last = file.read(self.end - len(self._last) - 1, len(self._last) + 1)
        if seen.inode != self._seen.inode or last != self._last + b"\n":
            raise Replaced

    def _checked(self, line: bytes, waiting: Sequence[Record]) -> Record:
        try:
            record = Record.parse(line)
        except ValueError:
            raise self._damaged(Message("it is not a whole record")) from None
        before = waiting[-1].revision if waiting else self.revision
        if waiting and record.more != waiting[-1].more - 1:
            raise self._damaged(Message("records of the write before it are missing"))
        starts = record.op == START and self.only_started
        if self._line == 1:
            self.begun_at = record.revision - (not starts)
        elif not waiting and record.op == RECOVERED and record.revision > before:
            pass
        elif record.revision != before + (not starts):
            raise self._damaged(
                Message("revision {found} follows {before}", found=record.revision, before=before)
            )
        self.only_started = starts
        return record

    def _damaged(self, reason: Message) -> StoreDamaged:
        return StoreDamaged(
            Message(
                "Line {line} of '{path}' contradicts what stands before it: {reason}. "
                "Nothing was changed. Put back a backup of the folder, then run geoevents check.",
                line=self._line,
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
    files.Replacement(path, (record.line() + b"\n" for record in records), mode=0o600).put_in_place()
    files.sync_folder(path.parent)


def _torn_name(path: Path, offset: int) -> str:
    taken = set(files.names(path.parent))
    names = (f"torn-{path.stem}-at-{offset}{again}.txt" for again in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if name not in taken)


def _lines(file: files.File, start: int, end: int) -> Iterator[bytes]:
    """Whole lines, without their newlines."""
    rest = b""
    while start < end and (portion := file.read(start, min(_PORTION, end - start))):
        start += len(portion)
        *lines, rest = (rest + portion).split(b"\n")
        yield from lines
