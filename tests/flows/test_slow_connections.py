"""Slow readers and writers hold up nobody else."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.flows.serving import Server, wait_until

SLOW = 150
FRESH = 20
HALF_A_HEADER = b"GET /events HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 500000\r\n\r\n{"
)
READS_NOTHING = b"GET /events.geojson HTTP/1.1\r\nHost: localhost\r\n\r\n"

LONG = {
    "type": "Feature",
    "geometry": None,
    "properties": {
        "title": "A long story",
        "description": "word " * 1_900,
        "event_type": "battles",
        "date_start": "2022-01-20",
        "geo_precision": "unlocated",
        "sources": [{"publisher": "North Press", "quote": "word " * 900}],
    },
}


@contextmanager
def slow_connections(server: Server, opening: bytes, count: int) -> Iterator[list[socket.socket]]:
    """Connections that send a beginning, then a byte now and then, and read nothing."""
    with ExitStack() as stack:
        made = []
        for _ in range(count):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            connection.sendall(opening)
            made.append(connection)
        stop = threading.Event()
        trickle = threading.Thread(target=_trickle, args=(made, stop.is_set))
        trickle.start()
        try:
            yield made
        finally:
            stop.set()
            trickle.join()


def _trickle(connections: list[socket.socket], is_over: Callable[[], bool]) -> None:
    while not is_over():
        for connection in connections:
            try:
                connection.sendall(b"x")
            except OSError:
                continue
        time.sleep(0.5)


def _answered(connections: list[socket.socket]) -> int:
    """How many have the beginning of an answer waiting for them."""
    watch = select.poll()
    for connection in connections:
        watch.register(connection, select.POLLIN)
    return len(watch.poll(0))


@pytest.mark.fault
@pytest.mark.alone
@pytest.mark.parametrize(
    "opening", [HALF_A_HEADER, HALF_A_BODY, READS_NOTHING], ids=["header", "body", "reader"]
)
def test_F12_slow_connections_keep_nobody_waiting(server: Server, opening: bytes, torture: int) -> None:
    count = SLOW if torture == 1 else 500
    times = []
    if opening is READS_NOTHING:
        # More than the system's buffers hold, so that not reading holds something up.
        for _ in range(60):
            server.add(LONG)

    with slow_connections(server, opening, count) as slow:
        if opening is READS_NOTHING:
            # What they asked for is made first; then they only hold on.
            wait_until(lambda: _answered(slow) == count, seconds=60)
        else:
            wait_until(lambda: server.connections() >= count, seconds=60)
        for _ in range(FRESH):
            began = time.monotonic()
            status, _, _ = server.ask("GET", "/events")
            times.append(time.monotonic() - began)
            assert status == 200

        assert len(slow) == count
    assert max(times) < 1.0
