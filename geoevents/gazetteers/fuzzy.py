"""Which places have a name that sounds alike: another transliteration of it, or one a consonant away.

Knows the sounds that the index keeps and how they are compared. Knows nothing of phrases (search.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from geoevents.gazetteers.index import Index
from geoevents.gazetteers.skeletons import likeness, skeleton, sounds

# Less alike than this, a name is no more likely to be meant than any other.
_ALIKE_FROM, _LIKE_FROM = 0.75, 0.8
# The same consonants, and vowels that differ no more than two transliterations of one word do.
SOUNDS_THE_SAME = 0.98
_OFFERED = 30
_SHORTEST_SKELETON = 2
_SHORTEST_FUZZY, _LONG_SKELETON = 3, 6
# Of two names, one of them in Arabic script, the consonants are compared: it leaves out vowels.
_NO_VOWELS = str.maketrans("", "", "aeiou~")


class Alike(NamedTuple):
    """A place, the mark of its name (tables.py), and how alike that name is, 0 to 1."""

    pk: int
    mark: int
    likeness: float


def transliterated(index: Index, name: str, countries: Iterable[str]) -> list[Alike]:
    """The places of some countries with a name of the same skeleton, the likest first."""
    sounded, countries = sounds(name), tuple(countries)
    return index.worked_out(("same skeleton", sounded, countries), lambda: _alike(index, sounded, countries))


def _alike(index: Index, sounded: str, countries: Iterable[str]) -> list[Alike]:
    consonants = skeleton(sounded)
    if len(consonants) < _SHORTEST_SKELETON:
        return []
    found: list[Alike] = []
    for country in countries:
        for its_sounds, places in index.sounding([consonants], country).get(consonants, {}).items():
            score = likeness(sounded, its_sounds)
            if score >= _ALIKE_FROM:
                found += [Alike(pk, mark, score) for pk, mark in places]
    return _best(found)


def sounding_the_same(index: Index, name: str, countries: Iterable[str]) -> set[int]:
    """The pks of the places of some countries with a name that only a vowel or two tell from this one."""
    sounded, countries = sounds(name), tuple(countries)
    return index.worked_out(("same sound", sounded, countries), lambda: _same(index, sounded, countries))


def _same(index: Index, sounded: str, countries: Iterable[str]) -> set[int]:
    consonants, bare = skeleton(sounded), sounded.translate(_NO_VOWELS)
    if len(consonants) < _SHORTEST_SKELETON:
        return set()
    return {
        pk
        for country in countries
        for its_sounds, places in index.sounding([consonants], country).get(consonants, {}).items()
        if its_sounds.translate(_NO_VOWELS) == bare and likeness(sounded, its_sounds) >= SOUNDS_THE_SAME
        for pk, _ in places
    }


def _best(alike: Iterable[Alike]) -> list[Alike]:
    """Every place by the likest of its names."""
    best: dict[int, Alike] = {}
    for each in alike:
        if each.pk not in best or best[each.pk].likeness < each.likeness:
            best[each.pk] = each
    return sorted(best.values(), key=lambda each: (-each.likeness, -each.mark, each.pk))[:_OFFERED]


def nearly(index: Index, name: str, countries: Iterable[str], *, least: float = _LIKE_FROM) -> list[Alike]:
    """The places of some countries whose name has nearly the same skeleton, the likest first."""
    sounded, countries = sounds(name), tuple(countries)
    key = ("near skeletons", sounded, countries, least)
    return index.worked_out(key, lambda: _nearly(index, sounded, countries, least))


def _nearly(index: Index, sounded: str, countries: Iterable[str], least: float) -> list[Alike]:
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    consonants = skeleton(sounded)
    if len(consonants) < _SHORTEST_FUZZY:
        return []
    edits = 1 if len(consonants) < _LONG_SKELETON else 2
    found: list[Alike] = []
    for country in countries:
        # All of a country are compared: a block of those that begin or end alike would miss a third of them.
        others = index.nearby(country, edits).to(consonants)
        close = process.extract(
            consonants, others, scorer=Levenshtein.distance, score_cutoff=edits, limit=None
        )
        known = index.sounding([other for other, *_ in close], country)
        sounding = {
            its_sounds: (other, places)
            for other, its_places in known.items()
            for its_sounds, places in its_places.items()
        }
        scores = _scores(sounded, [*sounding], least)
        for its_sounds in sorted(scores, key=lambda each: (sounding[each][0], each)):
            score = scores[its_sounds]
            found += [Alike(pk, mark, score) for pk, mark in sounding[its_sounds][1]]
    return _best(found)


def _scores(sounded: str, others: Sequence[str], least: float) -> dict[str, float]:
    """How alike a name sounds to each of some others, of those that are at least so alike."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    alike, is_arabic = Indel.normalized_similarity, sounded[:1] == "~"
    same = [other for other in others if (other[:1] == "~") == is_arabic]
    # As floats, what is just so alike is a hair less.
    cutoff = least - 1e-6
    found = process.extract(sounded, same, scorer=alike, score_cutoff=cutoff, limit=None)
    scores = {other: score for other, score, _ in found if score >= least}
    # Across scripts only consonants are compared.
    crossing = {other: other.translate(_NO_VOWELS) for other in others if (other[:1] == "~") != is_arabic}
    bare = sounded.translate(_NO_VOWELS)
    across = process.extract(bare, crossing, scorer=alike, score_cutoff=cutoff, limit=None)
    return scores | {other: score for _, score, other in across if score >= least}
