"""Compiles the gazetteer anew when anything it is made of has changed: python -m geoevents.gazetteers.build.

Knows where the index lies, what makes it out of date, and how to say how far it is. Knows nothing of tables.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from geoevents.errors import GeoEventsError
from geoevents.gazetteers import geonames
from geoevents.messages import Message

SHIPPED_DATA = Path(__file__).resolve().parents[2] / "data"
_OWN_FILES = ("places.csv", "areas.geojson", "countries.csv", "country_names.csv", "descriptors.json")
_SOURCES = (
    "compiling.py",
    "tables.py",
    "entries.py",
    "descriptors.py",
    "geonames.py",
    "circles.py",
    "../folding.py",
)


def index_path(data: Path) -> Path:
    return data / "cache" / "gazetteer.sqlite"


def bring_up_to_date(data: Path = SHIPPED_DATA, *, target: Path | None = None) -> Path:
    """
    The index of a data folder, compiled first if it is missing or anything it is made of has changed.

    A folder without a `gazetteer` of its own gets the shipped one. Takes about 10 s and 100 MB; when up to
    date, milliseconds. Readers keep the old file until they open anew. Raises InvalidPlace over a bad entry.
    """
    folder = data / "gazetteer" if (data / "gazetteer").is_dir() else SHIPPED_DATA / "gazetteer"
    index = target or index_path(data)
    wanted = fingerprint(folder)
    if _fingerprint_of(index) != wanted:
        from geoevents.gazetteers.compiling import compile_index

        index.parent.mkdir(parents=True, exist_ok=True)
        unfinished = index.with_name(f"{index.name}.{os.getpid()}.tmp")
        try:
            compile_index(folder, unfinished, fingerprint=wanted, progress=_ProgressBar())
            unfinished.replace(index)
        finally:
            unfinished.unlink(missing_ok=True)
    return index


def fingerprint(folder: Path) -> str:
    """A hash of all the index is made of: our entries, the packages' editions and the code that compiles."""
    digest = hashlib.sha256(f"{geonames.edition()}, babel {version('babel')}".encode())
    for path in _made_of(folder):
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m geoevents.gazetteers.build", description="Compile the gazetteer."
    )
    parser.add_argument("--data", type=Path, default=SHIPPED_DATA, help="the folder of geoevents' data")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    try:
        index = bring_up_to_date(chosen.data)
    except (GeoEventsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write(f"{index}: {index.stat().st_size / 1e6:.0f} MB\n" if sys.stderr.isatty() else "")
    return 0


class _ProgressBar:
    """A bar on a terminal, silence elsewhere."""

    def __call__(self, share: float) -> None:
        if sys.stderr.isatty():
            done = round(share * 30)
            words = Message("Compiling the gazetteer")
            sys.stderr.write(
                f"\r{words} [{'#' * done}{'.' * (30 - done)}] {share:4.0%}" + ("\n" if share >= 1 else "")
            )
            sys.stderr.flush()


def _made_of(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in _OWN_FILES)
    yield from (Path(__file__).parent / name for name in _SOURCES)


def _fingerprint_of(index: Path) -> str | None:
    if not index.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{index.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            row = db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    except sqlite3.DatabaseError:
        return None
    return str(row[0]) if row else None


if __name__ == "__main__":
    sys.exit(main())
