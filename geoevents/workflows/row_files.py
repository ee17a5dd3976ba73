"""A file of rows, whatever its format: opened, its columns recognised, its rows as Features.

Knows which files are tables and which GeoJSON. Knows nothing of what becomes of a row (imports.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from geoevents.event_types import Taxonomy
from geoevents.messages import Message
from geoevents.spreadsheets import HowToRead
from geoevents.spreadsheets.opening import is_table, open_table
from geoevents.spreadsheets.rows import Reader, open_reader
from geoevents.workflows.feature_files import Row, read_rows
from geoevents.workflows.others_features import as_table, with_their_features
from geoevents.workflows.rejected_rows import RejectedRows


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFile:
    """
    A file that can be imported: its rows in order; what a person should know of how it was read; for a
    table its headings, (heading, field) of those recognised, and those kept in `extra`.
    """

    path: Path
    rows: Callable[[], Iterator[Row]]
    notes: tuple[Message, ...] = ()
    headings: tuple[str, ...] | None = None
    recognised: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    delimiter: str = ","

    def field_of(self, heading: str) -> str:
        """The field that a column is recognised as, "" where it is kept as it is."""
        return dict(self.recognised).get(heading, "")

    def rejected(self, path: Path) -> RejectedRows:
        """Where the rows that do not land are written."""
        return RejectedRows(path, headings=self.headings, delimiter=self.delimiter)


def open_rows(path: Path, how: HowToRead, taxonomy: Taxonomy) -> RowFile:
    """Raises BadInput or TooLarge for no table, GeoEventsError where the file cannot be read."""
    if not is_table(path):
        return _features(path, how, taxonomy)
    reader = open_reader(open_table(path, how), how, taxonomy)
    columns = reader.columns
    return RowFile(
        path=path,
        rows=lambda: _rows(reader),
        notes=reader.notes,
        headings=reader.table.headings,
        recognised=columns.as_pairs(),
        unknown=tuple(columns.unknown),
        delimiter=reader.table.delimiter or ",",
    )


def _features(path: Path, how: HowToRead, taxonomy: Taxonomy) -> RowFile:
    """Features in our own words as they are; those of other programs by the names of their properties."""
    table = as_table(path, is_mapped=bool(how.maps))
    if table is None:
        return RowFile(path=path, rows=lambda: read_rows(path))
    reader = open_reader(table, how, taxonomy)
    if not reader.columns.says_anything():
        return RowFile(path=path, rows=lambda: read_rows(path))
    return RowFile(
        path=path,
        rows=lambda: with_their_features(_rows(reader), path),
        notes=reader.notes,
        recognised=reader.columns.as_pairs(),
        unknown=tuple(reader.columns.unknown),
    )


def _rows(reader: Reader) -> Iterator[Row]:
    for made in reader.made():
        line = made.line
        yield Row(
            line.number,
            made.feature,
            fault=line.fault,
            problems=made.problems,
            cells=line.cells,
            said=made.said,
        )
