"""The tiles of a detailed ground where they are our own: out of the PMTiles file that a team has set."""

from __future__ import annotations

import gzip
from base64 import b64decode

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from geoevents.cartography.grounds import Archive, DetailedGround
from geoevents.web.assets import FOR_A_DAY, FOR_EVER

bp = Blueprint("grounds", __name__)

# One transparent pixel.
_NOTHING = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


@bp.get("/ground/<int:z>/<int:x>/<int:y>")
def tile(z: int, x: int, y: int) -> ResponseReturnValue:
    archive = _archive()
    if archive is None or not archive.has(z, x, y):
        raise NotFound
    found = archive.tile(z, x, y)
    answer = _empty(archive) if found is None else _kept(archive, found)
    answer.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == archive.tag else FOR_A_DAY
    return answer


def _kept(archive: Archive, tile: bytes) -> Response:
    answer = Response(tile, content_type=archive.content_type)
    if archive.is_gzipped:
        answer.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip"):
            answer.content_encoding = "gzip"
        else:
            answer.set_data(gzip.decompress(tile))
    return answer


def _empty(archive: Archive) -> Response:
    """Nothing to draw here, and nothing wrong: the base map shows through."""
    if archive.is_vector:
        return Response(b"", content_type=archive.content_type)
    return Response(_NOTHING, content_type="image/png")


def _archive() -> Archive | None:
    ground = current_app.config["GEOEVENTS_GROUND"]
    return ground.archive if isinstance(ground, DetailedGround) else None
