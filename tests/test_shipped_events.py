"""The events that are shipped: valid, placed, sourced, and no pin for what is no place."""

from __future__ import annotations

import json

import pytest

from geoevents.events import Kind, Status
from geoevents.geojson import Rules, event_from_feature, feature_line, read_draft
from geoevents.places import GeoPrecision
from geoevents.queries import EventQuery
from geoevents.settings import load
from geoevents.stores.checking import check
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from tests.shipped import shipped_collection

CROSSING = "geoevents:crossing-yarubiyah-rabia"
REPORT = "https://npasyria.com/en/71923/"


@pytest.fixture(scope="module")
def features():
    return json.loads(shipped_collection())["features"]


@pytest.fixture(scope="module")
def events(features):
    return {event.id: event for event in map(event_from_feature, features)}


@pytest.fixture(scope="module")
def gazetteer():
    from geoevents.bootstrap import open_gazetteer

    return open_gazetteer(load({}))


def test_the_file_is_one_feature_a_line_as_the_store_writes_it(events):
    lines = shipped_collection().splitlines()

    assert lines[0] == b'{"type":"FeatureCollection","features":['
    assert lines[-1] == b'],"geoevents":{"format":1,"revision":5}}'
    assert [line.rstrip(b",") for line in lines[1:-1]] == [feature_line(event) for event in events.values()]


def test_a_store_opens_on_it_and_leaves_it_as_it_is(events, tmp_path):
    (tmp_path / "events.geojson").write_bytes(shipped_collection())

    store = GeoJSONStore.open(tmp_path / "events.geojson")

    assert list(store.events()) == list(events.values())
    assert store.banner() == ()
    assert (tmp_path / "events.geojson").read_bytes() == shipped_collection()
    assert [each for each in check(tmp_path / "events.geojson") if each.level != "ok"] == []


def test_every_event_would_be_taken_from_outside_too(features):
    from geoevents.event_types import load_taxonomy

    settings = load({})
    rules = Rules(
        taxonomy=load_taxonomy(settings.taxonomy), today=event_from_feature(features[0]).created.date()
    )

    assert [read_draft(feature, rules).warnings for feature in features] == [()] * 5


def test_all_are_published_and_seen_by_anybody(tmp_path, events):
    (tmp_path / "events.geojson").write_bytes(shipped_collection())
    reader = PublicReader(GeoJSONStore.open(tmp_path / "events.geojson"))

    assert {event.id for event in reader.events(EventQuery())} == set(events)
    assert {event.status for event in events.values()} == {Status.PUBLISHED}


def test_the_report_is_coded_as_an_assault_a_statement_and_three_conditions(events):
    coded = {
        (event.kind, event.event_type, event.sub_event_type, event.place_id, str(event.interval))
        for event in events.values()
    }

    assert coded == {
        (Kind.EVENT, "battles", "armed_clash", "geoevents:prison-al-sinaa", "2022-01-20/2022-01-30"),
        (Kind.EVENT, "statements", "press_conference", "geonames:173811", "2022-01-25/2022-02-01"),
        (Kind.CONDITION, "humanitarian_access", "crossing_closed", CROSSING, "2020-01-10/.."),
        (Kind.CONDITION, "territorial_control", None, "area:turkish-held@2019-10", "2019-10-22/.."),
        (Kind.CONDITION, "humanitarian_access", "aid_blocked", "area:aanes@2019-10", "2020-01-10/.."),
    }  # fmt: skip


def test_every_place_is_known_and_every_point_stands_where_its_place_is(events, gazetteer):
    for event in events.values():
        place = gazetteer.get(event.place_id)
        assert (event.geo_precision, event.country_code) == (place.geo_precision, "SY")
        if event.geometry.is_point:
            assert event.geometry.coordinates == pytest.approx((place.lon, place.lat), abs=0.02)
        else:
            assert event.geometry.bbox.contains(place.position)


def test_areas_carry_their_own_outline(events):
    areas = [event for event in events.values() if event.geo_precision is GeoPrecision.AREA]

    assert {event.geometry.type for event in areas} <= {"Polygon", "MultiPolygon"}
    assert [(event.geo_method, event.admin1) for event in areas] == [("area", None)] * 2


def test_the_statement_speaks_of_the_crossing_the_camps_the_prison_and_the_areas(events, gazetteer):
    statement = next(event for event in events.values() if event.event_type == "statements")
    kinds = {gazetteer.get(about.place_id).kind for about in statement.about if about.place_id}

    assert kinds == {"prison", "crossing", "camp", "area"}
    assert all(about.position for about in statement.about if about.place_id)
    assert all(about.place_label for about in statement.about)


def test_countries_coalitions_and_demands_get_no_pin(events, gazetteer):
    places = {event.place_id for event in events.values()}
    places |= {about.place_id for event in events.values() for about in event.about if about.place_id}

    assert "country" not in {gazetteer.get(place_id).kind for place_id in places}
    assert GeoPrecision.COUNTRY not in {event.geo_precision for event in events.values()}


def test_every_event_quotes_the_report_and_has_another_source(events):
    for event in events.values():
        assert event.sources[0].url == REPORT
        assert 20 < len(event.sources[0].quote) < 200
        assert len(event.sources) > 1
        assert all(source.publisher and source.url.startswith("https://") for source in event.sources)


def test_every_event_can_be_read_in_english_and_in_arabic(events):
    for event in events.values():
        arabic = next(each for each in event.translations if each.lang == "ar")
        assert event.lang == "en"
        assert event.title != arabic.title
        assert event.description != arabic.description
        assert any("\u0600" <= letter <= "\u06ff" for letter in arabic.title + arabic.description)
