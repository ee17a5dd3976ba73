"""Tables of others, read as rows: CSV, workbooks and what GDAL reads; columns recognised, cells understood.

Knows what a table is. Knows nothing of stores, or of what becomes of a row (workflows/imports.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geoevents.errors import BadInput
from geoevents.messages import Message

# Texts and lists of a table are held whole while it is read: some ten times its size in memory.
LARGEST_TABLE = 200_000_000
MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """A row counted from 1, without the one of headings: its cells as text, its shape, or what is wrong."""

    number: int
    cells: tuple[str, ...]
    geometry: Mapping[str, Any] | None = None
    fault: BadInput | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    A table that can be read as often as it takes: its headings, each once, and its lines in order.

    `notes` are what a person should know of how it was read. `delimiter` is None for what is no CSV.
    `from_1904` is true where its program counts days from 1904 (workbooks of old Macs).
    """

    headings: tuple[str, ...]
    lines: Callable[[], Iterator[Line]]
    notes: tuple[Message, ...] = ()
    delimiter: str | None = None
    from_1904: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToRead:
    """
    What somebody said of a table: its encoding, its sheet or layer; None is found out.

    `maps` are (their heading, our field); `dates` is "dmy" or "mdy".
    """

    encoding: str | None = None
    sheet: str | None = None
    dates: str | None = None
    maps: tuple[tuple[str, str], ...] = ()


def each_once(headings: tuple[str, ...]) -> tuple[str, ...]:
    """
    Headings without blank or doubled ones.

    >>> each_once((" title", "", "title"))
    ('title', 'column 2', 'title (2)')
    """
    seen: dict[str, int] = {}
    made = []
    for number, heading in enumerate(headings, 1):
        name = " ".join(heading.split())[:200] or f"column {number}"
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(made)


def ragged(number: int, count: int, expected: int) -> BadInput:
    """What to say of a line that has too many cells, or too few."""
    return BadInput(
        Message(
            "row {row}: {count} cells, expected {expected}. A text with the delimiter or a line end in it"
            " stands in quotes.",
            row=number, count=count, expected=expected,
        )
    )  # fmt: skip
