"""The server under the app: waitress, ready for slow readers, and gone cleanly when told to."""

from __future__ import annotations

import contextlib
import logging
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from geoevents.cartography.grounds import DetailedGround
from geoevents.errors import SettingsError
from geoevents.messages import Message
from geoevents.settings import Settings
from geoevents.web.app import create_app
from geoevents.web.channels import Channel
from geoevents.web.limits import MOST_BYTES
from geoevents.web.streaming import handing_over
from geoevents.web.writers import Writes
from geoevents.workflows import Backends

# Measured with 150 connections that send a byte a second: waitress's default of 100 connections answers
# nobody else; with room for 2,000, 20 of 20 fresh requests came back at once (tests/flows).
MOST_CONNECTIONS = 2_000
THREADS = 16
IDLE_SECONDS = 30
HEADER_BYTES = 64 * 1024
# A thread hands its answer over and is free again, however slowly it is read: one of known length is made as
# it is read (streaming.py), another (packed, CSV) whole, to disk above 1 MB. Beyond this it waits, within the
# bounds of channels.py.
ANSWER_BYTES = 256 * 1024 * 1024
GRACE_SECONDS = 4.0
EVERY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - told apart here, never chosen
_LOOP_SECONDS = 0.25
_ADDRESS = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\[?[0-9a-f]*:[0-9a-f:]*:[0-9a-f.]*\]?(?::\d+)?", re.IGNORECASE
)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    return host in ("localhost", "127.0.0.1", "::1", "[::1]")


def writes_at(host: str, proxied: Sequence[str] = ()) -> Writes:
    """
    Writing opens on loopback alone: whoever sits at the machine. Elsewhere it needs accounts.

    `proxied` are the names a proxy asks by: behind one, everybody's connection comes from this machine.
    """
    return Writes.LOOPBACK if is_loopback(host) and not proxied else Writes.CLOSED


def serve(backends: Backends, settings: Settings, *, ground: DetailedGround | None = None) -> int:
    """
    Serve the site of these settings until it is told to stop; 0 then. Says its address on standard output.

    Raises SettingsError where the address cannot be had.
    """
    app = create_app(
        backends,
        cache=settings.cache,
        writes=writes_at(settings.host, settings.hosts),
        allowed_hosts=(*settings.hosts, *_own_name(settings.host)),
        countries=settings.region,
        embed_ancestors=settings.embed_ancestors,
        contact=settings.contact,
        licence=settings.licence,
        ground=ground,
    )

    backends.public.prepare_behind()
    _warm_up(app)

    def ready(address: str) -> None:
        said = [Message("The map is at {address} (Ctrl-C stops it)", address=address)]
        if settings.host in EVERY_ADDRESS and not settings.hosts:
            said.append(
                Message(
                    "Other machines are refused until GEOEVENTS_HOSTS lists the names they ask for, "
                    "such as GEOEVENTS_HOSTS=map.example.org"
                )
            )
        sys.stdout.write("".join(each.in_language(settings.lang) + "\n" for each in said))
        sys.stdout.flush()

    try:
        run(app, host=settings.host, port=settings.port, ready=ready)
    finally:
        backends.store.close()
    return 0


def _warm_up(app: Flask) -> None:
    """Make what every first page needs, so that no reader waits for it: templates, the frame, the index."""
    client = app.test_client()
    for path in ("/", "/events", "/api/suggest?q=ab"):
        client.get(path)


def run(app: Callable[..., Any], *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """
    Serve until SIGTERM or SIGINT, then finish what is under way, for at most GRACE_SECONDS.

    `ready` is told the address once connections are taken; port 0 takes a free one.
    Raises SettingsError where the address cannot be had.
    """
    _keep_visitors_out_of_logs()
    _raise_descriptor_limit()
    try:
        server: Any = create_server(
            handing_over(app),
            host=host.strip("[]"),
            port=port,
            threads=THREADS,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=5,
            max_request_header_size=HEADER_BYTES,
            # Far above what is read, so that it is our own sentence that refuses (limits.py).
            max_request_body_size=2 * MOST_BYTES,
            outbuf_high_watermark=ANSWER_BYTES,
            asyncore_use_poll=True,
            asyncore_loop_timeout=1,
            # The app itself looks at these: who comes by a proxy may not write.
            clear_untrusted_proxy_headers=False,
            ident="geoevents",
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(
            Message(
                "{host}:{port} cannot be served: {reason}. Choose another with --port.",
                host=host,
                port=port,
                reason=reason,
            ),
            "port",
        ) from None
    for each in list(_sockets_of(server).values()):
        if hasattr(each, "channel_class"):
            each.channel_class = Channel
    with _stop_signals() as stop:
        ready(f"http://{'127.0.0.1' if host in EVERY_ADDRESS else _named(host)}:{_port_of(server, port)}")
        _run(server, stop)


def _run(server: Any, stop: Stop) -> None:
    """The server's own loop, with an end: no new connections, what is under way is answered, then quiet."""
    sockets = _sockets_of(server)
    while not stop.is_asked:
        wasyncore.poll2(_LOOP_SECONDS, sockets)
    deadline = time.monotonic() + GRACE_SECONDS
    for each in list(sockets.values()):
        if getattr(each, "accepting", False):
            each.accepting = False
            each.socket.close()
            each.del_channel()
    while time.monotonic() < deadline and any(_is_busy(each) for each in list(sockets.values())):
        wasyncore.poll2(_LOOP_SECONDS / 5, sockets)
    server.task_dispatcher.shutdown(timeout=max(0.1, deadline - time.monotonic()))


def _sockets_of(server: Any) -> dict[int, Any]:
    found: dict[int, Any] = server._map if hasattr(server, "_map") else server.map
    return found


def _is_busy(channel: Any) -> bool:
    """A whole request is being answered, or an answer not yet sent. Half a request is nobody's loss."""
    return bool(getattr(channel, "requests", None) or getattr(channel, "total_outbufs_len", 0))


class Stop:
    """Set by a signal; wakes the loop at once."""

    def __init__(self) -> None:
        self.is_asked = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked = True


@contextlib.contextmanager
def _stop_signals() -> Iterator[Stop]:
    stop = Stop()
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise_descriptor_limit() -> None:
    """Room for every connection, and for the store beside them, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 200
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class _WithoutAddresses(logging.Filter):
    """Takes the addresses of visitors out of what waitress reports of a broken connection."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _ADDRESS.sub("(address)", record.getMessage()), ()
        return True


def _own_name(host: str) -> tuple[str, ...]:
    """The address it listens on is a name it answers to; "every address" is none."""
    return () if host in EVERY_ADDRESS else (_named(host),)


def _keep_visitors_out_of_logs() -> None:
    logger = logging.getLogger("waitress")
    if not any(isinstance(each, _WithoutAddresses) for each in logger.filters):
        logger.addFilter(_WithoutAddresses())
    # "Task queue depth is 3" is nothing to wake anybody for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _port_of(server: Any, port: int) -> int:
    if port:
        return port
    found = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    return int(found)
