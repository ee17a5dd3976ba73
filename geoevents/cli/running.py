"""Runs one command: reads flags and settings, and says what went wrong in a sentence and an exit code.

Knows the one table from exceptions to exit codes: 0 all is well, 1 it ran and some is not, 2 it could not.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from geoevents import __version__, settings
from geoevents.cli import (
    drafting,
    event_files,
    gazetteers,
    keeping,
    looking_up,
    names,
    publishing,
    reading,
    saved_maps,
    serving,
)
from geoevents.cli.output import Terminal, shown
from geoevents.errors import EventNotFound, GeoEventsError, NotAllowed
from geoevents.messages import Message, say

WELL, SOME_NOT, COULD_NOT = 0, 1, 2
EXIT_CODES: tuple[tuple[type[BaseException], int], ...] = (
    (EventNotFound, SOME_NOT),
    (NotAllowed, SOME_NOT),
    (GeoEventsError, COULD_NOT),
    (KeyboardInterrupt, 130),  # 128 and SIGINT, as shells say it
    (BrokenPipeError, 141),  # 128 and SIGPIPE
    (Exception, 70),  # EX_SOFTWARE of sysexits.h: a fault of ours
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, without the program's name, and return its exit code."""
    _speak_utf8()
    try:
        args = parser().parse_args(arguments)
    except SystemExit as misuse:
        return int(misuse.code or 0)
    in_force: settings.Settings | None = None
    try:
        flags = {row.name: getattr(args, row.name, None) for row in settings.TABLE}
        in_force = settings.load(os.environ, flags)
        code: int = args.run(args, in_force, Terminal(in_force.lang))
        sys.stdout.flush()
    except BaseException as fault:
        if isinstance(fault, SystemExit) or (in_force is not None and in_force.debug):
            raise
        code = next(code for kind, code in EXIT_CODES if isinstance(fault, kind))
        _tell(fault, in_force.lang if in_force else "en")
    return code


def parser() -> argparse.ArgumentParser:
    """Every command and its flags."""
    made = argparse.ArgumentParser(
        prog="geoevents",
        description="Turn the place names in reports into mapped events.",
        epilog="Settings are environment variables, GEOEVENTS_DATA first among them: docs/settings.md.",
    )
    made.add_argument("--version", action="version", version=f"geoevents {__version__}")
    commands = made.add_subparsers(metavar="COMMAND", required=True)
    for family in (
        serving,
        looking_up,
        reading,
        drafting,
        event_files,
        publishing,
        saved_maps,
        gazetteers,
        names,
        keeping,
    ):
        family.add_to(commands)
    return made


def _speak_utf8() -> None:
    """Names come in every script, whatever the locale; a broken byte of one must not end the answer."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _tell(fault: BaseException, lang: str) -> None:
    if isinstance(fault, BrokenPipeError):
        # Whoever read along has gone; the interpreter must not complain about the rest on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    elif isinstance(fault, GeoEventsError):
        sys.stderr.write(f"geoevents: {shown(say(fault.message, lang))}\n")
    elif not isinstance(fault, KeyboardInterrupt):
        words = Message(
            "Something went wrong in geoevents itself ({fault}). GEOEVENTS_DEBUG=1 shows where.",
            fault=f"{type(fault).__name__}: {fault}",
        )
        sys.stderr.write(f"geoevents: {shown(say(words, lang))}\n")
