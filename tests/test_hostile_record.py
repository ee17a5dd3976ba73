"""Hostile input, as far as reading a record settles it: which fault, which field, which sentence.

Status codes, and that the store's bytes did not change, are held where requests are answered.
"""

from __future__ import annotations

import csv
import io
import json
import time
from datetime import date
from pathlib import Path

import pytest

from geoevents.errors import InvalidEvent, InvalidJSON, NotAnEvent, TooLarge
from geoevents.event_types import load_taxonomy
from geoevents.geojson import (
    Reading,
    Rules,
    draft_from_fields,
    event_from_feature,
    feature_line,
    read_draft,
    read_import,
)
from geoevents.geometries import Geometry
from geoevents.geometry_checks import check_not_swapped
from geoevents.jsonio import read_json
from geoevents.places import BBox, LonLat
from geoevents.tables import csv_lines, fields_from_row
from tests.strategies import PAYLOADS, make_event

TAXONOMY = load_taxonomy(Path(__file__).parents[1] / "data" / "event_types.json")
RULES = Rules(taxonomy=TAXONOMY, today=date(2026, 11, 22))
PLAIN = {"title": "A bridge is bombed", "event_type": "battles", "date_start": "2022-01-20"}
POINT = {"type": "Point", "coordinates": [40.74, 36.5]}


def body(geometry=POINT, /, **properties) -> bytes:
    record = {"type": "Feature", "geometry": geometry, "properties": PLAIN | properties}
    return json.dumps(record).encode()


def take(data: bytes) -> Reading:
    return read_draft(read_json(data), RULES)


def no_json(data: bytes) -> InvalidJSON:
    with pytest.raises(InvalidJSON) as caught:
        take(data)
    return caught.value


def problem(data: bytes, field: str) -> str:
    """The sentence on `field`, which must be all that is wrong."""
    with pytest.raises(InvalidEvent) as caught:
        take(data)
    assert [each.field for each in caught.value.problems] == [field]
    return str(caught.value)


def test_row_01_nesting_has_an_end():
    assert "nested deeper than 32" in str(no_json(b"[" * 200_000))


@pytest.mark.parametrize("token", [b"NaN", b"Infinity", b"-Infinity"])
def test_row_02_a_coordinate_that_is_no_number_says_where(token):
    fault = no_json(
        b'{"type": "Feature",\n "geometry": {"type": "Point", "coordinates": [40, ' + token + b"]}}"
    )

    assert (
        str(fault) == f"{token.decode()} at line 2, column 52 is not a JSON number. Write null for unknown."
    )


def test_row_03_a_number_beyond_all_numbers():
    assert "1e999 at line 1" in str(no_json(b'{"type": "Feature", "geometry": [1e999]}'))


def test_row_04_half_a_character_names_its_field():
    fault = no_json(b'{"type": "Feature", "properties": {"title": "a\\ud800b"}}')

    assert (fault.field, str(fault)) == (
        "title",
        "title holds half a character (U+D800). Write the whole character instead.",
    )


def test_row_05_a_byte_that_is_no_utf_8_is_named():
    assert "Byte 0xFF at line 1, column 11 is not UTF-8" in str(no_json(b'{"title": \xff}'))


def test_row_06_utf_16_is_told():
    assert (
        str(no_json(body().decode().encode("utf-16"))) == "The text is in UTF-16 or UTF-32. Save it as UTF-8."
    )


def test_row_07_a_byte_order_mark_before_good_json_is_fine():
    assert take(b"\xef\xbb\xbf" + body()) == take(body())


def test_row_08_a_number_of_five_thousand_digits():
    assert "has 5000 digits; 20 are the most" in str(no_json(b'{"a": ' + b"7" * 5_000 + b"}"))


def test_row_09_a_key_given_twice():
    assert "The key 'title' is given twice" in str(no_json(b'{"properties": {"title": "a", "title": "b"}}'))


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b'"x"', b"5"])
def test_row_10_what_is_no_feature(data):
    assert "xpected a Feature" in str(no_json(data))


def test_row_13_a_collection_is_shown_to_import():
    with pytest.raises(NotAnEvent, match=r"one Feature is wanted here\. Bring a collection in by import"):
        take(b'{"type": "FeatureCollection", "features": []}')


def test_row_14_json_cut_at_half():
    whole = body()
    fault = no_json(whole[: len(whole) // 2])

    assert (fault.line, fault.column) != (None, None)
    assert f"at line {fault.line}, column {fault.column}: its end is missing" in str(fault)


def at(lon, lat) -> bytes:
    return body({"type": "Point", "coordinates": [lon, lat]})


def test_row_15_a_latitude_of_95():
    assert problem(at(120, 95), "geometry").startswith("Latitude 95.0 is outside -90 to 90.")


def test_row_16_a_longitude_of_190():
    assert problem(at(190, 36), "geometry").startswith("Longitude 190.0 is outside -180 to 180.")
    for lon in (180, -180):
        assert take(at(lon, 36)).draft.geometry == Geometry.point(lon, 36)


def test_row_17_swapped_only_if_swapping_mends_it():
    syria = BBox(35.6, 32.3, 42.4, 37.4)

    with pytest.raises(InvalidEvent, match=r"Did you mean 140\.0, 36\.5\? Longitude comes first"):
        take(at(36.5, 140))
    with pytest.raises(ValueError, match=r"Did you mean 40\.74, 36\.5\?"):
        check_not_swapped(LonLat(36.5, 40.74), syria, "Syria")
    assert (
        str(check_not_swapped(LonLat(2.3, 48.8), syria, "Syria")) == "The point 2.3, 48.8 lies outside Syria."
    )
    assert check_not_swapped(LonLat(40.74, 37.5), syria, "Syria") is None


@pytest.mark.parametrize("position", [["40", "36"], [True, False], [40, None], [40, [36]], [40, {"lat": 36}]])
def test_row_18_and_19_positions_are_numbers(position):
    assert "must hold numbers only" in problem(body({"type": "Point", "coordinates": position}), "geometry")


@pytest.mark.parametrize("coordinates", [[], [1], [1, 2, 3, 4], [1, 2, 3, 4, 5], {}, None, "40,36", 40])
def test_row_20_positions_have_two_numbers(coordinates):
    assert problem(body({"type": "Point", "coordinates": coordinates}), "geometry")


def test_row_21_null_island_is_taken_and_told():
    reading = take(at(0, 0))

    assert reading.draft.geometry == Geometry.point(0, 0)
    assert "The position is 0, 0 in the Gulf of Guinea" in str(reading.warnings[0])


def test_row_22_metres_and_other_reference_systems():
    assert "look like metres (EPSG:3857 or UTM)" in problem(at(4535000.5, 4369000.25), "geometry")
    mercator = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    assert "The coordinates are in urn:ogc:def:crs:EPSG::3857" in problem(
        body(POINT | {"crs": mercator}), "crs"
    )
    record = json.loads(body()) | {"crs": mercator}
    assert "Send degrees" in problem(json.dumps(record).encode(), "crs")


SQUARE = [[0, 10], [4, 10], [4, 14], [0, 14], [0, 10]]


@pytest.mark.parametrize(
    ("rings", "reason"),
    [
        ([SQUARE[:-1]], "is not closed: it begins at 0, 10 and ends at 0, 14"),
        ([[[0, 0], [1, 1], [0, 0]]], "at 0, 0 has 3 positions; it needs at least 4"),
        ([[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]], "The shape crosses itself at 1, 1"),
        ([SQUARE, [[8, 11], [9, 11], [9, 12], [8, 11]]], "A hole lies outside its polygon at 8, 11"),
        ([[[n * 7 % 31 / 10, n * 11 % 37 / 10] for n in range(1_000)] + [[0, 0]]], "at "),
    ],
)
def test_row_23_a_polygon_that_is_none_says_why_and_where(rings, reason):
    started = time.process_time()

    assert reason in problem(body({"type": "Polygon", "coordinates": rings}), "geometry")
    assert time.process_time() - started < 0.5


def test_row_24_a_clockwise_ring_is_stored_right_handed():
    reading = take(body({"type": "Polygon", "coordinates": [SQUARE[::-1]]}))

    assert reading.draft.geometry == Geometry(
        "Polygon", (tuple((float(lon), float(lat)) for lon, lat in SQUARE),)
    )


def test_row_25_no_band_round_the_world():
    across = [[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]

    assert "Cut it there into two parts" in problem(
        body({"type": "Polygon", "coordinates": [across]}), "geometry"
    )


def test_row_26_a_million_vertices():
    line = {"type": "LineString", "coordinates": [[40.5, 36.5]] * 1_000_000}
    with pytest.raises(TooLarge, match="1000000 positions; 10000 are the most"):
        read_draft(json.loads(body()) | {"geometry": line}, RULES)


def test_row_27_collections_of_geometries():
    nested = b'{"type":"GeometryCollection","geometries":[' * 3_000 + b"]}" * 3_000
    for geometry in (b'{"type": "GeometryCollection", "geometries": []}', nested):
        data = (
            b'{"type": "Feature", "geometry": '
            + geometry
            + b', "properties": '
            + json.dumps(PLAIN).encode()
            + b"}"
        )
        assert "Use MultiPoint, MultiLineString or MultiPolygon" in problem(data, "geometry")


@pytest.mark.parametrize("kind", ["Circle", "point", "", None, 5, ["Point"], "__proto__"])
def test_row_28_unknown_geometry_types(kind):
    assert "is not a geometry type" in problem(body({"type": kind, "coordinates": [1, 2]}), "geometry")


TEXT_FIELDS = (
    *("title", "description", "place_name", "place_label", "admin1", "admin2", "verification_basis"),
    *("status_reason", "public_text", "content_warning", "group", "external_id", "internal_note"),
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_row_29_odd_text_is_kept_word_for_word(payload):
    properties = dict.fromkeys(TEXT_FIELDS, payload) | {
        "extra": {payload: payload},
        "actors": [{"name": payload, "role": "side_a"}],
        "sources": [{"publisher": payload, "said_by": payload, "title": payload, "quote": payload}],
        "about": [{"place_label": payload}],
        "translations": {"ar": {"title": payload, "description": payload}},
    }

    draft = take(body(POINT, **properties)).draft

    event = event_from_feature(
        json.loads(feature_line(make_event(**{n: getattr(draft, n) for n in properties})))
    )
    for name in properties:
        assert getattr(event, name) == getattr(draft, name)
    assert {getattr(draft, name) for name in TEXT_FIELDS} == {payload}
    assert draft.extra == {payload: payload}
    assert (draft.actors[0].name, draft.sources[0].quote, draft.about[0].place_label) == (payload,) * 3
    assert (draft.translations[0].title, draft.translations[0].description) == (payload,) * 2


@pytest.mark.parametrize("title", ["", "   ", "\u200b", "\u200b \ufeff", "\n", "\u3164"])
def test_row_30_a_title_nobody_can_see(title):
    assert (
        problem(body(POINT, title=title), "title") == "title is missing. Say in one sentence what happened."
    )


def test_row_30_a_title_without_end():
    assert problem(body(POINT, title="x" * 100_000), "title") == (
        "title has 100000 characters; 300 are the most. Shorten it."
    )


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_row_31_control_characters(field, letter):
    assert f"{field} holds a control character" in problem(body(POINT, **{field: f"a{letter}b"}), field)


def test_row_31_marks_that_turn_text_are_removed_and_it_is_said():
    reading = take(body(POINT, title="safe\u202efdp.exe", geo_precision="site"))

    assert reading.draft.title == "safefdp.exe"
    assert [str(each) for each in reading.warnings] == [
        "Invisible marks that turn the direction of text were removed from title."
    ]


def test_row_32_a_thousand_marks_on_a_letter():
    assert "piles more than 10 marks on a letter" in problem(
        body(POINT, description="a" + "\u0301" * 1_000), "description"
    )


@pytest.mark.parametrize("day", ["2026-13-45", "2026-02-30", "99999-01-01", "soon"])
@pytest.mark.parametrize("field", ["date_start", "date_end"])
def test_row_33_what_is_no_day(field, day):
    assert (
        problem(body(POINT, **{field: day}), field)
        == f"'{day}' is not a date. Write YYYY-MM-DD, such as 2024-05-01."
    )


@pytest.mark.parametrize("field", ["date_start", "date_end"])
def test_row_33_a_day_with_slashes_is_told_which_day_it_can_be(field):
    said = problem(body(POINT, **{field: "20/01/2022"}), field)

    assert said.startswith("'20/01/2022'")
    assert said.endswith("2022-01-20.")


@pytest.mark.parametrize("day", [20220120, True, ["2022-01-20"], {"day": 1}])
def test_row_33_a_day_is_text(day):
    assert problem(body(POINT, date_start=day), "date_start") == "date_start must be text in quotes."


def test_row_34_over_a_day_in_the_future():
    assert take(body(POINT, date_start="2026-11-23")).draft.date_start == date(2026, 11, 23)
    assert problem(body(POINT, date_start="2026-11-24"), "date_start") == (
        "date_start is 2026-11-24, in the future. Write a day up to 2026-11-23."
    )
    assert "in the future" in problem(body(POINT, date_end="2027-01-01"), "date_end")
    source = {"publisher": "x", "published": "2027-01-01"}
    assert "in the future" in problem(body(POINT, sources=[source]), "sources[0].published")


@pytest.mark.parametrize("day", ["٢٠٢٦-١١-٢٢", "22 تشرين الثاني 2026", "22 Kasım 2026", "22 Mijdar 2026"])
def test_row_35_days_as_people_write_them(day):
    assert take(body(POINT, date_start=day)).draft.date_start == date(2026, 11, 22)


@pytest.mark.parametrize("kind", ["wedding", "__proto__", "constructor", "armed_clash"])
def test_row_36_unknown_event_types_list_what_there_is(kind):
    sentence = problem(body(POINT, event_type=kind), "event_type")

    assert sentence.startswith(f"'{kind}' is not an event type. Use one of: battles, protests, riots, ")
    assert "territorial_control" in sentence


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("javascript:window.__p=1", "is not a web address"),
        ("data:text/html,x", "is not a web address"),
        ("file:///etc/passwd", "is not a web address"),
        ("//example.org/x", "is not a web address"),
        ("https://user:secret@example.org/", "has a name or password in it"),
        ("https://example.org/".ljust(5_000, "x"), "has 5000 characters; 2000 are the most"),
    ],
)
@pytest.mark.parametrize("key", ["url", "archived_url"])
def test_row_37_addresses_no_reader_may_be_sent_to(key, url, reason):
    assert reason in problem(body(POINT, sources=[{"publisher": "x", key: url}]), f"sources[0].{key}")


def test_row_38_an_unknown_field_is_named_and_never_dropped():
    assert (
        problem(body(POINT, tittle="x"), "tittle") == "'tittle' is not a property here. Did you mean title?"
    )
    assert problem(body(POINT, sources=[{"publisher": "x", "link": "y"}]), "sources[0].link")
    record = json.loads(body()) | {"title": "outside the properties"}
    assert problem(json.dumps(record).encode(), "title")
    assert read_import(json.loads(body(POINT, colour="red")), RULES).draft.extra == {"colour": "red"}


def test_row_38_an_unknown_field_of_a_form_is_named_too():
    with pytest.raises(InvalidEvent) as caught:
        draft_from_fields(PLAIN | {"colour": "red"}, RULES)

    assert caught.value.field == "colour"


@pytest.mark.parametrize(
    "event_id", ["../../x", "a/b", "A0EE", "abc", "x" * 41, "ab\u202ecd", "", 7, True, ["abcd"]]
)
def test_row_39_an_id_that_is_none(event_id):
    record = json.loads(body()) | {"id": event_id}
    if event_id == "":
        assert read_draft(record, RULES).draft.id is None
        return
    assert problem(json.dumps(record).encode(), "id")


def test_row_43_formula_cells_are_neutral_outside_and_unchanged_inside():
    formulas = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "'=1",
        "＝1",
        " =1",
        '=HYPERLINK("http://x","y")',
        "'quoted'",
    ]
    events = [make_event(title=text, description=text, id=f"event{n}") for n, text in enumerate(formulas)]

    text = b"".join(csv_lines(events)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    for row, formula in zip(rows, formulas, strict=True):
        assert not row["title"].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "＝"))
        assert fields_from_row(row)["title"] == formula
