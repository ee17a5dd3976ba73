"""Which names of the index are also kept by their sound, and the rows that keep them.

Knows the countries whose names are transliterated, and the columns. How a name sounds is skeletons.py's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from geoevents.gazetteers.skeletons import skeleton, sounds

SoundRow = tuple[str, str, int, int]

# Where names are written in Arabic script, or are Arabic, Kurdish, Turkish or Persian in other letters. What
# an added source knows is kept by its sound wherever it lies.
_TRANSLITERATED = (
    "AE AF AZ BH DJ DZ EG EH ER IL IQ IR JO KM KW LB LY MA MR OM PK PS QA SA SD SO SY TD TN TR YE"
)


def is_transliterated(country: str | None) -> bool:
    return country is not None and country in _TRANSLITERATED.split()


def sound_rows(pk: int, names: Iterable[str], mark: int) -> Iterator[SoundRow]:
    """(skeleton, sounds, pk, mark) of each way a place's names in Latin and Arabic letters sound."""
    for sounded in {sounds(name) for name in names}:
        consonants = skeleton(sounded)
        if consonants.isascii() and consonants.isalnum():
            yield (consonants, sounded, pk, mark)


def write_sounds(db: sqlite3.Connection, rows: Iterable[SoundRow]) -> None:
    """Keep the sounds of places that are in the index; the first mark of a sound stays."""
    insert = "INSERT OR IGNORE INTO sounds SELECT country, ?, ?, pk, ? FROM places WHERE pk = ?"
    db.executemany(insert, [(consonants, sounded, mark, pk) for consonants, sounded, pk, mark in rows])


def write_sounding(db: sqlite3.Connection) -> None:
    """Of which countries there are any: once all sounds are written."""
    rows = db.execute("SELECT DISTINCT country FROM sounds ORDER BY country")
    db.execute("INSERT INTO meta VALUES ('sounding', ?)", (" ".join(country for (country,) in rows),))
