"""The events of a store as rows, followed as it is written to: found by a question, in order, by the page.

Knows how a store's changes become rows, and rows lines again. Knows nothing of files, nor of what is public:
it is told by the view it is given (decoding.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock, Thread

import numpy as np

from geoevents.events import Content, Event
from geoevents.geojson import MATCH_ENDS, with_match
from geoevents.queries import EventPage, EventQuery
from geoevents.regions import Certainty
from geoevents.stores import Followed, columns_cache, taking, texts, unfinished
from geoevents.stores.answers import FeaturePage, Reader, Tally
from geoevents.stores.certainties import Certainties
from geoevents.stores.columns import CUT, SPILLED, STORED, Columns, Mask, Rows, Table
from geoevents.stores.columns_cache import Saved
from geoevents.stores.decoding import NOTHING_INTERNAL, View
from geoevents.stores.kept_lines import event_of
from geoevents.stores.masks import filters_of, matching
from geoevents.stores.nearness import rows_near
from geoevents.stores.paging import Pages
from geoevents.stores.selections import Selection, Selections
from geoevents.stores.shapes import Shapes
from geoevents.stores.slices import joined, size_of, slices
from geoevents.stores.spill import Spill
from geoevents.stores.taking import Lying, Taker
from geoevents.stores.tallying import by_kind, tally
from geoevents.stores.texts import FEW, Texts
from geoevents.stores.wording import worded
from geoevents.stores.words import title_of
from geoevents.timelines import Spans, Timeline, timeline_of
from geoevents.times import Occurrence

NAME = "public.columns"
_UNFINISHED = (NAME, taking.UNFINISHED, texts.NAME, texts.UNFINISHED)
_AT_ONCE = 1_024
_EVENTS_KEPT = 2_048
_TALLIES_KEPT = 256


@dataclass(frozen=True, slots=True)
class State:
    """The rows as of one revision. `revision` is the one to be told: of what the view shows."""

    columns: Columns
    store_revision: int
    revision: int


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows in the order asked for; `found` are all that match, `after` is the mark behind the last."""

    state: State
    found: Selection
    rows: Rows
    after: str | None

    @property
    def matched(self) -> int:
        return len(self.found)


class StoreRows:
    """
    Follows a store and keeps a row for each event it has a view of.

    Safe for several threads. Every answer is of one state, and goes on with what it began with.
    """

    def __init__(self, store: Followed, view: View, *, folder: Path | None = None) -> None:
        self._store = store
        self._view = view
        self._lock = RLock()
        self._table = Table()
        self._spill = Spill(folder)
        self._state: State | None = None
        self._folder = folder
        self._unsaved = 0
        self._is_behind = False
        self._lender: StoreRows | None = None
        self._saver: Thread | None = None
        self._selections = Selections()
        self._pages = Pages(self._titles)
        self._texts = Texts(self._lines_of, folder=folder)
        self._certainties = Certainties(Shapes(self._lines_of).of)
        self._events: dict[tuple[int, int], Event] = {}
        self._tallies: dict[Hashable, Tally] = {}

    def now(self) -> State:
        self._store.refresh()
        state = self._state
        if state is not None and state.store_revision == self._store.revision:
            return state
        with self._lock:
            self._follow()
            assert self._state is not None
            if self._is_behind:
                self._prepare(self._state)
            return self._state

    def borrow_from(self, shown: Reader) -> None:
        """`shown` has the public's view of the same store: what both see alike need not be read twice."""
        if isinstance(shown, StoreRows):
            self._lender = shown

    def near(self, content: Content, query: EventQuery) -> Iterator[Event]:
        """Of the events that a question finds, those at the place of `content`, as far as both are known."""
        found = self.select(query)
        return self.events_of(found.columns, rows_near(found.columns, found.rows, content))

    def prepare_behind(self) -> None:
        """From now on words of many events are read behind; until then who asks for them gets NotReady."""
        self._is_behind = self._texts.behind = True
        self._prepare(self.now())

    def select(self, query: EventQuery, state: State | None = None) -> Selection:
        """Raises NotReady while the words of many events are being read."""
        state = state or self.now()

        def matched(columns: Columns) -> Mask:
            since = len(state.columns) - len(columns)
            found = matching(columns, query, lambda asked: self._certainties.of(state.columns, asked)[since:])
            if query.q is not None:
                found &= worded(state.columns, query, self._texts, since=since)
            return found

        return self._selections.of(filters_of(query), state.columns, state.revision, matched)

    def find(self, query: EventQuery) -> EventPage:
        """Behind the mark `after`, `limit` at most. Raises InvalidQuery for a mark that is not ours."""
        page = self._page(query)
        events = list(self.events_of(page.state.columns, page.rows))
        return EventPage(
            events, page.matched, page.after, page.state.revision, *self._how_surely(query, page)
        )

    def page(self, query: EventQuery) -> FeaturePage:
        """As `find`, for who only hands them on."""
        page = self._page(query)
        lines = list(self._lines_of(page.state.columns, page.rows))
        of_each, counts = self._how_surely(query, page)
        if of_each:
            lines = list(map(with_match, lines, of_each))
        kinds = by_kind(page.found)
        return FeaturePage(lines, page.matched, page.after, page.state.revision, counts, kinds)

    def events(self, query: EventQuery) -> Iterator[Event]:
        """What `find` gives, one by one as they are taken, all of one state."""
        return (event for portion in self._in_order(query) for event in self.events_of(*portion))

    def matches(self, query: EventQuery) -> Iterator[tuple[Event, Certainty]]:
        """As `events`, each with how surely it is meant."""
        for portion in self._in_order(query):
            yield from zip(self.events_of(*portion), self._certainties.of_found(query, *portion), strict=True)

    def features(self, query: EventQuery) -> Iterator[bytes]:
        """As `events`, the Feature of each, one line of UTF-8."""
        return (line for portion in self._in_order(query) for line in self._answers(query, *portion))

    def chunks(self, query: EventQuery) -> Iterator[bytes]:
        """As `sized_chunks`, whatever their size."""
        return self.sized_chunks(query)[0]

    def sized_chunks(self, query: EventQuery) -> tuple[Iterator[bytes], int | None]:
        """
        The Features in large pieces (geojson.collection_of), and how many bytes these are if that is known
        beforehand. Where all are asked for in the default order, they come in that of adding, in which they
        lie on disk.
        """
        if query.limit or query.after or query.sort != EventQuery().sort:
            return joined(self.features(query)), None
        state = self.now()
        found = self.select(query, state)
        columns = found.columns

        def endings(rows: Rows) -> list[bytes]:
            return [MATCH_ENDS[each] for each in self._certainties.of_found(query, columns, rows)]

        pieces = slices(
            columns,
            found.rows,
            self._store.collected(state.store_revision),
            lambda rows: self._lines_of(columns, rows),
            endings if query.asks_where_or_when else None,
        )
        return pieces, None if query.asks_where_or_when else size_of(columns, found.rows)

    def tally(self, query: EventQuery) -> Tally:
        """How many a question finds of each kind."""
        state = self.now()
        key = state.columns.generation, state.store_revision, filters_of(query)
        known = self._tallies.get(key)
        if known is None:
            wider = replace(query, event_types=(), kind=None)
            known = tally(self.select(query, state), self.select(wider, state))
            if query.asks_where_or_when:
                shares = ((each, replace(query, certainty=each)) for each in Certainty)
                counts = {each: len(self.select(share, state)) for each, share in shares}
                known = replace(known, by_certainty=Counter(counts))
            if len(self._tallies) >= _TALLIES_KEPT:
                self._tallies = {}
            self._tallies[key] = known
        return known

    def timeline(self, query: EventQuery) -> Timeline:
        """How many a question finds in each day, week or month."""
        found = self.select(query)
        columns = found.columns
        is_lasting = columns.occurrence == columns.words["occurrence"][Occurrence.LASTING]
        spans = Spans(columns.event_type, columns.day_start, columns.day_end, is_lasting)
        return timeline_of(spans, found.rows, columns.words["event_type"].words)

    def _page(self, query: EventQuery) -> RowPage:
        state = self.now()
        selection = self.select(query, state)
        return RowPage(state, selection, *self._pages.page(query, selection))

    def _in_order(self, query: EventQuery) -> Iterator[tuple[Columns, Rows]]:
        """What `_page` gives, in portions, and the columns they are of; looked for as they are taken."""
        if query.limit is not None:
            page = self._page(query)
            return iter([(page.state.columns, page.rows)])
        selection = self.select(query)
        return ((selection.columns, rows) for rows in self._pages.walk(query, selection))

    def _how_surely(
        self, query: EventQuery, page: RowPage
    ) -> tuple[Sequence[Certainty], dict[Certainty, int]]:
        """Of each of a page, and of how many of all that match; nothing where nobody asks where or when."""
        if not query.asks_where_or_when:
            return (), {}
        columns = page.state.columns
        of_each = self._certainties.of_found(query, columns, page.rows)
        return of_each, self._certainties.counted(columns, query, page.found.mask)

    def _answers(self, query: EventQuery, columns: Columns, rows: Rows) -> Iterator[bytes]:
        """The Features of rows that a question finds, with how surely they are meant where that is asked."""
        lines = self._lines_of(columns, rows)
        if not query.asks_where_or_when:
            return lines
        return map(with_match, lines, self._certainties.of_found(query, columns, rows))

    def lines(self, selection: Selection, rows: Rows) -> Iterator[bytes]:
        """The Features of rows of a selection's columns, held by it or not, in the order given."""
        return self._lines_of(selection.columns, rows)

    def _lines_of(self, columns: Columns, rows: Rows) -> Iterator[bytes]:
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            stored = self._store.lines_at(columns.offset[part], columns.size[part])
            own = columns.own[part]
            if not own.any():
                yield from stored
                continue
            places = columns.own_at[part].tolist(), columns.own_size[part].tolist()
            for line, how, at, size in zip(stored, own.tolist(), *places, strict=True):
                if how == STORED:
                    yield line
                elif how == CUT:
                    yield line[:at] + NOTHING_INTERNAL + line[at + size :]
                else:
                    yield self._spill.at(at, size)

    def events_of(self, columns: Columns, rows: Rows) -> Iterator[Event]:
        """The events of these rows as the view shows them, in this order."""
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            keys = [(columns.generation, row) for row in part.tolist()]
            known = [self._events.get(key) for key in keys]
            new = np.array([event is None for event in known], bool)
            lines = self._lines_of(columns, part[new])
            for key, event in zip(keys, known, strict=True):
                yield self._known(key, event_of(next(lines))) if event is None else event

    def _known(self, key: tuple[int, int], event: Event) -> Event:
        if len(self._events) >= _EVENTS_KEPT:
            self._events = {}
        self._events[key] = event
        return event

    def _titles(self, columns: Columns, rows: Rows) -> Iterator[str]:
        return map(title_of, self._lines_of(columns, rows))

    def _prepare(self, state: State) -> None:
        """What takes long, and what spares the next process reading all: by threads of their own."""
        # An index of words that are in rows no next process has is of no use to it.
        is_due = self._texts.begin(state.columns) or self._unsaved > max(FEW, len(state.columns) // 10)
        if is_due and self._folder is not None and (self._saver is None or not self._saver.is_alive()):
            self._saver = Thread(target=self._save, args=(state,), daemon=True, name="columns")
            self._saver.start()

    def _save(self, state: State) -> None:
        """For the next process; where that fails, it reads all anew."""
        seal = self._store.seal(state.store_revision)
        self._unsaved = 0
        folder = self._usable_folder()
        if seal is None or folder is None:
            return
        saved = Saved(
            seal=seal,
            store_revision=state.store_revision,
            revision=state.revision,
            columns=state.columns,
            spilled=self._spill.whole(),
            orders={"date": self._pages.order("date", state.columns)},
        )
        with suppress(OSError):
            saved.write(folder / NAME)

    def _borrow(self, state: State) -> None:
        """Begin with what is shown as it is kept, and read only what is not."""
        columns = state.columns
        self._table = Table.of_what_is_shown_as_kept(columns)
        withheld = np.flatnonzero(columns.alive & (columns.own == SPILLED))
        offsets = np.concatenate([columns.unseen_offsets, columns.offset[withheld]])
        sizes = np.concatenate([columns.unseen_sizes, columns.size[withheld]])
        slots = np.concatenate([columns.unseen_slots, columns.slot[withheld]])
        self._take(Lying(slots, offsets, sizes))
        self._state = State(self._table.columns(), state.store_revision, state.store_revision)

    def _restore(self) -> None:
        """Begin with what another process read, if that is of this very history."""
        if self._folder is None:
            return
        unfinished.tidy(self._folder, _UNFINISHED)
        if (found := columns_cache.read(self._folder / NAME)) is None:
            return
        if self._store.seal(found.store_revision) != found.seal:
            return
        self._table, self._spill = found.table, Spill(self._folder)
        if found.spilled:
            self._spill.keep(found.spilled)
        columns = self._table.columns()
        self._pages.begin_with(found.orders, columns)
        self._state = State(columns, found.store_revision, found.revision)
        self._unsaved = 0

    def _follow(self) -> None:
        if self._state is None and self._lender is not None:
            self._borrow(self._lender.now())
        elif self._state is None:
            self._restore()
        state = self._state
        changes = self._store.changes(state.store_revision if state else None)
        if changes.whole:
            self._table, self._events = Table(), {}
        self._take(Lying(changes.slots, changes.offsets, changes.sizes))
        if self._table.is_worn:
            self._table, self._events = self._table.renewed(), {}
        revision = changes.public_revision if self._view is View.PUBLIC else changes.revision
        self._state = State(self._table.columns(), changes.revision, revision)

    def _take(self, lying: Lying) -> None:
        if lying:
            self._unsaved += len(lying.slots)
            taker = Taker(self._table, self._view, self._spill)
            taker.take_many(self._store.lines_at, lying, folder=self._usable_folder())

    def _usable_folder(self) -> Path | None:
        return self._folder if self._folder and self._folder.is_dir() else None
