"""How many events there are in each day, week or month of the time they span.

Knows days as numbers, and bars of the same unit side by side. Knows nothing of stores, pages or pictures.

What happened once, on one of several days, is spread over them: in each bar it counts by the share of its
days that lie there. What lasted is no number of happenings: it is counted apart, in every bar it reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoevents.events import Event
from geoevents.times import Occurrence

MOST_BARS = 120
# Shares are told as exactly as anybody can see them.
_DECIMALS = 4
# What goes on has this end.
OPEN_END = int(np.iinfo(np.int32).max)
# So many rows at a time stay near the processor.
_BLOCK = 1 << 16
_BEGINNING = date(1970, 1, 1)
# 1970-01-01 was a Thursday; a week begins on Monday (ISO 8601).
_MONDAY = 3

Counts = NDArray[Any]


class Unit(StrEnum):
    """What a bar stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


class Spans(NamedTuple):
    """
    Of each event: the code of its type, the days it may have happened on or lasted, and which of the two.

    `starts` and `ends` are days since 1970-01-01; where nobody knows an end, it is OPEN_END.
    """

    types: Counts
    starts: Counts
    ends: Counts
    is_lasting: NDArray[np.bool_]

    def take(self, rows: Counts) -> Spans:
        if len(rows) and rows[-1] - rows[0] + 1 == len(rows):
            # Rows rise: these are all there are between the first and the last.
            return Spans(*(column[rows[0] : rows[-1] + 1] for column in self))
        # Several times as fast as indexing with a mask.
        types, starts, ends, is_lasting = (column.take(rows) for column in self)
        return Spans(types, starts, ends, is_lasting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """
    Bars of one unit from the day `starts[0]` to the day `last`; numbers by event type, one for each bar.

    `once`: happened in it for sure. `possibly`: happened in it or in a neighbour; `spread` is what of these
    falls to it: over all bars the sum of `once` and `spread` is the number of events. `lasting`: held at
    some time of it. `still`: how many of these had no end when last reported; they reach to the last bar.
    """

    unit: Unit
    starts: Sequence[date]
    last: date | None
    once: dict[str, list[int]]
    possibly: dict[str, list[int]]
    spread: dict[str, list[float]]
    lasting: dict[str, list[int]]
    still: dict[str, int]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "unit": self.unit.value,
            "first": self.starts[0].isoformat() if self.starts else None,
            "last": self.last.isoformat() if self.last else None,
            "starts": [day.isoformat() for day in self.starts],
            "once": self.once,
            "possibly": self.possibly,
            "spread": self.spread,
            "lasting": self.lasting,
            "still": self.still,
        }


def timeline_of_events(events: Iterable[Event]) -> Timeline:
    """The timeline of few events, such as a static map has."""
    listed = list(events)
    words = sorted({each.event_type for each in listed})
    intervals = [each.interval for each in listed]

    def numbers(values: Iterable[int]) -> Counts:
        return np.fromiter(values, np.int32, len(listed))

    spans = Spans(
        types=numbers(words.index(each.event_type) for each in listed),
        starts=numbers(_number(each.date_start) for each in listed),
        ends=numbers(_number(each.end) if each.end else OPEN_END for each in intervals),
        is_lasting=numbers(each.occurrence is Occurrence.LASTING for each in listed).astype(bool),
    )
    return timeline_of(spans, np.arange(len(listed)), words)


def timeline_of(spans: Spans, rows: Counts, words: Sequence[str]) -> Timeline:
    """Count some rows; `words` are what `spans.types` stand for. Takes some ms for a million."""
    if not len(rows):
        return Timeline(
            unit=Unit.DAY, starts=[], last=None, once={}, possibly={}, spread={}, lasting={}, still={}
        )
    blocks = [rows[at : at + _BLOCK] for at in range(0, len(rows), _BLOCK)]
    unit, edges = _edges(*_first_and_last(spans, blocks))
    bars = _Bars(edges, len(words))
    for block in blocks:
        bars.count(spans.take(block))
    return Timeline(
        unit=unit,
        starts=[_day(each) for each in edges[:-1].tolist()],
        last=_day(int(edges[-1]) - 1),
        once=_by_word(bars.once, words),
        possibly=_by_word(bars.running(bars.possibly), words),
        spread=_by_word(bars.shares(), words),
        lasting=_by_word(bars.running(bars.lasting), words),
        still={word: count for word, count in zip(words, bars.still.tolist(), strict=False) if count},
    )


class _Bars:
    """
    The bars between `edges`, to count in: arrays of (type, bar).

    Those that are to run over bars say how many more, or fewer, there are than in the bar before.
    """

    def __init__(self, edges: Counts, types: int) -> None:
        self.edges = edges
        self.bars, self.types = len(edges) - 1, types
        self.bar_of_day = np.repeat(np.arange(self.bars), np.diff(edges))
        self.once = self._none(int)
        self.possibly = self._none(int)
        self.lasting = self._none(int)
        self.ends_of = self._none(float)
        self.whole_bars = self._none(float)
        self.still = np.zeros(types, int)

    def count(self, spans: Spans) -> None:
        others_at = np.flatnonzero((spans.starts != spans.ends) | spans.is_lasting)
        keys = spans.types * np.int64(self.bars) + self._bar(spans.starts)
        keys[others_at] = self.once.size
        self.once += np.bincount(keys, minlength=self.once.size + 1)[:-1].reshape(self.once.shape)
        others = spans.take(others_at)
        self._count_lasting(others.take(np.flatnonzero(others.is_lasting)))
        self._count_uncertain(others.take(np.flatnonzero(~others.is_lasting)))

    def shares(self) -> Counts:
        """What falls to each bar of those that may have happened in several."""
        found = self.ends_of + self.running(self.whole_bars) * np.diff(self.edges)
        rounded: Counts = np.round(np.maximum(found, 0.0), _DECIMALS)
        return rounded

    def running(self, changes: Counts) -> Counts:
        found: Counts = np.cumsum(changes, axis=1)
        return found

    def _count_lasting(self, spans: Spans) -> None:
        is_still = spans.ends == OPEN_END
        first, last = self._bar(spans.starts), self._bar(np.minimum(spans.ends, self.edges[-1] - 1))
        self._reach(self.lasting, spans.types, first, last + 1)
        self.still += np.bincount(spans.types[is_still], minlength=self.types)

    def _count_uncertain(self, spans: Spans) -> None:
        first, last = self._bar(spans.starts), self._bar(spans.ends)
        is_sure = first == last
        rows = np.flatnonzero(is_sure)
        self._sum(self.once, spans.types.take(rows), first.take(rows))
        rest = np.flatnonzero(~is_sure)
        first, last = first.take(rest), last.take(rest)
        types, starts, ends, _ = spans.take(rest)
        a_day = 1.0 / (ends - starts + 1)
        self._sum(self.ends_of, types, first, (self.edges.take(first + 1) - starts) * a_day)
        self._sum(self.ends_of, types, last, (ends + 1 - self.edges.take(last)) * a_day)
        self._reach(self.whole_bars, types, first + 1, last, a_day)
        self._reach(self.possibly, types, first, last + 1)

    def _bar(self, days: Counts) -> Counts:
        found: Counts = self.bar_of_day.take(days - self.edges[0])
        return found

    def _reach(
        self, into: Counts, types: Counts, first: Counts, behind: Counts, weights: Counts | None = None
    ) -> None:
        """Count in the bars from `first` to the one before `behind`; behind the last there is none."""
        self._sum(into, types, first, weights)
        ending = np.flatnonzero(behind < self.bars)
        less = -np.ones(len(ending)) if weights is None else -weights.take(ending)
        self._sum(into, types.take(ending), behind.take(ending), less)

    def _sum(self, into: Counts, types: Counts, bars: Counts, weights: Counts | None = None) -> None:
        keys = types * np.int64(self.bars)
        keys += bars
        found = np.bincount(keys, weights, minlength=into.size).reshape(into.shape)
        into += found.astype(into.dtype, copy=False)

    def _none(self, kind: type) -> Counts:
        return np.zeros((self.types, self.bars), kind)


def _first_and_last(spans: Spans, blocks: Sequence[Counts]) -> tuple[int, int]:
    """The first and the last day that anything is said of."""
    first, last = OPEN_END, -OPEN_END
    for block in blocks:
        _, starts, ends, _ = spans.take(block)
        first = min(first, int(starts.min()))
        last = max(last, int(starts.max()), int(ends.max(where=ends != OPEN_END, initial=-OPEN_END)))
    return first, last


def _edges(first: int, last: int) -> tuple[Unit, Counts]:
    """The smallest unit that makes few enough bars; the day each begins on, and the day behind them."""
    for unit in Unit:
        edges = _edges_of(unit, first, last)
        if len(edges) <= MOST_BARS + 1 or unit is Unit.YEAR:
            break
    return unit, edges


def _edges_of(unit: Unit, first: int, last: int) -> Counts:
    if unit is Unit.DAY:
        return np.arange(first, last + 2)
    if unit is Unit.WEEK:
        monday = first - (first + _MONDAY) % 7
        return monday + 7 * np.arange((last - monday) // 7 + 2)
    step = _MONTHS[unit]
    months = np.array([first, last], "datetime64[D]").astype("datetime64[M]").astype(np.int64) // step
    edges = np.arange(months[0], months[1] + 2) * step
    return edges.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _by_word(counts: Counts, words: Sequence[str]) -> dict[str, list[Any]]:
    return {word: row.tolist() for word, row in zip(words, counts, strict=False) if row.any()}


def _number(day: date) -> int:
    return (day - _BEGINNING).days


def _day(number: int) -> date:
    return _BEGINNING + timedelta(number)
