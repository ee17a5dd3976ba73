"""The events as they were shipped, also where somebody has added some since: the site writes to that file."""

from __future__ import annotations

import subprocess
from functools import cache

from geoevents.settings import SHIPPED_DATA


@cache
def shipped_collection() -> bytes:
    """data/events.geojson as it was committed; outside a clone of the repository, as it lies there."""
    shown = subprocess.run(
        ["git", "show", "HEAD:data/events.geojson"], cwd=SHIPPED_DATA, capture_output=True, check=False
    )
    return shown.stdout if shown.returncode == 0 else (SHIPPED_DATA / "events.geojson").read_bytes()
