"""Events as columns: a row for each version of an event, which is never changed; a mask says which are alive.

Knows arrays, how they grow, and the words their codes stand for. Knows nothing of lines, queries or files.
To add a column: a field of Columns, a row in DTYPES, a line in decoding.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoevents.events import Kind, Status, Verification
from geoevents.places import GeoPrecision
from geoevents.times import Occurrence

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]
Ints = NDArray[Any]
Floats = NDArray[np.float64]

# A day is counted from 1970-01-01; what is open for ever ends on the last there is.
OPEN_END = int(np.iinfo(np.int32).max)
# What `geometry_kind` says.
NO_GEOMETRY, POINT, SHAPE = 0, 1, 2
# What `own` says: the public gets the stored bytes, these with a piece cut out, or others altogether.
STORED, CUT, SPILLED = 0, 1, 2
# Whose codes are numbered in the order of their definition; None is -1, as everywhere.
ENUMS: dict[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "status": tuple(Status),
    "verification": tuple(Verification),
    "geo_precision": tuple(GeoPrecision),
    "occurrence": tuple(Occurrence),
}
# Whose codes are given out as the words come.
WORDS = ("event_type", "sub_event_type", "country", "admin1", "place")
DTYPES: dict[str, Any] = {
    **dict.fromkeys(ENUMS, np.int8),
    **dict.fromkeys(WORDS, np.int32),
    **dict.fromkeys(
        ("day_start", "day_end", "day_sure", "uncertainty_m", "size", "own_size", "slot"), np.int32
    ),
    **dict.fromkeys(("lon", "lat", "west", "south", "east", "north"), np.float64),
    **dict.fromkeys(("created", "updated", "offset", "own_at", "shape"), np.int64),
    **dict.fromkeys(("geometry_kind", "own"), np.int8),
}
_FIRST_ROOM = 1_024
_FIRST_ID_BYTES = 16
_generations = count(1)


class Vocabulary(dict[Any, int]):
    """Words and their codes, which are given out in order and stay; None is -1."""

    def __init__(self, words: tuple[str, ...] = ()) -> None:
        super().__init__({None: -1})
        self.words: list[Any] = []
        for word in words:
            self[word]

    def __missing__(self, word: Any) -> int:
        self.words.append(word)
        self[word] = code = len(self.words) - 1
        return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """
    The rows as of one revision, for as long as they are held. Of `mask`s and row numbers, those of one
    `generation` go together: within it a row stays what it is, and later ones come behind. `identity` names
    the same rows in other processes and in files; where rows of a file are gone on with, `begun_with` says
    under which name they were in it, and how many.

    `day_start`, `day_end`: days since 1970-01-01; of `once` the bounds; OPEN_END where it goes on;
    `day_sure`: the same, but where it goes on the last day that a source speaks of.
    `lon`, `lat`: degrees, NaN unless a Point. `west` to `north`: the box, NaN without geometry, west
    greater than east across 180 degrees. `shape`: the same number for the same geometry, 0 for a Point or
    none. `uncertainty_m`: metres, -1 unknown. `created`, `updated`:
    microseconds since 1970 UTC. `offset`, `size`: the spot of the stored Feature. `own`: STORED, CUT
    (`own_size` bytes from `own_at` on say nothing to the public) or SPILLED (`own_at`, `own_size`: where
    other bytes lie). `unseen_slots`, `unseen_offsets`, `unseen_sizes`: slots and spots
    of Features that are no row.
    """

    generation: int
    identity: str
    begun_with: tuple[str, int]
    alive: Mask
    words: Mapping[str, Vocabulary]
    ids: NDArray[np.bytes_]
    unseen_slots: Rows
    unseen_offsets: Ints
    unseen_sizes: Rows
    kind: Ints
    status: Ints
    verification: Ints
    geo_precision: Ints
    occurrence: Ints
    event_type: Ints
    sub_event_type: Ints
    country: Ints
    admin1: Ints
    place: Ints
    day_start: Ints
    day_end: Ints
    day_sure: Ints
    uncertainty_m: Ints
    size: Ints
    own_size: Ints
    slot: Rows
    lon: Floats
    lat: Floats
    west: Floats
    south: Floats
    east: Floats
    north: Floats
    created: Ints
    updated: Ints
    offset: Ints
    own_at: Ints
    shape: Ints
    geometry_kind: Ints
    own: Ints

    def __len__(self) -> int:
        return len(self.alive)

    def known_as(self, identity: str, rows: int) -> bool:
        """Whether the first `rows` rows of that name are ours."""
        begun, most = self.begun_with
        return identity == self.identity or (identity == begun and rows <= most)

    def since(self, start: int) -> Columns:
        """The rows from `start` on, counted from there."""
        rows = {name: getattr(self, name)[start:] for name in DTYPES}
        return replace(self, alive=self.alive[start:], ids=self.ids[start:], **rows)

    def word(self, name: str, row: int) -> str | None:
        """What stands in a column of codes."""
        code = int(getattr(self, name)[row])
        return None if code < 0 else self.words[name].words[code]


class Table:
    """
    The rows that there are, to be added to by one thread at a time; `columns()` takes what others may hold.

    Arrays double when they are full; columns that were taken before keep the old ones.
    """

    def __init__(self) -> None:
        self.generation = next(_generations)
        self.identity = secrets.token_hex(8)
        self._begun_with = ("", 0)
        self._is_as_restored = False
        self.words = {name: Vocabulary(members) for name, members in ENUMS.items()}
        self.words |= {name: Vocabulary() for name in WORDS}
        self._count = 0
        self._arrays: dict[str, Any] = {name: np.empty(0, dtype) for name, dtype in DTYPES.items()}
        self._ids = np.empty(0, f"S{_FIRST_ID_BYTES}")
        self._alive = np.empty(0, bool)
        self._row_of_slot = np.empty(0, np.int32)
        self._unseen: dict[int, tuple[int, int]] = {}
        self._unseen_arrays: tuple[Rows, Ints, Rows] | None = None

    @classmethod
    def restored(cls, identity: str, words: Mapping[str, list[str]], arrays: Mapping[str, Any]) -> Table:
        """The table whose columns these are, with room for more."""
        table = cls()
        table.identity, table._is_as_restored = identity, True
        table.words = {name: Vocabulary(tuple(known)) for name, known in words.items()}
        count = len(arrays["alive"])
        table.expect(count)
        table._make_room(0, arrays["ids"].dtype.itemsize)
        table._count = count
        for name in DTYPES:
            table._arrays[name][:count] = arrays[name]
        table._ids[:count], table._alive[:count] = arrays["ids"], arrays["alive"]
        rows = np.flatnonzero(arrays["alive"])
        slots = arrays["slot"][rows]
        table._bury(slots)
        table._alive[:count] = arrays["alive"]
        table._row_of_slot[slots] = rows
        spots = zip(arrays["unseen_offsets"].tolist(), arrays["unseen_sizes"].tolist(), strict=True)
        table._unseen = dict(zip(arrays["unseen_slots"].tolist(), spots, strict=True))
        return table

    @classmethod
    def of_what_is_shown_as_kept(cls, columns: Columns) -> Table:
        """The rows of these columns that are the same for those who see everything."""
        table = cls()
        table.words = {name: Vocabulary(tuple(known.words)) for name, known in columns.words.items()}
        taken = columns.alive & (columns.own != SPILLED)
        values = {name: getattr(columns, name)[taken] for name in DTYPES}
        nothing = dict.fromkeys(("own", "own_at", "own_size"), STORED)
        if taken.any():
            table.add(columns.ids[taken], values | nothing)
        return table

    @property
    def is_worn(self) -> bool:
        """Whether most rows are not alive any more."""
        dead = self._count - int(np.count_nonzero(self._alive[: self._count]))
        return dead > max(self._count // 2, _FIRST_ROOM)

    def renewed(self) -> Table:
        """The rows that are alive, numbered anew; who holds columns of this one keeps them."""
        table, alive = Table(), self._alive[: self._count]
        table.words, table._unseen = self.words, dict(self._unseen)
        values = {name: array[: self._count][alive] for name, array in self._arrays.items()}
        if alive.any():
            table.add(self._ids[: self._count][alive], values)
        return table

    def __len__(self) -> int:
        return self._count

    def expect(self, count: int) -> None:
        """So many rows are to come: with room for them and some more, nothing has to move meanwhile."""
        self._make_room(count + count // 8, _FIRST_ID_BYTES)

    def add(self, ids: NDArray[np.bytes_], values: Mapping[str, Any]) -> None:
        """Rows for the events at `values["slot"]`, each at most once, in the place of those they had."""
        if self._is_as_restored:
            # Whoever else goes on with the same rows has others at these numbers.
            self._begun_with, self._is_as_restored = (self.identity, self._count), False
            self.identity = secrets.token_hex(8)
        self._make_room(len(ids), ids.dtype.itemsize)
        rows = slice(self._count, self._count + len(ids))
        for name in DTYPES:
            self._arrays[name][rows] = values[name]
        self._ids[rows] = ids
        self._alive[rows] = True
        self._count += len(ids)
        slots = values["slot"]
        self._bury(slots)
        self._row_of_slot[slots] = np.arange(rows.start, rows.stop)
        if self._unseen:
            for slot in slots.tolist():
                self._see(slot)

    def leave_out(self, spots: Mapping[int, tuple[int, int]]) -> None:
        """The events at these slots are no rows; what is kept of them lies at this offset, of this size."""
        self._bury(_int32(spots, len(spots)))
        self._unseen.update(spots)
        self._unseen_arrays = None

    def columns(self) -> Columns:
        count = self._count
        if self._unseen_arrays is None:
            spots = np.array(list(self._unseen.values()), np.int64).reshape(-1, 2)
            slots = _int32(self._unseen, len(self._unseen))
            self._unseen_arrays = slots, spots[:, 0], spots[:, 1].astype(np.int32)
        return Columns(
            generation=self.generation,
            identity=self.identity,
            begun_with=self._begun_with,
            alive=self._alive[:count].copy(),
            words=self.words,
            ids=self._ids[:count],
            unseen_slots=self._unseen_arrays[0],
            unseen_offsets=self._unseen_arrays[1],
            unseen_sizes=self._unseen_arrays[2],
            **{name: array[:count] for name, array in self._arrays.items()},
        )

    def _bury(self, slots: Rows) -> None:
        """What these events were until now is not alive any more."""
        most = int(slots.max(initial=-1)) + 1
        if most > len(self._row_of_slot):
            grown = np.full(max(most, 2 * len(self._row_of_slot), _FIRST_ROOM), -1, np.int32)
            grown[: len(self._row_of_slot)] = self._row_of_slot
            self._row_of_slot = grown
        before = self._row_of_slot[slots]
        self._alive[before[before >= 0]] = False
        self._row_of_slot[slots] = -1

    def _see(self, slot: int) -> None:
        if self._unseen.pop(slot, None) is not None:
            self._unseen_arrays = None

    def _make_room(self, more: int, id_bytes: int) -> None:
        wanted, room = self._count + more, len(self._alive)
        id_bytes = -(-id_bytes // 8) * 8
        if wanted > room:
            room = max(wanted, 2 * room, _FIRST_ROOM)
            self._arrays = {name: self._moved(array, room) for name, array in self._arrays.items()}
            self._alive = self._moved(self._alive, room)
        if len(self._ids) < room or self._ids.dtype.itemsize < id_bytes:
            wide = np.zeros(room, f"S{max(id_bytes, self._ids.dtype.itemsize)}")
            wide[: self._count] = self._ids[: self._count]
            self._ids = wide

    def _moved(self, array: Any, room: int) -> Any:
        moved = np.empty(room, array.dtype)
        moved[: self._count] = array[: self._count]
        return moved


def _int32(values: Any, count: int) -> Rows:
    return np.fromiter(values, np.int32, count)
