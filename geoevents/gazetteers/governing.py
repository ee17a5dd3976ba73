"""Which first-level area, such as a governorate, each place of the index lies in.

By what a row of ours says, else by the code its source gives, else by the polygon around it, else as the
nearest place of its country that knows. Knows nothing of names.
"""

from __future__ import annotations

import sqlite3

from geoevents.gazetteers.divisions import Codes

# Our polygons are coarse: a border town may lie a little outside all of them.
_COARSE_EDGE_DEGREES = 0.1
# A place further from all that know is left without: about 20 km, a day's walk in open country.
_NEAREST_DEGREES = 0.2
_PLACES = """
    SELECT pk, lon / 1e5, lat / 1e5 FROM places
    WHERE country = ? AND ifnull(kind, '') NOT IN ('country', 'admin1')"""


def write_first_level(db: sqlite3.Connection, codes: Codes) -> None:
    """Say of every place which first-level area it lies in, as far as codes, polygons and neighbours tell."""
    _by_code(db, codes)
    _by_row(db)
    for country, areas in _polygons(db).items():
        _by_polygon(db, country, areas)
    for (country,) in db.execute("SELECT DISTINCT country FROM places WHERE other_id IS NOT NULL").fetchall():
        _by_neighbour(db, country)


def _by_code(db: sqlite3.Connection, codes: Codes) -> None:
    db.execute(
        "CREATE TEMP TABLE first_level (country TEXT, code TEXT, pk INTEGER, PRIMARY KEY (country, code))"
    )
    db.executemany("INSERT OR IGNORE INTO first_level VALUES (?, ?, ?)", codes.all())
    db.execute(
        "UPDATE places SET admin1 = f.pk FROM codes AS c JOIN first_level AS f USING (country, code)"
        " WHERE places.pk = c.pk AND places.pk != f.pk"
    )


def _by_row(db: sqlite3.Connection) -> None:
    """Our polygons are coarser than our rows: a village beside one is where its row says."""
    sql = """
        SELECT p.pk, p.country, d.admin1, ifnull(p.kind, '') = 'admin1'
        FROM details AS d JOIN places AS p ON p.pk = d.pk WHERE d.admin1 IS NOT NULL"""
    rows = db.execute(sql).fetchall()
    # Joined here: in SQL every row of ours would be held against every area of the world.
    areas = {(country, name): pk for pk, country, name, is_area in rows if is_area}
    found = [(areas.get((country, name)), pk) for pk, country, name, is_area in rows if not is_area]
    db.executemany("UPDATE places SET admin1 = ? WHERE pk = ?", [each for each in found if each[0]])


def _polygons(db: sqlite3.Connection) -> dict[str, list[tuple[int, str]]]:
    """Country -> (pk, GeoJSON) of its first-level areas."""
    found: dict[str, list[tuple[int, str]]] = {}
    sql = """
        SELECT p.country, p.pk, d.geometry FROM details AS d JOIN places AS p ON p.pk = d.pk
        WHERE p.kind = 'admin1' AND d.geometry IS NOT NULL ORDER BY p.country, p.pk"""
    for country, pk, geometry in db.execute(sql):
        found.setdefault(country, []).append((pk, geometry))
    return found


def _by_polygon(db: sqlite3.Connection, country: str, areas: list[tuple[int, str]]) -> None:
    import shapely

    tree = shapely.STRtree(shapely.from_geojson([geometry for _, geometry in areas]))
    places = db.execute(f"{_PLACES} AND admin1 IS NULL", (country,)).fetchall()
    points = shapely.points([place[1:] for place in places]) if places else []
    pairs = tree.query_nearest(points, max_distance=_COARSE_EDGE_DEGREES, all_matches=False)
    found = [(areas[area][0], places[place][0]) for place, area in zip(*pairs, strict=True)]
    db.executemany("UPDATE places SET admin1 = ? WHERE pk = ?", found)


def _by_neighbour(db: sqlite3.Connection, country: str | None) -> None:
    """A place that no code and no polygon has placed: as the nearest that is placed."""
    lost = db.execute(f"{_PLACES} AND admin1 IS NULL", (country,)).fetchall()
    if not lost:
        return
    known = db.execute(
        f"{_PLACES} AND admin1 IS NOT NULL".replace("pk,", "admin1,", 1), (country,)
    ).fetchall()
    if not known:
        return
    import shapely

    tree = shapely.STRtree(shapely.points([place[1:] for place in known]))
    points = shapely.points([place[1:] for place in lost])
    pairs = tree.query_nearest(points, max_distance=_NEAREST_DEGREES, all_matches=False)
    found = [(known[near][0], lost[place][0]) for place, near in zip(*pairs, strict=True)]
    db.executemany("UPDATE places SET admin1 = ? WHERE pk = ?", found)
