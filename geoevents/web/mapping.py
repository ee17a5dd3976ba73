"""The page of the map: a frame that is the same whatever the events say."""

from __future__ import annotations

from flask import Response, current_app, request

from geoevents.cartography.frame import Frame, FrameSpec, frame
from geoevents.web import assets, languages, reading


def map_answer() -> Response:
    """The frame in the reader's language, under the one policy in which its script runs."""
    made = _frame()
    answer = Response(made.html, mimetype="text/html")
    answer.set_etag(made.etag)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Security-Policy"] = made.csp
    answer.make_conditional(request)
    return answer


def _frame() -> Frame:
    spec = FrameSpec(
        lang=languages.labels(),
        taxonomy=reading.backends().taxonomy,
        languages=languages.all_languages(),
        countries=current_app.config["GEOEVENTS_COUNTRIES"],
        url=assets.files().url,
    )
    return frame(spec)
