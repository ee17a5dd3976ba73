"""Tiles of the map in the running app, at every zoom: without a filter, with a known one, with a new one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from itertools import islice
from random import Random
from urllib.parse import quote

from benchmarks.speed.environments import PEERS
from benchmarks.speed.events import Events
from benchmarks.speed.kept import Kept, Numbers
from benchmarks.speed.load import Answers, ask
from benchmarks.speed.questions import Question, questions, tiles
from benchmarks.speed.servers import Bench
from benchmarks.speed.tables import OURS, beside, brief, by_size, ratio, times

NAME = "tiles"
TITLE = "Tiles"
POSTGIS, TIPG = "PostGIS, ST_AsMVT", "tipg"
WHOS = (OURS, POSTGIS, TIPG)
MOST: dict[str, int] = {}
CONNECTIONS = 16
KNOWN = 8
WAYS = {
    "": "Without a filter",
    "known ": "A filter asked before, on another tile",
    "first ": "The first tile of a new filter",
}


def measure(who: str, size: int, bench: Bench) -> Numbers:
    made = bench.events(size)
    if who == OURS:
        return _ours(made, bench)
    if who == TIPG:
        with bench.tipg(made) as server:
            table = bench.postgis.table(made)
            paths = (
                f"/collections/public.{table}/tiles/WebMercatorQuad/{z}/{x}/{y}" for z, x, y in tiles(made, 1)
            )
            return ask(server.port, paths, seconds=2 * bench.seconds).must_be(200, 204).numbers()
    return _in_postgis(made, bench)


def _ours(made: Events, bench: Bench) -> Numbers:
    with bench.ours(made) as server:
        where = (f"/tiles/{z}/{x}/{y}.json" for z, x, y in tiles(made, 1))
        ask(server.port, where, most=5).must_be(200)
        plain = ask(server.port, where, seconds=bench.seconds, most=2_000).must_be(200)
        known, chance = [_filter(question) for question in islice(questions(5), KNOWN)], Random(6)
        ask(server.port, (f"{next(where)}?{asked}" for asked in known)).must_be(200)
        asked_before = (f"{path}?{chance.choice(known)}" for path in where)
        filtered = ask(server.port, asked_before, seconds=bench.seconds, most=2_000).must_be(200)
        new = (f"{path}?{_filter(question)}" for path, question in zip(where, questions(7), strict=False))
        first = ask(server.port, new, seconds=bench.seconds, most=200).must_be(200)
        before = server.worked()
        again = (f"/tiles/{z}/{x}/{y}.json" for z, x, y in tiles(made, 8))
        many = ask(server.port, again, seconds=bench.seconds, connections=CONNECTIONS).must_be(200)
        worked = (server.worked() - before) / len(many.taken)
    found: Numbers = {"rate": many.rate, "worked": worked, "bytes": plain.size / len(plain.taken)}
    for way, answers in zip(WAYS, (plain, filtered, first), strict=True):
        found |= {f"{way}{name}": value for name, value in _spread(answers).items()}
    return found


def _filter(question: Question) -> str:
    """A type and a stretch of days: a map's own filters."""
    return f"event_type={question.event_type}&datetime={quote(f'{question.first}/{question.last}')}"


def _spread(answers: Answers) -> Numbers:
    return {name: answers.numbers()[name] for name in ("p50", "p99", "most", "count")}


def _in_postgis(made: Events, bench: Bench) -> Numbers:
    """By a client in its own language, with no server between."""
    table = bench.postgis.table(made)
    python = bench.environment("postgis").program("python")
    asked = json.dumps(list(islice(tiles(made, 1), 2_000)))
    seconds = str(2 * bench.seconds)
    done = subprocess.run(
        [python, PEERS / "postgis_tiles.py", bench.postgis.url, table, seconds],
        input=asked, capture_output=True, text=True, check=True,
    )  # fmt: skip
    taken = json.loads(done.stdout)
    return Answers(seconds=sum(taken) / 1_000, taken=taken).numbers()


def tables(kept: Kept) -> Iterator[str]:
    for way, said in WAYS.items():
        yield f"{said}, milliseconds, median / 99th percentile:\n"
        yield from by_size(kept, NAME, lambda n, way=way: _pair(n, way), whos=WHOS)
        yield ""
    yield f"Without a filter, {CONNECTIONS} connections, requests a second / ms of the processor each:\n"
    yield from by_size(kept, NAME, lambda n: f"{n['rate']:,.0f} / {brief(n['worked'])}", whos=(OURS,))


def _pair(numbers: Numbers, way: str) -> str:
    return f"{brief(numbers[way + 'p50'])} / {brief(numbers[way + 'p99'])}"


def goals(kept: Kept) -> Iterator[tuple[str, str, str]]:
    for size in kept.sizes(NAME):
        found = kept.get(NAME, OURS, size)
        if found:
            what = f"tile in the running app, {size:,} events, ms: p50 / p99"
            yield f"{what}, filter asked before", _pair(found, "known "), "2 / 10"
            yield f"{what}, new filter", _pair(found, "first "), "40"
        if beside_it := ratio(kept, NAME, "p50", to=POSTGIS, size=size):
            yield f"tile, {size:,} events: p50 beside {POSTGIS}", times(beside_it), "–"


def short(kept: Kept) -> Iterator[tuple[str, str, str]]:
    for size in (100_000, 1_000_000):
        yield from beside(kept, NAME, "tile, ms, p50 / p99", lambda n: _pair(n, ""), WHOS, size=size)
