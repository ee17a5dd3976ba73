"""Five hundred connections that hardly move, and what somebody else waits meanwhile (fault F12)."""

from __future__ import annotations

import resource
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from benchmarks.speed.load import answer

COUNT, FRESH = 500, 20
OPENINGS = {
    "half a header": b"GET /events HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "half a body": (
        b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 500000\r\n\r\n{"
    ),
    "reads nothing": b"GET /events.geojson?limit=800 HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


def answered(port: int, opening: bytes, *, count: int = COUNT) -> str:
    """How many of 20 fresh requests are answered within a second, and the longest of them in milliseconds."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2 * COUNT + 100)), hard))
    taken = []
    with _slow(port, opening, count):
        for _ in range(FRESH):
            start = time.perf_counter()
            with suppress(OSError):
                answer(port, "/revision", timeout=1.0)
            taken.append((time.perf_counter() - start) * 1_000)
            if len(taken) == 3 and min(taken) > 1_000:
                return f"0 of {FRESH}"
    return f"{sum(each < 1_000 for each in taken)} of {FRESH}, {max(taken):.0f} ms"


@contextmanager
def _slow(port: int, opening: bytes, count: int) -> Iterator[None]:
    """Each sends its beginning, then a byte now and then, and reads nothing."""
    stop, made = threading.Event(), []
    with ExitStack() as stack:
        for _ in range(count):
            with suppress(OSError):
                connection = socket.create_connection(("127.0.0.1", port), timeout=2)
                made.append(stack.enter_context(connection))
                connection.sendall(opening)
        trickle = threading.Thread(target=_trickle, args=(made, stop))
        trickle.start()
        # What was asked for is made first; then they only hold on.
        _wait(made if opening.endswith(b"\r\n\r\n") else [])
        try:
            yield
        finally:
            stop.set()
            trickle.join()


def _wait(connections: list[socket.socket], *, seconds: float = 30) -> None:
    """Until each has the beginning of an answer waiting for it."""
    time.sleep(1)
    watch, deadline = select.poll(), time.monotonic() + seconds
    for connection in connections:
        watch.register(connection, select.POLLIN)
    while len(watch.poll(0)) < len(connections) and time.monotonic() < deadline:
        time.sleep(0.1)


def _trickle(connections: list[socket.socket], stop: threading.Event) -> None:
    while not stop.wait(0.5):
        for connection in connections:
            with suppress(OSError):
                connection.send(b"x", socket.MSG_DONTWAIT)
