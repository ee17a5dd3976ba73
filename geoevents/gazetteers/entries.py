"""A gazetteer entry of our own, as data/gazetteer/ keeps it: places.csv, areas.geojson, countries.

Knows the columns and properties of these files, and refuses what cannot be read. Knows nothing of the index.
To add a place: a row in places.csv with its source; the index is compiled anew at the next start.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from geoevents.errors import InvalidPlace
from geoevents.gazetteers import geonames
from geoevents.gazetteers.kinds import SETTLED
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import PLACE_KINDS, BBox, GeoPrecision, LonLat

# places.csv column -> BCP 47 language; "" where a name's language is not said.
_NAME_COLUMNS = {"names_en": "en", "names_ar": "ar", "names_ku": "kmr", "names_tr": "tr", "names_other": ""}
# CLDR's "ku" is Kurmanji in Latin letters.
_COUNTRY_NAME_LOCALES = {"en": "en", "ar": "ar", "kmr": "ku", "tr": "tr"}
# How far off the points of our towns and quarters that GeoNames doesn't have are, nine times in ten where the
# name was understood: benchmarks/geocoding.py, the table of precision. Those with a GeoNames id keep theirs.
_MEASURED_M = {"neighbourhood": 1_500, "settlement": 5_000, "near": 20_000}


@dataclass(slots=True, kw_only=True)
class Entry:
    """
    One place or one version of an area. `names` are (language, name), the first of a language to be shown.
    """

    place_id: str
    name: str
    kind: str
    position: LonLat
    geo_precision: GeoPrecision
    names: list[tuple[str, str]]
    uncertainty_m: int | None = None
    country_code: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    population: int = 0
    geometry: Geometry | None = None
    bbox: BBox | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    checked: date | None = None

    @property
    def geonames_id(self) -> int | None:
        source, _, key = self.place_id.partition(":")
        return int(key) if source == "geonames" and key.isdigit() else None

    def all_names(self) -> list[str]:
        return list(dict.fromkeys([self.name, *(name for _, name in self.names)]))

    @property
    def slug(self) -> str | None:
        """What the versions of one area share, None for what has no versions."""
        return self.place_id.partition("@")[0] if "@" in self.place_id else None


def read_all(folder: Path) -> Iterator[Entry]:
    """Every entry of a folder laid out as data/gazetteer/. A file that is not there has no entries."""
    if (folder / "places.csv").exists():
        yield from read_places(folder / "places.csv")
    if (folder / "areas.geojson").exists():
        yield from read_areas(folder / "areas.geojson")
    if (folder / "lines.geojson").exists():
        yield from read_areas(folder / "lines.geojson")
    if (folder / "regions.csv").exists():
        yield from read_regions(folder / "regions.csv")
    if (folder / "countries.csv").exists():
        outlines = folder / "outlines.geojson"
        yield from read_countries(folder / "countries.csv", folder / "country_names.csv", outlines)


def read_places(path: Path) -> Iterator[Entry]:
    """Raises InvalidPlace, naming the file, the row and the column."""
    for number, row in enumerate(_rows(path), 2):
        try:
            yield _place(row)
        except (KeyError, ValueError) as error:
            raise _unreadable(f"{path.name}, row {number}", error) from error


def read_names(path: Path) -> dict[str, list[tuple[str, str]]]:
    """place_id -> (language, name) of towns that GeoNames has, but not by these names."""
    rows = _rows(path) if path.exists() else ()
    names: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        names.setdefault(row["place_id"], []).extend((row["lang"], name) for name in _split(row["names"]))
    return names


def read_areas(path: Path) -> Iterator[Entry]:
    """Raises InvalidPlace, naming the file and the area."""
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        properties = feature["properties"]
        try:
            yield _area(properties, Geometry.from_geojson(feature["geometry"]))
        except (KeyError, ValueError) as error:
            raise _unreadable(f"{path.name}, {properties.get('place_id')}", error) from error


def read_regions(path: Path) -> Iterator[Entry]:
    """Continents, seas, ranges: a middle, and how far they reach from it. Raises InvalidPlace."""
    for number, row in enumerate(_rows(path), 2):
        try:
            is_river = row["kind"] == "river"
            yield Entry(
                place_id=row["place_id"],
                name=row["name"],
                kind=_known_kind(row["kind"]),
                position=LonLat(float(row["lon"]), float(row["lat"])),
                geo_precision=GeoPrecision.LINE if is_river else GeoPrecision.AREA,
                uncertainty_m=int(row["radius_km"]) * 1_000,
                names=[("en", row["name"]), *(("", name) for name in _split(row["names_other"]))],
                country_code=row["country_code"] or None,
            )
        except (KeyError, ValueError) as error:
            raise _unreadable(f"{path.name}, row {number}", error) from error


def read_countries(points: Path, other_names: Path, outlines: Path) -> Iterator[Entry]:
    """Countries: label points, boxes and outlines from our tables, names from CLDR and GeoNames."""
    from babel import Locale

    locales = {lang: Locale.parse(tag).territories for lang, tag in _COUNTRY_NAME_LOCALES.items()}
    others = {row["country_code"]: _split(row["names_en"]) for row in _rows(other_names)}
    known = geonames.countries()
    shapes = _outlines(outlines) if outlines.exists() else {}
    for row in _rows(points):
        code = row["country_code"]
        names = [(lang, name) for lang, territories in locales.items() if (name := territories.get(code))]
        names += [("en", name) for name in (known[code]["name"], *others.get(code, ()))]
        yield Entry(
            place_id=f"geonames:{known[code]['geonameid']}",
            name=known[code]["name"],
            kind="country",
            position=LonLat(float(row["lon"]), float(row["lat"])),
            geo_precision=GeoPrecision.COUNTRY,
            names=list(dict.fromkeys(names)),
            country_code=code,
            population=known[code]["population"],
            geometry=shapes.get(code),
            bbox=BBox(*(float(row[side]) for side in ("west", "south", "east", "north"))),
        )


def _outlines(path: Path) -> dict[str, Geometry]:
    """Country code -> its outline."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {each["properties"]["country_code"]: Geometry.from_geojson(each["geometry"]) for each in features}


def country_boxes(points: Path) -> dict[str, BBox]:
    """Country code -> the box around the country, as countries.csv has them."""
    sides = ("west", "south", "east", "north")
    return {row["country_code"]: BBox(*(float(row[side]) for side in sides)) for row in _rows(points)}


def _place(row: Mapping[str, str]) -> Entry:
    precision = GeoPrecision(row["geo_precision"])
    uncertainty = row["uncertainty_m"]
    names = [(lang, name) for column, lang in _NAME_COLUMNS.items() for name in _split(row[column])]
    return Entry(
        place_id=row["place_id"],
        name=row["name"],
        kind=_known_kind(row["kind"]),
        position=LonLat(float(row["lon"]), float(row["lat"])),
        geo_precision=precision,
        uncertainty_m=_honest(row, precision, int(uncertainty) if uncertainty else None),
        names=names,
        country_code=row["country_code"] or None,
        admin1=row["admin1"] or None,
        admin2=row["admin2"] or None,
        checked=_day(row["checked"]),
    )


def _honest(row: Mapping[str, str], precision: GeoPrecision, stated_m: int | None) -> int | None:
    """What the row says, but no less than what was measured of rows like it."""
    stated_m = stated_m or precision.default_uncertainty_m
    if row["kind"] not in SETTLED or row["place_id"].startswith("geonames:"):
        return stated_m
    return max(stated_m or 0, _MEASURED_M.get(precision.value, 0)) or None


def _area(properties: Mapping[str, Any], geometry: Geometry) -> Entry:
    labels, names = properties.get("labels") or {}, properties.get("names") or {}
    shown = [(lang, label) for lang, label in labels.items() if label]
    return Entry(
        place_id=properties["place_id"],
        name=properties["name"],
        kind=_known_kind(properties["kind"]),
        position=LonLat(float(properties["point"]["lon"]), float(properties["point"]["lat"])),
        geo_precision=GeoPrecision(properties["geo_precision"]),
        uncertainty_m=properties.get("uncertainty_m"),
        names=list(dict.fromkeys(shown + [(lang, name) for lang, own in names.items() for name in own])),
        country_code=properties.get("country_code"),
        admin1=properties.get("admin1"),
        geometry=geometry,
        bbox=geometry.bbox,
        valid_from=_day(properties.get("valid_from")),
        valid_to=_day(properties.get("valid_to")),
        checked=_day(properties.get("checked")),
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _split(cell: str) -> list[str]:
    return [name.strip() for name in cell.split("|") if name.strip()]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _known_kind(kind: str) -> str:
    if kind not in PLACE_KINDS:
        raise ValueError(f"'{kind}' is not a kind; write one of {', '.join(PLACE_KINDS)}")
    return kind


def _unreadable(where: str, reason: Exception) -> InvalidPlace:
    return InvalidPlace(Message("{where} cannot be read: {reason}.", where=where, reason=str(reason)))
