"""Our own server and the peers', each over the same events, as its documentation says to run it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from string import Template

from benchmarks.speed import postgis
from benchmarks.speed.environments import PEERS, Environment, environment
from benchmarks.speed.events import Events, database, events
from benchmarks.speed.processes import Server, free_port, running

ROOT = Path(__file__).parents[2]
# As many as cores; ours is one process.
WORKERS = os.cpu_count() or 1


@dataclass
class Bench:
    """A run: where things lie, how long a measurement may take, and what was started for all of it."""

    folder: Path
    seconds: float = 10.0
    rounds: int = 5
    started: ExitStack = field(default_factory=ExitStack)

    def events(self, size: int) -> Events:
        return events(self.folder, size)

    def environment(self, name: str) -> Environment:
        return environment(self.folder, name)

    @cached_property
    def postgis(self) -> postgis.Cluster:
        return self.started.enter_context(postgis.cluster())

    def postgis_versions(self) -> dict[str, str]:
        return postgis.versions(self.postgis)

    def log(self, who: str) -> Path:
        return self.folder / "logs" / f"{who}.log"

    @contextmanager
    def ours(self, made: Events, *, port: int | None = None) -> Iterator[Server]:
        """`geoevents serve`, over a folder of events."""
        port = port or free_port()
        with running(
            [str(Path(sys.executable).with_name("geoevents")), "serve", "--port", str(port)],
            port=port, path="/healthz", log=self.log("geoevents"), environment=our_environment(made),
        ) as server:  # fmt: skip
            yield server

    @contextmanager
    def tipg(self, made: Events) -> Iterator[Server]:
        port, table = free_port(), self.postgis.table(made)
        told = _settings(PEERS / "tipg.env", url=self.postgis.url, table=table)
        with running(
            [self.environment("tipg").program("uvicorn"), "tipg.main:app", "--host", "127.0.0.1",
             "--port", str(port), "--workers", str(WORKERS), "--no-access-log"],
            port=port, path=f"/collections/public.{table}", log=self.log("tipg"), environment=told,
            also=[self.postgis.pid],
        ) as server:  # fmt: skip
            yield server

    @contextmanager
    def pygeoapi(self, made: Events, *, on: str) -> Iterator[Server]:
        """`on` its GeoJSON file, or postgis."""
        port, own = free_port(), self.folder / "pygeoapi" / on
        own.mkdir(parents=True, exist_ok=True)
        names: dict[str, object] = {"port": port, "collection": made.collection}
        if on == "postgis":
            names |= {"table": self.postgis.table(made), "postgis": self.postgis.port}
        config, api = own / "pygeoapi.yml", own / "openapi.yml"
        config.write_text(Template((PEERS / f"pygeoapi-{on}.yml").read_text("utf-8")).substitute(names))
        made_in = self.environment("pygeoapi")
        told = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(api)}
        api.write_text("openapi: 3.0.2\ninfo: {title: events, version: '1'}\npaths: {}\n")
        with running(
            [made_in.program("gunicorn"), "-k", "gevent", "-w", str(WORKERS), "-b", f"127.0.0.1:{port}",
             "-t", "600", "pygeoapi.flask_app:APP"],
            port=port, path="/", log=self.log(f"pygeoapi-{on}"), environment=told,
            also=[self.postgis.pid] if on == "postgis" else [],
        ) as server:  # fmt: skip
            yield server

    @contextmanager
    def datasette(self, made: Events, *, tiles: str = "") -> Iterator[Server]:
        port, own = free_port(), self.folder / "datasette"
        own.mkdir(parents=True, exist_ok=True)
        config = own / "metadata.json"
        config.write_text((PEERS / "datasette.json").read_text("utf-8").replace("$tiles", tiles))
        with running(
            [self.environment("datasette").program("datasette"), "-i", str(database(made)),
             "--port", str(port), "--metadata", str(config), "--setting", "sql_time_limit_ms", "60000",
             "--setting", "facet_time_limit_ms", "200"],
            port=port, path="/-/versions.json", log=self.log("datasette"),
        ) as server:  # fmt: skip
            yield server


def our_environment(made: Events) -> dict[str, str]:
    return {
        "GEOEVENTS_DATA": str(made.folder),
        "GEOEVENTS_CACHE": str(ROOT / "data" / "cache"),
        "GEOEVENTS_GEONAMES_URL": "off",
        "PYTHONPATH": str(ROOT),
    }


def _settings(path: Path, **names: str) -> Mapping[str, str]:
    """NAME=value a line, with $names put in."""
    told = Template(path.read_text("utf-8")).substitute(names)
    lines = [line for line in told.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)
