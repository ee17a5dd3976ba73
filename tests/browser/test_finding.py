"""Finding one's way on the map: a place by its name, where the reader is, the whole screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import feature, serving
from tests.flows.serving import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("finding"), feature()) as started:
        yield started


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator("html[data-ready=true]").wait_for()
    return page


def where(page: Page) -> tuple[float, float, int]:
    at = page.evaluate("(({ lng, lat }) => [lng, lat, geoevents.map.getZoom()])(geoevents.map.getCenter())")
    return round(at[0], 1), round(at[1], 1), at[2]


def test_a_place_is_gone_to_by_its_name_with_keys_alone(page: Page, server: Server) -> None:
    opened(page, server.address + "/#map=5/33/36")
    page.locator("#search-field").focus()
    page.keyboard.type("Kobani")
    expect(page.locator("#search [role=option]").first).to_contain_text("Syria")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator(".leaflet-tooltip", has_text="Kobani")).to_be_visible()
    assert where(page) == (38.4, 36.9, 12)
    assert "q=" not in page.url
    expect(page.locator("#search [role=listbox]")).to_be_hidden()


def test_words_are_searched_for_as_ever_while_no_place_is_chosen(page: Page, server: Server) -> None:
    opened(page, server.address + "/")
    page.locator("#search-field").fill("prison")
    page.keyboard.press("Enter")

    page.wait_for_url(lambda url: "q=prison" in url)
    page.wait_for_timeout(500)
    expect(page.locator("#search [role=listbox]")).to_be_hidden()


def test_in_arabic_a_place_is_found_and_named_in_arabic(page: Page, server: Server) -> None:
    opened(page, server.address + "/?lang=ar")
    page.locator("#search-field").fill("الحسك")
    page.locator("#search [role=option]").first.click()

    expect(page.locator(".leaflet-tooltip")).to_have_text("الحسكة")
    assert where(page)[:2] == (40.7, 36.5)


def test_who_lets_the_browser_tell_sees_where_they_are_after_a_click_and_not_before(
    page: Page, server: Server
) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 38.01, "latitude": 36.82, "accuracy": 200})
    page.add_init_script(
        "const asks = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
        "window.asked = 0;"
        "navigator.geolocation.getCurrentPosition = (...rest) => { window.asked += 1; asks(...rest); };"
    )
    opened(page, server.address + "/#map=5/33/36")
    assert page.evaluate("window.asked") == 0

    page.get_by_role("button", name="Where I am").click()

    expect(page.locator(".own-position")).to_have_count(2)
    assert where(page) == (38.0, 36.8, 14)
    page.get_by_role("button", name="Where I am").click()
    expect(page.locator(".own-position")).to_have_count(0)


def test_who_does_not_is_told_so_calmly(page: Page, server: Server) -> None:
    opened(page, server.address + "/#map=5/33/36")
    before = where(page)

    page.get_by_role("button", name="Where I am").click()

    expect(page.locator(".locate-note")).to_have_text("Your browser keeps to itself where you are.")
    assert where(page) == before


def test_the_map_fills_the_screen_and_comes_back(page: Page, server: Server) -> None:
    opened(page, server.address + "/")

    page.get_by_role("button", name="Full screen").click()
    page.get_by_role("button", name="Leave full screen").wait_for()
    assert page.evaluate("document.fullscreenElement.className") == "map-frame"
    page.get_by_role("button", name="Leave full screen").click()

    page.get_by_role("button", name="Full screen", exact=True).wait_for()
    assert page.evaluate("document.fullscreenElement") is None


def test_an_embedded_map_asks_nobody_where_they_are(page: Page, server: Server) -> None:
    opened(page, server.address + "/embed")

    expect(page.locator(".map-button.locate")).to_have_count(0)
    assert "geolocation=()" in server.ask("GET", "/embed")[2]["Permissions-Policy"]
    assert "geolocation=(self)" in server.ask("GET", "/")[2]["Permissions-Policy"]
