"""The tiles of the map: what the events of a question are drawn as."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from geoevents.cartography.tiles import TileCache, check_tile
from geoevents.errors import EventNotFound
from geoevents.events import Event
from geoevents.web import asking, caching, languages, reading, words

bp = Blueprint("tiles", __name__)


@bp.get("/tiles/<int:z>/<int:x>/<int:y>.json")
def event_tile(z: int, x: int, y: int) -> ResponseReturnValue:
    check_tile(z, x, y)
    asked = asking.by_data()
    question = asked.with_query(limit=None, after=None, lang=None, sort="-date")
    state = caching.state()
    lang = languages.asked_labels()
    etag = caching.tag("tile", state, question.query_string, lang, z, x, y)
    if known := caching.known_to_reader(etag):
        return known
    made = cache().of((state, question.query_string), lambda: reading.reader().events(question.query))
    body = _with_labels(made.tile(z, x, y)) if lang else made.json(z, x, y)
    return caching.tagged(Response(body, mimetype="application/json"), etag)


def _with_labels(tile: dict[str, Any]) -> bytes:
    """The tile, and what its places are called in the reader's language."""
    labels = words.place_labels(_still_there(feature["id"] for feature in tile["features"]))
    return json.dumps(tile | {"place_labels": labels}, ensure_ascii=False, separators=(",", ":")).encode()


def _still_there(ids: Iterable[str]) -> Iterator[Event]:
    for event_id in ids:
        # What was hidden since the tile was cut goes unnamed.
        with suppress(EventNotFound):
            yield reading.reader().get(event_id)


def cache() -> TileCache:
    kept = current_app.extensions["geoevents.tiles"]
    assert isinstance(kept, TileCache)
    return kept
