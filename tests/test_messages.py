"""Sentences, their parts and their languages."""

from __future__ import annotations

from datetime import date

import pytest

from geoevents import messages
from geoevents.messages import Message, direction, say

ENGLISH = "'{text}' is no {thing}."
CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
"n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);\\n"
"""


@pytest.fixture
def arabic(tmp_path, monkeypatch):
    """Writes an Arabic catalogue that says what a test wants of it."""
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr(messages, "CATALOGUES", tmp_path)
    messages._catalogue.cache_clear()

    def write(*entries: str) -> None:
        (folder / "messages.po").write_text("\n".join([CATALOGUE, *entries]), "utf-8")

    yield write
    messages._catalogue.cache_clear()


def test_a_sentence_has_its_parts():
    assert str(Message(ENGLISH, text="soon", thing="day")) == "'soon' is no day."


def test_parts_are_never_taken_for_patterns():
    assert (
        str(Message("{text}", text="{0} {text.__class__} %s {{7*191}}"))
        == "{0} {text.__class__} %s {{7*191}}"
    )


def test_two_sentences_are_equal_by_what_they_say():
    assert Message("{a}", a=1) == Message("{a}", a=1)
    assert Message("{a}", a=1) != Message("{a}", a=2)
    assert Message("{a}", a=1) != "1"
    assert len({Message("{a}", a=1), Message("{a}", a=1), Message("b")}) == 2


def test_one_is_one_and_the_rest_are_many():
    def counted(count):
        return str(Message("{count} event", plural="{count} events", count=count))

    assert [counted(count) for count in (0, 1, 2)] == ["0 events", "1 event", "2 events"]


def test_a_translation_is_used_and_english_where_there_is_none(arabic):
    arabic(f'msgid "{ENGLISH}"', 'msgstr "«{text}» ليس {thing}."')

    assert Message(ENGLISH, text="x", thing="y").in_language("ar") == "«x» ليس y."
    assert Message("Not there.").in_language("ar") == "Not there."


def test_a_part_that_is_a_sentence_is_translated_too(arabic):
    arabic('msgid "Because: {why}"', 'msgstr "لأن: {why}"', "", 'msgid "cold"', 'msgstr "برد"')

    assert Message("Because: {why}", why=Message("cold")).in_language("ar") == "لأن: برد"


def test_arabic_has_six_plurals(arabic):
    arabic(
        'msgid "{count} event"',
        'msgid_plural "{count} events"',
        *(f'msgstr[{form}] "{form}: {{count}}"' for form in range(6)),
    )

    def counted(count):
        return Message("{count} event", plural="{count} events", count=count).in_language("ar")

    assert [counted(count)[0] for count in (0, 1, 2, 3, 11, 100)] == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    "slip",
    [
        "{txt}",
        "{",
        "}",
        "{}",
        "{0}",
        "{text!z}",
        "{text.nothing}",
        "{text[a]}",
        "{text[9]}",
        "{text:d}",
        "{text:{text}}",
    ],
)
def test_a_broken_translation_never_raises(arabic, slip):
    arabic(f'msgid "{ENGLISH}"', f'msgstr "{slip}"')

    assert Message(ENGLISH, text="x", thing="y").in_language("ar") == "'x' is no y."


@pytest.mark.parametrize("lang", ["", "xx", "../../etc", "ar-SY", "zh-Hans", "c" * 1_000, "ar\x00"])
def test_a_language_nobody_speaks_is_english(lang):
    assert Message("On {day}.", day="Monday").in_language(lang) == "On Monday."


def test_days_are_written_as_the_language_writes_them():
    on = Message("{day}", day=date(2022, 1, 20))

    assert on.in_language("en") == "2022-01-20"
    assert on.in_language("ar") == "20 كانون الثاني 2022"
    assert on.in_language("tr") == "20 Ocak 2022"
    assert on.in_language("xx") == "2022-01-20"


def test_words_that_are_no_sentence_are_said_as_they_are():
    assert say("plain", "ar") == "plain"
    assert say(Message("plain"), "ar") == "plain"


@pytest.mark.parametrize(
    ("lang", "written"),
    [("ar", "rtl"), ("ar-SY", "rtl"), ("ckb", "rtl"), ("kmr", "ltr"), ("en", "ltr"), ("", "ltr")],
)
def test_which_way_a_language_is_written(lang, written):
    assert direction(lang) == written
