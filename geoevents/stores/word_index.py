"""Which rows have a word: a vocabulary and, for each of its words, the rows; one file, read where it lies.

Knows that a word is looked for inside words. Knows nothing of columns, or of what was shown where.

Made by a process of its own, so that whoever answers meanwhile is not kept waiting:

    python -m geoevents.stores.word_index TARGET IDENTITY ROWS < lines
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from geoevents.stores import array_files
from geoevents.stores.columns import Mask, Vocabulary
from geoevents.stores.words import searchable

FORMAT = 1
_PAIRS_AT_ONCE = 4_000_000
_COURTESY = 10


class WordIndex:
    """The words of the first `rows` rows of the columns of one `identity`."""

    def __init__(self, head: dict[str, Any], arrays: dict[str, Any]) -> None:
        self.identity: str = head["identity"]
        self.rows: int = head["rows"]
        self._letters = arrays["letters"]
        self._starts = arrays["starts"]
        self._ends = arrays["ends"]
        self._found = arrays["found"]

    @classmethod
    def open(cls, path: Path) -> WordIndex | None:
        """None where there is none that is whole and of this format."""
        read = array_files.read(path)
        if read is None or read[0].get("format") != FORMAT:
            return None
        return cls(*read)

    def mask(self, wanted: Sequence[str]) -> Mask:
        """The rows that have every one of these, each in some word of theirs."""
        found = np.ones(self.rows, bool)
        for text in wanted:
            found &= self._having(text)
        return found

    def _having(self, text: str) -> Mask:
        rows = np.zeros(self.rows, bool)
        for word in self._words_with(text.encode("utf-8", "surrogatepass")).tolist():
            start = int(self._ends[word - 1]) if word else 0
            rows[self._found[start : int(self._ends[word])]] = True
        return rows

    def _words_with(self, part: bytes) -> Any:
        """The numbers of the words that it is in; between two words lies a line end, which is in none."""
        last = len(self._letters) - len(part) + 1
        at = np.flatnonzero(self._letters[: max(last, 0)] == part[0])
        for number, letter in enumerate(part[1:], start=1):
            at = at[self._letters[at + number] == letter]
        return np.unique(np.searchsorted(self._starts, at, side="right") - 1)


def build(lines: Iterable[bytes], target: Path, *, identity: str, rows: int) -> bool:
    """Write the index of as many rows as there are lines; False, and nothing, if these are not `rows`."""
    words = Vocabulary()
    codes, counts = array("i"), array("i")
    for line in lines:
        found = set(searchable(line).split())
        codes.extend(map(words.__getitem__, found))
        counts.append(len(found))
    if len(counts) != rows:
        return False
    letters = [word.encode() for word in words.words]
    ends, found_rows = _postings(np.array(codes, np.int32), np.array(counts, np.int32), len(letters))
    lengths = np.fromiter(map(len, letters), np.int64, len(letters))
    arrays = {
        "letters": np.frombuffer(b"\n".join(letters), np.uint8),
        "starts": np.cumsum(lengths + 1) - lengths - 1,
        "ends": ends,
        "found": found_rows,
    }
    array_files.write(target, {"format": FORMAT, "identity": identity, "rows": rows}, arrays)
    return True


def _postings(codes: Any, counts: Any, words: int) -> tuple[Any, Any]:
    """For each word the rows that have it, rising, one word behind the other; and where each one's end."""
    ends = np.cumsum(np.bincount(codes, minlength=words), dtype=np.int64)
    free = np.concatenate([[0], ends[:-1]]) if words else np.zeros(0, np.int64)
    found = np.empty(len(codes), np.int32)
    rows = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    for start in range(0, len(codes), _PAIRS_AT_ONCE):
        part = codes[start : start + _PAIRS_AT_ONCE]
        order = np.argsort(part, kind="stable")
        sorted_codes = part[order]
        here = np.bincount(part, minlength=words)
        first = np.cumsum(here) - here
        rank = np.arange(len(part)) - first[sorted_codes]
        found[free[sorted_codes] + rank] = rows[start : start + _PAIRS_AT_ONCE][order]
        free += here
    return ends, found


def main() -> int:
    target, identity, rows = sys.argv[1:]
    os.nice(_COURTESY)
    lines = (line.rstrip(b"\n") for line in sys.stdin.buffer)
    return 0 if build(lines, Path(target), identity=identity, rows=int(rows)) else 1


if __name__ == "__main__":
    sys.exit(main())
