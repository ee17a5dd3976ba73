"""Place names in Arabic, Kurmanji and Turkish texts: without capitals, with endings."""

from __future__ import annotations

import pytest

from geoevents.gazetteers.build import SHIPPED_DATA
from geoevents.geoparsing.arabic import ArabicRecogniser


@pytest.fixture(scope="module")
def in_arabic(gazetteer):
    recogniser = ArabicRecogniser(gazetteer, SHIPPED_DATA / "geoparsing")

    def words(text: str) -> list[str]:
        return [text[span.start : span.end] for span in recogniser.recognise(text)]

    return words


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("قصفت القوات قرى في ريف بلدة تل تمر شمال الحسكة", ["تل تمر", "الحسكة"]),
        ("وصل الوفد إلى دمشق وحلب وحمص", ["دمشق", "حلب", "حمص"]),
        ("أغلق المعبر مع إقليم كردستان العراق", ["إقليم كردستان العراق"]),
        ("انفجار بالقامشلي، ثم في مخيم الهول", ["القامشلي", "مخيم الهول"]),
        ("انفجار جنوب غرب كركوك", ["كركوك"]),
        ("قصف على الباب", ["الباب"]),
        ("انسحبت تركيا من سوريا", ["تركيا", "سوريا"]),
    ],
)
def test_an_arabic_name_is_found_without_what_is_written_onto_it(in_arabic, text, places):
    found = in_arabic(text)

    assert found == places


@pytest.mark.parametrize(
    "text",
    [
        "الباب مفتوح أمام الحوار",
        "قال علي حسن إن الناس في البيت",
        "السيد محمد في المدينة يوم الجمعة",
        "شمال وجنوب وشرق",
        "No Arabic at all",
    ],
)
def test_people_days_and_directions_are_no_places_in_arabic(in_arabic, text):
    found = in_arabic(text)

    assert found == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "Haseke'de patlama oldu. Şanlıurfa'nın Suruç ilçesinde iki kişi öldü.",
            ["Haseke", "Şanlıurfa", "Suruç"],
        ),
        ("Li Hesekê şer derket. Ew çû bajarê Reqayê.", ["Hesekê", "Reqayê"]),
    ],
)
def test_turkish_and_kurmanji_endings_do_not_hide_a_name(recognised, text, places):
    found = recognised(text)

    assert found == places
