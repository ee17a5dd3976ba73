"""Writes the compiled index: one SQLite file of GeoNames' towns and our own entries, with every name folded.

Knows how one place that two sources know becomes one, and which governorate a place lies in. Knows nothing of
searching. The tables are in tables.py.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from pathlib import Path
from typing import Any

from geoevents.folding import name_key, name_keys
from geoevents.gazetteers import geonames, not_places
from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.descriptors import Vocabulary
from geoevents.gazetteers.entries import Entry, read_all
from geoevents.gazetteers.tables import HAS_ARTICLE, INDEX_FORMAT, IS_CORE, LARGEST, SCHEMA, SIZES
from geoevents.places import LonLat

Progress = Callable[[float], None]

_TOWNS = 235_000
_AT_ONCE = 5_000
_SAME_PLACE_M = 5_000
_SETTLED = ("settlement", "quarter")
_ARABIC_ONLY = re.compile(r"[\sء-غف-ي]+")
# Our polygons are coarse: a border town may lie a little outside all of them.
_COARSE_EDGE_DEGREES = 0.1


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
        _write_towns(db, entries, progress, towns())
        for pk, entry in entries.items():
            _write_entry(db, pk, entry, vocabulary)
        progress(0.75)
        # Of two rows of one name and place the one that is a whole name is kept.
        db.execute("INSERT OR IGNORE INTO names SELECT * FROM unsorted ORDER BY key, pk, mark & 1")
        progress(0.95)
        _write_first_level(db, entries)
        meta = {"format": INDEX_FORMAT, "fingerprint": fingerprint, "descriptors": json.dumps(vocabulary.raw)}
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


def _write_towns(
    db: sqlite3.Connection,
    entries: dict[int, Entry],
    progress: Progress,
    from_geonames: Iterable[dict[str, Any]],
) -> None:
    """Towns as GeoNames has them. One that an entry of ours is about lends it its names, no more."""
    ours = _by_key(entries)
    towns: list[tuple[Any, ...]] = []
    names: list[tuple[str, int, int]] = []
    for count, town in enumerate(from_geonames):
        pk, keys = town["geonameid"], _keys((town["name"], *town["alternatenames"]))
        own = pk if pk in entries else _same_place(town, keys.keys(), ours, entries)
        if own is None:
            towns.append(_town_row(town))
            mark = _size(town["population"]) * SIZES
        else:
            entries[own].population = max(entries[own].population, town["population"])
            entries[own].absorbed.append(pk)
            mark = LARGEST * SIZES
        names += [(key, own or pk, mark + article) for key, article in keys.items()]
        if len(towns) >= _AT_ONCE:
            _flush(db, towns, names)
            progress(0.7 * count / _TOWNS)
    _flush(db, towns, names)


def _flush(db: sqlite3.Connection, towns: list[Any], names: list[Any]) -> None:
    db.executemany("INSERT INTO places VALUES (?, ?, NULL, ?, ?, ?, ?, NULL, ?)", towns)
    db.executemany("INSERT INTO unsorted VALUES (?, ?, ?)", names)
    towns.clear()
    names.clear()


def _town_row(town: dict[str, Any]) -> tuple[Any, ...]:
    in_arabic_letters = (name for name in town["alternatenames"] if "ء" <= name[:1] <= "ي")
    arabic = next(filter(_ARABIC_ONLY.fullmatch, in_arabic_letters), None)
    lon, lat = _hundred_thousandths(town["longitude"]), _hundred_thousandths(town["latitude"])
    return (town["geonameid"], town["name"], lon, lat, town["population"], town["countrycode"], arabic)


def _keys(names: Iterable[str]) -> dict[str, int]:
    """Folded name -> HAS_ARTICLE or 0, each once."""
    keys: dict[str, int] = {}
    for key, has_article in name_keys(names):
        keys[key] = keys.get(key, 0) | (HAS_ARTICLE if has_article else 0)
    keys.pop("", None)
    return keys


def _by_key(entries: dict[int, Entry]) -> dict[str, list[int]]:
    by_key = defaultdict(list)
    for pk, entry in entries.items():
        if entry.kind in _SETTLED:
            for key in {name_key(name) for name in entry.all_names()}:
                by_key[key].append(pk)
    return by_key


def _same_place(
    town: dict[str, Any], keys: Set[str], ours: dict[str, list[int]], entries: dict[int, Entry]
) -> int | None:
    """The entry of ours, if any, that has one of the town's names and lies within 5 km of it."""
    for pk in (pk for key in ours.keys() & keys for pk in ours[key]):
        if distance_m(entries[pk].position, LonLat(town["longitude"], town["latitude"])) <= _SAME_PLACE_M:
            return pk
    return None


def _write_entry(db: sqlite3.Connection, pk: int, entry: Entry, vocabulary: Vocabulary) -> None:
    lon, lat = _hundred_thousandths(entry.position.lon), _hundred_thousandths(entry.position.lat)
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
    for key, article in _keys(names).items():
        yield (key, pk, LARGEST * SIZES + article)
    cores = [core for name in names for core in vocabulary.cores(name, entry.kind)]
    for key, article in _keys(cores).items():
        yield (key, pk, LARGEST * SIZES + article + IS_CORE)


def _write_first_level(db: sqlite3.Connection, entries: dict[int, Entry]) -> None:
    """Say of every place which governorate it lies in, in the countries of which we have the polygons."""
    areas = {pk: entry for pk, entry in entries.items() if entry.kind == "admin1" and entry.geometry}
    if not areas:
        return
    import shapely
    from shapely.geometry import shape

    for code in sorted({entry.country_code or "" for entry in areas.values()}):
        own = {pk: entry.geometry for pk, entry in areas.items() if entry.country_code == code}
        tree = shapely.STRtree([shape(geometry.as_geojson()) for geometry in own.values() if geometry])
        pks = list(own)
        sql = (
            "SELECT pk, lon / 1e5, lat / 1e5 FROM places WHERE country = ? AND ifnull(kind, '') != 'country'"
        )
        places = db.execute(sql, (code,)).fetchall()
        points = shapely.points([place[1:] for place in places])
        pairs = tree.query_nearest(points, max_distance=_COARSE_EDGE_DEGREES, all_matches=False)
        found = [(pks[area], places[place][0]) for place, area in zip(*pairs, strict=True)]
        db.executemany("UPDATE places SET admin1 = ? WHERE pk = ?", found)


def _size(population: int) -> int:
    return min(int(math.log2(population + 1)), LARGEST - 1)


def _hundred_thousandths(degrees: float) -> int:
    return round(degrees * 100_000)
