"""One more event into a file, as other tools do it: appends.py KIND FILE SECONDS.

KIND is pyogrio, fiona (GDAL's append, neither of which waits for the disk) or json (all is read, and written
anew beside, synced and renamed). Writes the milliseconds of each add as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main() -> None:
    kind, path, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    add = {"pyogrio": by_pyogrio, "fiona": by_fiona, "json": by_json}[kind](path)
    taken: list[float] = []
    ends = time.monotonic() + seconds
    while not taken or (time.monotonic() < ends and len(taken) < 200):
        start = time.perf_counter()
        add()
        taken.append((time.perf_counter() - start) * 1_000)
    json.dump(taken, sys.stdout)


def by_pyogrio(path: Path) -> Callable[[], object]:
    import pyogrio

    one = pyogrio.read_dataframe(path, max_features=1)
    return lambda: pyogrio.write_dataframe(one, path, driver="GeoJSON", append=True)


def by_fiona(path: Path) -> Callable[[], object]:
    import fiona

    with fiona.open(path) as file:
        schema, crs, one = file.schema, file.crs, next(iter(file))

    def add() -> None:
        with fiona.open(path, "a", driver="GeoJSON", schema=schema, crs=crs) as file:
            file.write(one)

    return add


def by_json(path: Path) -> Callable[[], object]:
    def add() -> None:
        collection = json.loads(path.read_text("utf-8"))
        collection["features"].append(collection["features"][0])
        beside = path.with_suffix(".next")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(collection, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    return add


if __name__ == "__main__":
    main()
