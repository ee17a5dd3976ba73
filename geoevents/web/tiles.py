"""The tiles of the map: what the events of a question are drawn as."""

from __future__ import annotations

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from geoevents.cartography.tiles import TileCache, check_tile
from geoevents.web import asking, caching, reading

bp = Blueprint("tiles", __name__)


@bp.get("/tiles/<int:z>/<int:x>/<int:y>.json")
def event_tile(z: int, x: int, y: int) -> ResponseReturnValue:
    check_tile(z, x, y)
    asked = asking.by_data()
    question = asked.with_query(limit=None, after=None, lang=None, sort="-date")
    state = caching.state()
    etag = caching.tag("tile", state, question.query_string, z, x, y)
    if known := caching.known_to_reader(etag):
        return known
    made = cache().of((state, question.query_string), lambda: reading.reader().events(question.query))
    return caching.tagged(Response(made.json(z, x, y), mimetype="application/json"), etag)


def cache() -> TileCache:
    kept = current_app.extensions["geoevents.tiles"]
    assert isinstance(kept, TileCache)
    return kept
