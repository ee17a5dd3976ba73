"""What bringing a file in costs, rows with coordinates and with names, beside geopandas' reading of it.

    python benchmarks/importing.py [--rows 100000] [--folder FOLDER]

Prints Markdown. The claims: 100,000 rows with coordinates land under 60 s, with names under 3 minutes, each
with a verdict, held against all that is there, and kept with one wait for the disk a batch. The peer, in the
same run: geopandas reading the very same CSV into points, which checks nothing and keeps nothing.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import geopandas
import pandas

COLUMNS = ("event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2", "country",
           "admin1", "location", "latitude", "longitude", "geo_precision", "source", "notes", "fatalities",
           "tags")  # fmt: skip
SCRIPT = Path(sys.executable).with_name("geoevents")
SENTENCES = ("fighters shelled a village near the river", "a patrol was stopped at the gate",
             "residents asked for bread and fuel", "an explosion damaged two houses",
             "aircraft struck a depot at night", "a convoy crossed the bridge and turned back")  # fmt: skip
TYPES = (("Battles", "Armed clash"), ("Protests", "Peaceful protest"),
         ("Explosions/Remote violence", "Shelling/artillery/missile attack"))  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--folder", type=Path, default=None)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="importing-", dir=given.folder))
    try:
        print(f"{given.rows:,} rows of 16 columns, as ACLED has them.\n")
        print("| | wall s | CPU s | rows a second |")
        print("|---|---:|---:|---:|")
        towns = _towns()
        for how in ("coordinates", "names"):
            path = folder / f"{how}.csv"
            _write(path, given.rows, towns, with_names=how == "names")
            _row(f"geopandas reads the file with {how}", given.rows, partial(_peer, path))
            bring = partial(_import, path, folder / f"data-{how}")
            _row(f"`geoevents import`, {how}", given.rows, bring)
            _row("the same once more: nothing is new", given.rows, bring)
    finally:
        shutil.rmtree(folder)


def _towns() -> list[dict[str, Any]]:
    """The settlements of the shipped places, each with where it is."""
    shipped = Path(__file__).parents[1] / "data" / "gazetteer" / "places.csv"
    with shipped.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "settlement"]
    return [row for row in rows if row["country_code"] == "SY"][:500]


def _write(path: Path, count: int, towns: list[dict[str, Any]], *, with_names: bool) -> None:
    chance = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for number in range(count):
            town = chance.choice(towns)
            day = date(2018, 1, 1) + timedelta(days=number * 1_800 // count)
            kind, sub = chance.choice(TYPES)
            table.writerow({
                "event_id_cnty": f"SYR{number}", "event_date": day.isoformat(), "event_type": kind,
                "sub_event_type": sub, "actor1": "Group A", "actor2": "Group B", "country": "Syria",
                "admin1": town["admin1"], "location": town["name"], "geo_precision": 1, "source": "Daily",
                "latitude": "" if with_names else round(float(town["lat"]) + chance.uniform(-0.01, 0.01), 5),
                "longitude": "" if with_names else round(float(town["lon"]) + chance.uniform(-0.01, 0.01), 5),
                "notes": f"On {day}, {chance.choice(SENTENCES)}; {chance.choice(SENTENCES)} ({number}).",
                "fatalities": chance.randint(0, 5), "tags": "",
            })  # fmt: skip


def _peer(path: Path) -> float:
    start = time.process_time()
    table = pandas.read_csv(path)
    geopandas.GeoDataFrame(
        table, geometry=geopandas.points_from_xy(table["longitude"], table["latitude"]), crs="EPSG:4326"
    )
    return time.process_time() - start


def _import(path: Path, data: Path) -> float:
    """CPU seconds of a process of its own, as a person would start it."""
    watched = "import resource,subprocess,sys;c=subprocess.run(sys.argv[1:],stdout=-3).returncode;"
    watched += "u=resource.getrusage(resource.RUSAGE_CHILDREN);print(u.ru_utime+u.ru_stime);sys.exit(c>1)"
    ran = subprocess.run(
        [sys.executable, "-c", watched, str(SCRIPT), "import", str(path), "--json", "--data", str(data)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(ran.stdout)


def _row(label: str, count: int, run: Callable[[], float]) -> None:
    start = time.perf_counter()
    cpu = run()
    wall = time.perf_counter() - start
    print(f"| {label} | {wall:.1f} | {cpu:.1f} | {count / wall:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
