"""Long answers are made as they are read, end where they said, and hold up nobody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from geoevents.web.streaming import TURN_BYTES, Pieces, handing_over

waitress = pytest.importorskip("waitress.server")

PIECE = b"0123456789abcdef" * 4_096
COUNT = 1_500
ASK = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class App:
    """Answers with COUNT pieces; tells how many were made, and whether it was told that nobody reads on."""

    def __init__(self, *, said: int = COUNT * len(PIECE)) -> None:
        self.made, self.is_closed, self.said = 0, threading.Event(), said

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(self.said))])
        return self.pieces()

    def pieces(self) -> Iterator[bytes]:
        try:
            for _ in range(COUNT):
                self.made += 1
                yield PIECE
        finally:
            self.is_closed.set()


@contextmanager
def served(app: App) -> Iterator[int]:
    server = waitress.create_server(handing_over(app), port=0, host="127.0.0.1", threads=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(timeout=5)


def read(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(ASK)
        found = b"".join(iter(lambda: connection.recv(1 << 20), b""))
    return found.partition(b"\r\n\r\n")[2]


def test_who_reads_all_gets_all():
    app = App()

    with served(app) as port:
        found = read(port)

    assert found == PIECE * COUNT
    assert app.is_closed.is_set()


def test_for_who_does_not_read_nothing_is_made_and_no_thread_waits():
    app = App()

    with served(app) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as slow:
        slow.sendall(ASK)
        time.sleep(1)
        made = app.made
        # The server has one thread.
        other = read(port)

    # What the buffers of the system hold, on both sides, and one turn.
    assert 0 < made < COUNT / 2
    assert other == PIECE * COUNT
    assert app.is_closed.wait(5)


def test_an_answer_with_less_than_it_said_is_not_taken_for_whole():
    app = App(said=(COUNT + 1) * len(PIECE))

    with served(app) as port:
        found = read(port)

    assert len(found) < app.said
    assert app.is_closed.is_set()


def test_after_a_turn_the_others_have_theirs():
    file = Pieces([PIECE] * COUNT, COUNT * len(PIECE))

    taken = list(iter(lambda: len(file.read(1 << 30)), 0))

    assert sum(taken) == TURN_BYTES
    assert file.read(10) == PIECE[:10]


def test_what_was_read_last_can_be_read_again():
    file = Pieces([b"abc", b"", b"def"], 6)
    file.read(3)

    first = bytes(file.read(9))
    file.seek(3)

    assert [first, bytes(file.read(9)), bytes(file.read(9))] == [b"def", b"def", b""]
    assert file.seek(0, 2) == 6
