"""Events as flat rows: CSV that a spreadsheet opens safely, and the row's way back.

Knows columns, cells and well-known text. Knows nothing of geopandas (frames.py) or of files.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from geoevents.errors import BadInput
from geoevents.events import Event
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.record_forms import SOURCE_FIELDS
from geoevents.record_stored import PROPERTIES, written, written_translations
from geoevents.regions import Certainty

# The first source again, for people: read only where the column `sources` is empty.
_FIRST_SOURCE = ("source_publisher", "source_url")
MATCH = "match"
COLUMNS = ("id", *PROPERTIES, *_FIRST_SOURCE, "lon", "lat", "geometry")
# Spreadsheets take UTF-8 for what it is only with this in front.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Cell = str | int | float | bool | None

_LEFT_EMPTY = frozenset({"translations", "about", "actors", "sources", "tags", "extra"})
# What a spreadsheet takes for a formula, after OWASP's "CSV Injection"; with blanks and full-width signs.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_GEOJSON = re.compile(r"^\s*\{")


def safe_cell(text: str) -> str:
    """
    Text that no spreadsheet runs: an apostrophe stands before what would be a formula.

    >>> safe_cell("=1+1"), safe_cell("'=1+1"), safe_cell("Assault")
    ("'=1+1", "''=1+1", 'Assault')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unsafe_cell(text: str) -> str:
    """
    The text that safe_cell was given.

    >>> unsafe_cell(safe_cell("'=1+1"))
    "'=1+1"
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def flat_row(event: Event) -> dict[str, Cell]:
    """
    An event as one row of COLUMNS. Lists and objects are JSON text, tags are separated by commas.

    `lon` and `lat` are those of a point; any other shape stands in `geometry` as well-known text.
    """
    first = event.sources[0] if event.sources else None
    point = event.geometry if event.geometry and event.geometry.is_point else None
    return {
        "id": event.id,
        **{name: _cell(name, getattr(event, name), event) for name in PROPERTIES},
        "source_publisher": first.publisher if first else None,
        "source_url": first.url if first else None,
        "lon": point.coordinates[0] if point else None,
        "lat": point.coordinates[1] if point else None,
        "geometry": well_known_text(event.geometry) if event.geometry and not point else None,
    }


def csv_lines(events: Iterable[Event]) -> Iterator[bytes]:
    """RFC 4180 CSV in UTF-8, header first, behind a byte order mark; formulas neutralised (safe_cell)."""
    yield BYTE_ORDER_MARK + line_of(COLUMNS)
    for event in events:
        yield line_of(flat_row(event).values())


def matched_csv_lines(found: Iterable[tuple[Event, Certainty]]) -> Iterator[bytes]:
    """As `csv_lines`, with a last column that says how surely each event is what was asked for."""
    yield BYTE_ORDER_MARK + line_of((*COLUMNS, MATCH))
    for event, certainty in found:
        yield line_of((*flat_row(event).values(), certainty.value))


def fields_from_row(row: Mapping[str, str]) -> dict[str, str]:
    """
    The text fields of a row of ours, ready for geojson.draft_from_fields; cells are no longer neutral.

    Raises BadInput, naming geometry, for well-known text that cannot be read.
    """
    texts = {name: unsafe_cell(text) for name, text in row.items()}
    # How surely it was what somebody asked for says nothing of the event.
    if texts.get(MATCH) in tuple(Certainty):
        del texts[MATCH]
    if texts.get("sources"):
        texts = {name: text for name, text in texts.items() if name not in SOURCE_FIELDS}
    if texts.get("geometry") and not _GEOJSON.match(texts["geometry"]):
        texts["geometry"] = json.dumps(_from_well_known_text(texts["geometry"]))
    return texts


def line_of(cells: Iterable[Cell]) -> bytes:
    """Cells as a line of CSV in UTF-8, formulas neutralised."""
    written_to = io.StringIO()
    csv.writer(written_to).writerow(map(_as_text, cells))
    return written_to.getvalue().encode()


def well_known_text(geometry: Geometry) -> str:
    """
    The geometry as OGC well-known text, longitude first.

    >>> well_known_text(Geometry("LineString", ((40.5, 36.0), (40.75, 36.5))))
    'LINESTRING (40.5 36.0, 40.75 36.5)'
    """
    inner = _spelled(geometry.coordinates)
    return f"{geometry.type.upper()} {f'({inner})' if geometry.is_point else inner}"


def _cell(name: str, value: Any, event: Event) -> Cell:
    if name in _LEFT_EMPTY and not value:
        return None
    if name == "tags" and not any("," in tag or tag.startswith("[") for tag in value):
        return ", ".join(value)
    plain = written_translations(event.translations) if name == "translations" else written(value)
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, (list, dict)) else plain


def _as_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return safe_cell(cell)
    return "" if cell is None else json.dumps(cell)


def _spelled(part: Any) -> str:
    if isinstance(part[0], float):
        return " ".join(repr(number) for number in part)
    return f"({', '.join(_spelled(inner) for inner in part)})"


def _from_well_known_text(text: str) -> Mapping[str, Any]:
    from shapely import from_wkt
    from shapely.errors import ShapelyError
    from shapely.geometry import mapping

    try:
        shape: Mapping[str, Any] = mapping(from_wkt(text))
    except ShapelyError:
        raise BadInput(
            Message("geometry '{text}' is neither well-known text nor GeoJSON.", text=text[:60]), "geometry"
        ) from None
    return shape
