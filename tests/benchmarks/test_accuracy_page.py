"""What is said of accuracy: the README's numbers are the page's, and the page is written without a slip."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geoevents.places import LonLat
from tests.conftest import ROOT


@pytest.fixture
def benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))


def test_the_readme_says_what_the_page_of_accuracy_says():
    page = (ROOT / "docs" / "accuracy.md").read_text("utf-8")

    said = part("accuracy", (ROOT / "README.md").read_text("utf-8"))

    measured = part("names", page)
    assert said.startswith("| names | answered by |")
    assert measured.startswith(f"### In short\n\n{said}\n\n###")
    assert len(re.findall(r"\d+%", said)) > 20
    assert part("texts", page).startswith("### Recognition")


def test_a_part_is_replaced_and_nothing_around_it(benchmarks, tmp_path: Path):
    from accuracy import replace

    page = tmp_path / "page.md"
    page.write_text("a\n<!-- names: x -->\nold\n<!-- end of names -->\nb\n", "utf-8")

    replace(page, "names", "| new |")
    replace(page, "names", r"| newer \1 |")

    assert page.read_text("utf-8") == "a\n<!-- names: x -->\n\n| newer \\1 |\n\n<!-- end of names -->\nb\n"
    with pytest.raises(SystemExit, match=r"page\.md has no part texts"):
        replace(page, "texts", "")


def test_names_that_our_own_places_lack_are_counted_apart(benchmarks):
    from scoring import GIVEN, Answer, Name
    from tables import LATIN, OTHERS, SHIPPED, Measured, short

    names = [Name(text, "SY", None, LonLat(0, 0)) for text in ("ours", "theirs", "nobody's")]
    right, wrong = Answer(2.0, taken=True), Answer(40.0, taken=True)
    measured = Measured(
        {LATIN: names},
        {(LATIN, GIVEN[0], SHIPPED): [right, right, wrong], (LATIN, GIVEN[0], OTHERS): [wrong] * 3},
        [(LATIN, "peer, 0.1 ms a name", [wrong, right, wrong])],
        None,
        is_ours=lambda name: name.text == "ours",
        is_listed=lambda name: False,
    )

    assert list(short(measured))[2:] == [
        "| 3 names in Latin script | **geoevents as shipped** | 67% | 67% | 67% | 100% |",
        "| 3 names in Latin script | geoevents without our own places | 0% | 0% | 0% | 100% |",
        "| 3 names in Latin script | peer | 33% | 33% | 33% | 100% |",
        "| the 2 of them that our own places lack | geoevents as shipped | 50% | 50% | 50% | 100% |",
    ]


def part(name: str, page: str) -> str:
    """What stands between the marks of a part."""
    found = re.search(f"<!-- {name}:[^>]*-->\n(.*?)<!-- end of {name} -->", page, re.DOTALL)
    assert found is not None
    return found[1].strip()
