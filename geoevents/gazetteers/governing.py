"""Which first-level area, such as a governorate, each place of the index lies in.

Knows polygons and how far outside them a place may lie. A code that its
source gives goes first (divisions.py). Knows nothing of names.
"""

from __future__ import annotations

import sqlite3

from geoevents.gazetteers.entries import Entry

# Our polygons are coarse: a border town may lie a little outside all of them.
_COARSE_EDGE_DEGREES = 0.1


def write_first_level(db: sqlite3.Connection, entries: dict[int, Entry]) -> None:
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
        db.executemany("UPDATE places SET admin1 = ? WHERE pk = ? AND admin1 IS NULL", found)
