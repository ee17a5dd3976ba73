"""A map passed on: its link copied, its code put into a page of another site, a saved map in Arabic."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import feature, fill, serving
from tests.flows.serving import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("sharing")
    patch = pytest.MonkeyPatch()
    patch.setenv("GEOEVENTS_EMBED_ANCESTORS", "http://localhost:*")
    events = (
        feature(title="Gunmen attack the prison"),
        feature(title="People protest", event_type="protests", date_start="2022-01-22"),
    )
    with serving(folder, *events) as started:
        yield started
    patch.undo()


@pytest.fixture
def newspaper() -> Iterator[tuple[str, dict[str, str]]]:
    """Another site: its address, and its pages by path, to be written."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    paper = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=paper.serve_forever, daemon=True).start()
    yield f"http://localhost:{paper.server_port}", pages
    paper.shutdown()
    paper.server_close()


def ready(page: Page) -> None:
    page.locator("html[data-ready=true]").wait_for()


def share(page: Page) -> None:
    page.locator("#share > summary").click()
    expect(page.locator("#share-embed")).not_to_have_value("")


def save(page: Page, server: Server, query: str, **fields: str) -> None:
    page.goto(f"{server.address}/?{query}#map=8/36.5/40.7")
    ready(page)
    share(page)
    page.locator("#save-view").click()
    fill(page, **fields)
    page.locator("button.primary").click()
    expect(page.locator("h1")).to_have_text("Saved maps")


def test_a_copied_link_opens_the_same_map_elsewhere(page: Page, chromium: Browser, server: Server) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(server.address + "/?event_type=protests#map=8/36.50/40.70&off=protests")
    ready(page)
    share(page)
    page.locator("[data-copies=share-link]").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")

    other = chromium.new_context().new_page()
    other.goto(copied)
    ready(other)

    expect(other.locator(".event-row")).to_have_count(1)
    assert other.evaluate("location.hash").startswith("#map=8/36.500/40.700&off=protests")
    other.context.close()


def test_without_a_clipboard_the_address_is_copied_by_hand(page: Page, server: Server) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.add_init_script("document.execCommand = () => false")
    page.goto(server.address + "/")
    ready(page)
    share(page)
    page.locator("[data-copies=share-link]").click()

    expect(page.locator("#copied")).to_contain_text("press Ctrl+C")
    assert page.evaluate("getSelection().toString() || document.activeElement.id") in (
        page.locator("#share-link").input_value(),
        "share-link",
    )


def test_the_copied_code_shows_the_map_in_a_page_of_another_site(
    page: Page, server: Server, newspaper: tuple[str, dict[str, str]]
) -> None:
    address, pages = newspaper
    page.goto(server.address + "/?event_type=protests#map=8/36.50/40.70")
    ready(page)
    share(page)
    pages["/story"] = "<!doctype html><h1>Our story</h1>" + page.locator("#share-embed").input_value()

    page.goto(address + "/story")
    frame = page.frame_locator("iframe")

    frame.locator("html[data-ready=true]").wait_for()
    expect(frame.locator(".event-pin")).to_have_count(1)
    expect(frame.locator(".site-header")).to_have_count(0)
    frame.locator(".event-pin").click()
    expect(frame.locator(".popup-title")).to_have_text("People protest")
    with page.context.expect_page() as opened:
        frame.locator(".popup-links a").first.click()
    expect(opened.value.locator("h1")).to_have_text("People protest")


def test_any_other_page_stays_empty_in_a_frame_and_so_does_embed_on_a_site_not_named(
    chromium: Browser, server: Server, newspaper: tuple[str, dict[str, str]]
) -> None:
    address, pages = newspaper
    unnamed = address.replace("localhost", "127.0.0.1")
    pages["/map"] = f'<iframe src="{server.address}/"></iframe>'
    pages["/embed"] = f'<iframe src="{server.address}/embed"></iframe>'
    seen = chromium.new_context().new_page()

    for story in (address + "/map", unnamed + "/embed"):
        seen.goto(story)
        seen.wait_for_timeout(500)
        assert seen.frame_locator("iframe").locator(".folium-map").count() == 0
    seen.context.close()


def test_a_saved_map_stands_at_its_address_with_its_words_and_its_question(
    page: Page, server: Server
) -> None:
    save(
        page, server, "event_type=protests", **{"title-en": "Protests", "title-ar": "احتجاجات", "slug": "one"}
    )

    page.goto(server.address + "/m/one?lang=ar")
    ready(page)

    expect(page.locator("#caption h1")).to_have_text("احتجاجات")
    expect(page.locator(".event-row")).to_have_count(1)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.evaluate("geoevents.map.getZoom()") == 8
    share(page)
    assert "/embed?view=one&amp;lang=ar" in page.locator("#share-embed").input_value()


def test_a_saved_map_is_left_when_something_else_is_asked(page: Page, server: Server) -> None:
    save(page, server, "event_type=protests", **{"title-en": "Protests", "slug": "two"})
    page.goto(server.address + "/m/two?lang=en")
    ready(page)

    page.locator(".chip[data-filter=types] > summary").click()
    page.locator("input[value=battles]").check()
    page.locator(".chip[data-filter=types] button").click()

    page.wait_for_url(lambda url: "/m/two" not in url and "event_type=battles" in url)
    expect(page.locator(".event-row")).to_have_count(2)
    expect(page.locator("#caption")).to_be_hidden()
