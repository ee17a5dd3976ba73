"""Reads how a phrase ties a place to others: so far from one, a side of it, between two, along a border.

Knows the words of data/gazetteer/relations.json and the orders they come in. Knows no places: which reading
of a phrase holds is known only when its names are looked up (relations.py).
To add a word: in that file. To add an order of words: a row in _ORDERS, and a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from geoevents.folding import fold
from geoevents.gazetteers.winds import together

# Kinds of words, a letter each, so that the order they come in can be read by a regular expression.
_LETTERS = {
    "about": "~", "away": "a", "of": "o", "filler": "t", "between": "B", "and": "&", "from": "F", "to": "T",
    "road": "R", "countryside": "C", "along": "L", "near": "P", "border": "S", "nothing": "x",
}  # fmt: skip
_FORMS = {"noun": "D", "genitive": "G", "possessive": "E", "adjective": "J"}
_NUMBER, _UNIT, _OTHER = "N", "U", "x"
_KILOMETRES_AT_MOST = 100_000

_TOKEN = re.compile(
    r"\d{1,3}(?:[,٬\u00a0\u202f]\d{3})+(?!\d)(?:[.٫]\d+)?|\d+(?:[.,٫]\d+)?|[^\W\d_](?:[^\s\d,;،؛()\[\]/–—\-]|\d)*"
)
_IN_OTHER_UNITS = re.compile(r"[(\[][^()\[\]]*\d[^()\[\]]*[)\]]")
# Endings after an apostrophe, English and Turkish: "X's", "X'in", "X'den".
_ENDING = re.compile(r"['’](?:s|n[iıuü]n|[iıuü]n|[dt][ea]n?|y?[eaiıuü])$")
_THOUSANDS = re.compile(r"(\d{1,3})\s(\d{3})")
# A dash between two numbers is a range, before a space a bullet, within a word a hyphen; else it is a minus.
_MINUS = re.compile(r"(?:^\s*|[^\w\s]\s*|[^\W\d]\s+)[-−–﹣－]$")
_EDGES = " \t\n.,;:،؛-–—'\"«»“”"

_ORDERS: tuple[tuple[str, str], ...] = (
    # 5 km to the west of X; on X's other side the number comes last, or the direction does.
    ("offset", r"(?P<head>.*?)[~LtTP]*(?P<n>N{1,2})U[tTa~]*(?P<w>[DGJ]+)[toF]*(?P<x>.+)"),
    ("offset", r"(?P<x>.+?)[t~]*(?P<n>N{1,2})U(?P<w>E+)t*"),
    ("offset", r"(?P<x>.+?)(?P<w>E+)[~t]*(?P<n>N{1,2})Ua*"),
    ("offset", r"[Lt]*(?P<w>[DG]+)[toF]*(?P<x>.+?)[~tF]*(?P<n>N{1,2})U"),
    ("offset", r"(?P<head>.*?)[~LtT]*(?P<n>N{1,2})Ua*[toFaP]+(?P<x>.+)"),
    ("offset", r"(?P<x>.+?)[t~]*(?P<n>N{1,2})Ua+"),
    # The road from X to Y, the X-Y road.
    ("road", r"[Lt]*R[LtF]*[BF]t*(?P<x>.+?)[&T]+t*(?P<y>.+)"),
    ("road", r"[Lt]*(?P<x>.+?)[&T]+(?P<y>.+?)B?R[tL]*"),
    ("road", r"[Lt]*(?P<xy>.+?)R[tL]*"),
    ("road", r"[Lt]*R[to]*(?P<x>.+?)[&T]+t*(?P<y>.+)"),
    ("road", r"[Lt]*R[to]*(?P<xy>.+)"),
    ("border", r"(?P<a>.*?)S(?P<b>.*)"),
    ("along", r"[Lt]*(?P<line>.+?)[Lt]*B[t]*(?P<x>.+?)&+t*(?P<y>.+?)[t]*"),
    ("between", r"(?P<head>.*?)[Lt]*Bt*(?P<x>.+?)&+t*(?P<y>.+?)t*"),
    ("between", r"(?P<x>.+?)&(?P<y>.+?)B"),
    ("countryside", r"[Lt]*(?P<w>[DGJ]+)[to]*C[to]*(?P<x>.+)"),
    ("countryside", r"[Lt]*C[to]*(?P<w>[DGJ]+)[to]*(?P<x>.+)"),
    ("countryside", r"[Lt]*C[to]*(?P<x>.+?)t*(?P<w>[GJ]+)"),
    ("countryside", r"(?P<x>.+?)t*(?P<w>[DGJE]+)[to]*C"),
    ("countryside", r"[Lt]*(?P<w>[DJ]+)(?P<x>.+)C"),
    ("along", r"[Lt]*(?P<line>.+?)[Lt]*P[t]*(?P<x>.+)"),
    ("side", r"[Lt]*(?P<w>[DG]+)t*[oF]+t*(?P<x>.+)"),
    ("side", r"[Lt]*(?P<w>G+)t*(?P<x>.+)"),
    ("side", r"(?P<x>.+?)(?P<w>E+)t*"),
    ("part", r"[Lt]*(?P<w>[DJ]+)[to]*(?P<x>.+)"),
    ("along", r"[Lt]*L[t]*(?P<line>.+)"),
    ("along", r"(?P<line>.+)L"),
)  # fmt: skip
_COMPILED = tuple((verb, re.compile(order)) for verb, order in _ORDERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """
    One way to read a phrase. `verb` is offset, road, border, along, between, countryside, side or part (a
    side of it, or of the land around it); `names` are as written; `head` is what comes before: a place by
    itself; `pairs` are the ways in which two names can be parted, the likeliest first; `countries` are codes.
    """

    verb: str
    names: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    head: str = ""
    wind: str | None = None
    metres: int | None = None
    countries: tuple[str, ...] = ()


class _Word(NamedTuple):
    letter: str
    value: Any
    start: int
    end: int


class RelationWords:
    """Every word of a relations.json, folded, in all languages at once."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw

    def readings(self, text: str) -> Iterator[Phrase]:
        """Every way a phrase can be read as a relation, the likeliest first; none for a plain name."""
        folded = set(fold(text).split())
        if not (folded & self._triggers or any(word[0].isdecimal() for word in folded)):
            return
        text = _IN_OTHER_UNITS.sub(lambda aside: " " * len(aside[0]), text)
        for words in self._parted(text):
            letters = "".join(word.letter for word in words)
            for verb, order in _COMPILED:
                match = order.fullmatch(letters)
                if match and (phrase := self._phrase(verb, match, words, text)):
                    yield phrase

    def marked(self, text: str) -> list[tuple[str, int, int]]:
        """The words of a text: the letter of their kind, x for words of none, and where they stand."""
        tokens = [match.span() for match in _TOKEN.finditer(text)]
        return [(word.letter, word.start, word.end) for word in self._words(text, tokens)]

    @property
    def people_words(self) -> frozenset[str]:
        """The words that countries and their people are called by at a border."""
        return frozenset(word for words in self._peoples for word in words)

    def without_case(self, name: str) -> Iterator[str]:
        """A name without what its case adds before or after it, in each way that leaves three letters."""
        for side, taken in (("before", str.removeprefix), ("after", str.removesuffix)):
            for endings in self.raw.get("cases", {}).get(side, {}).values():
                bare = (taken(name, ending) for ending in endings)
                yield from (each for each in bare if each != name and len(each) > 2)

    def _parted(self, text: str) -> Iterator[list[_Word]]:
        """The words of a text; where no "and" is, also with an Arabic one parted from the word after it."""
        tokens = [(match.start(), match.end()) for match in _TOKEN.finditer(text)]
        words = self._words(text, tokens)
        yield words
        if any(word.letter == "B" for word in words) and not any(word.letter == "&" for word in words):
            for at, (start, end) in enumerate(tokens):
                if text[start] == "و" and end - start > 3 and at:
                    yield self._words(
                        text, [*tokens[:at], (start, start + 1), (start + 1, end), *tokens[at + 1 :]]
                    )

    def _words(self, text: str, tokens: Sequence[tuple[int, int]]) -> list[_Word]:
        keys = [tuple(fold(text[start:end]).split()) for start, end in tokens]
        words: list[_Word] = []
        at = 0
        while at < len(tokens):
            start, end = tokens[at]
            if text[start].isdecimal():
                sign = -1 if _MINUS.search(text, max(0, start - 9), start) else 1
                words.append(_Word(_NUMBER, sign * _number(text[start:end]), start, end))
                at += 1
                continue
            reach = range(min(self._longest, len(tokens) - at), 0, -1)
            length = next((n for n in reach if sum(keys[at : at + n], ()) in self._known), 0)
            letter, value = self._known[sum(keys[at : at + length], ())] if length else (_OTHER, None)
            at += length or 1
            words.append(_Word(letter, value, start, tokens[at - 1][1]))
        return words

    def _phrase(self, verb: str, match: re.Match[str], words: Sequence[_Word], text: str) -> Phrase | None:
        def words_of(group: str) -> Sequence[_Word]:
            return words[slice(*match.span(group))] if group in match.groupdict() else ()

        def text_of(group: str) -> str:
            span = words_of(group)
            return _tidy(text[span[0].start : span[-1].end]) if span else ""

        if verb == "border":
            return self._at_border(words_of("a"), words_of("b"), text)
        wind = together([word.value for word in words_of("w")])
        if words_of("w") and wind is None:
            return None
        metres = self._metres(words, match, text) if words_of("n") else None
        if words_of("n") and metres is None:
            return None
        names = tuple(name for group in ("line", "x", "y") if (name := text_of(group)))
        pairs = tuple(_pairs(words_of("xy"), text))
        if not (names or pairs):
            return None
        return Phrase(verb=verb, names=names, pairs=pairs, head=text_of("head"), wind=wind, metres=metres)

    def _metres(self, words: Sequence[_Word], match: re.Match[str], text: str) -> int | None:
        """The distance, the middle of two; None where it is nothing that could be drawn."""
        first, last = match.span("n")
        numbers = [word.value for word in words[first:last]]
        if last - first > 1 and not text[words[first].end : words[first + 1].start].strip():
            said = _THOUSANDS.fullmatch(text, words[first].start, words[first + 1].end)
            numbers = [float(said[1] + said[2])] if said else []
        if not numbers or min(numbers) < 0:
            return None
        metres = round(sum(numbers) / len(numbers) * words[last].value)
        return metres if 0 < metres <= _KILOMETRES_AT_MOST * 1000 else None

    def _at_border(self, before: Sequence[_Word], after: Sequence[_Word], text: str) -> Phrase | None:
        """Which countries' border, and near what: "the Syrian-Turkish border near X"."""
        countries: list[str] = []
        rest: list[_Word] = []
        for words in (before, after):
            at = 0
            while at < len(words):
                code, length = self._people(words[at:], text)
                if code:
                    countries.append(code)
                elif words[at].letter == _OTHER or rest:
                    rest.append(words[at])
                at += length or 1
        measured = (
            round(one.value * unit.value)
            for one, unit in pairwise(before)
            if one.letter + unit.letter == _NUMBER + _UNIT
        )
        near = _tidy(text[rest[0].start : rest[-1].end]) if rest else ""
        countries = list(dict.fromkeys(countries))
        if len(countries) > 2 or not (countries or near):
            return None
        return Phrase(
            verb="border",
            names=(near,) if near else (),
            countries=tuple(countries),
            metres=next(measured, None),
        )

    def _people(self, words: Sequence[_Word], text: str) -> tuple[str | None, int]:
        for length in (2, 1):
            said = " ".join(fold(text[word.start : word.end]) for word in words[:length])
            for known in (said, said.removeprefix("و"), said.removeprefix("ل")):
                if code := self._peoples.get(tuple(known.split())):
                    return code, length
        return None, 0

    @cached_property
    def _known(self) -> dict[tuple[str, ...], tuple[str, Any]]:
        """Folded words -> their letter, and what they are worth."""
        known: dict[tuple[str, ...], tuple[str, Any]] = {}
        for name, by_language in self.raw.get("words", {}).items():
            known |= dict.fromkeys(_folded(by_language), (_LETTERS[name], None))
        for wind, forms in self.raw.get("winds", {}).items():
            for form, by_language in forms.items():
                known |= dict.fromkeys(_folded(by_language), (_FORMS[form], wind))
        for metres, by_language in self.raw.get("units", {}).items():
            known |= dict.fromkeys(_folded(by_language), (_UNIT, float(metres)))
        return known

    @cached_property
    def _peoples(self) -> dict[tuple[str, ...], str]:
        by_code = self.raw.get("peoples", {})
        return {words: code for code, by_language in by_code.items() for words in _folded(by_language)}

    @cached_property
    def _triggers(self) -> set[str]:
        """Words without which no phrase is a relation: it spares names the reading of them."""
        telling = set("BRSCLPDGEJ")
        return {word for words, (letter, _) in self._known.items() if letter in telling for word in words}

    @cached_property
    def _longest(self) -> int:
        return max((len(words) for words in self._known), default=0)


def _folded(by_language: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    for phrases in by_language.values():
        yield from (tuple(fold(phrase).split()) for phrase in phrases)


def _number(text: str) -> float:
    """
    A number as written: a comma before three digits parts thousands, any other is a decimal one.

    >>> _number("5,000"), _number("2,5"), _number("١٠")
    (5000.0, 2.5, 10.0)
    >>> _number("1,500.5")
    1500.5
    """
    parted = re.fullmatch(r"(\d{1,3}(?:[,٬\u00a0\u202f]\d{3})+)(?:[.٫](\d+))?", text)
    if parted:
        return float(re.sub(r"\D", "", parted[1]) + "." + (parted[2] or "0"))
    return float(text.replace(",", ".").replace("٫", "."))


def _pairs(words: Sequence[_Word], text: str) -> Iterator[tuple[str, str]]:
    """Two names that nothing but a dash or a space parts, at each place in turn, dashes first."""

    def loose(at: int) -> tuple[int, int]:
        gap = text[words[at - 1].end : words[at].start]
        is_dash = any(dash in gap for dash in "-–—/")
        return (0 if is_dash and gap != "-" else 1 if is_dash else 2, abs(2 * at - len(words)))

    for at in sorted(range(1, len(words)), key=loose):
        one, other = words[:at], words[at:]
        yield _tidy(text[one[0].start : one[-1].end]), _tidy(text[other[0].start : other[-1].end])


def _tidy(name: str) -> str:
    return _ENDING.sub("", name.strip(_EDGES)).strip(_EDGES)
