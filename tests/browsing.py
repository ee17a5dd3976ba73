"""A Chromium that knows this machine only, and pages that fail their test when something in them fails."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.offline.sitecustomize import is_here

ARGUMENTS = [
    # Every name but loopback's is unknown to it: a request to a CDN fails as it does without a network.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
]


# What is expected comes in a moment; how long a machine with other things to do takes for it says nothing.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright; started once."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """
    An empty page of a new visitor.

    The test fails afterwards if the page threw, was stopped by its own Content-Security-Policy,
    or asked another machine for anything.
    """
    context = chromium.new_context()
    page = context.new_page()
    troubles = watched(page)
    yield page
    context.close()
    assert troubles == []


def watched(page: Page) -> list[str]:
    """A list that fills with whatever goes wrong in `page`."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on("console", lambda said: _policy(said.text, troubles))
    page.on("request", lambda request: _foreign(request.url, troubles))
    return troubles


def _policy(text: str, troubles: list[str]) -> None:
    if "Content Security Policy" in text:
        troubles.append(f"policy: {text}")


def _foreign(url: str, troubles: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in {"http", "https", "ws", "wss"} and not is_here(parts.hostname):
        troubles.append(f"request: {url}")
