"""Take data away, or send it back: GeoJSON and CSV of a question, one Feature, PUT and DELETE of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from geoevents.geojson import collection, collection_of
from geoevents.regions import Certainty
from geoevents.stores.public import FeaturePage
from geoevents.tables import csv_lines, matched_csv_lines
from geoevents.web import (
    answers,
    asking,
    caching,
    languages,
    links,
    reading,
    sureness,
    words,
    writers,
    writing,
)
from geoevents.web.asking import Asked

bp = Blueprint("data", __name__)

_CHUNK = 64 * 1024


@bp.get("/events.geojson")
def events_geojson() -> ResponseReturnValue:
    asked = asking.by_data()
    etag = _etag("geojson", asked)
    if known := caching.known_to_reader(etag):
        return known
    page = _page(asked)
    # A page is of one state: looked up again while it is sent, an event may be gone, and the answer broken.
    if page is None:
        chunks, size = reading.reader().sized_chunks(asked.query)
        members = _frozen(asked) | _certainties(asked, page)
        answer = Response(collection_of(chunks, **members), mimetype=answers.GEOJSON)
        if size is not None:
            answer.content_length = size + sum(map(len, collection_of((), **members)))
    else:
        body = b"".join(collection(page.features, **_members(asked, page)))
        answer = Response(body, mimetype=answers.GEOJSON)
    return _as_download(caching.tagged(answer, etag), asked, page, "events.geojson")


@bp.get("/events.csv")
def events_csv() -> ResponseReturnValue:
    asked = asking.by_data()
    etag = _etag("csv", asked)
    if known := caching.known_to_reader(etag):
        return known
    page = _page(asked)
    if asked.query.asks_where_or_when:
        lines = matched_csv_lines(reading.reader().matches(asked.query))
    else:
        lines = csv_lines(reading.reader().events(asked.query) if page is None else iter(page.events))
    answer = Response(_in_chunks(lines), content_type="text/csv; charset=utf-8; header=present")
    return _as_download(caching.tagged(answer, etag), asked, page, "events.csv")


@bp.get("/events/<event_id:event_id>.geojson")
def event_geojson(event_id: str) -> ResponseReturnValue:
    asked = asking.by_data()
    answer = answers.event_answer(reading.reader().get(event_id))
    if asked.frozen:
        # What is withheld since is so without another version of the event.
        answer.set_etag(caching.tag_of(answer.get_data()))
    if asked.download:
        answer.headers["Content-Disposition"] = f'attachment; filename="event-{event_id}.geojson"'
    answer.make_conditional(request)
    return answer


@bp.put("/events/<event_id:event_id>")
def put_event(event_id: str) -> ResponseReturnValue:
    writers.require_writer()
    asking.view_of()
    return writing.put(event_id)


@bp.delete("/events/<event_id:event_id>")
def delete_event(event_id: str) -> ResponseReturnValue:
    writers.require_writer()
    asking.view_of("reason")
    return writing.delete(event_id)


def _page(asked: Asked) -> FeaturePage | None:
    """The page of a question that asks for one; None where all are wanted, which then stream."""
    return reading.reader().page(asked.query) if asked.query.limit or asked.query.after else None


def _members(asked: Asked, page: FeaturePage | None) -> dict[str, object]:
    """What a limited answer says of itself, in the words of OGC API Features."""
    if page is None:
        return {}
    members: dict[str, object] = {"numberMatched": page.matched, "numberReturned": len(page.features)}
    members["numberMatchedByKind"] = {kind.value: count for kind, count in page.by_kind.items()}
    members |= _certainties(asked, page)
    members |= _frozen(asked)
    members |= {"asked": said} if (said := sureness.told(asked.query)) else {}
    if languages.asked_labels():
        members["place_labels"] = words.place_labels(page.events)
    if following := _next(asked, page):
        members["links"] = [{"rel": "next", "type": answers.GEOJSON, "href": following}]
    return members


def _frozen(asked: Asked) -> dict[str, object]:
    """Of which frozen map these events are, and of when."""
    view = asked.frozen
    return {"frozen": {"view": view.slug, "at": view.frozen.at.isoformat()}} if view and view.frozen else {}


def _certainties(asked: Asked, page: FeaturePage | None) -> dict[str, object]:
    """How many of what is found are surely meant, where place or time is asked."""
    if not asked.query.asks_where_or_when:
        return {}
    one = reading.reader().page(asked.with_query(limit=1).query) if page is None else page
    counts = {each.value: one.by_certainty.get(each, 0) for each in Certainty}
    return {"numberMatchedByCertainty": counts}


def _next(asked: Asked, page: FeaturePage) -> str | None:
    return links.link(str(request.endpoint), asked.with_query(after=page.after)) if page.after else None


def _as_download(answer: Response, asked: Asked, page: FeaturePage | None, name: str) -> Response:
    if (view := asked.frozen) and view.frozen:
        # A table has no room beside its rows: its name says of which day it is.
        name = f"{view.slug}-{view.frozen.at:%Y-%m-%d}{Path(name).suffix}"
    if asked.download or asked.frozen:
        how = "attachment" if asked.download else "inline"
        answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    if page is not None and (following := _next(asked, page)):
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def _etag(kind: str, asked: Asked) -> str:
    said = _frozen(asked)
    return caching.tag(kind, caching.state(), asked.query_string, languages.asked_labels(), said)


def _in_chunks(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces worth sending: a write to the socket for each Feature is slow."""
    kept: list[bytes] = []
    size = 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size >= _CHUNK:
            yield b"".join(kept)
            kept, size = [], 0
    yield b"".join(kept)
