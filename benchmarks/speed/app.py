"""Our app for other servers than our own, and with tiles answered before Flask has looked at the request.

python -m benchmarks.speed.app PORT      serves the latter by our own server
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask

from geoevents import settings
from geoevents.bootstrap import open_backends
from geoevents.queries import EventQuery
from geoevents.web import caching, serving
from geoevents.web.app import create_app

_TILE = re.compile(r"/tiles/(\d+)/(\d+)/(\d+)\.json")


def make() -> Flask:
    """As `geoevents serve` makes it."""
    given = settings.load(os.environ)
    backends = open_backends(given, lag=5.0)
    backends.public.prepare_behind()
    app = create_app(backends, cache=given.cache, writes="loopback")
    app.test_client().get("/")
    return app


class Early:
    """
    The app, and before it the tiles: with no routing, no request object, no hooks, headers ready made.

    What is left out (languages, compression, hosts, limits, errors in words) would have to be done here
    again: no way to answer tiles before Flask can be faster than this.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._public = app.extensions["geoevents"].public
        self._cut = app.extensions["geoevents.tiles"]
        with app.test_client() as client:
            heads = client.get("/tiles/0/0/0.json").headers
        self._heads = [(name, said) for name, said in heads if name not in ("ETag", "Content-Length", "Date")]

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        found = _TILE.fullmatch(environ["PATH_INFO"])
        if not found or environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start)
        query = EventQuery.parse(parse_qsl(environ["QUERY_STRING"]))
        body = self._cut.of(self._public, query).json(*map(int, found.groups()))
        tag = f'"{caching.tag_of(body)}"'
        if environ.get("HTTP_IF_NONE_MATCH") == tag:
            start("304 NOT MODIFIED", [*self._heads, ("ETag", tag)])
            return []
        start("200 OK", [*self._heads, ("ETag", tag), ("Content-Length", str(len(body)))])
        return [body]


def main() -> None:
    serving.run(Early(make()), host="127.0.0.1", port=int(sys.argv[1]), ready=lambda address: None)


if __name__ == "__main__":
    main()
