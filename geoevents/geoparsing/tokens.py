"""The words of a text, each with where it stands and how it is written.

Knows word shapes: capitals, abbreviations, possessives, line breaks. Knows no vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

from geoevents.folding import fold

# Vowel signs and accents stand on letters, but are no letters to `re`.
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670])"
_APOSTROPHE = "['’‘ʿʾʼ`´]"
_TOKEN = re.compile(
    rf"""
      (?P<possessive> (?<=\w)['’][sS]\b )
    | (?P<initials>   (?:[^\W\d_]\.){{2,}}(?![^\W\d_]{{4}}) | [A-Z]\.\ ?[A-Z][a-z]{{1,3}}\.(?!\w) )
    | (?P<word>       {_LETTER}+(?:{_APOSTROPHE}(?![sS]\b){_LETTER}+)* )
    | (?P<number>     \d+(?:[.,]\d+)*(?:st|nd|rd|th\b)? )
    | (?P<line>       [\n\r\x0b\x0c\u2028\u2029][\s]* )
    | (?P<sign>       [^\w\s] | _ )
    """,
    re.VERBOSE,
)
_LONGEST_WORD = 60
_SHORTEST_STEM = 3


class Token(NamedTuple):
    """
    `text[start:end]`. `kind` is possessive, initials, word, number, line (a line break) or sign; `folded` as
    folding.fold has it; `glued` if nothing stands between it and the token before.
    """

    start: int
    end: int
    text: str
    folded: str
    kind: str
    glued: bool

    @property
    def is_capital(self) -> bool:
        return self.kind in ("word", "initials") and self.text[0].isupper()

    @property
    def is_word(self) -> bool:
        return self.kind in ("word", "initials")


def tokens_of(text: str, abbreviations: Container[str], endings: Container[str] = frozenset()) -> list[Token]:
    """
    Every token of a text, in order; the full stop of an abbreviation belongs to it. One of some `endings`
    behind an apostrophe (Turkish "'de") is a possessive of its own.

    >>> [token.text for token in tokens_of("St. Paul's al-Sina’a, U.S.", {"st"})]
    ['St.', 'Paul', "'s", 'al', '-', 'Sina’a', ',', 'U.S.']
    """
    tokens: list[Token] = []
    before = -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if start < before:  # the full stop that an abbreviation took
            continue
        kind = match.lastgroup or "sign"
        written = match.group()
        folded = fold(written[:_LONGEST_WORD]) if kind in ("word", "initials") else written
        if kind == "word" and text[end : end + 1] == "." and folded in abbreviations:
            end, written = end + 1, written + "."
        if kind == "word" and (cut := _ending_at(written, endings)):
            stem, ending = written[:cut], written[cut:]
            tokens.append(Token(start, start + cut, stem, fold(stem), kind, start == before))
            tokens.append(Token(start + cut, end, ending, ending, "possessive", glued=True))
        else:
            tokens.append(Token(start, end, written, folded, kind, start == before))
        before = end
    return tokens


def _ending_at(word: str, endings: Container[str]) -> int:
    """Where an ending behind an apostrophe begins; 0 if the word has none."""
    cut = max(word.rfind("'"), word.rfind("’"))
    return cut if cut >= _SHORTEST_STEM and word[0].isupper() and fold(word[cut + 1 :]) in endings else 0
