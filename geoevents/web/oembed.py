"""oEmbed: what other sites need to show a map of ours when somebody pastes its address."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from geoevents.errors import InvalidQuery, ViewNotFound
from geoevents.messages import Message
from geoevents.web import asking, languages, reading
from geoevents.workflows import map_views

bp = Blueprint("oembed", __name__)

WIDTH, HEIGHT = 800, 480
_OF_A_VIEW = "/m/"
_MOST_PIXELS = 5_000


@bp.get("/oembed")
def oembed() -> ResponseReturnValue:
    """The code of a frame for the address of a saved map or of the map itself (oembed.com, "rich")."""
    given = asking.parameters("url", "format", "maxwidth", "maxheight")
    if given.get("format", "json") != "json":
        raise InvalidQuery(
            Message(
                "'{text}' is not a {name}. Use one of: {choices}.",
                text=given["format"][:60],
                name="format",
                choices="json",
            ),
            "format",
        )
    source, title = _framed(given.get("url", ""))
    width = min(WIDTH, _pixels(given, "maxwidth", WIDTH))
    height = min(HEIGHT, _pixels(given, "maxheight", HEIGHT))
    code = (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="{width}" height="{height}" '
        'loading="lazy" frameborder="0"></iframe>'
    )
    answer: Response = jsonify(
        version="1.0", type="rich", title=title, html=code, width=width, height=height,
        provider_name="geoevents", provider_url=url_for("browse.map_page", _external=True),
    )  # fmt: skip
    return answer


def discovery(address: str) -> str:
    """Where a program learns how to show what stands at `address`."""
    return url_for("oembed.oembed", url=address, format="json", _external=True)


def _framed(address: str) -> tuple[str, str]:
    """The address to put in a frame, and its title. Raises ViewNotFound for what is no map of ours."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.netloc.lower() == request.host.lower() and parts.scheme in ("http", "https"):
        embed = url_for("views.embed", _external=True)
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        if parts.path.startswith(_OF_A_VIEW):
            view = map_views.views_of(reading.backends()).get(parts.path.removeprefix(_OF_A_VIEW))
            asked = {"view": view.slug, "lang": languages.labels()}
            return f"{embed}?{urlencode(asked)}{fragment}", view.title(languages.labels())
        if parts.path == "/":
            return embed + (f"?{parts.query}" if parts.query else "") + fragment, "geoevents"
    raise ViewNotFound(Message("There is no saved map of that name. Look for it in the list of saved maps."))


def _pixels(given: dict[str, str], name: str, otherwise: int) -> int:
    text = given.get(name, str(otherwise))
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not 1 <= number <= _MOST_PIXELS:
        raise InvalidQuery(
            Message(
                "'{text}' is not a limit. Write a number from 1 to {most}.", text=text[:60], most=_MOST_PIXELS
            ),
            name,
        )
    return number
