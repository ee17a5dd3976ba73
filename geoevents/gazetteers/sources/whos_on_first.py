"""Reads Who's On First: its SQLite distribution, a folder or zip of its records, or its CSV of a country.

Knows its placetypes, how it says that something is no longer there, and whose ids it names as the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput
from geoevents.gazetteers.scripts import names_among
from geoevents.gazetteers.sources.features import columns_of, features_of
from geoevents.gazetteers.sources.geonames_dumps import FIRST_MADE_UP, is_number, position_of
from geoevents.gazetteers.sources.options import Options
from geoevents.gazetteers.sources.records import LeftOut, Record
from geoevents.messages import Message

_KINDS = {
    "locality": "settlement", "region": "admin1", "county": "admin2", "localadmin": "area",
    **dict.fromkeys(("borough", "macrohood", "neighbourhood", "microhood"), "quarter"),
}  # fmt: skip
# ISO 639-3, as its names are marked, to ours.
_LANGUAGES = {"eng": "en", "ara": "ar", "kmr": "kmr", "kur": "kmr", "ckb": "ckb", "tur": "tr"}
_SQLITE = b"SQLite format 3\x00"
_GONE = ("edtf:deprecated", "edtf:cessation", "wof:superseded_by", "deprecated", "superseded_by")


def recognises(path: Path) -> bool:
    if _is_sqlite(path):
        return path.suffix != ".gpkg" and _has_records(path)
    columns = columns_of(path)
    return "wof:id" in columns or {"placetype", "wof_country"} <= columns or {"id", "lbl_latitude"} <= columns


def read(path: Path, options: Options) -> Iterator[Record | LeftOut]:
    for row, properties in _records(path, options):
        yield _place(row, properties, options)


def _is_sqlite(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _has_records(path: Path) -> bool:
    try:
        with closing(_opened(path)) as db:
            return db.execute("SELECT 1 FROM geojson LIMIT 1").fetchone() is not None
    except sqlite3.DatabaseError:
        return False


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _records(path: Path, options: Options) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if not _is_sqlite(path):
        for feature in features_of(path, options.encoding):
            yield feature.row, feature.properties
        return
    try:
        with closing(_opened(path)) as db:
            for row, (body,) in enumerate(db.execute("SELECT body FROM geojson"), 1):
                read = json.loads(body)
                properties = read.get("properties") if isinstance(read, dict) else None
                yield row, properties if isinstance(properties, dict) else {}
    except (sqlite3.DatabaseError, TypeError, ValueError, RecursionError) as error:
        raise BadInput(
            Message("{path} is damaged: {reason}. Get it once more.", path=path.name, reason=str(error))
        ) from None


def _place(row: int, of: Mapping[str, Any], options: Options) -> Record | LeftOut:
    key, name = _said(of, "wof:id", "id"), _said(of, "wof:name", "name")
    country = _said(of, "iso:country", "wof:country", "wof_country", "iso").upper()
    kind = _KINDS.get(_said(of, "wof:placetype", "placetype"))
    position = _position(of)
    if not (is_number(key) and name):
        return LeftOut(row, "no name", is_damaged=True)
    if kind is None:
        return LeftOut(row, "kind")
    if _said(of, "mz:is_current", "is_current") == "0" or any(_is_over(of.get(mark)) for mark in _GONE):
        return LeftOut(row, "not current")
    if options.countries and country not in options.countries:
        return LeftOut(row, "country")
    if position is None:
        return LeftOut(row, "position", is_damaged=True)
    return Record(
        place_id=f"wof:{key}",
        name=name,
        kind=kind,
        lon=position[0],
        lat=position[1],
        country_code=country if len(country) == 2 and country.isalpha() else None,
        names=list(_names(of)),
        other_ids=list(_geonames_ids(of)),
        population=_number(of.get("wof:population") or of.get("gn:population")),
    )


def _geonames_ids(of: Mapping[str, Any]) -> Iterator[str]:
    same = of.get("wof:concordances")
    theirs = str(same.get("gn:id") or "") if isinstance(same, dict) else ""
    if is_number(theirs) and int(theirs) < FIRST_MADE_UP:
        yield f"geonames:{theirs}"


def _names(of: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, values in of.items():
        if not (key.startswith("name:") and isinstance(values, list)):
            continue
        lang = _LANGUAGES.get(key[5:8], "")
        for guessed, name in names_among([str(value) for value in values]):
            yield lang or (guessed if key[5:8] == "und" else ""), name


def _position(of: Mapping[str, Any]) -> tuple[float, float] | None:
    for prefix in ("lbl:", "geom:", "lbl_", "geom_"):
        found = position_of(_said(of, f"{prefix}longitude"), _said(of, f"{prefix}latitude"))
        if found is not None:
            return found
    return None


def _said(of: Mapping[str, Any], *keys: str) -> str:
    """The first of some keys that says anything, 0 included."""
    return next((str(of[key]).strip() for key in keys if of.get(key) not in (None, "")), "")


def _is_over(value: object) -> bool:
    """Whether a date of an end, or a list of successors, is more than a way to say that there is none."""
    return str(value or "").strip("[] ") not in ("", "uuuu", "u", "..", "0", "-1")


def _number(value: object) -> int:
    text = str(value or "")
    return int(text) if is_number(text) else 0
