"""Takes a source into the index: its places beside those that are known, its names to the places they mean.

Knows the order: what is known is found first (conflating.py), then names, ids and numbers of it are added,
and the rest are places of their own. Needs no more memory for many places than for few.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from geoevents.gazetteers.compiling_names import hundred_thousandths
from geoevents.gazetteers.compiling_staged import Staging
from geoevents.gazetteers.conflating import contradicting, find_same
from geoevents.gazetteers.sources.records import Record
from geoevents.gazetteers.tables import IS_CORE, LARGEST, SIZES
from geoevents.geometries import Geometry

_SETTLEMENT = "settlement"

# Whose shape is taken from a source, and with it point, box, precision and uncertainty, so that they agree:
# divisions that have none, and governorates and districts for the boundaries of who gives out P-codes. Other
# areas of ours are drawn as their name is used, whatever a subdistrict or a team's list of that name covers.
_RESHAPE = """
    CREATE TEMP TABLE IF NOT EXISTS reshaped (ours INTEGER PRIMARY KEY, theirs INTEGER);
    DELETE FROM reshaped;
    INSERT OR IGNORE INTO reshaped SELECT same.ours, same.theirs FROM same
        JOIN main.places AS p ON p.pk = same.ours JOIN main.details AS d ON d.pk = same.ours
        JOIN staged.places AS s ON s.pk = same.theirs JOIN staged.extras AS e ON e.pk = same.theirs
        WHERE e.geometry IS NOT NULL AND s.kind = p.kind AND p.kind IN ('admin1', 'admin2', 'area')
        AND (d.geometry IS NULL OR (e.place_id LIKE 'pcode:%' AND p.kind != 'area'))
        ORDER BY same.theirs;
    UPDATE main.places SET lon = s.lon, lat = s.lat
        FROM reshaped JOIN staged.places AS s ON s.pk = reshaped.theirs WHERE places.pk = reshaped.ours;
    UPDATE main.details SET
        geometry = e.geometry, west = e.west, south = e.south, east = e.east, north = e.north,
        geo_precision = e.geo_precision, uncertainty_m = e.uncertainty_m
        FROM reshaped JOIN staged.extras AS e ON e.pk = reshaped.theirs WHERE details.pk = reshaped.ours;"""
# What is known learns how many live there and its name in Arabic, where it did not say.
_TAKE_IN = f"""{_RESHAPE}
    UPDATE main.places SET population = max(places.population, s.population),
        name_ar = ifnull(places.name_ar, s.name_ar)
        FROM same JOIN staged.places AS s ON s.pk = same.theirs WHERE places.pk = same.ours;
    INSERT OR IGNORE INTO main.places
        SELECT s.pk, s.name, s.kind, s.lon, s.lat, s.population, s.country, NULL, s.name_ar, e.place_id
        FROM staged.places AS s LEFT JOIN staged.extras AS e ON e.pk = s.pk
        WHERE s.pk NOT IN (SELECT theirs FROM same);
    INSERT OR IGNORE INTO main.details
        (pk, geo_precision, uncertainty_m, admin1, admin2, west, south, east, north, geometry)
        SELECT pk, geo_precision, uncertainty_m, admin1, admin2, west, south, east, north, geometry
        FROM staged.extras WHERE geo_precision IS NOT NULL AND pk NOT IN (SELECT theirs FROM same);
    INSERT INTO main.names SELECT n.key, ifnull(same.ours, n.pk),
        n.mark % {SIZES} + iif(d.place_id IS NULL, n.mark / {SIZES}, {LARGEST}) * {SIZES}
        FROM staged.names AS n LEFT JOIN same ON same.theirs = n.pk
        LEFT JOIN main.details AS d ON d.pk = same.ours WHERE true ORDER BY n.key, n.pk
        ON CONFLICT DO UPDATE SET mark = excluded.mark WHERE names.mark & {IS_CORE};
    INSERT OR IGNORE INTO main.sounds SELECT p.country, s.skeleton, s.sounds, p.pk,
        s.mark % {SIZES} + iif(d.place_id IS NULL, s.mark / {SIZES}, {LARGEST}) * {SIZES}
        FROM staged.sounds AS s LEFT JOIN same ON same.theirs = s.pk
        JOIN main.places AS p ON p.pk = ifnull(same.ours, s.pk)
        LEFT JOIN main.details AS d ON d.pk = same.ours
        WHERE p.country IS NOT NULL ORDER BY p.country, s.skeleton, s.sounds, p.pk;
    INSERT OR IGNORE INTO main.ids SELECT 'geonames:' || theirs, ours FROM same
        WHERE theirs > 0 AND theirs != ours;
    INSERT OR IGNORE INTO main.ids SELECT e.place_id, ifnull(same.ours, e.pk)
        FROM staged.extras AS e LEFT JOIN same ON same.theirs = e.pk WHERE e.place_id IS NOT NULL;
    INSERT OR IGNORE INTO main.ids SELECT j.value, ifnull(same.ours, e.pk)
        FROM staged.extras AS e, json_each(e.other_ids) AS j LEFT JOIN same ON same.theirs = e.pk;
    INSERT OR IGNORE INTO codes SELECT ifnull(same.ours, s.pk), s.country, s.code
        FROM staged.places AS s LEFT JOIN same ON same.theirs = s.pk WHERE s.code IS NOT NULL
"""  # noqa: S608 - only numbers of ours
_RENAME = """
    UPDATE staged.places SET pk = :new WHERE pk = :old;
    UPDATE staged.names SET pk = :new WHERE pk = :old;
    UPDATE staged.sounds SET pk = :new WHERE pk = :old;
    INSERT OR IGNORE INTO staged.extras (pk, other_ids) VALUES (:old, '[]');
    UPDATE staged.extras SET pk = :new, place_id = :id WHERE pk = :old;
    DELETE FROM same WHERE theirs = :old"""


def take_in(db: sqlite3.Connection, *, prefix: str | None = None) -> int:
    """
    Bring the staged source into the index; returns how many of its places were known already.

    With a prefix, what has the GeoNames id of another place, far away, is named after its source instead.
    """
    db.execute("BEGIN")
    find_same(db)
    if prefix is not None:
        _rename(db, prefix)
    for statement in _TAKE_IN.split(";"):
        db.execute(statement)
    known = db.execute("SELECT count(*) FROM same").fetchone()
    db.execute("COMMIT")
    return int(known[0])


@contextmanager
def staged(db: sqlite3.Connection, records: Iterable[Record]) -> Iterator[None]:
    """Lay the places of a source out as `staged`, each under the pk it will have if it is new."""
    db.execute("ATTACH '' AS staged")
    try:
        db.execute("BEGIN")
        _stage(db, records)
        db.execute("COMMIT")
        yield
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute("DETACH staged")


def _rename(db: sqlite3.Connection, prefix: str) -> None:
    lowest = (
        db.execute("SELECT min(pk) FROM main.places").fetchone()[0] or 0,
        db.execute("SELECT min(pk) FROM staged.places").fetchone()[0] or 0,
    )
    for number, pk in enumerate(contradicting(db), 1):
        values = {"old": pk, "new": min(0, *lowest) - number, "id": f"{prefix}:{pk}"}
        for statement in _RENAME.split(";"):
            db.execute(statement, values)


def _stage(db: sqlite3.Connection, records: Iterable[Record]) -> None:
    free = min(0, db.execute("SELECT min(pk) FROM main.places").fetchone()[0] or 0) - 1
    staging = Staging(db)
    for record in records:
        pk = record.geonames_id
        if pk is None:
            pk, free = free, free - 1
        has_extras = record.geonames_id is None or record.kind != _SETTLEMENT or record.other_ids
        staging.add(
            _place_row(pk, record),
            record.all_names(),
            population=record.population,
            by_sound=True,
            extras=_extras_row(pk, record) if has_extras else None,
        )
    staging.finish()


def _place_row(pk: int, record: Record) -> tuple[Any, ...]:
    kind = None if record.kind == _SETTLEMENT else record.kind
    lon, lat = hundred_thousandths(record.lon), hundred_thousandths(record.lat)
    return (
        *(pk, record.name, kind, lon, lat, record.population),
        *(record.country_code, record.admin1_code, record.arabic),
    )


def _extras_row(pk: int, record: Record) -> tuple[Any, ...]:
    precision, metres = record.precision
    says_more = record.kind != _SETTLEMENT or record.admin1 or record.uncertainty_m or record.geo_precision
    shape = Geometry.from_geojson(record.geometry) if record.geometry else None
    return (
        *(pk, record.place_id if record.geonames_id is None else None),
        json.dumps(record.other_ids) if record.other_ids else "[]",
        *((precision.value, metres) if says_more else (None, None)),
        *(record.admin1, record.admin2),
        *(shape.bbox.as_list() if shape else [None] * 4),
        json.dumps(record.geometry, separators=(",", ":")) if shape else None,
    )
