"""What was asked for last, as much of it as there is room for, each made once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """
    Values by key; those that were not asked for the longest give way. Safe for several threads.

    `size` weighs a value, `room` is for how much there is place. The last one stays, whatever it weighs.

    >>> kept: Recent[str] = Recent(2)
    >>> [kept.of(key, key.upper) for key in "abc"], kept.get("a"), kept.get("c")
    (['A', 'B', 'C'], None, 'C')
    """

    def __init__(self, room: int, size: Callable[[Value], int] = lambda value: 1) -> None:
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._room = room
        self._size = size
        self._taken = 0
        self._lock = Lock()
        self._being_made: dict[Hashable, Lock] = {}

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            return self._found(key)

    def put(self, key: Hashable, value: Value) -> Value:
        with self._lock:
            self._forget(key)
            self._kept[key] = value
            self._taken += self._size(value)
            while self._taken > self._room and len(self._kept) > 1:
                self._forget(next(iter(self._kept)))
        return value

    def of(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """
        What is kept under `key`, else what `make` makes.

        Who asks for the same waits for the one that makes it; who asks for others does not.
        """
        with self._lock:
            if (kept := self._found(key)) is not None:
                return kept
            turn = self._being_made.setdefault(key, Lock())
        with turn:
            if (kept := self.get(key)) is not None:
                return kept
            try:
                return self.put(key, make())
            finally:
                with self._lock:
                    self._being_made.pop(key, None)

    def forget(self, is_over: Callable[[Hashable], bool]) -> None:
        with self._lock:
            for key in [key for key in self._kept if is_over(key)]:
                self._forget(key)

    def _found(self, key: Hashable) -> Value | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _forget(self, key: Hashable) -> None:
        if key in self._kept:
            self._taken -= self._size(self._kept.pop(key))
