"""Several events at one place: listed at the last zoom, by finger and by keys; a way to each, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import feature, serving
from tests.browsing import watched
from tests.flows.serving import Server

pytestmark = pytest.mark.browser

TITLES = ("Third: the gate opens", "Second: a raid", "First: gunmen attack")
LAST_ZOOM = "/#map=16/36.4806/40.7477"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEOEVENTS_CONTACT", "https://desk.example.org/mistakes")
        days = ("2022-01-23", "2022-01-22", "2022-01-20")
        events = [feature(title=title, date_start=day) for title, day in zip(TITLES, days, strict=True)]
        with serving(tmp_path_factory.mktemp("place"), *events) as started:
            yield started


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator("html[data-ready=true]").wait_for()
    return page


def here(page: Page) -> list[str]:
    return page.locator(".here-title").all_inner_texts()


def test_a_tap_lists_them_newest_first_and_from_each_one_comes_back(
    chromium: Browser, server: Server
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    troubles = watched(page)
    opened(page, server.address + LAST_ZOOM)

    page.locator(".event-cluster").tap()
    expect(page.locator(".here-title")).to_have_count(3)
    assert here(page) == list(TITLES)
    sizes = [row.bounding_box() for row in page.locator(".here-row").all()]
    assert all(size and size["height"] >= 44 for size in sizes)

    page.locator(".here-row").nth(1).tap()
    expect(page.locator("h3.popup-title")).to_have_text(TITLES[1])
    page.locator(".popup-back").tap()
    expect(page.locator(".here-title")).to_have_count(3)
    context.close()
    assert troubles == []


def test_keys_alone_open_the_list_go_through_it_and_come_back_to_the_symbol(
    page: Page, server: Server
) -> None:
    opened(page, server.address + LAST_ZOOM)
    symbol = page.locator(".event-cluster")
    symbol.focus()

    page.keyboard.press("Enter")
    expect(page.locator(".popup-frame")).to_be_focused()
    page.locator(".here-row").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".here-row").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h3.popup-title")).to_have_text(TITLES[1])
    assert page.evaluate("geoevents.map.getCenter().lat.toFixed(3)") == "36.481"

    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(symbol).to_be_focused()


def test_each_popup_leads_to_where_a_mistake_in_just_this_version_is_reported(
    page: Page, server: Server
) -> None:
    opened(page, server.address + LAST_ZOOM)
    page.locator(".event-row").first.click()

    popup = page.locator(".event-popup")
    in_popup = popup.get_by_role("link", name="Report a mistake").get_attribute("href")
    event = popup.get_attribute("data-event")
    page.goto(f"{server.address}/events/{event}")
    on_page = page.get_by_role("link", name="Report a mistake").get_attribute("href")

    asked = urlencode({"event": f"{server.address}/events/{event}", "version": 1})
    assert in_popup == on_page == f"https://desk.example.org/mistakes?{asked}"


def test_what_is_downloaded_is_what_is_counted_surely_and_possibly(page: Page, server: Server) -> None:
    opened(page, server.address + "/?datetime=2022-01-22/2022-01-31&near=40.7477,36.4806;1km")

    expect(page.locator("#download")).to_have_text("Download 2 events (2 surely, 0 possibly):")
    link = page.locator(".panel-foot a", has_text="GeoJSON").get_attribute("href")
    _, body, _ = server.ask("GET", link or "")

    found = json.loads(body)["features"]
    assert [each["match"] for each in found] == ["surely", "surely"]
    assert {each["properties"]["title"] for each in found} == set(TITLES[:2])
