"""The internal view: events whole, for the eyes of those who may write.

Knows the raw store, as PublicReader does, and leaves nothing out. Knows nothing of who may ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoevents.events import Event
from geoevents.geojson import feature_line
from geoevents.messages import Message
from geoevents.queries import EventPage, EventQuery
from geoevents.regions import Certainty
from geoevents.stores import EventStore
from geoevents.stores.answers import FeaturePage, Tally
from geoevents.timelines import Timeline

if TYPE_CHECKING:
    from geoevents.stores.columns import Rows
    from geoevents.stores.selections import Selection


@dataclass(frozen=True, slots=True)
class InternalReader:
    """Reads as `stores.public.PublicReader` does, drafts and internal fields included."""

    store: EventStore

    @property
    def revision(self) -> int:
        self.store.refresh()
        return self.store.revision

    def get(self, event_id: str) -> Event:
        """Raises EventNotFound."""
        return self.store.get(event_id)

    def select(self, query: EventQuery) -> Selection:
        return self.store.rows.select(query)

    def lines(self, selection: Selection, rows: Rows) -> Iterator[bytes]:
        return self.store.rows.lines(selection, rows)

    def find(self, query: EventQuery) -> EventPage:
        return self.store.find(query)

    def page(self, query: EventQuery) -> FeaturePage:
        return self.store.rows.page(query)

    def events(self, query: EventQuery) -> Iterator[Event]:
        return self.store.rows.events(query)

    def matches(self, query: EventQuery) -> Iterator[tuple[Event, Certainty]]:
        """As `events`, each with how surely it is meant."""
        return self.store.rows.matches(query)

    def chunks(self, query: EventQuery) -> Iterator[bytes]:
        return self.store.rows.chunks(query)

    def sized_chunks(self, query: EventQuery) -> tuple[Iterator[bytes], int | None]:
        """As `chunks`, and how many bytes they are, if that is known beforehand."""
        return self.store.rows.sized_chunks(query)

    def tally(self, query: EventQuery) -> Tally:
        return self.store.rows.tally(query)

    def timeline(self, query: EventQuery) -> Timeline:
        return self.store.rows.timeline(query)

    def feature(self, event_id: str) -> bytes:
        """Raises EventNotFound."""
        return feature_line(self.get(event_id))

    def banner(self) -> tuple[Message, ...]:
        """What whoever keeps the store should know."""
        return self.store.banner()

    def features(self, query: EventQuery) -> Iterator[bytes]:
        return self.store.rows.features(query)
