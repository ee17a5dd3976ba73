"""A real report, read untouched: what it tells becomes drafts, and what it only demands does not."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

pytestmark = pytest.mark.eval

_EVAL = os.environ.get("GEOEVENTS_EVAL")
REPORT = Path(_EVAL or ".").parent / "reports" / "aanes-calls-for-support.txt"


@pytest.fixture(scope="module")
def text():
    if not _EVAL or not REPORT.is_file():
        pytest.skip("GEOEVENTS_EVAL names no folder beside which the report lies")
    return REPORT.read_text("utf-8")


def test_the_report_gives_its_two_events_and_three_conditions(drafts, text):
    made = drafts(text, date(2022, 1, 25))

    assert [(each.kind.value, each.sub_event_type or each.event_type, _place(each)) for each in made] == [
        ("event", "armed_clash", "geoevents:prison-al-sinaa"),
        ("event", "press_conference", "geonames:173811"),
        ("condition", "crossing_closed", "geoevents:crossing-yarubiyah-rabia"),
        ("condition", "aid_blocked", made[3].resolution.place.place_id),
        ("condition", "territorial_control", "area:turkish-held@2019-10"),
    ]
    assert made[1].date_start == date(2022, 1, 25)
    assert all("AANES" in made[n].source.said_by for n in (2, 3, 4))
    assert any("Kurdistan Region" in str(note) for note in made[2].notes)


def test_the_press_conference_is_about_the_others_and_about_no_country(drafts, text):
    made = drafts(text, date(2022, 1, 25))

    about = [each.place_id for each in made[1].about]
    assert {_place(made[n]) for n in (0, 2, 4)} <= set(about)
    assert not {"geonames:298795", "geonames:163843", "geonames:6252001"} & set(about)


def test_without_its_day_of_publication_tuesday_stays_a_word(drafts, text):
    made = drafts(text, None)

    assert [each.date_start for each in made] == [None] * 5
    assert made[1].date_words == "Tuesday"


def _place(draft) -> str:
    return draft.resolution.place.place_id
