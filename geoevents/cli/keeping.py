"""check and doctor: is the store whole, and is everything there that geoevents needs.

Knows how findings are told and which exit code follows. Knows nothing of what is looked at (examining.py).
"""

from __future__ import annotations

import argparse
from typing import Any

from geoevents.cli.output import Terminal
from geoevents.messages import say
from geoevents.settings import Settings


def add_to(commands: Any) -> None:
    check = commands.add_parser(
        "check",
        help="verify the store",
        description="Verify the store: its journal, its collection, and that the two agree. Changes nothing.",
    )
    check.add_argument("--data", metavar="DIR", help="the folder of the events (default: GEOEVENTS_DATA)")
    check.set_defaults(run=run_check)
    doctor = commands.add_parser(
        "doctor",
        help="say what is installed, what is missing, and what to do about it",
        description="Say what is installed, what is missing, and what to do about it. Changes nothing.",
    )
    doctor.add_argument("--data", metavar="DIR", help="the folder of the events (default: GEOEVENTS_DATA)")
    doctor.set_defaults(run=run_doctor)


def run_check(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """0 where the store is whole, 1 where something is wrong with it."""
    from geoevents.stores.checking import check
    from geoevents.stores.opening import collection_path

    findings = check(collection_path(settings.store))
    for finding in findings:
        terminal.line(_line(finding.level, finding.message, terminal.lang))
    return 1 if any(finding.level == "fail" for finding in findings) else 0


def run_doctor(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """0 where geoevents can work, 1 where something that it needs is missing."""
    from geoevents.cli.examining import examine

    failed = 0
    for level, message in examine(settings):
        terminal.line(_line(level, message, terminal.lang))
        failed += level == "fail"
    return 1 if failed else 0


def _line(level: str, message: object, lang: str) -> str:
    return f"{level:<5} {say(message, lang)}"
