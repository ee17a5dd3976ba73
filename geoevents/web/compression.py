"""Answers made small for poor connections, where the reader's browser takes gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

from geoevents.web import headers

# Below this, gzip's own words weigh as much as it saves.
LEAST_BYTES = 1_000
LEVEL = 6
_GZIP = 16 + zlib.MAX_WBITS
_SMALLER = ("text/", "application/json", "application/geo+json", "application/problem+json", "image/svg+xml")


def init_app(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not (response.mimetype or "").startswith(_SMALLER):
        return response
    response.vary.add("Accept-Encoding")
    # What is private stays as it is: packed beside words of somebody's choice, its length would tell of it.
    is_private = response.headers.get("Cache-Control") == headers.PRIVATE
    if (
        response.status_code != 200
        or is_private
        or not _takes_gzip()
        or response.headers.get("Content-Encoding")
    ):
        return response
    if response.is_streamed:
        response.response = _gzipped(response.iter_encoded())
        response.headers.pop("Content-Length", None)
    elif len(response.get_data()) < LEAST_BYTES:
        return response
    else:
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        # The same words in other bytes: so says a weak tag, and every comparison of ours is weak.
        response.set_etag(etag, weak=True)
    return response


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _gzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()
