"""List and map follow each other: what is in view is listed, and each points at what it is in the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import feature, serving
from tests.flows.serving import Server

pytestmark = pytest.mark.browser

PRISON, CROSSING, GATE = "Gunmen attack the prison", "The crossing is closed", "Shots at the gate"
NOWHERE = "Nobody knows where"


def at(lon: float, lat: float) -> dict[str, object]:
    return {"type": "Point", "coordinates": [lon, lat]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("list")
    events = [
        feature(at(40.7477, 36.4806), title=PRISON),
        feature(at(40.7600, 36.4900), title=GATE, date_start="2022-01-18"),
        feature(
            at(42.0500, 36.8300), title=CROSSING, date_start="2022-01-10", event_type="humanitarian_access"
        ),
        feature(None, title=NOWHERE, date_start="2022-01-01", geo_precision="unlocated"),
        *(
            feature(at(35 + number / 1e3, 33), title=f"Number {number}", date_start="2021-12-01")
            for number in range(56)
        ),
    ]
    with serving(folder, *events) as started:
        yield started


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator("html[data-ready=true]").wait_for()
    return page


def titles(page: Page) -> list[str]:
    return page.locator("#events .event-title").all_inner_texts()


def stands(page: Page, view: str) -> None:
    """Bring the map there as a reader would, by hand."""
    zoom, lat, lon = view.split("/")
    page.locator(".folium-map").dispatch_event("pointerdown")
    page.evaluate(f"geoevents.map.setView([{lat}, {lon}], {zoom}, {{ animate: false }})")


def test_the_list_has_what_the_map_shows_and_all_again_when_it_shows_all(page: Page, server: Server) -> None:
    opened(page, server.address + "/#map=12/36.485/40.75")

    expect(page.locator("#in-view")).to_have_text("2 events")
    assert titles(page) == [PRISON, GATE]
    expect(page.locator("#matched")).to_have_text("60 events")

    stands(page, "9/36.7/41.4")
    expect(page.locator("#in-view")).to_have_text("3 events")
    assert titles(page) == [PRISON, GATE, CROSSING]

    stands(page, "6/35/39")
    expect(page.locator("#events .event-row")).to_have_count(50)
    expect(page.locator("#in-view")).to_have_text("")
    assert titles(page)[3] == NOWHERE


def test_a_view_full_of_events_is_listed_page_by_page(page: Page, server: Server) -> None:
    opened(page, server.address + "/#map=9/33/35.03")

    expect(page.locator("#in-view")).to_have_text("56 events")
    expect(page.locator("#events .event-row")).to_have_count(50)
    page.locator("#show-more").click()

    expect(page.locator("#events .event-row")).to_have_count(56)
    expect(page.locator("#show-more")).to_be_hidden()
    assert set(titles(page)) == {f"Number {number}" for number in range(56)}


def test_without_the_tick_the_list_has_all_wherever_the_map_stands(page: Page, server: Server) -> None:
    opened(page, server.address + "/#map=12/36.485/40.75")
    expect(page.locator("#events .event-row")).to_have_count(2)

    page.locator("#follow").uncheck()

    expect(page.locator("#events .event-row")).to_have_count(50)
    stands(page, "12/36.83/42.05")
    page.wait_for_timeout(500)
    expect(page.locator("#events .event-row")).to_have_count(50)


def test_what_stands_nowhere_is_counted_and_one_step_away(page: Page, server: Server) -> None:
    opened(page, server.address + "/#map=12/36.485/40.75")

    page.locator("#elsewhere a", has_text="1 without a place").click()

    page.wait_for_url(lambda url: "located=no" in url)
    expect(page.locator("#events .event-row")).to_have_count(1)
    assert titles(page) == [NOWHERE]


def test_another_question_is_listed_for_the_view_and_its_whole_is_counted(page: Page, server: Server) -> None:
    opened(page, server.address + "/#map=9/36.7/41.4")

    page.evaluate("geoevents.ask(new URLSearchParams('event_type=battles'))")

    expect(page.locator("#matched")).to_have_text("59 events")
    expect(page.locator("#in-view")).to_have_text("2 events")
    assert titles(page) == [PRISON, GATE]


def test_a_row_marks_its_symbol_and_far_off_the_cluster_that_holds_it(page: Page, server: Server) -> None:
    opened(page, server.address + "/#map=13/36.485/40.75")
    row = page.locator(".event-row", has_text=PRISON)

    row.hover()
    expect(page.locator(".event-pin.pointed")).to_have_attribute("title", PRISON)
    page.locator("#matched").hover()
    expect(page.locator(".leaflet-marker-pane .pointed")).to_have_count(0)

    stands(page, "4/36/40")
    expect(page.locator("#events .event-row")).to_have_count(50)
    row.hover()
    expect(page.locator(".leaflet-marker-pane .pointed")).to_have_count(1)
    expect(page.locator(".event-cluster.pointed")).to_have_count(1)


def test_a_symbol_marks_its_row_and_a_cluster_each_of_its_rows(page: Page, server: Server) -> None:
    opened(page, server.address + "/#map=13/36.485/40.75")

    page.locator(f".event-pin[title='{GATE}']").hover()
    expect(page.locator(".event-row.pointed")).to_have_count(1)
    expect(page.locator(".event-row.pointed .event-title")).to_have_text(GATE)

    stands(page, "8/36.7/41.4")
    page.locator(".event-cluster", has_text="2").hover()
    expect(page.locator(".event-row.pointed")).to_have_count(2)
    assert page.locator(".event-row.pointed .event-title").all_inner_texts() == [PRISON, GATE]


def test_by_keyboard_the_arrows_go_through_the_list_and_the_map_shows_where(
    page: Page, server: Server
) -> None:
    opened(page, server.address + "/#map=13/36.485/40.75")
    expect(page.locator(".event-list > li")).to_have_count(2)
    page.locator(".event-row").first.focus()
    expect(page.locator(".event-pin.pointed")).to_have_attribute("title", PRISON)

    page.keyboard.press("ArrowDown")
    expect(page.locator(".event-row", has_text=GATE)).to_be_focused()
    expect(page.locator(".event-pin.pointed")).to_have_attribute("title", GATE)
    page.keyboard.press("Enter")

    expect(page.locator(".popup-title")).to_have_text(GATE)
    page.locator(f".event-pin[title='{PRISON}']").focus()
    expect(page.locator(".event-row.pointed .event-title")).to_have_text(PRISON)


def test_who_opens_events_from_the_list_keeps_the_list_until_they_move_the_map(
    page: Page, server: Server
) -> None:
    opened(page, server.address + "/#map=9/36.7/41.4")
    page.locator(".event-row", has_text=CROSSING).click()
    expect(page.locator(".popup-title")).to_have_text(CROSSING)
    page.wait_for_timeout(500)
    assert titles(page) == [PRISON, GATE, CROSSING]

    page.locator(".leaflet-control-zoom-in").click()

    expect(page.locator("#in-view")).to_have_text("1 event")
    assert titles(page) == [CROSSING]
    expect(page.locator(".event-row[aria-current=true] .event-title")).to_have_text(CROSSING)
