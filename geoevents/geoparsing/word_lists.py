"""The words that tell a place from what only looks like one: titles, first names, prepositions, groups.

Knows data/geoparsing/, folded, in all languages at once. Knows nothing of what follows from a word.
To add a word: in words.json under its class, as people write it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geoevents.folding import fold, name_key

Words = frozenset[str]


@dataclass(frozen=True)
class WordLists:
    """The classes of words.json by name, and the lists that have a file each."""

    classes: dict[str, Words]
    first_names: Words
    surnames: Words
    common: Words

    def __getitem__(self, name: str) -> Words:
        return self.classes.get(name, frozenset())


@lru_cache(maxsize=4)
def read_word_lists(folder: Path) -> WordLists:
    """The lists of a folder; one that is not there is empty."""
    raw = json.loads(_text(folder / "words.json") or "{}")
    # The gazetteer keeps what the people of a country are called; words.json adds peoples without one.
    raw["demonym"] = " ".join(
        [raw.get("demonym", ""), *_demonyms(folder.parent / "gazetteer" / "demonyms.csv")]
    )
    classes = {name: _folded(words) for name, words in raw.items()}
    gazetteer = folder.parent / "gazetteer"
    classes["person_key"] = frozenset(_not_places(gazetteer / "not_places.csv", "person_name"))
    classes["group_key"] = frozenset(_not_places(gazetteer / "not_places.csv", "organisation"))
    classes["arabic_no_place"] = frozenset(
        _not_places(gazetteer / "not_places.csv", "organisation", "word", "part")
    )
    everyday = raw.get("arabic_everyday", "").split()
    classes["arabic_everyday_key"] = frozenset(name_key(word) for word in everyday)
    return WordLists(
        classes,
        _folded(_text(folder / "first_names.txt")),
        _folded(_text(folder / "surnames.txt")),
        _folded(_text(folder / "common_words.txt")),
    )


def _demonyms(path: Path) -> Iterator[str]:
    for row in csv.DictReader(_text(path).splitlines()):
        yield from (word for word in row["demonyms"].split("|") if " " not in word)


def _not_places(path: Path, *kinds: str) -> Iterator[str]:
    for row in csv.DictReader(_text(path).splitlines()):
        if row["kind"] in kinds:
            yield from (name_key(name) for name in row["names"].split("|"))


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _folded(words: str) -> Words:
    return frozenset(fold(word) for word in words.split()) - {""}
