"""How many people a sentence says were killed: numbers in figures and words, "at least", "between".

Knows words for the dead, for the wounded and for one or two people. Knows nothing of events.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geoevents.geoparsing.drafting.phrases import Word
from geoevents.geoparsing.drafting.vocabulary import Vocabulary

_FIGURE = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,5}")
_MOST_AWAY = 8
# "Eight people died, two of them nurses": a comma parts a number from what it does not count.
_PARTED = 3
_BETWEEN = frozenset(("between", "بين", "navbera", "from"))
_TO = frozenset(("and", "to", "و", "الى", "u", "ile"))


@dataclass(frozen=True, slots=True)
class Toll:
    """People killed. `high` is None where "at least" leaves it open."""

    low: int | None
    best: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class _Count:
    first: int
    last: int
    low: int
    high: int


def read_toll(words: Sequence[Word], first: int, end: int, vocabulary: Vocabulary) -> Toll | None:
    """The first number of dead in a sentence; None where none is told."""
    named = vocabulary.words
    deaths = [hit.first for hit in named["deaths"].find(words, first, end)]
    if not deaths:
        return None
    wounds = [hit.first for hit in named["wounds"].find(words, first, end)]
    counts = _counts(words, first, end, vocabulary)
    near = [
        (_away(count, at) + _PARTED * _are_parted(count, at, words), count)
        for count in counts
        for at in deaths
        if _away(count, at) <= _MOST_AWAY and not _is_of_wounded(count, at, wounds)
    ]
    if not near:
        return None
    count = min(near, key=lambda each: (each[0], each[1].first))[1]
    around = max(count.first - 4, first), min(count.last + 5, end)
    if count.low != count.high:
        return Toll(count.low, None, count.high)
    if named["at_most"].any(words, around[0], count.first + 1):
        return Toll(None, count.high, count.high)
    if named["at_least"].any(words, *around):
        return Toll(count.low, count.low, None)
    return Toll(count.low, count.low, count.high)


def _is_of_wounded(count: _Count, death: int, wounds: Sequence[int]) -> bool:
    """Whether a word for wounds stands nearer to the number than the word for death, or between the two."""
    low, high = min(count.first, death), max(count.last, death)
    return any(low < wound < high or _away(count, wound) < _away(count, death) for wound in wounds)


def _away(count: _Count, at: int) -> int:
    return count.first - at if at < count.first else at - count.last


def _are_parted(count: _Count, at: int, words: Sequence[Word]) -> bool:
    low, high = min(count.first, at), max(count.last, at)
    return any(words[each].parted for each in range(low + 1, high + 1))


def _counts(words: Sequence[Word], first: int, end: int, vocabulary: Vocabulary) -> list[_Count]:
    found: list[_Count] = []
    at = first
    while at < end:
        count = _range(words, at, end, vocabulary) or _one(words, at, end, vocabulary)
        if count is not None:
            found.append(count)
            at = count.last
        at += 1
    return found


def _range(words: Sequence[Word], at: int, end: int, vocabulary: Vocabulary) -> _Count | None:
    """ "between 3 and 5"."""
    if words[at].folded not in _BETWEEN or at + 3 >= end or words[at + 2].folded not in _TO:
        return None
    low, high = _number(words[at + 1], vocabulary), _number(words[at + 3], vocabulary)
    return _Count(at, at + 3, low, high) if low is not None and high is not None and low <= high else None


def _one(words: Sequence[Word], at: int, end: int, vocabulary: Vocabulary) -> _Count | None:
    number = _number(words[at], vocabulary)
    if number is not None:
        return _Count(at, at, number, number)
    for name, people in (("two_persons", 2), ("one_person", 1)):
        hit = next(vocabulary.words[name].find(words, at, min(at + 4, end)), None)
        if hit is not None and hit.first == at:
            return _Count(at, hit.last, people, people)
    return None


def _number(word: Word, vocabulary: Vocabulary) -> int | None:
    if _FIGURE.fullmatch(word.text) or _FIGURE.fullmatch(word.folded):
        return int(re.sub(r"\D", "", word.folded))
    return next((vocabulary.numbers[form] for form in word.forms if form in vocabulary.numbers), None)
