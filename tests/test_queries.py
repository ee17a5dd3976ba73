"""The one query string, and which events it asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.errors import InvalidQuery
from geoevents.event_types import Taxonomy, load_taxonomy
from geoevents.events import Actor, ActorRole, Kind, Status, Translation
from geoevents.geometries import Geometry
from geoevents.places import BBox, GeoPrecision, LonLat
from geoevents.queries import EventQuery, parameter_names
from geoevents.regions import Certainty, Circle
from geoevents.sources import Source
from geoevents.times import Interval, Occurrence
from geoevents.vicinity import Area, Near
from tests.strategies import make_event

EVERYTHING = (
    "bbox=35.6,32.3,42.4,37.4&in_view=40,36,41,37&datetime=2022-01-20/..&kind=event&event_type=battles&event_type=protests"
    "&sub_event_type=armed_clash&q=gate+%26+wall&place=geonames:173811&country=SY&admin1=Al-Hasakah"
    "&near=40.74,36.5;25km&area=area:peace-spring@2019-10&geo_precision=site&geo_precision=near"
    "&located=yes&certainty=possibly"
    "&status=draft&status=published&lang=ar&limit=50&after=abc_-&sort=title"
)


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy(Path(__file__).parents[1] / "data" / "event_types.json")


def parse(text: str) -> EventQuery:
    return EventQuery.parse(parse_qsl(text, keep_blank_values=True))


def fault_of(text: str) -> InvalidQuery:
    with pytest.raises(InvalidQuery) as caught:
        parse(text)
    return caught.value


def test_every_parameter_is_read():
    assert parse(EVERYTHING) == EventQuery(
        bbox=BBox(35.6, 32.3, 42.4, 37.4),
        in_view=BBox(40, 36, 41, 37),
        interval=Interval(date(2022, 1, 20), None),
        kind=Kind.EVENT,
        event_types=("battles", "protests"),
        sub_event_types=("armed_clash",),
        q="gate & wall",
        place="geonames:173811",
        country="SY",
        admin1="Al-Hasakah",
        near=Near(25_000, None, Circle(LonLat(40.74, 36.5), 25_000)),
        area=Area("area:peace-spring@2019-10"),
        geo_precisions=(GeoPrecision.SITE, GeoPrecision.NEAR),
        located=True,
        certainty=Certainty.POSSIBLY,
        statuses=(Status.DRAFT, Status.PUBLISHED),
        lang="ar",
        limit=50,
        after="abc_-",
        sort="title",
    )
    assert {name for name, _ in parse_qsl(EVERYTHING)} == set(parameter_names())


def test_the_canonical_string_means_the_same_and_is_its_own():
    canonical = parse(EVERYTHING).canonical()

    assert parse(canonical) == parse(EVERYTHING)
    assert parse(canonical).canonical() == canonical


@given(st.permutations(parse_qsl(EVERYTHING)))
def test_the_order_of_the_question_does_not_matter(pairs):
    assert EventQuery.parse(pairs).canonical() == parse(EVERYTHING).canonical()


@pytest.mark.parametrize(
    "text", ["", "q=", "bbox=&limit=&event_type=&status=", "q=%20", "q=%E2%80%8B", "sort=-date"]
)
def test_empty_equals_absent_and_a_default_is_not_written(text):
    assert parse(text) == EventQuery()
    assert parse(text).canonical() == ""


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=0,91,1,92", "bbox"),
        ("bbox=0,5,1,4", "bbox"),
        ("bbox=nan,0,1,1", "bbox"),
        ("bbox=%D9%A1,0,1,1", "bbox"),
        ("limit=-1", "limit"),
        ("limit=0", "limit"),
        ("limit=1e9", "limit"),
        ("limit=10001", "limit"),
        ("limit=" + "9" * 5_000, "limit"),
        ("limit=%D9%A2", "limit"),
        ("limit=1.0", "limit"),
        ("datetime=soon", "datetime"),
        ("datetime=../..", "datetime"),
        ("datetime=2022-02-01/2022-01-01", "datetime"),
        ("kind=wedding", "kind"),
        ("status=open", "status"),
        ("status=published&status=open", "status"),
        ("country=Syria", "country"),
        ("country=%C3%9F", "country"),
        ("country=S%C4%B1", "country"),
        ("lang=e", "lang"),
        ("lang=../x", "lang"),
        ("sort=-title", "sort"),
        ("after=%00", "after"),
        ("q=a%00b", "q"),
        ("q=" + "x" * 501, "q"),
        ("event_type=battles&event_type=a%07", "event_type"),
        ("admin1=" + "x" * 501, "admin1"),
        ("q=a&q=b", "q"),
        ("near=40,36", "near"),
        ("near=40,36;25", "near"),
        ("near=40,36;0km", "near"),
        ("near=40,36;-1km", "near"),
        ("near=40,36;1001km", "near"),
        ("near=40,36;%D9%A2km", "near"),
        ("near=200,36;25km", "near"),
        ("near=Hasakah;25km", "near"),
        ("near=;25km", "near"),
        ("near=40,36;25km&near=41,36;25km", "near"),
        ("area=Hasakah", "area"),
        ("area=x:" + "x" * 300, "area"),
        ("located=maybe", "located"),
        ("certainty=surely&certainty=possibly", "certainty"),
        ("certainty=likely", "certainty"),
        ("geo_precision=exact", "geo_precision"),
        ("distance=25km", "distance"),
        ("__proto__=1", "__proto__"),
        ("=1", ""),
    ],
)
def test_a_bad_value_is_named(text, field):
    assert fault_of(text).field == field


def test_an_unknown_parameter_is_told_what_there_is():
    assert str(fault_of("colour=red")).startswith(
        "'colour' is not a parameter here. There are: bbox, datetime,"
    )


EVENT = make_event(
    translations=(Translation(lang="ar", title="هجوم على السجن", description="في الحَسَكة"),),
    actors=(Actor(name="Town guards", role=ActorRole.SIDE_A),),
    sources=(
        Source(publisher="The Daily", said_by="A Spokesperson", title="Gate", quote="They came at night"),
    ),
    tags=("nightly",),
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bbox=40,36,41,37",
        "bbox=40.74,36.5,40.74,36.5",
        "bbox=170,30,41,37",
        "datetime=2022-01-20",
        "datetime=../2022-01-20",
        "datetime=2022-01-20/2022-01-27",
        "kind=event",
        "event_type=protests&event_type=battles",
        "q=GATE guards",
        "q=daily",
        "q=spokesperson night",
        "q=الحسكه",
        "q=nightly",
        "q=hasakah",
        "place=geonames:173811",
        "country=sy",
        "admin1=al hasakah",
        "status=published",
    ],
)
def test_what_is_asked_for_is_found(text):
    assert parse(text).matches(EVENT)


@pytest.mark.parametrize(
    "text",
    [
        "bbox=41,36,42,37",
        "datetime=2022-01-21/..",
        "datetime=../2022-01-19",
        "kind=condition",
        "event_type=protests",
        "sub_event_type=armed_clash",
        "q=gate+wedding",
        "q=%3F%3F%3F",
        "place=geonames:1",
        "country=IQ",
        "admin1=Raqqa",
        "status=retracted",
    ],
)
def test_what_is_not_asked_for_is_not(text):
    assert not parse(text).matches(EVENT)


def test_an_event_without_a_place_is_in_no_box():
    assert not parse("bbox=-180,-90,180,90").matches(make_event(geometry=None))


def test_an_area_is_in_every_box_it_meets():
    strip = Geometry("Polygon", (((38.0, 36.7), (42.0, 36.7), (42.0, 37.0), (38.0, 36.7)),))

    assert parse("bbox=41,36.8,41.1,36.9").matches(make_event(geometry=strip))


def test_what_still_lasts_is_found_on_any_later_day():
    closed = make_event(occurrence=Occurrence.LASTING)

    assert parse("datetime=2030-01-01").matches(closed)
    assert not parse("datetime=2022-01-19").matches(closed)


@pytest.mark.parametrize(
    ("question", "field"), [("event_type=batles", "event_type"), ("sub_event_type=battles", "sub_event_type")]
)
def test_a_type_that_the_taxonomy_has_not_is_named_and_not_simply_never_found(taxonomy, question, field):
    query = EventQuery.parse(parse_qsl(question))

    with pytest.raises(InvalidQuery, match=f"{field} cannot be .* Use one of: ") as caught:
        query.in_terms_of(taxonomy)

    assert caught.value.field == field


def test_a_type_of_the_taxonomy_may_be_asked_for(taxonomy):
    query = EventQuery.parse([("event_type", "battles"), ("sub_event_type", "armed_clash")])

    assert query.in_terms_of(taxonomy) == query


def test_what_a_map_shows_stands_on_it_and_is_as_surely_what_was_asked_for_as_before():
    view = EventQuery.parse([("in_view", "40,36,41,37")])
    at_the_edge = make_event(geometry=Geometry.from_geojson({"type": "Point", "coordinates": [40.999, 36.5]}))
    far = replace(at_the_edge, geometry=Geometry.from_geojson({"type": "Point", "coordinates": [42, 36.5]}))
    country = replace(at_the_edge, geo_precision=GeoPrecision.COUNTRY)

    assert [view.matches(each) for each in (at_the_edge, far, country)] == [True, False, False]
    assert view.certainty_of(replace(at_the_edge, geo_precision=GeoPrecision.NEAR)) is Certainty.SURELY
    assert not view.asks_where_or_when
