"""A map frozen by form: in the browser it stays as it was, and marks what was retracted since."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import feature, serving
from tests.browser.test_sharing import ready, share

pytestmark = pytest.mark.browser
EAST = {"type": "Point", "coordinates": [41.2, 36.5]}


def test_a_frozen_map_stays_and_marks_what_was_retracted(page: Page, tmp_path: Path) -> None:
    told, other = feature(title="A battle that was"), feature(EAST, title="A battle beside it")
    with serving(tmp_path, told, other) as server:
        page.goto(f"{server.address}/?event_type=battles#map=8/36.5/41")
        ready(page)
        share(page)
        page.locator("#save-view").click()
        page.locator("#title-en").fill("The battles")
        page.get_by_label("Frozen today", exact=False).check()
        page.locator("button.primary").click()
        expect(page.locator("main")).to_contain_text("Frozen on")

        found = json.loads(server.ask("GET", "/events.geojson?q=that")[1])["features"][0]
        _, _, headers = server.ask("GET", f"/events/{found['id']}.geojson")
        status, _, _ = server.ask(
            "DELETE", f"/events/{found['id']}?reason=A%20rumour.", headers={"If-Match": headers["ETag"]}
        )
        assert status < 300
        server.add(feature({"type": "Point", "coordinates": [40, 36]}, title="A battle later"))
        page.goto(f"{server.address}/m/the-battles")
        ready(page)

        expect(page.locator("#matched")).to_have_text("2 events")
        expect(page.locator("#caption")).to_contain_text("1 of these events is retracted.")
        expect(page.locator(".event-pin")).to_have_count(2)
        expect(page.locator(".event-pin .strike")).to_have_count(1)
        page.locator(".event-pin:has(.strike)").click()
        expect(page.locator(".event-popup")).to_contain_text("A rumour.")
        page.keyboard.press("Escape")
        share(page)
        assert "/m/the-battles?lang=en" in page.locator("#share-link").input_value()
        assert "/m/the-battles.png?lang=en" in (page.locator("#share-png").get_attribute("href") or "")
        expect(page.locator("#save-view")).to_be_hidden()
        page.keyboard.press("Escape")
        assert "view=the-battles" in (
            page.locator(".panel-foot a", has_text="GeoJSON").get_attribute("href") or ""
        )
