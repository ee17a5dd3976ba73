"""geoparse: which words of a text name places, and which places those are; one text or a file of them.

Knows the flags, the lines of JSON that go in and out, and how a toponym is told.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from geoevents.cli.looking_up import context_of
from geoevents.errors import BadInput, GeoEventsError, InvalidJSON, TooLarge
from geoevents.messages import Message
from geoevents.places import ResolutionStatus
from geoevents.settings import Settings

if TYPE_CHECKING:
    from geoevents.geoparsing import Span, Toponym

# A text may have LONGEST_TEXT characters of up to four bytes; JSON writes a character in up to twelve.
_MOST_BYTES, _MOST_BYTES_OF_LINE = 4_000_000, 12_000_000


def add_to(commands: Any) -> None:
    made = commands.add_parser(
        "geoparse",
        help="find the places a text names",
        description="Find the places a text names: where each name stands, and what it means. The names of a"
        " text are weighed together: each helps to tell which places the others are.",
    )
    made.add_argument("file", type=Path, metavar="FILE", help="a text file, UTF-8; - reads standard input")
    made.add_argument(
        "--country",
        metavar="CC",
        help="everything is in this country (a code of two letters, ISO 3166-1, such as SY)",
    )
    made.add_argument("--admin1", metavar="NAME", help="the governorate or province it is probably in")
    made.add_argument(
        "--date", metavar="DAY", help="the day of the text, YYYY-MM-DD, for areas that changed hands"
    )
    made.add_argument(
        "--limit", metavar="N", default="10", help="how many candidates a name at most (default: 10)"
    )
    form = made.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="one JSON object; offsets count Unicode code points"
    )
    form.add_argument(
        "--jsonl",
        action="store_true",
        help='many texts: FILE has {"id", "text"} a line, the answer {"id", "toponyms"}; with'
        ' "spans": [[start, end], ...] only those are resolved',
    )
    made.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings, terminal: Any) -> int:
    """Read one text, or many. Raises BadInput, TooLarge, GeoEventsError, naming the file and the line."""
    from geoevents.bootstrap import open_geoparser

    context = context_of(args)
    if not args.jsonl:
        text = text_of(args.file)
        toponyms = open_geoparser(settings)(text, context)
        if args.json:
            found = [toponym.as_json() for toponym in toponyms]
            terminal.json({"text_length": len(text), "toponyms": found})
        else:
            _tell(toponyms, terminal)
        return 0
    geoparser = open_geoparser(settings)
    for its_id, text, spans in _texts(args.file):
        toponyms = geoparser(text, context, spans=spans)
        terminal.json({"id": its_id, "toponyms": [toponym.as_json() for toponym in toponyms]})
    return 0


def text_of(path: Path) -> str:
    """The decoded file, its newlines untouched: offsets count its code points."""
    with _opened(path) as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise TooLarge(
            Message(
                "{path} is larger than {most} bytes. Cut it into its reports, or give them with --jsonl.",
                path=str(path), most=_MOST_BYTES,
            )
        )  # fmt: skip
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(
            Message(
                "{path} is not UTF-8: byte {byte} cannot be read. Save it as UTF-8.",
                path=str(path), byte=error.start + 1,
            )
        ) from None  # fmt: skip


def _texts(path: Path) -> Iterator[tuple[object, str, tuple[Span, ...] | None]]:
    """Each line's id, text and given spans; empty lines are passed over."""
    with _opened(path) as file:
        number = 0
        while line := file.readline(_MOST_BYTES_OF_LINE + 1):
            number += 1
            try:
                if len(line) > _MOST_BYTES_OF_LINE:
                    raise TooLarge(Message("larger than {most} bytes", most=_MOST_BYTES_OF_LINE))
                if line.strip():
                    yield _row(line)
            except GeoEventsError as error:
                kind = TooLarge if isinstance(error, TooLarge) else BadInput
                raise kind(
                    Message(
                        "{path}, line {line}: {reason}", path=str(path), line=number, reason=error.message
                    )
                ) from None


def _row(line: bytes) -> tuple[object, str, tuple[Span, ...] | None]:
    from geoevents.jsonio import read_json

    row = read_json(line)
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise InvalidJSON(Message('expected an object with "id" and "text".'))
    return row["id"], row["text"], _spans(row.get("spans"), len(row["text"]))


def _spans(raw: object, length: int) -> tuple[Span, ...] | None:
    from geoevents.geoparsing import Span

    if raw is None:
        return None
    if not isinstance(raw, list):
        raise BadInput(Message('"spans" must be a list of [start, end].'), "spans")
    for pair in raw:
        is_pair = isinstance(pair, list) and len(pair) == 2 and all(type(each) is int for each in pair)
        if not is_pair or not 0 <= pair[0] < pair[1] <= length:
            problem = Message(
                '"spans": {span} is no part of the text: 0 <= start < end <= {length} does not hold.',
                span=str(pair)[:60],
                length=length,
            )
            raise BadInput(problem, "spans")
    return tuple(Span(start, end) for start, end in raw)


def _opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    if str(path) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return path.open("rb")
    except OSError as error:
        raise GeoEventsError(
            Message("{path} cannot be read: {reason}.", path=str(path), reason=error.strerror)
        ) from None


def _tell(toponyms: Sequence[Toponym], terminal: Any) -> None:
    if not toponyms:
        terminal.line(Message("No place is named here."))
    for toponym in toponyms:
        terminal.line(_told(toponym))


def _told(toponym: Toponym) -> Message:
    answer = toponym.resolution
    where: dict[str, Any] = {"start": toponym.start, "end": toponym.end, "name": toponym.text}
    if answer.status is ResolutionStatus.NOT_FOUND:
        return Message("{start}-{end} {name}: not known", **where)
    first = answer.candidates[0]
    place = first.place
    said: dict[str, Any] = {"label": place.label, "kind": place.kind, "lon": place.lon, "lat": place.lat}
    if answer.status is ResolutionStatus.RESOLVED:
        return Message("{start}-{end} {name}: {label} ({kind}) at lon {lon}, lat {lat}", **where, **said)
    return Message(
        "{start}-{end} {name}: one of {count}, perhaps {label} ({kind}) at lon {lon}, lat {lat}",
        count=len(answer.candidates), **where, **said,
    )  # fmt: skip
