"""No test leaves this machine: a connection or a look-up that would is an error, and is noted.

Python imports a `sitecustomize` that stands on its path when it starts, so the processes that tests start
are under the same guard (tests/conftest.py puts this folder on PYTHONPATH).
"""

import os
import socket
import sys

NOTES = "GEOEVENTS_TESTS_NETWORK_NOTES"
_LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class LeftTheMachine(RuntimeError):
    """A test tried to reach another machine."""


def is_here(host: object) -> bool:
    """Whether a host can only be this machine; what is no host (a Unix socket, netlink) is here too."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not isinstance(name, str):
        return True
    name = name.lower().removeprefix("::ffff:")
    return name in {"", "localhost", "::", "::1", "0.0.0.0"} or name.startswith(("127.", "::1%"))


def refuse(event: str, args: tuple[object, ...]) -> None:
    """An audit hook: it sits below every library, in C, and cannot be patched away."""
    if event in _LOOKS_UP:
        host = args[0]
        if host in (_OWN_NAME, _OWN_NAME.encode()):
            return
    elif event in _CONNECTS and isinstance(args[1], tuple):
        host = args[1][0]
    else:
        return
    if not is_here(host):
        _note(f"{event} {host!r}")
        raise LeftTheMachine(f"a test tried to reach {host!r}")


def _note(what: str) -> None:
    if path := os.environ.get(NOTES):
        with open(path, "a", encoding="utf-8") as notes:  # noqa: PTH123 - pathlib is slow to import at every start
            notes.write(what + "\n")


_OWN_NAME = socket.gethostname()
sys.addaudithook(refuse)
