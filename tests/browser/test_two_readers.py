"""What one reader adds, another sees without doing anything."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import feature, serving
from tests.browsing import watched
from tests.cartography.desk import SETTLED, until

pytestmark = [pytest.mark.browser, pytest.mark.alone]

TURNS = 3
PLACES = ([40.9, 36.6], [40.5, 36.3], [41.0, 36.3])


def test_an_event_that_somebody_adds_shows_on_the_other_map_within_two_seconds(
    chromium: Browser, page: Page, tmp_path: Path
) -> None:
    with serving(tmp_path, feature()) as server:
        context = chromium.new_context()
        writer = context.new_page()
        troubles = watched(writer)
        page.goto(server.address)
        until(page, SETTLED)
        waited = []

        for turn in range(TURNS):
            point = {"type": "Point", "coordinates": PLACES[turn]}
            writer.goto(server.address + "/about")
            writer.evaluate(
                """(body) => fetch("/events", {
                    method: "POST", body: JSON.stringify(body),
                    headers: { "Content-Type": "application/geo+json" },
                })""",
                feature(point, title=f"Added by another {turn}"),
            )
            added = time.monotonic()
            until(page, f"document.querySelectorAll('.event-pin').length === {turn + 2}")
            waited.append(time.monotonic() - added)
            expect(page.locator(".event-list > li")).to_have_count(turn + 2)

        context.close()
        assert troubles == []
        # A busy machine may be late, but not each time.
        assert min(waited) < 2
