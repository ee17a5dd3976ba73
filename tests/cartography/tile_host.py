"""A server of tiles on this machine, which remembers who asked it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.cartography.archives import png


@dataclass
class Host:
    """A server of tiles: how it answers, and who asked it for what."""

    address: str = ""
    status: int = 200
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def serving_tiles() -> Iterator[Host]:
    """Such a server on this machine, by another name than the pages under test have."""
    told = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, self.headers["Referer"]))
            body = png((0, 160, 0)) if told.status == 200 else b""
            self.send_response(told.status)
            self.send_header("Content-Type", "image/png")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    told.address = f"localhost:{served.server_port}"
    try:
        yield told
    finally:
        served.shutdown()
        served.server_close()
