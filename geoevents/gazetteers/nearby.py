"""Which of many short words one or two edits may make of another, without comparing it with all of them.

Knows words and where their pieces stand. Knows nothing of names or sounds (fuzzy.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Piece = tuple[int, int, str]


class Nearby:
    """
    Words by their pieces. So many edits leave one of as many pieces and one more as it is, and move it no
    further than there are edits (Navarro and Baeza-Yates 1999, "partitioning into exact search").

    >>> sorted(Nearby(["kfrnbl", "kfrbl", "mrkd"], edits=1).to("kfrnbl"))
    ['kfrbl', 'kfrnbl']
    """

    def __init__(self, words: Iterable[str], *, edits: int) -> None:
        self._edits = edits
        self._words: dict[Piece, list[str]] = {}
        for word in words:
            for number, (start, end) in enumerate(self._bounds(len(word))):
                self._words.setdefault((len(word), number, word[start:end]), []).append(word)

    def to(self, word: str) -> set[str]:
        """Every word that so few edits may make of this one, and some others that share a piece with it."""
        found: set[str] = set()
        for piece in self._pieces(word):
            found.update(self._words.get(piece, ()))
        return found

    def _pieces(self, word: str) -> Iterator[Piece]:
        """The pieces that a word near this one may have, wherever edits may have moved them."""
        edits = self._edits
        for length in range(max(1, len(word) - edits), len(word) + edits + 1):
            longer = len(word) - length
            for number, (start, end) in enumerate(self._bounds(length)):
                for moved in range(-edits, edits + 1):
                    # What moves the first piece stands before nothing, the last one before the end.
                    is_held = (number > 0 or moved == 0) and (number < edits or moved == longer)
                    if is_held and abs(moved) + abs(longer - moved) <= edits and start + moved >= 0:
                        yield length, number, word[start + moved : end + moved]

    def _bounds(self, length: int) -> list[tuple[int, int]]:
        pieces = self._edits + 1
        return [(length * at // pieces, length * (at + 1) // pieces) for at in range(pieces)]
