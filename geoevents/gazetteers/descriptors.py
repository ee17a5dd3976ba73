"""Words that say what kind of place a name means: city, countryside of, crossing, camp, in our languages.

Knows the vocabulary of data/gazetteer/descriptors.json and how to take its words off a name. Knows no places.
To add a word: in that file, under its descriptor and language, as people write it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from geoevents.folding import fold
from geoevents.values import value

Words = tuple[str, ...]


@value
class Descriptor:
    """
    What a word asks for. `effect` is "kind" (a place of `kinds`, or else of `else_kinds`), "around" (the land
    around the place), "district" (that of which it is the seat), "near" (somewhere close to it) or "relative"
    (measured from it). `means` are the ids of the descriptors that say the same: a hospital and a school are
    of one kind, and still not each other.
    """

    id: str
    effect: str
    kinds: Words
    else_kinds: Words = ()
    means: Words = ()


class Vocabulary:
    """Every descriptor with its words, folded, in all languages at once: reports mix them."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw

    @classmethod
    def read(cls, path: Path) -> Vocabulary:
        """The vocabulary of a file; an empty one if it is not there."""
        return cls(json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})

    def folded(self) -> dict[str, Any]:
        """The same vocabulary with every word folded already, which saves whoever reads it half the work."""
        lists = {name: {"": _joined(self._raw.get(name, {}))} for name in ("links", "inside", "and", "also")}
        descriptors = [
            raw | {"words": {"": _joined(raw["words"])}} for raw in self._raw.get("descriptors", ())
        ]
        return lists | {"descriptors": descriptors, "is_folded": True}

    @cached_property
    def descriptors(self) -> dict[Words, Descriptor]:
        """Folded words -> what they ask for."""
        found: dict[Words, Descriptor] = {}
        for raw in self._raw.get("descriptors", ()):
            kinds, else_kinds = tuple(raw["kinds"]), tuple(raw.get("else_kinds", ()))
            means = tuple(raw.get("means", (raw["id"],)))
            descriptor = Descriptor(raw["id"], raw["effect"], kinds, else_kinds, means)
            found |= dict.fromkeys(self._words(raw["words"]), descriptor)
        return found

    @cached_property
    def links(self) -> set[str]:
        """Words between a descriptor and its name: "of", "the"."""
        return {word for words in self._words(self._raw.get("links", {})) for word in words}

    @cached_property
    def inside(self) -> frozenset[Words]:
        """Words between a place and what it lies in: "in"."""
        return frozenset(self._words(self._raw.get("inside", {})))

    @cached_property
    def both(self) -> frozenset[Words]:
        """Words between two places: "and"."""
        return frozenset(self._words(self._raw.get("and", {})))

    @cached_property
    def also(self) -> frozenset[Words]:
        """Words between two names of one place: "also known as"."""
        return frozenset(self._words(self._raw.get("also", {})))

    def alone(self, words: Words) -> Descriptor | None:
        """The descriptor, if the words are one and nothing else: "a prison"."""
        return self.descriptors.get(self._unlinked(words))

    def strip(self, words: Words) -> tuple[Words, tuple[Descriptor, ...]]:
        """
        Take the descriptors off both ends of a folded name, the longest first; a name is never emptied.

        Returns what remains and what was taken, outermost first.
        """
        taken: list[Descriptor] = []
        while found := self._outermost(words):
            words, descriptor = found
            taken.append(descriptor)
        return words, tuple(taken)

    def cores(self, name: str, kind: str) -> Iterator[str]:
        """What remains of a name without the words that only say its kind: "al-Hol" of "al-Hol camp"."""
        words, taken = self.strip(tuple(fold(name).split()))
        if taken and all(kind in descriptor.kinds for descriptor in taken):
            yield " ".join(words)

    def are_met(self, asked: Iterable[Descriptor], names: Iterable[str], kind: str) -> bool:
        """
        Whether a place of a kind and with some names is what all of some descriptors ask for. One whose names
        have no word for their kind is what anything of this kind may be.
        """
        taken = [each for name in names for each in self.strip(tuple(fold(name).split()))[1]]
        own = {each.id for each in taken if kind in each.kinds}
        wanted = [each.means for each in asked if each.effect == "kind" and kind in each.kinds]
        return not own or all(own & set(means) for means in wanted)

    def split(self, words: Words, separators: frozenset[Words]) -> list[Words]:
        """Cut a folded name at each of some separating words; empty parts are dropped."""
        if _words_of(separators).isdisjoint(words):
            return [words] if words else []
        parts: list[list[str]] = [[]]
        at = 0
        while at < len(words):
            length = next((n for n in (3, 2, 1) if words[at : at + n] in separators), 0)
            if length and parts[-1]:
                parts.append([])
            else:
                parts[-1].append(words[at])
            at += length or 1
        return [tuple(part) for part in parts if part]

    def _words(self, by_language: Mapping[str, Sequence[str]]) -> Iterator[Words]:
        as_read = str.split if self._raw.get("is_folded") else _folded_words
        for phrases in by_language.values():
            yield from (tuple(as_read(phrase)) for phrase in phrases)

    def _outermost(self, words: Words) -> tuple[Words, Descriptor] | None:
        bare = self._unlinked(words)  # "the eastern countryside of"
        for length in range(min(self._longest, len(words) - 1), 0, -1):
            if (last := self.descriptors.get(words[-length:])) and (rest := self._unlinked(words[:-length])):
                return rest, last
            if (first := self.descriptors.get(bare[:length])) and (rest := self._unlinked(bare[length:])):
                return rest, first
        return self._without_number(words)

    def _without_number(self, words: Words) -> tuple[Words, Descriptor] | None:
        """A number before a descriptor measures: "5 km west of"."""
        relative = self._relative
        if relative and len(words) > 2 and words[0].isdigit() and words[1:2] in self.descriptors:
            return words[1:], relative
        return None

    def _unlinked(self, words: Words) -> Words:
        while words and words[0] in self.links:
            words = words[1:]
        return words

    @cached_property
    def _relative(self) -> Descriptor | None:
        return next((each for each in self.descriptors.values() if each.effect == "relative"), None)

    @cached_property
    def _longest(self) -> int:
        return max((len(words) for words in self.descriptors), default=0)


@lru_cache(maxsize=8)
def _words_of(phrases: frozenset[Words]) -> frozenset[str]:
    return frozenset(word for words in phrases for word in words)


def _folded_words(phrase: str) -> list[str]:
    return fold(phrase).split()


def _joined(by_language: Mapping[str, Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(fold(phrase) for phrases in by_language.values() for phrase in phrases))
