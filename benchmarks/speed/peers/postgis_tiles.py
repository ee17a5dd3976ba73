"""Tiles by ST_AsMVT, as PostGIS' manual has them.

postgis_tiles.py URL TABLE SECONDS reads tiles from standard input, a list of z, x, y, and writes the
milliseconds of each, as JSON. A tile that was begun is waited for.
"""

from __future__ import annotations

import json
import sys
import time

import psycopg

TILE = """
SELECT ST_AsMVT(tile, 'events') FROM (
    SELECT id, title, event_type, date_start,
           ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s)) AS geom
    FROM {table}
    WHERE geom && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4326)
) AS tile
"""


def main() -> None:
    url, table, seconds = sys.argv[1:]
    taken: list[float] = []
    with psycopg.connect(url, autocommit=True) as connection:
        ends = time.monotonic() + float(seconds)
        for z, x, y in json.load(sys.stdin):
            start = time.perf_counter()
            connection.execute(TILE.format(table=table), {"z": z, "x": x, "y": y}).fetchall()
            taken.append((time.perf_counter() - start) * 1_000)
            if time.monotonic() > ends:
                break
    json.dump(taken, sys.stdout)


if __name__ == "__main__":
    main()
