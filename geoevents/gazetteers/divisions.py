"""What countries are divided into, the world over: states, provinces, counties, with codes, names, a point.

Knows first_level.csv, second_level.csv, abbreviations.csv and demonyms.csv, and how they stand in the index.
An area of ours with a polygon wins: what GeoNames has of it becomes another id and code of the same place.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from geoevents.folding import name_key
from geoevents.gazetteers import geonames
from geoevents.gazetteers.circles import inside
from geoevents.gazetteers.compiling_names import hundred_thousandths, keyed, size
from geoevents.gazetteers.descriptors import Vocabulary
from geoevents.gazetteers.entries import Entry
from geoevents.gazetteers.tables import IS_CORE, SIZES
from geoevents.places import LonLat

_FILES = {"first_level.csv": ("admin1", "province"), "second_level.csv": ("admin2", "district")}
# What stands for a place without being its name, and is therefore no name of the index.
_STAND_INS = {"abbreviations.csv": "abbreviations", "demonyms.csv": "demonyms"}


@dataclass(frozen=True, slots=True)
class Division:
    """One row. `code` is GeoNames', without the country; of the second level it begins with the first's."""

    pk: int
    country: str
    code: str
    kind: str
    precision: str
    names: tuple[str, ...]
    name_ar: str | None
    position: LonLat
    box: tuple[float, ...]
    population: int

    @property
    def first_level(self) -> tuple[str, str]:
        return self.country, self.code.partition(".")[0]


class Codes:
    """(country, GeoNames' first-level code) -> the pk of the area; empty where the files are missing."""

    def __init__(self, folder: Path, entries: Mapping[int, Entry]) -> None:
        self.divisions = list(_read(folder))
        ours = {pk: entry for pk, entry in entries.items() if entry.kind == "admin1" and entry.geometry}
        self.taken = {
            each.pk: own
            for each in self.divisions
            if each.kind == "admin1" and (own := _own(each, ours)) is not None
        }
        self._of = {
            each.first_level: self.taken.get(each.pk, each.pk)
            for each in self.divisions
            if each.kind == "admin1"
        }

    def all(self) -> Iterator[tuple[str, str, int]]:
        """(country, code, pk) of every first-level area."""
        return ((country, code, pk) for (country, code), pk in self._of.items())

    def pk(self, country: str, code: str | None) -> int | None:
        return self._of.get((country, code or ""))


def write_divisions(db: sqlite3.Connection, codes: Codes, vocabulary: Vocabulary) -> None:
    """Every area that no entry of ours is about, and the GeoNames ids of those that one is."""
    ids = [(f"geonames:{theirs}", own) for theirs, own in codes.taken.items()]
    db.executemany("INSERT OR IGNORE INTO ids VALUES (?, ?)", ids)
    for each in codes.divisions:
        if each.pk in codes.taken:
            continue
        around = codes.pk(*each.first_level) if each.kind == "admin2" else None
        lon, lat = hundred_thousandths(each.position.lon), hundred_thousandths(each.position.lat)
        place = (each.pk, each.names[0], each.kind, lon, lat, each.population, each.country, around)
        db.execute(
            "INSERT OR IGNORE INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", (*place, each.name_ar)
        )
        db.execute(
            "INSERT OR IGNORE INTO details (pk, geo_precision, west, south, east, north)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (each.pk, each.precision, *each.box),
        )
        db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", _names(each, vocabulary))


def write_stand_ins(db: sqlite3.Connection, folder: Path) -> None:
    """Abbreviations and demonyms of places that are in the index."""
    for file, column in _STAND_INS.items():
        for row in _rows(folder / file):
            place_id = row["place_id"]
            found = db.execute("SELECT pk FROM ids WHERE place_id = ?", (place_id,)).fetchone()
            pk = found[0] if found else int(place_id.partition(":")[2])
            texts = [text for text in row[column].split("|") if text]
            stand_ins = [(name_key(text), text, pk, column == "demonyms") for text in texts]
            db.executemany("INSERT OR IGNORE INTO stand_ins VALUES (?, ?, ?, ?)", stand_ins)


def write_capitals(db: sqlite3.Connection) -> None:
    """Which towns are capitals, as a list of pks: of a capital's namesakes in its country the largest."""
    sql = """
        SELECT p.pk FROM names AS n JOIN places AS p ON p.pk = n.pk
        WHERE n.key = ? AND p.country = ? AND p.kind IS NULL ORDER BY p.population DESC LIMIT 1"""
    found = (
        db.execute(sql, (name_key(country["capital"]), code)).fetchone()
        for code, country in geonames.countries().items()
    )
    capitals = json.dumps([row[0] for row in found if row])
    db.execute("INSERT INTO meta VALUES ('capitals', ?)", (capitals,))


def _names(division: Division, vocabulary: Vocabulary) -> Iterator[tuple[str, int, int]]:
    mark = size(division.population) * SIZES
    names = [name for name in (*division.names, division.name_ar) if name]
    for key, article in keyed(names).items():
        yield (key, division.pk, mark + article)
    cores = [core for name in names for core in vocabulary.cores(name, division.kind)]
    for key, article in keyed(cores).items():
        yield (key, division.pk, mark + article + IS_CORE)


def _own(division: Division, ours: Mapping[int, Entry]) -> int | None:
    """The area of ours that is this one: its polygon holds the point, and they share a name."""
    keys = {name_key(name) for name in (*division.names, division.name_ar or "")}
    for pk, entry in ours.items():
        if entry.country_code != division.country or entry.geometry is None:
            continue
        if keys.intersection(map(name_key, entry.all_names())) and inside(division.position, entry.geometry):
            return pk
    return None


def _read(folder: Path) -> Iterator[Division]:
    for file, (kind, precision) in _FILES.items():
        for row in _rows(folder / file):
            arabic = row["names_ar"].split("|")[0] or None
            yield Division(
                pk=int(row["place_id"].partition(":")[2]),
                country=row["country_code"],
                code=row["code"],
                kind=kind,
                precision=precision,
                names=(row["name"], *(name for name in row["names_en"].split("|") if name)),
                name_ar=arabic,
                position=LonLat(float(row["lon"]), float(row["lat"])),
                box=tuple(float(row[side]) for side in ("west", "south", "east", "north")),
                population=int(row["population"]),
            )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
