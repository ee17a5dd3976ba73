"""A file or folder built anew beside its old self, then put in its place whole, by one process at a time.

Knows turns, names for what is unfinished, and how it replaces what was there. Knows nothing of what is built.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OLD = ".old.tmp"


def renew(target: Path, build: Callable[[Path], None], *, is_current: Callable[[], bool]) -> None:
    """
    Have `build` write to a new path beside `target`, then put that in its place.

    `is_current` is asked once it is our turn: who waited while another process built finds it done. What
    killed processes left behind is removed first, but for a folder that one had only put aside: it comes
    back. Raises OSError, and whatever `build` raises; then what was there still is.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _our_turn(target.parent) as alone:
        left = _left_behind(target) if alone else []
        _put_back(left, target)
        if is_current():
            return
        for each in left:
            _remove(each)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        try:
            build(unfinished)
            _put(unfinished, target)
        finally:
            _remove(unfinished)


@contextmanager
def _our_turn(folder: Path) -> Iterator[bool]:
    """Wait until nobody else builds in a folder; False where the file system has no locks for folders."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        alone = False
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            alone = True
        yield alone
    finally:
        os.close(descriptor)


def _left_behind(target: Path) -> list[Path]:
    """What killed processes left of this target, and of no other whose name begins as its does."""
    name = re.compile(rf"{re.escape(target.name)}\.\d+(\.old)?\.tmp")
    return [path for path in target.parent.iterdir() if name.fullmatch(path.name)]


def _put_back(left: list[Path], target: Path) -> None:
    """A process killed between the two renames of `_put` leaves no folder, and the old one aside."""
    old = [path for path in left if path.name.endswith(_OLD)]
    if old and not target.exists():
        max(old, key=lambda path: path.stat().st_mtime_ns).rename(target)


def _put(unfinished: Path, target: Path) -> None:
    if not target.is_dir():
        unfinished.replace(target)
        return
    # No folder replaces one that has something in it.
    old = unfinished.with_suffix(_OLD)
    target.rename(old)
    unfinished.rename(target)
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
