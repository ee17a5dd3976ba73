"""Rows that have the words that are looked for, or stand for the place that some of these words name.

Knows what searching.py says words mean, for arrays; reads again the few whose words may only lie scattered.
Knows nothing of how words are kept (texts.py).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from geoevents.folding import fold
from geoevents.queries import EventQuery
from geoevents.searching import Alternative, has_name, word_groups
from geoevents.stores.columns import Columns, Mask, Rows


class Texts(Protocol):
    def mask(self, columns: Columns, q: str, *, since: int = 0) -> Mask:
        """The rows from `since` on that have every word of `q`."""

    def words_of(self, columns: Columns, rows: Rows) -> list[str]:
        """The folded words of rows."""


def worded(columns: Columns, query: EventQuery, texts: Texts, *, since: int) -> Mask:
    """The rows from `since` on that searching.has_words says yes to."""
    groups = list(word_groups(query.q or "", query.alternatives))
    # What names no place is looked for at once. What folds to nothing is found nowhere.
    plain = " ".join(word for words, named in groups if named is None for word in words)
    if plain or not groups:
        found = texts.mask(columns, plain, since=since)
    else:
        found = np.ones(len(columns) - since, bool)
    for words, named in groups:
        if named is not None and found.any():
            found = found & _named(columns, words, named, texts, since)
    return found


def _named(columns: Columns, words: tuple[str, ...], named: Alternative, texts: Texts, since: int) -> Mask:
    found = texts.mask(columns, " ".join(words), since=since)
    known = columns.words["place"]
    for place_id in named.place_ids:
        if place_id in known:
            found |= columns.place[since:] == known[place_id]
    for name in {fold(each) for each in named.names} - {""}:
        found |= _called(columns, name, texts, since, known_already=found)
    return found


def _called(columns: Columns, name: str, texts: Texts, since: int, *, known_already: Mask) -> Mask:
    """The rows that have a name, its words one behind the other from the beginning of a word on."""
    maybe = texts.mask(columns, name, since=since) & ~known_already
    rows = np.flatnonzero(maybe)
    words = texts.words_of(columns, (rows + since).astype(np.int32))
    maybe[rows] = [has_name(each, name) for each in words]
    return maybe
