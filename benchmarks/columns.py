"""What it costs to look at many events: the first question, filters, pages, counts, words, downloads, memory.

    python -m benchmarks.columns [--folder FOLDER] [SIZE...]

Prints Markdown. Stores of varied events (varied.py) are made in the folder, once, and left there if one is
given. Each row is measured in a process of its own, whose filters are drawn at random, none asked twice. The
peer of the download is the system's own copying of the same bytes to a pipe (sendfile).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from benchmarks.varied import fill, varied
from geoevents.errors import NotReady
from geoevents.geojson import collection_of
from geoevents.queries import EventQuery
from geoevents.stores import rows, texts
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader

SIZES = (1_000, 100_000, 1_000_000)
QUESTIONS = 200
_TYPES = ("battles", "protests", "riots", "statements")
_WORDS = ("prison", "town 77", "report 12345", "عائلات", "closed")


def questions(chance: Random) -> Iterator[EventQuery]:
    """A box of two degrees, a type, and the days from one on, 50 a page."""
    while True:
        west, south = chance.uniform(35, 43), chance.uniform(32, 36)
        pairs = [
            ("bbox", f"{west:.4f},{south:.4f},{west + 2:.4f},{south + 2:.4f}"),
            ("event_type", chance.choice(_TYPES)),
            ("datetime", f"20{chance.randrange(13, 23)}-{chance.randrange(1, 13):02}-01/.."),
            ("limit", "50"),
        ]
        yield EventQuery.parse(pairs)


def milliseconds(deed: Callable[[Any], object], over: Iterable[Any]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    taken = []
    for each in over:
        start = time.perf_counter()
        deed(each)
        taken.append((time.perf_counter() - start) * 1_000)
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]


def seconds(deed: Callable[[], object]) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def measured(folder: Path) -> dict[str, str]:
    store = GeoJSONStore.open(folder / "events.geojson")
    public = PublicReader(store, cache=folder / "cache")
    public.lend_to(store.rows)
    asked = questions(Random(os.getpid()))
    found: dict[str, str] = {}

    def some() -> list[EventQuery]:
        return [next(asked) for _ in range(QUESTIONS)]

    def say(name: str, *numbers: float, unit: str) -> None:
        found[name] = " / ".join(f"{number:.2f}" for number in numbers) + f" {unit}"

    say("first question", seconds(lambda: public.select(EventQuery())), unit="s")
    say("first page", seconds(lambda: public.find(EventQuery(limit=50))), unit="s")
    say("filter", *milliseconds(public.select, some()), unit="ms")
    say("page of 50 Features", *milliseconds(public.page, some()), unit="ms")
    say("page of 50 events", *milliseconds(public.find, some()), unit="ms")
    say("counts", *milliseconds(public.tally, some()), unit="ms")
    say("download", seconds(lambda: sum(map(len, collection_of(public.chunks(EventQuery()))))), unit="s")
    say("sendfile", sendfile(folder / "events.geojson"), unit="s")
    say("memory", memory(), unit="MB")
    public.prepare_behind()
    say("words are ready", seconds(lambda: wait(public, folder)), unit="s")
    say("words", *milliseconds(lambda q: public.find(EventQuery(q=q, limit=50)), _WORDS), unit="ms")
    added = list(varied(20, first=10**8 + os.getpid() * 100))
    say(
        "an add",
        *milliseconds(lambda event: store.append(event, by="benchmark", why=None), added[:10]),
        unit="ms",
    )

    def seen(event: Any) -> None:
        store.append(event, by="benchmark", why=None)
        public.find(EventQuery(limit=50))

    say("an add, and the page that shows it", *milliseconds(seen, added[10:]), unit="ms")
    say("first question of who sees everything", seconds(lambda: store.rows.select(EventQuery())), unit="s")
    say("memory, all in", memory(), unit="MB")
    return found


def wait(public: PublicReader, folder: Path) -> None:
    is_many = len(public.select(EventQuery()).columns) > texts.FEW
    while True:
        try:
            public.find(EventQuery(q="prison", limit=1))
            if not is_many or (folder / "cache" / rows.NAME).exists():
                return
        except NotReady:
            pass
        time.sleep(0.05)


def sendfile(path: Path) -> float:
    """Seconds until the system has copied a file into a pipe that somebody empties."""
    out, into = os.pipe()

    def empty() -> None:
        while os.read(out, 1 << 20):
            pass

    reader = Thread(target=empty)
    reader.start()
    with path.open("rb") as file:
        start, left, offset = time.perf_counter(), path.stat().st_size, 0
        while left:
            sent = os.sendfile(into, file.fileno(), offset, left)
            offset, left = offset + sent, left - sent
        taken = time.perf_counter() - start
    os.close(into)
    reader.join()
    os.close(out)
    return taken


def memory() -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1_024


def in_a_process_of_its_own(folder: Path) -> dict[str, str]:
    command = [sys.executable, "-m", "benchmarks.columns", "--measure", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--folder", type=Path, help="where the stores are made and left")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        json.dump(measured(args.measure), sys.stdout)
        return
    with tempfile.TemporaryDirectory() as temporary:
        columns = {}
        for size in args.sizes:
            folder = (args.folder or Path(temporary)) / str(size)
            if not (folder / "events.geojson").exists():
                folder.mkdir(parents=True, exist_ok=True)
                fill(folder, size).close()
            (folder / "cache").mkdir(exist_ok=True)
            for path in (folder / "cache").iterdir():
                path.unlink()
            columns[f"{size:,}"] = in_a_process_of_its_own(folder)
            columns[f"{size:,}, cached"] = in_a_process_of_its_own(folder)
    names = next(iter(columns.values()))
    print("| median / 95th percentile | " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for name in names:
        print(f"| {name} | " + " | ".join(found[name] for found in columns.values()) + " |")


if __name__ == "__main__":
    main()
