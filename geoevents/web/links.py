"""Addresses of our own pages: each carries the language and the view it was asked in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, g, request, url_for

from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.web import languages
from geoevents.web.asking import INTERNAL, Asked, query_string

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+[^\s<>\"]*")


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        link=link,
        link_in=link_in,
        carried_language=carried_language,
        mistake_link=mistake_link,
        parted=parted,
    )


def link(endpoint: str, asked: Asked | EventQuery | None = None, **values: Any) -> str:
    """The address of a page or of data; with `asked`, of that same question."""
    return _address(endpoint, asked, values, lang=carried_language())


def own_address(endpoint: str, **values: Any) -> str:
    """The address of a thing itself, in no language and no view."""
    return url_for(endpoint, **values)


def mistake_link(event_id: str, version: int) -> str | None:
    """
    Where a mistake in an event is reported, with its address and version; None where nobody says where.

    popup.js makes the same of what the frame of the map has.
    """
    contact = current_app.config["GEOEVENTS_CONTACT"]
    if contact is None:
        return None
    address = url_for("browse.event", event_id=event_id, _external=True)
    if "://" in contact:
        return f"{contact}?{urlencode({'event': address, 'version': version})}"
    said = Message("A mistake in event {id}, version {version}", id=event_id, version=str(version))
    return f"mailto:{contact}?subject={quote(languages.in_words(said))}&body={quote(address)}"


def parted(text: str) -> tuple[str, str | None]:
    """
    What is said, and the address of the web at its end that it shall lead to, if there is one.

    >>> parted("CC BY 4.0 https://creativecommons.org/licenses/by/4.0/")
    ('CC BY 4.0', 'https://creativecommons.org/licenses/by/4.0/')
    """
    words, _, last = text.rpartition(" ")
    if not _ADDRESS.fullmatch(last):
        return text, None
    return words.strip() or last, last


def go(address: str) -> Response:
    """303: look there instead. No body: nobody reads it, and it would be in no language."""
    return Response(status=303, headers={"Location": address})


def link_in(lang: str) -> str:
    """This same page in another language."""
    if g.get("failed"):
        # An address that leads nowhere is not repeated.
        return _address("browse.event_list", None, {}, lang=lang)
    pairs = [(name, text) for name, text in request.args.items(multi=True) if name != "lang" and text.strip()]
    # Only a page that was asked for by GET has an address of its own; a refused form has its form's.
    return request.path + "?" + urlencode([*pairs, ("lang", lang)], safe="/,:;@", errors="replace")


def _address(
    endpoint: str, asked: Asked | EventQuery | None, values: dict[str, Any], *, lang: str | None
) -> str:
    internal = bool(g.get("internal"))
    if isinstance(asked, Asked):
        text = asked.query_string
    elif asked is not None:
        frozen = g.get("frozen")
        text = query_string(asked, view=INTERNAL if internal else frozen.slug if frozen else None)
    else:
        text = (
            urlencode({"view": INTERNAL})
            if internal and endpoint.startswith(("browse.", "edit.", "data."))
            else ""
        )
    url = url_for(endpoint, **values)
    extra = "&".join(part for part in (text, urlencode({"lang": lang}) if lang else "") if part)
    return f"{url}{'&' if '?' in url else '?'}{extra}" if extra else url


def carried_language() -> str | None:
    """An address passed on says its language, unless it is the one everybody gets who asks for none."""
    return str(g.lang) if g.asked_lang or g.lang != "en" else None
