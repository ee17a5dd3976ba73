"""Look around: the map, the list, one event, and what this is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geoevents.cartography.captions import frozen_note
from geoevents.errors import EventNotFound
from geoevents.events import Event, Status
from geoevents.messages import Message
from geoevents.queries import EventPage, EventQuery
from geoevents.regions import Certainty
from geoevents.web import (
    asking,
    caching,
    error_pages,
    facts,
    filters,
    headers,
    languages,
    links,
    mapping,
    reading,
    sureness,
    words,
    writers,
)

bp = Blueprint("browse", __name__)

_NOT_PUBLIC = Message("The public does not see this event: it is a draft, or withheld. You may look at it.")


@bp.get("/")
def map_page() -> ResponseReturnValue:
    asked = asking.by_page()
    if asked.unclear is not None:
        # The map is the same for everybody: which place is meant the list asks.
        return links.go(request.full_path.replace("/", url_for("browse.event_list"), 1))
    if asked.must_move:
        return links.go(links.link("browse.map_page", asked))
    return mapping.map_answer()


@bp.get("/events")
def event_list() -> ResponseReturnValue:
    asked = asking.by_page()
    if asked.must_move:
        return links.go(links.link("browse.event_list", asked))
    page = reading.reader().find(asked.with_query(limit=asked.query.limit or asking.PAGE_SIZE).query)
    values = {
        "everything": asked.with_query(limit=None, after=None),
        "shares": sureness.shares(asked),
        "also_searched": sureness.also_searched(asked.query),
        "doubts": _doubts(page, asked.query),
    }
    return _page("events/list.html", asked=asked, page=page, filters=filters.of(asked), **values)


def _doubts(page: EventPage, query: EventQuery) -> dict[str, list[Message]]:
    """Of each event that is only possibly what was asked for: why."""
    return {
        event.id: sureness.reasons(event, query)
        for event, certainty in zip(page.events, page.certainties, strict=False)
        if certainty is Certainty.POSSIBLY
    }


@bp.get("/events/<event_id:event_id>")
def event(event_id: str) -> ResponseReturnValue:
    asked = asking.by_page()
    try:
        found = reading.reader().get(event_id)
    except EventNotFound:
        if writers.is_writer_here() and error_pages.wants_page() and reading.has(event_id):
            return headers.keep_private(error_pages.page(404, _NOT_PUBLIC, draft=event_id))
        raise
    return show_event(found, asked=asked)


@bp.get("/about")
def about() -> ResponseReturnValue:
    asked = asking.by_page()
    house = reading.backends()
    thanks = [each.attribution for each in (house.gazetteer, house.online) if each is not None]
    team = {
        name.lower(): current_app.config[f"GEOEVENTS_{name}"] for name in ("GROUND", "LICENCE", "CONTACT")
    }
    values = {
        "attributions": thanks,
        "online": house.online,
        "counts": filters.of(asked).counts,
        "countries": [words.country(code) or code for code in mapping.region()],
        "definitions": _definitions(),
        **team,
    }
    return _page("about.html", asked=asked, taxonomy=house.taxonomy, **values)


def _definitions() -> list[tuple[str, str]]:
    said = [(label, words.VERIFICATIONS_EXPLAINED[each]) for each, label in words.VERIFICATIONS.items()]
    said.append((words.STATUSES[Status.RETRACTED], words.RETRACTED_EXPLAINED))
    return [(languages.in_words(label), languages.in_words(text)) for label, text in said]


def show_event(found: Event, *, status: int = 200, **more: Any) -> Response:
    """The page of an event; `more` is what a refused retraction has to say."""
    answer = _page("events/event.html", event=found, facts=facts.of(found), **more)
    answer.status_code = status if answer.status_code == 200 else answer.status_code
    return answer


def _page(template: str, **values: Any) -> Response:
    return caching.html(render_template(template, path=request.path, **values))


def _for_every_template() -> dict[str, Any]:
    return {
        "internal": bool(g.get("internal")),
        "frozen": g.get("frozen"),
        "frozen_note": frozen_note,
        "banner": reading.banner(),
    }


bp.app_context_processor(_for_every_template)
