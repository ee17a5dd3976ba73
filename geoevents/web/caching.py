"""When an answer need not be sent again: tags that hang on public bytes, answers no cache may keep."""

from __future__ import annotations

from hashlib import sha256

from flask import Response, current_app, g, make_response, request

from geoevents import __version__
from geoevents.web import headers, reading, writers


def tag(*parts: object) -> str:
    """
    A short name for what an answer is made of.

    >>> tag("events", 1) == tag("events", 1) != tag("events", 2)
    True
    """
    return sha256("\n".join([__version__, *map(str, parts)]).encode("utf-8", "surrogatepass")).hexdigest()[
        :20
    ]


def tag_of(body: bytes) -> str:
    """A short name for an answer by what it says: what others wrote meanwhile is nothing to it."""
    return sha256(body).hexdigest()[:20]


def opened() -> str:
    """Which opening of which store this is: versions and revisions of another count something else."""
    return str(current_app.extensions["geoevents.opened"])


def state() -> str:
    """What public answers hang on: the public revision, of this store since it was opened."""
    which = ".internal" if g.get("internal") else ".frozen" if g.get("frozen") else ""
    return f"{opened()}.{reading.reader().revision}{which}"


def known_to_reader(etag: str) -> Response | None:
    """A 304 when the reader has this very answer; None when it must be made."""
    if g.get("internal") or not request.if_none_match.contains_weak(etag):
        return None
    return tagged(Response(status=304), etag)


def tagged(response: Response, etag: str) -> Response:
    """Name the answer by its tag, to be asked for again each time; the internal view is kept nowhere."""
    if g.get("internal"):
        return headers.keep_private(response)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"
    return response


def html(text: str) -> Response:
    """A page, tagged by its own bytes: a page that says the same is not sent twice."""
    body = text.encode("utf-8", "replace")
    etag = tag(body)
    answer = known_to_reader(etag) or tagged(make_response(body), etag)
    answer.mimetype = "text/html"
    if writers.may_write() and not g.get("internal"):
        # It offers forms, which a reader behind the same cache may not use.
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer
