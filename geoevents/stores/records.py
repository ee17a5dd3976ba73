"""One line of the history: who, when, why, and the Feature as it was from then on.

Knows how a record is written, and how to read many heads without looking into the Features behind them.
Knows nothing of files, nor of the order of records.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

START = "start"
RECOVERED = "recovered"
_FEATURE = b',"feature":'


class Head(msgspec.Struct, gc=False):
    """What of a record has to be known to follow a history; see Record."""

    revision: int
    op: str
    id: str
    public: bool = True
    more: int = 0


_HEADS = msgspec.json.Decoder(list[Head])


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
    def head(self) -> Head:
        return Head(self.revision, self.op, self.id, self.public, self.more)

    @property
    def instant(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(slots=True)
class Batch:
    """Records as they follow each other: the head of each, where its Feature lies and how long it is."""

    heads: list[Head] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.heads)

    def extend(self, other: Batch) -> None:
        self.heads += other.heads
        self.offsets += other.offsets
        self.sizes += other.sizes

    def split(self, count: int) -> tuple[Batch, Batch]:
        """The first `count` records, and the rest."""
        first = Batch(self.heads[:count], self.offsets[:count], self.sizes[:count])
        return first, Batch(self.heads[count:], self.offsets[count:], self.sizes[count:])

    @property
    def end(self) -> int:
        """The offset behind the newline of the last record."""
        return self.offsets[-1] + self.sizes[-1] + 2

    @property
    def whole_writes(self) -> int:
        """How many records there are up to the last that ends its write."""
        return next((n for n in range(len(self.heads), 0, -1) if not self.heads[n - 1].more), 0)


class NotARecord(ValueError):
    """Line `number` of a portion, counted from 0, is no whole record; `before` are those that are."""

    def __init__(self, number: int, before: Batch) -> None:
        super().__init__(number)
        self.number = number
        self.before = before


def scan(lines: bytes, at: int) -> Batch:
    """The records of whole lines that begin at offset `at` of a file. Raises NotARecord."""
    batch, heads, broken = _places(lines, at)
    try:
        batch.heads = _HEADS.decode(b"[" + b"},".join(heads) + b"}]") if heads else []
        if len(batch.heads) != len(heads):
            raise ValueError("a head that is two")
    except ValueError:
        broken = None
        for number, head in enumerate(heads):
            try:
                (one,) = _HEADS.decode(b"[" + head + b"}]")
            except ValueError:
                broken = number
                break
            batch.heads.append(one)
    if broken is not None:
        raise NotARecord(broken, batch.split(broken)[0])
    return batch


def _places(lines: bytes, at: int) -> tuple[Batch, list[bytes], int | None]:
    """Where the Features lie, the bytes of the heads, and which line is the first that has no Feature."""
    batch = Batch()
    heads: list[bytes] = []
    start, size = 0, len(lines)
    while start < size:
        stop = lines.find(b"\n", start)
        feature = lines.find(_FEATURE, start, stop)
        if feature < 0 or lines[stop - 2 : stop] != b"}}":
            return batch, heads, len(heads)
        heads.append(lines[start:feature])
        feature += len(_FEATURE)
        batch.offsets.append(at + feature)
        batch.sizes.append(stop - 1 - feature)
        start = stop + 1
    return batch, heads, None
