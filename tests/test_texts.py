"""Which text is kept, which is mended and which is refused."""

from __future__ import annotations

import pytest
from hypothesis import given

from geoevents.errors import BadInput
from geoevents.texts import MOST_MARKS, clean_text
from tests.strategies import PAYLOADS, any_text, typed_text


def clean(text, *, limit=300, multiline=False):
    return clean_text(text, "title", limit=limit, multiline=multiline)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_odd_but_visible_text_is_kept_as_it_is(payload):
    assert clean(payload) == (payload, ())


@given(typed_text)
def test_what_a_person_types_is_kept_word_for_word(text):
    assert clean(text) == (text, ())


@given(any_text)
def test_cleaning_twice_changes_nothing(text):
    try:
        once, _ = clean(text, multiline=True)
    except BadInput:
        return
    assert once is None or clean(once, multiline=True) == (once, ())


@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b", " \u200b\ufeff\n", "\u3164", "\u2800", "\u0301", "\u202e"]
)
def test_what_nobody_can_see_is_nothing(text):
    assert clean(text)[0] is None


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x07b", "a\x1bb", "a\x7fb", "a\x85b", "a\ufffeb", "\ud800", "a\udfffb"]
)
@pytest.mark.parametrize("multiline", [True, False])
def test_control_and_half_characters_are_refused_with_their_place(text, multiline):
    with pytest.raises(BadInput, match=r"^title holds .*U\+[0-9A-F]{4}") as caught:
        clean(text, multiline=multiline)

    assert caught.value.field == "title"


@pytest.mark.parametrize("turning", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_marks_that_turn_text_are_taken_out_and_it_is_said(turning):
    text, notes = clean(f"good{turning}evil")

    assert text == "goodevil"
    assert [str(note) for note in notes] == [
        "Invisible marks that turn the direction of text were removed from title."
    ]


def test_marks_that_arabic_and_emoji_need_are_kept():
    for text in ("می\u200cخواهم", "a\u200eb", "👩\u200d🚒", "العَرَبِيَّة"):
        assert clean(text) == (text, ())


def test_line_ends_are_one_kind():
    assert clean("a\r\nb\rc\u2028d", multiline=True) == ("a\nb\nc\nd", ())


def test_a_line_is_one_line():
    text, notes = clean("a\r\n\t b\u2029c")

    assert text == "a b c"
    assert [str(note) for note in notes] == ["Line breaks in title became spaces."]


def test_piled_marks_are_refused_but_not_those_of_a_language():
    assert clean("a" + "\u0301" * MOST_MARKS)[0] is not None
    for piled in ("a" + "\u0301" * 1_000, "a" + "\u0301\u200d" * 20):
        with pytest.raises(BadInput, match="title piles more than 10 marks on a letter at position"):
            clean(piled, limit=5_000)


def test_too_long_says_how_long_and_how_long_it_may_be():
    with pytest.raises(BadInput, match=r"^title has 301 characters; 300 are the most\. Shorten it\.$"):
        clean("x" * 301)

    assert clean("  " + "x" * 300 + "  ") == ("x" * 300, ())


@pytest.mark.parametrize("value", [5, True, ["a"], {"a": 1}, b"a"])
def test_what_is_not_text_is_refused(value):
    with pytest.raises(BadInput, match="title must be text"):
        clean(value)
