"""The client that measures: it knows where an answer ends, counts what it asked, and says what went wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.speed.load import answer, ask, download

BODY = b"x" * 100_000


class Handler(BaseHTTPRequestHandler):
    """Answers as the servers do that are measured: with a length, in chunks, with nothing, or by closing."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        way = self.path.partition("?")[0]
        if self.headers.get("If-None-Match") == '"known"':
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(500 if way == "/broken" else 200)
        if way == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(BODY), BODY) + b"0\r\n\r\n")
            return
        if way == "/closed":
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("way", ["/long", "/chunked", "/closed"])
def test_each_answer_is_read_to_its_end_and_counted_once(port, way):
    paths = (f"{way}?{number}" for number in range(20))

    found = ask(port, paths, connections=4)

    assert found.statuses == {200: 20}
    assert len(found.taken) == 20
    assert 20 * len(BODY) < found.size < 20 * (len(BODY) + 400)


def test_an_answer_without_a_body_ends_with_its_head(port):
    found = ask(port, iter(["/long"] * 10), connections=2, If_None_Match='"known"')

    assert found.must_be(304).statuses == {304: 10}


def test_an_answer_that_is_no_answer_is_not_counted_as_one(port):
    found = ask(port, iter(["/long", "/broken"]))

    with pytest.raises(RuntimeError, match="answers of status"):
        found.must_be(200)
    with pytest.raises(RuntimeError, match="500"):
        download(port, "/broken")


def test_no_more_is_asked_than_was_to_be(port):
    endless = iter(lambda: "/long", "")

    found = ask(port, endless, connections=4, most=9)

    assert len(found.taken) == 9
    assert found.numbers()["count"] == 9


def test_a_download_is_timed_to_its_first_and_to_its_last_byte(port):
    found = download(port, "/chunked")

    assert found.size > len(BODY)
    assert 0 < found.first <= found.whole
    assert answer(port, "/long")[0] == 200
