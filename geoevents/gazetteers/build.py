"""Compiles the gazetteer anew when anything it is made of has changed: python -m geoevents.gazetteers.build.

Knows where the index lies, what makes it out of date, and how to say how far it is. Knows nothing of tables.
"""

from __future__ import annotations

import argparse
import errno
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path

from geoevents.errors import GeoEventsError
from geoevents.gazetteers.fingerprints import fingerprint, fingerprint_of
from geoevents.messages import Message
from geoevents.renewing import renew

SHIPPED_DATA = Path(__file__).resolve().parents[2] / "data"


def index_path(data: Path) -> Path:
    return data / "cache" / "gazetteer.sqlite"


def bring_up_to_date(data: Path = SHIPPED_DATA, *, target: Path | None = None) -> Path:
    """
    The index of a data folder, compiled first if it is missing or anything it is made of has changed.

    A folder without a `gazetteer` of its own gets the shipped one. Takes about 10 s and 100 MB; when up to
    date, milliseconds. Readers keep the old file until they open anew. Raises InvalidPlace over a bad entry,
    OSError where the index cannot be written.
    """
    folder = data / "gazetteer" if (data / "gazetteer").is_dir() else SHIPPED_DATA / "gazetteer"
    index = target or index_path(data)
    wanted = fingerprint(folder)

    def is_current() -> bool:
        return fingerprint_of(index) == wanted

    if not is_current():
        renew(index, lambda unfinished: _compile(folder, unfinished, wanted), is_current=is_current)
    return index


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


def _compile(folder: Path, target: Path, wanted: str) -> None:
    from geoevents.gazetteers.compiling import compile_index

    target.touch()
    try:
        compile_index(folder, target, fingerprint=wanted, progress=_ProgressBar())
    except sqlite3.OperationalError as error:  # how SQLite says that the disk is full
        raise OSError(errno.EIO, str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
