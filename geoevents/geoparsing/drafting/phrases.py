"""Phrases as a team writes them in a file, found among the words of a text in one pass.

Knows "|" (either word), "_" (words of one such), "*" (the word begins or ends so), "=" (exactly so spelt),
".." (up to eight words between) and what Arabic writes onto a word. Knows no vocabulary and no meaning.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, NamedTuple, TypeVar

from geoevents.folding import fold
from geoevents.geoparsing.tokens import Token, tokens_of

GAP = ".."
_MOST_BETWEEN = 8
_SHORTEST_STEM, _LONGEST_ENDING = 2, 6
_IS_ARABIC = re.compile("[\u0620-\u064a]")
# "and", "so"; then "in", "like", "to", "for the"; then the article: as they are written onto a word.
_AND, _IN, _ARTICLES = "وف", "بلك", ("ال", "بال", "كال", "لل")
_JOINS = frozenset("-‐‑–'’‘\"“”«»()/")

Payload = TypeVar("Payload")


class Word(NamedTuple):
    """
    A word or number of a text, `text[start:end]`; `forms` are its folded spellings, with and without what is
    written onto it. `parted` if a comma or the like stands before it.
    """

    start: int
    end: int
    text: str
    forms: tuple[str, ...]
    parted: bool

    @property
    def folded(self) -> str:
        return self.forms[0]


class Hit(NamedTuple, Generic[Payload]):
    """Words `first` to `last` say the phrase that `payload` belongs to."""

    first: int
    last: int
    payload: Payload


def words_of(
    text: str, abbreviations: Container[str], endings: Container[str]
) -> tuple[list[Word], list[Token]]:
    """The words of a text, and all its tokens."""
    words: list[Word] = []
    tokens = tokens_of(text, abbreviations, endings)
    parted = True
    for token in tokens:
        if token.is_word or token.kind == "number":
            folded = fold(token.text) if token.kind == "number" else token.folded
            words.append(Word(token.start, token.end, token.text, _forms(folded), parted))
            parted = False
        elif token.kind == "line" or (token.kind == "sign" and token.text not in _JOINS):
            parted = True
    return words, tokens


def _forms(folded: str) -> tuple[str, ...]:
    """
    >>> _forms("وبالمدفعيه")
    ('وبالمدفعيه', 'بالمدفعيه', 'المدفعيه', 'مدفعيه')
    """
    if not _IS_ARABIC.match(folded):
        return (folded,)
    forms = [folded]
    if folded[0] in _AND and len(folded) > 3:
        forms.append(folded[1:])
    for form in tuple(forms):
        for article in _ARTICLES:
            if form.startswith(article) and len(form) > len(article) + 2:
                if article != "ال":
                    forms.append("ال" + form[len(article) :])
                forms.append(form[len(article) :])
        if form[0] in _IN and len(form) > 3 and not form.startswith(_ARTICLES):
            forms.append(form[1:])
    return tuple(dict.fromkeys(forms))


@dataclass(frozen=True, slots=True)
class _Element:
    """One word of a phrase: any of `exact` or `written`, or what begins or ends so. Nothing of all: a gap."""

    exact: frozenset[str]
    written: frozenset[str]
    begins: tuple[str, ...]
    ends: tuple[str, ...]

    def fits(self, word: Word) -> bool:
        if self.written and word.text.lower() in self.written:
            return True
        return any(
            form in self.exact
            or form.startswith(self.begins or ("\0",))
            or form.endswith(self.ends or ("\0",))
            for form in word.forms
        )


_ANYTHING = _Element(frozenset(), frozenset(), (), ())


class Phrases(Generic[Payload]):
    """Many phrases, each with what it stands for."""

    def __init__(self, phrases: Iterable[tuple[str, Payload]]) -> None:
        self._by_word: dict[str, list[tuple[tuple[_Element, ...], Payload]]] = {}
        self._by_stem: dict[str, list[tuple[tuple[_Element, ...], Payload]]] = {}
        self._by_ending: dict[str, list[tuple[tuple[_Element, ...], Payload]]] = {}
        for phrase, payload in phrases:
            for elements in _compiled(phrase):
                entry = (elements, payload)
                for table, keys in (
                    (self._by_word, {*elements[0].exact, *map(fold, elements[0].written)}),
                    (self._by_stem, elements[0].begins),
                    (self._by_ending, elements[0].ends),
                ):
                    for key in keys:
                        table.setdefault(key, []).append(entry)

    def find(self, words: Sequence[Word], first: int, end: int) -> Iterator[Hit[Payload]]:
        """Every phrase that the words `first` to before `end` say, by where it begins."""
        for at in range(first, end):
            seen: set[int] = set()
            for form in words[at].forms:
                for entry in self._beginning(form):
                    if id(entry) not in seen:
                        seen.add(id(entry))
                        if (
                            entry[0][0].fits(words[at])
                            and (last := _last(entry[0], words, at, end)) is not None
                        ):
                            yield Hit(at, last, entry[1])

    def any(self, words: Sequence[Word], first: int, end: int) -> bool:
        return next(self.find(words, first, end), None) is not None

    def _beginning(self, form: str) -> Iterator[tuple[tuple[_Element, ...], Payload]]:
        yield from self._by_word.get(form, ())
        if self._by_stem:
            for length in range(_SHORTEST_STEM, len(form) + 1):
                yield from self._by_stem.get(form[:length], ())
        if self._by_ending:
            for length in range(_SHORTEST_STEM, min(len(form), _LONGEST_ENDING) + 1):
                yield from self._by_ending.get(form[-length:], ())


def longest(hits: Iterable[Hit[Payload]]) -> list[Hit[Payload]]:
    """In the order of the text, of hits that overlap the longest one."""
    kept: list[Hit[Payload]] = []
    for hit in sorted(hits, key=lambda each: (each.first, -each.last)):
        if not kept or hit.first > kept[-1].last:
            kept.append(hit)
    return kept


def _last(elements: Sequence[_Element], words: Sequence[Word], at: int, end: int) -> int | None:
    """The last word of the phrase whose first stands `at`, or None if what follows is not the phrase."""
    is_after_gap = False
    for element in elements[1:]:
        if element is _ANYTHING:
            is_after_gap = True
            continue
        reach = min(at + 2 + (_MOST_BETWEEN if is_after_gap else 0), end)
        found = next((each for each in range(at + 1, reach) if element.fits(words[each])), None)
        if found is None or (not is_after_gap and words[found].parted):
            return None
        at, is_after_gap = found, False
    return at


def _compiled(phrase: str) -> Iterator[tuple[_Element, ...]]:
    """A phrase, or several where one of its alternatives has more words than one."""
    choices: list[list[tuple[_Element, ...]]] = []
    for written in phrase.split():
        if written == GAP:
            choices.append([(_ANYTHING,)])
            continue
        single: list[str] = []
        several: list[str] = []
        for alternative in written.split("|"):
            (several if " " in fold(alternative.replace("_", " ")) else single).append(alternative)
        choices.append([(_element(single),)] if single else [])
        choices[-1] += [tuple(_element([word]) for word in _parts(each)) for each in several]
    for chosen in product(*choices):
        yield tuple(element for part in chosen for element in part)


def _parts(alternative: str) -> list[str]:
    """ "hat*_girtin" as its words, and "sit-in" as what it folds to."""
    return alternative.split("_") if "_" in alternative else fold(alternative).split()


def _element(alternatives: Sequence[str]) -> _Element:
    plain = [fold(each) for each in alternatives if "*" not in each and not each.startswith("=")]
    written = [each[1:].lower() for each in alternatives if each.startswith("=")]
    begins = [fold(each.rstrip("*")) for each in alternatives if each.endswith("*")]
    ends = [fold(each.lstrip("*")) for each in alternatives if each.startswith("*")]
    return _Element(frozenset(plain), frozenset(written), tuple(begins), tuple(ends))


def is_phrase(written: object) -> bool:
    """
    Whether this can be looked for: words, neither beginning nor ending with a gap.

    >>> is_phrase("fired .. shells|rockets"), is_phrase(".. fell"), is_phrase("")
    (True, False, False)
    """
    if not isinstance(written, str) or not (parts := written.split()):
        return False
    if GAP in (parts[0], parts[-1]):
        return False
    # A stem of one letter, at the beginning, would be found everywhere.
    if any(len(fold(each)) <= _SHORTEST_STEM - 1 for each in parts[0].split("|") if "*" in each):
        return False
    return all(part == GAP or all(fold(each) for each in part.split("|")) for part in parts)


def of_languages(raw: Mapping[str, Sequence[str]], langs: Container[str] | None = None) -> list[str]:
    """The phrases of a file's {language: [phrase]} in some languages, or in all."""
    return [phrase for lang, phrases in raw.items() if langs is None or lang in langs for phrase in phrases]
