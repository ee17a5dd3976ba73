"""A timeline says how many events there are in each bar, as counting them day by day does."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from geoevents.timelines import MOST_BARS, Timeline, Unit, timeline_of_events
from geoevents.times import Occurrence
from tests.strategies import make_event

DAY = timedelta(days=1)
SPANS = {"days": 40, "weeks": 700, "months": 3_000, "quarters": 9_000, "years": 40_000}


def some_events(seed, days, count=120):
    """Events of a few types that happened on a day or within some, or lasted, perhaps until now."""
    chance = Random(seed)
    made = []
    for number in range(count):
        start = date(1990, 1, 1) + chance.randrange(days) * DAY
        end = chance.choice((None, None, start, start + chance.randrange(1, 2 + days // 8) * DAY))
        occurrence = chance.choice((Occurrence.ONCE, Occurrence.ONCE, Occurrence.LASTING))
        kind = chance.choice(("battles", "riots", "protests"))
        made.append(
            make_event(
                id=f"event-{number}", event_type=kind, date_start=start, date_end=end, occurrence=occurrence
            )
        )
    return made


def bars_of(timeline):
    """The days of each bar, first to last."""
    behind = [*timeline.starts[1:], timeline.last + DAY]
    return [
        [start + n * DAY for n in range((end - start).days)]
        for start, end in zip(timeline.starts, behind, strict=True)
    ]


def counted(events, bars):
    """once, possibly, spread, lasting by (type, bar), and still by type: each event looked at by itself."""
    bar_of = {day: number for number, bar in enumerate(bars) for day in bar}
    once, possibly, spread, lasting, still = (defaultdict(Fraction) for _ in range(5))
    for event in events:
        last = event.interval.end or bars[-1][-1]
        days = [event.date_start + n * DAY for n in range((last - event.date_start).days + 1)]
        reached = sorted({bar_of[day] for day in days})
        if event.occurrence is Occurrence.LASTING:
            for bar in reached:
                lasting[event.event_type, bar] += 1
            still[event.event_type] += event.interval.end is None
        elif len(reached) == 1:
            once[event.event_type, reached[0]] += 1
        else:
            for bar in reached:
                possibly[event.event_type, bar] += 1
            for day in days:
                spread[event.event_type, bar_of[day]] += Fraction(1, len(days))
    return once, possibly, spread, lasting, still


def said(numbers):
    """What stands in a timeline, by (type, bar), without the noughts."""
    return {(code, bar): n for code, row in numbers.items() for bar, n in enumerate(row) if n}


def check(timeline: Timeline, events):
    once, possibly, spread, lasting, still = counted(events, bars_of(timeline))
    assert said(timeline.once) == once
    assert said(timeline.possibly) == possibly
    assert said(timeline.spread) == {
        key: pytest.approx(float(share), abs=6e-5) for key, share in spread.items()
    }
    assert said(timeline.lasting) == lasting
    assert timeline.still == {code: count for code, count in still.items() if count}


@pytest.mark.parametrize("days", SPANS.values(), ids=SPANS)
@pytest.mark.parametrize("seed", range(4))
def test_every_bar_counts_what_counting_day_by_day_finds(seed, days):
    events = some_events(seed, days)

    check(timeline_of_events(events), events)


@pytest.mark.parametrize("days", SPANS.values(), ids=SPANS)
def test_the_shares_of_what_happened_once_add_up_to_the_number_of_events(days):
    events = some_events(9, days)

    timeline = timeline_of_events(events)

    shares = sum(sum(row) for table in (timeline.once, timeline.spread) for row in table.values())
    assert shares == pytest.approx(sum(each.occurrence is Occurrence.ONCE for each in events), abs=0.02)


@pytest.mark.parametrize(
    ("days", "unit", "bars"),
    [
        (1, Unit.DAY, 1),
        (MOST_BARS, Unit.DAY, MOST_BARS),
        (MOST_BARS + 1, Unit.WEEK, 18),
        (7 * (MOST_BARS - 1), Unit.WEEK, MOST_BARS),
        (7 * MOST_BARS + 7, Unit.MONTH, 28),
        (3_652, Unit.MONTH, 120),
        (3_654, Unit.QUARTER, 41),
        (30 * 366, Unit.YEAR, 31),
        (146_000, Unit.YEAR, 400),
    ],
)
def test_the_unit_follows_from_the_days_spanned(days, unit, bars):
    # The first of 1801 was a Thursday, as 1970-01-01 was.
    first = date(1801, 1, 1)
    events = [make_event(date_start=first), make_event(date_start=first + (days - 1) * DAY)]

    timeline = timeline_of_events(events)

    assert (timeline.unit, len(timeline.starts)) == (unit, bars)


def test_weeks_begin_on_monday_and_months_on_their_first():
    weeks = timeline_of_events(
        [make_event(date_start=date(2022, 1, 20)), make_event(date_start=date(2022, 8, 1))]
    )
    months = timeline_of_events(
        [make_event(date_start=date(2020, 2, 29)), make_event(date_start=date(2024, 2, 29))]
    )

    assert (weeks.starts[0], weeks.last) == (date(2022, 1, 17), date(2022, 8, 7))
    assert {each.weekday() for each in weeks.starts} == {0}
    assert (months.starts[0], months.last) == (date(2020, 2, 1), date(2024, 2, 29))
    assert {each.day for each in months.starts} == {1}


def test_what_goes_on_reaches_the_last_bar_and_no_further():
    events = [
        make_event(
            date_start=date(2022, 1, 3), occurrence=Occurrence.LASTING, event_type="territorial_control"
        ),
        make_event(date_start=date(2022, 1, 6)),
    ]

    timeline = timeline_of_events(events)

    assert timeline.last == date(2022, 1, 6)
    assert timeline.lasting == {"territorial_control": [1, 1, 1, 1]}
    assert timeline.still == {"territorial_control": 1}


def test_of_no_events_there_are_no_bars():
    assert timeline_of_events([]).document() == {
        "unit": "day", "first": None, "last": None, "starts": [],
        "once": {}, "possibly": {}, "spread": {}, "lasting": {}, "still": {},
    }  # fmt: skip
