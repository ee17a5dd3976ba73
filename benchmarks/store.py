"""What keeping an event costs, and opening what was kept, from a thousand events to a million.

    python benchmarks/store.py [--quick] [--folder FOLDER]

Prints Markdown. The claim: an add costs the same however much is there, at most half more than what no
store can save: appending the bytes to a file and waiting for the disk (fdatasync). That is the peer, in the
same run and folder; another is a row in SQLite (write-ahead log, synchronous=FULL). Many at once share one
wait. Opening and memory are measured in a process of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from geoevents.events import Event, Status, new_id
from geoevents.geojson import feature_line
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.queries import EventQuery
from geoevents.sources import Source
from geoevents.stores import collection
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.layout import Layout
from geoevents.stores.public import PublicReader
from geoevents.stores.records import Record
from geoevents.times import instant

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ADDS = 200
THREADS = 16
# As `geoevents serve` opens it.
LAG_S = 5.0
NOW = datetime(2022, 2, 1, tzinfo=UTC)


def an_event(number: int) -> Event:
    """About 1.4 kB, as an event of a report is."""
    return Event(
        id=new_id(),
        title=f"Report {number}: shots are heard near the prison gate",
        description="Residents say that the shooting began after midnight and went on until the morning.",
        event_type="battles",
        date_start=date(2020, 1, 1) + timedelta(days=number % 1_000),
        geometry=Geometry.point(40 + number % 97 / 50, 36 + number % 89 / 50),
        geo_precision=GeoPrecision.SETTLEMENT,
        uncertainty_m=3_000,
        geo_method="typed",
        sources=(
            Source(publisher="The Daily", url=f"https://example.org/{number}", quote="Shots were heard."),
        ),
        status=Status.PUBLISHED,
        created=NOW,
        updated=NOW,
    )


def milliseconds(deed: Callable[[Event], object], events: Iterator[Event]) -> list[float]:
    taken = []
    for event in events:
        start = time.perf_counter()
        deed(event)
        taken.append((time.perf_counter() - start) * 1_000)
    return sorted(taken)


def raw_append(path: Path) -> Callable[[Event], object]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append(event: Event) -> None:
        os.write(descriptor, feature_line(event) + b"\n")
        os.fdatasync(descriptor)

    return append


def sqlite_row(path: Path) -> Callable[[Event], object]:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE events (id TEXT PRIMARY KEY, feature BLOB)")
    return lambda event: database.execute("INSERT INTO events VALUES (?, ?)", (event.id, feature_line(event)))


def fill(path: Path, size: int) -> None:
    """The files of a store, as it would write them for so many adds, with lines of a thousand events."""
    layout = Layout.of(path)
    layout.make_folders()
    samples = [an_event(number) for number in range(1_000)]
    lines = [(event.id.encode(), feature_line(event)) for event in samples]
    before = collection.HEAD + b"\n"
    with layout.journal.open("wb") as journal, path.open("wb") as file:
        for number in range(size):
            event_id = new_id()
            was, line = lines[number % len(lines)]
            line = line.replace(was, event_id.encode(), 1)
            journal.write(_record(number, event_id, line).line() + b"\n")
            file.write(before + line)
            before = b",\n"
        file.write(collection.closing(size))


def _record(number: int, event_id: str, line: bytes) -> Record:
    return Record(
        revision=number + 1,
        at=instant(NOW),
        by="benchmark",
        why=None,
        op="add",
        public=True,
        id=event_id,
        feature=line,
    )


def many_at_once(deed: Callable[[Event], object], events: Sequence[Event]) -> float:
    """How many a second, by sixteen threads."""
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(deed, events))
    return len(events) / (time.perf_counter() - start)


def measure(folder: Path, size: int) -> None:
    path = folder / str(size) / "events.geojson"
    fill(path, size)
    # The collection is compared with the history once; from then on the lock file says that it is in step.
    GeoJSONStore.open(path).close()
    cold = in_a_process_of_its_own(path)
    cached = in_a_process_of_its_own(path)
    store = GeoJSONStore.open(path, lag=LAG_S, cache=path.parent / "cache")
    events = [an_event(number) for number in range(6 * ADDS)]
    deeds: dict[str, Callable[[Event], object]] = {
        "raw append and fdatasync": raw_append(folder / f"{size}.raw"),
        "add": lambda event: store.append(event, by="benchmark", why=None),
        "SQLite row": sqlite_row(folder / f"{size}.sqlite"),
    }
    taken: dict[str, list[float]] = {name: [] for name in deeds}
    # In turns: what else the disk has to do comes to all of them alike.
    for event in events[:ADDS]:
        for name, deed in deeds.items():
            taken[name] += milliseconds(deed, iter([event]))
    together = many_at_once(deeds["add"], events[ADDS:])
    one = store.get(events[0].id)
    edited = milliseconds(
        lambda event: store.replace(event, expected_version=event.version, by="benchmark", why=None),
        iter([one]),
    )
    start = time.perf_counter()
    store.close()
    gathered = time.perf_counter() - start
    row = [f"{size:,}", f"{path.stat().st_size / 1e6:.1f}"]
    row += [
        f"{statistics.median(each):.2f} / {each[int(len(each) * 0.95)]:.2f}"
        for each in map(sorted, taken.values())
    ]
    row += [f"{statistics.median(taken['add']) / statistics.median(taken['raw append and fdatasync']):.2f}"]
    row += [f"{together:.0f}", f"{edited[0]:.1f}", f"{gathered:.1f}"]
    row += [f"{cold['open']:.2f} / {cached['open']:.2f}", f"{cold['public']:.2f} / {cached['public']:.2f}"]
    row += [f"{cached['download']:.2f}", f"{cold['megabytes']:.0f} / {cached['megabytes']:.0f}"]
    print("| " + " | ".join(row) + " |", flush=True)
    shutil.rmtree(path.parent)


def in_a_process_of_its_own(path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--open", path], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def opening(path: Path) -> dict[str, float]:
    """Seconds to open, to have a first page, and for the whole download; the memory of the store alone."""
    cache = path.parent / "cache"
    before = most_memory()
    start = time.perf_counter()
    store = GeoJSONStore.open(path, cache=cache)
    opened, megabytes = time.perf_counter(), most_memory() - before
    public = PublicReader(store, cache=cache)
    public.find(EventQuery(limit=50))
    shown = time.perf_counter()
    for _ in public.features(EventQuery()):
        pass
    downloaded = time.perf_counter()
    return {
        "open": opened - start,
        "public": shown - opened,
        "download": downloaded - shown,
        "megabytes": megabytes,
    }


def most_memory() -> float:
    """The most this process ever held, in MB. ru_maxrss would count what its parent held."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1_024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="leave out the largest stores")
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.open:
        json.dump(opening(args.open), sys.stdout)
        return
    print(
        "An add and its peers in ms (median / 95th percentile), the ratio of the medians; adds a second by\n"
        f"{THREADS} threads; an edit in ms, and in s what gathers it into the file; seconds to open, to a\n"
        "first page and for a whole download, MB of memory of the store (first time / with its cache).\n"
    )
    print(
        "| events | MB | raw append and fdatasync | add | SQLite row | add : raw | together | edit "
        "| gathered | open | first page | download | memory |"
    )
    print("|" + "---:|" * 13)
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        for size in SIZES[:-2] if args.quick else SIZES:
            measure(Path(folder), size)


if __name__ == "__main__":
    main()
