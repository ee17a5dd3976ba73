"""Who asks much and reads nothing loses the connection, and holds up nobody."""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from waitress import wasyncore

from geoevents.web import serving

SHORT_IDLE = 2
LONG = b"x" * 8_000_000
ASK = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n"


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/long":
        start("200 OK", [("Content-Length", str(len(LONG)))])
        return iter([LONG])
    if path == "/unsized":
        start("200 OK", [])
        return (LONG[: 1 << 20] for _ in range(40))
    body = environ["wsgi.input"].read() or path.encode()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    stop, found, is_ready = serving.Stop(), [], threading.Event()

    class Told(ExitStack):
        def __enter__(self) -> Any:
            return stop

    def ready(address: str) -> None:
        found.append(int(address.rpartition(":")[2]))
        is_ready.set()

    run = serving._run

    def run_and_close(server: Any, until: serving.Stop) -> None:
        run(server, until)
        wasyncore.close_all(server._map)

    monkeypatch.setattr(serving, "_run", run_and_close)
    monkeypatch.setattr(serving, "_stop_signals", Told)
    monkeypatch.setattr(serving, "THREADS", 6)
    monkeypatch.setattr(serving, "IDLE_SECONDS", SHORT_IDLE)
    monkeypatch.setattr(serving, "ANSWER_BYTES", 16_000_000)
    monkeypatch.setattr(serving, "GRACE_SECONDS", 0.5)
    thread = threading.Thread(
        target=serving.run, args=(app,), kwargs={"host": "127.0.0.1", "port": 0, "ready": ready}, daemon=True
    )
    thread.start()
    assert is_ready.wait(10)
    yield found[0]
    stop.is_asked = True
    thread.join(timeout=10)


def answered(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/small", timeout=1.5) as answer:
        found: bytes = answer.read()
    return found


def is_cut_off(connection: socket.socket) -> bool:
    """Whether it ends before as much came as one answer is long."""
    connection.settimeout(5)
    count = 0
    try:
        while piece := connection.recv(1 << 20):
            count += len(piece)
    except ConnectionResetError:
        return True
    return count < len(LONG)


@pytest.mark.parametrize("path", [b"long", b"unsized"])
def test_who_asks_much_and_reads_nothing_is_cut_off_and_holds_up_nobody(port: int, path: bytes):
    with ExitStack() as open_ones:
        idle = [open_ones.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(12)]
        for each in idle:
            each.sendall(ASK % path * 50)
        time.sleep(1)

        found = [answered(port) for _ in range(5)]
        # The server looks every five seconds.
        time.sleep(SHORT_IDLE + 6)

        assert found == [b"/small"] * 5
        assert all(is_cut_off(each) for each in idle)


def test_requests_sent_at_once_are_answered_each_in_its_turn(port: int):
    asked = b"".join(ASK % name for name in (b"a", b"long", b"b"))
    waiting = (
        b"POST /c HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
        b"Content-Length: 2\r\nConnection: close\r\n\r\n"
    )

    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(asked + waiting)
        found = b""
        while b"100 Continue" not in found:
            found += connection.recv(1 << 20)
        connection.sendall(b"ok")
        found += b"".join(iter(lambda: connection.recv(1 << 20), b""))

    bodies = [part.partition(b"\r\n\r\n")[2] for part in found.split(b"HTTP/1.1 ")[1:]]
    assert bodies == [b"/a", LONG, b"/b", b"", b"ok"]
