"""A file is chosen, looked at, told what its columns are and imported, as a person does it; no script."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import feature, serving
from tests.flows.serving import Server

pytestmark = pytest.mark.browser

ROWS = (
    "Sujet,Quand,Lieu,Par\n"
    "A convoy was stopped <b>,03/04/2021,Hasakah,North Press\n"
    "A gathering was held,25/04/2021,Xqzwv,North Press\n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("imports")
    with serving(folder, feature()) as started:
        yield started


def test_a_table_in_other_words_is_mapped_imported_and_what_is_left_comes_back(
    chromium: Browser, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "rows.csv").write_text(ROWS, "utf-8")
    page = chromium.new_context(java_script_enabled=False, accept_downloads=True).new_page()
    page.goto(f"{server.address}/import")
    page.set_input_files("#file", tmp_path / "rows.csv")
    page.locator("button.primary").click()
    expect(page.locator("[role=alert]")).to_contain_text("No column is recognised: Sujet, Quand, Lieu, Par.")

    for number, field in enumerate(("title", "date_start", "place_name", "source_publisher")):
        page.locator(f"#column-{number}").select_option(field)
    page.locator("#event_type").select_option("protests")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_text("1 of 2 rows would land.")).to_be_visible()
    page.get_by_role("button", name="Import 1 row").click()

    expect(page.get_by_text("1 row landed.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="The rows to mend").click()
    returned = list(csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert [(row["Lieu"], row["verdict"]) for row in returned] == [("Xqzwv", "not_found")]
    _, body, _ = server.ask("GET", "/events.geojson?q=convoy")
    (kept,) = json.loads(body)["features"]
    assert kept["properties"]["title"] == "A convoy was stopped <b>"
    assert kept["properties"]["date_start"] == "2021-04-03"
