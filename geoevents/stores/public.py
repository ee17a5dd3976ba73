"""The only reader that web, tiles, publish and export get: events as anybody may see them.

Knows that what is asked is asked of the public view, which is all there is here: of drafts and hidden events
there are no rows, for a count or an order neither. Knows nothing of how events are kept or looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geoevents.errors import EventNotFound
from geoevents.events import Event, public_view
from geoevents.geojson import feature_line
from geoevents.messages import Message
from geoevents.queries import EventPage, EventQuery
from geoevents.regions import Certainty
from geoevents.stores import Followed
from geoevents.stores.answers import FeaturePage, Reader, Tally, WholeReader
from geoevents.stores.columns import Rows
from geoevents.stores.decoding import View
from geoevents.stores.rows import StoreRows
from geoevents.stores.selections import Selection
from geoevents.timelines import Timeline

# What answers are made of, for those who get nothing of stores/ but this.
__all__ = ["FeaturePage", "PublicReader", "Reader", "Selection", "Tally"]


class PublicReader:
    """
    Follows a store and shows of it what anybody may see.

    Every answer is of one state: `events()` and `features()` go on with what they began with.
    `cache` is a folder for what may be lost.
    """

    def __init__(self, store: Followed, *, cache: Path | None = None, view: View = View.PUBLIC) -> None:
        self._store = store
        self._rows = StoreRows(store, view, folder=cache)

    @property
    def revision(self) -> int:
        """Moves when public bytes move, and only then: caches and ETags may hang on it alone."""
        return self._rows.now().revision

    def get(self, event_id: str) -> Event:
        """The public view of an event. Raises EventNotFound alike for none and for one that isn't public."""
        try:
            view = public_view(self._store.get(event_id))
        except EventNotFound:
            view = None
        if view is None:
            raise EventNotFound(
                Message(
                    "There is no event {id}. Check the id, or look for the event in the list.",
                    id=event_id[:60],
                )
            )
        return view

    def prepare_behind(self) -> None:
        """For a server: what takes long is made behind, and who asks for it meanwhile gets NotReady."""
        self._rows.prepare_behind()

    def lend_to(self, whole: WholeReader) -> None:
        """Spare those who see everything reading what anybody sees as it is kept."""
        whole.borrow_from(self._rows)

    def select(self, query: EventQuery) -> Selection:
        """Which rows a question finds: for tiles, counts and whatever looks at many events."""
        return self._rows.select(query)

    def lines(self, selection: Selection, rows: Rows) -> Iterator[bytes]:
        """The Features of rows of a selection's columns, held by it or not, in the order given."""
        return self._rows.lines(selection, rows)

    def shown(self, selection: Selection, rows: Rows) -> Iterator[Event]:
        """The public views of rows of a selection, in the order given."""
        return self._rows.events_of(selection.columns, rows[selection.mask[rows]])

    def find(self, query: EventQuery) -> EventPage:
        """Raises InvalidQuery for a page mark that cannot be read."""
        return self._rows.find(query)

    def page(self, query: EventQuery) -> FeaturePage:
        """As `find`, but Features, for who only hands them on."""
        return self._rows.page(query)

    def events(self, query: EventQuery) -> Iterator[Event]:
        return self._rows.events(query)

    def features(self, query: EventQuery) -> Iterator[bytes]:
        """The Feature of each event, one line of UTF-8."""
        return self._rows.features(query)

    def matches(self, query: EventQuery) -> Iterator[tuple[Event, Certainty]]:
        """As `events`, each with how surely it is meant."""
        return self._rows.matches(query)

    def chunks(self, query: EventQuery) -> Iterator[bytes]:
        """
        The Features in large pieces, for geojson.collection_of. Where all are asked for in the default
        order, they come in that of adding.
        """
        return self._rows.chunks(query)

    def sized_chunks(self, query: EventQuery) -> tuple[Iterator[bytes], int | None]:
        """As `chunks`, and how many bytes they are; None where that is known only when they are made."""
        return self._rows.sized_chunks(query)

    def tally(self, query: EventQuery) -> Tally:
        """How many a question finds of each type, kind, status and precision."""
        return self._rows.tally(query)

    def timeline(self, query: EventQuery) -> Timeline:
        """How many a question finds in each day, week or month, by type."""
        return self._rows.timeline(query)

    def feature(self, event_id: str) -> bytes:
        """One Feature, as in `features`. Raises EventNotFound."""
        return feature_line(self.get(event_id))

    def banner(self) -> tuple[Message, ...]:
        """What concerns whoever reads. Names of files, and what an outsider did to them, do not."""
        return ()
