"""Maps published from events as they are: a real store of them, and what is read from it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from geoevents.cartography.static import Publication
from geoevents.events import Event
from geoevents.geojson import collection, feature_line
from geoevents.stores.opening import open_store
from geoevents.stores.public import PublicReader
from geoevents.workflows.publishing import Published, publish, publish_single_file
from tests.cartography.desk import CACHE, shipped_taxonomy


def desk_of(events: Iterable[Event], folder: Path) -> Any:
    """What a publication is made from: a store that holds these events, and the shipped taxonomy."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "events.geojson").write_bytes(b"".join(collection(feature_line(event) for event in events)))
    store = open_store(f"geojson:{folder / 'events.geojson'}", cache=folder / "cache")
    return SimpleNamespace(store=store, public=PublicReader(store), taxonomy=shipped_taxonomy())


def published(
    events: Iterable[Event], folder: Path, *, store: Path, cache: Path = CACHE, **said: Any
) -> Published:
    return publish(folder, Publication(**said), desk_of(events, store), cache=cache)


def published_alone(events: Iterable[Event], path: Path, *, store: Path, **said: Any) -> Published:
    return publish_single_file(path, Publication(**said), desk_of(events, store), cache=CACHE)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
