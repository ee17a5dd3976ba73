"""The scripts and the page find every word they say, and no word can break out of its file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from geoevents.cartography import words
from geoevents.cartography.asset_files import OWN

SCRIPTS = sorted(OWN.glob("*.js"))
PAGES = sorted(OWN.glob("*.html"))


def spoken(lang: str) -> dict:
    text = words.script_words(lang).decode()
    return json.loads(re.fullmatch(r"geoeventsWords\((.*)\);\n", text, re.DOTALL)[1])


def test_every_word_a_script_asks_for_is_there():
    asked = {key for script in SCRIPTS for key in re.findall(r'\bt\("(\w+)"', script.read_text("utf-8"))}

    assert len(asked) > 30
    assert asked <= set(spoken("en")["words"])


def test_every_word_the_page_asks_for_is_there():
    asked = {key for page in PAGES for key in re.findall(r"words\.(\w+)", page.read_text("utf-8"))}

    assert len(asked) > 20
    assert asked <= set(words.page_words("en"))


def test_no_word_is_kept_that_nobody_says():
    said = "".join(path.read_text("utf-8") for path in (*SCRIPTS, *PAGES))
    # Said by a key put together at run time: verification, precision.
    built = {
        "unverified",
        "corroborated",
        "verified",
        "disputed",
        "debunked",
        "site",
        "neighbourhood",
        "settlement",
    }

    unsaid = [key for key in spoken("en")["words"] if not re.search(rf'["\.]{key}\b', said)]

    assert set(unsaid) - built == set()


@pytest.mark.parametrize(
    ("lang", "forms"), [("en", {"one", "other"}), ("ar", {"zero", "one", "two", "few", "many", "other"})]
)
def test_a_counted_word_has_every_form_of_its_language(lang, forms):
    assert set(spoken(lang)["words"]["events"]) == forms


def test_what_is_counted_is_left_for_the_script_to_fill_in():
    assert spoken("en")["words"]["events"] == {"one": "{count} event", "other": "{count} events"}


def test_a_reader_of_an_incomplete_language_reads_english_sentences():
    kurmanji = spoken("kmr")

    assert (kurmanji["lang"], kurmanji["labels"], kurmanji["dir"]) == ("en", "kmr", "ltr")
    assert kurmanji["words"] == spoken("en")["words"]


def test_arabic_runs_from_right_to_left_with_the_digits_of_its_sentences():
    assert (spoken("ar")["dir"], spoken("ar")["numbers"]) == ("rtl", "ar-u-nu-latn")


def test_json_in_a_script_can_neither_end_it_nor_break_a_line():
    text = words.script_safe(json.dumps("</script><!-- \u2028\u2029", ensure_ascii=False))

    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == "</script><!-- \u2028\u2029"


def test_the_scripts_are_short_classic_and_never_set_markup():
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 400, path.name
        forbidden = (
            r"(inner|outer|AdjacentHT)HTML|document\.write|\beval\(|^(import|export) |Attribute\(.style"
        )
        assert not re.search(forbidden, text, re.MULTILINE), path.name


def test_no_file_of_ours_names_another_host():
    for path in [*SCRIPTS, *PAGES, *OWN.glob("*.css"), *OWN.glob("*.svg")]:
        hosts = re.findall(r"https?://([\w.-]+)", path.read_text("utf-8"))
        assert set(hosts) <= {"www.w3.org", "example.org"}, Path(path).name
