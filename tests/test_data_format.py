"""docs/data-format.md says what the code does: the same names, choices, limits and defaults."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from geoevents import record_parts, times
from geoevents.errors import InvalidEvent
from geoevents.event_types import SHAPES, EventType, load_taxonomy
from geoevents.events import (
    AboutRole,
    ActorRole,
    Content,
    Event,
    GeoMethod,
    Kind,
    Sensitivity,
    Status,
    Verification,
    public_view,
)
from geoevents.geojson import MANAGED, MEMBERS, Rules, feature, read_draft
from geoevents.geometries import DEPTHS
from geoevents.geometry_checks import MOST_POSITIONS
from geoevents.jsonio import DEEPEST, LONGEST_INTEGER
from geoevents.places import GeoPrecision
from geoevents.record_forms import SOURCE_FIELDS
from geoevents.record_stored import PROPERTIES
from geoevents.tables import COLUMNS
from geoevents.texts import MOST_MARKS
from geoevents.times import Occurrence
from tests.strategies import make_event
from tests.test_events import marked_event

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "data-format.md").read_text("utf-8")
RULES = Rules(taxonomy=load_taxonomy(ROOT / "data" / "event_types.json"), today=date(2022, 2, 1))
CHOICES = {
    "kind": Kind,
    "occurrence": Occurrence,
    "geo_precision": GeoPrecision,
    "verification": Verification,
    "status": Status,
    "sensitivity": Sensitivity,
}


def table(heading: str) -> dict[str, list[str]]:
    """The first table under a heading: what stands in backticks in its first column, and its other cells."""
    section = re.split(rf"^#+ {re.escape(heading)}$", PAGE, flags=re.MULTILINE)[1]
    section = re.split(r"^#+ ", section, maxsplit=1, flags=re.MULTILINE)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in rows}


def backticked(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def sent(**properties):
    plain = {"title": "A bridge is bombed", "event_type": "battles", "date_start": "2022-01-20"}
    return {"type": "Feature", "geometry": None, "properties": plain | properties}


def fields_refused(**properties) -> set[str | None]:
    try:
        read_draft(sent(**properties), RULES)
    except InvalidEvent as refused:
        return {problem.field for problem in refused.problems}
    return set()


ROWS = table("Properties")


def test_every_property_is_on_the_page_in_the_order_it_is_written():
    assert tuple(ROWS) == PROPERTIES
    assert tuple(feature(make_event())["properties"]) == PROPERTIES


def test_every_property_is_a_field_of_the_event():
    assert {*ROWS, "id", "geometry"} == {each.name for each in fields(Event)}


def test_every_member_is_on_the_page():
    assert set(table("The Feature")) == set(MEMBERS)


@pytest.mark.parametrize("part", ["translations", "about", "actors", "sources", "says"])
def test_every_key_of_a_part_is_on_the_page(part):
    known = record_parts.part_names()

    assert tuple(table(part)) == known["sources.says" if part == "says" else part]


@pytest.mark.parametrize("name", CHOICES)
def test_the_choices_are_those_of_the_code(name):
    assert backticked(ROWS[name][0]) == [each.value for each in CHOICES[name]]


def test_the_methods_and_roles_are_those_of_the_code():
    methods = {each.value for each in GeoMethod if each is not GeoMethod.ONLINE} | {"online:NAME"}

    assert set(backticked(ROWS["geo_method"][0])) == methods
    assert backticked(table("about")["role"][0]) == [each.value for each in AboutRole]
    assert backticked(table("actors")["role"][0]) == [each.value for each in ActorRole]


def test_the_managed_and_the_internal_are_marked():
    assert {name for name, cells in ROWS.items() if "(m)" in cells[0]} == set(MANAGED)
    view = public_view(marked_event(Sensitivity.EXACT))
    assert view is not None
    emptied = {each.name for each in fields(Content) if getattr(view, each.name) is None} - {
        "lang",
        "date_end",
    }
    never_set = {"civilian_targeting", "fatalities_low", "fatalities_best", "fatalities_high", "public_text"}
    assert {name for name, cells in ROWS.items() if "(i)" in cells[0]} == emptied - never_set


@pytest.mark.parametrize(
    "name", [name for name, cells in ROWS.items() if re.fullmatch(r"(\(i\) )?(line|text), [\d,]+", cells[0])]
)
def test_the_length_of_a_text_is_as_said(name):
    most = int(ROWS[name][0].split(", ")[1].replace(",", ""))

    assert f"{name} has" not in " ".join(map(str, problems(**{name: "x" * most})))
    assert f"{name} has {most + 1} characters; {most} are the most" in " ".join(
        map(str, problems(**{name: "x" * (most + 1)}))
    )
    multiline = "text" in ROWS[name][0]
    if name not in ("event_type", "sub_event_type"):
        assert ("\n" in getattr(read_draft(sent(**{name: "a\nb"}), RULES).draft, name)) is multiline


def problems(**properties):
    try:
        read_draft(sent(**properties), RULES)
    except InvalidEvent as refused:
        return refused.problems
    return ()


@pytest.mark.parametrize(
    "name", [name for name, cells in ROWS.items() if re.match(r"whole number, \d", cells[0])]
)
def test_the_range_of_a_number_is_as_said(name):
    least, most = (int(text.replace(",", "")) for text in re.findall(r"[\d,]*\d", ROWS[name][0]))

    assert fields_refused(**{name: least}) == fields_refused(**{name: most}) == set()
    assert fields_refused(**{name: least - 1}) == fields_refused(**{name: most + 1}) == {name}


@pytest.mark.parametrize("part", ["translations", "about", "actors", "sources", "says"])
def test_the_length_of_a_text_in_a_part_is_as_said(part):
    for key, cells in table(part).items():
        if match := re.fullmatch(r"(?:line|text), ([\d,]+)", cells[0]):
            most = int(match[1].replace(",", ""))
            assert too_long(part, key, most) == [], (part, key)
            assert len(too_long(part, key, most + 1)) == 1, (part, key)


def too_long(part, key, count):
    entry = {key: "x" * count}
    values = {
        "translations": {"translations": {"ar": entry}},
        "about": {"about": [entry]},
        "actors": {"actors": [{"name": "x", "role": "side_a"} | entry]},
        "sources": {"sources": [entry]},
        "says": {"sources": [{"publisher": "x", "says": entry}]},
    }
    return [each for each in problems(**values[part]) if "are the most" in str(each)]


@pytest.mark.parametrize("name", [name for name, cells in ROWS.items() if cells[1].startswith("`")])
def test_the_default_is_as_said(name):
    default = json.loads(ROWS[name][1].strip("`"))
    draft = read_draft(sent(), RULES).draft
    written = feature(draft.to_event(now=make_event().created, status=Status.DRAFT))

    assert written["properties"][name] == default


def test_what_is_needed_is_marked():
    needed = {name for name, cells in ROWS.items() if cells[1] == "needed"}

    with pytest.raises(InvalidEvent) as caught:
        read_draft({"type": "Feature", "geometry": None, "properties": {}}, RULES)
    assert {problem.field for problem in caught.value.problems} == needed


def test_the_precisions_and_their_metres_are_as_said():
    rows = table("Where: precision and shapes")

    assert list(rows) == [each.value for each in GeoPrecision]
    for each in GeoPrecision:
        metres = rows[each.value][0].replace(",", "")
        assert (int(metres) if metres else None) == each.default_uncertainty_m
        assert (rows[each.value][1] == "a pin") is each.is_pin


SHAPED = {
    "Point": [40.0, 36.0],
    "MultiPoint": [[40.0, 36.0]],
    "LineString": [[40.0, 36.0], [41.0, 36.0]],
    "MultiLineString": [[[40.0, 36.0], [41.0, 36.0]]],
    "Polygon": [[[40.0, 36.0], [41.0, 36.0], [41.0, 37.0], [40.0, 36.0]]],
    "MultiPolygon": [[[[40.0, 36.0], [41.0, 36.0], [41.0, 37.0], [40.0, 36.0]]]],
}


@pytest.mark.parametrize("precision", [each.value for each in GeoPrecision])
def test_the_shapes_of_a_precision_are_as_said(precision):
    said = table("Where: precision and shapes")[precision][2]

    without = {kind for kind in DEPTHS if not refused(kind, precision)}
    assert without == set(re.findall(r"\w+", said.partition(";")[0])) & set(DEPTHS)
    if ";" in said:
        assert not refused("Point", precision, uncertainty_m=25_000)


def refused(kind, precision, **more) -> bool:
    geometry = {"type": kind, "coordinates": SHAPED[kind]}
    record = sent(geo_precision=precision, **more) | {"geometry": geometry}
    try:
        read_draft(record, RULES)
    except InvalidEvent:
        return True
    return False


@pytest.mark.parametrize("sensitivity", [Sensitivity.GRID, Sensitivity.ADMIN1])
def test_what_is_withheld_is_as_said(sensitivity):
    rows = table("What the public sees")
    said = set(backticked(rows["grid"][1]))
    if sensitivity is Sensitivity.ADMIN1:
        said -= set(backticked(rows["admin1"][0]))
    event = marked_event(sensitivity)
    view = public_view(event)
    assert view is not None

    internal = {name for name, cells in ROWS.items() if "(i)" in cells[0]}
    replaced = {"description", "translations", "sources", "geometry", "geo_precision", "public_text"}
    changed = {each.name for each in fields(Content) if getattr(view, each.name) != getattr(event, each.name)}
    assert changed - internal - replaced == said - replaced


def test_the_numbers_in_the_text_are_those_of_the_code():
    for words in (
        f"at most\n{MOST_POSITIONS:,} positions",
        f"nested at most {DEEPEST} deep",
        f"at most {LONGEST_INTEGER} characters long",
        f"A list has at most {record_parts.MOST_PARTS} entries",
        f"Years run from {times.FIRST_YEAR} to {times.LAST_YEAR}",
        "more than ten combining marks",
    ):
        assert words in PAGE
    assert MOST_MARKS == 10


def test_the_days_on_the_page_are_read():
    section = PAGE.split("## When: the days people write")[1]
    examples = [
        each
        for line in section.splitlines()
        if line.startswith("    ")
        for each in re.split(r" {3,}", line.strip())
    ]

    assert len(examples) == 8
    assert {times.read_day(each) for each in examples} == {date(2022, 1, 20)}


def test_the_columns_and_form_fields_are_on_the_page():
    section = PAGE.split("## Rows: CSV, forms and frames")[1].split("\n## ")[0]

    assert ("id", *PROPERTIES, "source_publisher", "source_url", "lon", "lat", "geometry") == COLUMNS
    assert "then `source_publisher`, `source_url`, `lon`, `lat`, `geometry`" in section
    assert set(SOURCE_FIELDS) == {name for name in backticked(section) if name.startswith("source_")}


def test_the_keys_and_shapes_of_an_event_type_are_on_the_page():
    rows = table("Event types: event_types.json")

    assert set(rows) == {each.name for each in fields(EventType)}
    assert backticked(rows["shape"][0]) == list(SHAPES)


def test_the_example_is_a_feature_we_take():
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None

    assert read_draft(json.loads(example[1]), RULES).draft.event_type == "battles"
