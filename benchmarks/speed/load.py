"""Requests over HTTP/1.1, many at once from one thread: what each took, and how many there are in a second.

A client in Python has to share the machine with the server, so it does as little as it can: open connections
are kept, nothing of an answer is looked at but its status, its length and its end.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

TIMEOUT = 120.0
_PIECE = 1 << 18


@dataclass
class Answers:
    """Milliseconds of each, in order; statuses with how many of each."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    size: int = 0

    def part(self, share: float) -> float:
        """The time within which that share of them came."""
        return sorted(self.taken)[min(len(self.taken) - 1, int(len(self.taken) * share))]

    @property
    def median(self) -> float:
        return statistics.median(self.taken)

    @property
    def rate(self) -> float:
        return len(self.taken) / self.seconds

    def numbers(self) -> dict[str, float]:
        return {
            "p50": self.median, "p95": self.part(0.95), "p99": self.part(0.99), "most": max(self.taken),
            "rate": self.rate, "count": len(self.taken), "bytes": self.size / len(self.taken),
        }  # fmt: skip

    def must_be(self, *statuses: int) -> Answers:
        if not self.taken or set(self.statuses) - set(statuses):
            raise RuntimeError(f"answers of status {self.statuses}")
        return self


class _Connection:
    """One at a time: a request, its answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begin()

    def begin(self) -> None:
        self.head, self.status, self.left, self.tail = b"", 0, -1, b""
        self.is_chunked = self.is_closing = False
        self.size, self.began = 0, time.perf_counter()

    def ask(self, path: str, head: bytes) -> None:
        self.begin()
        self.socket.sendall(b"GET " + path.encode() + b" HTTP/1.1\r\n" + head)

    def take(self) -> bool:
        """Read what there is; whether the answer is whole."""
        piece = self.socket.recv(_PIECE)
        if not piece:
            self.is_closing = True
            if self.status and self.left < 0 and not self.is_chunked:
                return True
            raise ConnectionError("closed in the middle of an answer")
        self.size += len(piece)
        if not self.status:
            self.head += piece
            top, end, piece = self.head.partition(b"\r\n\r\n")
            if not end:
                return False
            self._read_head(top)
        if self.is_chunked:
            # The only end a body of chunks has; within a chunk of JSON there is no such line.
            self.tail = (self.tail + piece)[-5:]
            return self.tail == b"0\r\n\r\n"
        if self.left >= 0:
            self.left -= len(piece)
        return self.left == 0

    def _read_head(self, top: bytes) -> None:
        first, *rest = top.split(b"\r\n")
        self.status = int(first.split()[1])
        heads = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in rest)}
        self.is_chunked = heads.get(b"transfer-encoding", b"").lower() == b"chunked"
        self.is_closing = heads.get(b"connection", b"").lower() == b"close" or first.startswith(b"HTTP/1.0")
        self.left = 0 if self.status == 304 else int(heads.get(b"content-length", -1))


def head(**headers: str) -> bytes:
    told = {"Host": "127.0.0.1", "Accept-Encoding": "identity"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return "".join(f"{name}: {value}\r\n" for name, value in told.items()).encode() + b"\r\n"


def answer(port: int, path: str, *, timeout: float = TIMEOUT, **headers: str) -> tuple[int, bytes, float]:
    """Status, head and milliseconds of one answer, on a connection of its own."""
    connection = _Connection(port)
    connection.socket.settimeout(timeout)
    with connection.socket:
        connection.ask(path, head(Connection="close", **headers))
        while not connection.take():
            pass
        taken = (time.perf_counter() - connection.began) * 1_000
        return connection.status, connection.head, taken


def ask(
    port: int,
    paths: Iterator[str],
    *,
    connections: int = 1,
    seconds: float = 5.0,
    most: int = 10**9,
    **headers: str,
) -> Answers:
    """Ask for one path after the other, on so many connections at once, until the time is over."""
    told, found, watch = head(**headers), Answers(), selectors.DefaultSelector()
    start = time.perf_counter()
    left = most
    for _ in range(min(connections, most)):
        left -= _next(_Connection(port), paths, told, watch)
    while watch.get_map():
        ready = watch.select(TIMEOUT)
        if not ready:
            raise TimeoutError(f"no answer within {TIMEOUT:.0f} s")
        for key, _ in ready:
            connection = key.data
            if not connection.take():
                continue
            now = time.perf_counter()
            found.taken.append((now - connection.began) * 1_000)
            found.statuses[connection.status] = found.statuses.get(connection.status, 0) + 1
            found.size += connection.size
            found.seconds = now - start
            watch.unregister(connection.socket)
            if found.seconds < seconds and left > 0:
                left -= _next(_kept(connection, port), paths, told, watch)
            else:
                connection.socket.close()
    return found


def _kept(connection: _Connection, port: int) -> _Connection:
    if not connection.is_closing:
        return connection
    connection.socket.close()
    return _Connection(port)


def _next(connection: _Connection, paths: Iterator[str], told: bytes, watch: selectors.BaseSelector) -> int:
    path = next(paths, None)
    if path is None:
        connection.socket.close()
        return 0
    connection.ask(path, told)
    watch.register(connection.socket, selectors.EVENT_READ, connection)
    return 1


@dataclass(frozen=True)
class Download:
    """Seconds until its first byte and until its last."""

    first: float
    whole: float
    size: int


def download(port: int, path: str, **headers: str) -> Download:
    """All of one answer, on a connection of its own, looked at by nobody."""
    taken = memoryview(bytearray(1 << 20))
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as connection:
        start = time.perf_counter()
        connection.sendall(b"GET " + path.encode() + b" HTTP/1.1\r\n" + head(Connection="close", **headers))
        size = got = connection.recv_into(taken)
        first = time.perf_counter() - start
        if not bytes(taken[:12]).endswith(b" 200"):
            raise RuntimeError(bytes(taken[:300]).decode("latin-1"))
        while got:
            got = connection.recv_into(taken)
            size += got
        return Download(first, time.perf_counter() - start, size)
