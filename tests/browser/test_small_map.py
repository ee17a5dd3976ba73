"""The small map of an event on a phone: names stand at their dots in either direction, and as many as fit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import feature, serving
from tests.flows.serving import Server

pytestmark = pytest.mark.browser

NAMES = {"Far Crossing": (42.2, 36.8), "Near Camp": (40.85, 36.5), "Close Camp": (40.9, 36.51)}
# The boxes of the map, of each name that is shown and of all dots, in pixels.
SHOWN = """() => {
    const box = (each) => each.getBoundingClientRect().toJSON();
    const all = (what) => [...document.querySelectorAll(".small-map " + what)].map(box);
    const map = box(document.querySelector(".small-map"));
    return { map, names: all(".about-label"), dots: all(".about-dot") };
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    about = [
        {"place_label": name, "role": "concerns", "lon": lon, "lat": lat}
        for name, (lon, lat) in NAMES.items()
    ]
    with serving(tmp_path_factory.mktemp("small"), feature(about=about)) as started:
        yield started


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_names_stand_at_their_dots_and_none_covers_another(page: Page, server: Server, lang: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server.address}/events?lang={lang}")
    page.locator(".event-row").first.click()
    expect(page.locator(".about-dot")).to_have_count(3)
    page.wait_for_timeout(300)

    shown = page.evaluate(SHOWN)

    names = shown["names"]
    assert 0 < len(names) < len(NAMES)
    for name in names:
        middle = (name["left"] + name["right"]) / 2
        assert min(abs(middle - (dot["left"] + dot["right"]) / 2) for dot in shown["dots"]) < 4
        assert shown["map"]["left"] <= name["left"] < name["right"] <= shown["map"]["right"]
        others = [other for other in names if other is not name]
        assert not any(
            name["left"] < other["right"]
            and name["right"] > other["left"]
            and name["top"] < other["bottom"]
            and name["bottom"] > other["top"]
            for other in others
        )


def test_a_tap_on_a_dot_shows_the_name_that_had_no_room(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server.address}/events")
    page.locator(".event-row").first.click()
    expect(page.locator(".about-dot")).to_have_count(3)
    page.wait_for_timeout(300)
    before = set(page.locator(".about-label").all_inner_texts())

    hidden = next(number for number, name in enumerate(NAMES) if name not in before)
    page.locator(".about-dot").nth(hidden).dispatch_event("click")

    assert set(page.locator(".about-label").all_inner_texts()) == before | {list(NAMES)[hidden]}


def test_on_a_phone_an_event_leads_to_map_and_list(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server.address}/events")

    for name in ("Map", "List"):
        expect(page.locator(".site-nav").get_by_role("link", name=name, exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
