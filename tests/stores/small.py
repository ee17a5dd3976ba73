"""A store of one event, and short words for what is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from geoevents.events import Event
from geoevents.stores.geojson_store import IN_PLACE_ABOVE, GeoJSONStore
from tests.strategies import make_event

NEXT = make_event(id="next", title="Next")
EDITED = make_event(id="first", title="Edited")


def a_store(folder: Path, in_place_above: int = IN_PLACE_ABOVE) -> GeoJSONStore:
    store = GeoJSONStore.open(folder / "events.geojson", in_place_above=in_place_above)
    store.append(make_event(id="first", title="First"), by="ana", why=None)
    return store


def titles(events: Iterator[Event]) -> list[str]:
    return [event.title for event in events]


def in_file(folder: Path) -> list[str]:
    whole = json.loads((folder / "events.geojson").read_bytes())
    return [feature["properties"]["title"] for feature in whole["features"]]
