"""Reads a place name as reporters write it: joined by a slash, with an aside, a descriptor, what it lies in.

Knows punctuation and the vocabulary. Knows no places: what the parts mean is for search.py.
"""

from __future__ import annotations

import re
from functools import lru_cache

from geoevents.folding import fold
from geoevents.gazetteers.descriptors import Descriptor, Vocabulary, Words
from geoevents.values import value

_ASIDE = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]?")
_COMMA = re.compile(r"[,،;؛]")
_SLASH = re.compile(r"[/／\\|]")
# An ending after an apostrophe, English or Turkish ("X's countryside"), never the apostrophe of a name.
_CLITIC = re.compile(r"(?<=\w)['’](?:s|n[iıuü]n|[iıuü]n|[dt][ea]n?|y[ea])(?=\s)")


@value
class Reading:
    """
    What a phrase says, in folded words. `names` are names of one place and should agree; `asides` are
    other names of it or what it lies in; `inside` is what it lies in, the nearest first.
    """

    names: tuple[Words, ...]
    asides: tuple[Words, ...]
    inside: tuple[Words, ...]
    descriptors: tuple[Descriptor, ...]

    @property
    def effect(self) -> str:
        """ "district", "around", "near" or "relative" where a descriptor says so, else "kind"."""
        if not self.descriptors:
            return "kind"
        effects = {descriptor.effect for descriptor in self.descriptors}
        return next(
            (effect for effect in ("district", "around", "near", "relative") if effect in effects), "kind"
        )

    @property
    def kinds(self) -> Words:
        """The kinds of place asked for; empty where the phrase does not say."""
        return self._of("kinds")

    @property
    def else_kinds(self) -> Words:
        return self._of("else_kinds")

    def _of(self, field: str) -> Words:
        if not self.descriptors:
            return ()
        asked = [descriptor for descriptor in self.descriptors if descriptor.effect == "kind"]
        return tuple(dict.fromkeys(kind for descriptor in asked for kind in getattr(descriptor, field)))


# Every rung reads the same phrase.
@lru_cache(maxsize=1_024)
def read(text: str, vocabulary: Vocabulary) -> Reading:
    """
    Read a phrase. Every part is folded; a part with nothing left is dropped.

    >>> vocabulary = Vocabulary({"descriptors": [], "links": {}, "inside": {}, "also": {}})
    >>> read("Kobane (Ayn al-Arab), Aleppo", vocabulary)
    Reading(names=(('kobane',),), asides=(('ayn', 'al', 'arab'),), inside=(('aleppo',),), descriptors=())
    """
    asides = [words_of(aside) for aside in _ASIDE.findall(_CLITIC.sub("", text))]
    head, *rest = comma_parts(text)
    names: list[Words] = []
    inside = [words_of(part) for part in rest]
    descriptors: list[Descriptor] = []
    parts = [words_of(part) for part in _SLASH.split(head)]
    for words in (each for part in parts for each in vocabulary.split(part, vocabulary.also)):
        name, *around = vocabulary.split(words, vocabulary.inside)
        inside = [*around, *inside]
        if around and (alone := vocabulary.alone(name)):  # "a prison in X" has no name of its own
            descriptors.append(alone)
        else:
            core, taken = vocabulary.strip(name)
            names.append(core)
            descriptors += taken
    return Reading(
        names=tuple(dict.fromkeys(name for name in names if name)),
        asides=tuple(words for words in asides if words),
        inside=tuple(words for words in inside if words),
        descriptors=tuple(dict.fromkeys(descriptors)),
    )


def comma_parts(text: str) -> list[str]:
    """What commas part, without asides in parentheses."""
    return _COMMA.split(_ASIDE.sub(" ", _CLITIC.sub("", text)))


def words_of(text: str) -> Words:
    return tuple(fold(text).split())
