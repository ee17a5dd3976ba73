"""What templates may ask for: an event in words, a symbol, whether this reader may write."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Flask, get_flashed_messages
from markupsafe import Markup

from geoevents.cartography.symbols import PATHS
from geoevents.errors import BadInput
from geoevents.events import Event, Kind, Status, Verification
from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.sources import check_url
from geoevents.web import filters, languages, links, reading, words, writers
from geoevents.web.asking import Asked

_ZOOM_OF_A_POINT = 11
_ZOOM_OF_AN_AREA = 8


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        may_write=writers.may_write, notes=get_flashed_messages, symbol_of=symbol_of,
        colour_of=colour_of, path_of=path_of,
        symbol_of_type=filters.symbol, type_label=type_label, map_of=map_of,
        title_of=words.title,
        when_of=words.when, where_of=words.where, precision_of=words.precision,
        status_label=status_label, verification_label=verification_label, is_web_address=is_web_address,
        drafts=drafts, kept_beside_words=kept_beside_words,
    )  # fmt: skip


def symbol_of(event: Event) -> Markup:
    known = reading.backends().taxonomy.by_code.get(event.event_type)
    return filters.symbol(
        known,
        hollow=words.is_hollow(event),
        struck=words.is_struck(event),
        plated=event.kind is Kind.CONDITION,
    )


def type_label(code: str) -> str:
    return reading.backends().taxonomy.label(code, languages.labels())


def colour_of(event: Event) -> str:
    known = reading.backends().taxonomy.by_code.get(event.event_type)
    return known.colour if known else ""


def path_of(event: Event) -> str:
    """The outline of the event's symbol, for the small map."""
    known = reading.backends().taxonomy.by_code.get(event.event_type)
    return PATHS[known.shape] if known else ""


def status_label(status: Status) -> Message:
    return words.STATUSES[status]


def verification_label(verification: Verification) -> Message:
    return words.VERIFICATIONS[verification]


def map_of(event: Event) -> str:
    """The map around an event. The view is in the fragment, which only the page itself reads."""
    assert event.geometry is not None
    middle = event.geometry.bbox.middle
    zoom = _ZOOM_OF_A_POINT if event.geometry.is_point else _ZOOM_OF_AN_AREA
    view = {"map": f"{zoom}/{middle.lat:.4f}/{middle.lon:.4f}", "event": event.id}
    return links.link("browse.map_page") + "#" + urlencode(view, safe="/")


def drafts() -> tuple[int, str]:
    """How many events wait to be published and the address of their list; only for who may write."""
    asked = Asked(EventQuery(statuses=(Status.DRAFT,)), internal=True)
    waiting = reading.count_all(asked.query)
    return waiting, links.link("browse.event_list", asked)


def kept_beside_words(asked: Asked) -> list[tuple[str, str]]:
    """What a list is narrowed by beside the words searched for, to be sent along with new ones."""
    return parse_qsl(asked.with_query(q=None, after=None).query_string)


def is_web_address(url: str | None) -> bool:
    """Whether a link may lead there. What is kept was checked once; a file edited by hand was not."""
    try:
        return bool(url and check_url(url, "url"))
    except BadInput:
        return False
