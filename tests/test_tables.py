"""Events as flat rows, and back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from geoevents.errors import BadInput
from geoevents.event_types import load_taxonomy
from geoevents.geojson import Rules, draft_from_fields
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.sources import Source
from geoevents.tables import (
    COLUMNS,
    csv_lines,
    fields_from_row,
    flat_row,
    safe_cell,
    unsafe_cell,
    well_known_text,
)
from tests.strategies import any_text, events, geometries, make_event, sent_events, whole_events

TAXONOMY = load_taxonomy(Path(__file__).parents[1] / "data" / "event_types.json")
RULES = Rules(taxonomy=TAXONOMY, today=date(2022, 2, 1))


def rows_of(events) -> list[dict[str, str]]:
    """What a reader of the CSV sees."""
    text = b"".join(csv_lines(events)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@given(any_text)
def test_a_cell_comes_back_as_it_was(text):
    assert unsafe_cell(safe_cell(text)) == text


@given(any_text)
def test_no_cell_begins_as_a_formula(text):
    assert not safe_cell(text).lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not safe_cell(text).startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''=1", " =1", "\t=1", "-5", "+963", "@x", "＝1"])
def test_what_would_run_gets_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Assault", "'quoted'", "1-2", "'", "a=b"])
def test_what_would_not_is_left_alone(text):
    assert safe_cell(text) == text


@whole_events
@given(events())
def test_a_row_has_every_column_and_only_plain_values(event):
    row = flat_row(event)

    assert tuple(row) == COLUMNS
    assert all(isinstance(cell, (str, int, float, bool, type(None))) for cell in row.values())


@whole_events
@given(sent_events())
def test_what_we_wrote_as_csv_can_be_sent_back_to_us(event):
    (row,) = rows_of([event])

    reading = draft_from_fields(fields_from_row(row), RULES)

    internal = {"match_score": None, "candidates": None, "chosen_by": None, "chosen_why": None}
    assert reading.draft == replace(event.as_draft(), **internal)


def test_a_row_as_a_person_sees_it():
    event = make_event(
        tags=("bridge", "river"),
        civilian_targeting=False,
        fatalities_best=0,
        sources=(Source(publisher="The Daily", url="https://example.org/1"), Source(publisher="B")),
    )

    (row,) = rows_of([event])

    filled = {name: text for name, text in row.items() if text}
    assert filled == {
        "id": "k7dq2m9xwb",
        "kind": "event",
        "title": "Guards and attackers fight at the gate",
        "event_type": "battles",
        "date_start": "2022-01-20",
        "occurrence": "once",
        "place_name": "Hasakah",
        "place_id": "geonames:173811",
        "country_code": "SY",
        "admin1": "Al-Hasakah",
        "geo_precision": "settlement",
        "uncertainty_m": "3000",
        "geo_method": "gazetteer",
        "civilian_targeting": "false",
        "fatalities_best": "0",
        "sources": row["sources"],
        "verification": "unverified",
        "status": "published",
        "sensitivity": "exact",
        "tags": "bridge, river",
        "created": "2022-02-01T12:00:00.000000Z",
        "updated": "2022-02-01T12:00:00.000000Z",
        "version": "1",
        "source_publisher": "The Daily",
        "source_url": "https://example.org/1",
        "lon": "40.74",
        "lat": "36.5",
    }


def test_a_shape_that_is_no_point_has_no_lon_and_lat():
    strip = Geometry("LineString", ((40.5, 36.0), (40.75, 36.5)))

    row = flat_row(make_event(geometry=strip, geo_precision=GeoPrecision.LINE))

    assert (row["lon"], row["lat"], row["geometry"]) == (None, None, "LINESTRING (40.5 36.0, 40.75 36.5)")


def test_a_negative_longitude_is_a_number_and_no_formula():
    (row,) = rows_of([make_event(geometry=Geometry.point(-8.47, 51.9))])

    assert row["lon"] == "-8.47"


def test_a_row_without_a_sources_column_has_one_source():
    row = {
        "title": "'=T",
        "event_type": "battles",
        "date_start": "2022-01-20",
        "source_publisher": "The Daily",
        "sources": "",
        "geometry": "POINT (40.74 36.5)",
    }

    draft = draft_from_fields(fields_from_row(row), RULES).draft

    assert (draft.title, draft.sources) == ("=T", (Source(publisher="The Daily"),))
    assert draft.geometry == Geometry.point(40.74, 36.5)


@given(geometries)
def test_well_known_text_is_read_by_others_as_it_was_meant(geometry):
    from shapely import from_wkt
    from shapely.geometry import mapping

    assert Geometry.from_geojson(mapping(from_wkt(well_known_text(geometry)))) == geometry


def test_what_is_no_well_known_text_is_told():
    with pytest.raises(
        BadInput, match="geometry 'somewhere' is neither well-known text nor GeoJSON"
    ) as caught:
        fields_from_row({"geometry": "somewhere"})

    assert caught.value.field == "geometry"


def test_the_header_stands_even_over_nothing():
    (line,) = csv_lines([])

    assert line == b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n"
