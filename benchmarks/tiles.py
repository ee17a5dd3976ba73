"""What a tile of the map costs, from a thousand events to a million.

    python benchmarks/tiles.py [--sizes 1000 100000 1000000] [--tiles 400] [--folder FOLDER]

Prints Markdown. The claim: a tile costs the same however many events there are. Tiles are drawn at random: a
zoom, then an event, then the tile it stands in; questions too (types, some days). "known" tiles are of
questions of which other tiles were asked before; "first" are of new questions. What the processor spent is
printed beside what it took: on a busy machine the latter says more of the machine.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from geoevents.cartography.tiles import LAST_ZOOM, MapTiles
from geoevents.events import new_id
from geoevents.geojson import event_from_feature
from geoevents.queries import EventQuery
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from geoevents.times import Interval

import many_events  # isort: skip

QUESTIONS = 8
FIRSTS = 40
ADDS = 20


def questions(chance: Random) -> Iterator[EventQuery]:
    """Never the same twice."""
    asked = set()
    while True:
        first = many_events.FIRST_DAY + timedelta(days=chance.randrange(many_events.DAYS))
        days = Interval(first, first + timedelta(days=chance.randrange(30, many_events.DAYS)))
        types = tuple(sorted(chance.sample(list(many_events.TYPES), chance.randrange(0, 5))))
        query = EventQuery(event_types=types, interval=days)
        if query.canonical() not in asked:
            asked.add(query.canonical())
            yield query


def tiles(chance: Random, lons: list[float], lats: list[float]) -> Iterator[tuple[int, int, int]]:
    while True:
        z, number = chance.randrange(LAST_ZOOM + 1), chance.randrange(len(lons))
        sine = math.sin(math.radians(lats[number]))
        down = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
        yield z, int((lons[number] + 180) / 360 * 2**z), int(down * 2**z)


def milliseconds(deed: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of the processor."""
    start, spent = time.perf_counter(), time.thread_time()
    deed()
    return (time.perf_counter() - start) * 1_000, (time.thread_time() - spent) * 1_000


def spread(taken: list[tuple[float, float]]) -> str:
    return " | ".join(_spread(sorted(each)) for each in zip(*taken, strict=True))


def _spread(taken: list[float]) -> str:
    p50, p99 = (taken[min(len(taken) - 1, int(len(taken) * part))] for part in (0.5, 0.99))
    return f"{p50:.2f} | {p99:.2f} | {taken[-1]:.2f}"


def measure(size: int, count: int, folder: Path) -> None:
    chance = Random(7)
    path = many_events.write(folder, size)
    opening = time.perf_counter()
    store = GeoJSONStore.open(path)
    reader, cut = PublicReader(store), MapTiles()
    everything = EventQuery()
    selection = reader.select(everything)
    opened = time.perf_counter() - opening
    columns = selection.columns
    points = selection.rows[~(columns.lon[selection.rows] != columns.lon[selection.rows])]
    sample = points[:: max(1, len(points) // 5_000)]
    where = tiles(chance, columns.lon[sample].tolist(), columns.lat[sample].tolist())
    (drawn, _) = milliseconds(lambda: cut.of(reader, everything).json(0, 0, 0))
    print(f"\n{size:,} events: store and columns {opened:.2f} s, sorting, first tile {drawn / 1_000:.2f} s\n")
    print("| tiles, ms | p50 | p99 | most | processor p50 | p99 | most |\n|---|---|---|---|---|---|---|")

    def one(query: EventQuery) -> tuple[float, float]:
        tile = next(where)
        return milliseconds(lambda: cut.of(reader, query).json(*tile))

    print(f"| no filter | {spread([one(everything) for _ in range(count)])} |")
    asked = questions(chance)
    known = [next(asked) for _ in range(QUESTIONS)]
    for query in known:
        one(query)
    print(f"| known filter | {spread([one(chance.choice(known)) for _ in range(count)])} |")
    print(f"| first of a new filter | {spread([one(next(asked)) for _ in range(FIRSTS)])} |")
    line = next(iter(reader.lines(selection, points[:1])))
    event = event_from_feature(json.loads(line))
    after = []
    for _ in range(ADDS):
        store.append(replace(event, id=new_id()), by="benchmark", why=None)
        after.append(one(everything))
    print(f"| first after an add | {spread(after)} |")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024
    print(f"\nMost memory of the process so far: {most} MB", flush=True)
    store.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--tiles", type=int, default=400)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    for size in given.sizes:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            measure(size, given.tiles, Path(folder))


if __name__ == "__main__":
    main()
