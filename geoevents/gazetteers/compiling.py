"""Writes the compiled index: one SQLite file with every name folded, made of GeoNames' towns and our own entries.

Knows the tables of the index and how one place known to two sources becomes one. Knows nothing of searching.
To change a table: also INDEX_FORMAT, so that older files are compiled anew.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from geoevents.folding import fold, fold_name, name_key
from geoevents.gazetteers import geonames
from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.descriptors import Vocabulary
from geoevents.gazetteers.entries import Entry, read_all
from geoevents.gazetteers.index import HAS_ARTICLE, INDEX_FORMAT, IS_CORE
from geoevents.places import LonLat

TABLES = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
    -- Every place. pk is the GeoNames id, or negative for an entry of our own; degrees times 100,000;
    -- kind NULL is a settlement; admin1 is the pk of the first-level area around it.
    CREATE TABLE places (pk INTEGER PRIMARY KEY, name TEXT, kind TEXT, lon INTEGER, lat INTEGER, population INTEGER,
        country TEXT, admin1 INTEGER, name_ar TEXT);
    -- What only our own entries have.
    CREATE TABLE details (pk INTEGER PRIMARY KEY, place_id TEXT, slug TEXT, geo_precision TEXT, uncertainty_m INTEGER,
        admin1 TEXT, admin2 TEXT, west REAL, south REAL, east REAL, north REAL, valid_from TEXT, valid_to TEXT,
        checked TEXT, geometry TEXT);
    CREATE TABLE spellings (pk INTEGER, position INTEGER, lang TEXT, name TEXT, PRIMARY KEY (pk, position)) WITHOUT ROWID;
    CREATE TABLE ids (place_id TEXT PRIMARY KEY, pk INTEGER) WITHOUT ROWID;
    -- Every folded name. mark is size * 4 + 2 if the name has an article + 1 if it is what remains of a name
    -- without its descriptor ("al-Hol" of "al-Hol camp"); size is the logarithm of the population, base 2.
    CREATE TABLE names (key TEXT, pk INTEGER, mark INTEGER, PRIMARY KEY (key, pk)) WITHOUT ROWID;
    CREATE VIEW known AS SELECT p.pk, p.name, ifnull(p.kind, 'settlement') AS kind, p.lon, p.lat, p.population, p.country,
        p.admin1 AS admin1_pk, p.name_ar, d.place_id, d.slug, d.geo_precision, d.uncertainty_m, d.admin1, d.admin2,
        d.west, d.south, d.east, d.north, d.valid_from, d.valid_to, d.checked
        FROM places AS p LEFT JOIN details AS d ON d.pk = p.pk;
    CREATE TEMP TABLE unsorted (key TEXT, pk INTEGER, mark INTEGER);
"""
_LARGEST = 31
_SAME_PLACE_M = 5_000
_SETTLED = ("settlement", "quarter")
_ARABIC_ONLY = re.compile(r"[\sء-غف-ي]+")

Progress = Callable[[float], None]


def compile_index(folder: Path, target: Path, *, fingerprint: str, progress: Progress) -> None:
    """
    Write the index of `folder` (laid out as data/gazetteer/) and GeoNames' towns to the new file `target`.

    `progress` is told the share done, 0 to 1. Raises InvalidPlace over a bad entry.
    """
    vocabulary = Vocabulary.read(folder / "descriptors.json")
    entries = _numbered(read_all(folder))
    db = sqlite3.connect(target, isolation_level=None)
    try:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;" + TABLES)
        _write_towns(db, entries, progress)
        for pk, entry in entries.items():
            _write_entry(db, pk, entry, vocabulary)
        progress(0.75)
        db.execute(
            "INSERT INTO names SELECT key, pk, max(mark & ~1) + min(mark & 1) FROM unsorted GROUP BY key, pk ORDER BY key, pk"
        )
        progress(0.95)
        _write_first_level_areas(db, entries)
        meta = {
            "format": INDEX_FORMAT,
            "fingerprint": fingerprint,
            "descriptors": json.dumps(vocabulary.as_json()),
        }
        db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        db.execute("DROP TABLE unsorted")
        db.execute("COMMIT")
        progress(1.0)
    finally:
        db.close()


def _numbered(entries: Iterable[Entry]) -> dict[int, Entry]:
    numbered: dict[int, Entry] = {}
    for entry in entries:
        numbered[entry.geonames_id or -1 - len(numbered)] = entry
    return numbered


def _write_towns(db: sqlite3.Connection, entries: dict[int, Entry], progress: Progress) -> None:
    """Towns as GeoNames has them. One that an entry of ours is about gives it its names and stays unwritten."""
    ours = _by_key(entries)
    towns, names = [], []
    for count, town in enumerate(geonames.towns()):
        pk, keys = town["geonameid"], _keys((town["name"], *town["alternatenames"]))
        own = pk if pk in entries else _same_place(town, keys, ours, entries)
        if own is None:
            size = _size(town["population"])
            towns.append(_town_row(town))
            names += [(key, pk, size * 4 + article) for key, article in keys.items()]
        else:
            entries[own].population = max(entries[own].population, town["population"])
            entries[own].absorbed.append(pk)
            names += [(key, own, _LARGEST * 4 + article) for key, article in keys.items()]
        if len(towns) >= 5_000:
            _flush(db, towns, names)
            progress(0.7 * count / 235_000)
    _flush(db, towns, names)


def _flush(db: sqlite3.Connection, towns: list[Any], names: list[Any]) -> None:
    db.executemany("INSERT INTO places VALUES (?, ?, NULL, ?, ?, ?, ?, NULL, ?)", towns)
    db.executemany("INSERT INTO unsorted VALUES (?, ?, ?)", names)
    towns.clear()
    names.clear()


def _town_row(town: dict[str, Any]) -> tuple[Any, ...]:
    arabic = next((name for name in town["alternatenames"] if _ARABIC_ONLY.fullmatch(name)), None)
    lon, lat = _hundred_thousandths(town["longitude"]), _hundred_thousandths(town["latitude"])
    return (town["geonameid"], town["name"], lon, lat, town["population"], town["countrycode"], arabic)


def _keys(names: Iterable[str]) -> dict[str, int]:
    """Folded name -> HAS_ARTICLE or 0, each once."""
    keys: dict[str, int] = {}
    for name in names:
        bare = fold_name(name)
        key = bare.replace(" ", "")
        if key:
            keys[key] = keys.get(key, 0) | (HAS_ARTICLE if bare != fold(name) else 0)
    return keys


def _by_key(entries: dict[int, Entry]) -> dict[str, list[int]]:
    by_key = defaultdict(list)
    for pk, entry in entries.items():
        if entry.kind in _SETTLED:
            for key in {name_key(name) for _, name in entry.names} | {name_key(entry.name)}:
                by_key[key].append(pk)
    return by_key


def _same_place(
    town: dict[str, Any], keys: Iterable[str], ours: dict[str, list[int]], entries: dict[int, Entry]
) -> int | None:
    for pk in (pk for key in keys for pk in ours.get(key, ())):
        if distance_m(entries[pk].position, LonLat(town["longitude"], town["latitude"])) <= _SAME_PLACE_M:
            return pk
    return None


def _write_entry(db: sqlite3.Connection, pk: int, entry: Entry, vocabulary: Vocabulary) -> None:
    lon, lat = _hundred_thousandths(entry.position.lon), _hundred_thousandths(entry.position.lat)
    kind = None if entry.kind == "settlement" else entry.kind
    arabic = next((name for lang, name in entry.names if lang == "ar"), None)
    place = (pk, entry.name, kind, lon, lat, entry.population, entry.country_code, arabic)
    db.execute("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)", place)
    box = entry.bbox.as_list() if entry.bbox else [None] * 4
    days = [day and day.isoformat() for day in (entry.valid_from, entry.valid_to, entry.checked)]
    shape = json.dumps(entry.geometry.as_geojson(), separators=(",", ":")) if entry.geometry else None
    details = (
        pk,
        entry.place_id,
        entry.slug,
        entry.geo_precision.value,
        entry.uncertainty_m,
        entry.admin1,
        entry.admin2,
    )
    db.execute(
        "INSERT INTO details VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*details, *box, *days, shape),
    )
    spellings = [(pk, position, lang, name) for position, (lang, name) in enumerate(entry.names)]
    db.executemany("INSERT INTO spellings VALUES (?, ?, ?, ?)", spellings)
    ids = [entry.place_id, *(f"geonames:{town}" for town in entry.absorbed)]
    db.executemany("INSERT OR IGNORE INTO ids VALUES (?, ?)", [(place_id, pk) for place_id in ids])
    db.executemany("INSERT INTO unsorted VALUES (?, ?, ?)", _entry_names(pk, entry, vocabulary))


def _entry_names(pk: int, entry: Entry, vocabulary: Vocabulary) -> Iterator[tuple[str, int, int]]:
    names = [entry.name, *(name for _, name in entry.names)]
    for key, article in _keys(names).items():
        yield (key, pk, _LARGEST * 4 + article)
    cores = [core for name in names for core in vocabulary.cores(name, entry.kind)]
    for key, article in _keys(cores).items():
        yield (key, pk, _LARGEST * 4 + article + IS_CORE)


def _write_first_level_areas(db: sqlite3.Connection, entries: dict[int, Entry]) -> None:
    """Say of every place which governorate it lies in, where we have the polygons of its country's."""
    areas = {pk: entry for pk, entry in entries.items() if entry.kind == "admin1" and entry.geometry}
    if not areas:
        return
    import shapely
    from shapely.geometry import shape

    codes = sorted({entry.country_code for entry in areas.values() if entry.country_code})
    for code in codes:
        own = {
            pk: shape(entry.geometry.as_geojson())
            for pk, entry in areas.items()
            if entry.country_code == code and entry.geometry
        }
        tree, pks = shapely.STRtree(list(own.values())), list(own)
        places = db.execute(
            "SELECT pk, lon / 1e5, lat / 1e5 FROM places WHERE country = ? AND (kind IS NULL OR kind NOT IN ('country', 'admin1', 'area'))",
            (code,),
        ).fetchall()
        points = shapely.points([row[1:] for row in places])
        # The polygons are coarse: a border town may lie just outside all of them.
        nearest = tree.nearest(points)
        db.executemany(
            "UPDATE places SET admin1 = ? WHERE pk = ?",
            [(pks[area], row[0]) for area, row in zip(nearest, places, strict=True)],
        )


def _size(population: int) -> int:
    return min(int(math.log2(population + 1)), _LARGEST - 1)


def _hundred_thousandths(degrees: float) -> int:
    return round(degrees * 100_000)
