"""gazetteer: what others know of places, added, listed, removed, brought up to date.

Knows the flags and how an addition is told. Knows nothing of formats or of the index.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoevents.cli.output import Terminal
from geoevents.errors import BadInput, GeoEventsError
from geoevents.messages import Message
from geoevents.settings import SHIPPED_DATA, Settings

if TYPE_CHECKING:
    from geoevents.gazetteers.sources.adding import Added, Arrival
    from geoevents.gazetteers.sources.keeping import Manifest, Source

_CODE = re.compile("[A-Za-z]{2}")
EVERYWHERE = "allCountries"


def add_to(commands: Any) -> None:
    made = commands.add_parser(
        "gazetteer",
        help="add places that others know: add, list, remove, update",
        description="Add places that others know to those that names are looked up in.",
    )
    verbs = made.add_subparsers(metavar="VERB", required=True)
    _add_verb(verbs)
    for name, run, words in (
        ("list", run_list, "say what was added"),
        ("remove", run_remove, "take away what was added"),
        ("update", run_update, "get once more what was added, where it has changed"),
    ):
        verb = verbs.add_parser(name, help=words, description=words[:1].upper() + words[1:] + ".")
        if name != "list":
            verb.add_argument("names", nargs="+" if name == "remove" else "*", metavar="NAME")
        verb.add_argument("--json", action="store_true", help="one JSON object a line")
        _data(verb)
        verb.set_defaults(run=run)


def _add_verb(verbs: Any) -> None:
    add = verbs.add_parser(
        "add",
        help="add countries of GeoNames, or files of places",
        description="Add countries of GeoNames by their codes (they are fetched), or files of places: a dump"
        " in GeoNames' format, Who's On First, boundaries with P-codes (OCHA COD-AB), any GeoJSON or CSV.",
    )
    what = f"SY, {EVERYWHERE}, or the path of a file"
    add.add_argument("what", nargs="+", metavar="CC|FILE", help=what)
    add.add_argument("--name", help="what the source is called here (default: from the file's name)")
    add.add_argument("--licence", help="the licence of a file, as it is to be shown")
    add.add_argument("--attribution", help="whom to thank for a file (default: its name)")
    add.add_argument("--source", metavar="URL", help="where a file came from")
    add.add_argument("--country", metavar="CC,...", help="only places of these countries")
    add.add_argument("--features", metavar="P,A,...", help="only these classes or codes of a GeoNames dump")
    add.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN",
                     help="which column of a table has what: name=village_na")  # fmt: skip
    add.add_argument("--encoding", default="utf-8-sig", help="the encoding of a file (default: UTF-8)")
    add.add_argument("--ids", choices=("geonames", "own"), default="geonames",
                     help="whose the ids of a dump are (default: GeoNames', below 900000000)")  # fmt: skip
    add.add_argument("--json", action="store_true", help="one JSON object a line")
    _data(add)
    add.set_defaults(run=run_add)


def run_add(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """0 where all is in force; nothing is where anything cannot be taken."""
    from geoevents.bootstrap import open_shelf

    if args.name and len(args.what) > 1:
        raise BadInput(Message("--name is for one source. Add them one by one."), "--name")
    arrivals = [_arrival(what, args, settings) for what in args.what]
    added = open_shelf(settings).add(arrivals, today=datetime.now(UTC).date(), watch=terminal.progress)
    for each in added:
        _tell_added(each, args, terminal)
    return 0


def run_list(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_shelf

    sources = open_shelf(settings).sources()
    for source in sources:
        if args.json:
            terminal.json(_as_json(source.manifest))
        else:
            terminal.line(_line(source))
    if not sources and not args.json:
        terminal.note(
            Message("Nothing was added. `geoevents gazetteer add SY` adds what GeoNames knows of Syria.")
        )
    return 0


def run_remove(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_shelf

    shelf = open_shelf(settings)
    for name in args.names:
        shelf.one(name)
    for name in args.names:
        manifest = shelf.remove(name)
        if args.json:
            terminal.json({"removed": name})
        else:
            terminal.line(
                Message("{name} is removed, with its {count} places.", name=name, count=manifest.taken)
            )
    return 0


def run_update(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """0 where every source is as its origin is now; 1 where one could not be had, and stays as it was."""
    from geoevents.bootstrap import open_shelf

    shelf = open_shelf(settings)
    names = args.names or [each.name for each in shelf.sources() if each.folder.parent == shelf.folder]
    failed = 0
    for name in names:
        source = shelf.one(name)
        try:
            arrival = _again(source, settings)
            added = shelf.add([arrival], today=datetime.now(UTC).date(), watch=terminal.progress)
        except GeoEventsError as error:
            failed += 1
            terminal.note(Message("{name} stays as it is: {reason}", name=name, reason=error.message))
        else:
            for each in added:
                _tell_added(each, args, terminal)
    return 1 if failed else 0


def _arrival(what: str, args: argparse.Namespace, settings: Settings) -> Arrival:
    from geoevents.gazetteers.sources.adding import Arrival, name_for
    from geoevents.gazetteers.sources.feature_codes import Wanted
    from geoevents.gazetteers.sources.options import Options

    path = Path(what)
    asked = {key: getattr(args, key) for key in ("country", "features", "column", "encoding", "ids")}
    options = Options(
        name=args.name or name_for(path),
        countries=_countries(args.country) or _country_of(path),
        wanted=Wanted((args.features or "").split(",")),
        columns=dict(_columns(args.column)),
        encoding=args.encoding,
        geonames_ids=args.ids == "geonames",
        boxes=_boxes(),
    )
    return Arrival(
        path=path, options=options, origin=str(path.absolute()), asked={k: v for k, v in asked.items() if v},
        attribution=args.attribution or path.name, licence=args.licence, url=args.source,
    )  # fmt: skip


def _again(source: Source, settings: Settings) -> Arrival:
    manifest = source.manifest
    asked: dict[str, Any] = {
        "column": [],
        "encoding": "utf-8-sig",
        "ids": "geonames",
        "country": None,
        "features": None,
    }
    args = argparse.Namespace(
        **(asked | manifest.options), name=manifest.name, licence=manifest.licence,
        attribution=manifest.attribution, source=manifest.url,
    )  # fmt: skip
    return _arrival(manifest.origin, args, settings)


def _countries(text: str | None) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for code in (text or "").split(",") if code.strip())
    for code in codes:
        if not _CODE.fullmatch(code):
            raise BadInput(
                Message(
                    "--country: '{text}' is not a country code. Write two letters, such as SY.",
                    text=code[:60],
                )
            )
    return codes


def _country_of(path: Path) -> tuple[str, ...]:
    """The country that GeoNames' name of a file speaks of: SY.zip is Syria."""
    return (path.stem,) if re.fullmatch("[A-Z]{2}", path.stem) and path.suffix in (".zip", ".txt") else ()


def _columns(pairs: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not (field and equals and column):
            raise BadInput(
                Message(
                    "--column: '{text}' says nothing. Write FIELD=COLUMN, such as name=village.",
                    text=pair[:60],
                )
            )
        yield field.strip(), column.strip()


def _boxes() -> dict[str, Any]:
    from geoevents.gazetteers.entries import country_boxes

    return country_boxes(SHIPPED_DATA / "gazetteer" / "countries.csv")


def _tell_added(added: Added, args: argparse.Namespace, terminal: Terminal) -> None:
    manifest = added.source.manifest
    if args.json:
        terminal.json(_as_json(manifest))
        return
    terminal.line(
        Message("{name}: {taken} places in force, of {read} rows.",
                name=manifest.name, taken=manifest.taken, read=manifest.read)
    )  # fmt: skip
    for reason in added.tally.reasons():
        terminal.line(Message("  left out, {reason}", reason=reason))
    if added.replaced is not None:
        terminal.line(Message("  in place of what was received on {day}", day=added.replaced.received))
    if manifest.licence is None:
        terminal.note(
            Message(
                "The licence of {name} is not stated: `--licence` says it, `--attribution` whom to thank.",
                name=manifest.name,
            )
        )  # fmt: skip


def _line(source: Source) -> Message:
    manifest = source.manifest
    return Message(
        "{name}: {count} places, received {day} from {origin}; {thanks}",
        name=manifest.name, count=manifest.taken, day=manifest.received, origin=manifest.origin,
        thanks=manifest.thanks,
    )  # fmt: skip


def _as_json(manifest: Manifest) -> dict[str, Any]:
    return {key: value for key, value in asdict(manifest).items() if key not in ("format", "rows")}


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="the folder of the events (default: GEOEVENTS_DATA)")
