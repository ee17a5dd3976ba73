"""The form in a browser: with scripts it helps, without them it does the same work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import feature, fill, serving
from tests.browsing import watched
from tests.flows.serving import Server

pytestmark = pytest.mark.browser

TYPED = {
    "title": "Shelling in the morning",
    "event_type": "explosions_remote_violence",
    "date_start": "2022-01-21",
}
SAID_BY = {"sources-0-source_publisher": "North Press"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("form")
    with serving(folder, feature()) as started:
        yield started


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """A page of a reader without JavaScript."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    troubles = watched(page)
    yield page
    context.close()
    assert troubles == []


def open_form(page: Page, server: Server, query: str = "") -> None:
    page.goto(f"{server.address}/events/new{query}")


def send(page: Page) -> None:
    page.locator("button.primary").click()


def kept(page: Page, server: Server) -> dict[str, Any]:
    """What is kept of the event whose page is shown."""
    event_id = page.url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
    _, body, _ = server.ask("GET", f"/events/{event_id}.geojson?view=internal")
    return dict(json.loads(body))


def test_an_event_is_added_without_scripts(plain_page: Page, server: Server) -> None:
    open_form(plain_page, server)
    fill(plain_page, **TYPED, place_name="Derik", **SAID_BY)
    send(plain_page)

    expect(plain_page.locator(".candidates > li")).to_have_count(2)
    expect(plain_page.locator("#title")).to_have_value(TYPED["title"])
    plain_page.locator(".candidates input[type=radio]").nth(1).check()
    send(plain_page)

    expect(plain_page.locator("h1")).to_have_text(TYPED["title"])
    assert kept(plain_page, server)["properties"]["country_code"] == "TR"


def test_a_place_is_suggested_while_one_types_and_taken_by_keyboard(page: Page, server: Server) -> None:
    open_form(page, server)
    fill(page, **TYPED | {"title": "Taken by keyboard"}, **SAID_BY)
    page.locator("#place_name").press_sequentially("Hasak", delay=40)
    expect(page.locator("[role=option]").first).to_contain_text("Hasakah")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator("#place_name")).to_have_value("Hasakah")
    expect(page.locator("[data-drawn]")).to_have_text("On the map: drawn as a pin.")
    expect(page.locator(".picker-pin")).to_be_visible()
    send(page)

    expect(page.locator("h1")).to_have_text("Taken by keyboard")
    assert kept(page, server)["properties"]["place_id"] == "geonames:173811"


def test_a_click_on_the_map_is_as_exact_as_the_map_and_says_so(page: Page, server: Server) -> None:
    open_form(page, server)
    fill(page, **TYPED | {"title": "Picked on the map"}, **SAID_BY)
    page.locator(".picker").click(position={"x": 200, "y": 100})

    expect(page.locator("#lon")).not_to_have_value("")
    expect(page.locator("#geo_precision")).to_have_value("near")
    expect(page.locator("[data-drawn]")).to_contain_text("circle")
    send(page)

    expect(page.locator("h1")).to_have_text("Picked on the map")
    event = kept(page, server)
    assert event["geometry"]["type"] == "Point"
    assert (event["properties"]["geo_method"], event["properties"]["geo_precision"]) == ("picked", "near")


def test_candidates_are_numbered_alike_in_the_list_and_on_the_map(page: Page, server: Server) -> None:
    open_form(page, server)
    fill(page, **TYPED | {"title": "Which Derik"}, place_name="Derik", **SAID_BY)
    page.keyboard.press("Escape")
    send(page)

    expect(page.locator(".picker-number")).to_have_count(2)
    assert sorted(page.locator(".picker-number").all_inner_texts()) == ["1", "2"]
    page.locator(".picker-marker", has_text="2").click()
    expect(page.locator(".candidates > li").nth(1)).to_have_class("chosen")
    expect(page.locator(".candidates input[type=radio]").nth(1)).to_be_checked()
    send(page)

    expect(page.locator("h1")).to_have_text("Which Derik")


def test_a_choice_gives_way_to_another_name(page: Page, server: Server) -> None:
    open_form(page, server)
    fill(page, **TYPED | {"title": "Rather Qamishli"}, place_name="Derik", **SAID_BY)
    page.keyboard.press("Escape")
    send(page)
    page.locator(".candidates input[type=radio]").nth(1).check()
    page.locator("#place_name").fill("")
    page.locator("#place_name").press_sequentially("Qamishl", delay=40)
    page.locator("[role=option]").first.click()
    send(page)

    expect(page.locator("h1")).to_have_text("Rather Qamishli")
    assert kept(page, server)["properties"]["place_label"].startswith("Qamishli")


def test_faults_are_told_together_and_beside_their_fields(page: Page, server: Server) -> None:
    open_form(page, server)
    fill(page, title="", date_start="yesterday", place_name="Hasakah")
    page.keyboard.press("Escape")
    send(page)

    expect(page.locator("#errors li")).to_have_count(3)
    page.locator("#errors a", has_text="yesterday").click()
    assert page.evaluate("location.hash") == "#date_start"
    expect(page.locator("#date_start")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#date_start")).to_have_value("yesterday")


def test_the_form_reads_from_right_to_left_in_arabic(page: Page, server: Server) -> None:
    open_form(page, server, "?lang=ar")

    assert page.locator("html").get_attribute("dir") == "rtl"
    label, radio = (page.locator(f".choice {part}").first.bounding_box() for part in ("span", "input"))
    assert label is not None
    assert radio is not None
    assert radio["x"] > label["x"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_edit_retract_and_undo(page: Page, server: Server) -> None:
    added = server.add(feature(title="To be mended"))
    page.goto(f"{server.address}/events/{added['id']}")
    page.locator("a", has_text="Edit").click()
    fill(page, title="Mended")
    send(page)
    expect(page.locator("h1")).to_have_text("Mended")

    page.locator("summary", has_text="Retract it").click()
    page.locator("#reason").fill("It was another town")
    page.locator("button.danger").click()
    expect(page.locator("h1")).to_have_class("struck")
    expect(page.locator(".event .alert.error")).to_contain_text("It was another town")

    page.locator("button", has_text="Undo the last change").click()
    expect(page.locator("h1")).not_to_have_class("struck")
    assert kept(page, server)["properties"]["version"] == 4
