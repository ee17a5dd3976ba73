"""Features of other programs: their properties as the columns of a table, under whatever names.

Knows how to tell them from ours. Knows nothing of what columns mean (spreadsheets/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from geoevents.errors import GeoEventsError
from geoevents.messages import Message
from geoevents.spreadsheets import MOST_COLUMNS, Line, Table
from geoevents.workflows.feature_files import Row, read_rows

# Both stand in what we let out and in what was made for us: without them nothing is an event.
_OURS = (re.compile(rb'"title"\s*:'), re.compile(rb'"date_start"\s*:'))
_HEAD = 1 << 16


def as_table(path: Path, *, is_mapped: bool) -> Table | None:
    """
    The features as lines, where those at the start of the file are not as ours are; else None.

    With `is_mapped` always. Raises BadInput, TooLarge and GeoEventsError as feature_files.read_rows.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        reason = error.strerror or str(error)
        raise GeoEventsError(
            Message("{path} cannot be read: {reason}.", path=str(path), reason=reason)
        ) from None
    if all(name.search(head) for name in _OURS) and not is_mapped:
        return None
    names = tuple(dict.fromkeys(name for row in read_rows(path) for name in _properties(row)))
    if not names or len(names) > MOST_COLUMNS:
        return None
    return Table(headings=names, lines=lambda: _lines(path, names))


def with_their_features(rows: Iterable[Row], path: Path) -> Iterator[Row]:
    """The rows made of the lines, each with the feature it was: in what comes back it stands as it was."""
    for made, row in zip(rows, read_rows(path), strict=True):
        feature = made.feature
        if isinstance(feature, dict) and isinstance(row.feature, dict) and "crs" in row.feature:
            feature = feature | {"crs": row.feature["crs"]}
        yield replace(made, feature=feature, original=row.feature, said=row.said)


def _lines(path: Path, names: tuple[str, ...]) -> Iterator[Line]:
    for row in read_rows(path):
        properties = _properties(row)
        geometry = row.feature.get("geometry") if isinstance(row.feature, dict) else None
        cells = tuple(_text(properties.get(name)) for name in names)
        yield Line(row.number, cells, geometry=geometry, fault=row.fault)


def _properties(row: Row) -> dict[str, Any]:
    properties = row.feature.get("properties") if isinstance(row.feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
