"""Which slot an id has: a million ids in some thirty megabytes, found in microseconds.

Knows ids in the order they came, and a table of their hashes. Knows nothing of events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoevents.stores.growing import Growing

# Those that came last wait in a dict; sorted into the table when they are this many.
_MOST_WAITING = 1 << 16
# From so many on numpy is faster than a loop.
_MANY = 16
_WORD = 8
_MASK = (1 << 64) - 1
_SEED = 0x9E3779B97F4A7C15
_MIX = 0xBF58476D1CE4E5B9


class Table(NamedTuple):
    """Hashes in order, and the slot of each."""

    hashes: NDArray[np.uint64]
    slots: NDArray[np.int32]


class Ids:
    """
    Ids get slots from 0 on, as they come, for good.

    >>> ids = Ids()
    >>> ids.take(["a", "b", "a"]), ids.slot_of("b"), ids.slot_of("c"), ids.at(0), len(ids)
    ([0, 1, 0], 1, None, 'a', 2)
    """

    def __init__(self) -> None:
        self._text = bytearray()
        self._ends = Growing(np.int64)
        self._table = Table(np.empty(0, np.uint64), np.empty(0, np.int32))
        self._waiting: dict[bytes, int] = {}

    @classmethod
    def of_parts(cls, arrays: Mapping[str, NDArray[Any]]) -> Ids:
        """What `parts` gave."""
        ids = cls()
        ids._text = bytearray(arrays["id_text"].tobytes())
        ids._ends = Growing(np.int64, arrays["id_ends"])
        ids._table = Table(arrays["id_hashes"], arrays["id_slots"])
        return ids

    def parts(self) -> dict[str, NDArray[Any]]:
        """All there is, as arrays."""
        self._sort_in()
        return {
            "id_text": np.frombuffer(bytes(self._text), np.uint8),
            "id_ends": self._ends.view(),
            "id_hashes": self._table.hashes,
            "id_slots": self._table.slots,
        }

    def __len__(self) -> int:
        return len(self._ends)

    def at(self, slot: int) -> str:
        return self._bytes_at(slot).decode("utf-8", "surrogatepass")

    def slot_of(self, id: str) -> int | None:
        text = id.encode("utf-8", "surrogatepass")
        waiting = self._waiting.get(text)
        if waiting is not None:
            return waiting
        table = self._table
        return self._sorted_in(table, text, int(np.searchsorted(table.hashes, np.uint64(_hash(text)))))

    def take(self, ids: Sequence[str]) -> list[int]:
        """The slots of these ids; those that are new get the next ones."""
        texts = [id.encode("utf-8", "surrogatepass") for id in ids]
        known = self._sorted_slots(texts)
        if not known and self._waiting.keys().isdisjoint(texts) and len(set(texts)) == len(texts):
            return self._add(texts)
        slots = []
        for number, text in enumerate(texts):
            slot = known.get(number)
            if slot is None:
                slot = self._waiting.get(text)
            if slot is None:
                slot = self._waiting[text] = len(self._ends)
                self._text += text
                self._ends.append(len(self._text))
            slots.append(slot)
        if len(self._waiting) > _MOST_WAITING:
            self._sort_in()
        return slots

    def _add(self, texts: list[bytes]) -> list[int]:
        slots = list(range(len(self._ends), len(self._ends) + len(texts)))
        self._ends.extend(len(self._text) + np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts))))
        self._text += b"".join(texts)
        self._waiting.update(zip(texts, slots, strict=True))
        if len(self._waiting) > _MOST_WAITING:
            self._sort_in()
        return slots

    def _bytes_at(self, slot: int) -> bytes:
        start = int(self._ends[slot - 1]) if slot else 0
        return bytes(self._text[start : int(self._ends[slot])])

    def _sorted_slots(self, texts: list[bytes]) -> dict[int, int]:
        """The slots of those that are in the table, by their number in `texts`."""
        table = self._table
        if not len(table.hashes) or not texts:
            return {}
        if len(texts) < _MANY:
            places = [int(np.searchsorted(table.hashes, np.uint64(_hash(text)))) for text in texts]
            slots = [self._sorted_in(table, *each) for each in zip(texts, places, strict=True)]
            return {number: slot for number, slot in enumerate(slots) if slot is not None}
        hashes = _hashes(texts)
        order = np.argsort(hashes)
        found_at = np.empty(len(texts), np.int64)
        # In their own order: neighbours lie near each other in a table too large for any cache.
        found_at[order] = np.searchsorted(table.hashes, hashes[order])
        inside = found_at < len(table.hashes)
        maybe = np.flatnonzero(inside & (table.hashes[np.where(inside, found_at, 0)] == hashes))
        found = {}
        for number in maybe.tolist():
            slot = self._sorted_in(table, texts[number], int(found_at[number]))
            if slot is not None:
                found[number] = slot
        return found

    def _sorted_in(self, table: Table, text: bytes, place: int) -> int | None:
        """The slot of an id in the table, where `place` is the first of its hash: others may share that."""
        wanted = _hash(text)
        while place < len(table.hashes) and int(table.hashes[place]) == wanted:
            slot = int(table.slots[place])
            if self._bytes_at(slot) == text:
                return slot
            place += 1
        return None

    def _sort_in(self) -> None:
        if not self._waiting:
            return
        new = _hashes(list(self._waiting))
        by_hash = np.argsort(new)
        hashes = np.concatenate([self._table.hashes, new[by_hash]])
        slots = np.concatenate([self._table.slots, np.fromiter(self._waiting.values(), np.int32)[by_hash]])
        # Two runs in order: a stable sort (timsort) merges them.
        order = np.argsort(hashes, kind="stable")
        # Readers hold no lock: what waited is forgotten only when the table has it.
        self._table = Table(hashes[order], slots[order])
        self._waiting = {}


def _hashes(texts: list[bytes]) -> NDArray[np.uint64]:
    """The hash of each: its words of eight bytes, mixed (splitmix64, Steele et al. 2014)."""
    longest = max(map(len, texts))
    if longest > 32 * _WORD:
        return np.fromiter(map(_hash, texts), np.uint64, len(texts))
    width = max(1, -(-longest // _WORD))
    words = np.array(texts, dtype=f"S{width * _WORD}").view("<u8").reshape(len(texts), width)
    found = np.full(len(texts), _SEED, np.uint64)
    for column in words.T:
        # A text ends with its last word that is not all zero: one more changes nothing.
        mixed = (found ^ column) * np.uint64(_MIX)
        found = np.where(column != 0, mixed ^ (mixed >> np.uint64(31)), found)
    return found


def _hash(text: bytes) -> int:
    found = _SEED
    for start in range(0, len(text), _WORD):
        word = int.from_bytes(text[start : start + _WORD], "little")
        if word:
            found = ((found ^ word) * _MIX) & _MASK
            found ^= found >> 31
    return found
