"""Spellings of one name meet in their skeleton, and names of different places stay apart by likeness."""

from __future__ import annotations

import pytest

from geoevents.gazetteers.skeletons import likeness, skeleton, sounds


@pytest.mark.parametrize(
    "spellings",
    [
        ("Kafr Sajna", "Kafrsajna", "كفر سجنة", "Kefer Secne", "Kafar Sajneh"),
        ("Sheikh Maqsoud", "Şêx Meqsûd", "الشيخ مقصود", "Cheikh Maksoud", "Shaykh Maqsud"),
        ("Jarablus", "Cerablus", "جرابلس", "Djéraboulous", "Jarabulus"),
        ("Manbij", "Minbic", "Menbîc", "منبج", "Mambij", "Membidj"),
        ("Ma'arat al-Nu'man", "Maarat an Numan", "معرة النعمان", "Maaret en-Noman"),
        ("Deir ez-Zor", "Dayr az-Zawr", "دير الزور", "Dêr ez Zor", "Deïr ez-Zôr"),
        ("Tell Abyad", "Tal Abiad", "تل أبيض", "Tel Ebyad", "Tall Abyaḍ"),
        ("Dhiban", "Ziban", "Thiban", "ذيبان"),
        ("Khan Yunus", "Xan Yûnis", "خان يونس", "Han Yunus", "Khan Younès"),
        ("Wadi al-Uyun", "Ouadi el Aïoun", "وادي العيون", "Vadi el Uyun"),
        ("Çobanbey", "Jobanbey", "جوبان بي"),
        ("Abu al-Duhur", "Abu ad-Duhur", "أبو الظهور", "Abou ed-Douhour", "Ebu Zuhur"),
        ("al-Shaddadi", "Şeddadê", "الشدادي", "Ash Shaddādī", "Ech Chaddadi"),
        ("Serê Kaniyê", "Sere Kanye", "سەرێ کانیێ", "سري كانيه"),
    ],
)
def test_spellings_of_one_name_meet(spellings):
    skeletons = {skeleton(sounds(spelling)) for spelling in spellings}

    assert len(skeletons) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kafr Nabl", "Kafr Naha"),
        ("Tell Rifaat", "Tell Tamr"),
        ("Idlib", "Al-Bab"),
        ("Kobani", "Qamishli"),
        ("Ras al-Ayn", "Ain Issa"),
        ("الحسكة", "الحصن"),
        ("Amuda", "Afrin"),
    ],
)
def test_names_of_different_towns_stay_apart(one, other):
    assert skeleton(sounds(one)) != skeleton(sounds(other))


@pytest.mark.parametrize(
    ("name", "spelling", "other"),
    [
        ("Dweir", "Duwayr", "Deir"),
        ("الهول", "al-Hawl", "Hela"),
        ("Kufr Shugne", "Kafr Shughna", "Kafr Sajna"),
        ("شيخ", "Sheikh", "Shuka"),
        ("Sirnak", "Şırnak", "Zurnuq"),
    ],
)
def test_of_names_of_one_skeleton_the_vowels_and_finer_consonants_say_which_is_likest(name, spelling, other):
    alike, less = (likeness(sounds(name), sounds(each)) for each in (spelling, other))

    assert less < alike <= 1


def test_short_vowels_that_arabic_does_not_write_cost_next_to_nothing():
    assert likeness(sounds("كرمازة"), sounds("Kuramaza")) > 0.9


def test_names_of_different_length_are_not_alike():
    assert likeness(sounds("Aleppo"), sounds("Aleppian")) == 0


@pytest.mark.parametrize("text", ["", " ", "'", "٢٤", "x" * 300, "\ud800", "北京", "Ҳисор"])
def test_no_text_breaks_it(text):
    assert isinstance(skeleton(sounds(text)), str)
