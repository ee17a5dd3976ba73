"""Whose turn it is to ask an online service: one question at a time, seconds apart, across processes.

Knows one small file that says when the next may ask. Where it cannot be written, each process keeps count by
itself. Knows nothing of services.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

# Nobody waits longer than GEOEVENTS_ONLINE_TIMEOUT allows, so a turn further off was taken by another clock.
_LONGEST_WAIT = 2.5


class Turns:
    """Lets one through at a time, `seconds` apart, among all that name the same file."""

    def __init__(self, seconds: float, path: Path | None = None) -> None:
        self._seconds = seconds
        self._path = path
        self._free_at = 0.0
        self._lock = threading.Lock()

    def taken_within(self, patience: float) -> bool:
        """Wait for one's turn, or say at once that it would take longer than `patience` seconds."""
        with self._lock:
            now = time.time()
            start = self._taken(now, patience)
        if start is None:
            return False
        time.sleep(max(start - now, 0.0))
        return True

    def _taken(self, now: float, patience: float) -> float | None:
        """When the turn that was taken begins, in seconds of the clock; None if none was taken."""
        if self._path is not None:
            with suppress(OSError):
                return self._taken_with_others(self._path, now, patience)
        start = self._start(now, self._free_at)
        if start - now > patience:
            return None
        self._free_at = start + self._seconds
        return start

    def _taken_with_others(self, path: Path, now: float, patience: float) -> float | None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            start = self._start(now, _number(os.read(descriptor, 40)))
            if start - now > patience:
                return None
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{start + self._seconds:.6f}".encode(), 0)
        finally:
            # Closing gives the lock back.
            os.close(descriptor)
        return start

    def _start(self, now: float, free_at: float) -> float:
        is_sound = free_at - now <= _LONGEST_WAIT + self._seconds
        return max(now, free_at) if is_sound else now


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
