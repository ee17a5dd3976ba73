"""What a store holds in memory: which slot an id has, where each version of it lies, and what changed when.

Knows slots, spots and revisions, some forty bytes a version. Knows nothing of files, nor what an event says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoevents.stores.growing import Growing
from geoevents.stores.ids import Ids
from geoevents.stores.records import RECOVERED, START, Batch, Head, are_counted
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

    @classmethod
    def of_parts(cls, numbers: Mapping[str, int], arrays: Mapping[str, NDArray[Any]]) -> Memory:
        """What `parts` gave."""
        memory = cls(revision=numbers["revision"], public_revision=numbers["public_revision"])
        memory._counted_from, memory._first_counted = numbers["counted_from"], numbers["first_counted"]
        memory.ids = Ids.of_parts(arrays)
        memory._offsets = Growing(np.int64, arrays["offsets"])
        memory._sizes = Growing(np.int32, arrays["sizes"])
        memory._slots = Growing(np.int32, arrays["slots"])
        memory._before = Growing(np.int32, arrays["before"])
        memory._last = Growing(np.int32, arrays["last"].copy())
        return memory

    def parts(self) -> tuple[dict[str, int], dict[str, NDArray[Any]]]:
        """All there is, as numbers and arrays."""
        with self.lock:
            numbers = {
                "revision": self.revision,
                "public_revision": self.public_revision,
                "counted_from": self._counted_from,
                "first_counted": self._first_counted,
            }
            arrays = {
                "offsets": self._offsets.view() - (begin_of_file(int(self._offsets[0])) if len(self) else 0),
                "sizes": self._sizes.view(),
                "slots": self._slots.view(),
                "before": self._before.view(),
                "last": self._last.view().copy(),
            }
            return numbers, arrays | self.ids.parts()

    def move(self, base: int) -> None:
        """The spots of `parts` lie in a file of their own: from now on `base` is added to them."""
        self._offsets = Growing(np.int64, self._offsets.view() + base)

    def count_versions(self) -> int:
        return len(self._slots)

    def __len__(self) -> int:
        """How many events."""
        return len(self._last)

    def __contains__(self, event_id: str) -> bool:
        return self.ids.slot_of(event_id) is not None

    def spot(self, event_id: str) -> Spot | None:
        with self.lock:
            slot = self.ids.slot_of(event_id)
            return None if slot is None else self._spot_of(int(self._last[slot]))

    def records(self, event_id: str) -> list[Spot]:
        """Where the lines of all records of an event lie, oldest first."""
        with self.lock:
            slot = self.ids.slot_of(event_id)
            version = -1 if slot is None else int(self._last[slot])
            found = []
            while version >= 0:
                found.append(self._line_of(version))
                version = int(self._before[version])
            return found[::-1]

    def take(self, batch: Batch, *, base: int = 0) -> None:
        """Take over records; `base` is added to their offsets."""
        if not batch.heads:
            return
        with self.lock:
            start = len(self._slots)
            slots = self.ids.take([head.id for head in batch.heads])
            self._offsets.extend(batch.offsets + base)
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

    def last_versions(self) -> NDArray[np.int32]:
        """The number of the version of each slot that is what it is now."""
        with self.lock:
            return self._last.view().copy()

    def versions_lying(self, edited: int, added: int) -> NDArray[np.int32] | None:
        """
        The number of the version of each slot in a file with edits up to one revision, additions to another.

        What was added after the first is there as it was added. None where there is no counting back.
        """
        with self.lock:
            first, behind = self._version_behind(edited), self._version_behind(added)
            if first is None or behind is None:
                return None
            before = self._before.view()
            lying = self._last.view()[: len(self._last) - int((before[behind:] < 0).sum())].copy()
            later = np.flatnonzero(before[first:] >= 0)[::-1] + first
            for version in later.tolist():
                slot = int(self._slots[version])
                if slot < len(lying):
                    lying[slot] = before[version]
            return lying

    def has_edits_between(self, one: int, other: int) -> bool:
        """Whether an event that was there was changed between two revisions; True where nobody can tell."""
        before = self._before_between(one, other)
        return before is None or bool((before >= 0).any())

    def has_additions_between(self, one: int, other: int) -> bool:
        """Whether an event was added between two revisions; True where nobody can tell."""
        before = self._before_between(one, other)
        return before is None or bool((before < 0).any())

    def spots_of(self, versions: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The offsets and sizes of versions by their numbers."""
        with self.lock:
            return self._offsets.view()[versions], self._sizes.view()[versions]

    def record_of(self, revision: int) -> Spot | None:
        """Where the line of the record of a revision lies; None where there is no counting back to it."""
        with self.lock:
            behind = self._version_behind(revision)
            if not behind:
                return None
            return self._line_of(behind - 1)

    def _before_between(self, one: int, other: int) -> NDArray[np.int32] | None:
        with self.lock:
            start, stop = self._version_behind(min(one, other)), self._version_behind(max(one, other))
            return None if start is None or stop is None else self._before.view()[start:stop]

    def _spot_of(self, version: int) -> Spot:
        return Spot(int(self._offsets[version]), int(self._sizes[version]))

    def _line_of(self, version: int) -> Spot:
        """The line of a record begins behind the one before it, in the same file."""
        spot = self._spot_of(version)
        start = begin_of_file(spot.offset)
        if version:
            before = self._spot_of(version - 1)
            start = before.offset + before.size + 2
        return Spot(start, spot.offset + spot.size + 1 - start)

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
        elif are_counted(heads):
            self.revision = heads[-1].revision
            self.public_revision += sum(map(attrgetter("public"), heads))
            return
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
