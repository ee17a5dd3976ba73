"""What a store holds in memory: which slot an id has, where each version of it lies, and what changed when.

Knows slots, spots and revisions, some forty bytes a version. Knows nothing of files, nor what an event says.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from geoevents.stores.growing import Growing
from geoevents.stores.ids import Ids
from geoevents.stores.records import RECOVERED, START, Batch, Head
from geoevents.stores.spots import Spot, begin_of_file


@dataclass(frozen=True, slots=True)
class Since:
    """The slots that changed behind a revision, or all, and the spots of them as they are now."""

    revision: int
    public_revision: int
    whole: bool
    slots: NDArray[np.int32]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int32]


class Memory:
    """
    The versions of all events up to one revision, numbered as they came; the last of each slot is what is.

    `lock` is held while revision and versions move together.
    """

    def __init__(self, *, revision: int = 0, public_revision: int = 0) -> None:
        self.lock = RLock()
        self.ids = Ids()
        self.revision = revision
        self.public_revision = public_revision
        # One a version: its spot, its slot, and the version of that slot before it, or -1.
        self._offsets = Growing(np.int64)
        self._sizes = Growing(np.int32)
        self._slots = Growing(np.int32)
        self._before = Growing(np.int32)
        # One a slot: the number of its last version.
        self._last = Growing(np.int32)
        # Behind the revision `_counted_from`, version `_first_counted` and those that follow are one each.
        self._counted_from = revision
        self._first_counted = 0

    def __len__(self) -> int:
        """How many events."""
        return len(self._last)

    def __contains__(self, event_id: str) -> bool:
        return self.ids.slot_of(event_id) is not None

    def spot(self, event_id: str) -> Spot | None:
        with self.lock:
            slot = self.ids.slot_of(event_id)
            return None if slot is None else self._spot_of(int(self._last[slot]))

    def versions(self, event_id: str) -> list[tuple[int, Spot]]:
        """Every version of an event, oldest first: the offset of its record's line, and its spot."""
        with self.lock:
            slot = self.ids.slot_of(event_id)
            version = -1 if slot is None else int(self._last[slot])
            found = []
            while version >= 0:
                found.append((self._line_of(version), self._spot_of(version)))
                version = int(self._before[version])
            return found[::-1]

    def take(self, batch: Batch, *, base: int = 0) -> None:
        """Take over records; `base` is added to their offsets."""
        if not batch.heads:
            return
        with self.lock:
            start = len(self._slots)
            slots = self.ids.take([head.id for head in batch.heads])
            self._offsets.extend(np.asarray(batch.offsets, np.int64) + base)
            self._sizes.extend(batch.sizes)
            self._slots.extend(slots)
            self._link(slots, start)
            self._count(batch.heads, start)

    def since(self, revision: int | None) -> Since:
        """What changed behind a revision, in that order; all, in the order of slots, if None or long ago."""
        with self.lock:
            start = None if revision is None else self._version_behind(revision)
            if start is None:
                slots = np.arange(len(self._last), dtype=np.int32)
                last = self._last.view().copy()
            else:
                changed = self._slots.view()[start:]
                slots = changed[np.sort(np.unique(changed, return_index=True)[1])]
                last = self._last.view()[slots]
            return Since(
                self.revision,
                self.public_revision,
                start is None,
                slots,
                self._offsets.view()[last],
                self._sizes.view()[last],
            )

    def version_of(self, revision: int) -> Spot | None:
        """The spot of the record of a revision, where revisions can be counted back to it."""
        with self.lock:
            behind = self._version_behind(revision)
            return None if not behind else self._spot_of(behind - 1)

    def _spot_of(self, version: int) -> Spot:
        return Spot(int(self._offsets[version]), int(self._sizes[version]))

    def _line_of(self, version: int) -> int:
        """Where the line of a record begins: behind the one before it, in the same file."""
        if not version:
            return begin_of_file(int(self._offsets[0]))
        before = self._spot_of(version - 1)
        return before.offset + before.size + 2

    def _version_behind(self, revision: int) -> int | None:
        """The number of the first version behind a revision; None where there is no counting back to it."""
        if not self._counted_from <= revision <= self.revision:
            return None
        return self._first_counted + revision - self._counted_from

    def _link(self, slots: list[int], start: int) -> None:
        known = len(self._last)
        if slots[0] == known and slots == list(range(known, known + len(slots))):
            self._before.extend(np.full(len(slots), -1))
            self._last.extend(np.arange(start, start + len(slots)))
            return
        for version, slot in enumerate(slots, start):
            if slot == len(self._last):
                self._before.append(-1)
                self._last.append(version)
            else:
                self._before.append(int(self._last[slot]))
                self._last[slot] = version

    def _count(self, heads: list[Head], start: int) -> None:
        if not start:
            self.revision = self.public_revision = heads[0].revision - 1
            self._counted_from = self.revision
        for version, head in enumerate(heads, start):
            if head.op == START:
                self.public_revision = head.revision
            elif head.op == RECOVERED:
                # Nobody knows which of the lost revisions were seen.
                self.public_revision += head.revision - self.revision
            else:
                # One more for each that anybody can see: the revision itself would tell how much is hidden.
                self.public_revision += head.public
            if head.op == START or head.revision != self.revision + 1:
                # A start shares its revision, a recovery leaves some out: there is no counting back.
                self._counted_from, self._first_counted = head.revision, version + 1
            self.revision = head.revision
