"""Which names this server answers to, and who stands at the other end."""

from __future__ import annotations

import ipaddress
import re

from flask import Flask, request

from geoevents.errors import BadInput
from geoevents.messages import Message

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
# What proxies and content networks call the visitor they speak for, or themselves.
_OF_A_PROXY = re.compile(
    r"forwarded|^via$|client-?ip|real-ip|connecting-ip|originating-ip|proxyuser|^x-envoy|^tailscale|^cf-|^x-original"
)
_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::[0-9]{1,5})?")


class ForeignHost(BadInput):
    """The request was meant for another server: a rebound name, or a proxy nobody told us of."""


def init_app(app: Flask, allowed: frozenset[str]) -> None:
    """Answer 400 to a request for any host but `allowed` and the names of this machine itself."""
    names = LOOPBACK_HOSTS | {name.lower() for name in allowed}

    @app.before_request
    def refuse_foreign_hosts() -> None:
        if asked_host() not in names:
            # The name is not repeated: a cache in front must not keep it.
            raise ForeignHost(
                Message(
                    "This server does not answer to that name. "
                    "Its operator lists the names it has in GEOEVENTS_HOSTS."
                ),
                "Host",
            )


def asked_host() -> str | None:
    """The Host header in lower case without its port; None when it is missing or no host name."""
    match = _HOST.fullmatch(request.headers.get("Host", "").lower())
    return match[1] if match else None


def is_loopback_peer() -> bool:
    """Whether the connection itself comes from this machine."""
    try:
        peer = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    mapped = getattr(peer, "ipv4_mapped", None)
    return bool((mapped or peer).is_loopback)


def was_forwarded() -> bool:
    """
    Whether a proxy speaks for somebody else.

    Most say so in a header. nginx by default says nothing and speaks HTTP/1.0, which no browser does.
    """
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return True
    names = (name.lower().replace("_", "-") for name, _ in request.headers)
    return any(_OF_A_PROXY.search(name) for name in names)
