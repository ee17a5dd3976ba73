"""The files pages load: style sheets, scripts, fonts, the base map; kept for long, named by content."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from geoevents.cartography.asset_files import Asset, Assets

bp = Blueprint("assets", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
# The base map changes with a new set-up only, and its thousands of files have no tag in their address.
FOR_A_DAY = "public, max-age=86400"


def init_app(app: Flask, cache: Path) -> None:
    files = Assets(cache)
    app.extensions["geoevents.assets"] = files
    app.jinja_env.globals["asset"] = files.url


def files() -> Assets:
    found = current_app.extensions["geoevents.assets"]
    assert isinstance(found, Assets)
    return found


@bp.get("/assets/<path:name>")
def asset(name: str) -> ResponseReturnValue:
    found = files().get(name)
    if found is None:
        raise NotFound
    return _answer(name, found)


@bp.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    return asset("icon.svg")


def _answer(name: str, found: Asset) -> Response:
    answer = Response(found.body, content_type=found.content_type)
    answer.set_etag(found.tag)
    if request.args.get("v") == found.tag:
        answer.headers["Cache-Control"] = FOR_EVER
    elif name.startswith("basemap/"):
        answer.headers["Cache-Control"] = FOR_A_DAY
    answer.make_conditional(request)
    return answer
