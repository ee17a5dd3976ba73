"""Which server runs the app: tiles and 304s by sixteen connections, five hundred slow ones, memory."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager

from benchmarks.speed.events import Events
from benchmarks.speed.kept import Kept, Numbers
from benchmarks.speed.load import answer, ask
from benchmarks.speed.processes import Server, free_port, megabytes, running
from benchmarks.speed.questions import tiles
from benchmarks.speed.servers import ROOT, Bench, our_environment
from benchmarks.speed.slow import OPENINGS, answered
from benchmarks.speed.tables import brief, table, times

NAME = "servers"
TITLE = "Which server runs the app"
TODAY, EARLY = "geoevents serve (waitress)", "geoevents serve, tiles before Flask"
GUNICORN, GRANIAN = "gunicorn, gthread", "granian"
WHOS = (TODAY, EARLY, GUNICORN, GRANIAN)
MOST: dict[str, int] = {}
SIZES = (10_000,)
CONNECTIONS, THREADS = 16, 16


def measure(who: str, size: int, bench: Bench) -> Numbers:
    made = bench.events(size)
    found: Numbers = {}
    with _running(who, made, bench) as server:
        where = (f"/tiles/{z}/{x}/{y}.json" for z, x, y in tiles(made, 11))
        ask(server.port, where, most=50).must_be(200)
        for name, paths, headers in (
            ("tiles", where, {}),
            ("304", iter(lambda: "/tiles/5/19/12.json", ""), {"If_None_Match": _tag(server.port)}),
            ("revision", iter(lambda: "/revision", ""), {}),
        ):
            before = server.worked()
            told = ask(server.port, paths, seconds=bench.seconds, connections=CONNECTIONS, **headers)
            told.must_be(304 if headers else 200)
            worked = (server.worked() - before) / len(told.taken)
            found |= {f"{name} {key}": told.numbers()[key] for key in ("rate", "p50", "p99")}
            found[f"{name} worked"] = worked
        found["memory"] = megabytes(server)
        found |= {opening: answered(server.port, said) for opening, said in OPENINGS.items()}
    return found


def _tag(port: int) -> str:
    lines = answer(port, "/tiles/5/19/12.json")[1].decode("latin-1").split("\r\n")
    return next(line.partition(":")[2].strip() for line in lines if line.lower().startswith("etag:"))


def _running(who: str, made: Events, bench: Bench) -> AbstractContextManager[Server]:
    if who == TODAY:
        return bench.ours(made)
    port, python = free_port(), sys.executable
    packages = bench.environment("servers").packages
    commands = {
        EARLY: [python, "-m", "benchmarks.speed.app", str(port)],
        GUNICORN: [
            python, "-m", "gunicorn", "-k", "gthread", "-w", "1", "--threads", str(THREADS), "-b",
            f"127.0.0.1:{port}", "--worker-connections", "2000", "--keep-alive", "30",
            "benchmarks.speed.app:make()",
        ],
        GRANIAN: [
            python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--blocking-threads", str(THREADS), "--factory", "benchmarks.speed.app:make",
        ],
    }  # fmt: skip
    told = our_environment(made) | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(packages)))}
    return running(
        commands[who], port=port, path="/healthz", log=bench.log(who.partition(",")[0]), environment=told
    )


def tables(kept: Kept) -> Iterator[str]:
    for size in kept.sizes(NAME):
        found = [(who, kept.get(NAME, who, size)) for who in WHOS if kept.get(NAME, who, size)]
        yield f"{CONNECTIONS} connections, {size:,} events: answers a second, ms p50 / p99, processor\n"
        yield from table(
            ("", "tiles", "304s of one tile", "/revision", "MB"),
            [[who, *(_cell(n, name) for name in ("tiles", "304", "revision")), brief(n["memory"])]
             for who, n in found],
        )  # fmt: skip
        yield "\nOf 20 requests beside 500 slow connections, answered within a second; the longest:\n"
        yield from table(("", *OPENINGS), [[who, *(n[name] for name in OPENINGS)] for who, n in found])


def _cell(numbers: Numbers, name: str) -> str:
    rate, p50, p99, worked = (numbers[f"{name} {key}"] for key in ("rate", "p50", "p99", "worked"))
    return f"{rate:,.0f}, {brief(p50)} / {brief(p99)}, {brief(worked)}"


def goals(kept: Kept) -> Iterator[tuple[str, str, str]]:
    for size in kept.sizes(NAME):
        early, today = (kept.get(NAME, who, size) for who in (EARLY, TODAY))
        for name in ("tiles", "304") if early and today else ():
            rate = times(early[f"{name} rate"] / today[f"{name} rate"])
            worked = times(today[f"{name} worked"] / early[f"{name} worked"])
            what = f"{name} before Flask's routing: requests a second, by the processor's time"
            yield what, f"{rate}, {worked}", "5 x, else not worth it"


def short(kept: Kept) -> Iterator[tuple[str, str, str]]:
    return iter(())
