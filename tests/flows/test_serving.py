"""The server as people start it: what it says, whom it answers, how it stops."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.flows.serving import Server, start, wait_until

# It starts processes: in `make test`, not in the quick `make check`.
pytestmark = pytest.mark.slow

FEATURE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [40.7477, 36.4806]},
    "properties": {
        "title": "Gunmen attack the prison",
        "event_type": "battles",
        "date_start": "2022-01-20",
        "geo_precision": "site",
        "sources": [{"publisher": "North Press"}],
    },
}


def raw(server: Server, request: bytes) -> bytes:
    """What comes back for bytes that no library would send."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        connection.settimeout(10)
        answer = b""
        # Who sends more than is read may find the line cut before the answer has come.
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                answer += part
        return answer


def test_it_answers_soon_after_a_cold_start(tmp_path: Path) -> None:
    began = time.monotonic()
    server = start(tmp_path / "new")
    try:
        status, body, _ = server.ask("GET", "/healthz")

        assert (status, json.loads(body)["status"]) == (200, "ok")
        assert time.monotonic() - began < 30
    finally:
        server.stop()


def test_it_keeps_what_it_was_given_over_a_restart(server: Server) -> None:
    added = server.add(FEATURE)

    assert server.stop() == 0
    again = start(server.data)
    try:
        status, body, _ = again.ask("GET", f"/events/{added['id']}.geojson")
        assert (status, json.loads(body)["properties"]["title"]) == (200, "Gunmen attack the prison")
    finally:
        again.stop()


def test_row_12_a_body_in_chunks_is_measured_too(running: Server) -> None:
    chunk = b" " * 100_000
    head = (
        b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )

    answer = raw(
        running, head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for _ in range(21)) + b"0\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"2000000" in answer


def test_row_46_paths_that_climb(running: Server) -> None:
    for path in (
        b"/assets/../../../etc/passwd",
        b"//etc/passwd",
        b"/assets/%2e%2e/%2e%2e/etc/passwd",
        b"/../etc/passwd",
    ):
        answer = raw(running, b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

        assert answer.startswith(b"HTTP/1.1 404")
        assert b"passwd" not in answer


@pytest.mark.parametrize("target", [b"http://evil.example/events", b"/events"])
def test_row_48_a_foreign_host(running: Server, target: bytes) -> None:
    answer = raw(running, b"GET " + target + b" HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400")
    assert b"evil" not in answer


def test_row_48_forwarding_headers_close_writing(running: Server) -> None:
    body = json.dumps(FEATURE)

    status, _, _ = running.ask(
        "POST", "/events", body, {"Content-Type": "application/json", "X-Forwarded-For": "127.0.0.1"}
    )

    assert status == 403


def test_row_51_a_header_without_end(running: Server) -> None:
    answer = raw(
        running, b"GET /events HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n"
    )

    assert answer == b"" or b" 431 " in answer.splitlines()[0]
    assert running.ask("GET", "/healthz")[0] == 200


def test_the_log_names_no_visitor(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
    server.ask("GET", "/events")
    server.ask("GET", "/nothing-here")
    server.stop()

    assert "127.0.0.1" not in server.log.read_text()


def test_writing_is_closed_where_others_can_reach_it(tmp_path: Path) -> None:
    server = start(tmp_path / "open", "--host", "0.0.0.0")
    try:
        status, _, _ = server.ask(
            "POST", "/events", json.dumps(FEATURE), {"Content-Type": "application/json"}
        )
        assert (status, server.ask("GET", "/events")[0]) == (403, 200)
        assert server.process.stdout is not None
        assert "until GEOEVENTS_HOSTS lists the names they ask for" in server.process.stdout.readline()
    finally:
        server.stop()


@pytest.mark.parametrize("names", ["map.example.org", "localhost"])
def test_writing_is_closed_behind_a_proxy_whatever_host_it_passes_on(tmp_path: Path, names: str) -> None:
    server = start(tmp_path / "behind", GEOEVENTS_HOSTS=names)
    try:
        status, said, _ = server.ask(
            "POST", "/events", json.dumps(FEATURE), {"Content-Type": "application/json", "Host": "localhost"}
        )
        assert (status, server.ask("GET", "/events")[0]) == (403, 200)
        assert "while GEOEVENTS_HOSTS is not set" in said.decode()
    finally:
        server.stop()


def test_a_port_that_is_taken_is_told(running: Server, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="cannot be served"):
        start(tmp_path / "second", "--port", str(running.port))


@pytest.mark.fault
@pytest.mark.alone
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_F11_it_stops_within_five_seconds_whoever_hangs_on(server: Server, number: signal.Signals) -> None:
    with (
        socket.create_connection(("127.0.0.1", server.port)) as idle,
        socket.create_connection(("127.0.0.1", server.port)) as half,
    ):
        idle.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        half.sendall(b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
        wait_until(lambda: server.connections(read=True) >= 2)
        began = time.monotonic()
        server.process.send_signal(number)

        assert server.process.wait(timeout=10) == 0
        assert time.monotonic() - began < 5


@pytest.mark.fault
def test_F11_what_was_acknowledged_is_kept(server: Server) -> None:
    acknowledged: list[str] = []
    senders = [threading.Thread(target=_add_until_gone, args=(server, acknowledged)) for _ in range(4)]
    for sender in senders:
        sender.start()
    wait_until(lambda: len(acknowledged) > 20)

    code = server.stop()
    for sender in senders:
        sender.join()

    again = start(server.data)
    try:
        kept = {each["id"] for each in json.loads(again.ask("GET", "/events.geojson")[1])["features"]}
    finally:
        again.stop()
    assert code == 0
    assert len(acknowledged) > 20
    assert set(acknowledged) <= kept
    # At most what each sender had under way is there without its word having arrived.
    assert len(kept) - len(acknowledged) <= len(senders)


def _add_until_gone(server: Server, acknowledged: list[str]) -> None:
    while True:
        try:
            acknowledged.append(server.add(FEATURE)["id"])
        except (OSError, http.client.HTTPException, subprocess.SubprocessError):
            return
