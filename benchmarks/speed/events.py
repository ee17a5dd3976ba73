"""The events that everybody is measured with: drawn from one seed, the same in each store, file and table."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import many_events
from geoevents.stores.geojson_store import GeoJSONStore

SEED = 20
# Nested properties are kept as JSON, or left out where a table has no column for them.
PLAIN = (
    "kind", "title", "description", "lang", "event_type", "sub_event_type", "date_start", "date_end",
    "occurrence", "place_name", "place_id", "place_label", "country_code", "admin1", "admin2",
    "geo_precision", "uncertainty_m", "geo_method", "verification", "status", "created", "updated", "version",
)  # fmt: skip


@dataclass(frozen=True)
class Events:
    """So many of them in a folder: a store of ours, whose collection is the file that peers are given."""

    size: int
    folder: Path

    @property
    def collection(self) -> Path:
        """A FeatureCollection, one Feature a line."""
        return self.folder / "events.geojson"

    @property
    def database(self) -> Path:
        return self.folder / "events.db"

    def lines(self) -> Iterator[bytes]:
        """Each Feature."""
        with self.collection.open("rb") as file:
            for line in file:
                if line.startswith(b'{"type":"Feature",'):
                    yield line.rstrip().rstrip(b",")

    @contextmanager
    def copied(self) -> Iterator[Events]:
        """A store of one's own, to write to; gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self.folder.parent, prefix="copy-") as folder:
            shutil.copytree(self.folder, folder, dirs_exist_ok=True)
            yield Events(self.size, Path(folder))


def events(folder: Path, size: int) -> Events:
    """Made when they are first asked for."""
    made = Events(size, folder / "events" / str(size))
    stamp = made.folder / f"seed-{SEED}"
    if not stamp.exists():
        sys.stderr.write(f"Writing {size:,} events into {made.folder}\n")
        shutil.rmtree(made.folder, ignore_errors=True)
        made.folder.mkdir(parents=True)
        path = many_events.write(made.folder, size, SEED)
        GeoJSONStore.open(path, cache=made.folder / "cache").close()
        stamp.touch()
    return made


def point(geometry: dict[str, Any]) -> tuple[float, float]:
    """Where a table with a longitude and a latitude has it: an area by the first corner of its ring."""
    found = geometry["coordinates"]
    while isinstance(found[0], list):
        found = found[0]
    return found[0], found[1]


def database(made: Events) -> Path:
    """A SQLite database for datasette, with an index for each column that is filtered by."""
    if made.database.exists():
        return made.database
    beside = made.database.with_suffix(".next")
    beside.unlink(missing_ok=True)
    base = sqlite3.connect(beside)
    columns = ["id", "longitude", "latitude", *PLAIN, "more"]
    base.execute(f"CREATE TABLE events ({', '.join(columns)}, PRIMARY KEY (id))")
    base.executemany(f"INSERT INTO events VALUES ({', '.join('?' * len(columns))})", map(_row, made.lines()))
    for name, on in {
        "place": "longitude, latitude", "what": "event_type, date_start", "day": "date_start"
    }.items():  # fmt: skip
        base.execute(f"CREATE INDEX events_{name} ON events ({on})")
    base.execute("ANALYZE")
    base.commit()
    base.close()
    beside.replace(made.database)
    return made.database


def _row(line: bytes) -> list[Any]:
    feature = json.loads(line)
    told = feature["properties"]
    more = {name: value for name, value in told.items() if name not in PLAIN}
    plain = [told[name] for name in PLAIN]
    return [feature["id"], *point(feature["geometry"]), *plain, json.dumps(more, ensure_ascii=False)]
