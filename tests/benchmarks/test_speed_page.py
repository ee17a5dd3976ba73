"""What is said of speed: the README's numbers are the page's, and the page is written without a slip."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.speed import page, querying
from benchmarks.speed.__main__ import PARTS
from benchmarks.speed.kept import FAILED, Kept
from benchmarks.speed.tables import OURS
from tests.benchmarks.test_accuracy_page import part
from tests.conftest import ROOT

FAST = {"p50": 0.5, "p95": 1.0, "rate": 2_000.0, "worked": 0.4, "exact": "20 of 20"}
SLOW = {"p50": 10.0, "p95": 40.0, "rate": 100.0, "worked": 9.0, "exact": "19 of 20"}


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    made = Kept.at(tmp_path / "results.json")
    made.put(querying.NAME, OURS, 100_000, FAST)
    made.put(querying.NAME, querying.TIPG, 100_000, SLOW)
    made.put(querying.NAME, querying.DATASETTE, 100_000, {FAILED: "TimeoutError: no answer within 120 s"})
    return made


def test_the_readme_says_what_the_page_of_speed_says():
    written = (ROOT / "docs" / "speed.md").read_text("utf-8")

    said = part("speed", (ROOT / "README.md").read_text("utf-8"))

    assert said == part(page.SHORT, written)
    # Either both are measured, or neither.
    assert bool(re.search(r"\d", said)) == bool(re.search(r"\d", part(page.CONDITIONS, written)))


def test_the_page_has_a_place_for_everything_that_is_measured():
    written = (ROOT / "docs" / "speed.md").read_text("utf-8")

    marks = re.findall(r"<!-- end of (\w+) -->", written)

    assert marks == [page.SHORT, page.GOALS, *(each.NAME for each in PARTS), page.CONDITIONS]


def test_a_run_writes_what_it_has_and_names_what_failed(kept, tmp_path, monkeypatch):
    for name in ("PAGE", "README"):
        copy = tmp_path / f"{name}.md"
        copy.write_text(getattr(page, name).read_text("utf-8"), "utf-8")
        monkeypatch.setattr(page, name, copy)

    page.write(PARTS, kept)

    written = page.PAGE.read_text("utf-8")
    assert "| **geoevents** | 0.50 / 1.0 |\n| tipg | 10 / 40 |" in part(querying.NAME, written)
    assert "beside tipg | 20 x and 20 x | 10 x |" in part(page.GOALS, written)
    assert "datasette, 100,000 events: TimeoutError: no answer within 120 s" in part(page.CONDITIONS, written)
    assert part("speed", page.README.read_text("utf-8")) == part(page.SHORT, written)
    assert "| filtered question over HTTP, p50 in ms, 100,000 events | **0.50** | tipg 10 |" in written


def test_a_run_that_was_stopped_goes_on_with_what_is_missing(kept):
    again = Kept.at(kept.path)

    measured = {who: again.get(querying.NAME, who, 100_000) for who in again.whos(querying.NAME)}

    assert measured == {OURS: FAST, querying.TIPG: SLOW, querying.DATASETTE: {}}
    assert again.sizes(querying.NAME) == [100_000]
