"""draft: which events a report tells of, as drafts that nobody has decided upon; nothing is stored.

Knows the flags, and how a draft is told. The drafts are geoevents.geoparsing.drafting's.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoevents.cli.reading import text_of
from geoevents.messages import Message, say
from geoevents.settings import Settings

if TYPE_CHECKING:
    from geoevents.geoparsing.drafting import Drafted, DraftedEvent


def add_to(commands: Any) -> None:
    made = commands.add_parser(
        "draft",
        help="find the events a report tells of",
        description="Find the events a report tells of: what happened or holds, when, where, who took"
        " part and who says so, each with the words it was taken from. Nothing is stored.",
    )
    made.add_argument("file", type=Path, metavar="FILE", help="a text file, UTF-8; - reads standard input")
    made.add_argument(
        "--published",
        metavar="DAY",
        help="the day it was published, YYYY-MM-DD: 'Tuesday' and 'last week' are days only beside it",
    )
    made.add_argument(
        "--json",
        action="store_true",
        help="one FeatureCollection; quote_start and quote_end of a source count Unicode code points",
    )
    made.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings, terminal: Any) -> int:
    """Draft one report. Raises InvalidDate, TooLarge, GeoEventsError, naming the file."""
    from geoevents.bootstrap import open_drafter
    from geoevents.times import read_day

    published = read_day(args.published, "--published") if args.published else None
    text = text_of(args.file)
    drafted = open_drafter(settings)(text, published=published)
    if args.json:
        terminal.json(
            {
                "type": "FeatureCollection",
                "features": [draft.as_feature() for draft in drafted.drafts],
                "report": {
                    "text_length": len(text),
                    "lang": drafted.lang,
                    "published": drafted.published.isoformat() if drafted.published else None,
                    "publisher": drafted.publisher,
                },
            }
        )
    else:
        _tell(drafted, terminal)
    return 0


def _tell(drafted: Drafted, terminal: Any) -> None:
    if not drafted.drafts:
        terminal.line(Message("No event is told here."))
    for number, draft in enumerate(drafted.drafts, 1):
        terminal.line(f"{number}. {draft.title}")
        for line in _lines(draft):
            terminal.line(f"   {say(line, terminal.lang)}")
        quote = " ".join((draft.source.quote or "").split())
        terminal.line(f"   {draft.quote_start}-{draft.quote_end}: {quote}")


def _lines(draft: DraftedEvent) -> list[Message]:
    lines = [*draft.why, _when(draft), _where(draft)]
    if draft.actors:
        names = ", ".join(f"{each.name} ({each.role.value})" for each in draft.actors)
        lines.append(Message("who: {names}", names=names))
    if draft.source.said_by:
        lines.append(Message("said by: {name}", name=draft.source.said_by))
    low, best, high = draft.fatalities
    if best is not None or low is not None or high is not None:
        lines.append(Message("killed: {low} to {high}", low=_or(low), high=_or(high)))
    lines += [Message("look at: {note}", note=note) for note in draft.notes]
    return lines


def _when(draft: DraftedEvent) -> Message:
    if draft.date_start is None:
        return Message("when: not known")
    if draft.date_end is not None:
        return Message("when: {start} to {end}", start=draft.date_start, end=draft.date_end)
    if draft.occurrence.value == "lasting":
        return Message("when: since {start}", start=draft.date_start)
    return Message("when: {start}", start=draft.date_start)


def _where(draft: DraftedEvent) -> Message:
    if draft.resolution is None:
        return Message("where: not known")
    name, first = draft.place_name, draft.resolution.candidates[0].place
    if draft.resolution.place is None:
        return Message(
            "where: {name}, one of {count}, perhaps {label}",
            name=name, count=len(draft.resolution.candidates), label=first.label,
        )  # fmt: skip
    return Message("where: {name}: {label} ({kind})", name=name, label=first.label, kind=first.kind)


def _or(number: int | None) -> str:
    return "?" if number is None else str(number)
