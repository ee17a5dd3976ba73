"""Which store a URL names: `geojson:PATH`.

Knows the schemes. Knows nothing of where settings come from.
"""

from __future__ import annotations

from pathlib import Path

from geoevents.errors import SettingsError
from geoevents.messages import Message
from geoevents.stores import EventStore
from geoevents.stores.geojson_store import GeoJSONStore


def open_store(url: str, *, cache: Path | None = None, lag: float = 0.0) -> EventStore:
    """
    Open the store that `url` names. `cache` is a folder for what may be lost, `lag` how many seconds files
    for others may be behind.

    Raises SettingsError for a URL that names none, and what the store raises.
    """
    return GeoJSONStore.open(collection_path(url), cache=cache, lag=lag)


def collection_path(url: str) -> Path:
    """
    The file that a URL names.

    >>> collection_path("geojson:data/events.geojson").as_posix()
    'data/events.geojson'
    """
    scheme, colon, path = url.partition(":")
    if scheme != "geojson" or not colon or not path:
        raise SettingsError(
            Message(
                "'{url}' names no store. Write geojson:PATH, such as geojson:data/events.geojson.", url=url
            )
        )
    return Path(path)
