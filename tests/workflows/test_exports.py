"""Letting events out: which of them, to which file, and only what the public may see."""

from __future__ import annotations

import csv
import io
import json

import pytest

from geoevents import workflows
from geoevents.errors import BadInput, GeoEventsError
from geoevents.events import Status
from geoevents.queries import EventQuery
from geoevents.workflows.exports import View, export


@pytest.fixture
def three(backends, make_draft):
    """One public event, one draft, one whose place is withheld."""
    for properties in (
        {"title": "Seen"},
        {"title": "Unfinished", "status": "draft", "internal_note": "ask again"},
        {"title": "Withheld", "sensitivity": "grid", "description": "the yard"},
    ):
        draft = make_draft(place_name="Hasakah", **properties)
        workflows.add(draft, backends, by="amina", on_likeness=workflows.OnLikeness.IGNORE)
    return backends


def features(path):
    return {each["properties"]["title"]: each for each in json.loads(path.read_text("utf-8"))["features"]}


def test_an_export_holds_what_the_public_sees(three, tmp_path):
    page = export(tmp_path / "out.geojson", EventQuery(), three)

    found = features(tmp_path / "out.geojson")
    assert (page.matched, sorted(found)) == (2, ["Seen", "Withheld"])
    assert found["Withheld"]["geometry"]["type"] == "Polygon"
    assert found["Withheld"]["properties"]["description"] is None
    assert found["Seen"]["properties"]["candidates"] is None


def test_the_internal_export_holds_everything_asked_for(three, tmp_path):
    everything = EventQuery(statuses=tuple(Status))

    page = export(tmp_path / "out.geojson", everything, three, view=View.INTERNAL)

    found = features(tmp_path / "out.geojson")
    assert (page.matched, sorted(found)) == (3, ["Seen", "Unfinished", "Withheld"])
    assert found["Withheld"]["geometry"]["type"] == "Point"
    assert found["Unfinished"]["properties"]["internal_note"] == "ask again"


def test_an_export_as_a_table_has_the_same_events(three, tmp_path):
    export(tmp_path / "out.CSV", EventQuery(), three)

    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.CSV").read_text("utf-8-sig"))))
    assert sorted(each["title"] for each in rows) == ["Seen", "Withheld"]


def test_only_what_is_asked_for_is_exported(three, tmp_path):
    page = export(tmp_path / "out.geojson", EventQuery(q="seen"), three)

    assert (page.matched, list(features(tmp_path / "out.geojson"))) == (1, ["Seen"])


def test_another_ending_is_refused_before_anything_is_written(three, tmp_path):
    with pytest.raises(BadInput, match=r"'out\.xlsx' ends in neither"):
        export(tmp_path / "out.xlsx", EventQuery(), three)

    assert not (tmp_path / "out.xlsx").exists()


def test_a_file_that_cannot_be_written_leaves_nothing_behind(three, tmp_path):
    (tmp_path / "out.geojson").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())

    with pytest.raises(GeoEventsError, match="cannot be written"):
        export(tmp_path / "out.geojson", EventQuery(), three)

    assert sorted(path.name for path in tmp_path.iterdir()) == before
