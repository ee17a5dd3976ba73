"""Spellings of one word meet, and those of two words don't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.folding import fold, fold_name, name_key, name_keys

SAME_NAME = [
    ("Hasakah", "al-Hasakah", "Al Hasakah", "AL-ḤASAKAH", "‘al-Hasakah’"),
    ("Ras al-Ayn", "Ra's al-ʿAyn", "Raʾs al-‘Ayn", "Ra`s al Ayn", "Ra´s al-Ayn", "RAS UL-AYN"),
    ("Deir ez-Zor", "Deir Ezzor", "Deir Ez Zor", "Deir al-Zor", "deir-ez-zor"),
    ("ar-Raqqah", "Al-Raqqah", "Raqqah", "er-Raqqah"),
    ("Ash Shaddadah", "al-Shaddadah", "As-Shaddadah"),
    ("Serê Kaniyê", "Sere Kaniye", "Serêkaniyê", "SERÊ KANİYÊ"),
    ("Şanlıurfa", "Sanliurfa", "ŞANLIURFA", "Şanlıurfa"),
    ("Kafr Sajna", "Kafrsajna", "Kafr-Sajna"),
    ("الحسكة", "الحسكه", "حسكة", "الحَسَكة", "\u200fالحسكة\u200f", "الحـــسكة"),
    ("رأس العين", "راس العين", "رأس  العين"),
    ("كوباني", "كوبانى", "کوبانی"),
    ("أعزاز", "اعزاز", "إعزاز"),
    ("The Hague", "Hague"),
]
DIFFERENT_NAMES = [
    ("Hama", "Homs"),
    ("An Loc", "Loc"),
    ("As Pontes", "Pontes"),
    ("Al", "El"),
    ("حماة", "حمص"),
    ("Adra", "Dra"),
]
FOLDED = [
    ("  Ḥalab  ", "halab"),
    ("Al `A'rīma", "al arima"),
    ("93. Tugay", "93 tugay"),
    ("اللواء ٩٣", "اللوا 93"),
    ("۱۴۰۱", "1401"),
    ("Œuvre Straße Łódź Ærø", "oeuvre strasse lodz aero"),
    ("ﻻ", "لا"),
    ("Ｋｏｂａｎｅ", "kobane"),
    ("a_b/c", "a b c"),
    ("किला", "किला"),
    ("\ud800x\ufffe", "x"),
    ("", ""),
    ("!?", ""),
]


@pytest.mark.parametrize("spellings", SAME_NAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_name_have_one_key(spellings):
    keys = {name_key(spelling) for spelling in spellings}

    assert len(keys) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT_NAMES)
def test_different_names_keep_different_keys(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_folding_keeps_every_word_and_drops_what_writers_drop(text, folded):
    assert fold(text) == folded


def test_an_article_goes_only_where_something_remains():
    assert [fold_name(name) for name in ("al-Bab", "Bab al-Hawa", "Al", "الـ")] == [
        "bab",
        "bab hawa",
        "al",
        "ال",
    ]


@given(st.text(max_size=60))
def test_what_is_folded_stays_as_it_is(text):
    folded = fold(text)

    assert fold(folded) == folded
    assert folded == " ".join(folded.split())


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_many_names_at_once_have_the_same_keys_as_one_by_one(names):
    assert {key for key, _ in name_keys(names)} == {name_key(name) for name in names}
