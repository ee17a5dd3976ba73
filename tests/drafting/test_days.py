"""The days a text speaks of: resolved against its day of publication, and never without it."""

from __future__ import annotations

from datetime import date

import pytest

TUESDAY = date(2022, 1, 25)


@pytest.mark.parametrize(
    ("said", "bounds"),
    [
        ("on Tuesday", "2022-01-25"),
        ("on Wednesday", "2022-01-19"),
        ("last Tuesday", "2022-01-18"),
        ("yesterday", "2022-01-24"),
        ("this morning", "2022-01-25"),
        ("last night", "2022-01-24/2022-01-25"),
        ("two days ago", "2022-01-23"),
        ("last week", "2022-01-17/2022-01-23"),
        ("on 20 January", "2022-01-20"),
        ("on 30 December", "2021-12-30"),
        ("on Thursday, 20 January 2022", "2022-01-20"),
        ("between 20 and 22 January", "2022-01-20/2022-01-22"),
        ("on 20.01.2022", "2022-01-20"),
    ],
)
def test_english_days_are_read_against_publication(draft, said, bounds):
    made = draft(f"A mine exploded in Manbij {said}.")

    assert _bounds(made) == bounds


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("انفجر لغم في منبج يوم الاثنين.", "2022-01-24"),
        ("انفجر لغم في منبج أمس.", "2022-01-24"),
        ("انفجر لغم في منبج قبل يومين.", "2022-01-23"),
        ("انفجر لغم في منبج في ٢٠ كانون الثاني.", "2022-01-20"),
        ("انفجر لغم في منبج في الأول من كانون الأول.", "2021-12-01"),
        ("انفجر لغم في منبج الأسبوع الماضي.", "2022-01-17/2022-01-23"),
        ("Li Kobanê duh pevçûn derketin.", "2022-01-24"),
        ("Li Kobanê di 20ê Rêbendanê de pevçûn derketin.", "2022-01-20"),
        ("Li Kobanê roja Duşemê pevçûn derketin.", "2022-01-24"),
        ("Kobani'de dün çatışma çıktı.", "2022-01-24"),
        ("Kobani'de 20 Ocak'ta çatışma çıktı.", "2022-01-20"),
        ("Kobani'de Pazartesi günü çatışma çıktı.", "2022-01-24"),
    ],
)
def test_arabic_kurmanji_and_turkish_days_are_read_against_publication(draft, text, bounds):
    made = draft(text)

    assert _bounds(made) == bounds


@pytest.mark.parametrize("said", ["on Tuesday", "yesterday", "last week", "on 20 January", "two days ago"])
def test_without_a_day_of_publication_no_day_is_guessed_and_the_words_are_kept(draft, said):
    made = draft(f"A mine exploded in Manbij {said}.", None)

    assert (made.date_start, made.date_end) == (None, None)
    assert made.date_words in said
    assert "Which day was that?" in str(made.notes[0])


def test_a_whole_date_needs_no_day_of_publication(draft):
    made = draft("A mine exploded in Manbij on 20 January 2022.", None)

    assert _bounds(made) == "2022-01-20"


def test_the_date_of_a_dateline_is_the_day_of_publication(draft):
    made = draft("MANBIJ, 25 January 2022 (Our Desk) – A mine exploded in Manbij on Monday.", None)

    assert _bounds(made) == "2022-01-24"


def test_the_day_of_saying_bounds_what_was_said_to_have_happened(draft):
    made = draft("The SDF said on Monday that a mine exploded in Manbij.")

    assert _bounds(made) == "2022-01-23/2022-01-24"
    assert "when it was said" in str(made.notes[0])


def test_no_day_at_all_is_publication_or_the_day_before_and_says_so(draft):
    made = draft("A mine exploded in Manbij.")

    assert _bounds(made) == "2022-01-24/2022-01-25"
    assert "says no day" in str(made.notes[0])


def _bounds(draft) -> str:
    end = f"/{draft.date_end}" if draft.date_end else ""
    return f"{draft.date_start}{end}"
