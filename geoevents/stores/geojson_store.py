"""The GeoJSON store: a collection anybody's tools can read, and beside it the journal that vouches for it.

Knows ids, versions and who came first. Knows nothing of how the two files are kept in step (keeping.py), nor
of what is public.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from geoevents.errors import EventChanged, EventExists, EventNotFound
from geoevents.events import Event, utc_now
from geoevents.messages import Message
from geoevents.queries import EventPage, EventQuery
from geoevents.stores import Changes, Collected, Revision
from geoevents.stores.collection import refuse_if_newer
from geoevents.stores.grouping import Events, Write
from geoevents.stores.keeping import Keeper
from geoevents.stores.kept_lines import event_of
from geoevents.stores.layout import Layout
from geoevents.stores.records import START
from geoevents.times import instant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoevents.stores.rows import StoreRows

IN_PLACE_ABOVE = 4_000_000


class GeoJSONStore:
    """
    An `EventStore` in a GeoJSON file. Several processes and threads may share it.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = GeoJSONStore.open(Path(folder) / "events.geojson")
    ...     store.revision, list(store.events())
    (0, [])
    """

    def __init__(self, keeper: Keeper, *, now: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._now = now
        self._rows: StoreRows | None = None
        self._one_reader = Lock()

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        private: Path | None = None,
        now: Callable[[], datetime] = utc_now,
        in_place_above: int = IN_PLACE_ABOVE,
        lag: float = 0.0,
        cache: Path | None = None,
    ) -> GeoJSONStore:
        """
        Open what is there, mended where a killed writer left it half done; make it where nothing is.

        Where we may only read, it is read, and banner() says so. `private` is the folder of the journal,
        beside the collection unless told, `cache` one for what may be lost. Above `in_place_above` bytes
        events are added in place, edits gathered. With a `lag` the collection may be behind the history
        by as many seconds, but for what somebody takes back; without, it never is when a write returns.
        Raises StoreUnavailable, StoreDamaged, StoreTooNew; then nothing was changed.
        """
        layout = Layout.of(path, private)
        layout.refuse_what_is_no_file()
        refuse_if_newer(layout.collection)
        keeper = Keeper(layout, in_place_above=in_place_above, lag=lag, cache=cache)
        keeper.open()
        return cls(keeper, now=now)

    @property
    def revision(self) -> int:
        return self._keeper.known.memory.revision

    @property
    def public_revision(self) -> int:
        return self._keeper.known.memory.public_revision

    def get(self, event_id: str) -> Event:
        self.refresh()
        return self._event(event_id)

    def events(self) -> Iterator[Event]:
        self.refresh()
        return self._keeper.known.events()

    def find(self, query: EventQuery) -> EventPage:
        return self.rows.find(query)

    @property
    def rows(self) -> StoreRows:
        # Who only adds, or looks a single event up, loads nothing for it.
        from geoevents.stores.decoding import View
        from geoevents.stores.rows import StoreRows

        with self._one_reader:
            if self._rows is None:
                self._rows = StoreRows(self, View.WHOLE)
            return self._rows

    def append(self, event: Event, *, by: str, why: str | None) -> Event:
        self.append_all([event], by=by, why=why)
        return event

    def append_all(self, events: Sequence[Event], *, by: str, why: str | None) -> None:
        def judge(now: Events) -> Sequence[Event]:
            taken: set[str] = set()
            for event in events:
                if event.id in now or event.id in taken:
                    raise EventExists(
                        Message("The id {id} is taken. Leave it out and get a new one.", id=event.id), "id"
                    )
                taken.add(event.id)
            return events

        self._keeper.keep(Write(judge, by=by, why=why, op="add", at=self._time(), new=events))

    def replace(
        self, event: Event, *, expected_version: int, by: str, why: str | None, op: str = "edit"
    ) -> Event:
        def judge(now: Events) -> Sequence[Event]:
            current = _found(now.get(event.id), event.id)
            if current.version != expected_version:
                raise EventChanged(
                    Message(
                        "Somebody changed this event: it is at version {now}, you began with {then}. "
                        "Look at what is there now, then make your change again.",
                        now=current.version,
                        then=expected_version,
                    ),
                    current,
                )
            following = replace(
                event,
                version=current.version + 1,
                created=current.created,
                updated=max(event.updated, current.updated),
            )
            return [following]

        (kept,) = self._keeper.keep(Write(judge, by=by, why=why, op=op, at=self._time()))
        return kept

    def history(self, event_id: str) -> list[Revision]:
        self.refresh()
        event = self._event(event_id)
        if not self._keeper.known.journal.end:
            return [
                Revision(revision=self.revision, at=event.updated, by="", why=None, op=START, event=event)
            ]
        return [
            Revision(
                revision=record.revision,
                at=record.instant,
                by=record.by,
                why=record.why,
                op=record.op,
                event=event_of(record.feature),
            )
            for record in self._keeper.known.records_of(event_id)
        ]

    def changes(self, since: int | None) -> Changes:
        return self._keeper.known.changes(since)

    def lines_at(self, offsets: NDArray[np.int64], sizes: NDArray[np.int32]) -> Iterator[bytes]:
        return self._keeper.known.spots.lines(offsets, sizes)

    def collected(self, revision: int) -> Collected | None:
        return self._keeper.collecting.collected(revision)

    def seal(self, revision: int) -> str | None:
        return self._keeper.known.seal(revision)

    def refresh(self) -> None:
        self._keeper.refresh()

    def banner(self) -> tuple[Message, ...]:
        return tuple(self._keeper.notes.values())

    def close(self) -> None:
        """Bring the collection up with what waits to be gathered, and let go of the history."""
        self._keeper.close()

    def _time(self) -> str:
        return instant(self._now())

    def _event(self, event_id: str) -> Event:
        return _found(self._keeper.known.event(event_id), event_id)


def _found(event: Event | None, event_id: str) -> Event:
    if event is None:
        raise EventNotFound(
            Message(
                "There is no event {id}. Check the id, or look for the event in the list.", id=event_id[:60]
            )
        )
    return event
