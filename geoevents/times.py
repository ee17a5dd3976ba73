"""When something happened: calendar days, stretches of days, and the dates people write.

Knows days, intervals and instants. Knows nothing of files, forms or maps.
To accept a new date spelling: a word in _MONTHS, a row in tests/test_times.py, a line in docs/data-format.md.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from geoevents.errors import InvalidDate, InvalidInterval
from geoevents.folding import fold
from geoevents.messages import Message

FIRST_YEAR = 1800
LAST_YEAR = 2200

# Month names in English, Arabic (as in Egypt, then Levantine), Turkish and Kurmanji, first to last.
# Source: Unicode CLDR calendars for ar, ar-SY, tr, ku, and the Kurmanji variants of newspapers.
_MONTHS = (
    "january jan يناير كانون_الثاني ocak rebendan cile kanuna_pasin",
    "february feb فبراير شباط subat resemi resemeh sibat",
    "march mar مارس آذار mart adar avdar",
    "april apr أبريل نيسان nisan avrel",
    "may مايو أيار mayis gulan",
    "june jun يونيو حزيران haziran hezeran heziran pusper",
    "july jul يوليو تموز temmuz tirmeh tirmah",
    "august aug أغسطس آب agustos gelawej tebax",
    "september sep sept سبتمبر أيلول eylul ilon rezber",
    "october oct أكتوبر تشرين_الأول ekim cotmeh kewcer ciriya_pesin",
    "november nov نوفمبر تشرين_الثاني kasim mijdar sermawez ciriya_pasin",
    "december dec ديسمبر كانون_الأول aralik berfanbar kanun kanuna_pesin",
)
_MONTH_NUMBERS = {
    fold(name.replace("_", " ")): number for number, row in enumerate(_MONTHS, 1) for name in row.split()
}
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# Full stops go with day, month, year wherever they are used (Turkish, Kurdish, German, Russian).
_DOTTED = re.compile(r"\s*\d{1,2}\. ?\d{1,2}\. ?\d{4}\s*")
# With slashes or hyphens some put the day first, others the month: nobody is guessed for.
_EITHER_FIRST = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4})\s*")
_NO_DAY = re.compile(r"\s*[-+\u2212]")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2}) ([^\W\d]+(?: [^\W\d]+)?) (\d{4})")
_MONTH_DAY_YEAR = re.compile(r"([^\W\d]+) (\d{1,2}) (\d{4})")


class Occurrence(StrEnum):
    """Whether the bounds of a stretch of days are our uncertainty (once) or its duration (lasting)."""

    ONCE = "once"
    LASTING = "lasting"


@dataclass(frozen=True, slots=True)
class Interval:
    """
    A closed stretch of calendar days. An end that is None is open.

    >>> january = Interval.parse("2022-01-01/2022-01-31")
    >>> january.intersects(Interval.parse("2022-01-31/.."))
    True
    """

    start: date | None
    end: date | None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise InvalidInterval(
                Message(
                    "The stretch of days ends on {end}, before it starts on {start}. Exchange the two.",
                    start=self.start,
                    end=self.end,
                ),
                "datetime",
            )

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read an OGC datetime: a day, or start/end with ".." or nothing for open. Raises InvalidInterval."""
        first, slash, last = text.partition("/")
        try:
            interval = cls(_bound(first), _bound(last if slash else first))
        except InvalidDate as error:
            raise InvalidInterval(error.message, "datetime") from None
        if interval.start is None and interval.end is None:
            raise InvalidInterval(
                Message(
                    "'{text}' names no day. Write 2024-05-01, 2024-05-01/2024-05-31, or 2024-05-01/..",
                    text=text[:60],
                ),
                "datetime",
            )
        return interval

    def intersects(self, other: Interval) -> bool:
        return _not_after(self.start, other.end) and _not_after(other.start, self.end)

    def __str__(self) -> str:
        start, end = (day.isoformat() if day else ".." for day in (self.start, self.end))
        return start if start == end else f"{start}/{end}"


def read_day(text: str, field: str = "date") -> date:
    """
    The calendar day a person wrote: YYYY-MM-DD, or a day, a month's name and a year.

    Digits of any script; month names in English, Arabic, Turkish and Kurmanji. Of purely numeric forms
    year first and, with full stops, day first (20.01.2022): 03/04/2022 is two different days.
    Raises InvalidDate.

    >>> read_day("٢٠٢٦-١١-٢٢") == read_day("22 تشرين الثاني 2026") == read_day("22 Mijdar 2026")
    True
    """
    folded = "" if _NO_DAY.match(text) else fold(text)
    if _DOTTED.fullmatch(text):
        day, month, year = (int(part) for part in folded.split())
    elif match := _ISO_DAY.fullmatch(folded.replace(" ", "-")):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_MONTH_YEAR.fullmatch(folded):
        day, month, year = int(match[1]), month_number(match[2]), int(match[3])
    elif match := _MONTH_DAY_YEAR.fullmatch(folded):
        month, day, year = month_number(match[1]), int(match[2]), int(match[3])
    else:
        raise _not_a_date(text, field)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidDate(
            Message(
                "The year {year} is outside {first} to {last}. Write YYYY-MM-DD.",
                year=year,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            ),
            field,
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise _not_a_date(text, field) from None


def month_number(name: str) -> int:
    """
    1 to 12 for the folded name of a month, 0 for what is none.

    >>> month_number(fold("شباط")), month_number("mijdar"), month_number("someday")
    (2, 11, 0)
    """
    return _MONTH_NUMBERS.get(name, 0)


def instant(moment: datetime) -> str:
    """
    An instant as RFC 3339 in UTC, to the microsecond, so that text order is time order.

    >>> instant(datetime(2022, 1, 25, 9, tzinfo=UTC))
    '2022-01-25T09:00:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_instant(text: str, field: str = "updated") -> datetime:
    """An RFC 3339 instant, taken to UTC. Raises InvalidDate; a time without a zone is refused."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidDate(
            Message("'{text}' is not an instant. Write 2024-05-01T12:00:00Z.", text=text[:60]), field
        )
    return moment.astimezone(UTC)


def latest_allowed(today: date) -> date:
    """The last day an event may be dated: tomorrow somewhere may be today there."""
    return today + timedelta(days=1)


def _bound(text: str) -> date | None:
    text = text.strip()
    return None if text in ("", "..") else read_day(text, "datetime")


def _not_after(first: date | None, second: date | None) -> bool:
    return first is None or second is None or first <= second


def _not_a_date(text: str, field: str) -> InvalidDate:
    readings = _readings(text)
    if len(readings) == 2:
        first, second = readings
        return InvalidDate(
            Message(
                "'{text}' may mean {first} or {second}: some write the day first, some the month. Write"
                " the one that is meant.",
                text=text.strip(), first=first.isoformat(), second=second.isoformat(),
            ),
            field,
        )  # fmt: skip
    way_out = readings[0].isoformat() if readings else "2024-05-01"
    return InvalidDate(
        Message("'{text}' is not a date. Write YYYY-MM-DD, such as {day}.", text=text[:60], day=way_out),
        field,
    )


def _readings(text: str) -> list[date]:
    """The days that 03/04/2022 may mean, day first and month first."""
    found = []
    if match := _EITHER_FIRST.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        for day, month in ((first, second), (second, first)):
            with suppress(ValueError):
                found.append(date(year, month, day))
    return list(dict.fromkeys(found))
