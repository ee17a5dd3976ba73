"""Workbooks (XLSX): one sheet as a table. Formulas are never worked out: what was last shown is read.

Knows sheets and cells, through openpyxl in its reading mode. Knows nothing of what columns mean.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput, TooLarge
from geoevents.messages import Message
from geoevents.spreadsheets import MOST_COLUMNS, HowToRead, Line, Table, each_once, ragged
from geoevents.spreadsheets.packed import check

_CHUNK = 1 << 20


def read(path: Path, how: HowToRead) -> Table:
    """Raises BadInput where it is no workbook or has no such sheet, TooLarge, OSError."""
    members = check(path)
    with closing(_opened(path)) as book:
        names = [
            sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"
        ] or book.sheetnames
        sheet = _chosen(path, names, book.sheetnames, how.sheet)
        from_1904 = book.epoch.year == 1904
    rows = list(_rows(path, sheet))
    if not rows:
        raise BadInput(Message("The sheet {sheet} of {path} is empty.", sheet=sheet, path=path.name))
    headings = each_once(rows[0])
    notes = _notes(path, members, names, sheet, how)
    return Table(
        headings=headings, lines=lambda: _lines(rows, len(headings)), notes=notes, from_1904=from_1904
    )


def _opened(path: Path) -> Any:
    import openpyxl

    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    # openpyxl lets out whatever its parsers trip over.
    except Exception as error:
        raise BadInput(
            Message("{path} is no workbook that can be read: {reason}.", path=path.name,
                    reason=str(error)[:100])
        ) from None  # fmt: skip


def _chosen(path: Path, visible: list[str], names: list[str], said: str | None) -> str:
    if not names:
        raise BadInput(Message("{path} has no sheet that can be read.", path=path.name))
    if said is None:
        return (visible or names)[0]
    found = next((name for name in names if name.strip().casefold() == said.strip().casefold()), None)
    if found is None:
        raise BadInput(
            Message("{path} has no sheet '{said}', but {names}.", path=path.name, said=said[:80],
                    names=", ".join(names)), "sheet",
        )  # fmt: skip
    return found


def _rows(path: Path, sheet: str) -> Iterator[tuple[str, ...]]:
    """The rows that say anything, blank cells at their ends left out."""
    with closing(_opened(path)) as book:
        page = book[sheet]
        # What a sheet says of its own size is often wrong, and every row would be filled up to it.
        page.reset_dimensions()
        try:
            for values in page.iter_rows(values_only=True):
                if len(values) > MOST_COLUMNS:
                    raise TooLarge(
                        Message("{path} has more than {limit} columns.", path=path.name, limit=MOST_COLUMNS)
                    )
                cells = [_text(value) for value in values]
                while cells and not cells[-1].strip():
                    cells.pop()
                if cells:
                    yield tuple(cells)
        except (ValueError, KeyError, SyntaxError, zipfile.BadZipFile, EOFError) as error:
            if isinstance(error, TooLarge):
                raise
            raise BadInput(
                Message("{path} is no workbook that can be read: {reason}.", path=path.name,
                        reason=str(error)[:100])
            ) from None  # fmt: skip


def _lines(rows: list[tuple[str, ...]], width: int) -> Iterator[Line]:
    for number, cells in enumerate(rows[1:], 1):
        if len(cells) > width:
            yield Line(number, cells, fault=ragged(number, len(cells), width))
        else:
            yield Line(number, cells + ("",) * (width - len(cells)))


def _text(value: object) -> str:
    """A cell as it would stand in a CSV file."""
    if value is None or isinstance(value, (time, timedelta)):
        return "" if value is None else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _notes(
    path: Path, members: list[str], names: list[str], sheet: str, how: HowToRead
) -> tuple[Message, ...]:
    notes = []
    if len(names) > 1 and how.sheet is None:
        notes.append(
            Message(
                "{path} has the sheets {names}: {sheet} is read. Name another with --sheet.",
                path=path.name, names=", ".join(names[:20]), sheet=sheet,
            )
        )  # fmt: skip
    if _has_formulas(path, members):
        notes.append(
            Message(
                "{path} has formulas: what their program last showed is read, nothing is worked out here.",
                path=path.name,
            )
        )
    return tuple(notes)


def _has_formulas(path: Path, members: list[str]) -> bool:
    with zipfile.ZipFile(path) as archive:
        for name in members:
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                before = b""
                with archive.open(name) as member:
                    for chunk in iter(lambda: member.read(_CHUNK), b""):
                        if b"<f>" in before + chunk or b"<f " in before + chunk:
                            return True
                        before = chunk[-3:]
    return False
