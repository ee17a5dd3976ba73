"""What the tests of the stores share."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where the machine has one: thousands of syncs cost nothing there."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="geoevents-") as folder:
        yield Path(folder)


@pytest.fixture
def open_descriptors() -> Callable[[], set[str]]:
    """The files this process holds open now."""

    def look() -> set[str]:
        found = set()
        for link in Path("/proc/self/fd").iterdir():
            with suppress(FileNotFoundError):
                found.add(f"{link.name} {link.readlink()}")
        return found

    return look
