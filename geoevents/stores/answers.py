"""What readers of events answer: pages of Features, counts; and the calls that give them.

Knows the calls and their promises. Knows nothing of who may see what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from geoevents.events import Content, Event, Kind, Status, Verification
from geoevents.geojson import without_match
from geoevents.places import GeoPrecision
from geoevents.queries import EventPage, EventQuery
from geoevents.regions import Certainty
from geoevents.stores.kept_lines import event_of

if TYPE_CHECKING:
    from geoevents.stores.columns import Rows
    from geoevents.stores.selections import Selection
    from geoevents.timelines import Timeline


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """
    An EventPage of Features, a line of UTF-8 each; where place or time is asked, with its `match`. `by_kind`
    counts all that match.
    """

    features: Sequence[bytes]
    matched: int
    after: str | None
    revision: int
    by_certainty: Mapping[Certainty, int] = field(default_factory=dict)
    by_kind: Mapping[Kind, int] = field(default_factory=dict)

    @property
    def events(self) -> Sequence[Event]:
        return [event_of(without_match(line)) for line in self.features]


@dataclass(frozen=True, slots=True)
class Tally:
    """
    `matched` and `by_*` count what a question finds, `unplaced` those of it without a geometry.

    `by_certainty` counts, where place or time is asked, what it would find with either `certainty`.
    `types` counts by type and kind what it would find whatever types and kind it asks for.
    """

    matched: int = 0
    by_kind: Counter[Kind] = field(default_factory=Counter)
    by_status: Counter[Status] = field(default_factory=Counter)
    by_verification: Counter[Verification] = field(default_factory=Counter)
    by_precision: Counter[GeoPrecision | None] = field(default_factory=Counter)
    unplaced: int = 0
    by_certainty: Counter[Certainty] = field(default_factory=Counter)
    types: Counter[tuple[str, Kind]] = field(default_factory=Counter)


class Reader(Protocol):
    """Finds events, those that it may show; every answer is of one state, whatever is written meanwhile."""

    def select(self, query: EventQuery) -> Selection:
        """Which rows a question finds. Raises NotReady while the words of many events are being read."""

    def lines(self, selection: Selection, rows: Rows) -> Iterator[bytes]:
        """The Features of rows of a selection's columns, held by it or not, in the order given."""

    def find(self, query: EventQuery) -> EventPage:
        """Behind the mark `after`, `limit` at most. Raises InvalidQuery for a mark that is not ours."""

    def page(self, query: EventQuery) -> FeaturePage:
        """As `find`, but Features, for who only hands them on."""

    def events(self, query: EventQuery) -> Iterator[Event]:
        """What `find` gives, one by one as they are taken."""

    def features(self, query: EventQuery) -> Iterator[bytes]:
        """As `events`, the Feature of each, one line of UTF-8."""

    def matches(self, query: EventQuery) -> Iterator[tuple[Event, Certainty]]:
        """As `events`, each with how surely it is meant."""

    def chunks(self, query: EventQuery) -> Iterator[bytes]:
        """
        The Features in large pieces, for geojson.collection_of. Where all are asked for in the default
        order, they come in that of adding, in which they lie on disk.
        """

    def sized_chunks(self, query: EventQuery) -> tuple[Iterator[bytes], int | None]:
        """As `chunks`, and how many bytes they are; None where that is known only when they are made."""

    def tally(self, query: EventQuery) -> Tally:
        """How many a question finds of each kind, type, status and precision."""

    def timeline(self, query: EventQuery) -> Timeline:
        """How many a question finds in each day, week or month, by type."""


class WholeReader(Reader, Protocol):
    """Finds all events of a store, and everything of each."""

    def borrow_from(self, shown: Reader) -> None:
        """`shown` finds what anybody sees of the same store: what both see alike need not be read twice."""

    def near(self, content: Content, query: EventQuery) -> Iterator[Event]:
        """Of the events that a question finds, those at the place of `content`, as far as both are known."""
