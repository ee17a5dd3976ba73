"""docs/speed.md: what was measured, between marks; its first table is the README's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from benchmarks.speed.kept import Kept
from benchmarks.speed.tables import table

ROOT = Path(__file__).parents[2]
PAGE, README = ROOT / "docs" / "speed.md", ROOT / "README.md"
SHORT, GOALS, CONDITIONS = "short", "goals", "conditions"


def write(parts: Sequence[ModuleType], kept: Kept) -> None:
    """All that is kept; a part of which nothing is stays as it stands."""
    told = "\n".join(short(parts, kept))
    replace(PAGE, SHORT, told)
    replace(README, "speed", told)
    replace(PAGE, GOALS, "\n".join(goals(parts, kept)))
    replace(PAGE, CONDITIONS, "\n".join(conditions(kept)))
    for part in parts:
        if kept.whos(part.NAME):
            replace(PAGE, part.NAME, "\n".join(part.tables(kept)))


def report(parts: Sequence[ModuleType], kept: Kept) -> Iterator[str]:
    for part in parts:
        if kept.whos(part.NAME):
            yield f"\n## {part.TITLE}\n"
            yield from part.tables(kept)
    yield "\n## What is to be reached\n"
    yield from goals(parts, kept)
    yield "\n## How\n"
    yield from conditions(kept)


def goals(parts: Sequence[ModuleType], kept: Kept) -> Iterator[str]:
    yield from table(("what", "measured", "to reach"), [row for part in parts for row in part.goals(kept)])


def short(parts: Sequence[ModuleType], kept: Kept) -> Iterator[str]:
    """A row or two of each part, at one number of events: us, and how the peers compare."""
    rows = [row for part in parts for row in part.short(kept)]
    if rows:
        yield from table(("", "geoevents", "others"), rows)


def conditions(kept: Kept) -> Iterator[str]:
    cores = os.cpu_count()
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    days = sorted(set(kept.days.values()))
    yield f"Measured on {' and '.join(days)}, on {cores} cores with {gigabytes:.0f} GB of memory. Versions:"
    yield ", ".join(f"{name} {version}" for name, version in sorted(kept.versions.items(), key=_name)) + "."
    failures = list(kept.failures())
    if failures:
        yield "\nWhat could not be measured, and why:\n"
        yield from (f"- {failure}" for failure in failures)


def _name(pair: tuple[str, str]) -> str:
    return pair[0].lower()


def replace(page: Path, part: str, content: str) -> None:
    """Put `content` between the marks of a part."""
    text = page.read_text("utf-8")
    marks = re.compile(f"(<!-- {part}:[^>]*-->\n).*?(<!-- end of {part} -->)", re.DOTALL)
    if len(marks.findall(text)) != 1:
        raise SystemExit(f"{page} has no part {part}.")
    page.write_text(marks.sub(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", text), "utf-8")
