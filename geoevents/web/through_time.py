"""The timeline of a question: how many events in each day, week or month, whatever days it asks for."""

from __future__ import annotations

import json

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from geoevents.web import asking, caching, reading

bp = Blueprint("through_time", __name__)


@bp.get("/timeline.json")
def timeline() -> ResponseReturnValue:
    asked = asking.by_data().with_query(interval=None, limit=None, after=None, lang=None, sort="-date")
    etag = caching.tag("timeline", caching.state(), asked.query_string)
    if known := caching.known_to_reader(etag):
        return known
    found = reading.reader().timeline(asked.query)
    body = json.dumps(found.document(), separators=(",", ":"))
    return caching.tagged(Response(body, mimetype="application/json"), etag)
