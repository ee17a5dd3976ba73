"""Reads the compiled index: the places of a folded name, a prefix, an id.

Knows the tables and how a row becomes a Place. Knows nothing of what a name may mean (search.py).
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from geoevents.errors import GazetteerMissing
from geoevents.folding import name_key
from geoevents.gazetteers.calibration import Calibration
from geoevents.gazetteers.descriptors import Vocabulary
from geoevents.gazetteers.kinds import LINES
from geoevents.gazetteers.remembered import Remembered
from geoevents.gazetteers.tables import INDEX_FORMAT
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import BBox, GeoPrecision, LonLat, Place

if TYPE_CHECKING:
    from datetime import date

    from geoevents.gazetteers.known_names import NameRow
    from geoevents.gazetteers.nearby import Nearby
    from geoevents.gazetteers.relation_phrases import RelationWords

_REMEMBERED = 4_096
# The skeletons of a country's names may be 25,000.
_COUNTRIES = 16
_SKELETONS = 16_384
_WITHOUT_ADMIN1 = ("admin1", "area", "country", *LINES)
# How names of one skeleton sound -> (pk, mark) of the places that sound so.
Sounding = dict[str, list[tuple[int, int]]]
LAST_CHARACTER = "\U0010ffff"
_GEONAMES_ID = re.compile(r"geonames:([0-9]{1,12})")
_PRECISIONS = {each.value: each for each in GeoPrecision}


class Row(NamedTuple):
    """One place of the index, as its tables have it; `mark` is that of the name it was found by."""

    mark: int
    pk: int
    name: str
    kind: str
    lon: int
    lat: int
    population: int
    country: str | None
    admin1_pk: int | None
    name_ar: str | None
    place_id: str | None
    slug: str | None
    geo_precision: str | None
    uncertainty_m: int | None
    admin1: str | None
    admin2: str | None
    west: float | None
    south: float | None
    east: float | None
    north: float | None
    valid_from: str | None
    valid_to: str | None
    checked: str | None
    other_id: str | None

    @property
    def position(self) -> LonLat:
        return LonLat(self.lon / 1e5, self.lat / 1e5)

    @property
    def bbox(self) -> BBox | None:
        if self.west is None or self.south is None or self.east is None or self.north is None:
            return None
        return BBox(self.west, self.south, self.east, self.north)

    @property
    def is_ours(self) -> bool:
        """True for an entry of data/gazetteer/, checked by a person."""
        return self.place_id is not None

    @property
    def id(self) -> str:
        return self.place_id or self.other_id or f"geonames:{self.pk}"


# Row(*cells), but for what Python does to call it.
_as_row: Callable[[Iterable[object]], Row] = partial(tuple.__new__, Row)


class Governorate(NamedTuple):
    """A first-level area in two ways: "X" and "X governorate"."""

    name: str
    full_name: str


class Index:
    """
    One compiled file, opened read-only. Every thread has its own connection; a file that is replaced stays
    readable to those who have it open.

    Raises GazetteerMissing if there is none, or it is of another version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._local = threading.local()
        # A phrase is looked up by the same names again and again, rung by rung.
        self.named = lru_cache(_REMEMBERED)(self._named)
        self.meta = lru_cache(_REMEMBERED)(self._meta)
        self.spellings = lru_cache(_REMEMBERED)(self._spellings)
        self.nearby = lru_cache(_COUNTRIES)(self._nearby)
        self.spelling_keys = lru_cache(_REMEMBERED)(self._spelling_keys)
        self.largest_town = lru_cache(_REMEMBERED)(self._largest_town)
        self.country = lru_cache(_REMEMBERED)(self._country)
        # What others have worked out of this file, as long as it is open.
        self.worked_out = Remembered(_REMEMBERED)
        self._places = Remembered(_REMEMBERED)
        self._sounding: dict[tuple[str, str], Sounding] = {}
        self._by_pk: dict[int, Row] = {}
        self._governorates: dict[int, Governorate | None] = {}
        try:
            usable = path.is_file() and self.meta("format") == str(INDEX_FORMAT)
        except sqlite3.DatabaseError:
            usable = False
        if not usable:
            raise GazetteerMissing(
                Message(
                    "There is no compiled gazetteer at {path}. Run `make setup` to compile it.",
                    path=str(path),
                )
            )

    def _meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    @cached_property
    def calibration(self) -> Calibration:
        return Calibration(json.loads(self.meta("calibration") or "{}"))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(json.loads(self.meta("descriptors") or "{}"))

    def _named(self, key: str) -> tuple[Row, ...]:
        """Every place with a name that folds to `key` (folding.name_key)."""
        sql = "SELECT n.mark, known.* FROM names AS n JOIN known ON known.pk = n.pk WHERE n.key = ?"
        return tuple(self._rows(sql, key))

    def rows_of_names(self, keys: Iterable[str]) -> list[NameRow]:
        """Every place of many folded names at once, without what only a look-up needs."""
        sql = """
            SELECT n.key, n.mark, p.pk, p.name, ifnull(p.kind, 'settlement'), p.population, p.country
            FROM json_each(?) AS asked CROSS JOIN names AS n ON n.key = asked.value
            CROSS JOIN places AS p ON p.pk = n.pk"""
        from geoevents.gazetteers.known_names import NameRow

        return [NameRow(*row) for row in self._db.execute(sql, (json.dumps([*keys]),))]

    def beginning(self, key: str, *, limit: int) -> list[Row]:
        """The largest places with a name that begins so, our own first; `limit` counts names, not places."""
        sql = """
            SELECT n.mark, known.* FROM (
                SELECT pk, mark FROM names WHERE key >= ? AND key < ? ORDER BY mark DESC LIMIT ?
            ) AS n JOIN known ON known.pk = n.pk"""
        return _each_once(self._rows(sql, key, key + LAST_CHARACTER, limit))

    def beginning_in(self, key: str, country: str, *, limit: int) -> list[Row]:
        """The same, of one country alone."""
        sql = """
            SELECT n.mark, known.* FROM names AS n JOIN known ON known.pk = n.pk
            WHERE n.key >= ? AND n.key < ? AND known.country = ? ORDER BY n.mark DESC LIMIT ?"""
        return _each_once(self._rows(sql, key, key + LAST_CHARACTER, country, limit))

    def stood_for(self, key: str) -> list[tuple[str, bool, Row]]:
        """(as it is written, whether it is a demonym, the place) of every stand-in that folds to `key`."""
        sql = """
            SELECT s.text, s.is_demonym, 0, known.* FROM stand_ins AS s JOIN known ON known.pk = s.pk
            WHERE s.key = ?"""
        return [
            (text, bool(is_demonym), Row(*row)) for text, is_demonym, *row in self._db.execute(sql, (key,))
        ]

    @cached_property
    def sounding_countries(self) -> frozenset[str]:
        """Codes of the countries whose names are kept by their sound."""
        return frozenset((self.meta("sounding") or "").split())

    def sounding(self, skeletons: Iterable[str], country: str) -> dict[str, Sounding]:
        """Skeleton -> what sounds so in one country; the same few skeletons are near to many names."""
        found = {skeleton: self._sounding.get((country, skeleton)) for skeleton in skeletons}
        if missing := [skeleton for skeleton, known in found.items() if known is None]:
            read: dict[str, Sounding] = {skeleton: {} for skeleton in missing}
            sql = """
                SELECT skeleton, sounds, pk, mark FROM sounds
                WHERE country = ? AND skeleton IN (SELECT value FROM json_each(?))"""
            for skeleton, sounds, pk, mark in self._db.execute(sql, (country, json.dumps(missing))):
                read[skeleton].setdefault(sounds, []).append((pk, mark))
            if len(self._sounding) > _SKELETONS:
                self._sounding.clear()
            self._sounding.update(((country, skeleton), known) for skeleton, known in read.items())
            found |= read
        return {skeleton: known for skeleton, known in found.items() if known}

    def _nearby(self, country: str, edits: int) -> Nearby:
        """The skeletons of a country's names, to be asked for those that so few edits make of another."""
        from geoevents.gazetteers.nearby import Nearby

        rows = self._db.execute("SELECT DISTINCT skeleton FROM sounds WHERE country = ?", (country,))
        return Nearby((each for (each,) in rows), edits=edits)

    def by_id(self, place_id: str) -> Row | None:
        """The place of an id of ours, or of a GeoNames id, its own or one that an entry of ours took in."""
        if not place_id.isascii():
            return None
        row = self._db.execute("SELECT pk FROM ids WHERE place_id = ?", (place_id,)).fetchone()
        if row:
            return self.by_pk(row[0])
        geonames = _GEONAMES_ID.fullmatch(place_id)
        return self.by_pk(int(geonames[1])) if geonames else None

    def by_pk(self, pk: int) -> Row | None:
        return next(iter(self._rows("SELECT 0, known.* FROM known WHERE pk = ?", pk)), None)

    def by_pks(self, pks: Iterable[int]) -> list[Row]:
        """The places of some pks, each once and in their order, with the mark 0."""
        found = {pk: self._by_pk.get(pk) for pk in sorted(pks)}
        if missing := [pk for pk, row in found.items() if row is None]:
            sql = "SELECT 0, known.* FROM known WHERE pk IN (SELECT value FROM json_each(?))"
            read = {row.pk: row for row in self._rows(sql, json.dumps(missing))}
            if len(self._by_pk) > _REMEMBERED:
                self._by_pk.clear()
            self._by_pk.update(read)
            found |= read
        return [row for row in found.values() if row]

    def _largest_town(self, admin1: int) -> Row | None:
        sql = """
            SELECT 0, known.* FROM known
            WHERE admin1_pk = ? AND kind = 'settlement' ORDER BY population DESC LIMIT 1"""
        return next(iter(self._rows(sql, admin1)), None)

    def of_kinds(self, kinds: Iterable[str], around: BBox) -> list[Row]:
        """Our own entries of some kinds within a box."""
        sql = """
            SELECT 0, known.* FROM places AS p CROSS JOIN known ON known.pk = p.pk
            WHERE p.kind IN (SELECT value FROM json_each(?)) AND known.place_id IS NOT NULL
            AND known.lon BETWEEN ? AND ? AND known.lat BETWEEN ? AND ?"""
        sides = (around.west * 1e5, around.east * 1e5, around.south * 1e5, around.north * 1e5)
        return self._rows(sql, json.dumps([*kinds]), *sides)

    def _spellings(self, pk: int) -> list[tuple[str, str]]:
        """(language, name) of an entry of ours, the first of a language to be shown."""
        return self._db.execute(
            "SELECT lang, name FROM spellings WHERE pk = ? ORDER BY position", (pk,)
        ).fetchall()

    def _spelling_keys(self, pk: int) -> frozenset[str]:
        """The same, folded (folding.name_key)."""
        return frozenset(name_key(name) for _, name in self.spellings(pk))

    def geometry(self, pk: int) -> Geometry | None:
        row = self._db.execute("SELECT geometry FROM details WHERE pk = ?", (pk,)).fetchone()
        return Geometry.from_geojson(json.loads(row[0])) if row and row[0] else None

    @cached_property
    def relation_words(self) -> RelationWords:
        from geoevents.gazetteers.relation_phrases import RelationWords

        return RelationWords(json.loads(self.meta("relations") or "{}"))

    @cached_property
    def roads(self) -> list[Row]:
        """Every road that we have a line of."""
        return self._of_kind("road")

    def _country(self, code: str | None) -> Row | None:
        """The country of a code. Who asks for one need not read all."""
        sql = """
            SELECT 0, known.* FROM places AS p CROSS JOIN known ON known.pk = p.pk
            WHERE p.kind = 'country' AND p.country = ?"""
        return next(iter(self._rows(sql, code)), None)

    @cached_property
    def countries(self) -> dict[str, Row]:
        """Country code -> the country."""
        return {row.country: row for row in self._of_kind("country") if row.country}

    @cached_property
    def capitals(self) -> frozenset[int]:
        """The pks of the capitals of countries."""
        return frozenset(json.loads(self.meta("capitals") or "[]"))

    def first_level(self, countries: Iterable[str]) -> list[Row]:
        """The first-level areas of some countries."""
        sql = """
            SELECT 0, known.* FROM places AS p CROSS JOIN known ON known.pk = p.pk
            WHERE p.kind = 'admin1' AND p.country IN (SELECT value FROM json_each(?))"""
        return self._rows(sql, json.dumps([*countries]))

    def governorate(self, pk: int) -> Governorate | None:
        """The first-level area of a pk, in two ways."""
        if pk not in self._governorates:
            row = self.by_pk(pk)
            known = Governorate(row.admin1 or row.name, self._full_name(row)) if row else None
            self._governorates[pk] = known
        return self._governorates[pk]

    def place(self, row: Row) -> Place:
        return self._places(("place", row.pk), lambda: self._place(row))

    def _place(self, row: Row) -> Place:
        # An area may span several governorates: the one its point lies in would be a wrong answer.
        surrounded = row.admin1_pk is not None and row.kind not in _WITHOUT_ADMIN1
        governorate = self.governorate(row.admin1_pk or 0) if surrounded else None
        precision = _PRECISIONS[row.geo_precision or "settlement"]
        return Place(
            place_id=row.id,
            name=row.name,
            label=self._label(row, governorate),
            kind=row.kind,
            lon=row.lon / 1e5,
            lat=row.lat / 1e5,
            geo_precision=precision,
            uncertainty_m=row.uncertainty_m if row.geo_precision else precision.default_uncertainty_m,
            country_code=row.country,
            admin1=row.admin1 or (governorate.name if governorate else None),
            admin2=row.admin2,
            bbox=row.bbox,
            valid_from=_day(row.valid_from),
            valid_to=_day(row.valid_to),
            checked=_day(row.checked),
            population=row.population,
            names=tuple(self._names(row)),
        )

    def _names(self, row: Row) -> Iterator[tuple[str, str]]:
        spellings = self.spellings(row.pk)
        yield from spellings
        if row.name_ar and not any(lang == "ar" for lang, _ in spellings):
            yield ("ar", row.name_ar)

    def _label(self, row: Row, governorate: Governorate | None) -> str:
        if row.kind == "country":
            return row.name
        country = self.country(row.country)
        parts = [self._full_name(row) if row.kind == "admin1" else row.name]
        if row.kind not in _WITHOUT_ADMIN1:
            parts.append(governorate.full_name if governorate else row.admin1 or "")
        parts.append(country.name if country else row.country or "")
        return ", ".join(dict.fromkeys(part for part in parts if part))

    def _full_name(self, row: Row) -> str:
        """ "X governorate" of the governorate that is named X, from its English label."""
        return next((name for lang, name in self.spellings(row.pk) if lang == "en"), row.name)

    def _of_kind(self, kind: str) -> list[Row]:
        sql = "SELECT 0, known.* FROM places AS p CROSS JOIN known ON known.pk = p.pk WHERE p.kind = ?"
        return self._rows(sql, kind)

    def _rows(self, sql: str, *values: object) -> list[Row]:
        return list(map(_as_row, self._db.execute(sql, values)))

    @property
    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = connect(self._path)
        return db


def connect(path: Path) -> sqlite3.Connection:
    """Open a compiled file, read-only, whatever its path: `#`, `?` and `%` mean something in a URI."""
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    from datetime import date

    return date.fromisoformat(text)


def _each_once(rows: list[Row]) -> list[Row]:
    """Every place by the best of the names it was found by, the best first."""
    best = {row.pk: row for row in sorted(rows, key=lambda row: row.mark)}
    return list(best.values())[::-1]
