"""The days a text speaks of, against the day it was published: "Tuesday", "last week", "on 20 January".

Knows months, weekdays and relative words (data/drafting/days.json). Without a day of publication relative
words mean no day: today is never a guess. Knows nothing of events.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geoevents.folding import fold
from geoevents.geoparsing.drafting.phrases import Word
from geoevents.geoparsing.drafting.vocabulary import Vocabulary
from geoevents.times import FIRST_YEAR, LAST_YEAR, month_number, read_day

# Kurmanji and Turkish put endings on months: Çileyê, Gulanê, Ocak ayında is two words.
_ENDINGS = ("", "ye", "ya", "e", "a", "in")
_MOST_DAYS_AGO = 60
_LONGEST_SHORT = 5
_YEAR = re.compile(r"(?:18|19|20|21)\d\d")
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_NUMERIC = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}")
# A writer ahead of our clock by a time zone, or a report dated the evening before.
_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The days it may have been, both within; `end` None is open."""

    start: date
    end: date | None

    def meets(self, other: Bounds) -> bool:
        return (other.end is None or self.start <= other.end) and (
            self.end is None or other.start <= self.end
        )


@dataclass(frozen=True, slots=True)
class Said:
    """
    Words `first` to `last` say when. `bounds` is None where the day of publication would have to be known.
    `is_vague` for "recently"; `is_year` where only a year is named; `since` where it is a beginning.
    """

    first: int
    last: int
    bounds: Bounds | None
    is_vague: bool = False
    is_year: bool = False
    since: bool = False


def days_in(
    words: Sequence[Word], text: str, first: int, end: int, vocabulary: Vocabulary, published: date | None
) -> list[Said]:
    """Every day that the words `first` to before `end` speak of; of those that overlap the longest."""
    reader = _Reader(words, text, first, end, vocabulary, published)
    found = sorted(reader.all(), key=lambda each: (each.first, -each.last, each.bounds is None))
    kept: list[Said] = []
    for each in found:
        if not kept or each.first > kept[-1].last:
            kept.append(each)
        elif kept[-1].last < each.last and each.first == kept[-1].first:
            kept[-1] = each
    return _joined(kept, words, vocabulary)


def _joined(found: list[Said], words: Sequence[Word], vocabulary: Vocabulary) -> list[Said]:
    """ "Thursday, 20 January" is one day, told twice; what stands beside "since" is a beginning."""
    kept: list[Said] = []
    for each in found:
        one = kept[-1] if kept else None
        if one is not None and each.first - one.last <= 2 and not (one.is_vague or each.is_vague):
            exact, other = (each, one) if _width(each) < _width(one) else (one, each)
            if exact.bounds is None or other.bounds is None or exact.bounds.meets(other.bounds):
                kept[-1] = Said(one.first, each.last, exact.bounds, since=one.since or each.since)
                continue
        since = vocabulary.days["since"].any(words, max(each.first - 2, 0), each.first)
        kept.append(
            Said(each.first, each.last, each.bounds, each.is_vague, each.is_year, each.since or since)
        )
    return kept


def _width(said: Said) -> int:
    """Days; a weekday that nothing resolves is wider than a date that something does."""
    if said.bounds is None:
        return 10_000
    return (said.bounds.end - said.bounds.start).days if said.bounds.end else 9_999


@dataclass(frozen=True, slots=True)
class _Reader:
    words: Sequence[Word]
    text: str
    first: int
    end: int
    vocabulary: Vocabulary
    published: date | None

    def all(self) -> Iterator[Said]:
        yield from self._weekdays()
        yield from self._relative()
        yield from self._ago()
        yield from self._periods()
        for at in range(self.first, self.end):
            yield from self._dates(at)

    def _weekdays(self) -> Iterator[Said]:
        """The last such day up to the day of publication; with "last", before it."""
        days = self.vocabulary.days
        for hit in self.vocabulary.weekdays.find(self.words, self.first, self.end):
            if not self._is_written_out(hit.first):
                continue
            around = (max(hit.first - 1, self.first), min(hit.last + 2, self.end))
            if days["next"].any(self.words, *around):
                continue
            bounds = None
            if self.published is not None:
                back = (self.published.weekday() - hit.payload) % 7
                if back == 0 and days["last"].any(self.words, *around):
                    back = 7
                day = self.published - timedelta(days=back)
                bounds = Bounds(day, day)
            yield Said(hit.first, hit.last, bounds)

    def _is_written_out(self, at: int) -> bool:
        """ "sat" and "sun" are words as well: as days they begin with a capital."""
        written = self.words[at].text
        return len(written) > 4 or written[0].isupper() or not written.isascii()

    def _relative(self) -> Iterator[Said]:
        for hit in self.vocabulary.relative_days.find(self.words, self.first, self.end):
            most, least = hit.payload[1], hit.payload[0]
            bounds = self._back(most, least) if self.published else None
            yield Said(hit.first, hit.last, bounds, is_vague=most > 7)

    def _back(self, most: int, least: int = 0) -> Bounds | None:
        if self.published is None:
            return None
        return Bounds(self.published - timedelta(days=most), self.published - timedelta(days=least))

    def _ago(self) -> Iterator[Said]:
        """ "three days ago", "قبل ثلاثة أيام", "in the past two days", "خلال الأيام الثلاثة الماضية"."""
        days, words = self.vocabulary.days, self.words
        for at in range(self.first, self.end):
            number = self._number(at)
            if number is None and days["two_days"].any(words, at, at + 1):
                number, after = 2, at
            elif number is None or not 0 < number <= _MOST_DAYS_AGO:
                continue
            else:
                after = at + 1
            named = after == at or days["day_words"].any(words, after, min(after + 1, self.end))
            before = max(at - 2, self.first)
            if hit := next(days["ago"].find(words, after, min(after + 2, self.end)), None):
                yield Said(at, hit.last, self._back(number, number))
            elif named and (lead := next(days["before_ago"].find(words, before, at), None)):
                yield Said(lead.first, after, self._back(number, number))
            elif named and days["past_days"].any(words, before, at):
                yield Said(at - 1, after, self._back(number))
            elif (lead := next(days["day_words"].find(words, before, at), None)) and days["last"].any(
                words, at + 1, min(at + 2, self.end)
            ):
                yield Said(lead.first, at + 1, self._back(number))

    def _periods(self) -> Iterator[Said]:
        for name, period in (
            ("last_week", _last_week), ("this_week", _this_week), ("last_month", _last_month),
            ("this_month", _this_month), ("last_year", _last_year),
        ):  # fmt: skip
            for hit in self.vocabulary.days[name].find(self.words, self.first, self.end):
                bounds = period(self.published) if self.published else None
                yield Said(hit.first, hit.last, bounds, is_year=name == "last_year")

    def _dates(self, at: int) -> Iterator[Said]:
        yield from self._numeric(at)
        month, after = self._month(at)
        if month:
            yield from self._beside_month(at, month, after)
        elif _YEAR.fullmatch(self.words[at].folded) and self._is_year(at):
            year = int(self.words[at].folded)
            yield Said(at, at, Bounds(date(year, 1, 1), date(year, 12, 31)), is_year=True)

    def _is_year(self, at: int) -> bool:
        """A number alone is a year behind "in" and "year", not before what it counts."""
        before = self.words[at - 1].folded if at > self.first else ""
        return before in _BEFORE_YEAR

    def _numeric(self, at: int) -> Iterator[Said]:
        written = _NUMERIC.match(self.text, self.words[at].start)
        if written is None or (at and self.text[self.words[at].start - 1] in "./-"):
            return
        last = at
        while last + 1 < self.end and self.words[last + 1].start < written.end():
            last += 1
        if day := _read(written.group(), self.published):
            yield Said(at, last, Bounds(day, day))

    def _month(self, at: int) -> tuple[int, int]:
        """The month named from `at`, and the word behind it; 0 for none."""
        for count in (2, 1):
            if at + count > self.end:
                continue
            forms = self.words[at].forms if count == 1 else (self.words[at].folded,)
            for form in forms:
                name = " ".join([form, *(word.folded for word in self.words[at + 1 : at + count])])
                if number := _named_month(name):
                    return (number, at + count) if self._may_be_month(at, name) else (0, at)
        return 0, at

    def _may_be_month(self, at: int, name: str) -> bool:
        """
        "may" is a word as well: months have a capital where there are any, and short ones a number
        beside them.
        """
        written = self.words[at].text
        if written.isascii() and written[0].islower():
            return False
        beside = [self._number(each) for each in (at - 1, at + 1) if self.first <= each < self.end]
        has_number = any(each is not None for each in beside) or self._year_at(at + 1) is not None
        return has_number or len(name) > _LONGEST_SHORT

    def _year_at(self, at: int) -> int | None:
        if at < self.end and _YEAR.fullmatch(self.words[at].folded):
            return int(self.words[at].folded)
        return None

    def _beside_month(self, at: int, month: int, after: int) -> Iterator[Said]:
        """ "20 January", "20-26 January 2022", "January 20", "في الأول من كانون الأول", "January"."""
        first, last, days = at, after - 1, list[int]()
        before = at - 1
        while before >= self.first and self.words[before].folded in _OF:
            before -= 1
        if before >= self.first and (day := self._day_of_month(before)):
            first, days = before, [day]
            if earlier := self._range_before(before):
                first, days = earlier[0], [earlier[1], day]
        elif after < self.end and not self._year_at(after) and (day := self._day_of_month(after)):
            last, days = after, [day]
        year = self._year_at(last + 1)
        if year is not None:
            last += 1
        bounds = self._bounds(month, days, year)
        if bounds is not None or self.published is None:
            yield Said(first, last, bounds)

    def _range_before(self, at: int) -> tuple[int, int] | None:
        """The other day of "20-26", "between 20 and 26"."""
        other = at - 1
        if other > self.first and self.words[other].folded in _AND:
            other -= 1
        elif (
            other < self.first
            or self.text[self.words[other].end : self.words[at].start].strip() not in _DASHES
        ):
            return None
        if other >= self.first and (day := self._day_of_month(other)):
            return other, day
        return None

    def _day_of_month(self, at: int) -> int | None:
        if match := _NUMBER.fullmatch(self.words[at].folded):
            return int(match[1]) if 1 <= int(match[1]) <= 31 else None
        number = self._number(at)
        if number is None and self.vocabulary.days["first"].any(self.words, at, min(at + 1, self.end)):
            return 1
        return number if number and number <= 31 else None

    def _number(self, at: int) -> int | None:
        word = self.words[at]
        if match := _NUMBER.fullmatch(word.folded):
            return int(match[1])
        return next(
            (self.vocabulary.numbers[form] for form in word.forms if form in self.vocabulary.numbers), None
        )

    def _bounds(self, month: int, days: Sequence[int], year: int | None) -> Bounds | None:
        if year is None:
            if self.published is None:
                return None
            year = self.published.year
            if date(year, month, 1) > self.published + _SLACK or (
                days and _day(year, month, days[-1]) and _day(year, month, days[-1]) > self.published + _SLACK  # type: ignore[operator]
            ):
                year -= 1
        if not days:
            return _month_of(year, month) if FIRST_YEAR <= year <= LAST_YEAR else None
        first, last = _day(year, month, days[0]), _day(year, month, days[-1])
        return Bounds(first, last) if first and last and first <= last else None


_OF = frozenset(("of", "من", "شهر", "e"))
_AND = frozenset(("and", "to", "و", "الى", "u", "ve", "ile"))
_DASHES = ("-", "–", "—")
_BEFORE_YEAR = frozenset(
    ("in", "year", "since", "of", "early", "late", "mid", "عام", "العام", "سنه", "منذ", "sala", "yil", "yili")
)


def _named_month(name: str) -> int:
    for ending in _ENDINGS:
        if name.endswith(ending) and (number := month_number(name.removesuffix(ending) if ending else name)):
            return number
    return 0


def _read(written: str, published: date | None) -> date | None:
    """A numeric date. With slashes nobody knows which comes first, unless one reading alone is just past."""
    try:
        return read_day(written)
    except ValueError:
        pass
    first, second, year = (int(part) for part in re.split(r"[./-]", fold(written).replace(" ", "-")))
    readings = {day for day in (_day(year, second, first), _day(year, first, second)) if day}
    if len(readings) > 1 and published is not None:
        near = timedelta(days=60)
        readings = {day for day in readings if published - near <= day <= published + _SLACK}
    return readings.pop() if len(readings) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_of(year: int, month: int) -> Bounds:
    return Bounds(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _last_week(day: date) -> Bounds:
    """Monday to Sunday, ISO 8601."""
    monday = day - timedelta(days=day.weekday() + 7)
    return Bounds(monday, monday + timedelta(days=6))


def _this_week(day: date) -> Bounds:
    return Bounds(day - timedelta(days=day.weekday()), day)


def _last_month(day: date) -> Bounds:
    last = day.replace(day=1) - timedelta(days=1)
    return _month_of(last.year, last.month)


def _this_month(day: date) -> Bounds:
    return Bounds(day.replace(day=1), day)


def _last_year(day: date) -> Bounds:
    return Bounds(date(day.year - 1, 1, 1), date(day.year - 1, 12, 31))
