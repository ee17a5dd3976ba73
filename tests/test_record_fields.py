"""One property at a time: what each kind of field takes."""

from __future__ import annotations

from datetime import date

import pytest

from geoevents.errors import BadInput
from geoevents.events import Kind
from geoevents.record_fields import (
    Findings,
    choice,
    code,
    country,
    day,
    degrees,
    event_id,
    geo_method,
    language,
    line,
    note,
    place_id,
    whole_number,
    yes_or_no,
)

COUNT = whole_number(100)


def read(reader, value, *, name="field", from_texts=False):
    return reader(value, name, Findings(from_texts=from_texts))


@pytest.mark.parametrize(
    ("reader", "value", "made"),
    [
        (line(10), "  a\nb ", "a b"),
        (note(10), "a\r\nb", "a\nb"),
        (choice(Kind), "condition", Kind.CONDITION),
        (choice(Kind), " ", None),
        (day, "20 Ocak 2022", date(2022, 1, 20)),
        (COUNT, 0, 0),
        (COUNT, 100, 100),
        (COUNT, 3.0, 3),
        (yes_or_no, False, False),
        (degrees, -90, -90.0),
        (language, "kmr", "kmr"),
        (language, "zh-Hans-CN", "zh-Hans-CN"),
        (place_id, "area:peace-spring@2019-10", "area:peace-spring@2019-10"),
        (place_id, "geonames:173811", "geonames:173811"),
        (country, "sy", "SY"),
        (code, "report-2022/01", "report-2022/01"),
        (event_id, "k7dq2m9xwb", "k7dq2m9xwb"),
        (geo_method, "online:nominatim", "online:nominatim"),
        (geo_method, "picked", "picked"),
        (geo_method, "", None),
    ],
)
def test_what_is_taken(reader, value, made):
    assert read(reader, value) == made
    assert read(reader, value, from_texts=True) == made


@pytest.mark.parametrize(
    ("reader", "value", "reason"),
    [
        (choice(Kind), "wedding", "field cannot be 'wedding'. Use one of: event, condition."),
        (choice(Kind), 5, "field must be text"),
        (COUNT, 101, "field must be a whole number from 0 to 100, or null for unknown."),
        (COUNT, -1, "whole number"),
        (COUNT, 1.5, "whole number"),
        (COUNT, True, "whole number"),
        (COUNT, "3", "whole number"),
        (COUNT, [3], "whole number"),
        (COUNT, float("nan"), "whole number"),
        (COUNT, float("inf"), "whole number"),
        (yes_or_no, 1, "field must be true or false"),
        (yes_or_no, "yes", "field must be true or false"),
        (degrees, 91, "field must be degrees from -90 to 90"),
        (degrees, "36", "field must be degrees"),
        (degrees, True, "field must be degrees"),
        (language, "Kurdish!", "field cannot be 'Kurdish!'. Write a tag such as en"),
        (place_id, "173811", "Write source:key"),
        (place_id, "own:a b", "Write source:key"),
        (place_id, "own:\u202ea", "Write source:key"),
        (country, "Syria", "Write two letters"),
        (country, "ﬀ", "Write two letters"),
        (code, "../x", "letters, digits"),
        (geo_method, "online:", "Use one of: gazetteer, area, picked, typed, imported, online:NAME."),
        (geo_method, "guessed", "Use one of"),
        (day, "soon", "'soon' is not a date"),
        (day, "2022-01-20 00:00:00", "is not a date"),
    ],
)
def test_what_is_refused(reader, value, reason):
    with pytest.raises(BadInput) as caught:
        read(reader, value)

    assert caught.value.field == "field"
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("reader", "text", "made"),
    [
        (COUNT, "3", 3),
        (COUNT, " ٣ ", 3),
        (COUNT, "3.0", 3),
        (COUNT, "", None),
        (yes_or_no, "Yes", True),
        (yes_or_no, "0", False),
        (yes_or_no, " ", None),
        (degrees, "36,5", 36.5),
        (degrees, "٣٦٫٥", 36.5),
        (degrees, "−36.5", -36.5),
        (degrees, "", None),
        (day, "2022/01/20", date(2022, 1, 20)),
        (day, "2022-01-20T00:00:00Z", date(2022, 1, 20)),
        (day, "2022/01/20 00:00:00.000", date(2022, 1, 20)),
    ],
)
def test_what_forms_and_tables_may_write_as_text(reader, text, made):
    assert read(reader, text, from_texts=True) == made


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (COUNT, "many"),
        (COUNT, "nan"),
        (COUNT, "1e400"),
        (COUNT, "1_0"),
        (degrees, "inf"),
        (COUNT, "1,5"),
        (degrees, "36,500.1"),
        (day, "2022-01-20T10:00"),
    ],
)
def test_what_even_they_may_not(reader, text):
    with pytest.raises(BadInput):
        read(reader, text, from_texts=True)


def test_a_longitude_reaches_further_than_a_latitude():
    assert read(degrees, 170, name="about[0].lon") == 170.0
    with pytest.raises(BadInput):
        read(degrees, 170, name="about[0].lat")


def test_findings_keep_every_problem_and_note():
    findings = Findings()

    taken = [
        findings.take(line(3), "abcd", "one"),
        findings.take(COUNT, -1, "two"),
        findings.take(line(10), "a\u202eb", "three"),
        findings.take(COUNT, None, "four"),
    ]

    assert taken == [None, None, "ab", None]
    assert [problem.field for problem in findings.problems] == ["one", "two"]
    assert len(findings.notes) == 1
