"""Of the places that a text names, the one where it says that something happened."""

from __future__ import annotations

import pytest

from geoevents.bootstrap import open_geoparser
from geoevents.geoparsing.happening import where_it_happened
from geoevents.places import Context
from geoevents.settings import load


@pytest.fixture(scope="session")
def read():
    geoparser = open_geoparser(load({}))

    def read_text(text):
        found = where_it_happened(text, geoparser(text, Context()))
        return found and found.text

    return read_text


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("The Aleppo Media Center said warplanes bombed a market in the town of Atarib.", "Atarib"),
        ("Two children from Homs died when a mine exploded near Tabqa, Raqqa governorate.", "Tabqa"),
        ("Shelling by forces stationed in Saraqib killed a woman in Afes.", "Afes"),
        ("Local media in Deir Ezzor said a raid on Mayadin killed ten.", "Mayadin"),
        ("A man from Manbij was found dead in Jarablus.", "Jarablus"),
        ("A convoy was attacked near Hajin. The injured were taken to hospitals in Hasakah.", "Hajin"),
        ("The Syrian Democratic Forces clashed with fighters in Hajin.", "Hajin"),
        ("قصف مدفعي لقوات النظام على بلدة كفر نبل في ريف إدلب الجنوبي", "كفر نبل"),
        ("قتل ثلاثة مدنيين بانفجار لغم في قرية الهول شرق الحسكة بحسب المرصد السوري", "الهول"),
        ("People were told to stay at home.", None),
    ],
)
def test_it_is_the_place_of_the_event_not_of_who_tells_or_acts(read, text, where):
    assert read(text) == where


def test_a_name_that_may_mean_several_places_is_still_the_one(read):
    assert read("A bomb exploded in Derik on Monday, the government of Syria said.") == "Derik"
