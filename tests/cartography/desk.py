"""A small server of the map's own parts: frame, assets, tiles and events, without the web layer above."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page

from geoevents import geojson
from geoevents.cartography.asset_files import Assets
from geoevents.cartography.frame import FrameSpec, frame
from geoevents.cartography.recent import Recent
from geoevents.cartography.tiles import Tiles
from geoevents.errors import InvalidQuery
from geoevents.event_types import Taxonomy, load_taxonomy
from geoevents.events import Event, Kind, public_view
from geoevents.queries import EventQuery
from geoevents.timelines import timeline_of_events
from tests.cartography.tiling import tiles_of
from tests.shipped import shipped_collection

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "data" / "cache"


def shipped_taxonomy() -> Taxonomy:
    return load_taxonomy(ROOT / "data" / "event_types.json")


def shipped_events() -> list[Event]:
    collection = json.loads(shipped_collection())
    return [geojson.event_from_feature(each) for each in collection["features"]]


@dataclass
class Desk:
    """What is served: change `events` and raise `revision`, and the page notices."""

    events: Sequence[Event]
    taxonomy: Taxonomy
    revision: int = 1
    writes: bool = False
    asked: list[str] = field(default_factory=list)
    pages: dict[str, bytes] = field(default_factory=dict)
    address: str = ""
    cut: Recent[Tiles] = field(default_factory=lambda: Recent(4))

    @property
    def public(self) -> list[Event]:
        return [shown for event in self.events if (shown := public_view(event))]


@contextmanager
def open_desk(events: Sequence[Event], taxonomy: Taxonomy | None = None) -> Iterator[Desk]:
    desk = Desk(events, taxonomy or shipped_taxonomy())
    handler = type("Handler", (_Handler,), {"desk": desk, "assets": Assets(CACHE)})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        desk.address = f"http://127.0.0.1:{server.server_port}"
        yield desk
        server.shutdown()


# True once the page has read its address and every tile in view has come and been drawn.
SETTLED = """((board) => board && document.documentElement.dataset.ready === 'true' && !board.waiting
    && board.inView().every((at) => board.tiles.get(at.join('/'))?.data)
)(window.geoevents?.map?.geoeventsBoard)"""


def until(page: Page, expression: str, *, seconds: float = 30) -> None:
    """Wait until something is true in a page. Playwright's own waiting is eval(), which our policy stops."""
    last = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < last, f"never true: {expression}"
        page.wait_for_timeout(30)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that has moved on no longer wants what it asked for."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    desk: Desk
    assets: Assets

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.desk.asked.append(self.path)
        asked = dict(parse_qsl(url.query))
        if url.path == "/":
            made = frame(
                FrameSpec(lang=asked.get("lang", "en"), taxonomy=self.desk.taxonomy, url=self.assets.url)
            )
            self._send(made.html, "text/html; charset=utf-8", made.csp)
        elif url.path in self.desk.pages:
            self._send(self.desk.pages[url.path], "text/html; charset=utf-8", POLICY)
        elif url.path.startswith("/assets/"):
            asset = self.assets.get(url.path.removeprefix("/assets/"))
            self._send(asset.body, asset.content_type) if asset else self._send(b"", "text/plain", status=404)
        elif url.path == "/revision":
            self._json({"revision": self.desk.revision, "writes": self.desk.writes})
        else:
            self._data(url.path, url.query)

    def _data(self, path: str, query: str) -> None:
        try:
            question = EventQuery.parse(parse_qsl(query))
        except InvalidQuery as error:
            self._json({"title": "Bad query", "detail": str(error)}, status=400)
            return
        found = sorted(
            filter(question.matches, self.desk.public), key=lambda e: (e.date_start, e.id), reverse=True
        )
        if path.startswith("/tiles/"):
            z, x, y = (int(part) for part in path.removeprefix("/tiles/").removesuffix(".json").split("/"))
            key = (self.desk.revision, tuple(event.id for event in found))
            cut = self.desk.cut.of(key, lambda: tiles_of(found))
            self._send(cut.json(z, x, y), "application/json")
        elif path == "/timeline.json":
            self._json(timeline_of_events(found).document())
        elif path == "/events.geojson":
            start, most = int(question.after or 0), question.limit or len(found)
            rest = found[start : start + most]
            links = (
                [{"rel": "next", "href": f"/events.geojson?after={start + most}"}]
                if start + most < len(found)
                else []
            )
            lines = [geojson.feature_line(event) for event in rest]
            kinds = {kind.value: sum(event.kind is kind for event in found) for kind in Kind}
            body = b"".join(
                geojson.collection(lines, numberMatched=len(found), numberMatchedByKind=kinds, links=links)
            )
            self._send(body, "application/geo+json")
        else:
            self._send(b"", "text/plain", status=404)

    def _json(self, value: object, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), "application/json", status=status)

    def _send(self, body: bytes, kind: str, policy: str | None = None, *, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


# What pages without a map answer with (web/headers.py, without a script of their own).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
