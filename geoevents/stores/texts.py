"""The words of rows, and which rows have the words that are looked for.

Knows that a word is found inside any word (queries.searchable). Knows nothing of other questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock

import msgspec
import numpy as np

from geoevents.folding import fold
from geoevents.stores.columns import Columns, Mask, Rows

# The public or whole lines of rows, in the order of the rows asked for.
Lines = Callable[[Columns, Rows], Iterable[bytes]]


class _Translation(msgspec.Struct, gc=False):
    title: str | None = None
    description: str | None = None


class _Actor(msgspec.Struct, gc=False):
    name: str


class _Source(msgspec.Struct, gc=False):
    publisher: str | None = None
    said_by: str | None = None
    title: str | None = None
    quote: str | None = None


class _Said(msgspec.Struct, gc=False):
    title: str
    description: str | None = None
    place_name: str | None = None
    place_label: str | None = None
    admin1: str | None = None
    translations: dict[str, _Translation] = {}
    actors: list[_Actor] = []
    sources: list[_Source] = []
    tags: list[str] = []


class _Title(msgspec.Struct, gc=False):
    title: str


class _Worded(msgspec.Struct, gc=False):
    properties: _Said


class _Titled(msgspec.Struct, gc=False):
    properties: _Title


_WORDS = msgspec.json.Decoder(_Worded)
_TITLES = msgspec.json.Decoder(_Titled)


def title_of(line: bytes) -> str:
    return _TITLES.decode(line).properties.title


def searchable(line: bytes) -> str:
    """What queries.searchable() makes of the event of a line."""
    said = _WORDS.decode(line).properties
    texts = [said.title, said.description, said.place_name, said.place_label, said.admin1, *said.tags]
    for translation in said.translations.values():
        texts += [translation.title, translation.description]
    texts += [actor.name for actor in said.actors]
    for source in said.sources:
        texts += [source.publisher, source.said_by, source.title, source.quote]
    return fold(" \n ".join(text for text in texts if text))


class Texts:
    """The searchable words of every row, read when they are first looked into."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._generation = 0
        self._words: list[str] = []
        self._lock = Lock()

    def mask(self, columns: Columns, q: str, *, since: int = 0) -> Mask:
        """The rows from `since` on that have every word of `q`."""
        wanted = fold(q).split()
        if not wanted:
            # What folds to nothing, such as "???", is found nowhere rather than everywhere.
            return np.zeros(len(columns) - since, bool)
        words = self._known(columns)[since : len(columns)]
        return np.fromiter((all(word in each for word in wanted) for each in words), bool, len(words))

    def _known(self, columns: Columns) -> Sequence[str]:
        with self._lock:
            if self._generation < columns.generation:
                self._generation, self._words = columns.generation, []
            if self._generation > columns.generation:
                return list(self._read(columns, 0))
            self._words += self._read(columns, len(self._words))
            return self._words

    def _read(self, columns: Columns, since: int) -> Iterator[str]:
        return map(searchable, self._lines(columns, np.arange(since, len(columns), dtype=np.int32)))
