"""Compiles the gazetteer anew when anything it is made of has changed: python -m geoevents.gazetteers.build.

Knows where the index lies, what makes it out of date, and how to say how far it is. Knows nothing of tables.
"""

from __future__ import annotations

import argparse
import errno
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from geoevents.errors import GeoEventsError
from geoevents.gazetteers.fingerprints import (
    fingerprint,
    fingerprint_of,
    fingerprint_of_towns,
    with_sources,
)
from geoevents.gazetteers.sources.keeping import Source, sources_in
from geoevents.messages import Message
from geoevents.renewing import renew

SHIPPED_DATA = Path(__file__).resolve().parents[2] / "data"
SOURCES = "gazetteers"


def index_path(data: Path) -> Path:
    return data / "cache" / "gazetteer.sqlite"


def bring_up_to_date(
    data: Path = SHIPPED_DATA,
    *,
    target: Path | None = None,
    sources: Sequence[Source] = (),
    commit: Callable[[], None] = lambda: None,
) -> Path:
    """
    The index of a data folder, compiled first if it is missing or anything it is made of has changed.

    A folder without a `gazetteer` of its own gets the shipped one. Takes about 15 s and 100 MB the first
    time; 4 s when only entries or `sources` have changed; when up to date, milliseconds. Readers keep the old
    file until they open anew. `commit` is called when the index is whole and not yet in its place. Raises
    InvalidPlace over a bad entry, GazetteerError over a damaged source, OSError where it cannot be written.
    """
    folder = data / "gazetteer" if (data / "gazetteer").is_dir() else SHIPPED_DATA / "gazetteer"
    plain = target or index_path(data)
    index = with_sources(plain) if sources else plain
    wanted = fingerprint(folder, [source.manifest.mark for source in sources])

    def is_current() -> bool:
        return fingerprint_of(index) == wanted

    if is_current():
        commit()
        return index
    kept = _kept_towns(plain)

    def build(unfinished: Path) -> None:
        _compile(folder, unfinished, wanted, kept=kept, sources=sources)
        commit()

    renew(index, build, is_current=is_current)
    return index


def _kept_towns(index: Path) -> tuple[Path, str]:
    """Where the folded towns lie, and what of: beside this index or the shipped one, else folded anew."""
    from geoevents.gazetteers import geonames
    from geoevents.gazetteers.compiling_towns import is_of, keep_towns

    beside, made_of = index.with_name("towns.sqlite"), fingerprint_of_towns()
    for kept in (beside, index_path(SHIPPED_DATA).with_name("towns.sqlite")):
        if is_of(kept, made_of):
            return kept, made_of
    with suppress(OSError, sqlite3.OperationalError):
        keep_towns(beside, geonames.towns, made_of, _ProgressBar(Message("Folding the names of towns")))
    return beside, made_of


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m geoevents.gazetteers.build", description="Compile the gazetteer."
    )
    parser.add_argument("--data", type=Path, default=SHIPPED_DATA, help="the folder of geoevents' data")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    try:
        sources = sources_in([chosen.data / SOURCES, SHIPPED_DATA / SOURCES])
        index = bring_up_to_date(chosen.data)
        index = bring_up_to_date(chosen.data, sources=sources) if sources else index
    except (GeoEventsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write(f"{index}: {index.stat().st_size / 1e6:.0f} MB\n" if sys.stderr.isatty() else "")
    return 0


class _ProgressBar:
    """A bar on a terminal, silence elsewhere."""

    def __init__(self, words: Message) -> None:
        self._words = words

    def __call__(self, share: float) -> None:
        if sys.stderr.isatty():
            done = round(share * 30)
            bar = f"[{'#' * done}{'.' * (30 - done)}] {share:4.0%}"
            sys.stderr.write(f"\r{self._words} {bar}" + ("\n" if share >= 1 else ""))
            sys.stderr.flush()


def _compile(
    folder: Path, target: Path, wanted: str, *, kept: tuple[Path, str], sources: Sequence[Source]
) -> None:
    from geoevents.gazetteers.compiling import compile_index

    target.touch()
    bar = _ProgressBar(Message("Compiling the gazetteer"))
    try:
        compile_index(folder, target, fingerprint=wanted, progress=bar, kept=kept, sources=sources)
    except sqlite3.OperationalError as error:  # how SQLite says that the disk is full
        raise OSError(errno.EIO, str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
