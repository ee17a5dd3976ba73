"""serve: the web site, until somebody stops it.

Knows the flags and what is said at the start. Knows nothing of requests (web/) or sockets (web/serving.py).
"""

from __future__ import annotations

import argparse
from typing import Any

from geoevents.cli.output import Terminal
from geoevents.settings import Settings


def add_to(commands: Any) -> None:
    made = commands.add_parser(
        "serve", help="serve the map", description="Serve the map, until you press Ctrl-C."
    )
    made.add_argument(
        "--host", metavar="H", help="the address to listen on (default: GEOEVENTS_HOST or 127.0.0.1)"
    )
    made.add_argument("--port", metavar="P", help="the port to listen on (default: GEOEVENTS_PORT or 8000)")
    made.add_argument("--data", metavar="DIR", help="the folder of the events (default: GEOEVENTS_DATA)")
    made.set_defaults(run=run)


# What a server may keep other programs waiting for: the file of events follows its history.
_LAG_S = 5.0


def run(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_backends, open_ground
    from geoevents.web.serving import serve

    ground = open_ground(settings)
    backends = open_backends(settings, lag=_LAG_S)
    for message in backends.store.banner():
        terminal.note(message)
    return serve(backends, settings, ground=ground)
