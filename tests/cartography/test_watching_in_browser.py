"""A map that stays open shows what others write, and leaves the reader where they were."""

from __future__ import annotations

import time
from dataclasses import replace

from playwright.sync_api import Page, expect

from geoevents.geometries import Geometry
from tests.cartography.desk import Desk, until
from tests.cartography.test_map_in_browser import _set_up, pytestmark, see, serve  # noqa: F401
from tests.cartography.test_tiles import scattered
from tests.strategies import make_event

# The other end is a busy test, not a server.
SOON = 10_000


def write(desk: Desk, *events) -> None:
    kept = {each.id: each for each in desk.events} | {each.id: each for each in events}
    desk.events = list(kept.values())
    desk.revision += 1


def test_what_others_add_shows_by_itself(page, serve):  # noqa: F811
    desk = serve([make_event()])
    see(page, desk)

    write(
        desk, make_event(id="another222", title="Shots near the bridge", geometry=Geometry.point(41.2, 37.0))
    )

    expect(page.locator(".event-list > li")).to_have_count(2, timeout=SOON)
    expect(page.locator("#matched")).to_have_text("2 events", timeout=SOON)
    until(page, "document.querySelectorAll('.event-pin').length === 2", seconds=9)
    expect(page.locator('.legend-row:has-text("Battles") .legend-count')).to_have_text("2")


def test_the_open_popup_stays_and_says_what_holds_now(page, serve):  # noqa: F811
    desk = serve([make_event()])
    see(page, desk)
    page.locator(".event-row").click()
    expect(page.locator(".event-popup .popup-title")).to_have_text("Guards and attackers fight at the gate")
    popup = page.locator(".leaflet-popup").element_handle()

    write(desk, make_event(title="Guards hold the gate"), make_event(id="another222"))

    expect(page.locator(".event-popup .popup-title")).to_have_text("Guards hold the gate", timeout=SOON)
    assert popup.evaluate("each => each.isConnected")
    expect(page.locator('.event-row[aria-current="true"]')).to_have_count(1)
    assert "event=k7dq2m9xwb" in page.url


def test_nothing_that_stayed_the_same_is_drawn_again(page, serve):  # noqa: F811
    desk = serve(scattered(300))
    see(page, desk)
    page.evaluate(
        "document.querySelectorAll('.event-cluster, .event-pin').forEach((each) => (each.kept = true))"
    )
    page.evaluate(
        """window.fewest = 1e9; window.counting = setInterval(() => {
            const there = document.querySelectorAll('.event-cluster, .event-pin').length;
            window.fewest = Math.min(window.fewest, there);
        }, 4)"""
    )
    before = page.locator(".event-cluster, .event-pin").count()

    write(desk, make_event(id="farfarfar2", geometry=Geometry.point(36.0, 33.0)))
    expect(page.locator("#matched")).to_have_text("301 events", timeout=SOON)
    page.wait_for_timeout(200)

    kept = page.evaluate(
        "[...document.querySelectorAll('.event-cluster, .event-pin')].filter((each) => each.kept).length"
    )
    assert kept >= before - 1
    assert page.evaluate("window.fewest") >= before - 1


def test_the_list_stays_where_the_reader_is(page, serve):  # noqa: F811
    desk = serve(scattered(200))
    see(page, desk)
    page.locator("#show-more").click()
    expect(page.locator(".event-list > li")).to_have_count(100)
    row = page.locator(".event-row").nth(70)
    row.focus()
    page.evaluate("document.getElementById('panel-body').scrollTop = 2000")
    focused = page.evaluate("document.activeElement.getAttribute('href')")

    write(desk, make_event(id="another222"))
    expect(page.locator("#matched")).to_have_text("201 events", timeout=SOON)

    expect(page.locator(".event-list > li")).to_have_count(100)
    assert page.evaluate("document.activeElement.getAttribute('href')") == focused
    assert page.evaluate("document.getElementById('panel-body').scrollTop") == 2000


def test_a_hidden_page_asks_nothing_and_looks_when_it_is_seen(page, serve):  # noqa: F811
    desk = serve([make_event()])
    see(page, desk)
    hide(page, is_hidden=True)
    page.wait_for_timeout(1_700)
    asked = len(desk.asked)

    write(desk, make_event(id="another222"))
    page.wait_for_timeout(3_500)
    asked_hidden = len(desk.asked) - asked
    hide(page, is_hidden=False)

    expect(page.locator(".event-list > li")).to_have_count(2, timeout=SOON)
    assert asked_hidden == 0


def test_an_edited_shape_is_drawn_anew(page, serve):  # noqa: F811
    square = ((38.0, 36.0), (40.0, 36.0), (40.0, 37.0), (38.0, 37.0), (38.0, 36.0))
    area = make_event(geometry=Geometry("Polygon", (square,)), geo_precision=None)
    desk = serve([area])
    see(page, desk)
    before = page.locator("path.event-shape").get_attribute("d")

    triangle = ((38.0, 36.0), (40.0, 36.0), (40.0, 37.0), (38.0, 36.0))
    write(desk, replace(area, geometry=Geometry("Polygon", (triangle,))))

    until(page, f"document.querySelector('path.event-shape').getAttribute('d') !== {before!r}", seconds=3)
    assert page.locator("path.event-shape").count() == 1


def test_what_could_not_be_refreshed_is_tried_again(page, serve):  # noqa: F811
    desk = serve([make_event()])
    see(page, desk)
    page.route("**/tiles/**", lambda route: route.abort())
    write(desk, make_event(id="another222", geometry=Geometry.point(41.2, 37.0)))
    page.wait_for_timeout(2_500)
    assert page.locator(".event-pin").count() == 1

    page.unroute("**/tiles/**")

    until(page, "document.querySelectorAll('.event-pin').length === 2", seconds=3)


def hide(page: Page, *, is_hidden: bool) -> None:
    page.evaluate(
        """(isHidden) => {
            Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        is_hidden,
    )
    time.sleep(0.05)
