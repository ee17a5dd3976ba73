"""Orders, counts and pages, which stay right while events come and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.errors import InvalidQuery
from geoevents.events import Sensitivity, Status, public_view
from geoevents.folding import fold
from geoevents.geojson import feature_line
from geoevents.geometries import Geometry
from geoevents.queries import SORTS, EventQuery
from geoevents.stores import columns
from geoevents.stores.columns import SPILLED
from geoevents.stores.decoding import View
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from geoevents.stores.rows import StoreRows
from tests.stores.test_masks import Chance
from tests.strategies import NOW, make_event, whole_events

TEN = [make_event(id=f"event-{n}", date_start=date(2022, 1, 1 + n // 2)) for n in range(10)]
KEYS = {
    "date": lambda event: (event.date_start, event.created, event.id),
    "updated": lambda event: (event.updated, event.id),
    "title": lambda event: (fold(event.title)[:48], event.id),
}


@pytest.fixture
def store(tmp_path):
    return GeoJSONStore.open(tmp_path / "events.geojson")


@pytest.fixture
def listing(store):
    """A reader of a store that these events are added to."""

    def listing(events):
        store.append_all(events, by="ana", why=None)
        return PublicReader(store)

    return listing


def all_pages(of, query):
    """The ids on each page, from the first on."""
    while True:
        page = of.find(query)
        yield [event.id for event in page.events]
        if page.after is None:
            return
        query = replace(query, after=page.after)


def expected(views, query):
    """What there is to be found, one by one: the events in order, all of them."""
    key = KEYS[query.sort.removeprefix("-")]
    found = [view for view in views if query.matches(view)]
    return sorted(found, key=key, reverse=query.sort.startswith("-"))


@pytest.mark.parametrize("sort", SORTS)
def test_the_pages_are_the_whole_in_pieces(sort, listing):
    ten = listing(TEN)

    whole = ten.find(EventQuery(sort=sort))
    pages = list(all_pages(ten, EventQuery(sort=sort, limit=3)))

    assert [len(page) for page in pages] == [3, 3, 3, 1]
    assert [event_id for page in pages for event_id in page] == [event.id for event in whole.events]
    assert whole.events == expected(TEN, EventQuery(sort=sort))
    assert (whole.matched, whole.after, whole.revision) == (10, None, 10)


def test_the_orders_are_what_they_say(listing):
    early = make_event(id="early", date_start=date(2022, 1, 1), updated=NOW + timedelta(1), title="ب")
    later = make_event(id="later", date_start=date(2022, 1, 2), updated=NOW, title="élan")
    both = listing([later, early])

    def order(sort):
        return [event.id for event in both.find(EventQuery(sort=sort)).events]

    assert order("date") == ["early", "later"]
    assert order("-date") == ["later", "early"]
    assert order("updated") == ["later", "early"]
    assert order("-updated") == ["early", "later"]
    assert order("title") == ["later", "early"]


@pytest.mark.parametrize("sort", ["-date", "date"])
def test_what_is_added_between_two_pages_shifts_nothing(sort, listing, store):
    ten = listing(TEN)
    first = ten.find(EventQuery(sort=sort, limit=4))
    more = [make_event(id=f"new-{n}", date_start=date(2022, 1, 1 + n)) for n in range(5)]

    store.append_all(more, by="ana", why=None)
    rest = ten.find(EventQuery(sort=sort, after=first.after)).events

    seen = [event.id for event in (*first.events, *rest)]
    assert [event_id for event_id in seen if event_id.startswith("event-")] == [
        event.id for event in expected(TEN, EventQuery(sort=sort))
    ]
    assert len(seen) == len(set(seen))


def test_a_mark_holds_though_its_event_is_gone(listing, store):
    ten = listing(TEN)
    first = ten.find(EventQuery(sort="date", limit=4))

    gone = replace(first.events[-1], status=Status.DRAFT)
    store.replace(gone, expected_version=1, by="ana", why=None)

    assert [event.id for event in ten.find(EventQuery(sort="date", after=first.after)).events] == [
        f"event-{n}" for n in range(4, 10)
    ]


@pytest.mark.parametrize(
    "mark",
    ["x", "bm90anNvbg", "W10", "WzEsMiwzLDRd", "e30", "W1tbW1tb", "_-_-", "WyItZGF0ZSIsIngiLCJ5IiwieiJd"],
)
def test_a_mark_that_is_not_ours_is_refused(mark, listing):
    with pytest.raises(InvalidQuery) as refused:
        listing(TEN).find(EventQuery(after=mark))

    assert (refused.value.field, str(refused.value)) == (
        "after",
        "This page mark cannot be read. Start again from the first page.",
    )


def test_a_mark_of_another_order_is_refused(listing):
    ten = listing(TEN)
    mark = ten.find(EventQuery(sort="date", limit=1)).after

    with pytest.raises(InvalidQuery, match="another order"):
        ten.find(EventQuery(sort="title", after=mark))


@pytest.mark.parametrize("letter", ["x", "ة", "語", "𒀀"])
def test_a_mark_can_be_read_back_from_a_link_however_long_the_title(letter, listing):
    long = [make_event(id=f"{'i' * 38}-{n}", title=letter * 300) for n in range(2)]
    both = listing(long)
    mark = both.find(EventQuery(sort="title", limit=1)).after

    query = EventQuery.parse([("sort", "title"), ("after", mark)])

    assert [event.id for event in both.find(query).events] == [long[1].id]


def test_the_count_is_of_all_that_match_not_of_the_page(listing):
    mixed = listing([*TEN, make_event(id="draft", status=Status.DRAFT)])

    page = mixed.find(EventQuery(limit=1, event_types=("battles",)))
    none = mixed.find(EventQuery(event_types=("protests",)))

    assert (len(page.events), page.matched) == (1, 10)
    assert (none.events, none.matched, none.after) == ([], 0, None)


@whole_events
@given(st.data())
def test_following_a_store_finds_what_is_there_in_order(tmp_path_factory, data):
    ids = st.sampled_from([f"event-{n}" for n in range(6)])
    changes = st.fixed_dictionaries(
        {
            "title": st.sampled_from(["a", "b", "ب"]),
            "date_start": st.dates(date(2022, 1, 1), date(2022, 1, 3)),
            "status": st.sampled_from([Status.PUBLISHED, Status.RETRACTED, Status.DRAFT]),
            "sensitivity": st.sampled_from([Sensitivity.EXACT, Sensitivity.EXACT, Sensitivity.GRID]),
            "match_score": st.sampled_from([None, 0.5]),
        }
    )
    store = GeoJSONStore.open(tmp_path_factory.mktemp("store") / "events.geojson")
    public, now = PublicReader(store), {}
    for _ in range(data.draw(st.integers(1, 5))):
        for event_id in data.draw(st.lists(ids, max_size=3, unique=True)):
            event = make_event(id=event_id, **data.draw(changes))
            if event_id in now:
                version = now[event_id].version
                now[event_id] = store.replace(event, expected_version=version, by="ana", why=None)
            else:
                now[event_id] = store.append(event, by="ana", why=None)
        asked = EventQuery(
            sort=data.draw(st.sampled_from(SORTS)),
            q=data.draw(st.sampled_from([None, "a", "hasakah"])),
            statuses=data.draw(st.sampled_from([tuple(Status), (Status.RETRACTED,)])),
        )
        views = [view for event in now.values() if (view := public_view(event)) is not None]
        found = expected(views, asked)

        assert public.find(asked).events == list(public.events(asked)) == found
        assert list(public.features(asked)) == [feature_line(view) for view in found]
        assert store.find(asked).events == expected(now.values(), asked)
        limited = replace(asked, limit=2)
        assert [each for page in all_pages(public, limited) for each in page] == [each.id for each in found]
        assert public.find(limited).events == list(public.events(limited)) == found[:2]


def test_thousands_added_at_once_and_one_by_one_are_in_the_same_order(listing, store):
    made = [
        make_event(id=f"e{n * 7919 % 3001}", date_start=date(2021, 1, 1) + timedelta(n * 37 % 90))
        for n in range(3_000)
    ]
    grown = listing(made[:1_000])
    for start, end in ((1_000, 1_001), (1_001, 1_004), (1_004, 1_050), (1_050, 3_000)):
        grown.find(EventQuery(limit=1))
        store.append_all(made[start:end], by="ana", why=None)

    found = grown.find(EventQuery()).events

    assert found == PublicReader(store).find(EventQuery()).events == expected(made, EventQuery())


def test_a_selection_stays_what_it_was_while_others_write(listing, store):
    public = listing(TEN)
    before = public.select(EventQuery())
    ids, alive = before.columns.ids.copy(), before.mask.copy()

    def write():
        for n in range(40):
            store.append(make_event(id=f"more-{n}", geometry=Geometry.point(1, 2)), by="ana", why=None)
            edited = replace(TEN[n % 10], title=f"Edited {n}")
            store.replace(edited, expected_version=1 + n // 10, by="ana", why=None)

    writer = Thread(target=write)
    writer.start()
    while writer.is_alive():
        selection = public.select(EventQuery(event_types=("battles",)))
        assert len(selection) == len(selection.rows) == selection.mask.sum()
        assert len(selection.columns) == len(selection.mask) >= len(selection)
        assert len(set(selection.columns.ids[selection.rows].tolist())) == len(selection) >= 10
        page = public.find(EventQuery(limit=5, event_types=("battles",)))
        assert len(page.events) == 5
        assert page.matched >= len(selection)
    writer.join()

    assert (before.columns.ids == ids).all()
    assert (before.mask == alive).all()
    assert (len(before), len(public.select(EventQuery()))) == (10, 50)


@pytest.mark.chance
def test_who_sees_everything_reads_only_what_the_public_sees_otherwise(store, monkeypatch, torture):
    chance = Chance(9)
    store.append_all([chance.event(number) for number in range(200)], by="ana", why=None)
    public, alone = PublicReader(store), StoreRows(store, View.WHOLE)
    seen = public.select(EventQuery()).columns
    whole, read, shown = store.rows, [], View.shown
    alone.find(EventQuery())
    public.lend_to(whole)
    monkeypatch.setattr(
        View, "shown", lambda view, kept, spill: read.extend(kept) or shown(view, kept, spill)
    )

    whole.find(EventQuery())

    assert len(read) == len(seen.unseen_slots) + (seen.own == SPILLED).sum() < 200
    for _ in range(30 * torture):
        query = replace(chance.query(), sort=chance.choice(SORTS))
        assert whole.find(query) == alone.find(query)
        assert whole.tally(query) == alone.tally(query)
    assert list(whole.chunks(EventQuery())) == list(alone.chunks(EventQuery()))
    store.append(make_event(id="later", status=Status.DRAFT), by="ana", why=None)
    assert whole.find(EventQuery(statuses=(Status.DRAFT,))).events[0].id == "later"


def test_rows_that_are_dead_are_cleared_away_once_they_are_the_most(listing, store, monkeypatch):
    monkeypatch.setattr(columns, "_FIRST_ROOM", 16)
    public = listing([*TEN, make_event(id="draft", status=Status.DRAFT)])
    held = public.select(EventQuery())
    before, found = held.columns.generation, list(public.lines(held, held.rows))

    for n in range(40):
        store.replace(replace(TEN[0], title=f"Edited {n}"), expected_version=1 + n, by="ana", why=None)
        assert public.find(EventQuery(q=f"edited {n}")).matched == 1
        assert len(public.select(EventQuery())) == 10

    after = public.select(EventQuery()).columns
    assert after.generation > before
    assert len(after) < 40
    assert after.unseen_slots.tolist() == [10]
    assert list(public.lines(held, held.rows)) == found
    assert public.find(EventQuery()) == PublicReader(store).find(EventQuery())
