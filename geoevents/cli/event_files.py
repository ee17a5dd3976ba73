"""import, export: events from files and to files.

Knows the flags and how verdicts are told. Knows nothing of what makes a row land.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoevents.cli.output import Terminal
from geoevents.errors import BadInput, GeoEventsError
from geoevents.messages import Message
from geoevents.settings import Settings

if TYPE_CHECKING:
    from geoevents.queries import EventQuery
    from geoevents.spreadsheets import HowToRead
    from geoevents.workflows import Backends
    from geoevents.workflows.imports import Verdict

BY = "local"
# The query string's names that are flags of export and publish: everything that chooses events (queries.py).
FILTERS = (
    "bbox", "datetime", "kind", "event_type", "sub_event_type", "q", "place", "country", "admin1", "near",
    "area", "geo_precision", "located", "certainty", "status", "limit", "sort",
)  # fmt: skip
_REPEATABLE = ("event_type", "sub_event_type", "geo_precision", "status")


def add_to(commands: Any) -> None:
    bring = commands.add_parser(
        "import",
        help="bring events in from a table or a GeoJSON file",
        description="Bring events in from CSV, XLSX, GPKG, KML or GeoJSON (a collection, a Feature a line). "
        "Each row gets a verdict; what did not land comes back as a file to mend and import.",
    )
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--dry-run", action="store_true", help="say what would happen, keep nothing")
    bring.add_argument("--json", action="store_true", help="one verdict a line as JSON")
    bring.add_argument("--source", metavar="S", help="the publisher of rows that name no source")
    bring.add_argument("--event-type", metavar="T", help="the event type of rows that have none")
    bring.add_argument(
        "--map", metavar="THEIRS=OURS", action="append", default=[],
        help="which field a column is (again for each; THEIRS= keeps it in extra)",
    )  # fmt: skip
    bring.add_argument("--dates", choices=("dmy", "mdy"), help="what is first in 03/04/2022: day or month")
    bring.add_argument("--encoding", metavar="E", help="of a CSV file: utf-8, utf-16, windows-1256 ...")
    bring.add_argument("--sheet", metavar="NAME", help="the sheet or layer (default: the first)")
    add_data(bring)
    bring.set_defaults(run=run_import)

    let_out = commands.add_parser(
        "export",
        help="write events to a .geojson or .csv file",
        description="Write events to a .geojson or .csv file. The filters are those of the query string.",
    )
    let_out.add_argument("file", type=Path, metavar="FILE")
    add_filters(let_out)
    let_out.add_argument(
        "--internal", action="store_true", help="everything: drafts, exact places, internal fields"
    )
    let_out.add_argument(
        "--columns", choices=("ours", "acled"), default="ours", help="whose columns a .csv file has"
    )
    add_data(let_out)
    let_out.set_defaults(run=run_export)


def add_filters(parser: argparse.ArgumentParser, *, besides: tuple[str, ...] = ()) -> None:
    """A flag for each name of the query string that chooses events."""
    for name in FILTERS:
        if name not in besides:
            how = "append" if name in _REPEATABLE else "store"
            flags = {f"--{name}", f"--{name.replace('_', '-')}"}
            parser.add_argument(*sorted(flags), dest=f"filter_{name}", metavar="X", action=how)


def asked_for(args: argparse.Namespace) -> list[tuple[str, str]]:
    """What the flags of `add_filters` say, as the query string has it."""
    asked = {name: getattr(args, f"filter_{name}", None) or [] for name in FILTERS}
    return [
        (name, text)
        for name, texts in asked.items()
        for text in (texts if isinstance(texts, list) else [texts])
    ]


def run_import(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """0 where every row landed or was here already; 1 where some did not, with a file of them to mend."""
    from geoevents.bootstrap import open_backends
    from geoevents.workflows.imports import ImportOptions, import_rows, open_rows
    from geoevents.workflows.rejected_rows import place_for_rejected

    backends = open_backends(settings)
    if args.event_type:
        backends.taxonomy.check(args.event_type)
    rejected, how = place_for_rejected(args.file), _how_to_read(args)
    options = ImportOptions(
        by=BY, source=args.source, event_type=args.event_type, dry_run=args.dry_run,
        rejected=rejected, how=how,
    )  # fmt: skip
    file = open_rows(args.file, how, backends.taxonomy)
    for note in file.notes:
        terminal.note(note)
    counts: Counter[str] = Counter()
    astray = 0
    try:
        for verdict in _watched(import_rows(file, options, backends), terminal):
            counts[verdict.verdict] += 1
            astray += not verdict.landed
            _tell(verdict, args, terminal)
    except GeoEventsError:
        if counts:
            _sum_up(counts, args, terminal)
        raise
    _sum_up(counts, args, terminal)
    if astray and not args.dry_run:
        terminal.note(
            Message(
                "The rows that did not land are in {path}: mend them and import that file.",
                path=str(rejected),
            )
        )
    return 1 if astray else 0


def _how_to_read(args: argparse.Namespace) -> HowToRead:
    from geoevents.spreadsheets import HowToRead

    maps = []
    for each in args.map:
        theirs, equals, ours = each.rpartition("=")
        if not equals:
            raise BadInput(
                Message("--map {text}: write THEIRS=OURS, such as Town=place_name.", text=each), "map"
            )
        maps.append((theirs, ours))
    return HowToRead(encoding=args.encoding, sheet=args.sheet, dates=args.dates, maps=tuple(maps))


def run_export(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_backends
    from geoevents.events import Status
    from geoevents.queries import EventQuery
    from geoevents.workflows.exports import View, export
    from geoevents.workflows.whereabouts import looked_up

    query = EventQuery.parse(asked_for(args))
    backends = open_backends(settings)
    places = backends.for_writers if args.internal else backends.gazetteer
    query = looked_up(query.in_terms_of(backends.taxonomy), backends, places=places)
    if args.internal and not args.filter_status:
        from dataclasses import replace

        query = replace(query, statuses=tuple(Status))
    _refuse_the_store(args.file, settings)
    if args.columns == "acled":
        return _export_acled(args, query, backends, terminal)
    page = export(args.file, query, backends, view=View.INTERNAL if args.internal else View.PUBLIC)
    terminal.note(_how_many(len(page.events), page.matched, args.file))
    return 0


def _export_acled(args: argparse.Namespace, query: EventQuery, backends: Backends, terminal: Terminal) -> int:
    from geoevents.workflows.exports import export_acled

    if args.internal:
        raise BadInput(
            Message("--columns acled holds what anybody may see. Leave out --internal."), "columns"
        )
    rows, counts = export_acled(args.file, query, backends)
    terminal.note(_how_many(rows, rows, args.file))
    if counts:
        told = ", ".join(f"{count} {why}" for why, count in sorted(counts.items()))
        terminal.note(Message("Left out, because these columns have no place for them: {told}.", told=told))
    return 0


def _how_many(count: int, matched: int, path: Path) -> Message:
    if count < matched:
        return Message("{count} of {matched} events in {path}", count=count, matched=matched, path=str(path))
    return Message("{count} event in {path}", plural="{count} events in {path}", count=count, path=str(path))


def add_data(parser: argparse.ArgumentParser) -> None:
    """The flag that names the folder of the events."""
    parser.add_argument("--data", metavar="DIR", help="the folder of the events (default: GEOEVENTS_DATA)")


def _watched(verdicts: Iterator[Verdict], terminal: Terminal) -> Iterator[Verdict]:
    for verdict in verdicts:
        if verdict.row % 100 == 0:
            terminal.progress(Message("Row {row}", row=verdict.row))
        yield verdict
    terminal.progress(None)


def _tell(verdict: Verdict, args: argparse.Namespace, terminal: Terminal) -> None:
    if args.json:
        terminal.json(verdict.as_json(terminal.lang))
    elif verdict.reason is not None:
        field = f"{verdict.field}: " if verdict.field else ""
        words = Message(
            "Row {row}, {verdict}. {field}{reason}",
            row=verdict.row,
            verdict=verdict.verdict.value,
            field=field,
            reason=verdict.reason,
        )
        terminal.line(words)


def _sum_up(counts: Counter[str], args: argparse.Namespace, terminal: Terminal) -> None:
    rows = Message("{count} row", plural="{count} rows", count=counts.total())
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    words = Message("{rows}: {told}", rows=rows, told=told or "–")
    if args.dry_run:
        words = Message("{words}. This was a rehearsal: nothing was kept.", words=words)
    terminal.note(words)


def _refuse_the_store(path: Path, settings: Settings) -> None:
    from geoevents.stores.opening import collection_path

    store = collection_path(settings.store)
    if path.absolute() == store or (path.exists() and store.exists() and path.samefile(store)):
        raise BadInput(Message("{path} is the store itself. Name another file.", path=str(path)))
