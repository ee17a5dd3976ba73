"""An online geocoder on this machine, for tests: it says what it is told to, and keeps count of who asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Service:
    """A real HTTP server on this machine: `reply` answers a request, `asked` is what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.agents: list[str] = []
        self.closed = threading.Event()
        self.reply: Callable[[BaseHTTPRequestHandler], None] = answering([])
        service = self

        class Handler(BaseHTTPRequestHandler):
            closed = self.closed

            def do_GET(self) -> None:
                service.asked.append(parse_qs(urlsplit(self.path).query))
                service.agents.append(self.headers["User-Agent"])
                service.reply(self)

            def log_message(self, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()


def silent(request: BaseHTTPRequestHandler) -> None:
    """Say nothing for as long as whoever asks holds on."""
    request.rfile.read(1)


def is_closed(request: BaseHTTPRequestHandler, *, seconds: float) -> bool:
    """Whether the service is closed, after so many seconds or as soon as it is."""
    closed: threading.Event = request.closed  # type: ignore[attr-defined]
    return closed.wait(seconds)


def answering(body: Any, status: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return reply
