"""A mask says of every row what EventQuery.matches says of its event, however the event is made."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.events import Kind, Sensitivity, Status, public_view
from geoevents.geojson import feature_line
from geoevents.geometries import Geometry
from geoevents.places import BBox, GeoPrecision, LonLat
from geoevents.queries import EventQuery
from geoevents.regions import Certainty, Circle
from geoevents.searching import Alternative
from geoevents.sources import Source
from geoevents.stores.certainties import certainties
from geoevents.stores.columns import Table
from geoevents.stores.decoding import View
from geoevents.stores.masks import matching
from geoevents.stores.spill import Spill
from geoevents.stores.taking import Lying, Taker
from geoevents.times import Interval, Occurrence
from geoevents.vicinity import Area, Near
from tests.strategies import events, make_event, whole_events

EVERY_STATUS = tuple(Status)
TYPES = ("battles", "protests", "riots")
PLACES = (None, "geonames:173811", "team:abc", "own:x")
SQUARE = Geometry(
    "Polygon", (((-60.0, -30.0), (100.0, -30.0), (100.0, 50.0), (-60.0, 50.0), (-60.0, -30.0)),)
)
ON_BOTH_SIDES = Geometry(
    "MultiPolygon",
    (
        (((100.0, -50.0), (180.0, -50.0), (180.0, 50.0), (100.0, 50.0), (100.0, -50.0)),),
        (((-180.0, -50.0), (-120.0, -50.0), (-180.0, 50.0), (-180.0, -50.0)),),
    ),
)
ALTERNATIVES = (
    Alternative(
        words=("ate", "shot"), names=("At the Gate", "إطلاق"), place_ids=("geonames:173811", "unheard")
    ),
    Alternative(words=("nowhere",), names=("opens", "?"), place_ids=()),
)
NAMES = (None, "Al-Hasakah", "al hasakah", "الحسكة", "Derik", "?!", "")


def rows_of(events, view=View.PUBLIC):
    """The columns of these events, and the numbers of those that are a row."""
    table = Table()
    lines = [feature_line(event) for event in events]
    numbers = np.arange(len(lines))
    Taker(table, view, Spill()).take(lines, Lying(numbers.astype(np.int32), numbers, np.zeros_like(numbers)))
    columns = table.columns()
    return columns, columns.slot.tolist()


def masked(columns, query, event):
    """The mask of columns with a row for an event, or none."""
    shapes = lambda columns, rows: [event.geometry]  # noqa: E731
    return matching(columns, query, lambda asked: certainties(columns, asked, shapes)).tolist()


def shapes_of(events, slots):
    """Gives the shapes of rows, from the events themselves."""
    return lambda columns, rows: [public_view(events[slots[row]]).geometry for row in rows.tolist()]


class Chance(Random):
    """Draws events and questions that often meet: round numbers, few words, every kind of geometry."""

    def degrees(self, most):
        return self.choice((self.uniform(-most, most), self.randint(-most // 10, most // 10) * 10.0))

    def position(self, lon=None):
        return (self.degrees(180) if lon is None else lon, self.degrees(90))

    def ring(self, west, east):
        south, north = sorted((self.degrees(90), self.degrees(90)))
        return ((west, south), (east, south), (east, north), (west, north), (west, south))

    def geometry(self):
        line = tuple(self.position() for _ in range(self.randint(2, 4)))
        ring = self.ring(*sorted((self.degrees(180), self.degrees(180))))
        both_sides = ((self.ring(self.choice((150.0, 175.5)), 180.0),), (self.ring(-180.0, -170.0),))
        return self.choice(
            (
                None,
                Geometry("Point", self.position()),
                Geometry("Point", self.position(self.choice((-180.0, 180.0, 0.0)))),
                Geometry("MultiPoint", line),
                Geometry("LineString", line),
                Geometry("MultiLineString", (line, line[::-1])),
                Geometry("Polygon", (ring,)),
                Geometry("MultiPolygon", ((ring,),)),
                Geometry("MultiPolygon", both_sides),
            )
        )

    def event(self, number):
        start = date(2021, 1, 1) + timedelta(self.randint(0, 60))
        found = {
            "kind": self.choice(tuple(Kind)),
            "event_type": self.choice(TYPES),
            "sub_event_type": self.choice((None, "armed_clash", "arrest")),
            "date_start": start,
            "date_end": self.choice((None, start, start + timedelta(self.randint(0, 30)))),
            "occurrence": self.choice(tuple(Occurrence)),
            "place_id": self.choice(PLACES),
            "country_code": self.choice((None, "SY", "TR")),
            "admin1": self.choice(NAMES),
            "geometry": self.geometry(),
            "geo_precision": self.choice((None, *GeoPrecision)),
            "uncertainty_m": self.choice((None, 100, 25_000)),
            "status": self.choice((Status.PUBLISHED, *Status)),
            "sensitivity": self.choice((Sensitivity.EXACT, *Sensitivity)),
            "match_score": self.choice((None, 0.0, 0.75)),
            "candidates": self.choice((None, (), ({"name": "Amuda"},))),
            "chosen_why": self.choice((None, "", "why")),
            "internal_note": self.choice((None, None, "note")),
            "sources": (Source(publisher="The Daily", confidential=self.random() < 0.1),),
            "title": self.choice(("Shots at the gate", "إطلاق نار", "Gate opens")),
        }
        return make_event(id=f"event-{number}", **found)

    def box(self):
        south, north = sorted((self.degrees(90), self.degrees(90)))
        west, east = self.degrees(180), self.degrees(180)
        point = self.position()
        return self.choice((BBox(west, south, east, north), BBox(*point, *point)))

    def interval(self):
        first, last = sorted(date(2021, 1, 1) + timedelta(self.randint(-10, 100)) for _ in range(2))
        return self.choice((Interval(first, last), Interval(first, None), Interval(None, last)))

    def near(self):
        metres = self.choice((1_000.0, 200_000.0, 1_000_000.0))
        return Near(metres, None, Circle(LonLat(*self.position()), metres))

    def query(self):
        asked = {
            "bbox": self.box(),
            "in_view": self.box(),
            "interval": self.interval(),
            "kind": self.choice(tuple(Kind)),
            "event_types": self.choice((("battles",), ("battles", "riots"), ("unheard",))),
            "sub_event_types": self.choice((("arrest",), ("arrest", "armed_clash"))),
            "q": self.choice(("gate", "ate shot", "اطلاق", "???", "daily nowhere")),
            "place": self.choice(("geonames:173811", "team:abc", "unheard")),
            "country": self.choice(("SY", "IQ")),
            "admin1": self.choice(("AL HASAKAH", "الحسكه", "???", "unheard")),
            "statuses": self.choice(((Status.RETRACTED,), EVERY_STATUS)),
            "near": self.near(),
            "area": Area("area:x", self.choice((SQUARE, ON_BOTH_SIDES))),
            "geo_precisions": self.choice(((GeoPrecision.SITE,), tuple(GeoPrecision)[3:])),
            "located": self.choice((True, False)),
            "certainty": self.choice(tuple(Certainty)),
        }
        taken = self.sample(sorted(asked), self.randint(0, 3))
        found = EventQuery(**{name: asked[name] for name in taken})
        return replace(found, alternatives=ALTERNATIVES) if self.random() < 0.5 else found


@whole_events
@given(events(), st.data())
def test_any_event_is_found_by_exactly_the_questions_that_match_it(event, data):
    view = public_view(event)
    chance = Chance(data.draw(st.integers(0, 2**32)))
    asked = [chance.query() for _ in range(20)]
    asked += [
        EventQuery(place=event.place_id, admin1=event.admin1, statuses=EVERY_STATUS),
        EventQuery(event_types=(event.event_type,), interval=event.interval),
        EventQuery(bbox=event.geometry and event.geometry.bbox, statuses=EVERY_STATUS),
    ]

    columns, rows = rows_of([event])
    whole, _ = rows_of([event], View.WHOLE)

    assert len(rows) == (view is not None)
    for query in (replace(each, q=None) for each in asked):
        assert masked(whole, query, event) == [query.matches(event)]
        assert masked(columns, query, view) == ([query.matches(view)] if view else [])


@pytest.mark.chance
def test_hundreds_of_events_are_found_as_one_by_one(crowd, torture):
    chance = Chance(7)

    for _ in range(60 * torture):
        query = chance.query()
        expected = [view.id for view in crowd.views if query.matches(view)]
        selection = crowd.public.select(query)

        found = [selection.columns.ids[row].decode() for row in selection.rows]
        assert found == expected, query
        assert len(selection) == len(expected)


def test_the_columns_say_what_the_public_view_says():
    chance = Chance(3)
    kept = [chance.event(number) for number in range(500)]

    columns, slots = rows_of(kept)

    assert slots == [n for n, event in enumerate(kept) if public_view(event) is not None]
    for row, slot in enumerate(slots):
        view = public_view(kept[slot])
        said = [
            columns.word(name, row)
            for name in ("kind", "status", "geo_precision", "event_type", "country", "admin1", "place")
        ]
        assert said == [
            view.kind, view.status, view.geo_precision, view.event_type, view.country_code, view.admin1,
            view.place_id,
        ]  # fmt: skip
        assert columns.uncertainty_m[row] == (view.uncertainty_m or -1)
        position = [columns.lon[row], columns.lat[row]]
        is_point = view.geometry is not None and view.geometry.is_point
        assert position == list(view.geometry.coordinates) if is_point else np.isnan(position).all()


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ("170,-20,-170,20", True),
        ("175,-5,179,5", True),
        ("-179,-5,-175,5", True),
        ("-160,-5,160,5", False),
        ("180,0,180,0", True),
        ("-180,0,-180,0", True),
    ],
)
def test_what_lies_on_both_sides_of_180_degrees_is_found_from_either(box, found):
    parts = (
        (((178.0, -1.0), (180.0, -1.0), (180.0, 1.0), (178.0, -1.0)),),
        (((-180.0, -1.0), (-178.0, -1.0), (-180.0, 1.0), (-180.0, -1.0)),),
    )
    event = make_event(geometry=Geometry("MultiPolygon", parts))
    query = EventQuery(bbox=BBox.parse(box))

    columns, _ = rows_of([event])

    assert masked(columns, query, event) == [query.matches(event)] == [found]


def test_what_is_withheld_is_no_word_of_the_columns():
    secret = [
        make_event(id="team", place_id="team:secret", place_label="The blue house"),
        make_event(id="grid", sensitivity=Sensitivity.GRID, place_id="geonames:7", admin1="Secret"),
        make_event(id="draft", status=Status.DRAFT, event_type="secret"),
        make_event(id="hidden", sensitivity=Sensitivity.HIDDEN, country_code="ZZ"),
    ]

    columns, slots = rows_of(secret)

    known = {name: vocabulary.words for name, vocabulary in columns.words.items()}
    assert slots == [0, 1]
    assert json.dumps(known).lower().count("secret") == 0
    assert (known["place"], known["country"], known["event_type"]) == ([], ["SY"], ["battles"])
