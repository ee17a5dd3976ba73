"""From nothing to the first answers, and the memory it takes; of us first without any cache, then with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.speed import downloading, querying
from benchmarks.speed.events import Events
from benchmarks.speed.kept import Kept, Numbers
from benchmarks.speed.load import answer
from benchmarks.speed.processes import Server, megabytes
from benchmarks.speed.questions import questions
from benchmarks.speed.servers import Bench
from benchmarks.speed.tables import OURS, beside, brief, by_size

NAME = "starts"
TITLE = "Starting, and memory"
AGAIN = "geoevents, with its cache"
TIPG, ON_FILE, DATASETTE = querying.TIPG, querying.ON_FILE, querying.DATASETTE
WHOS = (OURS, AGAIN, TIPG, ON_FILE, DATASETTE)
MOST = querying.MOST
WORDS = "/events.geojson?limit=1&q=prison"
MOST_SECONDS = 600.0
HELPS = 5


def measure(who: str, size: int, bench: Bench) -> Numbers:
    made = bench.events(size)
    if who == OURS:
        shutil.rmtree(made.folder / "cache", ignore_errors=True)
    serving, path = _serving(who, made, bench)
    start = time.monotonic()
    with serving as server:
        found: Numbers = {"answers": time.monotonic() - start}
        _must(server, path)
        found["filters"] = time.monotonic() - start
        if who in (OURS, AGAIN):
            _must(server, "/tiles/0/0/0.json")
            found["map"] = time.monotonic() - start
            _wait_for_words(server)
            found["words"] = time.monotonic() - start
            found["help"] = min(_help() for _ in range(HELPS))
        found["memory"], found["most"] = megabytes(server), megabytes(server, "VmHWM")
        found["own"] = megabytes(server, "RssAnon")
    return found


def _serving(who: str, made: Events, bench: Bench) -> tuple[AbstractContextManager[Server], str]:
    """What starts it, once what it stands on is there; and a filtered question."""
    question = next(questions(12))
    if who == TIPG:
        bench.postgis.table(made)
        return bench.tipg(made), question.tipg(made.size)
    if who == DATASETTE:
        with bench.datasette(made):
            return bench.datasette(made), question.datasette()
    if who == ON_FILE:
        return bench.pygeoapi(made, on="geojson"), question.pygeoapi()
    return bench.ours(made), question.ours()


def _must(server: Server, path: str) -> None:
    status = answer(server.port, path)[0]
    if status != 200:
        raise RuntimeError(f"{path} is answered with {status}")


def _wait_for_words(server: Server) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while (status := answer(server.port, WORDS)[0]) != 200:
        if status != 503 or time.monotonic() > deadline:
            raise RuntimeError(f"words are answered with {status}")
        time.sleep(0.05)


def _help() -> float:
    """Milliseconds."""
    start = time.perf_counter()
    subprocess.run(
        [Path(sys.executable).with_name("geoevents"), "--help"], check=True, stdout=subprocess.DEVNULL
    )
    return (time.perf_counter() - start) * 1_000


def tables(kept: Kept) -> Iterator[str]:
    shown: dict[str, Callable[[Numbers], str]] = {
        "Seconds until a filtered question is answered": lambda n: brief(n["filters"]),
        "Seconds until the map's first tile / until words can be searched": lambda n: (
            f"{brief(n['map'])} / {brief(n['words'])}"
        ),
        "MB of memory of all its processes: then / the most there was / without files it maps": lambda n: (
            f"{n['memory']:,.0f} / {n['most']:,.0f} / {n['own']:,.0f}"
        ),
    }
    for said, cell in shown.items():
        yield f"{said}:\n"
        yield from by_size(kept, NAME, cell, whos=WHOS)
        yield ""
    yield "`geopandas.read_file`, seconds / MB at most (with what was then done to it):\n"
    yield from by_size(
        kept,
        downloading.NAME,
        lambda n: f"{brief(n['read'])} / {n['memory']:,.0f}",
        whos=(downloading.GEOPANDAS,),
    )


def goals(kept: Kept) -> Iterator[tuple[str, str, str]]:
    for size in kept.sizes(NAME):
        what = f"start with {size:,} events"
        for who, most in ((OURS, "6"), (AGAIN, "1")):
            if found := kept.get(NAME, who, size):
                said = "cold" if who == OURS else "with its cache"
                yield f"{what}, {said}: s until map and filters", brief(found["map"]), most
                yield f"{what}, {said}: MB of memory at most", f"{found['most']:,.0f}", "600"
    helps = [kept.get(NAME, OURS, size).get("help") for size in kept.sizes(NAME)]
    if found := [each for each in helps if each]:
        yield f"`geoevents --help`, ms, best of {HELPS}", brief(min(found)), "100"


def short(kept: Kept) -> Iterator[tuple[str, str, str]]:
    yield from beside(
        kept, NAME, "start, s / MB of memory", lambda n: f"{brief(n['filters'])} / {n['memory']:,.0f}", WHOS
    )
