"""The tiles of the map: what the events of a question are drawn as."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from geoevents.cartography.tiles import MapTiles, check_tile
from geoevents.errors import EventNotFound
from geoevents.events import Event
from geoevents.web import asking, caching, languages, reading, words

bp = Blueprint("tiles", __name__)


@bp.get("/tiles/<int:z>/<int:x>/<int:y>.json")
def event_tile(z: int, x: int, y: int) -> ResponseReturnValue:
    """Named by its own bytes: a write elsewhere leaves it what it is."""
    check_tile(z, x, y)
    asked = asking.by_data()
    body = _cut().of(reading.reader(), asked.query).json(z, x, y)
    if languages.asked_labels():
        body = _with_labels(body)
    etag = caching.tag_of(body)
    known = caching.known_to_reader(etag)
    return known or caching.tagged(Response(body, mimetype="application/json"), etag)


def _with_labels(tile: bytes) -> bytes:
    """The tile, and what its places are called in the reader's language."""
    labels = words.place_labels(_events_of(tile))
    told = json.dumps(labels, ensure_ascii=False, separators=(",", ":")).encode()
    return b'%b,"place_labels":%b}' % (tile.removesuffix(b"}"), told)


def _events_of(tile: bytes) -> Iterator[Event]:
    for feature in json.loads(tile)["features"]:
        # What was hidden since the tile was cut goes unnamed.
        with suppress(EventNotFound):
            yield reading.reader().get(feature["id"])


def _cut() -> MapTiles:
    kept = current_app.extensions["geoevents.tiles"]
    assert isinstance(kept, MapTiles)
    return kept
