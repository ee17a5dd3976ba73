"""import, export, publish: events from files, to files, to static maps.

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
    from geoevents.workflows.imports import Verdict

BY = "local"
# The query string's names that are flags of export: everything that chooses events (queries.py).
FILTERS = (
    "bbox", "datetime", "kind", "event_type", "sub_event_type", "q", "place", "country", "admin1", "near",
    "area", "geo_precision", "located", "certainty", "status", "limit", "sort",
)  # fmt: skip
_REPEATABLE = ("event_type", "sub_event_type", "geo_precision", "status")


def add_to(commands: Any) -> None:
    bring = commands.add_parser(
        "import",
        help="bring events in from a GeoJSON file",
        description="Bring events in from a GeoJSON file: a FeatureCollection, or a Feature a line.",
    )
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--dry-run", action="store_true", help="say what would happen, keep nothing")
    bring.add_argument("--json", action="store_true", help="one verdict a line as JSON")
    bring.add_argument("--source", metavar="S", help="the publisher of rows that name no source")
    bring.add_argument("--event-type", metavar="T", help="the event type of rows that have none")
    _data(bring)
    bring.set_defaults(run=run_import)

    let_out = commands.add_parser(
        "export",
        help="write events to a .geojson or .csv file",
        description="Write events to a .geojson or .csv file. The filters are those of the query string.",
    )
    let_out.add_argument("file", type=Path, metavar="FILE")
    for name in FILTERS:
        how = {"action": "append"} if name in _REPEATABLE else {}
        flags = {f"--{name}", f"--{name.replace('_', '-')}"}
        let_out.add_argument(*sorted(flags), dest=f"filter_{name}", metavar="X", **how)
    let_out.add_argument(
        "--internal", action="store_true", help="everything: drafts, exact places, internal fields"
    )
    _data(let_out)
    let_out.set_defaults(run=run_export)

    publish = commands.add_parser(
        "publish",
        help="write static maps to a folder",
        description="Write static maps to a folder. They open without a server and without a network.",
    )
    publish.add_argument("folder", type=Path, metavar="DIR")
    _data(publish)
    publish.set_defaults(run=run_publish)


def run_import(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """0 where every row landed or was here already; 1 where some did not, with a file of them to mend."""
    from geoevents.bootstrap import open_backends
    from geoevents.workflows.feature_files import place_for_rejected
    from geoevents.workflows.imports import ImportOptions, import_features

    backends = open_backends(settings)
    if args.event_type:
        backends.taxonomy.check(args.event_type)
    rejected = place_for_rejected(args.file)
    options = ImportOptions(
        by=BY, source=args.source, event_type=args.event_type, rejected=rejected, dry_run=args.dry_run
    )
    counts: Counter[str] = Counter()
    astray = 0
    try:
        for verdict in _watched(import_features(args.file, options, backends), terminal):
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


def run_export(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_backends
    from geoevents.events import Status
    from geoevents.queries import EventQuery
    from geoevents.workflows.exports import View, export
    from geoevents.workflows.whereabouts import looked_up

    asked = {name: getattr(args, f"filter_{name}") or [] for name in FILTERS}
    query = EventQuery.parse(
        (name, text)
        for name, texts in asked.items()
        for text in (texts if isinstance(texts, list) else [texts])
    )
    backends = open_backends(settings)
    places = backends.for_writers if args.internal else backends.gazetteer
    query = looked_up(query.in_terms_of(backends.taxonomy), backends, places=places)
    if args.internal and not asked["status"]:
        from dataclasses import replace

        query = replace(query, statuses=tuple(Status))
    _refuse_the_store(args.file, settings)
    page = export(args.file, query, backends, view=View.INTERNAL if args.internal else View.PUBLIC)
    terminal.note(_how_many(len(page.events), page.matched, args.file))
    return 0


def run_publish(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_backends
    from geoevents.workflows.exports import publish

    written = publish(args.folder, open_backends(settings), lang=settings.lang, cache=settings.cache)
    index = str(args.folder / "index.html")
    said = Message(
        "{count} file; open {path}", plural="{count} files; open {path}", count=len(written), path=index
    )
    terminal.line(said)
    return 0


def _how_many(count: int, matched: int, path: Path) -> Message:
    if count < matched:
        return Message("{count} of {matched} events in {path}", count=count, matched=matched, path=str(path))
    return Message("{count} event in {path}", plural="{count} events in {path}", count=count, path=str(path))


def _data(parser: argparse.ArgumentParser) -> None:
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
