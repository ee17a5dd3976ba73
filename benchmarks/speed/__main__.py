"""How fast geoevents is, beside the tools that people use instead, in one run on one machine.

    python -m benchmarks.speed [--only PART...] [--sizes N...] [--peers NAME...|none]
                               [--quick] [--missing] [--write] [--folder FOLDER]

Prints Markdown. What it measures is kept number by number in FOLDER/results.json (--quick: quick.json), so a
run that was stopped goes on with --missing; a measurement that fails is named, and the others go on. --write
puts all that is kept into docs/speed.md, and its first table into the README. Each peer is installed into an
environment of its own in FOLDER; PostGIS by apt where it is missing. --quick and `--peers none` take a minute
or two: for those who change something and want to know what it did.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from benchmarks.speed import adding, downloading, opening, page, querying, serving, starting, tiling
from benchmarks.speed.environments import set_up, versions
from benchmarks.speed.kept import FAILED, Kept
from benchmarks.speed.servers import Bench
from benchmarks.speed.tables import OURS

PARTS: tuple[ModuleType, ...] = (opening, tiling, querying, downloading, adding, starting, serving)
SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUICK = (1_000, 10_000)


def main() -> int:
    given = _given()
    folder = given.folder.expanduser()
    kept = Kept.at(folder / ("quick.json" if given.quick else "results.json"))
    kept.versions |= versions()
    bench = Bench(folder, *((2.0, 2) if given.quick else (10.0, 5)))
    failed = 0
    # Told to stop, it still ends the servers and the database that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    set_up()
    with bench.started:
        for part, who, size in _todo(given, kept):
            start = time.monotonic()
            try:
                numbers = part.measure(who, size, bench)
            except Exception as error:  # what one server cannot do is a result, and no reason to stop
                traceback.print_exc()
                numbers, failed = {FAILED: f"{type(error).__name__}: {error}"[:300]}, failed + 1
            if "postgis" in vars(bench):
                kept.versions |= bench.postgis_versions()
            kept.put(part.NAME, who, size, numbers)
            sys.stderr.write(f"{part.NAME}, {who}, {size:,}: {time.monotonic() - start:.0f} s\n")
            if given.write:
                page.write(PARTS, kept)
    sys.stdout.write("\n".join(page.report(_parts(given), kept)) + "\n")
    return 1 if failed else 0


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [part.NAME for part in PARTS]
    parser.add_argument(
        "--only", nargs="+", choices=names, default=names, metavar="PART", help=", ".join(names)
    )
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="numbers of events")
    parser.add_argument(
        "--peers", nargs="+", metavar="NAME", help="parts of names of peers; none: ours alone"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, seconds each")
    parser.add_argument("--missing", action="store_true", help="only what is not kept yet, or failed")
    parser.add_argument("--write", action="store_true", help="into docs/speed.md and README.md")
    parser.add_argument("--folder", type=Path, default=Path("~/.cache/geoevents-benchmarks"))
    given = parser.parse_args()
    given.sizes = given.sizes or (QUICK if given.quick else SIZES)
    return given


def _parts(given: argparse.Namespace) -> list[ModuleType]:
    return [part for part in PARTS if part.NAME in given.only]


def _todo(given: argparse.Namespace, kept: Kept) -> Iterator[tuple[ModuleType, str, int]]:
    """Part by part, the small sizes first; all who are measured with one size, one after the other."""
    for part in _parts(given):
        for size in _sizes(part, given):
            for who in part.WHOS:
                is_wanted = _is_wanted(who, given.peers) and size <= part.MOST.get(who, size)
                if is_wanted and not (given.missing and kept.get(part.NAME, who, size)):
                    yield part, who, size


def _sizes(part: ModuleType, given: argparse.Namespace) -> Sequence[int]:
    """A part that has sizes of its own is measured with those."""
    return getattr(part, "SIZES", given.sizes)


def _is_wanted(who: str, peers: Sequence[str] | None) -> bool:
    return peers is None or who.startswith(OURS) or any(name in who for name in peers)


if __name__ == "__main__":
    sys.exit(main())
