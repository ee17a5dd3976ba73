"""names: what the team has decided names to mean; let out as a pack, brought in, accepted, taken back.

Knows the flags and how verdicts are told. Knows nothing of what makes a row a good one.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from geoevents.cli.output import Terminal
from geoevents.errors import GeoEventsError
from geoevents.messages import Message
from geoevents.settings import Settings


def add_to(commands: Any) -> None:
    made = commands.add_parser(
        "names",
        help="the names your team decided: list, export, import, accept, undo",
        description="Where somebody picks a place for a name, the choice is remembered, and taken the next"
        " time. Here such names are listed, written to a pack for another team, and taken in from one.",
    )
    verbs = made.add_subparsers(metavar="VERB", required=True)
    listed = _verb(verbs, "list", run_list, "every name decided: its id, its place, the day, and whose pack")
    listed.add_argument("--json", action="store_true", help="one JSON object a name, a line each")
    export = _verb(verbs, "export", run_export, "write them to a file for another team (a names pack, CSV)")
    export.add_argument("file", type=Path, metavar="FILE", help="the CSV file to write")
    export.add_argument(
        "--own",
        action="store_true",
        help="also places of your own, which no gazetteer has: look them over, one may endanger somebody",
    )
    bring = _verb(
        verbs, "import", run_import, "take in another team's pack: offered, no answer, until accepted"
    )
    bring.add_argument("file", type=Path, metavar="FILE", help="a names pack, as export writes it")
    bring.add_argument("--name", help="what to call the pack here (default: the file's name)")
    bring.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    bring.add_argument("--json", action="store_true", help="one verdict a row, a line of JSON each")
    accept = _verb(verbs, "accept", run_accept, "let a pack, or one name of it, answer from now on")
    undo = _verb(verbs, "undo", run_undo, "forget a whole pack, or one name")
    for verb in (accept, undo):
        verb.add_argument(
            "what", metavar="PACK|ID", help="the name of a pack, or the id of one name, from list"
        )


def _verb(verbs: Any, name: str, run: Callable[..., int], words: str) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(
        name, help=words, description=words[:1].upper() + words[1:] + "."
    )
    verb.add_argument("--data", metavar="DIR", help="the folder of the events (default: GEOEVENTS_DATA)")
    verb.set_defaults(run=run)
    return verb


def run_list(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_names
    from geoevents.decisions import Standing

    for each in open_names(settings).all():
        if args.json:
            terminal.json(each.as_json())
        else:
            standing = (
                Message("accepted")
                if each.standing is Standing.OURS
                else Message("offered, not accepted yet")
            )
            terminal.line(
                Message(
                    "{id}  {name}: {place} ({standing}, {day})",
                    id=each.id, name=each.name, place=each.place.label, day=each.at.date(),
                    standing=Message("{standing}, pack {pack}", standing=standing, pack=each.pack)
                    if each.pack
                    else standing,
                )
            )  # fmt: skip
    return 0


def run_export(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_names, open_store
    from geoevents.stores.public import PublicReader
    from geoevents.workflows.names_packs import pack_lines

    names = open_names(settings)
    lines = list(pack_lines(names, PublicReader(open_store(settings)), own=args.own))
    try:
        # Where a team's places lie is nobody else's on this machine either.
        with open(args.file, "wb", opener=partial(os.open, mode=0o600)) as file:
            file.write(b"".join(lines))
    except OSError as error:
        raise GeoEventsError(
            Message("{path} cannot be written: {reason}.", path=str(args.file), reason=error.strerror)
        ) from None
    terminal.note(
        Message(
            "{count} name written to {path}.",
            plural="{count} names written to {path}.",
            count=len(lines) - 1,
            path=str(args.file),
        )
    )
    terminal.note(
        Message("Names of drafts and of events that are withheld stay, and so do own places without --own.")
    )
    return 0


def run_import(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """0 where every row is taken or known already, 1 where some are invalid."""
    from geoevents.bootstrap import open_gazetteer, open_names
    from geoevents.workflows.names_packs import PackVerdict, bring_in, summed_up

    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise GeoEventsError(
            Message("{path} cannot be read: {reason}.", path=str(args.file), reason=error.strerror)
        ) from None
    said = bring_in(
        data, args.name or args.file.stem, open_names(settings), open_gazetteer(settings),
        now=datetime.now(UTC), dry_run=args.dry_run,
    )  # fmt: skip
    for each in said:
        if args.json:
            terminal.json(each.as_json())
        elif each.reason is not None:
            terminal.line(
                Message("row {row}, {name}: {reason}", row=each.row, name=each.name, reason=each.reason)
            )
    terminal.note(summed_up(said))
    return 1 if any(each.verdict is PackVerdict.INVALID for each in said) else 0


def run_accept(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_names
    from geoevents.workflows.names_packs import accept, accepted

    terminal.note(accepted(accept(open_names(settings), args.what)))
    return 0


def run_undo(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_names
    from geoevents.workflows.names_packs import forgotten, take_back

    terminal.note(forgotten(take_back(open_names(settings), args.what)))
    return 0
