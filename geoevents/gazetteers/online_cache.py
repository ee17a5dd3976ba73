"""What online services answered, kept for a month on disk: nobody is asked the same twice.

Knows one small SQLite file that only its owner may read, for it says what was looked up. A cache that cannot
be read or written is no cache: nothing fails over it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from geoevents.places import BBox, GeoPrecision, LonLat, Place

T = TypeVar("T")
KEPT_SECONDS = 30 * 24 * 3600
_TABLES = """
    CREATE TABLE IF NOT EXISTS answers (
        service TEXT, name TEXT, country TEXT, at REAL, places TEXT, PRIMARY KEY (service, name, country));
    CREATE TABLE IF NOT EXISTS places (place_id TEXT PRIMARY KEY, at REAL, place TEXT);
"""


class OnlineCache:
    """
    Answers by service (with its address), name and countries, and places by id; with no path it remembers
    nothing. What is older than a month is wiped out when something is asked.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def answer(self, service: str, name: str, countries: str) -> list[Place] | None:
        """What was answered, an empty list included; None if it was not asked within a month."""
        self._wipe()
        sql = "SELECT places FROM answers WHERE service = ? AND name = ? AND country = ? AND at > ?"
        found = self._first(sql, (service, name, countries, time.time() - KEPT_SECONDS))
        return None if found is None else _read(found, _places)

    def place(self, place_id: str) -> Place | None:
        found = self._first("SELECT place FROM places WHERE place_id = ?", (place_id,))
        return None if found is None else _read(found, _place)

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

    def _wipe(self) -> None:
        if self._path is None or not self._path.exists():
            return
        before = (time.time() - KEPT_SECONDS,)
        with suppress(OSError, sqlite3.Error), closing(self._open(self._path)) as db, db:
            # Else what was deleted stays readable in the file.
            db.execute("PRAGMA secure_delete = ON")
            for table in ("answers", "places"):
                if db.execute(f"SELECT 1 FROM {table} WHERE at < ? LIMIT 1", before).fetchone():  # noqa: S608
                    db.execute(f"DELETE FROM {table} WHERE at < ?", before)  # noqa: S608 - tables of ours

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


def _read(text: str, how: Callable[[Any], T]) -> T | None:
    """What was kept, or None where it has another shape: as another version or another hand wrote it."""
    try:
        return how(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None


def _places(raw: Any) -> list[Place]:
    if not isinstance(raw, list):
        raise TypeError(type(raw).__name__)
    return [_place(each) for each in raw]


def _place(raw: dict[str, Any]) -> Place:
    box = BBox(**raw["bbox"]) if raw["bbox"] else None
    # Raises where it is no position on the Earth.
    LonLat(raw["lon"], raw["lat"])
    return Place(**raw | {"geo_precision": GeoPrecision(raw["geo_precision"]), "bbox": box, "names": ()})
