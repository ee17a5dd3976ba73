"""Writes the compiled index: one SQLite file of GeoNames' towns and our own entries, with every name folded.

Knows the order of the work and our own entries. GeoNames' towns are compiling_towns.py's, who is whose
namesake conflating.py's, governorates governing.py's, the tables tables.py's. Knows nothing of searching.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from geoevents.gazetteers import geonames, not_places
from geoevents.gazetteers.compiling_names import hundred_thousandths, keyed
from geoevents.gazetteers.compiling_towns import Progress, write_towns
from geoevents.gazetteers.descriptors import Vocabulary
from geoevents.gazetteers.divisions import Codes, write_divisions, write_stand_ins
from geoevents.gazetteers.entries import Entry, read_all, read_names
from geoevents.gazetteers.governing import write_first_level
from geoevents.gazetteers.tables import INDEX_FORMAT, IS_CORE, LARGEST, SCHEMA, SIZES


def compile_index(
    folder: Path,
    target: Path,
    *,
    fingerprint: str = "",
    progress: Progress = lambda share: None,
    towns: Callable[[], Iterable[dict[str, Any]]] = geonames.towns,
) -> None:
    """
    Write the index of `folder` (laid out as data/gazetteer/) and GeoNames' towns to the new file `target`.

    `progress` is told the share done, 0 to 1. Raises InvalidPlace over a bad entry.
    """
    vocabulary = Vocabulary.read(folder / "descriptors.json")
    entries = _numbered(read_all(folder))
    db = sqlite3.connect(target, isolation_level=None)
    try:
        db.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536; BEGIN; {SCHEMA}"
        )
        db.execute("CREATE TEMP TABLE unsorted (key TEXT, pk INTEGER, mark INTEGER)")
        codes = Codes(folder, entries)
        write_towns(db, entries, codes, progress, towns(), read_names(folder / "names.csv"))
        for pk, entry in entries.items():
            _write_entry(db, pk, entry, vocabulary)
        write_divisions(db, codes, vocabulary)
        write_stand_ins(db, folder)
        progress(0.75)
        # Of two rows of one name and place the one that is a whole name is kept.
        db.execute("INSERT OR IGNORE INTO names SELECT * FROM unsorted ORDER BY key, pk, mark & 1")
        progress(0.95)
        write_first_level(db, entries)
        meta = {"format": INDEX_FORMAT, "fingerprint": fingerprint, "descriptors": json.dumps(vocabulary.raw)}
        if (folder / "relations.json").exists():
            meta["relations"] = (folder / "relations.json").read_text(encoding="utf-8")
        db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        no_names = not_places.rows(folder / "not_places.csv", vocabulary)
        db.executemany("INSERT INTO meta VALUES (?, ?)", no_names)
        db.execute("COMMIT")
        progress(1.0)
    finally:
        db.close()


def _numbered(entries: Iterable[Entry]) -> dict[int, Entry]:
    numbered: dict[int, Entry] = {}
    for entry in entries:
        numbered[entry.geonames_id or -1 - len(numbered)] = entry
    return numbered


def _write_entry(db: sqlite3.Connection, pk: int, entry: Entry, vocabulary: Vocabulary) -> None:
    lon, lat = hundred_thousandths(entry.position.lon), hundred_thousandths(entry.position.lat)
    kind = None if entry.kind == "settlement" else entry.kind
    arabic = next((name for lang, name in entry.names if lang == "ar"), None)
    place = (pk, entry.name, kind, lon, lat, entry.population, entry.country_code, arabic)
    db.execute("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)", place)
    shape = json.dumps(entry.geometry.as_geojson(), separators=(",", ":")) if entry.geometry else None
    details = (
        *(pk, entry.place_id, entry.slug, entry.geo_precision.value, entry.uncertainty_m),
        *(entry.admin1, entry.admin2),
        *(entry.bbox.as_list() if entry.bbox else [None] * 4),
        *(day and day.isoformat() for day in (entry.valid_from, entry.valid_to, entry.checked)),
        shape,
    )
    db.execute("INSERT INTO details VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", details)
    spellings = [(pk, position, lang, name) for position, (lang, name) in enumerate(entry.names)]
    db.executemany("INSERT INTO spellings VALUES (?, ?, ?, ?)", spellings)
    ids = (entry.place_id, *(f"geonames:{town}" for town in entry.absorbed))
    db.executemany("INSERT OR IGNORE INTO ids VALUES (?, ?)", [(place_id, pk) for place_id in ids])
    db.executemany("INSERT INTO unsorted VALUES (?, ?, ?)", _entry_names(pk, entry, vocabulary))


def _entry_names(pk: int, entry: Entry, vocabulary: Vocabulary) -> Iterator[tuple[str, int, int]]:
    names = entry.all_names()
    for key, article in keyed(names).items():
        yield (key, pk, LARGEST * SIZES + article)
    cores = [core for name in names for core in vocabulary.cores(name, entry.kind)]
    for key, article in keyed(cores).items():
        yield (key, pk, LARGEST * SIZES + article + IS_CORE)
