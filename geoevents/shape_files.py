"""Files that GDAL may be given: those that are what their ending says, for GDAL goes by what is in them.

A file of any name that describes other files or servers would be obeyed: it would open them, and what they
hold would be read as events. Knows how such files begin. Reads nothing of their events.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

from geoevents.errors import BadInput
from geoevents.messages import Message

# The first bytes: SQLite's file format, FlatGeobuf's magic bytes, ESRI Shapefile Technical Description p. 4.
_BEGINS = {".gpkg": b"SQLite format 3\0", ".fgb": b"fgb\x03", ".shp": b"\0\0\x27\x0a"}


def must_be_what_it_says(path: Path) -> None:
    """Raise BadInput unless the file is what its ending says, holding its features itself. Raises OSError."""
    ending = path.suffix.lower()
    if ending == ".kml":
        _must_be_kml(path)
        return
    with path.open("rb") as file:
        start = file.read(16)
    if ending not in _BEGINS or not start.startswith(_BEGINS[ending]):
        raise BadInput(
            Message("{path} is no {kind} file, whatever it is called. Save it anew from your program.",
                    path=path.name, kind=ending.removeprefix(".").upper())
        )  # fmt: skip
    if ending == ".gpkg":
        _must_hold_tables(path)


def _must_be_kml(path: Path) -> None:
    try:
        # A document type, which could declare entities, has been refused before.
        parsed = ElementTree.iterparse(path, events=("start", "end"))  # noqa: S314
        _, root = next(parsed)
        for event, element in parsed:
            if event == "end":
                element.clear()
    except (ElementTree.ParseError, StopIteration) as error:
        raise BadInput(
            Message("{path} cannot be read: {reason}.", path=path.name, reason=str(error)[:200])
        ) from None
    if root.tag.rpartition("}")[2] != "kml":
        raise BadInput(
            Message("{path} is no {kind} file, whatever it is called. Save it anew from your program.",
                    path=path.name, kind="KML")
        )  # fmt: skip


def _must_hold_tables(path: Path) -> None:
    """A layer that is worked out as it is read can be of any size, whatever the file's."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            plain = set(_plain_tables(database))
            names = {"gpkg_contents", "gpkg_geometry_columns"}
            if names <= plain:
                names = {
                    str(name).casefold()
                    for (name,) in database.execute("SELECT table_name FROM gpkg_contents")
                }
    except sqlite3.Error as error:
        raise BadInput(
            Message("{path} cannot be read: {reason}.", path=path.name, reason=str(error)[:200])
        ) from None
    if missing := sorted(names - plain):
        raise BadInput(
            Message("The layer {name} of {path} is no table of its own. Save it as one, in a new file.",
                    name=missing[0][:80], path=path.name)
        )  # fmt: skip


def _plain_tables(database: sqlite3.Connection) -> Iterator[str]:
    made = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return (
        str(name).casefold() for name, sql in made if str(sql).lstrip().upper().startswith("CREATE TABLE")
    )
