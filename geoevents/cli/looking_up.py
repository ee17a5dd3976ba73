"""geocode: which places names mean, one or a file of them, for eyes or for programs.

Knows the flags, the CSV of names and how an answer is told. Knows nothing of searching.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoevents.errors import BadInput, GeoEventsError
from geoevents.messages import Message
from geoevents.places import Candidate, Context, GeoPrecision, Resolution, ResolutionStatus
from geoevents.settings import Settings
from geoevents.values import replace

if TYPE_CHECKING:
    from datetime import date

MOST_CANDIDATES = 100
_AT_A_POINT = (GeoPrecision.SITE, GeoPrecision.NEIGHBOURHOOD, GeoPrecision.SETTLEMENT, GeoPrecision.NEAR)

Query = tuple[str, Context]

# Answers of a file that are kept, in case the same is asked again.
_REMEMBERED = 1_024
# Letters; what has more is no table of names.
_LONGEST_CELL = 131_072


def add_to(commands: Any) -> None:
    made = commands.add_parser(
        "geocode",
        help="say which places names mean",
        description="Say which place each name means: resolved, ambiguous (its candidates, the likeliest"
        " first) or not found (the nearest names). A name may be a phrase, such as '5 km west of NAME'.",
        epilog="A score is the probability that the place lies within 10 km of the point given. Telling the"
        " country and the governorate makes answers better. Exit code 0 whenever it ran, 2 for misuse.",
    )
    made.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a place name as reported, in any script; quote what has spaces",
    )
    made.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="names from a CSV file with columns name, country, admin1 and, if wanted, date;"
        " - reads standard input",
    )
    made.add_argument(
        "--country",
        metavar="CC",
        help="only places of this country (a code of two letters, ISO 3166-1, such as SY)",
    )
    made.add_argument("--admin1", metavar="NAME", help="the governorate or province it is probably in")
    made.add_argument("--date", metavar="DAY", help="the day meant, YYYY-MM-DD, for areas that changed hands")
    made.add_argument(
        "--limit", metavar="N", default="10", help="how many candidates a name at most (default: 10)"
    )
    made.add_argument("--json", action="store_true", help="one JSON object a name, a line each")
    made.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings, terminal: Any) -> int:
    """Answer every name, in order. Raises BadInput before the first answer if anything asked is misuse."""
    from geoevents.bootstrap import open_team_gazetteer

    queries = list(_queries(args))
    gazetteer = open_team_gazetteer(settings)
    for code in {context.country_code for _, context in queries if context.country_code}:
        if gazetteer.country(code) is None:
            raise BadInput(Message("{code} is no country. Write its ISO 3166-1 code, such as SY.", code=code))
    # A file of reports names the same few towns again and again.
    resolve = lru_cache(_REMEMBERED)(gazetteer.resolve)
    for number, (name, context) in enumerate(queries):
        resolution = resolve(name, context)
        if args.json:
            terminal.json(resolution.as_json())
            continue
        if number:
            terminal.line()
        for line in _told(resolution):
            terminal.line(line)
    return 0


def context_of(args: argparse.Namespace) -> Context:
    """What the flags --country, --admin1, --date and --limit say. Raises BadInput."""
    return Context(
        country_code=_country(args.country, "--country"),
        admin1=args.admin1 or None,
        day=_day(args.date, "--date") if args.date else None,
        limit=_limit(args.limit),
    )


def _queries(args: argparse.Namespace) -> Iterator[Query]:
    if bool(args.names) == (args.file is not None):
        raise BadInput(
            Message("Give names, or a file of them with --file. `geoevents geocode --help` shows both.")
        )
    context = context_of(args)
    if args.file is None:
        yield from ((_as_typed(name), context) for name in args.names)
    else:
        yield from _rows(args.file, context)


def _as_typed(name: str) -> str:
    """An argument as UTF-8, whatever the locale made of its bytes."""
    return os.fsencode(name).decode("utf-8", "surrogateescape")


def _rows(path: Path, context: Context) -> Iterator[Query]:
    """Each row with what it says of its own; the flags stand in for what it leaves empty."""
    # A name on the command line needs none of it.
    import csv

    # The limit is the process's: say it, whatever else has been read in it.
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), skipinitialspace=True)
    try:
        has_names = "name" in (reader.fieldnames or ())
        rows = list(reader)
    except csv.Error as error:
        raise BadInput(Message("{path} is no table: {reason}.", path=str(path), reason=str(error))) from None
    if not has_names:
        raise BadInput(
            Message(
                "{path} has no column called name. Its first line must be name,country,admin1,date.",
                path=str(path),
            )
        )
    for number, row in enumerate(rows, 2):
        try:
            own: dict[str, Any] = {
                "country_code": _country(row.get("country"), "country"),
                "admin1": (row.get("admin1") or "").strip() or None,
                "day": _day(row["date"], "date") if (row.get("date") or "").strip() else None,
            }
        except BadInput as error:
            raise BadInput(
                Message("{path}, row {row}: {reason}", path=str(path), row=number, reason=error.message)
            ) from None
        yield (
            row["name"] or "",
            replace(context, **{key: value for key, value in own.items() if value is not None}),
        )


def _text(path: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise GeoEventsError(
            Message("{path} cannot be read: {reason}.", path=str(path), reason=error.strerror)
        ) from None
    except UnicodeDecodeError:
        raise BadInput(Message("{path} is not UTF-8. Save it as UTF-8.", path=str(path))) from None


def _day(text: str, name: str) -> date:
    from geoevents.times import read_day

    return read_day(text, name)


def _country(text: str | None, name: str) -> str | None:
    code = (text or "").strip().upper()
    if not code:
        return None
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise BadInput(
            Message(
                "{name}: '{text}' is not a country code. Write two letters, such as SY.", name=name, text=text
            )
        )
    return code


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= MOST_CANDIDATES and len(text) < 5):
        raise BadInput(
            Message(
                "--limit: '{text}' is not a number from 1 to {most}.", text=text[:60], most=MOST_CANDIDATES
            )
        )
    return int(text)


def _told(resolution: Resolution) -> Iterator[object]:
    name = resolution.query
    if not name.strip():
        yield Message("The name is empty. Write a place name, as reported.")
        return
    if resolution.status is ResolutionStatus.RESOLVED:
        yield Message("{name} is", name=name)
        yield _place_line(resolution.candidates[0])
    elif resolution.status is ResolutionStatus.AMBIGUOUS:
        yield Message("{name} may be", name=name)
        yield from (_place_line(candidate) for candidate in resolution.candidates)
    elif resolution.suggestions:
        yield Message(
            "{name} is not known. The nearest names are {names}.",
            name=name,
            names=", ".join(resolution.suggestions),
        )
    else:
        yield Message("{name} is not known.", name=name)


def _place_line(candidate: Candidate) -> Message:
    place = candidate.place
    parts: dict[str, Any] = {
        "label": place.label, "kind": place.kind, "lon": place.lon, "lat": place.lat,
        "score": round(100 * candidate.score), "why": candidate.why, "place_id": place.place_id,
    }  # fmt: skip
    if place.geo_precision not in _AT_A_POINT:
        return Message(
            "  {label} ({kind}) around lon {lon}, lat {lat}: as large as it is, {score} % within 10 km of"
            " there: {why} [{place_id}]", **parts,
        )  # fmt: skip
    return Message(
        "  {label} ({kind}) at lon {lon}, lat {lat}; {score} % within 10 km: {why} [{place_id}]", **parts
    )
