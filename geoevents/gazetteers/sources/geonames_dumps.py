"""Reads a dump in GeoNames' format: 19 columns parted by tabs, one line a place, no header.

Columns: https://download.geonames.org/export/dump/readme.txt. Others write the format, too, with numbers of
their own: 900,000,000 and above were never GeoNames', and such a row is named after its source.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geoevents.errors import BadInput
from geoevents.gazetteers.scripts import names_among
from geoevents.gazetteers.sources.archives import head, is_zip, lines_of, members
from geoevents.gazetteers.sources.options import Options
from geoevents.gazetteers.sources.records import LeftOut, Record
from geoevents.messages import Message

COLUMNS = 19
FIRST_MADE_UP = 900_000_000
_MOST_DIGITS = 18


def recognises(path: Path) -> bool:
    """Whether a file, or the one list in a zip, begins as such a dump does."""
    if path.is_dir() or (member := _member(path)) == "":
        return False
    return head(path, member).partition("\n")[0].count("\t") == COLUMNS - 1


def read(path: Path, options: Options) -> Iterator[Record | LeftOut]:
    """A place or the reason against it, for each line. Raises BadInput over what is not text, or was cut."""
    with lines_of(path, _member(path), encoding=options.encoding) as lines:
        last = "\n"
        for number, last in enumerate(lines, 1):
            yield _place(number, last.rstrip("\r\n").split("\t"), options)
        if not last.endswith(("\n", "\r")) and last.count("\t") != COLUMNS - 1:
            raise BadInput(
                Message("{path} ends within a line: it was cut. Get it once more.", path=path.name)
            )


def _member(path: Path) -> str | None:
    """The list in a zip: its largest text that is no readme."""
    if path.is_dir() or not is_zip(path):
        return None
    texts = [
        each for each in members(path) if each.filename.endswith(".txt") and "readme" not in each.filename
    ]
    return max(texts, key=lambda each: each.file_size).filename if texts else ""


def _place(number: int, cells: list[str], options: Options) -> Record | LeftOut:
    if len(cells) != COLUMNS:
        return LeftOut(number, "columns", is_damaged=True)
    key, name, country = cells[0], cells[1].strip(), cells[8].strip().upper()
    if not (is_number(key) and name):
        return LeftOut(number, "no name", is_damaged=True)
    if options.countries and country not in options.countries:
        return LeftOut(number, "country")
    kind = options.wanted.kind(cells[6], cells[7])
    if kind is None:
        return LeftOut(number, "kind")
    position = position_of(cells[5], cells[4])
    if position is None:
        return LeftOut(number, "position", is_damaged=True)
    is_theirs = options.geonames_ids and int(key) < FIRST_MADE_UP
    return Record(
        place_id=f"geonames:{int(key)}" if is_theirs else f"{options.name}:{key}",
        name=name,
        kind=kind,
        lon=position[0],
        lat=position[1],
        country_code=country if len(country) == 2 else None,
        names=[each for each in names_among([name, cells[2], *cells[3].split(",")]) if each != ("", name)],
        admin1_code=cells[10].strip() or None,
        population=int(cells[14]) if is_number(cells[14]) else 0,
    )


def is_number(text: str) -> bool:
    """Whether it is a whole number in plain digits, of no more than anything is counted in."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def position_of(lon: str, lat: str) -> tuple[float, float] | None:
    """(lon, lat) in degrees; None for what is no position, and for 0, 0, where nothing is that is named."""
    # float() takes 3_6 for 36.
    if "_" in lon + lat:
        return None
    try:
        position = float(lon), float(lat)
    except ValueError:
        return None
    if not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90) or position == (0, 0):
        return None
    return position
