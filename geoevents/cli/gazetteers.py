"""gazetteer: what others know of places, added, listed, removed, brought up to date.

Knows the flags and how an addition is told. Knows nothing of formats or of the index.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from geoevents.cli.output import Terminal
from geoevents.errors import BadInput, GeoEventsError
from geoevents.messages import Message
from geoevents.settings import SHIPPED_DATA, Settings

if TYPE_CHECKING:
    from geoevents.gazetteers.sources.adding import Added, Arrival, Shelf
    from geoevents.gazetteers.sources.fetching import Patience
    from geoevents.gazetteers.sources.getting import Asked, Surroundings
    from geoevents.gazetteers.sources.keeping import Manifest, Source

# Set-up waits no longer than this for a server that may not be there, in seconds.
_SETTING_UP = 4.0
# From here on it is said what an addition will take: a dump of a large country has 20 MB.
_LARGE = 200_000_000


def add_to(commands: Any) -> None:
    made = commands.add_parser(
        "gazetteer",
        help="more places to find: add, list, remove, update",
        description="Names are looked up among the places shipped and those added here: what GeoNames knows"
        " of a country, or files of places.",
    )
    verbs = made.add_subparsers(metavar="VERB", required=True)
    _add_verb(verbs)
    for name, run, words in (
        ("list", run_list, "what was added, when, and whom to thank"),
        ("remove", run_remove, "take an addition away, with all its places"),
        ("update", run_update, "fetch or read additions again, where they have changed"),
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
        help="add what GeoNames knows of a country, or a file of places",
        description="Add what GeoNames knows of a country (its code is enough: it is fetched), or a file"
        " of places: a dump in GeoNames' format, Who's On First, boundaries with P-codes (OCHA COD-AB), any"
        " GeoJSON or CSV. A place that is known already stays one place, and gains names.",
    )
    add.add_argument(
        "what",
        nargs="*",
        metavar="CC|FILE",
        help="a country's code such as SY, allCountries, or the path of a file",
    )
    add.add_argument("--name", help="what to call it here (default: from the file's name)")
    add.add_argument("--licence", help="the licence of a file, shown with its places")
    add.add_argument("--attribution", help="whom to thank for a file (default: its name here)")
    add.add_argument("--source", metavar="URL", help="where a file came from")
    add.add_argument("--country", metavar="CC,...", help="only places of these countries")
    add.add_argument("--features", metavar="P,A,...", help="only these classes or codes of a GeoNames dump")
    add.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN",
                     help="which column of a table holds what, such as name=village; repeatable")  # fmt: skip
    add.add_argument("--encoding", default="utf-8-sig", help="the encoding of a file (default: UTF-8)")
    add.add_argument(
        "--ids", choices=("geonames", "own"), default="geonames",
        help="whose ids a dump has: GeoNames' (the default, for those below 900000000), or its own",
    )  # fmt: skip
    add.add_argument(
        "--region", action="store_true", dest="of_region", help="add the countries of GEOEVENTS_REGION"
    )
    add.add_argument(
        "--once",
        action="store_true",
        help="with --region: only if it was not tried before (set-up does this)",
    )
    add.add_argument("--json", action="store_true", help="one JSON object a line")
    _data(add)
    add.set_defaults(run=run_add)


def run_add(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """0 where all is in force; where anything cannot be taken, nothing of it is."""
    from geoevents.gazetteers.sources.fetching import Patience
    from geoevents.gazetteers.sources.getting import arrival

    if args.once:
        return _set_up(args, settings, terminal)
    wanted = [*args.what, *(settings.region if args.of_region else ())]
    if not wanted or (args.name and len(wanted) > 1):
        raise BadInput(
            Message("Name countries or files, as in `geoevents gazetteer add SY`. --name is for one alone.")
        )
    asked = [_asked(what, args) for what in wanted]
    with _shelf(settings, terminal, Patience()) as (shelf, around):
        found = [arrival(each, around) for each in asked]
        arrivals = [each for each in found if each is not None]
        for came in arrivals:
            _warn_of_size(came, terminal)
        for each in shelf.add(arrivals, today=_today(), watch=terminal.progress):
            _tell_added(each, args, terminal)
    return 0


def run_list(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_shelf
    from geoevents.gazetteers.sources.keeping import tidy

    shelf = open_shelf(settings)
    if shelf.folder.is_dir():
        tidy(shelf.folder)
    sources = shelf.sources()
    for source in sources:
        if args.json:
            terminal.json(_as_json(source.manifest))
        else:
            terminal.line(_line(source))
    if not sources and not args.json:
        terminal.note(
            Message(
                "Nothing was added. `geoevents gazetteer add CC` adds what GeoNames knows of the country with"
                " that code."
            )
        )
    return 0


def run_remove(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_shelf
    from geoevents.gazetteers.sources.keeping import tidy

    shelf = open_shelf(settings)
    for name in args.names:
        shelf.one(name)
    tidy(shelf.folder)
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
    from geoevents.gazetteers.sources.fetching import Patience
    from geoevents.gazetteers.sources.getting import again

    failed = 0
    with _shelf(settings, terminal, Patience()) as (shelf, around):
        mine = [each.name for each in shelf.sources() if each.folder.parent == shelf.folder]
        for source in [shelf.one(name) for name in args.names or mine]:
            try:
                came = again(source, around)
                added = shelf.add([came], today=_today(), watch=terminal.progress) if came else []
            except GeoEventsError as error:
                failed += 1
                terminal.note(
                    Message("{name} stays as it is: {reason}", name=source.name, reason=error.message)
                )
            else:
                if came is None:
                    terminal.note(Message("{name} has not changed.", name=source.name))
                for each in added:
                    _tell_added(each, args, terminal)
    return 1 if failed else 0


def _set_up(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """What `make setup` does: try once, say in a line what came, and let nothing that fails here stop it."""
    from geoevents.gazetteers.sources.fetching import Patience
    from geoevents.gazetteers.sources.getting import note_attempt, of_the_region, tried_on

    folder = settings.source_folders[0]
    if settings.geonames_url is None or not settings.region or tried_on(folder):
        return 0
    failures: list[GeoEventsError] = []
    added: list[Added] = []
    try:
        with _shelf(settings, terminal, Patience(timeout=_SETTING_UP, tries=1, grace=5 * _SETTING_UP)) as (
            shelf,
            around,
        ):
            here = {source.name for source in shelf.sources()}
            codes = [code for code in settings.region if code.lower() not in here]
            arrivals = of_the_region(codes, around, told=failures.append)
            added = shelf.add(arrivals, today=_today(), watch=terminal.progress) if arrivals else []
        said = _what_came(added, failures)
        note_attempt(folder, today=_today(), said=str(said))
    except (GeoEventsError, OSError) as error:
        said = Message(
            "No places were added at set-up: {reason}", reason=getattr(error, "message", None) or str(error)
        )
    terminal.note(said)
    return 0


def _what_came(added: Sequence[Added], failures: Sequence[GeoEventsError]) -> Message:
    came = ", ".join(f"{each.source.name.upper()} {each.tally.taken}" for each in added)
    if not failures:
        return Message("Places fetched from GeoNames: {came}.", came=came)
    reason = failures[0].message
    if not came:
        return Message(
            "No further places were fetched: {reason} Everything works with the places that are shipped."
            " To try again: `geoevents gazetteer add --region`.", reason=reason,
        )  # fmt: skip
    return Message(
        "Places fetched from GeoNames: {came}. Not all came: {reason} To try again: `geoevents gazetteer add"
        " --region`.", came=came, reason=reason,
    )  # fmt: skip


@contextmanager
def _shelf(
    settings: Settings, terminal: Terminal, patience: Patience
) -> Iterator[tuple[Shelf, Surroundings]]:
    """The sources, and a folder beside them for what is fetched, which is gone afterwards."""
    from geoevents.bootstrap import open_shelf
    from geoevents.gazetteers.entries import country_boxes
    from geoevents.gazetteers.sources.getting import Surroundings, incoming

    shelf = open_shelf(settings)
    try:
        with incoming(shelf.folder) as folder:
            yield (
                shelf,
                Surroundings(
                    geonames_url=settings.geonames_url,
                    incoming=folder,
                    boxes=country_boxes(SHIPPED_DATA / "gazetteer" / "countries.csv"),
                    patience=patience,
                    watch=terminal.progress,
                ),
            )
    except OSError as error:
        if isinstance(error, GeoEventsError):
            raise
        raise GeoEventsError(
            Message("{path} cannot be written: {reason}. GEOEVENTS_GAZETTEERS names another folder.",
                    path=str(shelf.folder), reason=error.strerror or str(error))
        ) from None  # fmt: skip


def _warn_of_size(arrival: Arrival, terminal: Terminal) -> None:
    from geoevents.gazetteers.sources.archives import unpacked_bytes

    if (size := unpacked_bytes(arrival.path)) > _LARGE:
        terminal.note(
            Message(
                "{path} is {size} MB of text: the index may grow by as much, and take minutes. --country and"
                " --features take less of it.", path=arrival.path.name, size=size // 1_000_000,
            )
        )  # fmt: skip


def _asked(what: str, args: argparse.Namespace) -> Asked:
    from geoevents.gazetteers.sources.getting import Asked

    return Asked(
        what=what, name=args.name, licence=args.licence, attribution=args.attribution, source=args.source,
        country=args.country, features=args.features, columns=dict(_columns(args.column)) or None,
        encoding=args.encoding, ids=args.ids,
    )  # fmt: skip


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
    if added.known:
        terminal.line(Message("  known before, and one with them now: {count}", count=added.known))
    if added.replaced is not None:
        terminal.line(Message("  in place of what was received on {day}", day=added.replaced.received))
    if manifest.licence is None:
        terminal.note(
            Message(
                "The licence of {name} is not stated: `--licence` says it, `--attribution` whom to thank.",
                name=manifest.name,
            )
        )


def _line(source: Source) -> Message:
    manifest = source.manifest
    return Message(
        "{name}: {count} places, received {day} from {origin}; {thanks}",
        name=manifest.name, count=manifest.taken, day=manifest.received, origin=manifest.origin,
        thanks=manifest.thanks,
    )  # fmt: skip


def _as_json(manifest: Manifest) -> dict[str, Any]:
    from dataclasses import asdict

    return {key: value for key, value in asdict(manifest).items() if key not in ("format", "rows")}


def _today() -> date:
    return datetime.now(UTC).date()


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="the folder of the events (default: GEOEVENTS_DATA)")
