"""What the tests of the stores share."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest


@pytest.fixture
def open_descriptors() -> Callable[[], set[str]]:
    """The files this process holds open now."""

    def look() -> set[str]:
        found = set()
        for number in os.listdir("/proc/self/fd"):
            try:
                found.add(f"{number} {os.readlink(f'/proc/self/fd/{number}')}")
            except FileNotFoundError:
                continue
        return found

    return look
