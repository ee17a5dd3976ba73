"""The Arabic sentences read from right to left, count as Arabic counts, and leave alone what is typed."""

from __future__ import annotations

import gettext
import json
import re

import pytest
from babel import Locale

from geoevents.cartography.words import script_words
from geoevents.event_types import load_taxonomy
from geoevents.messages import Message
from tests.conftest import ROOT
from tests.test_translations import catalogue, sentences

LABELLED = {"en", "ar", "kmr", "tr"}
SOME_COUNTS = range(300)
OPEN, SHUT = "\u2068", "\u2069"
# `commands`, field_names, SETTINGS_OF_OURS and --options stay as somebody types them.
TYPED = re.compile(r"`[^`]+`|\b[a-z]+(?:_[a-z]+)+\b|\b[A-Z]+(?:_[A-Z]+)+\b|--[a-z]+")
PART = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def said():
    """Every Arabic form of every sentence."""
    return [form for _, _, forms in sentences("ar") for form in forms]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "لا أحداث"),
        (1, "حدث واحد"),
        (2, "حدثان"),
        (3, "3 أحداث"),
        (10, "10 أحداث"),
        (11, "11 حدثًا"),
        (99, "99 حدثًا"),
        (100, "100 حدث"),
        (103, "103 أحداث"),
    ],
)
def test_events_are_counted_as_arabic_counts(count, words):
    assert Message("{count} event", plural="{count} events", count=count).in_language("ar") == words


def test_forms_are_chosen_as_unicode_chooses_them():
    category = Locale.parse("ar").plural_form
    choose = gettext.c2py(catalogue("ar").plural_expr)

    pairs = {(choose(count), category(count)) for count in SOME_COUNTS}

    assert len(pairs) == len({form for form, _ in pairs}) == catalogue("ar").num_plurals == 6


def test_a_form_without_its_number_stands_for_one_number_alone():
    choose = gettext.c2py(catalogue("ar").plural_expr)
    forms = [choose(count) for count in SOME_COUNTS]

    numberless = {
        form
        for _, english, arabic in sentences("ar")
        if len(english) > 1
        for form, words in enumerate(arabic)
        if "{count}" not in words
    }

    assert numberless == {0, 1, 2}
    assert all(forms.count(form) == 1 for form in numberless)


def test_the_scripts_of_the_map_get_every_form():
    script = script_words("ar").decode()
    words = json.loads(script[script.index("(") + 1 : script.rindex(")")])["words"]

    counted = [set(each) for each in words.values() if isinstance(each, dict)]

    assert counted
    assert all(each == {"zero", "one", "two", "few", "many", "other"} for each in counted)


def test_what_is_typed_stays_as_it_is():
    lost = {
        (english[-1], name)
        for _, english, arabic in sentences("ar")
        for name in TYPED.findall(PART.sub(" ", english[-1]))
        if not all(name in words for words in arabic)
    }

    assert lost == set()


def test_what_turns_the_direction_turns_it_back(said):
    marks = [[mark for mark in words if mark in OPEN + SHUT] for words in said]

    assert marks == [[OPEN, SHUT] * words.count(OPEN) for words in said]


def test_days_and_options_keep_their_order(said):
    # After Arabic letters 2024-05-01 would be shown as 01-05-2024, and --json as json-- (UAX 9, W2 and N1).
    apart = re.compile(f"{OPEN}[^{SHUT}]*{SHUT}|`[^`]*`")

    loose = [words for words in said if re.search(r"\d{4}-\d\d-\d\d|(?<!\w)--?\w", apart.sub("", words))]

    assert loose == []


def test_paths_and_coordinates_keep_theirs(said):
    kept = re.compile(f"{OPEN}[^{SHUT}]*\\{{(path|lon|lat|url)\\}}[^{SHUT}]*{SHUT}")
    wanted = re.compile(r"\{(path|url)\}|\{lon\}, \{lat\}")

    assert [words for words in said if wanted.search(words) and not kept.search(words)] == []


def test_punctuation_is_arabic_and_nobody_shouts(said):
    foreign = re.compile("!|[\u0621-\u064a][,;?]|[\u0660-\u0669]")

    assert [words for words in said if foreign.search(words)] == []


def test_every_type_has_a_label_in_every_language():
    file = ROOT / "data" / "event_types.json"
    labels = {each["code"]: each["labels"] for each in json.loads(file.read_text("utf-8"))["event_types"]}

    lacking = {code for code, known in labels.items() if not all(known.get(lang) for lang in LABELLED)}

    assert set(labels) == set(load_taxonomy(file).by_code)
    assert lacking == set()


def test_every_main_type_is_explained_in_arabic():
    taxonomy = load_taxonomy(ROOT / "data" / "event_types.json")

    assert [each.code for each in taxonomy if each.explanation("ar")[1] != "ar"] == []
    assert {each.explanation("tr") for each in taxonomy} == {
        (f"{each.definition} {each.not_this}", "en") for each in taxonomy
    }
