"""Lays a source's places out as the tables `staged`, some thousands at a time, names and sounds in order.

Knows how many rows wait, and that a sorted table is written faster and smaller. Knows nothing of where the
places come from (compiling_towns.py, compiling_sources.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from geoevents.gazetteers.compiling_names import keyed, size
from geoevents.gazetteers.compiling_sounds import sound_rows
from geoevents.gazetteers.tables import SIZES, STAGED

_AT_ONCE = 5_000
_UNSORTED = """
    CREATE TEMP TABLE unsorted_names (key TEXT, pk INTEGER, mark INTEGER);
    CREATE TEMP TABLE unsorted_sounds (skeleton TEXT, sounds TEXT, pk INTEGER, mark INTEGER)"""
_SORTED = """
    INSERT OR IGNORE INTO staged.names SELECT * FROM unsorted_names ORDER BY key, pk;
    INSERT OR IGNORE INTO staged.sounds SELECT * FROM unsorted_sounds ORDER BY skeleton, sounds, pk;
    DROP TABLE unsorted_names;
    DROP TABLE unsorted_sounds"""


class Staging:
    """A database `staged` is attached to `db`, empty and in a transaction; `finish` is called last."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._waiting: dict[str, list[tuple[Any, ...]]] = {
            table: []
            for table in ("staged.places", "staged.extras", "temp.unsorted_names", "temp.unsorted_sounds")
        }
        _each(db, f"{STAGED};{_UNSORTED}")

    def add(
        self,
        place: tuple[Any, ...],
        names: Iterable[str],
        *,
        population: int,
        by_sound: bool,
        extras: tuple[Any, ...] | None = None,
    ) -> bool:
        """A row of `staged.places` and what belongs to it. True when all that waited has been written."""
        pk, mark, names = place[0], size(population) * SIZES, tuple(names)
        self._waiting["staged.places"].append(place)
        if extras is not None:
            self._waiting["staged.extras"].append(extras)
        self._waiting["temp.unsorted_names"] += [
            (key, pk, mark + article) for key, article in keyed(names).items()
        ]
        if by_sound:
            self._waiting["temp.unsorted_sounds"] += sound_rows(pk, names, mark)
        if len(self._waiting["staged.places"]) < _AT_ONCE:
            return False
        self._write()
        return True

    def finish(self) -> None:
        self._write()
        _each(self._db, _SORTED)

    def _write(self) -> None:
        for table, rows in self._waiting.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self._db.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)  # noqa: S608
                rows.clear()


def _each(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        db.execute(statement)
