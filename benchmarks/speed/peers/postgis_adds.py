"""Adds to a table of PostGIS, each its own transaction: postgis_adds.py URL TABLE THREADS SECONDS.

Reads a Feature from standard input. Writes the milliseconds of each, and the seconds of all, as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

import psycopg


def main() -> None:
    url, table, threads, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    feature = json.load(sys.stdin)
    taken: list[float] = []
    workers = [
        threading.Thread(target=work, args=(url, table, feature, number, seconds, taken))
        for number in range(threads)
    ]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    spent = time.perf_counter() - start
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DELETE FROM {table} WHERE id LIKE 'added-%'")
    json.dump({"taken": taken, "seconds": spent}, sys.stdout)


def work(
    url: str, table: str, feature: dict[str, Any], number: int, seconds: float, taken: list[float]
) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(f"SELECT * FROM {table} LIMIT 0").description or []
        names = [column.name for column in found]
        places = {"geom": "ST_SetSRID(ST_GeomFromGeoJSON(%s), 4326)"}
        values = ", ".join(places.get(name, "%s") for name in names)
        sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"
        told = feature["properties"]
        row = {**told, "geom": json.dumps(feature["geometry"])}
        row["more"] = json.dumps({name: value for name, value in told.items() if name not in names})
        ends, count = time.monotonic() + seconds, 0
        while time.monotonic() < ends:
            row["id"], count = f"added-{number}-{count}", count + 1
            start = time.perf_counter()
            connection.execute(sql, [row[name] for name in names], prepare=True)
            taken.append((time.perf_counter() - start) * 1_000)


if __name__ == "__main__":
    main()
