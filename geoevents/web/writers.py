"""Who may write, and from where a write may come."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from geoevents.errors import NotAllowed
from geoevents.messages import Message
from geoevents.web import hosts

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Accounts do not exist yet, so whoever writes is whoever sits at this machine.
BY = "local"


class Writes(StrEnum):
    """Closed, or open to whoever sits at this machine."""

    CLOSED = "closed"
    LOOPBACK = "loopback"


def init_app(app: Flask, writes: Writes) -> None:
    app.config["GEOEVENTS_WRITES"] = writes
    app.before_request(_refuse_cross_site)


def may_write() -> bool:
    """Where writing is open: true for a loopback peer that asked this machine by its own name, directly."""
    return (
        current_app.config["GEOEVENTS_WRITES"] is Writes.LOOPBACK
        and hosts.is_loopback_peer()
        and hosts.asked_host() in hosts.LOOPBACK_HOSTS
        and not hosts.was_forwarded()
    )


def is_writer_here() -> bool:
    """Whether to say that this request may write: to our own pages, not to another site that asks."""
    return may_write() and not _is_cross_site()


def require_writer() -> None:
    """Raise NotAllowed unless this request may write."""
    if not may_write():
        raise NotAllowed(
            Message(
                "Writing is closed here. "
                "It is open on the machine itself, at the address that `geoevents serve` prints "
                "while GEOEVENTS_HOSTS is not set."
            )
        )


def require_internal_reader() -> None:
    """Raise NotAllowed unless this request may see what is not public; never for a page of another site."""
    if not may_write() or _is_cross_site():
        raise NotAllowed(
            Message("The internal view is for those who may write. Leave out view=internal."), "view"
        )


def _refuse_cross_site() -> None:
    if request.method not in SAFE_METHODS and _is_cross_site():
        raise NotAllowed(
            Message(
                "This was sent by a page of another site, so nothing was changed. "
                "Open the form on this site and send it from there."
            )
        )


def _is_cross_site() -> bool:
    """
    Whether another site made the browser send this.

    Browsers always say so, in Sec-Fetch-Site or Origin, and no page can forge either;
    what says nothing is no browser (curl), and carries nobody's powers along.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    return origin is not None and not _is_own(origin)


def _is_own(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme == request.scheme and parts.netloc.lower() == request.headers.get("Host", "").lower()
