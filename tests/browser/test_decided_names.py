"""A name nobody knows, put on the map once: its team knows it from then on, until it forgets; nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import feature, fill, serving
from tests.flows.serving import Server

pytestmark = pytest.mark.browser

NAME = "Xqzwv farm"
FIRST = {"title": "A meeting was held", "event_type": "statements", "date_start": "2022-01-25"}
SECOND = {"title": "Two were arrested", "event_type": "detention", "date_start": "2022-01-28"}
THIRD = {"title": "They were set free", "event_type": "protests", "date_start": "2022-01-30"}
SAID_BY = {"sources-0-source_publisher": "North Press"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("names")
    with serving(folder, feature()) as started:
        yield started


def add(page: Page, server: Server, fields: dict[str, str], *, click: dict[str, int] | None = None) -> None:
    """Fill the form with the name and send it; with `click`, after a click on its map."""
    page.goto(f"{server.address}/events/new")
    fill(page, **fields, place_name=NAME, **SAID_BY)
    page.keyboard.press("Escape")
    if click:
        page.locator(".picker").click(position=click)
        expect(page.locator("#lon")).not_to_have_value("")
    page.locator("button.primary").click()


def kept(page: Page, server: Server) -> dict[str, Any]:
    """What is kept of the event whose page is shown."""
    event_id = page.url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
    _, body, _ = server.ask("GET", f"/events/{event_id}.geojson?view=internal")
    return dict(json.loads(body))


def suggested(server: Server, **headers: str) -> list[str]:
    status, body, _ = server.ask("GET", "/api/suggest?q=Xqzwv", headers=headers)
    assert status == 200
    return [each["name"] for each in json.loads(body)["suggestions"]]


def test_a_name_is_decided_on_the_map_used_again_and_forgotten(
    page: Page, chromium: Browser, server: Server
) -> None:
    add(page, server, FIRST)
    expect(page.locator("#errors")).to_contain_text(f"'{NAME}' is no place we know.")

    add(page, server, FIRST, click={"x": 200, "y": 100})
    expect(page.locator("h1")).to_have_text(FIRST["title"])
    first = kept(page, server)
    assert first["properties"]["geo_method"] == "picked"

    add(page, server, SECOND)
    expect(page.locator("h1")).to_have_text(SECOND["title"])
    second = kept(page, server)
    assert second["geometry"] == first["geometry"]
    assert second["properties"]["place_id"].startswith("team:")
    assert second["properties"]["chosen_by"] == "gazetteer"

    # Whoever comes through a proxy may not write, and is told nothing of it.
    somebody = {"X-Forwarded-For": "192.0.2.7"}
    assert (suggested(server), suggested(server, **somebody)) == ([NAME], [])
    outside = chromium.new_context(extra_http_headers=somebody).new_page()
    answer = outside.goto(f"{server.address}/names")
    assert answer is not None
    assert answer.status == 403
    assert NAME not in outside.content()
    outside.context.close()

    page.goto(f"{server.address}/names")
    expect(page.locator(".names > li")).to_have_count(1)
    expect(page.locator(".names > li")).to_contain_text(NAME)
    page.locator(".names button", has_text="Forget").click()
    expect(page.locator("[role=status]")).to_contain_text("forgotten")
    expect(page.locator(".names > li")).to_have_count(0)

    add(page, server, THIRD)
    expect(page.locator("#errors")).to_contain_text(f"'{NAME}' is no place we know.")
    assert suggested(server) == []
