"""The orders of rows, and the marks that name a place between two events of an order.

Knows keys, how an order goes on when rows come, and page marks. Knows nothing of queries, masks or lines.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from geoevents.errors import BadInput, InvalidQuery
from geoevents.folding import fold
from geoevents.messages import Message
from geoevents.stores.columns import Columns, Mask, Rows
from geoevents.times import instant, read_instant

# A day or a moment or a title, then the instant of adding, then the id: no two events have the same key.
Key = tuple[Any, int, bytes]
# The titles of rows, in the order of the rows asked for.
Titles = Callable[[Rows], Iterable[str]]

# A mark carries its key through a URL: 400 characters at most (queries.py), four a letter at worst.
_TITLE_LETTERS = 48
_BEGINNING = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Beyond these each row is not put in its place alone: all are sorted anew.
_FEW = 64
_SMALL_PART = 50
_FIRST_LOOK = 512


@dataclass(frozen=True, slots=True)
class Order:
    """The first `count` rows, dead ones too, sorted by one of the keys."""

    name: str
    rows: Rows

    @classmethod
    def of(cls, name: str, columns: Columns, titles: Titles) -> Order:
        rows = np.arange(len(columns), dtype=np.int32)
        if name == "title":
            keys = [_title_key(title) for title in titles(rows)]
            ids = columns.ids.tolist()
            return cls(name, np.array(sorted(rows.tolist(), key=lambda row: (keys[row], ids[row])), np.int32))
        # The last of these counts most.
        by = [*_as_numbers(columns.ids), columns.updated]
        if name == "date":
            by[-1:] = [columns.created, columns.day_start]
        return cls(name, np.lexsort(by).astype(np.int32))

    def followed(self, columns: Columns, titles: Titles) -> Order:
        """The order of these columns, of which it has the first rows."""
        known = len(self.rows)
        more = len(columns) - known
        if more <= 0:
            return self
        if more > _FEW + known // _SMALL_PART:
            return Order.of(self.name, columns, titles)
        key_of = self._keys(columns, titles)
        new = sorted(range(known, len(columns)), key=key_of)
        before = [bisect_left(self.rows, key_of(row), key=key_of) for row in new]
        return Order(self.name, np.insert(self.rows, before, np.array(new, np.int32)))

    def walk(
        self, columns: Columns, mask: Mask, *, backwards: bool, after: Key | None, titles: Titles
    ) -> Iterator[Rows]:
        """The rows of a mask in portions, the first ones small; behind a key, if one is given."""
        rows = self.rows[::-1] if backwards else self.rows
        start = 0
        if after is not None:
            key_of = self._keys(columns, titles)
            if backwards:
                start = len(rows) - bisect_left(self.rows, after, key=key_of)
            else:
                start = bisect_right(self.rows, after, key=key_of)
        size = _FIRST_LOOK
        while start < len(rows):
            looked_at = rows[start : start + size]
            if len(self.rows) > len(mask):
                looked_at = looked_at[looked_at < len(mask)]
            yield looked_at[mask[looked_at]]
            start, size = start + size, 4 * size

    def _keys(self, columns: Columns, titles: Titles) -> Callable[[Any], Key]:
        return lambda row: key_of(self.name, columns, int(row), titles)


def sorted_first(sort: str, columns: Columns, rows: Rows, *, count: int, after: Key | None) -> Rows:
    """The first of some rows in an order, but for titles, behind a key if one is given: what `walk` gives."""
    name, sign = sort.removeprefix("-"), -1 if sort.startswith("-") else 1
    first = columns.day_start if name == "date" else columns.updated
    values = sign * first[rows].astype(np.int64)
    if after is not None:
        is_behind = values > sign * after[0]
        same = np.flatnonzero(values == sign * after[0])
        is_behind[same] = _behind(name, columns, rows[same], sign, after)
        rows, values = rows[is_behind], values[is_behind]
    if len(rows) > count:
        rows = rows[values <= np.partition(values, count - 1)[count - 1]]
    by = [*_as_numbers(columns.ids[rows]), columns.updated[rows]]
    if name == "date":
        by[-1:] = [columns.created[rows], columns.day_start[rows]]
    return rows[np.lexsort(by)[::sign]][:count]


def _behind(name: str, columns: Columns, rows: Rows, sign: int, after: Key) -> Mask:
    """Which rows, whose key begins as another does, are behind it."""
    ids, event_id = columns.ids[rows], np.bytes_(after[2])
    is_behind: Mask = ids > event_id if sign > 0 else ids < event_id
    if name == "date":
        moments = sign * (columns.created[rows] - after[1])
        is_behind = (moments > 0) | ((moments == 0) & is_behind)
    return is_behind


def key_of(name: str, columns: Columns, row: int, titles: Titles) -> Key:
    event_id = bytes(columns.ids[row])
    if name == "title":
        (title,) = titles(np.array([row], np.int32))
        return _title_key(title), 0, event_id
    if name == "updated":
        return int(columns.updated[row]), 0, event_id
    return int(columns.day_start[row]), int(columns.created[row]), event_id


def mark(sort: str, key: Key) -> str:
    """Where a page ended: the order and the last key, so that what is added meanwhile shifts nothing."""
    first, moment, event_id = key
    name = sort.removeprefix("-")
    texts = [first, "", event_id.decode("utf-8", "surrogatepass")]
    if name == "updated":
        texts[0] = _moment(first)
    elif name == "date":
        texts[:2] = [date.fromordinal(first + _BEGINNING).isoformat(), _moment(moment)]
    text = json.dumps([sort, *texts], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def read_mark(text: str, sort: str) -> Key:
    """Raises InvalidQuery for what is no mark of ours, or one of another order."""
    parts = _parts(text)
    if parts is None:
        raise _not_a_mark()
    if parts[0] != sort:
        raise InvalidQuery(
            Message("This page mark belongs to another order. Start again from the first page."), "after"
        )
    event_id = parts[3].encode("utf-8", "surrogatepass")
    name = sort.removeprefix("-")
    try:
        if name == "title":
            return parts[1], 0, event_id
        if name == "updated":
            return _microseconds(parts[1]), 0, event_id
        return date.fromisoformat(parts[1]).toordinal() - _BEGINNING, _microseconds(parts[2]), event_id
    except (BadInput, ValueError):
        raise _not_a_mark() from None


def _parts(text: str) -> list[str] | None:
    try:
        parts: Any = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    is_ours = isinstance(parts, list) and len(parts) == 4 and all(isinstance(part, str) for part in parts)
    return parts if is_ours else None


def _not_a_mark() -> InvalidQuery:
    return InvalidQuery(Message("This page mark cannot be read. Start again from the first page."), "after")


def _title_key(title: str) -> str:
    return fold(title)[:_TITLE_LETTERS]


def _moment(microseconds: int) -> str:
    return instant(_EPOCH + microseconds * _MICROSECOND)


def _microseconds(text: str) -> int:
    return (read_instant(text) - _EPOCH) // _MICROSECOND


def _as_numbers(ids: Any) -> Sequence[Any]:
    """Texts of bytes as numbers that sort as they do, the least important first: sorted far sooner."""
    width = ids.dtype.itemsize // 8
    numbers = np.ascontiguousarray(ids).view(">u8").reshape(len(ids), width).astype(np.uint64)
    return [column for column in numbers.T[::-1] if column.any()]
