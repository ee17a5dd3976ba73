"""Which comes first in a column of dates, the day or the month: decided for all of it, or asked.

Knows columns of texts. What a single day means, times.py knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from geoevents.errors import InvalidDate
from geoevents.messages import Message

_EITHER = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_TIME = re.compile(
    r"(?<=\d)(?:[T ]\s*|,\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp][Mm]|Z|[+-]\d{2}:?\d{2})?$"
)
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?")
# Days that spreadsheets count (from 1900, with a 29 February that never was): 1954 to 2118.
_SERIALS = range(20_000, 80_000)
_FROM_1900 = date(1899, 12, 30)
_FROM_1904 = date(1904, 1, 1)


class Order(StrEnum):
    """Day or month first; a column may leave it open, or say both."""

    DMY = "dmy"
    MDY = "mdy"
    OPEN = "open"
    BOTH = "both"


@dataclass(slots=True)
class Column:
    """What the dates of a column say together. `examples` are one that decides each way, or the first."""

    day_first: str | None = None
    month_first: str | None = None
    either: str | None = None
    serial: str | None = None

    def look_at(self, text: str) -> None:
        plain = without_time(text)
        if _SERIAL.fullmatch(plain):
            self.serial = self.serial or plain
        match = _EITHER.fullmatch(plain)
        # With full stops the day is first wherever they are used (times.py).
        if match is None or match[2] == ".":
            return
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            self.day_first = self.day_first or plain
        elif second > 12 >= first:
            self.month_first = self.month_first or plain
        elif first != second:
            self.either = self.either or plain

    @property
    def order(self) -> Order:
        if self.day_first and self.month_first:
            return Order.BOTH
        if self.day_first or self.month_first:
            return Order.DMY if self.day_first else Order.MDY
        return Order.OPEN


def looked_at(texts: Iterable[str]) -> Column:
    """
    What a column says.

    >>> looked_at(["03/04/2022", "25/04/2022"]).order.value, looked_at(["03/04/2022"]).order.value
    ('dmy', 'open')
    """
    column = Column()
    for text in texts:
        column.look_at(text)
    return column


def in_order(text: str, order: Order, field: str, *, from_1904: bool = False) -> str:
    """
    The date as times.py reads it: year first where it stood in numbers, the time of day left out.

    Raises InvalidDate, naming `field`, where the column does not say which comes first.

    >>> in_order("03/04/2022 14:30", Order.DMY, "date_start"), in_order("44581", Order.OPEN, "date_start")
    ('2022-04-03', '2022-01-20')
    """
    plain = without_time(text)
    if (serial := _SERIAL.fullmatch(plain)) and int(serial[1]) in _SERIALS:
        return ((_FROM_1904 if from_1904 else _FROM_1900) + timedelta(days=int(serial[1]))).isoformat()
    if match := _YEAR_FIRST.fullmatch(plain):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    match = _EITHER.fullmatch(plain)
    if match is None or match[2] == ".":
        return plain
    first, second = int(match[1]), int(match[3])
    # 5/5/2022 is the same either way.
    if first == second:
        return f"{match[4]}-{first:02}-{second:02}"
    if order in (Order.OPEN, Order.BOTH):
        raise InvalidDate(_which(plain, order), field)
    day, month = (first, second) if order is Order.DMY else (second, first)
    return f"{match[4]}-{month:02}-{day:02}"


def without_time(text: str) -> str:
    r"""
    A date without the time of day behind it.

    >>> without_time("2022-01-20T14:30:00Z"), without_time("20/01/2022 2:30 pm")
    ('2022-01-20', '20/01/2022')
    """
    text = text.strip()
    return _TIME.sub("", text).strip() if ":" in text else text


def _which(text: str, order: Order) -> Message:
    if order is Order.BOTH:
        return Message(
            "'{text}': this column has dates with the day first and others with the month first. Say which it"
            " is with --dates dmy or --dates mdy, or write YYYY-MM-DD.",
            text=text,
        )
    return Message(
        "'{text}' may have the day first or the month first, and no date of this column says which. Say it"
        " with --dates dmy or --dates mdy.",
        text=text,
    )
