"""Recognises place names in Arabic script, which has no capitals: by the gazetteer and the words before.

Knows what is written onto a word ("and", "in"), descriptors, prepositions, and names that are people's.
To teach it a word: data/geoparsing/words.json, a class that begins with "arabic_".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoevents.folding import name_key
from geoevents.gazetteers import KnownNames
from geoevents.gazetteers.known_names import NameFacts
from geoevents.geoparsing.candidates import SITE_KINDS
from geoevents.geoparsing.tokens import Token, tokens_of
from geoevents.geoparsing.toponyms import Span, without_overlaps
from geoevents.geoparsing.word_lists import WordLists, read_word_lists

_IS_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
# "and", "so", then "in", "like", "to", as they are written onto the word after them.
_CLITICS = re.compile("(?:[وف])?(?:[بكل])?")
_MOST_WORDS, _SHORTEST_KEY, _CITY = 5, 3, 100_000
_AREAS = frozenset(("country", "admin1", "area"))
_NO_NAMES = ("arabic_descriptor", "arabic_preposition", "arabic_title", "arabic_word")
_SURE, _LIKELY = 0.95, 0.8


@dataclass(frozen=True, slots=True)
class _Name:
    """Tokens `first` to `last` without `clitic`, and what the gazetteer knows of them."""

    first: int
    last: int
    start: int
    end: int
    clitic: str
    key: str


@dataclass(frozen=True)
class ArabicRecogniser:
    """See geoevents.geoparsing.Recogniser. `lists` is the folder of words, data/geoparsing."""

    names: KnownNames
    lists: Path

    def recognise(self, text: str) -> tuple[Span, ...]:
        if not _IS_ARABIC.search(text):
            return ()
        lists = read_word_lists(self.lists)
        tokens = tokens_of(text, frozenset())
        possible = list(_possible(text, tokens))
        known = self.names.known({name.key for name in possible})
        found: list[tuple[_Name, float]] = []
        ends = -1
        for name in sorted(possible, key=lambda each: (each.first, -each.last, len(each.clitic))):
            facts = known.get(name.key)
            if facts is None or name.first <= ends:
                continue
            follows = bool(found) and _follows(tokens, found[-1][0], name)
            if score := _score(name, facts, tokens, lists, follows_a_place=follows):
                found.append((name, score))
                ends = name.last
        return without_overlaps(Span(name.start, name.end, score) for name, score in found)


def _possible(text: str, tokens: Sequence[Token]) -> Iterator[_Name]:
    """Every run of a few Arabic words, with and without what is written onto the first."""
    for first, token in enumerate(tokens):
        if not token.is_word or not _IS_ARABIC.match(token.text):
            continue
        for last in range(first, min(first + _MOST_WORDS, len(tokens))):
            if last > first and (not tokens[last].is_word or tokens[last].start - tokens[last - 1].end != 1):
                break
            for clitic in _clitics(token.text):
                start = token.start + len(clitic)
                key = name_key(text[start : tokens[last].end])
                if len(key) >= _SHORTEST_KEY:
                    yield _Name(first, last, start, tokens[last].end, clitic, key)


def _clitics(word: str) -> list[str]:
    longest = match.group() if (match := _CLITICS.match(word)) else ""
    lengths = [length for length in range(1, len(longest) + 1) if len(word) - length >= _SHORTEST_KEY]
    return ["", *(longest[:length] for length in lengths)]


def _score(
    name: _Name, facts: NameFacts, tokens: Sequence[Token], lists: WordLists, *, follows_a_place: bool
) -> float:
    """How sure, 0 for not at all: a descriptor before is believed of any name, "in" of a larger place."""
    word = tokens[name.first].folded.removeprefix(name.clitic)
    rest = (tokens[at].folded for at in range(name.first + 1, name.last + 1))
    if word in lists["arabic_preposition"] and all(each in lists["arabic_preposition"] for each in rest):
        return 0.0  # "south west" names no place, though some region far away is called so
    if name.first == name.last and any(word in lists[each] for each in _NO_NAMES):
        return 0.0
    before = tokens[name.first - 1].folded if name.first else ""
    if before in lists["arabic_descriptor"] or _bare(before) in lists["arabic_descriptor"]:
        return _SURE
    # Folded, "on" is a first name.
    is_title = before in lists["arabic_title"] and not tokens[name.first - 1].text.endswith("ى")
    if is_title or name.key in lists["arabic_no_place"]:
        return 0.0
    is_area = bool(facts.kinds & _AREAS)
    if is_area or (facts.has_ours and facts.kinds & SITE_KINDS and name.last > name.first):
        return _SURE
    if name.key in lists["person_key"]:
        return 0.0
    is_large = facts.population >= _CITY or facts.has_ours
    is_led = before in lists["arabic_preposition"] or name.clitic.endswith("ب") or follows_a_place
    is_plain = not name.clitic and name.key not in lists["arabic_everyday_key"]
    return _LIKELY if is_large and (is_led or is_plain) else 0.0


def _bare(word: str) -> str:
    """A word without "and" or "in" before it."""
    match = _CLITICS.match(word)
    return word[match.end() :] if match and len(word) > 4 else word


def _follows(tokens: Sequence[Token], before: _Name, name: _Name) -> bool:
    """A list goes on: only a comma stands between, or "and" is written onto the name."""
    between = tokens[before.last + 1 : name.first]
    return all(token.text in "،,و" for token in between) and (bool(between) or name.clitic.startswith("و"))
