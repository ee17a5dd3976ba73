"""How well reports become drafts: events drafted, drafts too many a report, types and dates that are right.

    python benchmarks/drafting.py [--split dev|test] [--lang en|ar] [--verbose]

The reports are benchmarks/drafting_reports.json, written for this measure before anything was tuned on them.
An expected event is drafted if a draft of its kind quotes the words it is told in, each draft counting for
one. Its type is right if the event type is; its date if the draft's bounds keep within the expected ones; its
place if the place's name is the expected one, or holds it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

from geoevents.bootstrap import open_drafter
from geoevents.geoparsing.drafting import DraftedEvent
from geoevents.settings import load

REPORTS = Path(__file__).with_name("drafting_reports.json")
COUNTS = ("expected", "drafted", "spurious", "type", "date", "place")


def main() -> int:
    options = _options()
    drafter = open_drafter(load(os.environ, {}))
    totals: dict[tuple[str, str], dict[str, int]] = {}
    for report in json.loads(REPORTS.read_text("utf-8"))["reports"]:
        if options.lang not in (None, report["lang"]) or options.split not in (None, report["split"]):
            continue
        text = "\n".join(report["text"])
        drafts = list(drafter(text, published=date.fromisoformat(report["published"])).drafts)
        counts = measure(report, text, drafts, verbose=options.verbose)
        total = totals.setdefault((report["split"], report["lang"]), dict.fromkeys(("reports", *COUNTS), 0))
        total["reports"] += 1
        for name in COUNTS:
            total[name] += counts[name]
    for (split, lang), total in sorted(totals.items()):
        _tell(f"{split} {lang}", total)
    _tell("all", {name: sum(each[name] for each in totals.values()) for name in ("reports", *COUNTS)})
    return 0


def measure(
    report: dict[str, Any], text: str, drafts: list[DraftedEvent], *, verbose: bool = False
) -> dict[str, int]:
    """The counts of one report."""
    counts = dict.fromkeys(COUNTS, 0)
    left = list(drafts)
    for expected in report["expected"]:
        counts["expected"] += 1
        draft = _found(expected, text, left)
        if draft is None:
            if verbose:
                print(f"{report['id']}: not drafted: {expected['told']}")
            continue
        left.remove(draft)
        right = {
            "drafted": True,
            "type": draft.event_type == expected["event_type"],
            "date": _is_within(draft, expected["date"]),
            "place": expected["place"] in (draft.place_name or ""),
        }
        for name, is_right in right.items():
            counts[name] += is_right
            if verbose and not is_right:
                said = (draft.event_type, draft.date_start, draft.date_end, draft.place_name)
                print(f"{report['id']}: {name} of '{expected['told']}': {said}")
    counts["spurious"] = len(left)
    if verbose:
        for draft in left:
            print(f"{report['id']}: spurious: {draft.event_type} {draft.title}")
    return counts


def _found(expected: dict[str, str], text: str, drafts: list[DraftedEvent]) -> DraftedEvent | None:
    at = text.index(expected["told"])
    fitting = [
        draft
        for draft in drafts
        if draft.kind.value == expected["kind"] and any(start <= at < end for start, end in draft.spans)
    ]
    return max(fitting, key=lambda each: each.event_type == expected["event_type"], default=None)


def _is_within(draft: DraftedEvent, expected: str) -> bool:
    first, _, last = expected.partition("/")
    if draft.date_start is None:
        return False
    if last == "..":
        return draft.date_start.isoformat() >= first and draft.date_end is None
    end = draft.date_end or draft.date_start
    return first <= draft.date_start.isoformat() and end.isoformat() <= (last or first)


def _tell(name: str, total: dict[str, int]) -> None:
    drafted, expected = total["drafted"], total["expected"]
    shares = ", ".join(
        f"{part} {100 * total[part] / max(drafted, 1):.0f} %" for part in ("type", "date", "place")
    )
    found = 100 * drafted / max(expected, 1)
    spurious = total["spurious"] / max(total["reports"], 1)
    print(
        f"{name}: {total['reports']} reports, {expected} events, {found:.0f} % drafted,"
        f" {spurious:.2f} spurious a report; of those drafted {shares}"
    )


def _options() -> argparse.Namespace:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--split", choices=("dev", "test"))
    made.add_argument("--lang", choices=("en", "ar"))
    made.add_argument("--verbose", action="store_true", help="name each event that is missed or wrong")
    return made.parse_args()


if __name__ == "__main__":
    sys.exit(main())
