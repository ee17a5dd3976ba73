"""A real server with events in it, for the tests that look at its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.flows.serving import ROOT, Server, start

POINT = {"type": "Point", "coordinates": [40.7477, 36.4806]}


def feature(geometry: object = POINT, **properties: object) -> dict[str, Any]:
    plain = {
        "title": "Gunmen attack the prison",
        "event_type": "battles",
        "date_start": "2022-01-20",
        "geo_precision": "site",
        "sources": [{"publisher": "North Press", "url": "https://npasyria.com/en/70561"}],
    }
    return {"type": "Feature", "geometry": geometry, "properties": plain | properties}


@contextmanager
def serving(folder: Path, *features: dict[str, Any]) -> Iterator[Server]:
    if not (ROOT / "data" / "cache" / "basemap" / "index.json").is_file():
        pytest.skip("no base map: run `make setup`")
    server = start(folder / "data")
    try:
        for each in features:
            server.add(each)
        yield server
    finally:
        server.stop()


def fill(page: Page, **fields: str) -> None:
    """Type into the form; a field with choices is chosen from."""
    for name, text in fields.items():
        field = page.locator(f"#{name}")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
