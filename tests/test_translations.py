"""Every sentence is said in every complete language, with the same parts, in other words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from geoevents.messages import CATALOGUES, COMPLETE_LANGUAGES
from tools.translations import PACKAGE, collect

TRANSLATED = [lang for lang in COMPLETE_LANGUAGES if lang != "en"]
# The same in both: the names of formats and programs.
MAY_BE_EQUAL = {"CSV", "GeoJSON", "Python {version}"}
_PART = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
_LETTERS = {"ar": re.compile(r"[\u0600-\u06ff]")}


def catalogue(lang: str) -> Catalog:
    with _path(lang).open("rb") as file:
        return read_po(file, locale=lang)


def _path(lang: str) -> Path:
    return CATALOGUES / lang / "LC_MESSAGES" / "messages.po"


def sentences(lang: str) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """(entry, the English forms, the translated forms)"""
    for entry in catalogue(lang):
        if entry.id:
            yield entry, _forms(entry.id), _forms(entry.string)


def _forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_sentence_of_the_code_is_there(lang: str) -> None:
    wanted = {_forms(entry.id)[0] for entry in collect(PACKAGE) if entry.id}

    assert wanted == {english[0] for _, english, _ in sentences(lang)}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_sentence_has_words_in_every_form(lang: str) -> None:
    forms = catalogue(lang).num_plurals

    assert [english[0] for _, english, said in sentences(lang) if not all(said)] == []
    assert {len(said) for _, english, said in sentences(lang) if len(english) > 1} == {forms}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_sentence_is_left_in_english(lang: str) -> None:
    with_words = [(english, said) for _, english, said in sentences(lang) if _says_something(english)]
    equal = [english for english, said in with_words if set(english) & set(said)]
    unlettered = [english for english, said in with_words if not all(map(_LETTERS[lang].search, said))]

    assert equal == []
    assert unlettered == []


def _says_something(english: tuple[str, ...]) -> bool:
    """Whether there are words beside the parts: "{first} – {last}" has none."""
    return english[0] not in MAY_BE_EQUAL and bool(re.search(r"[A-Za-z]{2}", _PART.sub("", english[0])))


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_translation_has_the_parts_of_its_sentence(lang: str) -> None:
    wrong = []
    for _, english, said in sentences(lang):
        # "{count}" may be left out of a form that says the number in a word: "حدثان".
        wanted = {part for form in english for part in _PART.findall(form)}
        spare = {"count"} if len(english) > 1 else set()
        for form in said:
            found = set(_PART.findall(form))
            if not wanted - spare <= found <= wanted:
                wrong.append((english[0], form))

    assert wrong == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_nothing_is_marked_as_guessed(lang: str) -> None:
    assert [entry.id for entry, _, _ in sentences(lang) if entry.fuzzy] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_the_file_says_that_no_native_speaker_has_read_it(lang: str) -> None:
    assert "Not yet read by a native speaker" in _path(lang).read_text("utf-8").split("msgid", maxsplit=1)[0]
