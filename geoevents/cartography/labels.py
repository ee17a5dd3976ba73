"""Names for the base map: countries and towns of the compiled gazetteer, in tiles by how far one must look.

Knows which names are shown from which zoom. Knows nothing of drawing, or of how names are searched.

A label is `[lon, lat, population, {language: name}]`; a country's population is below 0. Zoom 0 holds the
countries and the largest towns, each further level what it adds.
"""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from geoevents.cartography.basemap import place_in_tile
from geoevents.cartography.borders import Town
from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.index import connect
from geoevents.places import METRES_A_DEGREE, LonLat

# Zoom of the tiles: least population of what they hold.
LEVELS = {0: 1_000_000, 4: 100_000, 6: 2_000}
LANGUAGES = ("ar", "kmr", "tr")
_DEGREES = 1e-5
_A_CITY, _INHABITANTS_A_KM2 = 300_000, 8_000
# Below what labels.js names at zoom 9.
_A_PART = 7_999

Label = list[Any]


def label_tiles(gazetteer: Path) -> dict[tuple[int, int, int], list[Label]]:
    """Every label of a compiled gazetteer, in the tile (zoom, x, y) it belongs to, weightier first."""
    tiles: dict[tuple[int, int, int], list[Label]] = defaultdict(list)
    for label in _parts_of_cities_later(_labels(gazetteer)):
        lon, lat, population, _ = label
        zoom = next((z for z, least in LEVELS.items() if population < 0 or population >= least), None)
        if zoom is not None:
            x, y, _, _ = place_in_tile(lon, lat, zoom)
            tiles[zoom, x, y].append(label)
    return {key: sorted(labels, key=_weightier_first) for key, labels in sorted(tiles.items())}


def towns(gazetteer: Path) -> list[Town]:
    """Every town of the gazetteer, with the country it must lie in."""
    connection = connect(gazetteer)
    try:
        rows = connection.execute("SELECT name, country, lon, lat FROM places WHERE kind IS NULL ORDER BY pk")
        return [Town(name, country, lon * _DEGREES, lat * _DEGREES) for name, country, lon, lat in rows]
    finally:
        connection.close()


def _parts_of_cities_later(labels: Iterable[Label]) -> Iterator[Label]:
    """
    What lies inside a city is named from where towns without inhabitants are: by then the city is wide.

    Of two, the city is the one that we have names for, then the one whose name the other carries with more
    words ("Old Basra" is a part of Basra, whatever it is said to hold), then the larger; it covers a circle
    in which its inhabitants live as densely as in a city.
    """
    given = sorted(labels, key=lambda label: (label[2] < 0, len(label[3]) > 2, label[2]), reverse=True)
    by_degree: dict[tuple[int, int], list[Label]] = defaultdict(list)
    for label in given:
        if label[2] >= _A_CITY:
            by_degree[round(label[0]), round(label[1])].append(label)
    done: set[int] = set()
    for label in given:
        lon, lat, population, _ = label
        around = [(round(lon) + x, round(lat) + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        cities = (city for cell in around for city in by_degree.get(cell, ()) if city is not label)
        if population >= 0 and any(
            (id(city) in done or _is_called_after(label, city)) and _lies_in(label, city) for city in cities
        ):
            yield [lon, lat, min(population, _A_PART), label[3]]
            continue
        done.add(id(label))
        yield label


def _lies_in(label: Label, city: Label) -> bool:
    reach = 1_000 * math.sqrt(city[2] / _INHABITANTS_A_KM2 / math.pi)
    if abs(label[1] - city[1]) * METRES_A_DEGREE > reach:
        return False
    here, middle = (LonLat(lon=lon, lat=lat) for lon, lat, *_ in (label, city))
    return distance_m(here, middle) < reach


def _is_called_after(label: Label, city: Label) -> bool:
    """Whether every word of the city's name, in some language, is in the label's longer one."""
    return any(set(name.split()) < set(label[3].get(lang, "").split()) for lang, name in city[3].items())


def _labels(gazetteer: Path) -> Iterator[Label]:
    connection = connect(gazetteer)
    try:
        spelt = _spellings(connection)
        rows = connection.execute(
            "SELECT pk, name, lon, lat, population, name_ar, kind FROM places"
            " WHERE kind = 'country' OR (kind IS NULL AND population >= ?)",
            (min(LEVELS.values()),),
        )
        for pk, name, lon, lat, population, arabic, kind in rows:
            names = {"en": name} | ({"ar": arabic} if arabic else {}) | spelt.get(pk, {})
            kept = {lang: words for lang, words in names.items() if lang == "en" or words != name}
            where = (round(lon * _DEGREES, 5), round(lat * _DEGREES, 5))
            yield [*where, -max(1, population) if kind == "country" else population, kept]
    finally:
        connection.close()


def _spellings(connection: sqlite3.Connection) -> dict[int, dict[str, str]]:
    """The first spelling of each language, by place."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = connection.execute("SELECT pk, lang, name FROM spellings ORDER BY pk, position")
    for pk, lang, name in rows:
        if lang in LANGUAGES:
            found[pk].setdefault(lang, name)
    return found


def _weightier_first(label: Label) -> tuple[bool, int, str]:
    return (label[2] >= 0, -abs(label[2]), label[3]["en"])
