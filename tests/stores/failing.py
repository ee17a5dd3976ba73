"""System calls that fail when told to: the injector that wraps geoevents.stores.files."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from geoevents.stores import files

# Each a way for a call to fail; a call that cannot fail so goes through.
FAULTS = ("EIO", "ENOSPC", "EINTR", "short", "EIO from here on", "ENOSPC from here on")
_NEEDS_ROOM = {"open", "pwrite", "fsync", "fdatasync", "rename", "mkdir"}
# Closing and unlocking do their work even where they complain.
_STILL_DONE = {"close"}


class Injector:
    """Counts the calls made while it is on, and lets the `at`th fail (counted from 0)."""

    def __init__(self, fault: str | None = None, at: int = -1) -> None:
        self.made: list[str] = []
        self.failed: list[str] = []
        self._fault = fault
        self._at = at

    def wrap(self, name: str, call: Callable[..., object]) -> Callable[..., object]:
        def made(*arguments: object) -> object:
            number = len(self.made)
            self.made.append(name)
            due = number == self._at or (str(self._fault).endswith("on") and number > self._at >= 0)
            return self._fail(name, call, arguments) if due else call(*arguments)

        return made

    def _fail(self, name: str, call: Callable[..., object], arguments: tuple[object, ...]) -> object:
        kind = str(self._fault).split(" ")[0]
        if kind == "short":
            if name not in ("pwrite", "pread"):
                return call(*arguments)
            self.failed.append(name)
            descriptor, what, offset = arguments
            if name == "pread":
                return call(descriptor, max(1, what // 3), offset)
            return call(descriptor, what[: max(1, len(what) // 3)], offset)
        if kind == "ENOSPC" and name not in _NEEDS_ROOM:
            return call(*arguments)
        self.failed.append(name)
        if name in _STILL_DONE:
            call(*arguments)
        number = getattr(errno, kind)
        raise OSError(number, os.strerror(number))


@contextmanager
def failing(injector: Injector) -> Iterator[Injector]:
    names = list(vars(files.calls))
    before = {name: getattr(files.calls, name) for name in names}
    try:
        for name in names:
            setattr(files.calls, name, injector.wrap(name, before[name]))
        yield injector
    finally:
        for name in names:
            setattr(files.calls, name, before[name])
