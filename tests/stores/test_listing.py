"""Orders, counts and pages, which stay right while events come and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.errors import InvalidQuery
from geoevents.events import Status
from geoevents.queries import SORTS, EventQuery
from geoevents.stores.listing import Listing
from tests.strategies import NOW, make_event

TEN = [make_event(id=f"event-{n}", date_start=date(2022, 1, 1 + n // 2)) for n in range(10)]


def listing(events, revision=1):
    return Listing({event.id: event for event in events}, revision)


def all_pages(of, query):
    """The ids on each page, from the first on."""
    while True:
        page = of.page(query)
        yield [event.id for event in page.events]
        if page.after is None:
            return
        query = replace(query, after=page.after)


@pytest.mark.parametrize("sort", SORTS)
def test_the_pages_are_the_whole_in_pieces(sort):
    whole = listing(TEN).page(EventQuery(sort=sort))
    pages = list(all_pages(listing(TEN), EventQuery(sort=sort, limit=3)))

    assert [len(page) for page in pages] == [3, 3, 3, 1]
    assert [event_id for page in pages for event_id in page] == [event.id for event in whole.events]
    assert (whole.matched, whole.after, whole.revision) == (10, None, 1)


def test_the_orders_are_what_they_say():
    early = make_event(id="early", date_start=date(2022, 1, 1), updated=NOW + timedelta(1), title="ب")
    later = make_event(id="later", date_start=date(2022, 1, 2), updated=NOW, title="élan")
    both = listing([later, early])

    def order(sort):
        return [event.id for event in both.page(EventQuery(sort=sort)).events]

    assert order("date") == ["early", "later"]
    assert order("-date") == ["later", "early"]
    assert order("updated") == ["later", "early"]
    assert order("-updated") == ["early", "later"]
    assert order("title") == ["later", "early"]


@pytest.mark.parametrize("sort", ["-date", "date"])
def test_what_is_added_between_two_pages_shifts_nothing(sort):
    first = listing(TEN).page(EventQuery(sort=sort, limit=4))
    more = [make_event(id=f"new-{n}", date_start=date(2022, 1, 1 + n)) for n in range(5)]

    grown = listing(TEN).with_changes({event.id: event for event in more}, 2)
    rest = grown.page(EventQuery(sort=sort, after=first.after)).events

    seen = [event.id for event in (*first.events, *rest)]
    assert [event_id for event_id in seen if event_id.startswith("event-")] == [
        event.id for event in listing(TEN).page(EventQuery(sort=sort)).events
    ]
    assert len(seen) == len(set(seen))


def test_a_mark_holds_though_its_event_is_gone():
    first = listing(TEN).page(EventQuery(sort="date", limit=4))

    without = listing(TEN).with_changes({first.events[-1].id: None}, 2)

    assert [event.id for event in without.page(EventQuery(sort="date", after=first.after)).events] == [
        f"event-{n}" for n in range(4, 10)
    ]


@pytest.mark.parametrize("mark", ["x", "bm90anNvbg", "W10", "WzEsMiwzLDRd", "e30", "W1tbW1tb", "_-_-"])
def test_a_mark_that_is_not_ours_is_refused(mark):
    with pytest.raises(InvalidQuery) as refused:
        listing(TEN).page(EventQuery(after=mark))

    assert (refused.value.field, str(refused.value)) == (
        "after",
        "This page mark cannot be read. Start again from the first page.",
    )


def test_a_mark_of_another_order_is_refused():
    mark = listing(TEN).page(EventQuery(sort="date", limit=1)).after

    with pytest.raises(InvalidQuery, match="another order"):
        listing(TEN).page(EventQuery(sort="title", after=mark))


@pytest.mark.parametrize("letter", ["x", "ة", "語", "𒀀"])
def test_a_mark_can_be_read_back_from_a_link_however_long_the_title(letter):
    long = [make_event(id=f"{'i' * 38}-{n}", title=letter * 300) for n in range(2)]
    mark = listing(long).page(EventQuery(sort="title", limit=1)).after

    query = EventQuery.parse([("sort", "title"), ("after", mark)])

    assert [event.id for event in listing(long).page(query).events] == [long[1].id]


def test_the_count_is_of_all_that_match_not_of_the_page():
    mixed = [*TEN, make_event(id="draft", status=Status.DRAFT)]

    page = listing(mixed).page(EventQuery(bbox=None, limit=1, event_types=("battles",)))
    none = listing(mixed).page(EventQuery(event_types=("protests",)))

    assert (len(page.events), page.matched) == (1, 10)
    assert (none.events, none.matched, none.after) == ([], 0, None)


@given(st.data())
def test_changing_a_listing_is_as_good_as_making_it_anew(data):
    ids = st.sampled_from([f"event-{n}" for n in range(6)])
    titles = st.sampled_from(["a", "b", "ب"])
    days = st.dates(date(2022, 1, 1), date(2022, 1, 3))
    now = {}
    carried = Listing({}, 0)
    sort = st.sampled_from(SORTS)
    for revision in range(1, data.draw(st.integers(1, 6)) + 1):
        changes = {}
        for event_id in data.draw(st.lists(ids, max_size=3, unique=True)):
            gone = data.draw(st.booleans())
            event = make_event(id=event_id, title=data.draw(titles), date_start=data.draw(days))
            changes[event_id] = None if gone else event
        now = {event_id: event for event_id, event in (now | changes).items() if event is not None}
        asked = EventQuery(sort=data.draw(sort), limit=data.draw(st.sampled_from([None, 2])))
        carried = carried.with_changes(changes, revision)

        assert carried.page(asked) == Listing(now, revision).page(asked)
        assert list(carried.select(asked)) == list(carried.page(asked).events)
