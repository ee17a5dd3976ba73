"""The page of the map: a frame that is the same whatever the events say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, request

from geoevents.cartography.frame import NO_CAPTION, Caption, FrameSpec, frame
from geoevents.web import assets, headers, languages, reading, words

# Pixels: a map beside its list, and a tile.
_A_SCREEN, _A_TILE = 1_000, 256
_LEAST_ZOOM = 2


def map_answer(said: Caption = NO_CAPTION, *, ancestors: Sequence[str] | None = None) -> Response:
    """
    The frame in the reader's language, under the one policy in which its script runs.

    `ancestors` are the sites that may show it in a frame, beside this one; None lets nobody.
    """
    made = frame(_spec(), said)
    answer = Response(made.html, mimetype="text/html")
    answer.set_etag(made.etag)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Security-Policy"] = (
        made.csp if ancestors is None else _framed(made.csp, ancestors)
    )
    if ancestors is None:
        answer.headers["Permissions-Policy"] = headers.LOCATING
    answer.make_conditional(request)
    return answer


def region() -> tuple[str, ...]:
    """The countries that this house is about."""
    return tuple(current_app.config["GEOEVENTS_COUNTRIES"])


def first_view() -> tuple[float, float, int] | None:
    """Longitude, latitude and zoom at which the region fills a screen; None where it is not said or known."""
    known = (reading.backends().gazetteer.country(code) for code in region())
    boxes = [each.bbox for each in known if each is not None and each.bbox is not None]
    if not boxes:
        return None
    west, east = min(box.west for box in boxes), max(box.east for box in boxes)
    south, north = min(box.south for box in boxes), max(box.north for box in boxes)
    if east <= west:
        return None
    zoom = int(math.log2(_A_SCREEN / _A_TILE * 360 / (east - west)))
    return round((west + east) / 2, 2), round((south + north) / 2, 2), max(_LEAST_ZOOM, zoom)


def _view() -> dict[str, Any]:
    view = first_view()
    return dict(zip(("lon", "lat", "zoom"), view, strict=True)) if view else {}


def _framed(policy: str, ancestors: Sequence[str]) -> str:
    return policy.replace("frame-ancestors 'none'", " ".join(["frame-ancestors 'self'", *ancestors]))


def _spec() -> FrameSpec:
    return FrameSpec(
        lang=languages.labels(),
        taxonomy=reading.backends().taxonomy,
        languages=languages.all_languages(),
        countries=[(code, words.country(code) or code) for code in region()],
        **_view(),
        detail=current_app.config["GEOEVENTS_GROUND"],
        contact=current_app.config["GEOEVENTS_CONTACT"],
        url=assets.files().url,
    )
