"""Pictures for print: the map of a question, or a saved one, as PNG or PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore
from urllib.parse import parse_qsl

from flask import Blueprint, Flask, Response, current_app
from flask.typing import ResponseReturnValue

from geoevents.cartography.captions import places_asked
from geoevents.cartography.picture import SIZES, Picture, PictureSpec
from geoevents.cartography.recent import Recent
from geoevents.cartography.tiles import MapTiles
from geoevents.cartography.typesetting import busy
from geoevents.errors import GazetteerError, InvalidQuery, InvalidView, NotAllowed
from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.regions import Certainty
from geoevents.views import Position, View
from geoevents.web import asking, assets, caching, languages, reading, standing, words
from geoevents.workflows import map_views

bp = Blueprint("pictures", __name__)

_KINDS = {"png": "image/png", "pdf": "application/pdf"}
_BESIDE = ("map", "size", "width")
_LEAST_WIDE, _MOST_WIDE = 400, 5_000
# Bytes: a dozen of the largest.
_ROOM = 32_000_000
# Who makes a picture, and who waits for the same, each holds a thread of the server.
_MOST_ASKING = 4


def init_app(app: Flask) -> None:
    app.extensions["geoevents.pictures"] = Recent[bytes](_ROOM, len)
    app.extensions["geoevents.pictures.places"] = BoundedSemaphore(_MOST_ASKING)


@bp.get("/map.<any(png, pdf):kind>")
def of_question(kind: str) -> ResponseReturnValue:
    asked = asking.by_data(*_BESIDE)
    if asked.internal:
        raise NotAllowed(Message("A picture shows what anybody may see. Leave out view=internal."))
    return _answer(kind, asked, "map", asked.frozen)


@bp.get("/m/<slug>.<any(png, pdf):kind>")
def of_view(slug: str, kind: str) -> ResponseReturnValue:
    asking.parameters(*_BESIDE)
    view = map_views.views_of(reading.backends()).get(slug)
    return _answer(kind, asking.of_pairs([("view", slug)]), slug, view)


def _answer(kind: str, asked: asking.Asked, name: str, view: View | None) -> Response:
    given = asking.beside(*_BESIDE)
    wide = _width(given, kind)
    spec = _spec(asked, given, view)
    etag = caching.tag("picture", kind, caching.state(), asked.query_string, wide, repr(spec))
    if known := caching.known_to_reader(etag):
        return known
    if (body := _kept().get(etag)) is None:
        with _place():
            body = _kept().of(etag, lambda: _made(spec, asked, kind, wide))
    answer = Response(body, mimetype=_KINDS[kind])
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.{kind}"'
    return caching.tagged(answer, etag)


def _made(spec: PictureSpec, asked: asking.Asked, kind: str, wide: int | None) -> bytes:
    reader, tiles = reading.reader(), current_app.extensions["geoevents.tiles"]
    assert isinstance(tiles, MapTiles)
    picture = Picture(
        spec,
        tiles.of(reader, asked.query),
        get=reader.get,
        taxonomy=reading.backends().taxonomy,
        assets=assets.files(),
    )
    return picture.pdf() if kind == "pdf" else picture.png(wide)


def _spec(asked: asking.Asked, given: Mapping[str, str], view: View | None) -> PictureSpec:
    house, lang = reading.backends(), languages.labels()
    query = _told(asked, view) if view and view.frozen else asked.query
    say: Callable[[str], tuple[str, str] | None] = lambda name: view.text(name, lang) if view else None  # noqa: E731
    position = _position(given["map"]) if "map" in given else view.position if view else None
    size = given.get("size", "a4")
    if size not in SIZES:
        raise _not_one_of(size, "size", SIZES)
    return PictureSpec(
        query=query,
        lang=lang,
        position=(position.middle, position.zoom) if position else None,
        size=size,
        title=say("title"),
        caption=say("caption"),
        credit=say("credit"),
        places=_called(query),
        attribution=(house.gazetteer.attribution,),
        notes=standing.notes_of(view),
        by_certainty=_by_certainty(asked.query),
    )


def _told(asked: asking.Asked, view: View) -> EventQuery:
    """What was asked when a map was frozen, and beside it now; all statuses say nothing of either."""
    beside = parse_qsl(replace(asked.query, statuses=EventQuery().statuses).canonical())
    named = {name for name, _ in beside}
    return EventQuery.parse([*(pair for pair in parse_qsl(view.query) if pair[0] not in named), *beside])


def _by_certainty(query: EventQuery) -> Mapping[Certainty, int]:
    return reading.reader().tally(query).by_certainty if query.asks_where_or_when else {}


def _called(query: EventQuery) -> dict[str, str]:
    """What the places are called that a question names, by id."""
    found = {}
    for place_id in places_asked(query):
        try:
            label = reading.backends().gazetteer.get(place_id).label
        except (LookupError, GazetteerError):
            continue
        found[place_id] = words.place_label(place_id, label) or label
    return found


def _position(text: str) -> Position:
    try:
        return Position.parse(text)
    except InvalidView:
        raise InvalidQuery(
            Message(
                "'{text}' is no place of the map. Write zoom/lat/lon, such as 7/36.5/40.75.", text=text[:60]
            ),
            "map",
        ) from None


def _width(given: Mapping[str, str], kind: str) -> int | None:
    text = given.get("width")
    if text is None:
        return None
    if kind != "png":
        raise InvalidQuery(Message("A PDF has no width in pixels. Leave it out, or ask for a PNG."), "width")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not _LEAST_WIDE <= number <= _MOST_WIDE:
        raise InvalidQuery(
            Message(
                "'{text}' is no width. Write a number of pixels from {least} to {most}.",
                text=text[:60], least=_LEAST_WIDE, most=_MOST_WIDE,
            ),
            "width",
        )  # fmt: skip
    return number


def _not_one_of(text: str, name: str, choices: Mapping[str, object]) -> InvalidQuery:
    return InvalidQuery(
        Message(
            "'{text}' is not a {name}. Use one of: {choices}.",
            text=text[:60],
            name=name,
            choices=", ".join(choices),
        ),
        name,
    )


@contextmanager
def _place() -> Iterator[None]:
    """One of the places for those who wait for a picture. Raises NotReady where all are taken."""
    places = current_app.extensions["geoevents.pictures.places"]
    if not places.acquire(blocking=False):
        raise busy()
    try:
        yield
    finally:
        places.release()


def _kept() -> Recent[bytes]:
    kept = current_app.extensions["geoevents.pictures"]
    assert isinstance(kept, Recent)
    return kept
