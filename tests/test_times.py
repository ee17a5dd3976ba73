"""The dates people write, and stretches of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.errors import InvalidDate, InvalidInterval
from geoevents.times import Interval, instant, latest_allowed, read_day, read_instant
from tests.strategies import days, instants

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        " 2026-11-22 ",
        "2026/11/22",
        "2026.11.22",
        "22.11.2026",
        "22. 11. 2026",
        "٢٢.١١.٢٠٢٦",
        "٢٠٢٦-١١-٢٢",
        "۲۰۲۶-۱۱-۲۲",
        "22 November 2026",
        "22 nov. 2026",
        "November 22, 2026",
        "22 تشرين الثاني 2026",
        "٢٢ تشرين الثاني، ٢٠٢٦",
        "22 نوفمبر 2026",
        "22 Kasım 2026",
        "22 KASIM 2026",
        "22 Mijdar 2026",
        "22 Sermawez 2026",
        "22 Çiriya Paşîn 2026",
    ],
)
def test_spellings(text):
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1 Ocak 2022", 1),
        ("1 Rêbendan 2022", 1),
        ("1 كانون الثاني 2022", 1),
        ("1 Şubat 2022", 2),
        ("1 Sibat 2022", 2),
        ("1 شباط 2022", 2),
        ("1 Adar 2022", 3),
        ("1 آذار 2022", 3),
        ("1 Nîsan 2022", 4),
        ("1 أبريل 2022", 4),
        ("1 Mayıs 2022", 5),
        ("1 Gulan 2022", 5),
        ("1 أيار 2022", 5),
        ("1 Pûşper 2022", 6),
        ("1 حزيران 2022", 6),
        ("1 Tîrmeh 2022", 7),
        ("1 تموز 2022", 7),
        ("1 Ağustos 2022", 8),
        ("1 Gelawêj 2022", 8),
        ("1 آب 2022", 8),
        ("1 Eylül 2022", 9),
        ("1 Îlon 2022", 9),
        ("1 أيلول 2022", 9),
        ("1 Ekim 2022", 10),
        ("1 Kewçêr 2022", 10),
        ("1 تشرين الأول 2022", 10),
        ("1 Aralık 2022", 12),
        ("1 Berfanbar 2022", 12),
        ("1 كانون الأول 2022", 12),
    ],
)
def test_months(text, month):
    assert read_day(text) == date(2022, month, 1)


@pytest.mark.parametrize("text", ["01/02/2022", " 1-2-2022", "٠١/٠٢/٢٠٢٢"])
def test_a_date_that_is_two_days_is_refused_with_both_of_them(text):
    with pytest.raises(InvalidDate) as caught:
        read_day(text, "date_start")

    assert "may mean 2022-02-01 or 2022-01-02" in str(caught.value)


@pytest.mark.parametrize("text", ["25/01/2022", "01/25/2022"])
def test_a_date_that_can_be_but_one_day_is_refused_with_that_day(text):
    with pytest.raises(InvalidDate, match="Write YYYY-MM-DD, such as 2022-01-25"):
        read_day(text, "date_start")


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-45",
        "2026-02-30",
        "99999-01-01",
        "yesterday",
        "",
        "11.22.2026",
        "-2026-11-22",
        "20261122",
        "2026-11",
        "22 Novembre 2026 x",
        "0 May 2022",
        "2026-11-22T10:00:00Z",
        "2026-11-22\n2026-11-23",
    ],
)
def test_what_is_no_day_says_how_to_write_one(text):
    with pytest.raises(
        InvalidDate, match=r"is not a date\. Write YYYY-MM-DD, such as 2024-05-01\.$"
    ) as caught:
        read_day(text, "date_end")

    assert caught.value.field == "date_end"


def test_a_year_long_gone_is_named():
    with pytest.raises(InvalidDate, match="The year 1799 is outside 1800 to 2200"):
        read_day("1799-12-31")


@given(days)
def test_a_day_written_is_read(day):
    assert read_day(day.isoformat()) == day


def test_tomorrow_is_the_latest_day():
    assert latest_allowed(DAY) == date(2026, 11, 23)


class TestInterval:
    @pytest.mark.parametrize(
        ("text", "start", "end"),
        [
            ("2022-01-20", date(2022, 1, 20), date(2022, 1, 20)),
            ("2022-01-20/2022-01-27", date(2022, 1, 20), date(2022, 1, 27)),
            ("2022-01-20/..", date(2022, 1, 20), None),
            ("../2022-01-27", None, date(2022, 1, 27)),
            ("/2022-01-27", None, date(2022, 1, 27)),
        ],
    )
    def test_reading(self, text, start, end):
        assert Interval.parse(text) == Interval(start, end)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "/",
            "../..",
            "..",
            "soon",
            "2022-01-20/soon",
            "2022-02-01/2022-01-01",
            "2022-01-01/2022-01-02/3",
        ],
    )
    def test_what_is_no_stretch_names_datetime(self, text):
        with pytest.raises(InvalidInterval) as caught:
            Interval.parse(text)

        assert caught.value.field == "datetime"

    @given(days, days, st.booleans(), st.booleans())
    def test_written_and_read_it_is_itself(self, first, second, open_start, open_end):
        start, end = sorted([first, second])
        interval = Interval(None if open_start else start, None if open_end and not open_start else end)

        assert Interval.parse(str(interval)) == interval

    @given(days, days, days, days)
    def test_meeting_is_sharing_a_day(self, a, b, c, d):
        one, other = Interval(*sorted([a, b])), Interval(*sorted([c, d]))

        shared = max(one.start, other.start) <= min(one.end, other.end)
        assert one.intersects(other) is other.intersects(one) is shared

    def test_an_open_end_meets_everything_after(self):
        since = Interval.parse("2022-01-20/..")

        assert since.intersects(Interval.parse("2030-01-01"))
        assert not since.intersects(Interval.parse("../2022-01-19"))


class TestInstants:
    @given(instants)
    def test_written_and_read_it_is_itself(self, moment):
        assert read_instant(instant(moment)) == moment

    @given(instants, instants)
    def test_the_order_of_the_texts_is_the_order_of_time(self, one, other):
        assert (instant(one) < instant(other)) is (one < other)

    def test_every_zone_is_taken_to_utc(self):
        damascus = timezone(timedelta(hours=3))

        assert instant(datetime(2022, 1, 20, 2, tzinfo=damascus)) == "2022-01-19T23:00:00.000000Z"
        assert read_instant("2022-01-20T02:00:00+03:00") == datetime(2022, 1, 19, 23, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["", "2022-01-20", "2022-01-20T02:00:00", "soon"])
    def test_without_a_zone_it_is_no_instant(self, text):
        with pytest.raises(InvalidDate, match="Write 2024-05-01T12:00:00Z"):
            read_instant(text)
