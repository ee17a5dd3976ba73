"""Events, kept: what every store offers, whatever is behind it.

Knows the calls and their promises; tests/stores/contract.py holds a backend to them. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from geoevents.events import Event
from geoevents.messages import Message
from geoevents.queries import EventPage, EventQuery
from geoevents.stores.answers import WholeReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One change of one event: who, when by their clock (UTC), why, and what the event was from then on."""

    revision: int
    at: datetime
    by: str
    why: str | None
    op: str
    event: Event


class Kept(NamedTuple):
    """
    One event as it is now: its Feature's bytes, the spot where these lie, its place in the order of addition.

    Slots count from 0 and belong to an id for good. `offset` is for `lines_at` of the same store, no file's.
    """

    id: str
    line: bytes
    offset: int
    slot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """
    What a follower of a store has to take over. `whole` means: these are all there are, forget the rest.

    Events by their slots, and the spots of their Features (`lines_at`), in the order of slots where it is
    whole. `kept` are the same, read as one walks through them. `revision` and `public_revision` are never
    newer than what is kept.
    """

    revision: int
    public_revision: int
    whole: bool
    slots: NDArray[np.int32]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int32]
    kept: Iterable[Kept]

    @property
    def count(self) -> int:
        return len(self.slots)


class Collected(Protocol):
    """
    A whole generation of the collection, whatever is written meanwhile.

    Behind `head_size` bytes come the lines of all slots in order, two bytes (",\\n") between each two.
    """

    @property
    def revision(self) -> int: ...

    @property
    def head_size(self) -> int: ...

    def slice(self, start: int, stop: int) -> bytes:
        """The bytes of the file from `start` to before `stop`. Raises StoreError."""


class Followed(Protocol):
    """Keeps events so that a reader can follow what becomes of them."""

    @property
    def revision(self) -> int:
        """Counts the changes; one more with each event added or changed."""

    @property
    def public_revision(self) -> int:
        """Counts the changes that anybody can see; says nothing of how many there were of others."""

    def get(self, event_id: str) -> Event:
        """Raises EventNotFound."""

    def changes(self, since: int | None) -> Changes:
        """What was written after revision `since`; everything, where that is None or too long ago."""

    def lines_at(self, offsets: NDArray[np.int64], sizes: NDArray[np.int32]) -> Iterator[bytes]:
        """
        The bytes of Features by their spots, in the order given, any number. Spots stay good for the life of
        the store, those of events that were edited meanwhile too. Raises StoreError.
        """

    def collected(self, revision: int) -> Collected | None:
        """The collection file, if it is as of `revision` (events added since may follow); else None."""

    def seal(self, revision: int) -> str | None:
        """What tells this history up to `revision` from any other, for caches on disk; None without one."""

    def refresh(self) -> None:
        """Take over what other processes wrote. Cheap when that is nothing. Never raises: see banner()."""


class EventStore(Followed, Protocol):
    """Keeps events, every version of them, and hands them back as they are now."""

    def events(self) -> Iterator[Event]:
        """All events as of this call, in the order they were added, whatever is written meanwhile."""

    def find(self, query: EventQuery) -> EventPage:
        """Raw events: for those who may see everything."""

    @property
    def rows(self) -> WholeReader:
        """The same, for who counts, pages or downloads: everything of every event, drafts too."""

    def append(self, event: Event, *, by: str, why: str | None) -> Event:
        """Keep a new event. Raises EventExists, also for an id that was once used; StoreError."""

    def append_all(self, events: Sequence[Event], *, by: str, why: str | None) -> None:
        """Keep all of them or, raising, none. Raises as `append`."""

    def replace(
        self, event: Event, *, expected_version: int, by: str, why: str | None, op: str = "edit"
    ) -> Event:
        """Put the next version of an event in place. Raises EventNotFound, EventChanged, StoreError."""

    def history(self, event_id: str) -> list[Revision]:
        """Every version, oldest first. Raises EventNotFound."""

    def banner(self) -> tuple[Message, ...]:
        """What whoever keeps the store should know: a file set aside, no right to write."""

    def close(self) -> None: ...
