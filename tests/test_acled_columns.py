"""Events in ACLED's columns: what has a row, and what of it each column holds."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from geoevents.acled_columns import COLUMNS, acled_lines, label_point, left_out
from geoevents.event_types import load_taxonomy
from geoevents.events import Actor, ActorRole, Kind
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.settings import load
from geoevents.times import Occurrence
from tests.strategies import make_event

RING = (((40.0, 36.0), (41.0, 36.0), (41.0, 37.0), (40.0, 37.0), (40.0, 36.0)),)
HORSESHOE = (
    (
        (0.0, 0.0),
        (9.0, 0.0),
        (9.0, 9.0),
        (8.0, 9.0),
        (8.0, 1.0),
        (1.0, 1.0),
        (1.0, 9.0),
        (0.0, 9.0),
        (0.0, 0.0),
    ),
)


def rows_of(*events):
    counts = Counter()
    lines = b"".join(acled_lines(events, load_taxonomy(load({}).taxonomy), lambda code: f"<{code}>", counts))
    return list(csv.DictReader(io.StringIO(lines.decode("utf-8-sig")))), counts


def test_a_battle_is_a_row_that_acleds_programs_know():
    actors = (Actor(name="A", role=ActorRole.SIDE_A), Actor(name="B", role=ActorRole.SIDE_B))
    event = make_event(
        title="=1+1", description=None, event_type="explosions_remote_violence",
        sub_event_type="air_drone_strike",
        date_start=date(2022, 1, 20), date_end=None, geometry=Geometry.point(40.75, 36.5), country_code="SY",
        geo_precision=GeoPrecision.SETTLEMENT, uncertainty_m=3_000, actors=actors, fatalities_best=None,
        civilian_targeting=True, kind=Kind.EVENT, occurrence=Occurrence.ONCE,
    )  # fmt: skip

    (row,), counts = rows_of(event)

    assert tuple(row) == COLUMNS
    assert counts == Counter()
    assert (row["event_date"], row["year"], row["time_precision"]) == ("2022-01-20", "2022", "1")
    assert (row["disorder_type"], row["event_type"], row["sub_event_type"]) == (
        "Political violence",
        "Explosions/Remote violence",
        "Air/drone strike",
    )
    assert (row["actor1"], row["actor2"], row["civilian_targeting"]) == ("A", "B", "Civilian targeting")
    assert (row["country"], row["longitude"], row["latitude"], row["geo_precision"]) == (
        "<SY>",
        "40.75",
        "36.5",
        "1",
    )
    assert (row["fatalities"], row["notes"]) == ("", "'=1+1")


def test_an_area_stands_at_a_point_inside_it_with_code_3():
    event = make_event(geometry=Geometry("Polygon", HORSESHOE), geo_precision=GeoPrecision.DISTRICT)

    (row,), _ = rows_of(event)
    point = label_point(Geometry("Polygon", HORSESHOE))

    assert row["geo_precision"] == "3"
    assert not (1 < point.lon < 8 and point.lat > 1)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": Kind.CONDITION, "occurrence": Occurrence.LASTING}, "condition"),
        ({"geo_precision": GeoPrecision.COUNTRY, "geometry": None}, "country"),
        ({"geo_precision": GeoPrecision.UNLOCATED, "geometry": None}, "unlocated"),
        ({"geo_precision": None, "geometry": None}, "unlocated"),
    ],
)
def test_what_has_no_place_in_these_columns_is_left_out_and_counted(changes, why):
    event = replace(make_event(), **changes)

    rows, counts = rows_of(event)

    assert left_out(event) == why
    assert (rows, counts) == ([], Counter({why: 1}))


def test_what_lasts_is_there_once_and_an_uncertain_day_is_the_middle():
    lasting = make_event(
        id="lasting", date_start=date(2022, 1, 20), date_end=date(2022, 1, 30), occurrence=Occurrence.LASTING
    )
    once = replace(lasting, id="once", occurrence=Occurrence.ONCE)

    rows, _ = rows_of(lasting, once)

    assert [(row["event_date"], row["time_precision"]) for row in rows] == [
        ("2022-01-20", "1"),
        ("2022-01-25", "3"),
    ]
