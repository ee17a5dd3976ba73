"""What drafting reaches on the reports of the benchmark; and a long text takes no more than its share."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import date

import pytest

from tests.conftest import ROOT


@pytest.fixture
def measure(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import drafting

    return drafting.measure


def test_most_events_of_short_reports_are_drafted_with_type_and_date(drafter, measure):
    reports = json.loads((ROOT / "benchmarks" / "drafting_reports.json").read_text("utf-8"))["reports"]
    total: Counter[str] = Counter()

    for report in reports:
        text = "\n".join(report["text"])
        drafts = drafter(text, published=date.fromisoformat(report["published"])).drafts
        total.update(measure(report, text, list(drafts)))

    assert total["drafted"] >= 0.9 * total["expected"]
    assert total["spurious"] <= 0.2 * len(reports)
    assert total["type"] >= 0.9 * total["drafted"]
    assert total["date"] >= 0.9 * total["drafted"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Shells fell on Kobani on Monday, the SDF said. ",
        "قصفت القوات التركية قرية قرب كوباني ",
        "shelled ",
        "\u201c\n- ",
    ],
    ids=["sentences", "one line in Arabic", "one word", "signs"],
)
def test_ten_times_the_text_takes_about_ten_times_the_time(drafter, sentence):
    drafter(sentence * 10, published=date(2022, 1, 25))

    short, long = (_seconds(drafter, (sentence * length)[:length]) for length in (6_000, 60_000))

    # Two and a half times as much leaves room for a busy machine; a square would be ten times as much.
    assert long <= 25 * max(short, 0.02)


def _seconds(drafter, text: str) -> float:
    start = time.process_time()
    drafter(text, published=date(2022, 1, 25))
    return time.process_time() - start
