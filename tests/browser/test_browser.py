"""The browser that the other tests here look through: what it shows, and what it does not let pass."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.browsing import watched

pytestmark = pytest.mark.browser

PAGES = {
    "/calm": "<title>calm</title><h1>الحسكة</h1>",
    "/throws": "<script>throw Error('oh')</script>",
    "/fetches": "<img src='http://example.org/pixel.png'>",
    "/forbidden": "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\"><script>1</script>",
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_page_of_this_machine_is_shown(page, address):
    page.goto(address + "/calm")

    assert page.inner_text("h1") == "الحسكة"


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("/throws", "error: oh"),
        ("/fetches", "request: http://example.org/pixel.png"),
        ("/forbidden", "policy: Executing inline script violates"),
    ],
)
def test_what_goes_wrong_in_a_page_is_noticed(chromium: Browser, address, path, trouble):
    page = chromium.new_context().new_page()
    troubles = watched(page)

    page.goto(address + path, wait_until="networkidle")

    assert [text[: len(trouble)] for text in troubles] == [trouble]
    page.context.close()


def test_another_machine_cannot_be_reached(chromium: Browser):
    page = chromium.new_context().new_page()

    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")

    page.context.close()
