"""Files of features: rows out of a FeatureCollection or of a Feature a line.

Knows how such files are laid out. Knows nothing of what a row means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from geoevents.errors import BadInput, GeoEventsError, InvalidJSON, TooLarge
from geoevents.jsonio import read_json
from geoevents.messages import Message

# A collection is read whole, which takes some ten times its size in memory; a Feature a line is not.
LARGEST_COLLECTION = 200_000_000
LONGEST_LINE = 5_000_000
# The member of a rejected row that says what was wrong with it; dropped when the row comes in again.
REJECTED = "rejected"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """
    A row counted from 1: what it holds, or why it cannot be read.

    `problems` is what is wrong with its cells, `cells` is a table's row as it was, and `said` the verdict
    that somebody wrote beside it while mending. `original` is the feature of another program that
    `feature` was made of.
    """

    number: int
    feature: object
    fault: BadInput | None = None
    problems: tuple[BadInput, ...] = ()
    cells: tuple[str, ...] | None = None
    said: str | None = None
    original: object = None


def read_rows(path: Path) -> Iterator[Row]:
    """
    The rows of a FeatureCollection, of one Feature, or of a file with a Feature a line (RFC 8142 too).

    Raises BadInput or TooLarge where it is none of these, GeoEventsError where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            first = _first_line(file)
            file.seek(0)
            yield from _rows_of_lines(file) if _is_a_feature(first) else _rows_of_collection(file, path)
    except OSError as error:
        raise _unreadable(path, error) from None


def _first_line(file: IO[bytes]) -> bytes:
    for line in iter(lambda: file.readline(LONGEST_LINE), b""):
        bare = line.removeprefix(_BOM).strip(b"\x1e \t\r\n")
        if bare:
            return bare
    return b""


def _is_a_feature(line: bytes) -> bool:
    try:
        first = read_json(line)
    except (BadInput, TooLarge):
        return False
    return isinstance(first, dict) and first.get("type") == "Feature"


def _rows_of_lines(file: IO[bytes]) -> Iterator[Row]:
    number = 0
    for line in iter(lambda: file.readline(LONGEST_LINE), b""):
        bare = line.removeprefix(_BOM).strip(b"\x1e \t\r\n")
        if not bare:
            continue
        number += 1
        if len(line) == LONGEST_LINE and _skip_rest_of_line(file):
            yield Row(number, None, _too_long())
            continue
        try:
            yield _row(number, read_json(bare))
        except BadInput as fault:
            yield Row(number, bare.decode("utf-8", "backslashreplace"), fault)


def _skip_rest_of_line(file: IO[bytes]) -> bool:
    """Whether there was more of the line."""
    rest = b""
    more = False
    for rest in iter(lambda: file.readline(LONGEST_LINE), b""):
        more = True
        if rest.endswith(b"\n"):
            break
    return more and bool(rest.strip())


def _too_long() -> BadInput:
    return BadInput(
        Message("The row has more than {limit} bytes, the most a row may have.", limit=LONGEST_LINE)
    )


def _rows_of_collection(file: IO[bytes], path: Path) -> Iterator[Row]:
    data = file.read(LARGEST_COLLECTION + 1)
    if len(data) > LARGEST_COLLECTION:
        problem = Message(
            "{path} has more than {limit} bytes. Write it as one Feature a line: then it may be longer.",
            path=path.name, limit=LARGEST_COLLECTION,
        )  # fmt: skip
        raise TooLarge(problem)
    try:
        document = read_json(data)
    except InvalidJSON as fault:
        reason = Message("{path}: {reason}", path=path.name, reason=fault.message)
        raise InvalidJSON(reason, line=fault.line, column=fault.column) from None
    features = document.get("features") if isinstance(document, dict) else None
    if isinstance(document, dict) and document.get("type") == "Feature":
        features = [document]
    if not isinstance(features, list):
        raise BadInput(Message("{path} is not a FeatureCollection, nor a Feature a line.", path=path.name))
    crs = document.get("crs") if isinstance(document, dict) else None
    for number, feature in enumerate(features, 1):
        yield _row(number, feature if crs is None else _with_crs(feature, crs))


def _with_crs(feature: object, crs: object) -> object:
    # A collection's `crs` speaks for each of its features; the check of a Feature then refuses foreign ones.
    return {"crs": crs} | feature if isinstance(feature, dict) else feature


def _row(number: int, feature: object) -> Row:
    rejected = feature.pop(REJECTED, None) if isinstance(feature, dict) else None
    said = rejected.get("verdict") if isinstance(rejected, dict) else None
    return Row(number, feature, said=said if isinstance(said, str) else None)


def _unreadable(path: Path, error: OSError) -> GeoEventsError:
    reason = error.strerror or str(error)
    return GeoEventsError(Message("{path} cannot be read: {reason}.", path=str(path), reason=reason))
