"""What keeping an event costs, and opening what was kept, from a thousand events to a hundred thousand.

    python benchmarks/store.py [--quick] [--folder FOLDER]

Prints Markdown. The claim: an add costs the same however much is there (above 4 MB it is made in place), and
not much more than what no store can save: appending the bytes to a file and waiting for the disk (fdatasync).
That is the peer, in the same run and folder; another is a row in SQLite (write-ahead log, synchronous=FULL).
Opening and memory are measured in a process of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from geoevents.events import Event, Status, new_id
from geoevents.geojson import feature_line
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.queries import EventQuery
from geoevents.sources import Source
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader

SIZES = (1_000, 10_000, 100_000)
ADDS = 200
BATCH = 5_000
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


def filled(path: Path, size: int) -> GeoJSONStore:
    store = GeoJSONStore.open(path)
    for start in range(0, size, BATCH):
        numbers = range(start, min(start + BATCH, size))
        store.append_all([an_event(number) for number in numbers], by="benchmark", why=None)
    return store


def measure(folder: Path, size: int) -> None:
    path = folder / str(size) / "events.geojson"
    store = filled(path, size)
    events = [an_event(number) for number in range(4 * ADDS)]
    deeds = {
        "add": lambda event: store.append(event, by="benchmark", why=None),
        "raw append and fdatasync": raw_append(folder / f"{size}.raw"),
        "SQLite row": sqlite_row(folder / f"{size}.sqlite"),
    }
    taken = {name: milliseconds(deed, iter(events[:ADDS])) for name, deed in deeds.items()}
    one = store.get(events[0].id)
    edited = milliseconds(
        lambda event: store.replace(event, expected_version=event.version, by="benchmark", why=None),
        iter([one]),
    )
    opened = in_a_process_of_its_own(path)
    row = [f"{size:,}", f"{path.stat().st_size / 1e6:.1f}"]
    row += [f"{statistics.median(each):.2f} / {each[int(len(each) * 0.95)]:.2f}" for each in taken.values()]
    row += [f"{edited[0]:.0f}", *(f"{opened[name]:.2f}" for name in ("open", "public", "download"))]
    row += [f"{opened['megabytes']:.0f}"]
    print("| " + " | ".join(row) + " |", flush=True)


def in_a_process_of_its_own(path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--open", path], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def opening(path: Path) -> dict[str, float]:
    """Seconds to open, to have every public view, and to write the first download; the most memory held."""
    before = most_memory()
    start = time.perf_counter()
    store = GeoJSONStore.open(path)
    opened = time.perf_counter()
    public = PublicReader(store)
    public.find(EventQuery(limit=50))
    shown = time.perf_counter()
    for _ in public.features(EventQuery()):
        pass
    downloaded = time.perf_counter()
    return {
        "open": opened - start,
        "public": shown - opened,
        "download": downloaded - shown,
        "megabytes": most_memory() - before,
    }


def most_memory() -> float:
    """The most this process ever held, in MB. ru_maxrss would count what its parent held."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1_024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="leave out the largest store")
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.open:
        json.dump(opening(args.open), sys.stdout)
        return
    print("An add and its peers in ms (median / 95th percentile), an edit in ms, the rest in s.\n")
    print(
        "| events | MB | add | raw append and fdatasync | SQLite row | edit "
        "| open | first page | first download | MB of memory |"
    )
    print("|" + "---:|" * 10)
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        for size in SIZES[:-1] if args.quick else SIZES:
            measure(Path(folder), size)


if __name__ == "__main__":
    main()
