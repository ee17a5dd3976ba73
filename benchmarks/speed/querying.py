"""A filtered question over HTTP: a box, a type and a stretch of days, the first 50 Features."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice

from benchmarks.speed.events import Events
from benchmarks.speed.kept import Kept, Numbers
from benchmarks.speed.load import ask
from benchmarks.speed.processes import Server
from benchmarks.speed.questions import Question, paths, questions
from benchmarks.speed.servers import Bench
from benchmarks.speed.tables import OURS, beside, brief, by_size, ratio, times

NAME = "queries"
TITLE = "Filtered questions over HTTP"
CONNECTIONS = 16
CHECKED = 20
TIPG, ON_POSTGIS, ON_FILE, DATASETTE = (
    "tipg",
    "pygeoapi on PostGIS",
    "pygeoapi on its GeoJSON file",
    "datasette",
)
WHOS = (OURS, TIPG, ON_POSTGIS, ON_FILE, DATASETTE)
# It reads the whole file for each answer: with a million events that is a minute, and gigabytes.
MOST = {ON_FILE: 100_000}

Asked = tuple[AbstractContextManager[Server], Callable[[Question], str]]


def measure(who: str, size: int, bench: Bench) -> Numbers:
    made = bench.events(size)
    serving, path_of = _asked(who, made, bench)
    with serving as server:
        ask(server.port, paths(path_of, 1), most=5).must_be(200)
        alone = ask(server.port, paths(path_of, 2), seconds=bench.seconds).must_be(200)
        before = server.worked()
        many = ask(server.port, paths(path_of, 3), seconds=bench.seconds, connections=CONNECTIONS)
        worked = (server.worked() - before) / len(many.taken)
        exact = _exact(server.port, path_of, made) if who != DATASETTE else None
    rate = many.must_be(200).rate
    return {**alone.numbers(), "rate": rate, "busy p50": many.median, "worked": worked, "exact": exact}


def _asked(who: str, made: Events, bench: Bench) -> Asked:
    if who == OURS:
        return bench.ours(made), Question.ours
    if who == TIPG:
        return bench.tipg(made), lambda question: question.tipg(made.size)
    if who == DATASETTE:
        return bench.datasette(made), Question.datasette
    on = "postgis" if who == ON_POSTGIS else "geojson"
    return bench.pygeoapi(made, on=on), Question.pygeoapi


def _exact(port: int, path_of: Callable[[Question], str], made: Events) -> str:
    """How many of some questions find as many points as looking at each Feature does."""
    asked = list(islice(questions(4, limit=2_000), CHECKED))
    features = [json.loads(line) for line in islice(made.lines(), 10**5)]
    if len(features) < made.size:
        return ""
    points = [feature for feature in features if feature["geometry"]["type"] == "Point"]
    right = 0
    for question in asked:
        found = _features(port, path_of(question))
        wanted = {feature["id"] for feature in points if question.finds(feature)}
        got = {str(each["id"]) for each in found if each["geometry"]["type"] == "Point"}
        right += got == wanted or (len(wanted) > len(got) == 2_000)
    return f"{right} of {CHECKED}"


def _features(port: int, path: str) -> Iterator[dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    found = json.loads(connection.getresponse().read())["features"]
    connection.close()
    return found


def tables(kept: Kept) -> Iterator[str]:
    yield "Milliseconds, median and 95th percentile, asked one after the other:\n"
    yield from by_size(kept, NAME, lambda n: f"{brief(n['p50'])} / {brief(n['p95'])}", whos=WHOS)
    yield f"\nRequests a second, {CONNECTIONS} connections:\n"
    yield from by_size(
        kept, NAME, lambda n: f"{n['rate']:,.0f}" if n["rate"] > 10 else brief(n["rate"]), whos=WHOS
    )
    yield "\nMilliseconds of the processor for each of these, the database's counted in:\n"
    yield from by_size(kept, NAME, lambda n: brief(n["worked"]), whos=WHOS)
    yield "\nQuestions whose points are those that brute force finds:\n"
    yield from by_size(kept, NAME, lambda n: n["exact"] or "", whos=WHOS)


def goals(kept: Kept) -> Iterator[tuple[str, str, str]]:
    for size in kept.sizes(NAME):
        for who, least in ((TIPG, 10), (ON_POSTGIS, 20)):
            rate, p50 = (ratio(kept, NAME, key, to=who, size=size) for key in ("rate", "p50"))
            if rate and p50:
                what = f"filtered question, {size:,} events: requests a second and p50 beside {who}"
                yield what, f"{times(1 / rate)} and {times(p50)}", f"{least} x"


def short(kept: Kept) -> Iterator[tuple[str, str, str]]:
    yield from beside(kept, NAME, "filtered question over HTTP, p50 in ms", lambda n: brief(n["p50"]), WHOS)
    yield from beside(kept, NAME, "requests a second", lambda n: brief(n["rate"]), WHOS)
