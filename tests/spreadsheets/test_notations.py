"""Positions and dates as people write them."""

from __future__ import annotations

import pytest

from geoevents.errors import InvalidDate
from geoevents.spreadsheets.day_orders import Order, in_order, looked_at
from geoevents.spreadsheets.notations import read_angle, read_pair


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("36.5", 36.5), ("36,5", 36.5), ("-36.5", -36.5), ("٣٦٫٥", 36.5), ("36°30'", 36.5),
        ("36° 30′ 00″ N", 36.5),
        ("36 30 00 S", -36.5), ("N36.5", 36.5), ("36.5° شمالا", 36.5), ("−36.5", -36.5),
    ],
)  # fmt: skip
def test_an_angle_is_read(text, degrees):
    assert read_angle(text)[0] == pytest.approx(degrees)


@pytest.mark.parametrize("text", ["", "north", "36.5.1", "36°75'", "1e5", "36.512.345", "N36S"])
def test_what_is_no_angle_is_none(text):
    assert read_angle(text) is None


@pytest.mark.parametrize(
    "text",
    ["36.5, 40.75", "36.5 40.75", "36,5; 40,75", "36,5 40,75", "(36.5, 40.75)", "40.75E 36.5N",
     "36°30'N, 40°45'E",
     "N 36 30, E 40 45", "Point(40.75 36.5)", "36.5,40.75"],
)  # fmt: skip
def test_both_in_one_cell_are_read(text):
    assert read_pair(text) == pytest.approx((40.75, 36.5))


@pytest.mark.parametrize("text", ["36.5", "somewhere", "36.5N 37.5N", "1, 2, 3"])
def test_what_is_no_position_is_none(text):
    assert read_pair(text) is None


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2021", "25/04/2021"], "dmy"), (["03/04/2021", "04/25/2021"], "mdy"),
        (["03/04/2021"], "open"), (["25/04/2021", "04/25/2021"], "both"), (["2021-04-25"], "open"),
        (["25.04.2021", "04/25/2021"], "mdy"),
    ],
)  # fmt: skip
def test_a_column_says_which_comes_first_or_leaves_it_open(texts, order):
    assert looked_at(texts).order.value == order


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("44581", "2022-01-20"), ("44581.0", "2022-01-20"), ("5/5/2021", "2021-05-05"),
        ("2022/1/5", "2022-01-05"),
        ("2022-01-20T23:59:59+03:00", "2022-01-20"), ("20 January 2022", "20 January 2022"),
    ],
)  # fmt: skip
def test_what_is_plain_needs_no_order(text, day):
    assert in_order(text, Order.OPEN, "date_start") == day


@pytest.mark.parametrize("order", [Order.OPEN, Order.BOTH])
def test_what_may_be_two_days_is_refused_with_the_way_out(order):
    with pytest.raises(InvalidDate, match="--dates dmy"):
        in_order("03/04/2021", order, "date_start")


def test_days_from_1904_are_four_years_on():
    assert in_order("44581", Order.OPEN, "date_start", from_1904=True) == "2026-01-21"
