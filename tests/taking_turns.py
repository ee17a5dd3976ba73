"""Tests that may run beside each other, and tests that may not: a lock that all processes of a run share."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(folder: Path, *, is_alone: bool) -> Iterator[None]:
    """Beside others, or alone once all that run have ended; who waits to be alone lets nobody in before."""
    door, room = (os.open(folder / name, os.O_CREAT | os.O_RDWR, 0o600) for name in ("door", "room"))
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
    finally:
        os.close(door)
        os.close(room)
