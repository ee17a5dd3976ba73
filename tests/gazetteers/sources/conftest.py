"""Dumps of a few lines, a server that has them or fails, and a small gazetteer to add them to."""

from __future__ import annotations

import http.server
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geoevents.gazetteers import Gazetteer, open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA
from geoevents.gazetteers.compiling import compile_index
from geoevents.gazetteers.entries import country_boxes
from geoevents.gazetteers.fingerprints import known_before
from geoevents.gazetteers.sources.adding import Added, Shelf
from geoevents.gazetteers.sources.fetching import Patience
from geoevents.gazetteers.sources.getting import Asked, Surroundings, again, arrival
from geoevents.renewing import renew
from tests.gazetteers.conftest import REGION, write_areas, write_places

TODAY = date(2026, 11, 22)
QUICK = Patience(timeout=0.5, tries=2, pause=0.01, most_bytes=1_000_000)


def line(key: int, name: str, lon: float, lat: float, **more: Any) -> str:
    """One place, as GeoNames writes it."""
    plain = {"names": "", "class": "P", "code": "PPL", "country": "SY", "admin1": "", "population": 0}
    row = plain | more
    cells = [
        str(key), name, name, row["names"], str(lat), str(lon), row["class"], row["code"], row["country"], "",
        row["admin1"], "", "", "", str(row["population"]), "", "0", "Asia/Damascus", "2024-03-05",
    ]  # fmt: skip
    return "\t".join(str(cell) for cell in cells) + "\n"


def write_dump(path: Path, *lines: str) -> Path:
    """A dump: CC.zip with CC.txt and a readme, as GeoNames packs it, or CC.txt."""
    if path.suffix == ".txt":
        path.write_text("".join(lines), "utf-8")
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "about the columns")
        archive.writestr(f"{path.stem}.txt", "".join(lines))
    return path


@dataclass
class Desk:
    """A gazetteer of a few towns and places of ours, and the sources that are added to it."""

    root: Path
    towns: list[dict[str, Any]] = field(default_factory=list)
    fails: Exception | None = None

    @property
    def folder(self) -> Path:
        return self.root / "gazetteers"

    @property
    def index(self) -> Path:
        return self.root / "index.sqlite"

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.folder, (), self._compile)

    def _compile(self, sources: Any, commit: Callable[[], None]) -> dict[str, int]:
        def build(unfinished: Path) -> None:
            compile_index(self.root / "gazetteer", unfinished, towns=lambda: self.towns, sources=sources)
            if self.fails:
                raise self.fails
            commit()

        renew(self.index, build, is_current=lambda: False)
        return known_before(self.index)

    def add(self, *what: Any, url: str | None = None, **asked: Any) -> list[Added]:
        around = self._around(url)
        arrivals = [arrival(Asked(what=str(each), **asked), around) for each in what]
        return self.shelf.add([each for each in arrivals if each], today=TODAY, watch=lambda message: None)

    def update(self, name: str) -> list[Added]:
        came = again(self.shelf.one(name), self._around(None))
        return self.shelf.add([came] if came else [], today=TODAY, watch=lambda message: None)

    def _around(self, url: str | None) -> Surroundings:
        incoming = self.root / "incoming"
        incoming.mkdir(exist_ok=True)
        return Surroundings(
            geonames_url=url, incoming=incoming, patience=QUICK, watch=lambda message: None,
            boxes=country_boxes(SHIPPED_DATA / "gazetteer" / "countries.csv"),
        )  # fmt: skip

    @property
    def gazetteer(self) -> Gazetteer:
        return open_gazetteer(self.index, region=REGION)

    def ids_of(self, name: str, **context: Any) -> list[str]:
        from geoevents.places import Context

        return sorted(
            each.place.place_id for each in self.gazetteer.resolve(name, Context(**context)).candidates
        )


@pytest.fixture
def desk(tmp_path) -> Desk:
    folder = tmp_path / "gazetteer"
    folder.mkdir()
    for name in ("descriptors.json", "not_places.csv", "countries.csv", "country_names.csv"):
        (folder / name).write_bytes((SHIPPED_DATA / "gazetteer" / name).read_bytes())
    made = Desk(tmp_path)
    write_ours(made)
    return made


def write_ours(desk: Desk, *places: dict[str, Any], areas: tuple[dict[str, Any], ...] = ()) -> None:
    """What places.csv and areas.geojson of the desk hold."""
    write_places(desk.root / "gazetteer" / "places.csv", places)
    write_areas(desk.root / "gazetteer" / "areas.geojson", areas)


@dataclass
class Served:
    """A server under GeoNames' paths: `files` are had whole, `answers` are functions that misbehave."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, Callable[[http.server.BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def served() -> Iterator[Served]:
    found = Served("")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            if self.path in found.answers:
                found.answers[self.path](self)
                return
            content = found.files.get(self.path)
            if content is None:
                self.send_error(404)
                return
            tag = f'"{len(content)}"'
            if self.headers["If-None-Match"] == tag:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", tag)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}/export/dump/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()
