"""One event as an answer: its Feature, the tag of its version, and who may keep it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Response, g

from geoevents.events import Event, public_view
from geoevents.geojson import feature
from geoevents.web import caching, headers

GEOJSON = "application/geo+json"


def as_seen(event: Event) -> Event:
    """An event as the public sees it; whole in the internal view, and where the public sees nothing of it."""
    if g.get("internal"):
        return event
    return public_view(event) or event


def event_answer(event: Event, status: int = 200, *, warnings: Sequence[str] | None = None) -> Response:
    """The Feature; with `warnings`, those as a member of their own beside its properties."""
    body = feature(event) | ({} if warnings is None else {"warnings": list(warnings)})
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    answer = with_version(Response(text.encode(), status, mimetype=GEOJSON), event)
    if warnings is not None or not _is_public(event):
        headers.keep_private(answer)
    return answer


def with_version(answer: Response, event: Event) -> Response:
    """
    The ETag that If-Match takes: the version, and whether it is the whole event.

    What is public also names this code and this opening of the store: version 1 of another differs.
    """
    seen = caching.tag("event", caching.opened()) if _is_public(event) else "internal"
    answer.set_etag(f"{event.version}.{seen}")
    return answer


def _is_public(event: Event) -> bool:
    return not g.get("internal") and public_view(event) is not None
