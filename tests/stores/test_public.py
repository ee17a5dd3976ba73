"""The public reader shows what anybody may see, and nothing else, in no way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.errors import EventNotFound
from geoevents.events import About, Sensitivity, Status, public_view
from geoevents.geojson import feature_line
from geoevents.geometries import Geometry
from geoevents.places import BBox
from geoevents.queries import EventQuery
from geoevents.sources import Source
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from tests.strategies import NOW, events, examples, make_event

EVERY_STATUS = EventQuery(statuses=tuple(Status))
NOT_PUBLIC = [
    pytest.param({"status": Status.DRAFT}, id="draft"),
    pytest.param({"status": Status.IN_REVIEW}, id="in review"),
    pytest.param({"status": Status.MERGED}, id="merged"),
    pytest.param({"sensitivity": Sensitivity.HIDDEN}, id="hidden"),
    pytest.param({"sensitivity": Sensitivity.HIDDEN, "status": Status.RETRACTED}, id="hidden and retracted"),
]


@pytest.fixture
def store(tmp_path):
    return GeoJSONStore.open(tmp_path / "events.geojson")


@pytest.fixture
def public(store):
    return PublicReader(store)


@pytest.mark.parametrize("made", NOT_PUBLIC)
def test_what_is_not_public_is_not_there_in_any_answer(store, public, made):
    store.append(make_event(id="shown"), by="ana", why=None)
    store.append(make_event(id="secret", **made), by="ana", why=None)

    with pytest.raises(EventNotFound) as refused:
        public.get("secret")
    with pytest.raises(EventNotFound) as unknown:
        public.get("nobody")
    with pytest.raises(EventNotFound):
        public.feature("secret")

    assert str(refused.value).replace("secret", "nobody") == str(unknown.value)
    assert (public.find(EVERY_STATUS).matched, public.revision) == (1, 1)
    assert [event.id for event in public.events(EVERY_STATUS)] == ["shown"]
    assert b"secret" not in b"".join(public.features(EVERY_STATUS))


@pytest.mark.parametrize("made", NOT_PUBLIC)
def test_what_stops_being_public_is_gone_at_once(store, public, made):
    event = store.append(make_event(), by="ana", why=None)
    assert public.get(event.id) == event
    assert list(public.features(EventQuery())) == [feature_line(event)]

    store.replace(make_event(**made), expected_version=1, by="ana", why=None)

    assert public.find(EVERY_STATUS).events == []
    assert list(public.features(EVERY_STATUS)) == []
    assert public.revision == 2


def test_a_retracted_event_stays_with_its_reason(store, public):
    event = store.append(make_event(), by="ana", why=None)
    retracted = event.with_status(Status.RETRACTED, reason="Another town", now=NOW)

    store.replace(retracted, expected_version=1, by="ana", why=None, op="retract")

    assert public.get(event.id).status_reason == "Another town"
    assert json.loads(public.feature(event.id))["properties"]["status"] == "retracted"
    assert public.find(EventQuery()).matched == 1


def test_filters_orders_and_counts_see_the_public_view_only(store, public):
    exact = Geometry.point(40.74321, 36.51234)
    secret = {
        "sensitivity": Sensitivity.GRID,
        "geometry": exact,
        "description": "at the blue gate",
        "internal_note": "from the baker",
    }
    store.append(make_event(**secret), by="ana", why=None)
    beside = BBox(40.745, 36.51, 40.75, 36.52)

    def matched(**asked):
        return public.find(EventQuery(**asked)).matched

    assert matched(q="blue gate") == matched(q="baker") == matched(q="Hasakah") == 0
    assert matched(place="geonames:173811") == matched(country="SY") == matched(admin1="Al-Hasakah") == 0
    assert matched(bbox=beside) == matched(bbox=BBox(40.74, 36.51, 40.744, 36.513)) == 1
    assert matched(q="guards") == 1


def test_what_is_internal_never_leaves(store, public):
    kept = make_event(
        internal_note="NOTE-7",
        chosen_by="CHOSEN-7",
        chosen_why="WHY-7",
        match_score=0.77,
        candidates=({"name": "CANDIDATE-7"},),
        sources=(
            Source(publisher="SECRET-7", confidential=True),
            Source(publisher="P", report_id="REPORT-7"),
        ),
    )
    store.append(kept, by="BY-7", why="REASON-7")

    for bytes_out in (public.feature(kept.id), b"".join(public.features(EVERY_STATUS))):
        assert b"-7" not in bytes_out
        assert json.loads(bytes_out)["properties"]["match_score"] is None


@pytest.mark.parametrize("place_id", ["team:abc", "near:team:abc", "between:geonames:173811,team:abc"])
def test_a_place_of_the_teams_own_is_withheld_wherever_its_id_stands(store, public, place_id):
    ours = {"place_id": place_id, "place_label": "Near the safe house"}
    kept = [make_event(id="here", **ours), make_event(id="about", about=(About(**ours),))]

    store.append_all(kept, by="ana", why=None)

    lines = list(public.features(EVERY_STATUS))
    assert lines == [feature_line(public_view(event)) for event in kept]
    for bytes_out in (b"".join(lines), b"".join(public.chunks(EventQuery()))):
        assert b"team:abc" not in bytes_out
        assert b"safe house" not in bytes_out
    assert public.find(EventQuery(q="safe house")).matched == 0


def test_the_revision_stays_while_drafts_are_written(store, public):
    store.append(make_event(id="shown"), by="ana", why=None)
    before = (public.revision, list(public.features(EVERY_STATUS)))

    store.append(make_event(id="draft", status=Status.DRAFT), by="ana", why=None)
    store.replace(make_event(id="draft", status=Status.IN_REVIEW), expected_version=1, by="ana", why=None)

    assert (public.revision, list(public.features(EVERY_STATUS))) == before
    assert public.find(EventQuery()).revision == before[0]


def test_a_walk_goes_on_with_what_it_began_with(store, public):
    store.append_all([make_event(id=f"event-{n}") for n in range(3)], by="ana", why=None)

    walk = public.features(EventQuery(sort="date"))
    first = next(walk)
    store.replace(make_event(id="event-2", status=Status.DRAFT), expected_version=1, by="ana", why=None)

    assert [json.loads(line)["id"] for line in (first, *walk)] == ["event-0", "event-1", "event-2"]
    assert public.find(EventQuery()).matched == 2


def test_it_follows_what_another_process_writes(tmp_path, public):
    beside = GeoJSONStore.open(tmp_path / "events.geojson")

    event = beside.append(make_event(), by="bo", why=None)
    assert public.get(event.id) == event
    changed = beside.replace(make_event(title="New"), expected_version=1, by="bo", why=None)

    assert public.get(event.id) == changed
    assert json.loads(public.feature(event.id))["properties"]["title"] == "New"


def test_readers_hear_nothing_of_what_the_keeper_must_know(tmp_path):
    path = tmp_path / "events.geojson"
    GeoJSONStore.open(path).append(make_event(), by="ana", why=None)
    path.write_bytes(b"no collection any more")

    store = GeoJSONStore.open(path)

    assert "outside" in str(store.banner()[0])
    assert PublicReader(store).banner() == ()


@examples(40)
@given(st.lists(st.tuples(events(), events()), max_size=4))
@pytest.mark.slow
def test_following_a_store_shows_what_reading_it_anew_would(tmp_path_factory, pairs):
    store = GeoJSONStore.open(tmp_path_factory.mktemp("store") / "events.geojson")
    public = PublicReader(store)
    revisions = [public.revision]
    shown = [list(public.features(EVERY_STATUS))]

    for n, (first, then) in enumerate(pairs):
        kept = store.append(replace(first, id=f"event-{n}"), by="ana", why=None)
        revisions.append(public.revision)
        shown.append(list(public.features(EVERY_STATUS)))
        store.replace(replace(then, id=kept.id), expected_version=kept.version, by="ana", why=None)
        revisions.append(public.revision)
        shown.append(list(public.features(EVERY_STATUS)))

    anew = PublicReader(store)
    assert shown[-1] == list(anew.features(EVERY_STATUS))
    assert sorted(shown[-1]) == sorted(
        feature_line(view) for event in store.events() if (view := public_view(event)) is not None
    )
    assert (anew.revision, anew.find(EVERY_STATUS)) == (public.revision, public.find(EVERY_STATUS))
    moved = [one != other for one, other in pairwise(shown)]
    assert moved == [one != other for one, other in pairwise(revisions)]
    assert revisions == sorted(revisions)


def test_updates_are_found_in_order_under_a_clock_that_jumps(store, public):
    event = store.append(make_event(), by="ana", why=None)
    later = store.append(make_event(id="later", updated=NOW + timedelta(hours=1)), by="ana", why=None)

    store.replace(replace(event, updated=NOW - timedelta(days=1)), expected_version=1, by="ana", why=None)

    assert [each.id for each in public.find(EventQuery(sort="-updated")).events] == [later.id, event.id]
    assert public.get(event.id).updated == NOW
