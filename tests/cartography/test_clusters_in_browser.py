"""Symbols that stand for several events lead to each of them, by mouse and by keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from geoevents.geometries import Geometry
from tests.cartography.desk import SETTLED, until
from tests.cartography.test_map_in_browser import _set_up, pytestmark, see, serve  # noqa: F401
from tests.strategies import make_event

HERE = "#map=16/36.5/40.74"


def crowd(count: int, lon: float = 40.74, lat: float = 36.5, prefix: str = "here") -> list:
    return [
        make_event(
            id=f"{prefix}{n:06}",
            title=f"{prefix} {n}",
            date_start=date(2022, 1, 1 + n % 28),
            geometry=Geometry.point(lon, lat),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_members_of_a_cluster_are_reached_by_keyboard_alone(page, serve, key):  # noqa: F811
    see(page, serve(crowd(30)))
    page.locator(".event-cluster").focus()

    page.keyboard.press(key)
    expect(page.locator(".here .here-row")).to_have_count(30)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "here-row"
    title = page.evaluate("document.activeElement.querySelector('.here-title').textContent")
    page.keyboard.press("Enter")

    expect(page.locator(".event-popup .popup-title")).to_have_text(title)
    page.keyboard.press("Escape")
    assert "event-cluster" in page.evaluate("document.activeElement.className")


def test_who_closes_the_list_by_keyboard_is_back_at_the_symbol(page, serve):  # noqa: F811
    see(page, serve(crowd(30)))
    page.locator(".event-cluster").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".here .here-row")).to_have_count(30)

    page.keyboard.press("Escape")

    expect(page.locator(".here")).to_have_count(0)
    assert "event-cluster" in page.evaluate("document.activeElement.className")


def test_events_that_are_as_good_as_at_one_place_are_listed_whichever_tiles_they_are_in(page, serve):  # noqa: F811
    """The edge of two tiles of the last zoom runs between them."""
    edge = 40_184 / 2**16 * 360 - 180
    west, east = crowd(15, lon=edge - 0.00002, prefix="west"), crowd(15, lon=edge + 0.00002, prefix="east")
    see(page, serve([*west, *east]))

    page.locator(".event-cluster").click()

    expect(page.locator(".here .here-row")).to_have_count(30)
    expect(page.locator(".here .popup-title")).to_have_text("30 events at this place")


def test_events_at_one_place_stay_at_one_place_at_the_last_zoom(page, serve):  # noqa: F811
    see(page, serve(crowd(3)), "/" + HERE)

    expect(page.locator(".event-cluster")).to_have_count(1)
    expect(page.locator(".event-pin")).to_have_count(0)
    page.locator(".event-cluster").click()

    expect(page.locator(".here .here-row")).to_have_count(3)


def test_of_more_than_can_be_listed_the_rest_is_a_link_away(page, serve):  # noqa: F811
    see(page, serve(crowd(230)))

    page.locator(".event-cluster").click()

    expect(page.locator(".here .here-row")).to_have_count(200)
    expect(page.locator(".here a")).to_have_text("The newest 200 of 230.")
    assert "bbox=40.74" in page.locator(".here a").get_attribute("href")


def test_a_click_goes_on_until_each_event_can_be_told(page, serve):  # noqa: F811
    events = (
        crowd(20, lon=40.0, prefix="west")
        + crowd(20, lon=40.5, prefix="east")
        + crowd(20, lon=41.0, prefix="more")
    )
    see(page, serve(events), "/#map=4/36.5/40.5")

    page.locator(".event-cluster").click()
    until(page, SETTLED)

    until(page, "document.querySelectorAll('.event-cluster').length === 3", seconds=3)
    page.locator(".event-cluster").first.click()
    expect(page.locator(".here .here-row")).to_have_count(20)
