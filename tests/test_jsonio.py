"""Bytes from outside, read strictly; faults say where."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from geoevents.errors import InvalidEvent, InvalidJSON
from geoevents.jsonio import DEEPEST, read_json
from tests.strategies import any_text, json_values


def fault_of(data: bytes) -> InvalidJSON:
    with pytest.raises(InvalidJSON) as caught:
        read_json(data)
    return caught.value


@given(json_values(any_text))
def test_good_json_is_read_as_python_reads_it(value):
    assert read_json(json.dumps(value).encode()) == value
    assert read_json(json.dumps(value, ensure_ascii=False, indent=1).encode()) == value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": NaN}', 1, 7),
        ('{"a":\n [1, -Infinity]}', 2, 6),
        ('{"NaN": "NaN",\n"a": NaN}', 2, 6),
        ('{"a\\"NaN": NaN}', 1, 12),
        ("[1e999]", 1, 2),
        ("[1,\n -1E+9999]", 2, 2),
        ("[" + "9" * 5_000 + "]", 1, 2),
        ('{"a": 1,}', 1, 9),
        ('{"a" 1}', 1, 6),
        ('{"type": "Feature", "proper', 1, 21),
        ('{"a": [1, 2', 1, 12),
        ("{'a': 1}", 1, 2),
        ('{"a": 01}', 1, 8),
        ('["a\nb"]', 1, 4),
    ],
)
def test_a_fault_says_line_and_column(text, line, column):
    fault = fault_of(text.encode())

    assert (fault.line, fault.column) == (line, column)
    assert f"line {line}, column {column}" in str(fault)


def test_json_that_was_cut_says_that_its_end_is_missing():
    whole = json.dumps({"type": "Feature", "properties": {"title": "a", "tags": ["b", 1.5]}})

    for length in range(1, len(whole)):
        assert "its end is missing" in str(fault_of(whole[:length].encode())), whole[:length]


def test_thirty_two_levels_are_read_and_one_more_is_not():
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)
    assert "nested deeper than 32 at line 1, column 33" in str(fault_of(b"[" * 33 + b"]" * 33))
    assert "nested deeper than 32" in str(fault_of(b'{"a":' * 33 + b"1" + b"}" * 33))
    assert "nested deeper than 32" in str(fault_of(b"[" * 200_000))


def test_a_bottomless_geometry_collection_is_told_as_one():
    nested = b'{"type":"GeometryCollection","geometries":[' * 3_000 + b"]}" * 3_000

    with pytest.raises(InvalidEvent, match="A GeometryCollection cannot be drawn") as caught:
        read_json(nested)

    assert caught.value.field == "geometry"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b'{"properties": {"title": "\\ud800"}}', "title"),
        (b'{"properties": {"sources": [{"quote": "a\\udc00"}]}}', "sources[0].quote"),
        (b'{"geometry": {"\\ud800": 1}}', "geometry"),
        (b'{"id": "\\ud83d\\ud83d"}', "id"),
    ],
)
def test_half_a_character_names_its_field(data, field):
    fault = fault_of(data)

    assert fault.field == field
    assert str(fault).startswith(f"{field} holds half a character (U+D")


def test_both_halves_are_a_character():
    assert read_json(b'"\\ud83d\\ude00"') == "😀"


def test_a_byte_that_is_no_utf_8_is_named():
    fault = fault_of(b'{"a":\n"\xc3\xa9\xff"}')

    assert str(fault) == "Byte 0xFF at line 2, column 3 is not UTF-8. Save the text as UTF-8."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_other_encodings_are_told_by_name(encoding):
    assert str(fault_of('{"a": 1}'.encode(encoding))).endswith("Save it as UTF-8.")


def test_a_byte_order_mark_is_passed_over():
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_a_key_given_twice_is_refused_wherever_it_stands():
    assert str(fault_of(b'{"a": [{"b": 1, "c": 2, "b": 1}]}')) == (
        "The key 'b' is given twice in one object. Keep one of them."
    )


@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf"])
def test_nothing_at_all_expected_a_feature(data):
    assert "expected a Feature" in str(fault_of(data))
