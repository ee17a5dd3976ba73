"""What the tests of the stores share."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from geoevents.events import Event, public_view
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader


@dataclass(frozen=True)
class Crowd:
    """Events of all kinds in a store that nobody changes, and what the public may see of them."""

    kept: list[Event]
    views: list[Event]
    store: GeoJSONStore
    public: PublicReader


@pytest.fixture(scope="session")
def crowd(tmp_path_factory) -> Crowd:
    from tests.stores.test_masks import Chance

    chance = Chance(7)
    kept = [chance.event(number) for number in range(300)]
    store = GeoJSONStore.open(tmp_path_factory.mktemp("crowd") / "events.geojson")
    store.append_all(kept, by="ana", why=None)
    views = [view for event in kept if (view := public_view(event)) is not None]
    return Crowd(kept, views, store, PublicReader(store))


@pytest.fixture
def cuts(torture: int) -> Callable[..., list[int]]:
    """Sizes to cut a file to: all about the given ends, and those in between now and then; or each."""

    def choose(first: int, last: int, *ends: int) -> list[int]:
        def is_near(size: int) -> bool:
            return any(abs(size - end) < 12 for end in (first, last, *ends))

        every = 1 if torture > 1 else 7
        return [size for size in range(first, last) if is_near(size) or not size % every]

    return choose


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
