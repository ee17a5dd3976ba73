"""CSV as programs write it: parted by commas, semicolons or tabs, with line ends in quotes, in some encoding.

Knows delimiters and quotes. Knows nothing of what columns mean (headings.py) or which encodings there are.
"""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from geoevents.errors import BadInput, TooLarge
from geoevents.messages import Message
from geoevents.spreadsheets import LARGEST_TABLE, MOST_COLUMNS, HowToRead, Line, Table, each_once, ragged
from geoevents.spreadsheets.encodings import encoding_of

DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 1_000_000
_LOOKED_AT = 50


def read(path: Path, how: HowToRead) -> Table:
    """Raises BadInput where it has no headings or no known encoding, TooLarge, OSError."""
    if path.stat().st_size > LARGEST_TABLE:
        raise TooLarge(
            Message(
                "{path} has more than {limit} MB, the most that is read at once. Divide it.",
                path=path.name, limit=LARGEST_TABLE // 1_000_000,
            )
        )  # fmt: skip
    encoding, notes = encoding_of(path, how.encoding)
    csv.field_size_limit(_LONGEST_CELL)
    delimiter = _delimiter(path, encoding)
    with closing(_records(path, encoding, delimiter)) as records:
        first = next((each for each in records if not isinstance(each, BadInput)), None)
    if first is None:
        raise BadInput(Message("{path} is empty: it has no headings.", path=path.name))
    if len(first) > MOST_COLUMNS:
        raise TooLarge(Message("{path} has more than {limit} columns.", path=path.name, limit=MOST_COLUMNS))
    headings = each_once(tuple(first))
    return Table(
        headings=headings,
        lines=lambda: _lines(path, encoding, delimiter, len(headings)),
        notes=notes,
        delimiter=delimiter,
    )


def _lines(path: Path, encoding: str, delimiter: str, width: int) -> Iterator[Line]:
    with closing(_records(path, encoding, delimiter)) as records:
        next(records, None)
        for number, record in enumerate(records, 1):
            if isinstance(record, BadInput):
                yield Line(number, (), fault=record)
                continue
            while len(record) > width and not record[-1].strip():
                record.pop()
            fault = None if len(record) == width else ragged(number, len(record), width)
            yield Line(number, tuple(record), fault=fault)


def _records(path: Path, encoding: str, delimiter: str) -> Generator[list[str] | BadInput]:
    """The records that say anything, the headings first. What cannot be parted is a fault among them."""
    with path.open(encoding=encoding, newline="") as text:
        records = csv.reader(text, delimiter=delimiter)
        is_first = True
        while True:
            try:
                record = next(records)
            except StopIteration:
                return
            except csv.Error as error:
                yield BadInput(
                    Message("The row cannot be read ({reason}): is a quote open?", reason=str(error))
                )
                continue
            except UnicodeError:
                raise _not_text(path, encoding, records.line_num) from None
            if is_first and len(record) <= 2 and record and record[0].lower().startswith("sep="):
                continue
            if any(cell.strip() for cell in record):
                is_first = False
                yield record


def _delimiter(path: Path, encoding: str) -> str:
    """The one by which most records have as many cells as there are headings; of two, the one of more."""

    def fitness(delimiter: str) -> tuple[bool, float, int]:
        with closing(_records(path, encoding, delimiter)) as records:
            seen = [len(each) for each in islice(records, _LOOKED_AT) if not isinstance(each, BadInput)]
        if not seen:
            return False, 0.0, 0
        return seen[0] > 1, sum(each == seen[0] for each in seen) / len(seen) // 0.25, seen[0]

    return max(DELIMITERS, key=fitness)


def _not_text(path: Path, encoding: str, line: int) -> BadInput:
    return BadInput(
        Message(
            "{path} is not {encoding} after line {line}. Say its encoding with --encoding.",
            path=path.name, encoding=encoding.removesuffix("-sig").replace("cp", "windows-"), line=line,
        )
    )  # fmt: skip
