"""Which places that several sources know are one place: the same id, or a shared name, nearness and kind.

Knows when two rows are one; writes the table `same` (theirs, ours) for a source on its way into the index.
Knows nothing of files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from geoevents.folding import name_key
from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.kinds import LINES, SETTLED
from geoevents.gazetteers.tables import IS_CORE
from geoevents.places import LonLat

# How far apart two sources put one place, in metres. A town: 5 km, or as far as one of them says it may be
# off, up to 10 km. What has an extent has its label anywhere in it.
_SAME_PLACE_M, _AT_MOST_M = 5_000, 10_000
_SAME_EXTENT_M = {"admin1": 100_000, "admin2": 40_000, "area": 25_000, "natural": 25_000}
# Two rows of one source this near to each other, of the same first name, are one row twice.
_TWICE_M = 2_000
# An id that two sources use for places further apart than this, of no common name, is wrong in one of them.
_CONTRADICTS_M = 50_000
_FACILITIES = ("site", "prison", "dam", "camp", "oil_field", "military_base", "crossing")
_BESIDE_BORDERS = ("area", "natural", *LINES, "crossing")

# Degrees times 100,000: a first, rough look before distances are worked out.
_NEAR_BY, _FAR_BY = 9_500, 100_000

_PAIRS = f"""
    SELECT DISTINCT s.pk, p.pk, s.name, p.name, ifnull(s.kind, 'settlement'), ifnull(p.kind, 'settlement'),
    s.lon, s.lat, p.lon, p.lat, s.country, p.country,
    max(ifnull(e.uncertainty_m, 0), ifnull(d.uncertainty_m, 0))
    FROM staged.names AS sn CROSS JOIN main.names AS n ON n.key = sn.key AND NOT n.mark & {IS_CORE}
    CROSS JOIN staged.places AS s ON s.pk = sn.pk CROSS JOIN main.places AS p ON p.pk = n.pk
    LEFT JOIN staged.extras AS e ON e.pk = s.pk LEFT JOIN main.details AS d ON d.pk = p.pk
    WHERE abs(s.lat - p.lat) <= iif(p.kind IN ('admin1', 'admin2', 'area', 'natural'), {_FAR_BY}, {_NEAR_BY})
    AND s.pk NOT IN (SELECT theirs FROM same) AND d.valid_from IS NULL AND d.valid_to IS NULL
    AND ifnull(p.kind, '') NOT IN ('country', 'river', 'road')"""  # noqa: S608 - only numbers of ours
# The same GeoNames id, as the index knows it or as one of our entries has it; an id that the source states.
_SAME_IDS = """
    INSERT OR IGNORE INTO same SELECT s.pk, p.pk
        FROM staged.places AS s JOIN main.places AS p ON p.pk = s.pk WHERE s.pk > 0;
    INSERT OR IGNORE INTO same SELECT s.pk, i.pk FROM main.ids AS i
        JOIN staged.places AS s ON s.pk = CAST(substr(i.place_id, 10) AS INTEGER)
        WHERE i.place_id LIKE 'geonames:%';
    INSERT OR IGNORE INTO same SELECT e.pk, i.pk FROM staged.extras AS e, json_each(e.other_ids) AS j
        JOIN main.ids AS i ON i.place_id = j.value;
    INSERT OR IGNORE INTO same SELECT e.pk, p.pk FROM staged.extras AS e, json_each(e.other_ids) AS j
        JOIN main.places AS p ON j.value LIKE 'geonames:%' AND p.pk = CAST(substr(j.value, 10) AS INTEGER)"""
_UNLIKE = """
    SELECT s.pk, s.lon, s.lat, p.lon, p.lat FROM same
    JOIN staged.places AS s ON s.pk = theirs JOIN main.places AS p ON p.pk = ours
    WHERE s.pk = p.pk AND NOT EXISTS (
        SELECT 1 FROM staged.names AS sn JOIN main.names AS n ON n.key = sn.key
        WHERE sn.pk = s.pk AND n.pk = p.pk)"""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two rows that share a name, theirs of the incoming source, ours of the index."""

    theirs: int
    ours: int
    has_first_name: bool
    metres: float

    @property
    def order(self) -> tuple[bool, float, int, int]:
        return (not self.has_first_name, self.metres, self.theirs, self.ours)


def find_same(db: sqlite3.Connection) -> None:
    """Write `same`: which place of the index each place of the staged source is, of those that are known."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS same (theirs INTEGER PRIMARY KEY, ours INTEGER)")
    db.execute("DELETE FROM same")
    for statement in _SAME_IDS.split(";"):
        db.execute(statement)
    pairs = sorted((pair for row in db.execute(_PAIRS) if (pair := _pair(row))), key=lambda pair: pair.order)
    db.executemany("INSERT INTO same VALUES (?, ?)", _chosen(pairs, _known(db)))


def contradicting(db: sqlite3.Connection) -> list[int]:
    """Staged places whose GeoNames id is in the index for another place: far away, of no common name."""
    return [row[0] for row in db.execute(_UNLIKE) if _metres(*row[1:]) > _CONTRADICTS_M]


def _known(db: sqlite3.Connection) -> set[int]:
    return {row[0] for row in db.execute("SELECT ours FROM same")}


def _pair(row: tuple[object, ...]) -> _Pair | None:
    """A pair of rows that may be one place, None where kind, country or distance speak against it."""
    theirs, ours, name, our_name, kind, our_kind, *position, country, our_country, uncertainty = row
    if not _alike(str(kind), str(our_kind)):
        return None
    if country and our_country and country != our_country and our_kind not in _BESIDE_BORDERS:
        return None
    metres = _metres(*position)
    limit = _SAME_EXTENT_M.get(str(our_kind)) or max(_SAME_PLACE_M, min(int(str(uncertainty)), _AT_MOST_M))
    has_first_name = name_key(str(name)) == name_key(str(our_name))
    # One of a place's many other names is shared with its neighbours, too.
    if metres > limit or (metres > _SAME_PLACE_M and not has_first_name and our_kind in SETTLED):
        return None
    return _Pair(int(str(theirs)), int(str(ours)), has_first_name, metres)


def _alike(kind: str, other: str) -> bool:
    if kind == other:
        return True
    if {kind, other} <= {"admin2", "area"}:
        return False
    return {kind, other} <= set(SETTLED) or ("site" in (kind, other) and {kind, other} <= set(_FACILITIES))


def _chosen(pairs: Iterable[_Pair], known: set[int]) -> Iterator[tuple[int, int]]:
    """Of each place the best: one row of a source is one place, unless it is the same row twice."""
    done: set[int] = set()
    for pair in pairs:
        is_twice = pair.has_first_name and pair.metres <= _TWICE_M
        if pair.theirs in done or (pair.ours in known and not is_twice):
            continue
        done.add(pair.theirs)
        known.add(pair.ours)
        yield pair.theirs, pair.ours


def _metres(lon: object, lat: object, our_lon: object, our_lat: object) -> float:
    cells = [int(str(cell)) / 1e5 for cell in (lon, lat, our_lon, our_lat)]
    return distance_m(LonLat(cells[0], cells[1]), LonLat(cells[2], cells[3]))
