"""The words right around the names of a running text that tie them to a place: what to read as one phrase.

Knows where such words begin and end, and puts a stand-in for each name. Knows no places: what a phrase means,
with the stand-ins pinned to places, is search.py's and relations.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from geoevents.folding import fold
from geoevents.gazetteers.descriptors import Vocabulary
from geoevents.gazetteers.relation_phrases import RelationWords

# Words of no language of ours, that no article, ending or descriptor can be taken from.
STAND_INS = ("qxqone", "qxqtwo")
_REACH, _MOST_WORDS, _MOST_BETWEEN = 100, 8, 6
_STOP = re.compile(r"[;:!?؛\n\r()\[\]{}\"«»“”]|[.,،](?!\d)")
_GLUED = re.compile(r"['’]?[^\W\d_]+")
_HEAD = re.compile(r"\s*[,،(]?\s*")
_TELLING, _LINKING = frozenset("BRSCLPDGEJN"), frozenset("BRSLP")
_OTHER, _NEAR = "x", "P"
# In Arabic these stand before their name, so that what follows a name begins the phrase of the next.
_LEADING, _ARABIC = frozenset("BRSCLPDGE"), re.compile("[\u0620-\u06d3]")
_EFFECTS = frozenset(("around", "district", "near", "relative"))

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tied:
    """
    What may be said of the names `numbers` (one, or two that belong together), by their order in the text.
    `phrases` are the ways to cut it out of the text, the longest first, each with STAND_INS for the names.
    `head` is the name right before it, of which it may say where that one lies.
    """

    numbers: tuple[int, ...]
    phrases: tuple[str, ...]
    head: int | None = None


@dataclass(frozen=True)
class Reader:
    """The words that may stand in such a phrase: those of relations, of kinds of places, of peoples."""

    relations: RelationWords
    vocabulary: Vocabulary

    def read(self, text: str, names: Sequence[Pair]) -> Iterator[Tied]:
        """What ties the names of a text, given where they stand, in order; two together before each alone."""
        for at, (start, end) in enumerate(names):
            floor = names[at - 1][1] if at else 0
            ceiling = names[at + 1][0] if at + 1 < len(names) else len(text)
            before = self._before(text, floor, start)
            if at + 1 < len(names) and (phrases := self._of_two(text, names, at, before)):
                yield Tied((at, at + 1), phrases)
            glue, behind = self._behind(text, end, ceiling)
            if phrases := self._cut(before, f"{STAND_INS[0]}{glue}", behind, _TELLING):
                head = at - 1 if at and before and _HEAD.fullmatch(text, floor, before.start) else None
                yield Tied((at,), phrases, head)

    def _of_two(self, text: str, names: Sequence[Pair], at: int, before: _Run) -> tuple[str, ...]:
        end, start = names[at][1], names[at + 1][0]
        between = text[end:start]
        if len(between) > _REACH or _STOP.search(between):
            return ()
        glue = match.group() if (match := _GLUED.match(between)) else ""
        words = self._run(between[len(glue) :], len(text), from_end=False)
        if words.left_out or len(words.edges) > _MOST_BETWEEN or not between.strip():
            return ()
        ceiling = names[at + 2][0] if at + 2 < len(names) else len(text)
        other_glue, behind = self._behind(text, names[at + 1][1], ceiling)
        link = self._led(between)
        middle = f"{STAND_INS[0]}{link}{STAND_INS[1]}{other_glue}"
        return self._cut(before, middle, behind, _LINKING, telling=words.letters & _LINKING)

    def _cut(
        self,
        before: _Run,
        middle: str,
        behind: _Run,
        wanted: frozenset[str],
        telling: frozenset[str] = frozenset(),
    ) -> tuple[str, ...]:
        if not (before.letters | behind.letters | telling) & wanted:
            return ()
        lefts = [before.text[edge:] for edge, _ in before.edges] + [""]
        rights = [behind.text[:edge] for _, edge in reversed(behind.edges)] + [""]
        ways = [(left, right) for left in lefts for right in rights if left or right or telling]
        ways.sort(key=lambda way: -len(way[0].split()) - len(way[1].split()))
        return tuple(f"{self._led(left)}{middle}{right}" for left, right in ways)

    def _led(self, left: str) -> str:
        """What stands before a name: parted from it, but for what a case of it adds."""
        last = left.rsplit(" ", maxsplit=1)[-1] if left and not left[-1].isspace() else ""
        return f"{left} " if last and last[-1].isalpha() and last not in self._cases else left

    def _before(self, text: str, floor: int, start: int) -> _Run:
        low = max(floor, start - _REACH)
        stops = [match.end() for match in _STOP.finditer(text, low, start)]
        low = stops[-1] if stops else low
        return self._run(text[low:start], start, from_end=True)

    def _behind(self, text: str, end: int, ceiling: int) -> tuple[str, _Run]:
        """What is written onto a name, and the words after it."""
        glued = _GLUED.match(text, end, ceiling)
        glue = glued.group() if glued else ""
        high = min(ceiling, end + _REACH)
        stop = _STOP.search(text, end + len(glue), high)
        return glue, self._run(text[end + len(glue) : stop.start() if stop else high], 0, from_end=False)

    def _run(self, text: str, end: int, *, from_end: bool) -> _Run:
        """The words of a piece of text, from its end or its beginning on, that may belong to a phrase."""
        words = self.relations.marked(text) if text.strip() else []
        if from_end:
            words.reverse()
        kept = []
        for letter, first, last in words[:_MOST_WORDS]:
            word = text[first:last]
            if letter == _OTHER and not self._may_stand(word):
                break
            if not from_end and letter in _LEADING and _ARABIC.match(word):
                break
            kept.append((_NEAR if letter == _OTHER and self._says_where(word) else letter, first, last))
        if from_end:
            kept.reverse()
            while kept and kept[0][0] == "&":
                kept.pop(0)
        return _Run(
            text,
            tuple((first, last) for _, first, last in kept),
            frozenset(letter for letter, _, _ in kept),
            end - len(text) + kept[0][1] if kept else end,
            left_out=len(kept) < len(words),
        )

    def _may_stand(self, word: str) -> bool:
        return word in self._cases or all(each in self._others for each in fold(word).split())

    def _says_where(self, word: str) -> bool:
        return any(each in self._effects for each in fold(word).split())

    @cached_property
    def _cases(self) -> frozenset[str]:
        """What a case writes onto a name before it, where it takes no space."""
        by_language = self.relations.raw.get("cases", {}).get("before", {})
        return frozenset(each for endings in by_language.values() for each in endings)

    @cached_property
    def _effects(self) -> frozenset[str]:
        found = self.vocabulary.descriptors.items()
        return frozenset(word for words, each in found if each.effect in _EFFECTS for word in words)

    @cached_property
    def _others(self) -> frozenset[str]:
        kinds = (word for words in self.vocabulary.descriptors for word in words)
        return frozenset((*kinds, *self.vocabulary.links, *self.relations.people_words))


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of `text` from `edges`, their kinds, where the first of them stands, whether others are left."""

    text: str
    edges: tuple[Pair, ...]
    letters: frozenset[str]
    start: int
    left_out: bool

    def __bool__(self) -> bool:
        return bool(self.edges)
