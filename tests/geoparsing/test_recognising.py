"""Which words of a text name places: the names reports have, and the words that only look like names."""

from __future__ import annotations

import time

import pytest

from geoevents.geoparsing.toponyms import Span

REPORT = """AANES urges support

HASAKAH, Syria (North Press) – The recent assault on al-Sina’a prison in Hasakah, northeast Syria, was a
message to the US-led Global Coalition, the administration said. President Assad received the ambassador.

It criticised closing the al-Ya’rubiyah/Tel Kocher border crossing with the Kurdistan Region of Iraq, and
called on Turkey to withdraw from areas it seized near the border.

Reported by Adnan Hamo"""


def test_the_places_of_a_report_come_out_and_nobody_else(recognised):
    assert recognised(REPORT) == [
        "HASAKAH", "Syria", "al-Sina’a prison", "Hasakah", "northeast Syria", "US",
        "al-Ya’rubiyah/Tel Kocher border crossing", "Kurdistan Region of Iraq", "Turkey",
        "areas it seized near the border",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("BEIRUT, Lebanon (AP) — The army said it had left.", ["BEIRUT", "Lebanon"]),
        ("Hasakah – Two people were killed on Sunday.", ["Hasakah"]),
        ("They shelled the town of Tell Tamer on Monday.", ["Tell Tamer"]),
        ("Two people were killed in Tell Tamer.", ["Tell Tamer"]),
        ("Clashes broke out in Homs, Hama and Aleppo.", ["Homs", "Hama", "Aleppo"]),
        ("The trial began in Paris, Texas, on Tuesday.", ["Paris", "Texas"]),
        ("Aleppo's markets reopened this week.", ["Aleppo"]),
        ("They were stopped at the Iraq-Syria border.", ["Iraq", "Syria"]),
        ("A convoy was hit near Deir ez-Zor, east of Ras al-Ayn.", ["Deir ez-Zor", "Ras al-Ayn"]),
        ("He was taken to Al-Hol camp yesterday.", ["Al-Hol camp"]),
        ("They camped by the Colorado River in Arizona.", ["Colorado River", "Arizona"]),
        ("Prices rose in the U.S. and in Germany.", ["U.S.", "Germany"]),
        ("SHELLING IN ALEPPO KILLS THREE\n\nThree people died.", ["ALEPPO"]),
    ],
)
def test_a_place_is_recognised_as_reports_write_it(recognised, text, places):
    found = recognised(text)

    assert found == places


@pytest.mark.parametrize(
    "text",
    [
        "President Bashar al-Assad met the ambassador on Monday.",
        "Mr. Washington said he would not come.",
        "Officials told the Washington Post that talks go on.",
        "Syrian and Turkish soldiers and two Iraqis were hurt, in Arabic media.",
        "In March and in May, on a Sunday, it rained.",
        "Mobile clinics opened. Of thirty, ten stayed. Most said the march was long.",
        "Jordan Smith, a nurse, said she was well. Smith then left.",
        "Ali Hassan said nothing, and Ali went away.",
        "Fighters of the Islamic State attacked a convoy of the Red Cross.",
        "Fighters of the Homs Brigade and the Idlib Martyrs withdrew.",
    ],
)
def test_what_only_looks_like_a_place_is_left_alone(recognised, text):
    found = recognised(text)

    assert found == []


def test_a_name_inside_a_word_is_never_found(recognised):
    text = "The ambassadors of Romania spoke. Parisian Damascenes, Iraqis and Iranians."

    assert recognised(text) == ["Romania"]


def test_a_person_named_in_full_stays_a_person_when_only_the_surname_returns(recognised):
    text = "Michael Jackson was born in Gary, Indiana. Jackson sang as a child. Jackson died in 2009."

    assert recognised(text) == ["Gary", "Indiana"]


def test_offsets_count_code_points_whatever_stands_before(recogniser):
    text = "\N{FIRE}\r\n\N{FLEXED BICEPS}\U0001f3fd — in Damascus"

    assert recogniser.recognise(text) == (Span(11, 19),)
    assert text[11:19] == "Damascus"


@pytest.mark.parametrize(
    "unit", ["A ", "Aleppo ", "al-", "Tel-", "U.S. ", "“", "a/", "\n", "I. A", "Of The "]
)
def test_time_grows_with_the_text_and_not_faster(recogniser, unit):
    def seconds(length: int) -> float:
        start = time.process_time()
        recogniser.recognise(unit * (length // len(unit)))
        return time.process_time() - start

    seconds(2_000)
    short, long = min(seconds(4_000), seconds(4_000)), seconds(32_000)

    assert long < 8 * short * 3 + 0.5
