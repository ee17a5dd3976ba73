"""One line of the history: who, when, why, and the Feature as it was from then on.

Knows how a record is written, and how to read many heads without looking into the Features behind them.
Knows nothing of files, nor of the order of records.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

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


def are_counted(heads: Sequence[Head]) -> bool:
    """Whether each of them is a revision of its own that follows the one before."""
    return not {START, RECOVERED} & set(map(attrgetter("op"), heads))


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


class Batch(NamedTuple):
    """Records as they follow each other: the head of each, where its Feature lies and how long it is."""

    heads: list[Head]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int32]

    @classmethod
    def of(cls, parts: Sequence[Batch]) -> Batch:
        """One behind the other."""
        if len(parts) == 1:
            return parts[0]
        heads = [head for part in parts for head in part.heads]
        offsets = np.concatenate([part.offsets for part in parts])
        return cls(heads, offsets, np.concatenate([part.sizes for part in parts]))

    def split(self, count: int) -> tuple[Batch, Batch]:
        """The first `count` records, and the rest."""
        if count == len(self.heads):
            return self, Batch([], self.offsets[count:], self.sizes[count:])
        first = Batch(self.heads[:count], self.offsets[:count], self.sizes[:count])
        return first, Batch(self.heads[count:], self.offsets[count:], self.sizes[count:])

    @property
    def end(self) -> int:
        """The offset behind the newline of the last record."""
        return int(self.offsets[-1]) + int(self.sizes[-1]) + 2

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
    """The records of whole lines, the first of which begins at offset `at` of its file. Raises NotARecord."""
    heads: list[bytes] = []
    features: list[int] = []
    ends: list[int] = []
    find, start, broken = lines.find, 0, False
    while (end := find(b"\n", start)) >= 0 and not broken:
        feature = find(_FEATURE, start, end)
        broken = feature < 0 or lines[end - 2 : end] != b"}}"
        heads.append(lines[start:feature])
        features.append(feature)
        ends.append(end)
        start = end + 1
    begins = np.array(features, np.int64) + len(_FEATURE)
    batch = Batch([], at + begins, (np.array(ends, np.int64) - 1 - begins).astype(np.int32))
    try:
        batch.heads[:] = _HEADS.decode(b"[" + b"},".join(heads) + b"}]") if heads else []
    except ValueError:
        raise _first_broken(heads, batch) from None
    if broken or len(batch.heads) != len(heads):
        raise _first_broken(heads[: len(heads) - broken], batch)
    return batch


def _first_broken(heads: list[bytes], batch: Batch) -> NotARecord:
    whole: list[Head] = []
    for head in heads:
        try:
            (one,) = _HEADS.decode(b"[" + head + b"}]")
        except ValueError:
            break
        whole.append(one)
    before = Batch(whole, batch.offsets[: len(whole)], batch.sizes[: len(whole)])
    return NotARecord(len(whole), before)
