"""What every store promises. A backend passes by a subclass with a fixture `reopen`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from geoevents.errors import EventChanged, EventExists, EventNotFound
from geoevents.events import Event, Sensitivity, Status
from geoevents.geometries import Geometry
from geoevents.queries import EventQuery
from geoevents.stores import EventStore
from tests.strategies import NOW, PAYLOADS, make_event

Reopen = Callable[[], EventStore]
EVERY_STATUS = EventQuery(statuses=tuple(Status))


class StoreContract:
    """`reopen()` opens the same store once more, as another process would; the first time it is empty."""

    @pytest.fixture
    def reopen(self) -> Reopen:
        raise NotImplementedError

    @pytest.fixture
    def store(self, reopen: Reopen) -> EventStore:
        return reopen()

    def test_a_new_store_is_empty(self, store):
        assert list(store.events()) == []
        assert (store.revision, store.public_revision) == (0, 0)
        assert store.find(EVERY_STATUS).matched == 0

    def test_an_added_event_is_there_for_whoever_opens_next(self, store, reopen):
        event = make_event()

        assert store.append(event, by="ana", why=None) == event

        assert reopen().get(event.id) == event
        assert list(reopen().events()) == [event]

    def test_hostile_words_come_back_as_they_went_in(self, store, reopen):
        events = [
            make_event(id=f"payload-{n}", title=text, tags=(text, "\u2028", "line\nbreak"))
            for n, text in enumerate(PAYLOADS)
        ]

        store.append_all(events, by='a","feature":{}', why="\n\u2028\x00")

        assert list(reopen().events()) == events
        assert reopen().history("payload-0")[0].why == "\n\u2028\x00"

    def test_an_unknown_id_is_not_found(self, store):
        with pytest.raises(EventNotFound):
            store.get("nobody-here")
        with pytest.raises(EventNotFound):
            store.history("nobody-here")
        with pytest.raises(EventNotFound):
            store.replace(make_event(id="nobody-here"), expected_version=1, by="ana", why=None)

    def test_an_id_is_taken_once(self, store, reopen):
        store.append(make_event(), by="ana", why=None)

        with pytest.raises(EventExists):
            reopen().append(make_event(title="Another"), by="bo", why=None)

        assert [event.title for event in store.events()] == [make_event().title]

    def test_a_batch_is_kept_whole_or_not_at_all(self, store, reopen):
        store.append(make_event(id="taken"), by="ana", why=None)

        with pytest.raises(EventExists):
            store.append_all([make_event(id="free"), make_event(id="taken")], by="ana", why=None)
        with pytest.raises(EventExists):
            store.append_all([make_event(id="twice"), make_event(id="twice")], by="ana", why=None)
        store.append_all([], by="ana", why=None)

        assert [event.id for event in reopen().events()] == ["taken"]
        assert store.revision == reopen().revision == 1

    def test_a_replaced_event_is_the_next_version_in_the_same_place(self, store, reopen):
        store.append_all([make_event(id="first"), make_event(id="second")], by="ana", why=None)

        changed = store.replace(make_event(id="first", title="New"), expected_version=1, by="bo", why="typo")

        assert (changed.version, changed.title) == (2, "New")
        assert list(reopen().events()) == [changed, make_event(id="second")]

    def test_F6_the_second_of_two_edits_is_refused_and_told_what_is_there(self, store, reopen):
        store.append(make_event(), by="ana", why=None)
        beside = reopen()
        first = store.replace(make_event(title="First"), expected_version=1, by="ana", why=None)

        with pytest.raises(EventChanged) as refused:
            beside.replace(make_event(title="Second"), expected_version=1, by="bo", why=None)

        assert refused.value.current == first
        assert beside.get(first.id) == store.get(first.id) == first

    def test_history_tells_every_version_with_who_and_why(self, store, reopen):
        event = store.append(make_event(), by="ana", why=None)
        store.append(make_event(id="another"), by="cem", why=None)
        edited = store.replace(make_event(title="New"), expected_version=1, by="bo", why="a typo")
        gone = store.replace(
            replace(edited, status=Status.RETRACTED), expected_version=2, by="ana", why="ours", op="retract"
        )

        for told in (store.history(event.id), reopen().history(event.id)):
            assert [(each.revision, each.by, each.why, each.op) for each in told] == [
                (1, "ana", None, "add"),
                (3, "bo", "a typo", "edit"),
                (4, "ana", "ours", "retract"),
            ]
            assert [each.event for each in told] == [event, edited, gone]

    def test_two_who_share_a_store_see_what_the_other_does(self, store, reopen):
        beside = reopen()

        event = store.append(make_event(), by="ana", why=None)
        assert beside.get(event.id) == event
        changed = beside.replace(make_event(title="New"), expected_version=1, by="bo", why=None)
        beside.append(make_event(id="another"), by="bo", why=None)

        assert store.get(event.id) == changed
        assert [each.id for each in store.events()] == [event.id, "another"]
        assert (store.revision, store.public_revision) == (beside.revision, beside.public_revision) == (3, 3)

    def test_a_walk_through_the_events_is_not_disturbed_by_writing(self, store):
        store.append_all([make_event(id=f"event-{n}") for n in range(3)], by="ana", why=None)

        walk = store.events()
        first = next(walk)
        store.append(make_event(id="event-3"), by="ana", why=None)
        store.replace(make_event(id="event-2", title="New"), expected_version=1, by="ana", why=None)

        assert [first, *walk] == [make_event(id=f"event-{n}") for n in range(3)]

    def test_find_looks_at_whole_events_drafts_too(self, store):
        hidden = make_event(id="hidden", sensitivity=Sensitivity.HIDDEN)
        draft = make_event(id="draft", status=Status.DRAFT, date_start=date(2022, 1, 21))
        store.append_all([hidden, draft], by="ana", why=None)

        assert store.find(EVERY_STATUS).events == [draft, hidden]
        assert store.find(EventQuery()).events == [hidden]
        store.replace(replace(draft, status=Status.PUBLISHED), expected_version=1, by="ana", why=None)
        page = store.find(EventQuery(sort="date"))

        assert ([event.id for event in page.events], page.matched, page.revision) == (
            ["hidden", "draft"],
            2,
            3,
        )

    def test_changes_are_what_was_written_since(self, store, reopen):
        beside = reopen()
        store.append_all([make_event(id=f"event-{n}") for n in range(3)], by="ana", why=None)
        store.replace(make_event(id="event-0", title="New"), expected_version=1, by="ana", why=None)
        beside.refresh()

        for each in (store, beside):
            since = each.changes(2)
            assert (since.whole, since.revision, since.public_revision) == (False, 4, 4)
            assert sorted(kept.id for kept in since.kept) == ["event-0", "event-2"]
            assert list(each.changes(4).kept) == []
            everything = each.changes(None)
            assert everything.whole
            assert [
                (kept.id, kept.slot, json.loads(kept.line)["properties"]["version"])
                for kept in everything.kept
            ] == [
                ("event-0", 0, 2),
                ("event-1", 1, 1),
                ("event-2", 2, 1),
            ]
        assert reopen().changes(1).whole or reopen().changes(1).count == 3

    @pytest.mark.parametrize(
        ("before", "after", "shows"),
        [
            pytest.param(None, {}, True, id="a published event"),
            pytest.param(None, {"status": Status.DRAFT}, False, id="a draft"),
            pytest.param(None, {"sensitivity": Sensitivity.HIDDEN}, False, id="a hidden event"),
            pytest.param(
                {"status": Status.DRAFT}, {"status": Status.IN_REVIEW}, False, id="a draft moves on"
            ),
            pytest.param({"status": Status.DRAFT}, {}, True, id="a draft is published"),
            pytest.param({}, {"status": Status.RETRACTED}, True, id="a retraction"),
            pytest.param({}, {"sensitivity": Sensitivity.HIDDEN}, True, id="it is hidden"),
            pytest.param(
                {"sensitivity": Sensitivity.HIDDEN},
                {"sensitivity": Sensitivity.HIDDEN, "title": "New"},
                False,
                id="a hidden event is edited",
            ),
        ],
    )
    def test_the_public_revision_moves_when_public_bytes_move(self, store, reopen, before, after, shows):
        store.append(make_event(id="first"), by="ana", why=None)
        if before is not None:
            store.append(make_event(**before), by="ana", why=None)
        revision = store.public_revision

        if before is None:
            store.append(make_event(**after), by="ana", why=None)
        else:
            store.replace(make_event(**after), expected_version=1, by="ana", why=None)

        assert store.public_revision == revision + shows
        assert reopen().public_revision == store.public_revision

    def test_the_public_revision_does_not_tell_how_much_is_hidden(self, store, reopen):
        beside = reopen()
        store.append(make_event(id="first"), by="ana", why=None)
        hidden = [make_event(id=f"hidden-{n}", sensitivity=Sensitivity.HIDDEN) for n in range(12)]
        store.append_all(hidden, by="ana", why=None)
        store.append(make_event(id="second"), by="ana", why=None)
        beside.refresh()

        assert [each.public_revision for each in (store, beside, reopen())] == [2, 2, 2]
        assert store.changes(None).public_revision == 2
        assert store.revision == 14

    def test_F7_order_and_versions_are_right_whatever_the_clock_says(self, store, reopen):
        late, early = NOW + timedelta(days=3650), NOW - timedelta(days=1)
        event = store.append(_at(make_event(), NOW), by="ana", why=None)
        in_ten_years = store.replace(_at(event, late), expected_version=1, by="ana", why=None)
        a_day_back = store.replace(_at(in_ten_years, early), expected_version=2, by="ana", why=None)
        store.append(_at(make_event(id="early"), early), by="ana", why=None)

        opened = reopen()
        told = opened.history(event.id)

        assert [each.event.version for each in told] == [1, 2, 3]
        assert [each.event.updated for each in told] == [NOW, late, late]
        assert {each.event.created for each in told} == {NOW}
        assert [each.revision for each in told] == [1, 2, 3]
        assert opened.get(event.id) == a_day_back
        assert [each.id for each in opened.events()] == [event.id, "early"]

    def test_any_geometry_comes_back(self, store, reopen):
        ring = ((40.0, 36.0), (41.0, 36.0), (41.0, 37.0), (40.0, 36.0))
        area = make_event(geometry=Geometry("MultiPolygon", ((ring,), (ring,))))

        store.append(area, by="ana", why=None)

        assert reopen().get(area.id).geometry == area.geometry


def _at(event: Event, moment) -> Event:
    return replace(event, updated=moment)
