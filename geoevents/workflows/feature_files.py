"""Files of features: rows out of a FeatureCollection or of a Feature a line, rejected rows into a new one.

Knows how such files are laid out. Knows nothing of what a row means.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
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
    """A row counted from 1: what it holds, or why it cannot be read."""

    number: int
    feature: object
    fault: BadInput | None = None


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


class RejectedRows:
    """
    The rows that did not land, written as a FeatureCollection, one a line, each with what was wrong.

    Nothing is written unless there is one; the file appears whole, on `close`. Where it cannot be
    written, rows are counted all the same, and `close` says so: the good ones need not wait for it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        self._file: IO[str] | None = None
        self._fault: OSError | None = None

    def add(self, row: Row, reason: dict[str, object]) -> None:
        feature = row.feature if isinstance(row.feature, dict) else {"type": "Feature", "properties": {}}
        if not isinstance(row.feature, dict):
            reason = reason | {"row_as_it_was": row.feature}
        line = json.dumps(feature | {REJECTED: reason}, ensure_ascii=False)
        if self._fault is None:
            try:
                self._write(line)
            except OSError as error:
                self._fault = error
        self.count += 1

    def close(self) -> None:
        """Put the file in its place. Raises GeoEventsError where that, or writing a row, failed."""
        if self._fault is not None:
            raise self._unwritable(self._fault)
        if self._file is None:
            return
        try:
            with self._file as file:
                file.write("\n]}\n")
            self._draft.replace(self.path)
        except OSError as error:
            raise self._unwritable(error) from None

    def discard(self) -> None:
        if self._file is not None:
            # What a full disk did not take is tried once more here, and is to be thrown away anyway.
            with suppress(OSError):
                self._file.close()
            self._draft.unlink(missing_ok=True)

    def _write(self, line: str) -> None:
        if self._file is None:
            self._file = self._draft.open("w", encoding="utf-8", errors="backslashreplace")
            self._file.write('{"type":"FeatureCollection","features":[\n')
        self._file.write((",\n" if self.count else "") + line)

    def _unwritable(self, error: OSError) -> GeoEventsError:
        said = Message(
            "The rows that did not land cannot be written to {path}: {reason}. --json shows them.",
            path=self.path.name, reason=error.strerror or str(error),
        )  # fmt: skip
        return GeoEventsError(said)


def place_for_rejected(path: Path) -> Path:
    """FILE.rejected.geojson, or with a number where an earlier one may hold somebody's mending."""
    wanted = path.with_name(f"{path.name}.rejected.geojson")
    number = 2
    while wanted.exists():
        wanted = path.with_name(f"{path.name}.rejected-{number}.geojson")
        number += 1
    return wanted


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
            yield Row(number, _bare(read_json(bare)))
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
        yield Row(number, _bare(feature if crs is None else _with_crs(feature, crs)))


def _with_crs(feature: object, crs: object) -> object:
    # A collection's `crs` speaks for each of its features; the check of a Feature then refuses foreign ones.
    return {"crs": crs} | feature if isinstance(feature, dict) else feature


def _bare(feature: object) -> object:
    if isinstance(feature, dict):
        feature.pop(REJECTED, None)
    return feature


def _unreadable(path: Path, error: OSError) -> GeoEventsError:
    reason = error.strerror or str(error)
    return GeoEventsError(Message("{path} cannot be read: {reason}.", path=str(path), reason=reason))
