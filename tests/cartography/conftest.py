"""The browser of tests/browser, for what only a browser can say of the map."""

from __future__ import annotations

from tests.browser.conftest import chromium, page

__all__ = ["chromium", "page"]
