"""Which days a date stands for where its precision says that it stands for more than one.

ACLED's time_precision and UCDP's date_prec. Only a start is widened: where both ends are given, they say it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from geoevents.errors import BadInput
from geoevents.spreadsheets.headings import Columns
from geoevents.times import read_day

# Days before and after. ACLED's date is the middle of the week that is meant, or of the month.
_WEEK, _MONTH = "2", "3"


def period(text: str, precision: str | None, columns: Columns) -> tuple[str, str] | None:
    """(first day, last day) of a date whose precision is coarser than a day; else None."""
    if precision not in (_WEEK, _MONTH) or "date_end" in columns.fields:
        return None
    with suppress(BadInput):
        day = read_day(text)
        if precision == _WEEK:
            three = timedelta(days=3)
            return (day - three).isoformat(), (day + three).isoformat()
        first = day.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return first.isoformat(), last.isoformat()
    return None
