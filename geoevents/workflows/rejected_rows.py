"""The rows that did not land, as a file of the same kind that one can mend and import again.

Knows GeoJSON, where what was wrong is a member of the row, and CSV, where it is two more columns.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from geoevents.errors import GeoEventsError
from geoevents.messages import Message
from geoevents.spreadsheets.headings import REASON, VERDICT
from geoevents.spreadsheets.opening import is_table
from geoevents.tables import BYTE_ORDER_MARK, safe_cell
from geoevents.workflows.feature_files import REJECTED, Row


class RejectedRows:
    """
    The rows that did not land, one a line, each with what was wrong.

    Nothing is written unless there is one; the file appears whole, on `close`. Where it cannot be
    written, rows are counted all the same, and `close` says so: the good ones need not wait for it.
    With `headings` it is a table of these columns, else a FeatureCollection.
    """

    def __init__(self, path: Path, *, headings: Sequence[str] | None = None, delimiter: str = ",") -> None:
        self.path = path
        self.count = 0
        self._headings = None if headings is None else tuple(headings)
        self._kept = [n for n, name in enumerate(headings or ()) if name.lower() not in (VERDICT, REASON)]
        self._delimiter = delimiter
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        self._file: IO[str] | None = None
        self._fault: OSError | None = None

    def add(self, row: Row, reason: dict[str, object]) -> None:
        line = self._as_feature(row, reason) if self._headings is None else self._as_cells(row, reason)
        if self._fault is None:
            try:
                self._write(line)
            except OSError as error:
                self._fault = error
        self.count += 1

    def close(self) -> None:
        """Put the file in its place. Raises GeoEventsError where that, or writing a row, failed."""
        if self._fault is not None:
            raise self._unwritable(self._fault)
        if self._file is None:
            return
        try:
            with self._file as file:
                if self._headings is None:
                    file.write("\n]}\n")
            self._draft.replace(self.path)
        except OSError as error:
            raise self._unwritable(error) from None

    def discard(self) -> None:
        if self._file is not None:
            # What a full disk did not take is tried once more here, and is to be thrown away anyway.
            with suppress(OSError):
                self._file.close()
            self._draft.unlink(missing_ok=True)

    def _as_feature(self, row: Row, reason: dict[str, object]) -> str:
        given = row.feature if row.original is None else row.original
        feature = given if isinstance(given, dict) else {"type": "Feature", "properties": {}}
        if not isinstance(given, dict):
            reason = reason | {"row_as_it_was": given}
        return (",\n" if self.count else "") + json.dumps(feature | {REJECTED: reason}, ensure_ascii=False)

    def _as_cells(self, row: Row, reason: dict[str, object]) -> str:
        cells = row.cells or ()
        # A ragged row keeps what it has beyond the columns: somebody must see it to mend it.
        beyond = list(cells[len(self._headings or ()) :])
        kept = [cells[index] if index < len(cells) else "" for index in self._kept]
        said = [str(reason["verdict"]), str(reason["reason"] or "")]
        return self._line([*map(safe_cell, kept), *said, *map(safe_cell, beyond)])

    def _line(self, cells: Sequence[str]) -> str:
        written = io.StringIO()
        csv.writer(written, delimiter=self._delimiter).writerow(cells)
        return written.getvalue()

    def _write(self, line: str) -> None:
        if self._file is None:
            self._file = self._draft.open("w", encoding="utf-8", errors="backslashreplace", newline="")
            if self._headings is None:
                self._file.write('{"type":"FeatureCollection","features":[\n')
            else:
                self._file.write(BYTE_ORDER_MARK.decode())
                names = [self._headings[index] for index in self._kept]
                self._file.write(self._line([*map(safe_cell, names), VERDICT, REASON]))
        self._file.write(line)

    def _unwritable(self, error: OSError) -> GeoEventsError:
        said = Message(
            "The rows that did not land cannot be written to {path}: {reason}. --json shows them.",
            path=self.path.name, reason=error.strerror or str(error),
        )  # fmt: skip
        return GeoEventsError(said)


def place_for_rejected(path: Path) -> Path:
    """FILE.rejected.csv or .geojson, or with a number where an earlier one may hold somebody's mending."""
    ending = "csv" if is_table(path) else "geojson"
    wanted = path.with_name(f"{path.name}.rejected.{ending}")
    number = 2
    while wanted.exists():
        wanted = path.with_name(f"{path.name}.rejected-{number}.{ending}")
        number += 1
    return wanted
