"""requirements.txt is the one truth about what geoevents imports; all else follows it."""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib.metadata import packages_distributions, requires

import pytest

from tests.architecture.house import House
from tests.conftest import ROOT

# Used where a team has it, never asked for.
IF_INSTALLED = {"spacy"}
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def test_every_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-node.txt"):
        lines = [line for line in read(name).splitlines() if line and not line.startswith("#")]

        assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_what_is_installed_as_geoevents_requires_exactly_that():
    declared = [line for line in requires("geoevents") or [] if "extra ==" not in line]

    assert pins("\n".join(declared)) == pins(read("requirements.txt"))


def test_every_library_imported_is_required_by_name():
    assert imported_libraries() - set(pins(read("requirements.txt"))) == IF_INSTALLED


def test_every_required_library_is_imported():
    assert set(pins(read("requirements.txt"))) - imported_libraries() == set()


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [
        ("requirements.txt", "requirements.lock"),
        ("requirements-dev.txt", "requirements.lock"),
        ("requirements-node.txt", "requirements-node.lock"),
    ],
)
def test_the_lock_holds_the_same_versions_each_with_its_hashes(wanted, lock):
    locked = pins(read(lock))
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n?", "", read(lock), flags=re.MULTILINE).strip())

    assert pins(read(wanted)).items() <= locked.items()
    assert [entry for entry in entries if not (PIN.match(entry) and "--hash=sha256:" in entry)] == []


def test_the_lock_says_nothing_of_where_packages_come_from():
    for name in ("requirements.lock", "requirements-node.lock"):
        options = re.findall(r"^\s*(--(?!hash=)\S+)", read(name), re.MULTILINE)

        assert options == []
        assert "://" not in read(name)


@cache
def imported_libraries() -> set[str]:
    """The distributions that geoevents imports from, anywhere in its code."""
    house = House(ROOT / "geoevents", ROOT / "docs" / "architecture.md")
    tops = {found.target.split(".", maxsplit=1)[0] for module in house.modules for found in module.imports}
    foreign = tops - sys.stdlib_module_names - {"geoevents", "__future__"}
    distributions = packages_distributions()
    return {
        plain(name)
        for top in foreign
        for name in distributions.get(top, [top])
        if not name.startswith("types-")
    }


def pins(text: str) -> dict[str, str]:
    return {plain(name): version for name, version in PIN.findall(text)}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")
