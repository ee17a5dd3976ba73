"""Fetches a file over HTTP: whole or not at all, from the host that was named, never more than is bearable.

Knows timeouts, retries, sizes, and how to ask for nothing that is here already. Knows nothing of places.
"""

from __future__ import annotations

import http.client
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from geoevents.errors import SourceUnreachable
from geoevents.messages import Message

AGENT = "geoevents gazetteer (one file at a time)"
# allCountries.zip is 0.4 GB.
MOST_BYTES = 1_000_000_000
_CHUNK, _MOST_DIGITS = 1 << 16, 18
# As slow as a modem of 1990; a server that sends a byte now and then would hold us for months.
_SLOWEST = 1_000
_LOOK_EVERY = 0.2
_SENDING_ON = {301, 302, 303, 307, 308}
_PASSING = {408, 425, 429, 500, 502, 503, 504}

Watch = Callable[[Message | None], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """
    Seconds to wait for a connection and for each piece; how often to try; seconds between the tries; seconds
    after which less than _SLOWEST bytes a second, all in all, is too slow.
    """

    timeout: float = 10.0
    tries: int = 3
    pause: float = 1.0
    most_bytes: int = MOST_BYTES
    grace: float = 60.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, and the marks by which to ask next time whether it has changed."""

    etag: str | None
    modified: str | None


def fetch(
    url: str,
    target: Path,
    *,
    patience: Patience,
    known: Fetched | None = None,
    watch: Watch = lambda message: None,
) -> Fetched | None:
    """
    Write what an address holds to the new file `target`; None where it is as it was when `known` came.

    Raises SourceUnreachable, with the address and the reason; then there is no `target`.
    """
    for attempt in range(patience.tries):
        if attempt:
            time.sleep(patience.pause * attempt)
        try:
            return _once(url, target, patience, known, watch)
        except _Passing as passing:
            reason = passing.reason
            target.unlink(missing_ok=True)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        finally:
            watch(None)
    raise unreachable(url, reason)


def unreachable(url: str, reason: object) -> SourceUnreachable:
    return SourceUnreachable(Message("{url} could not be fetched: {reason}.", url=url, reason=reason))


class _Passing(Exception):
    """A failure that may not happen again."""

    def __init__(self, reason: object) -> None:
        super().__init__(str(reason))
        self.reason = reason


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirection only on the host that was named, and never from https to http."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (new.hostname, new.port) != (old.hostname, old.port) or new.scheme != old.scheme:
            fp.close()
            raise unreachable(
                req.full_url, Message("it sends on to another host, {host}", host=new.hostname or newurl[:80])
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(slots=True)
class _Progress:
    """How many bytes have come, and whether anybody still waits for more."""

    got: int = 0
    is_given_up: bool = False


def _once(url: str, target: Path, patience: Patience, known: Fetched | None, watch: Watch) -> Fetched | None:
    """
    One try, given up when it comes too slowly.

    In a thread, for a timeout of the socket holds for each byte alone: headers and the sizes of chunks are
    read a byte at a time. A daemon, so that what is given up cannot hold up the end of the process.
    """
    outcome: queue.SimpleQueue[tuple[Fetched | None, BaseException | None]] = queue.SimpleQueue()
    progress = _Progress()

    def run() -> None:
        try:
            outcome.put((_had(url, target, patience, known, progress), None))
        except BaseException as error:
            outcome.put((None, error))

    started = time.monotonic()
    threading.Thread(target=run, daemon=True, name="fetching").start()
    try:
        while True:
            try:
                fetched, error = outcome.get(timeout=_LOOK_EVERY)
                break
            except queue.Empty:
                _tell(url, progress, watch)
            seconds = time.monotonic() - started
            if seconds > patience.grace and progress.got < _SLOWEST * seconds:
                raise unreachable(url, Message("it came too slowly"))
    finally:
        progress.is_given_up = True
    try:
        if error is not None:
            raise error
    finally:
        # Else the error holds this frame and the frame the error, and the connection stays open with them.
        del error
    return fetched


def _tell(url: str, progress: _Progress, watch: Watch) -> None:
    if progress.got:
        watch(Message("{url}: {megabytes} MB", url=url, megabytes=round(progress.got / 1e6, 1)))


def _had(
    url: str, target: Path, patience: Patience, known: Fetched | None, progress: _Progress
) -> Fetched | None:
    request = urllib.request.Request(url, headers=_headers(known))  # noqa: S310 - the setting takes only http(s)
    opener = urllib.request.build_opener(_SameHost)
    try:
        with _on_the_line(patience):
            answer = opener.open(request, timeout=patience.timeout)
        if progress.is_given_up:
            answer.close()
            return None
        with answer, target.open("wb") as out:
            _copy(url, answer, out, patience, progress)
            return Fetched(answer.headers.get("ETag"), answer.headers.get("Last-Modified"))
    except urllib.error.HTTPError as error:
        with error:
            if error.code == http.HTTPStatus.NOT_MODIFIED:
                target.unlink(missing_ok=True)
                return None
            reason = Message("the server says {status} {words}", status=error.code, words=_words(error.code))
            if error.code in _PASSING:
                raise _Passing(reason) from None
            if error.code in _SENDING_ON:
                reason = Message("it sends on again and again, or to nowhere")
            raise unreachable(url, reason) from None


def _words(status: int) -> str:
    """What a status means; what the server itself calls it may be anything."""
    known = {each.value: each.phrase for each in http.HTTPStatus}
    return known.get(status, "")


@contextmanager
def _on_the_line(patience: Patience) -> Iterator[None]:
    """Around what the network does. An OSError of the disk is none of it: its caller knows the folder."""
    try:
        yield
    except urllib.error.HTTPError:
        raise
    except (OSError, http.client.HTTPException) as error:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(cause, TimeoutError):
            raise _Passing(Message("no answer in {seconds} s", seconds=patience.timeout)) from None
        raise _Passing(str(cause) or type(cause).__name__) from None


def _headers(known: Fetched | None) -> dict[str, str]:
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.modified:
        headers["If-Modified-Since"] = known.modified
    return headers


def _copy(
    url: str, answer: http.client.HTTPResponse, out: IO[bytes], patience: Patience, progress: _Progress
) -> None:
    length = answer.headers.get("Content-Length", "")
    size = int(length) if length.isascii() and length.isdecimal() and len(length) <= _MOST_DIGITS else None
    if size is not None and size > patience.most_bytes:
        raise unreachable(url, _too_large(patience))
    while chunk := _piece(answer, patience):
        progress.got += len(chunk)
        if progress.got > patience.most_bytes:
            raise unreachable(url, _too_large(patience))
        if progress.is_given_up:
            return
        out.write(chunk)
    if size is not None and progress.got != size:
        raise _Passing(Message("only {got} of {size} bytes came", got=progress.got, size=size))


def _piece(answer: http.client.HTTPResponse, patience: Patience) -> bytes:
    with _on_the_line(patience):
        return answer.read1(_CHUNK)


def _too_large(patience: Patience) -> Message:
    return Message("it is larger than {most} MB", most=patience.most_bytes // 1_000_000)
