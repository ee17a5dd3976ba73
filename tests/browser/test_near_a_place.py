"""Near a place, in a browser: on the map in place, with suggestions; on the list with none of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import feature, serving
from tests.flows.serving import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("near")
    events = (
        feature({"type": "Point", "coordinates": [40.74, 36.5]}, title="In the town", geo_precision="site"),
        feature(
            {"type": "Point", "coordinates": [40.98, 36.5]},
            title="Known roughly",
            geo_precision="near",
            uncertainty_m=25_000,
        ),
        feature({"type": "Point", "coordinates": [36.3, 33.5]}, title="Far away", geo_precision="site"),
        feature({"type": "Point", "coordinates": [38.35, 36.89]}, title="Shells hit Ayn al-Arab"),
    )
    with serving(folder, *events) as started:
        yield started


def asked(page: Page) -> str:
    return unquote(urlsplit(page.url).query)


def test_the_map_asks_near_a_suggested_place_and_tells_surely_from_possibly(
    page: Page, server: Server
) -> None:
    page.goto(server.address + "/?lang=en")
    page.wait_for_selector("html[data-ready=true]")
    page.click("details[data-filter=place] summary")
    page.fill("#near-place", "Hasak")
    expect(page.locator("#near-place-suggestions option").first).to_be_attached()
    page.fill("#near-place", str(page.locator("#near-place-suggestions option").first.get_attribute("value")))
    page.fill("#near-km", "22")
    page.click("details[data-filter=place] button")

    expect(page.locator("#matched")).to_have_text("2 events: 1 surely, 1 possibly")
    assert asked(page) == "near=geonames:173811;22km&lang=en"
    expect(page.locator("details[data-filter=place] summary")).to_contain_text("within 22 km of Hasakah")
    expect(page.locator(".event-doubt")).to_have_count(1)
    page.click("#matched a:has-text('1 possibly')")
    expect(page.locator("#events .event-title")).to_have_text(["Known roughly"])
    page.go_back()
    expect(page.locator("#events .event-title")).to_have_count(2)


def test_another_distance_keeps_the_place(page: Page, server: Server) -> None:
    page.goto(server.address + "/?near=geonames:173811;22km&lang=en")
    page.wait_for_selector("html[data-ready=true]")
    expect(page.locator("#near-place")).to_have_value("Hasakah, Hasakah governorate, Syria")
    page.click("details[data-filter=place] summary")
    page.fill("#near-km", "100")
    page.click("details[data-filter=place] button")

    expect(page.locator("#matched")).to_have_text("2 events: 2 surely, 0 possibly")
    assert asked(page) == "near=geonames:173811;100km&lang=en"


def test_a_name_of_several_places_is_asked_about_on_the_list(page: Page, server: Server) -> None:
    page.goto(server.address + "/?lang=en")
    page.wait_for_selector("html[data-ready=true]")
    page.click("details[data-filter=place] summary")
    page.fill("#near-place", "Derik")
    page.click("details[data-filter=place] button")

    expect(page.locator(".alert")).to_contain_text("may mean several places")
    page.click(".alert a >> nth=0")
    expect(page.locator("#near_place")).not_to_have_value("")


def test_a_search_says_by_which_names_it_looked(page: Page, server: Server) -> None:
    page.goto(server.address + "/?q=Kobane&lang=en")
    page.wait_for_selector("html[data-ready=true]")

    expect(page.locator("#events .event-title")).to_have_text(["Shells hit Ayn al-Arab"])
    expect(page.locator("#also-searched")).to_contain_text("عين العرب")
