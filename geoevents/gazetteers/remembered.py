"""What was worked out of a file that does not change, kept until there is too much of it.

Knows keys and what was worked out for them. Knows nothing of what that is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Remembered:
    """
    Answers by what they were worked out from, so many at most. Nobody changes what is given to others, too.

    >>> remembered = Remembered(most=2)
    >>> remembered(("square", 3), lambda: 9), remembered(("square", 3), lambda: 0)
    (9, 9)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[tuple[object, ...], Any] = {}

    def __call__(self, key: tuple[object, ...], work_out: Callable[[], T]) -> T:
        """What is known of the key, or is worked out now; None is worked out each time."""
        # Threads share what is kept, and any of them may clear it.
        known: T | None = self._known.get(key)
        if known is None:
            known = work_out()
            if len(self._known) >= self._most:
                self._known.clear()
            self._known[key] = known
        return known
