"""The shipped gazetteer, compiled at most once; and small ones of a test's own."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from geoevents.gazetteers import Gazetteer, open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date
from geoevents.gazetteers.compiling import compile_index
from geoevents.places import Context, Resolution

REGION = ("SY", "IQ", "TR")
COLUMNS = [
    "place_id", "name", "kind", "lon", "lat", "geo_precision", "uncertainty_m", "country_code", "admin1",
    "admin2", "names_en", "names_ar", "names_ku", "names_tr", "names_other", "source_url", "source_licence",
    "checked", "note",
]  # fmt: skip

Resolve = Callable[..., Resolution]
Entry = dict[str, Any]


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return open_gazetteer(bring_up_to_date(SHIPPED_DATA), region=REGION)


@pytest.fixture
def resolve(gazetteer) -> Resolve:
    """Ask for a name; keywords are the context's: country_code, admin1, day, limit."""

    def ask(name: str, **given: Any) -> Resolution:
        return gazetteer.resolve(name, Context(**given))

    return ask


@pytest.fixture
def make_gazetteer(tmp_path) -> Callable[..., Gazetteer]:
    """A gazetteer of a few towns, places and areas, with the shipped descriptors."""

    def make(
        *, towns: Sequence[Entry] = (), places: Sequence[Entry] = (), areas: Sequence[Entry] = ()
    ) -> Gazetteer:
        folder = tmp_path / "gazetteer"
        folder.mkdir(exist_ok=True)
        descriptors = (SHIPPED_DATA / "gazetteer" / "descriptors.json").read_bytes()
        (folder / "descriptors.json").write_bytes(descriptors)
        relations = (SHIPPED_DATA / "gazetteer" / "relations.json").read_bytes()
        (folder / "relations.json").write_bytes(relations)
        no_places = (SHIPPED_DATA / "gazetteer" / "not_places.csv").read_bytes()
        (folder / "not_places.csv").write_bytes(no_places)
        write_places(folder / "places.csv", places)
        write_areas(folder / "areas.geojson", areas)
        index = tmp_path / "index.sqlite"
        index.unlink(missing_ok=True)
        compile_index(folder, index, towns=lambda: towns)
        return open_gazetteer(index, region=REGION)

    return make


def town(geonames_id: int, name: str, lon: float, lat: float, **more: Any) -> Entry:
    plain = {"countrycode": "SY", "population": 10_000, "alternatenames": []}
    return {"geonameid": geonames_id, "name": name, "longitude": lon, "latitude": lat, **plain, **more}


def place(place_id: str, name: str, lon: float, lat: float, **more: Any) -> Entry:
    plain = {"kind": "settlement", "geo_precision": "settlement", "country_code": "SY"}
    return {"place_id": place_id, "name": name, "lon": lon, "lat": lat, **plain, **more}


def area(place_id: str, name: str, box: tuple[float, float, float, float], **more: Any) -> Entry:
    """A rectangle of west, south, east, north."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    plain = {
        "slug": place_id.partition(":")[2].partition("@")[0], "kind": "area", "labels": {"en": name},
        "names": {}, "country_code": "SY", "geo_precision": "area",
        "point": {"lon": (west + east) / 2, "lat": (south + north) / 2},
    }  # fmt: skip
    properties = {"place_id": place_id, "name": name, **plain, **more}
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": properties,
    }


def write_places(path: Path, rows: Sequence[Entry]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, restval="")
        out.writeheader()
        out.writerows(rows)


def write_areas(path: Path, features: Sequence[Entry]) -> None:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
