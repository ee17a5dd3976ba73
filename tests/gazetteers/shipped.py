"""What the tests of the shipped places and areas share: reading the files, and measuring on the earth."""

from __future__ import annotations

import csv
import json
import math
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import Point, Polygon, box, shape

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "gazetteer"
WORLD_ATLAS = ROOT / "node_modules" / "world-atlas" / "countries-10m.json"
# Their names in world-atlas, and, for a tree without node_modules, west, south, east, north.
COUNTRIES = {
    "SY": ("Syria", (35.6, 32.3, 42.4, 37.4)),
    "IQ": ("Iraq", (38.7, 29.0, 48.7, 37.4)),
    "TR": ("Turkey", (25.6, 35.8, 44.9, 42.2)),
}
NAME_COLUMNS = ("names_en", "names_ar", "names_ku", "names_tr", "names_other")
LICENCES = {"CC BY 4.0", "CC BY-SA 4.0", "Public domain", "Facts only"}
# A point in the river that is the border may stand on either side of the line we have.
BORDER_TOLERANCE_KM = 2.0
EARTH_KM_PER_DEGREE = 111.2


@cache
def places() -> list[dict[str, str]]:
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def areas() -> dict[str, dict[str, Any]]:
    """place_id -> Feature."""
    features = json.loads((FOLDER / "areas.geojson").read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["place_id"]: feature for feature in features}


def outline(place_id: str) -> Any:
    return shape(areas()[place_id]["geometry"])


def governorates() -> dict[tuple[str, str], Any]:
    """(country code, name) -> outline."""
    own = [feature for feature in areas().values() if feature["properties"]["kind"] == "admin1"]
    return {
        (feature["properties"]["country_code"], feature["properties"]["admin1"]): shape(feature["geometry"])
        for feature in own
    }


def point_of(place: dict[str, str]) -> Point:
    return Point(float(place["lon"]), float(place["lat"]))


def point_called(name: str) -> Point:
    (place,) = [place for place in places() if place["name"] == name]
    return point_of(place)


def names_of(place: dict[str, str]) -> list[str]:
    return [place["name"], *(name for column in NAME_COLUMNS for name in place[column].split("|") if name)]


def plain(name: str) -> str:
    """A crude folding of our own, so that these tests don't lean on the code they feed."""
    letters = (c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = re.sub(r"['’‘`ʿʾ]", "", "".join(letters)).replace("ı", "i").replace("-", " ").split()
    return re.sub(r"^(al|el|ash|as|ar|at|ad|an|az) |^ال", "", " ".join(words))


@cache
def all_plain_names() -> dict[str, frozenset[str]]:
    """place_id -> its names, folded: each is folded once, for there are ten thousand."""
    return {place["place_id"]: frozenset(map(plain, names_of(place))) for place in places()}


def plain_names_of(place: dict[str, str]) -> frozenset[str]:
    return all_plain_names()[place["place_id"]]


def apart_km(point: Point, other: Any) -> float:
    """Good enough below a few hundred kilometres: degrees, longitude shrunk by latitude."""
    if shapely.covers(other, point):
        return 0.0
    shrink = math.cos(math.radians(point.y))
    return float(EARTH_KM_PER_DEGREE * _shrunk(point, shrink).distance(_shrunk(other, shrink)))


def outside_km(point: Point, outline: Any) -> float:
    """As `apart_km`, but quick for the many that are inside."""
    return 0.0 if outline.covers(point) else apart_km(point, outline)


def _shrunk(geometry: Any, factor: float) -> Any:
    return shapely.transform(geometry, lambda lonlat: lonlat * [factor, 1])


@cache
def country(code: str) -> Any:
    """The country's outline from world-atlas (Natural Earth 1:10m), or a box where npm was not run."""
    name, around = COUNTRIES[code]
    if not WORLD_ATLAS.exists():
        return box(*around)
    topology = json.loads(WORLD_ATLAS.read_text(encoding="utf-8"))
    named = {each["properties"]["name"]: each for each in topology["objects"]["countries"]["geometries"]}
    parts = [named[name]["arcs"]] if named[name]["type"] == "Polygon" else named[name]["arcs"]
    rings = [_ring(topology, part[0]) for part in parts]
    return shapely.union_all([Polygon(ring).buffer(0) for ring in rings if len(ring) > 3])


def _ring(topology: dict[str, Any], arcs: list[int]) -> list[tuple[float, float]]:
    """TopoJSON: each arc is quantised steps, a negative index runs it backwards."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    ring: list[tuple[float, float]] = []
    for index in arcs:
        x = y = 0
        line = []
        for step_x, step_y in topology["arcs"][index if index >= 0 else ~index]:
            x, y = x + step_x, y + step_y
            line.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        ring += (line if index >= 0 else line[::-1])[1 if ring else 0 :]
    return ring
