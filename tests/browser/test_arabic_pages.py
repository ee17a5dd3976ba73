"""What an Arabic reader sees of the map: places by their Arabic names, sentences from right to left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import feature, serving
from tests.flows.serving import Server

pytestmark = pytest.mark.browser

HASAKAH = "Hasakah, Hasakah governorate, Syria"
IN_ARABIC = "الحسكة، محافظة الحسكة، سوريا"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("arabic")
    known = feature(None, title="Somebody speaks", place_name="Hasakah", geo_precision=None)
    unknown = feature(title="Somebody fights", place_label="Far Field", date_start="2022-01-19")
    with serving(folder, known, unknown) as started:
        yield started


def test_list_and_popup_call_a_place_by_its_arabic_name(page: Page, server: Server) -> None:
    page.goto(server.address + "/?lang=ar")
    rows = page.locator("#events .event-where")

    expect(rows.first).to_contain_text(IN_ARABIC)
    expect(rows.nth(1)).to_contain_text("Far Field")
    page.locator("#events a").first.click()
    expect(page.locator(".event-popup .popup-where").first).to_contain_text(IN_ARABIC)
    expect(page.locator("body")).not_to_contain_text(HASAKAH)


def test_in_english_it_keeps_its_label(page: Page, server: Server) -> None:
    page.goto(server.address + "/?lang=en")

    expect(page.locator("#events .event-where").first).to_contain_text(HASAKAH)


@pytest.mark.parametrize("path", ["/?lang=ar", "/events?lang=ar&datetime=soon", "/events/new?lang=ar"])
def test_sentences_and_empty_fields_begin_at_the_right(page: Page, server: Server, path: str) -> None:
    page.goto(server.address + path)

    runs = page.evaluate(
        """() => [...document.querySelectorAll(".event-where, .alert, input[placeholder], textarea")]
            .filter((each) => each.dir !== "ltr").map((each) => getComputedStyle(each).direction)"""
    )

    assert runs
    assert set(runs) == {"rtl"}


def test_what_is_typed_runs_as_its_letters_do(page: Page, server: Server) -> None:
    page.goto(server.address + "/events/new?lang=ar")
    title = page.locator("#title")
    direction = "each => getComputedStyle(each).direction"

    title.fill("Gunmen attack")
    latin = title.evaluate(direction)
    title.fill("هجوم مسلح")

    assert (latin, title.evaluate(direction)) == ("ltr", "rtl")


def test_the_scale_is_in_arabic(page: Page, server: Server) -> None:
    page.goto(server.address + "/?lang=ar")

    expect(page.locator(".leaflet-control-scale-line").first).to_have_text(re.compile(r"^\d+ كم$"))
