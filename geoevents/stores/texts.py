"""Which rows have the words that are looked for: read when first asked, or behind where there are many.

Knows when words are read, and what is answered until then. Knows nothing of other questions.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock, Thread

import numpy as np

from geoevents.errors import GeoEventsError, NotReady
from geoevents.folding import fold
from geoevents.messages import Message
from geoevents.stores import beside, unfinished
from geoevents.stores.columns import Columns, Mask, Rows
from geoevents.stores.word_index import WordIndex
from geoevents.stores.words import searchable

# The lines of rows, in the order of the rows asked for.
Lines = Callable[[Columns, Rows], Iterable[bytes]]

NAME = "words.index"
UNFINISHED = "words"
# So many rows are looked through one by one in a few milliseconds; beyond, an index is made.
FEW = 5_000
# So many rows behind an index are looked through until the next one is there; of more it is waited for.
BEARABLE = 25_000
_PAUSE_AFTER_FAILURE_S = 60.0


class Texts:
    """
    The searchable words of every row. Safe for several threads.

    While `behind` is set, those of many rows are read by a process of its own: `mask` raises NotReady until
    that is done. Otherwise who asks waits.
    """

    def __init__(self, lines: Lines, *, folder: Path | None = None) -> None:
        self.behind = False
        self._lines = lines
        self._folder = folder
        self._lock = Lock()
        self._index: WordIndex | None = None
        self._identity, self._begun_with = "", ("", 0)
        self._first = 0
        self._words: list[str] = []
        self._builder: Thread | None = None
        self._not_before = 0.0

    def mask(self, columns: Columns, q: str, *, since: int = 0) -> Mask:
        """The rows from `since` on that have every word of `q`. Raises NotReady."""
        wanted = fold(q).split()
        found = np.zeros(len(columns) - since, bool)
        if not wanted:
            # What folds to nothing, such as "???", is found nowhere rather than everywhere.
            return found
        index = self._index_of(columns)
        first = min(index.rows, len(columns)) if index else 0
        if index and since < first:
            found[: first - since] = index.mask(wanted)[since:first]
        start = max(first, since)
        if start == len(columns):
            return found
        if self.behind and len(columns) - first > FEW:
            self.begin(columns)
            if len(columns) - first > BEARABLE or index is None:
                raise _not_ready()
        words = self._of_rows(columns, start)
        found[start - since :] = [all(word in each for word in wanted) for each in words]
        return found

    def words_of(self, columns: Columns, rows: Rows) -> list[str]:
        """The folded words of rows."""
        return list(map(searchable, self._lines(columns, rows)))

    def begin(self, columns: Columns) -> bool:
        """Have an index of these rows made, unless one is being made, or there are few; whether it is now."""
        index = self._index_of(columns)
        with self._lock:
            is_due = (
                len(columns) - (index.rows if index else 0) > FEW and time.monotonic() >= self._not_before
            )
            if not is_due or (self._builder is not None and self._builder.is_alive()):
                return False
            self._builder = Thread(target=self._build, args=(columns,), daemon=True, name="words")
            self._builder.start()
            return True

    def _index_of(self, columns: Columns) -> WordIndex | None:
        with self._lock:
            if self._index is None and self._folder is not None and self._identity != columns.identity:
                self._index = WordIndex.open(self._folder / NAME)
            if self._identity != columns.identity:
                self._identity, self._begun_with = columns.identity, columns.begun_with
                self._first, self._words = 0, []
            index = self._index
            return index if index is not None and columns.known_as(index.identity, index.rows) else None

    def _of_rows(self, columns: Columns, start: int) -> Sequence[str] | Iterator[str]:
        """The words of the rows from `start` on; kept for who asks next while they are few."""
        with self._lock:
            is_kept = self._identity == columns.identity and len(columns) - start <= BEARABLE
            if not is_kept:
                return self._read(columns, start)
            if start < self._first or not self._words:
                self._first, self._words = start, []
            self._words += self._read(columns, self._first + len(self._words))
            return self._words[start - self._first : len(columns) - self._first]

    def _read(self, columns: Columns, start: int) -> Iterator[str]:
        return map(searchable, self._lines(columns, np.arange(start, len(columns), dtype=np.int32)))

    def _build(self, columns: Columns) -> None:
        try:
            index = self._made(columns)
        except (GeoEventsError, OSError) as error:
            logging.getLogger(__name__).warning("The words of the events are not ready: %s", error)
            index = None
        with self._lock:
            if index is None:
                self._not_before = time.monotonic() + _PAUSE_AFTER_FAILURE_S
            elif columns.identity in (self._identity, self._begun_with[0]):
                self._index = index
                kept = max(0, min(index.rows - self._first, len(self._words)))
                self._first, self._words = self._first + kept, self._words[kept:]

    def _made(self, columns: Columns) -> WordIndex | None:
        """The index of these rows, in our folder if we have one; None where making it failed."""
        folder = self._folder if self._folder and self._folder.is_dir() else None
        with unfinished.workplace(UNFINISHED, folder) as where:
            made = where / NAME
            rows = np.arange(len(columns), dtype=np.int32)
            arguments = [str(made), columns.identity, str(len(rows))]
            beside.fed("geoevents.stores.word_index", arguments, self._lines(columns, rows))
            index = WordIndex.open(made)
            if index is not None and folder is not None:
                made.replace(folder / NAME)
            return index


def _not_ready() -> NotReady:
    return NotReady(
        Message("The words of the events are still being read. Ask again in a moment, or without words."), "q"
    )
