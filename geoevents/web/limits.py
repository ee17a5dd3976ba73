"""How much of a request is read."""

from __future__ import annotations

from flask import Flask, request

from geoevents.errors import TooLarge
from geoevents.messages import Message

MOST_BYTES = 2_000_000
MOST_FIELDS = 1_000
MOST_FIELD_BYTES = 500_000


def init_app(app: Flask) -> None:
    # One more than we take, so that it is our own sentence that says so.
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES + 1
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_FIELD_BYTES
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    app.before_request(_refuse_much)


def _refuse_much() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if (request.content_length or 0) > MOST_BYTES or len(request.get_data(cache=True)) > MOST_BYTES:
        # The length counts too: of a body in chunks, werkzeug hands on what fits and says nothing.
        raise TooLarge(
            Message(
                "This request has more than {limit} bytes, the most that is read. "
                "Bring a whole file in with `geoevents import FILE`.",
                limit=MOST_BYTES,
            )
        )
    if request.mimetype == "application/x-www-form-urlencoded":
        _refuse_much_of_a_form(request.get_data(cache=True))


def _refuse_much_of_a_form(body: bytes) -> None:
    """As werkzeug does it for multipart; for these forms it counts nothing."""
    if body.count(b"&") >= MOST_FIELDS:
        raise TooLarge(
            Message("This form has more than {limit} fields, the most that is read.", limit=MOST_FIELDS)
        )
    if len(body) > MOST_FIELD_BYTES:
        raise TooLarge(
            Message("This form has more than {limit} bytes, the most that is read.", limit=MOST_FIELD_BYTES)
        )
