"""Writes the compiled index: one SQLite file of GeoNames' towns and our own entries, with every name folded.

Knows the order of the work and our own entries. GeoNames' towns are compiling_towns.py's, added sources
compiling_sources.py's, governorates governing.py's, the tables tables.py's. Knows nothing of searching.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from geoevents.gazetteers import calibration, geonames, not_places
from geoevents.gazetteers.compiling_names import hundred_thousandths, keyed, size
from geoevents.gazetteers.compiling_sounds import is_transliterated, sound_rows, write_sounding, write_sounds
from geoevents.gazetteers.compiling_sources import staged, take_in
from geoevents.gazetteers.compiling_towns import Progress, staged_towns
from geoevents.gazetteers.descriptors import Vocabulary
from geoevents.gazetteers.divisions import Codes, write_capitals, write_divisions, write_stand_ins
from geoevents.gazetteers.entries import Entry, read_all, read_names
from geoevents.gazetteers.governing import write_first_level
from geoevents.gazetteers.sources.keeping import Source
from geoevents.gazetteers.tables import INDEX_FORMAT, IS_CORE, LARGEST, SCHEMA, SIZES

Towns = Callable[[], Iterable[dict[str, Any]]]

# GeoNames' codes of first-level areas, by which governing.py knows where a place lies.
_ON_THE_WAY = "CREATE TEMP TABLE codes (pk INTEGER PRIMARY KEY, country TEXT, code TEXT)"
Names = list[tuple[str, str]]
# A place by its id: its pk, whether it is ours, its population, its country, how many spellings it has.
_BY_ID = """
    SELECT p.pk, d.place_id IS NOT NULL, p.population, p.country,
        (SELECT count(*) FROM spellings WHERE pk = p.pk)
    FROM places AS p LEFT JOIN details AS d ON d.pk = p.pk
    WHERE p.pk = ifnull((SELECT pk FROM ids WHERE place_id = :id), CAST(substr(:id, 10) AS INTEGER))"""


def compile_index(
    folder: Path,
    target: Path,
    *,
    fingerprint: str = "",
    progress: Progress = lambda share: None,
    towns: Towns = geonames.towns,
    kept: tuple[Path, str] | None = None,
    sources: Sequence[Source] = (),
) -> None:
    """
    Write the index of `folder` (laid out as data/gazetteer/), GeoNames' towns and added sources to `target`.

    `kept` is where the towns may lie folded already, and what of; `progress` is told the share done, 0 to 1.
    Raises InvalidPlace over a bad entry, GazetteerError over a damaged source.
    """
    vocabulary = Vocabulary.read(folder / "descriptors.json")
    entries = _numbered(read_all(folder))
    db = sqlite3.connect(target.absolute().as_uri(), uri=True, isolation_level=None)
    try:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536")
        db.executescript(f"BEGIN; {SCHEMA}; {_ON_THE_WAY}")
        codes = Codes(folder, entries)
        _write_ours(db, folder, entries, codes, vocabulary)
        db.execute("COMMIT")
        with staged_towns(db, kept, towns):
            take_in(db)
        names = _write_more_names(db, read_names(folder / "names.csv"))
        progress(0.5)
        known = {source.name: _take_in(db, source) for source in sources}
        progress(0.8)
        db.execute("BEGIN")
        _write_more_names(db, names)
        _put_the_largest_first(db)
        write_first_level(db, codes)
        write_sounding(db)
        write_capitals(db)
        meta = {"format": INDEX_FORMAT, "fingerprint": fingerprint, "known before": json.dumps(known)}
        meta["attribution"] = json.dumps(_attributions(sources), ensure_ascii=False)
        db.executemany("INSERT INTO meta VALUES (?, ?)", [*meta.items(), *_words(folder, vocabulary)])
        db.execute("COMMIT")
        # What was written out of order leaves pages half empty: a tenth of the file.
        db.execute("VACUUM")
        progress(1.0)
    finally:
        db.close()


def _write_ours(
    db: sqlite3.Connection, folder: Path, entries: dict[int, Entry], codes: Codes, vocabulary: Vocabulary
) -> None:
    for pk, entry in entries.items():
        _write_entry(db, pk, entry, vocabulary)
    write_divisions(db, codes, vocabulary)
    write_stand_ins(db, folder)


def _words(folder: Path, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """What the index knows of words: descriptors, relations, words that are no places."""
    yield "descriptors", json.dumps(vocabulary.folded(), ensure_ascii=False)
    if (folder / "relations.json").exists():
        yield "relations", (folder / "relations.json").read_text(encoding="utf-8")
    yield "calibration", calibration.read_text(folder)
    yield from not_places.rows(folder / "not_places.csv", vocabulary)


def _take_in(db: sqlite3.Connection, source: Source) -> int:
    with staged(db, source.records()):
        return take_in(db, prefix=source.name)


def _attributions(sources: Iterable[Source]) -> list[str]:
    """Whom to thank, each once: our own sources first."""
    ours = [geonames.ATTRIBUTION, "geoevents"]
    return list(dict.fromkeys([*ours, *(source.manifest.thanks for source in sources)]))


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
    db.execute("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL)", place)
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
    db.execute("INSERT OR IGNORE INTO ids VALUES (?, ?)", (entry.place_id, pk))
    # The whole names come first, and are kept where what remains of one is the same.
    db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", _entry_names(pk, entry, vocabulary))
    if is_transliterated(entry.country_code):
        write_sounds(db, sound_rows(pk, entry.all_names(), LARGEST * SIZES))
        write_sounds(db, sound_rows(pk, _cores(entry, vocabulary), LARGEST * SIZES + IS_CORE))


def _write_more_names(db: sqlite3.Connection, more: Mapping[str, Names]) -> dict[str, Names]:
    """Give places that others know the names that only we know; returns those of places that are not here."""
    unknown = {}
    for place_id, names in more.items():
        row = db.execute(_BY_ID, {"id": place_id}).fetchone()
        if row is None:
            unknown[place_id] = names
            continue
        pk, is_ours, population, country, position = row
        mark = (LARGEST if is_ours else size(population)) * SIZES
        rows = [(key, pk, mark + article) for key, article in keyed(name for _, name in names).items()]
        db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", rows)
        if is_transliterated(country):
            write_sounds(db, sound_rows(pk, (name for _, name in names), mark))
        spellings = [(pk, at, lang, name) for at, (lang, name) in enumerate(names, position)]
        db.executemany("INSERT INTO spellings VALUES (?, ?, ?, ?)", spellings)
    return unknown


def _put_the_largest_first(db: sqlite3.Connection) -> None:
    """Of our own, too: a town is found among them by its first letters before the hamlets are."""
    db.create_function("size", 1, size, deterministic=True)
    sql = """
        UPDATE names SET mark = mark + ? * (SELECT size(population) FROM places WHERE pk = names.pk)
        WHERE mark / ? = ?"""
    db.execute(sql, (SIZES, SIZES, LARGEST))


def _entry_names(pk: int, entry: Entry, vocabulary: Vocabulary) -> Iterator[tuple[str, int, int]]:
    for key, article in keyed(entry.all_names()).items():
        yield (key, pk, LARGEST * SIZES + article)
    for key, article in keyed(_cores(entry, vocabulary)).items():
        yield (key, pk, LARGEST * SIZES + article + IS_CORE)


def _cores(entry: Entry, vocabulary: Vocabulary) -> list[str]:
    return [core for name in entry.all_names() for core in vocabulary.cores(name, entry.kind)]
