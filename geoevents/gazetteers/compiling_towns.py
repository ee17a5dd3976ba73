"""Writes GeoNames' towns into the index; one that an entry of ours is about lends it its names, no more.

Knows the columns of GeoNames. Knows nothing of our own files (entries.py).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from geoevents.gazetteers.compiling_names import hundred_thousandths, keyed, size
from geoevents.gazetteers.conflating import by_key, same_place
from geoevents.gazetteers.divisions import Codes
from geoevents.gazetteers.entries import Entry
from geoevents.gazetteers.tables import LARGEST, SIZES

Progress = Callable[[float], None]

_TOWNS = 235_000
_AT_ONCE = 5_000
_ARABIC_ONLY = re.compile(r"[\sء-غف-ي]+")


def write_towns(
    db: sqlite3.Connection,
    entries: dict[int, Entry],
    codes: Codes,
    progress: Progress,
    from_geonames: Iterable[dict[str, Any]],
    more_names: Mapping[str, list[tuple[str, str]]],
) -> None:
    """Towns as GeoNames has them. One that an entry of ours is about lends it its names, no more."""
    ours = by_key(entries)
    towns: list[tuple[Any, ...]] = []
    names: list[tuple[str, int, int]] = []
    spellings: list[tuple[int, int, str, str]] = []
    for count, town in enumerate(from_geonames):
        pk = town["geonameid"]
        added = more_names.get(f"geonames:{pk}", ())
        keys = keyed((town["name"], *town["alternatenames"], *(name for _, name in added)))
        own = pk if pk in entries else same_place(town, keys.keys(), ours, entries)
        if own is None:
            admin1 = codes.pk(town["countrycode"], town.get("admin1code"))
            towns.append(_town_row(town, admin1))
            spellings += [(pk, position, lang, name) for position, (lang, name) in enumerate(added)]
            mark = size(town["population"]) * SIZES
        else:
            entries[own].population = max(entries[own].population, town["population"])
            entries[own].absorbed.append(pk)
            entries[own].names += [name for name in added if name not in entries[own].names]
            mark = LARGEST * SIZES
        names += [(key, own or pk, mark + article) for key, article in keys.items()]
        if len(towns) >= _AT_ONCE:
            _flush(db, towns, names)
            progress(0.7 * count / _TOWNS)
    _flush(db, towns, names)
    db.executemany("INSERT INTO spellings VALUES (?, ?, ?, ?)", spellings)


def _flush(db: sqlite3.Connection, towns: list[Any], names: list[Any]) -> None:
    db.executemany("INSERT INTO places VALUES (?, ?, NULL, ?, ?, ?, ?, ?, ?)", towns)
    db.executemany("INSERT INTO unsorted VALUES (?, ?, ?)", names)
    towns.clear()
    names.clear()


def _town_row(town: dict[str, Any], admin1: int | None) -> tuple[Any, ...]:
    in_arabic_letters = (name for name in town["alternatenames"] if "ء" <= name[:1] <= "ي")
    arabic = next(filter(_ARABIC_ONLY.fullmatch, in_arabic_letters), None)
    lon, lat = hundred_thousandths(town["longitude"]), hundred_thousandths(town["latitude"])
    return (
        town["geonameid"],
        town["name"],
        lon,
        lat,
        town["population"],
        town["countrycode"],
        admin1,
        arabic,
    )
