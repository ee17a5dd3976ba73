"""One more event: until it is safe on disk, until it is seen; beside what no store can save, and others."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.speed.environments import PEERS
from benchmarks.speed.events import Events
from benchmarks.speed.kept import Kept, Numbers
from benchmarks.speed.load import Answers
from benchmarks.speed.processes import Server
from benchmarks.speed.questions import LAST_ZOOM, tile_of
from benchmarks.speed.servers import Bench
from benchmarks.speed.tables import OURS, beside, brief, by_size, ratio, times
from geoevents.events import Event, new_id
from geoevents.geojson import event_from_feature, feature_line
from geoevents.stores.geojson_store import GeoJSONStore

NAME = "adds"
TITLE = "Adds"
PYOGRIO, FIONA = "GDAL's append, by pyogrio", "GDAL's append, by fiona"
REWRITTEN = "JSON read and written anew"
POSTGIS = "PostGIS"
KINDS = {PYOGRIO: "pyogrio", FIONA: "fiona", REWRITTEN: "json"}
WHOS = (OURS, *KINDS, POSTGIS)
# A million events as objects of Python take ten gigabytes.
MOST = {REWRITTEN: 100_000}
ADDS, SEEN, THREADS = 200, 10, 16
# What `geoevents serve` lets the collection lag behind.
LAG_S = 5.0
AT = (40.123, 36.321)


def measure(who: str, size: int, bench: Bench) -> Numbers:
    made = bench.events(size)
    if who == POSTGIS:
        return _in_postgis(made, bench)
    with made.copied() as own:
        return _ours(own, bench) if who == OURS else _into_a_file(KINDS[who], own, bench)


def _ours(own: Events, bench: Bench) -> Numbers:
    first = event_from_feature(json.loads(next(own.lines())))
    store = GeoJSONStore.open(own.collection, lag=LAG_S, cache=own.folder / "cache")
    raw = os.open(own.folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append(event: Event) -> None:
        os.write(raw, feature_line(event) + b"\n")
        os.fdatasync(raw)

    add = partial(store.append, by="benchmark", why=None)
    found: dict[str, list[float]] = {"raw": [], "p50": []}
    # In turns: what else the disk has to do comes to both alike.
    for _ in range(ADDS):
        event = replace(first, id=new_id())
        found["raw"].append(_milliseconds(append, event))
        found["p50"].append(_milliseconds(add, event))
    numbers = {name: statistics.median(taken) for name, taken in found.items()}
    numbers["p95"] = sorted(found["p50"])[int(ADDS * 0.95)]
    events = [replace(first, id=new_id()) for _ in range(10 * ADDS)]
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add, events))
    numbers["together"] = len(events) / (time.perf_counter() - start)
    store.close()
    with bench.ours(own) as server:
        waits = [_seen(server, number) for number in range(SEEN)]
    for name, each in zip(("acknowledged", "seen"), zip(*waits, strict=True), strict=True):
        numbers[name] = statistics.median(each)
    return numbers


def _milliseconds(deed: Any, event: Event) -> float:
    start = time.perf_counter()
    deed(event)
    return (time.perf_counter() - start) * 1_000


def _seen(server: Server, number: int) -> tuple[float, float]:
    """Milliseconds until an add over HTTP is acknowledged; and from then until list and tile have it."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    z, x, y = tile_of(*AT, LAST_ZOOM)
    told = {
        "title": f"Added while it is measured, number {number}", "event_type": "protests",
        "date_start": datetime.now(UTC).date().isoformat(), "geo_precision": "site",
        "sources": [{"publisher": "The Daily"}],
    }  # fmt: skip
    point = {"type": "Point", "coordinates": [AT[0] + number / 1_000, AT[1]]}
    body = json.dumps({"type": "Feature", "geometry": point, "properties": told})
    start = time.perf_counter()
    connection.request("POST", "/events", body, {"Content-Type": "application/geo+json"})
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 201:
        raise RuntimeError(said.decode()[:300])
    acknowledged = time.perf_counter()
    marked = told["title"].encode()
    z, x, y = tile_of(*point["coordinates"], LAST_ZOOM)
    for path in ("/events?lang=en", f"/tiles/{z}/{x}/{y}.json"):
        while marked not in _read(connection, path):
            time.sleep(0.001)
    return (acknowledged - start) * 1_000, (time.perf_counter() - acknowledged) * 1_000


def _read(connection: HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    return connection.getresponse().read()


def _into_a_file(kind: str, own: Events, bench: Bench) -> Numbers:
    python = bench.environment("tables").program("python")
    return _spread(_told([python, PEERS / "appends.py", kind, own.collection, bench.seconds], ""))


def _in_postgis(made: Events, bench: Bench) -> Numbers:
    python, table = bench.environment("postgis").program("python"), bench.postgis.table(made)
    feature = next(made.lines()).decode()

    def added(threads: int) -> Any:
        command = [python, PEERS / "postgis_adds.py", bench.postgis.url, table, threads, bench.seconds]
        return _told(command, feature)

    numbers, many = _spread(added(1)["taken"]), added(THREADS)
    return {**numbers, "together": len(many["taken"]) / many["seconds"]}


def _spread(taken: list[float]) -> Numbers:
    answers = Answers(taken=taken)
    return {"p50": answers.median, "p95": answers.part(0.95)}


def _told(command: list[str | Path | float], said: str) -> Any:
    words = [str(word) for word in command]
    done = subprocess.run(words, input=said, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-300:])
    return json.loads(done.stdout)


def tables(kept: Kept) -> Iterator[str]:
    yield "Milliseconds of one add, median / 95th percentile:\n"
    yield from by_size(kept, NAME, lambda n: f"{brief(n['p50'])} / {brief(n['p95'])}", whos=WHOS)
    yield "\nOurs beside appending the same bytes to a file and waiting for the disk (fdatasync), in turns:\n"
    yield from by_size(
        kept, NAME, lambda n: f"{brief(n['raw'])} ms, {times(n['p50'] / n['raw'])}", whos=(OURS,)
    )
    yield f"\nAdds a second, {THREADS} threads:\n"
    yield from by_size(kept, NAME, lambda n: f"{n['together']:,.0f}", whos=WHOS)
    yield "\nOver HTTP, ms until it is acknowledged / from then until the list and the tile have it:\n"
    yield from by_size(kept, NAME, lambda n: f"{brief(n['acknowledged'])} / {brief(n['seen'])}", whos=(OURS,))


def goals(kept: Kept) -> Iterator[tuple[str, str, str]]:
    for size in kept.sizes(NAME):
        if ours := kept.get(NAME, OURS, size):
            what = f"add to {size:,} events"
            yield f"{what}: beside append and fdatasync", f"{ours['p50'] / ours['raw']:.2f} x", "1.5 x"
            yield f"{what}: ms from acknowledged to seen in list and tile", brief(ours["seen"]), "100"
        if beside_it := ratio(kept, NAME, "together", to=POSTGIS, size=size):
            yield (
                f"adds to {size:,} events by {THREADS} threads: beside {POSTGIS}",
                times(1 / beside_it),
                "3 x",
            )


def short(kept: Kept) -> Iterator[tuple[str, str, str]]:
    yield from beside(kept, NAME, "add, ms", lambda n: brief(n["p50"]), WHOS)
    yield from beside(
        kept, NAME, f"adds a second, {THREADS} threads", lambda n: f"{n['together']:,.0f}", WHOS
    )
