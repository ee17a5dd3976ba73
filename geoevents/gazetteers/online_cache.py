"""What online services answered, kept for a month on disk: nobody is asked the same twice.

Knows one small SQLite file that only its owner may read, for it says what was looked up. A cache that cannot
be read or written is no cache: nothing fails over it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from geoevents.places import BBox, GeoPrecision, Place

KEPT_SECONDS = 30 * 24 * 3600
_TABLES = """
    CREATE TABLE IF NOT EXISTS answers (
        service TEXT, name TEXT, country TEXT, at REAL, places TEXT, PRIMARY KEY (service, name, country));
    CREATE TABLE IF NOT EXISTS places (place_id TEXT PRIMARY KEY, at REAL, place TEXT);
"""


class OnlineCache:
    """Answers by service, name and countries, and places by id; with no path it remembers nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def answer(self, service: str, name: str, countries: str) -> list[Place] | None:
        """What was answered, an empty list included; None if it was not asked within a month."""
        sql = "SELECT places FROM answers WHERE service = ? AND name = ? AND country = ? AND at > ?"
        found = self._first(sql, (service, name, countries, time.time() - KEPT_SECONDS))
        return None if found is None else [_place(each) for each in json.loads(found)]

    def place(self, place_id: str) -> Place | None:
        found = self._first("SELECT place FROM places WHERE place_id = ?", (place_id,))
        return None if found is None else _place(json.loads(found))

    def keep(self, service: str, name: str, countries: str, places: Sequence[Place]) -> None:
        if self._path is None:
            return
        now = time.time()
        raw = [asdict(place) | {"names": []} for place in places]
        with suppress(OSError, sqlite3.Error), closing(self._open(self._path)) as db, db:
            db.executescript(_TABLES)
            answer = (service, name, countries, now, json.dumps(raw))
            db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", answer)
            rows = [(each["place_id"], now, json.dumps(each)) for each in raw]
            db.executemany("INSERT OR REPLACE INTO places VALUES (?, ?, ?)", rows)
            db.execute("DELETE FROM answers WHERE at < ?", (now - KEPT_SECONDS,))

    def _open(self, path: Path) -> sqlite3.Connection:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        return sqlite3.connect(path, timeout=1)

    def _first(self, sql: str, values: tuple[object, ...]) -> str | None:
        if self._path is None or not self._path.exists():
            return None
        with suppress(OSError, sqlite3.Error), closing(self._open(self._path)) as db:
            row = db.execute(sql, values).fetchone()
            return str(row[0]) if row else None
        return None


def _place(raw: dict[str, Any]) -> Place:
    box = BBox(**raw["bbox"]) if raw["bbox"] else None
    return Place(**raw | {"geo_precision": GeoPrecision(raw["geo_precision"]), "bbox": box, "names": ()})
