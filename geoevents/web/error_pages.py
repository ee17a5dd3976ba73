"""What a fault says over HTTP: the one table from exceptions to statuses, as problem+json or as a page."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from geoevents import errors
from geoevents.messages import Message
from geoevents.web import headers, hosts, languages

# The first row that fits is taken, so the special stand before the general.
STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (hosts.ForeignHost, 400),
    (errors.InvalidJSON, 400),
    (errors.InvalidQuery, 400),
    (errors.TooLarge, 413),
    (errors.BadInput, 422),
    (errors.NotAnEvent, 422),
    (errors.EventNotFound, 404),
    (errors.ViewNotFound, 404),
    (errors.EventExists, 409),
    (errors.ViewExists, 409),
    (errors.EventChanged, 412),
    (errors.NotAllowed, 403),
    (errors.NotReady, 503),
    (errors.StoreFull, 507),
    (errors.StoreError, 503),
    (errors.GazetteerError, 503),
    (errors.SettingsError, 500),
    (errors.GeoEventsError, 500),
)

_DATA_SUFFIXES = (".geojson", ".csv", ".json")
_DATA_PATHS = ("/api/", "/tiles/", "/revision", "/healthz", "/assets/", "/basemap/", "/ground/")
# Members that say nothing when they are empty; of others (`place`) null is an answer.
_LEFT_OUT = ("field", "line", "column", "yours")
PROBLEM = "application/problem+json"
_OFFERED = ("text/html", PROBLEM, "application/json", "application/geo+json")


def init_app(app: Flask) -> None:
    app.register_error_handler(errors.GeoEventsError, _on_fault)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_surprise)


def status_of(error: Exception) -> int:
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def wants_page() -> bool:
    """Whether a person looks at the answer, not a program."""
    if (
        request.path.endswith(_DATA_SUFFIXES)
        or request.path.startswith(_DATA_PATHS)
        or request.method in ("PUT", "DELETE")
    ):
        return False
    if "json" in request.mimetype:
        return False
    accepted = request.accept_mimetypes
    # Browsers name it; what takes anything is a program (curl).
    is_named = any(kind.lower() == "text/html" for kind, quality in accepted if quality > 0)
    return is_named and accepted.best_match(_OFFERED) == "text/html"


def problem(status: int, detail: object, **members: Any) -> Response:
    """An RFC 9457 answer, Messages put into the reader's language. A `field` of None is left out."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": languages.in_words(detail),
    }
    body |= {name: value for name, value in members.items() if value is not None or name not in _LEFT_OUT}
    answer = json.dumps(body, ensure_ascii=False, default=languages.in_words)
    # A lone surrogate in what is quoted back would otherwise be an answer that cannot be sent.
    return Response(answer.encode("utf-8", "replace"), status, mimetype=PROBLEM)


def page(status: int, detail: object, **more: Any) -> Response:
    g.failed = True
    return make_response(
        render_template(
            "error.html", status=status, title=_title(status), detail=languages.in_words(detail), **more
        ),
        status,
    )


def problems_of(error: errors.GeoEventsError) -> list[dict[str, object]]:
    """Every problem of an event, with the field that has it."""
    found = error.problems if isinstance(error, errors.InvalidEvent) else (error,)
    return [{"field": each.field, "detail": each.message} for each in found]


def _on_fault(error: errors.GeoEventsError) -> Response:
    status = status_of(error)
    if isinstance(error, errors.NotReady):
        g.retry_after = error.seconds
    elif status >= 500:
        current_app.logger.error("%s: %s", type(error).__name__, error)
    if wants_page():
        return _finished(page(status, error.message))
    place: dict[str, Any] = {}
    if isinstance(error, errors.InvalidJSON):
        place = {"line": error.line, "column": error.column}
    if isinstance(error, errors.InvalidEvent):
        place = {"problems": problems_of(error)}
    return _finished(problem(status, error.message, field=error.field, **place))


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    if isinstance(error, RequestEntityTooLarge):
        detail = Message("This request holds more than is read: 2 MB in all, 1,000 fields, 500 kB a form.")
    else:
        detail = _WORDS.get(status, Message("This request cannot be answered."))
    answer = page(status, detail) if wants_page() else problem(status, detail)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = error.get_response().headers.get("Allow", "GET")
    return _finished(answer)


def _on_surprise(error: Exception) -> Response:
    current_app.logger.error("%s while answering %s", type(error).__name__, request.endpoint, exc_info=error)
    detail = _WORDS[500]
    return _finished(page(500, detail) if wants_page() else problem(500, detail))


def _finished(answer: Response) -> Response:
    if "lang" not in g:
        languages.init_request()
    answer.vary.add("Accept")
    if "retry_after" in g:
        answer.headers["Retry-After"] = str(g.retry_after)
    return headers.keep_private(answer) if g.get("internal") else answer


def _title(status: int) -> Message:
    return _TITLES.get(status, _TITLES[400] if status < 500 else _TITLES[500])


_TITLES = {
    400: Message("This cannot be answered"),
    403: Message("Not open here"),
    404: Message("Nothing here"),
    409: Message("Already there"),
    412: Message("Changed in the meantime"),
    413: Message("Too much at once"),
    422: Message("Something does not fit"),
    500: Message("Something broke"),
    503: Message("Not available just now"),
    507: Message("The disk is full"),
}

_WORDS = {
    400: Message(
        "This request cannot be understood. Check what is sent, or open the page anew and try again."
    ),
    403: Message("This is not open here."),
    404: Message("There is nothing at this address. It may have been mistyped, or the event is not public."),
    405: Message("This address does not take that kind of request."),
    415: Message("This kind of body is not read. Send application/geo+json, application/json or the form."),
    500: Message(
        "The server made a mistake. Nothing was changed. Try again; if it stays, tell the operator."
    ),
}
