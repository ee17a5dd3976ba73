"""Features out of files: GeoJSON, a Feature a line, CSV rows, what GDAL reads, and folders and zips of them.

Knows where rows and their shapes lie. Knows nothing of what their columns mean.
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput, TooLarge
from geoevents.gazetteers.sources.archives import bytes_of, head, is_zip, lines_of, members, opened_zip
from geoevents.messages import Message

# A collection is read whole: more than this is a country's worth of coastlines, not of places.
_MOST_JSON = 600_000_000
TABLES = (".csv", ".tsv", ".txt")
_JSON, _LINES = (".geojson", ".json"), (".geojsonl", ".ndjson", ".jsonl")
_SHAPES = (".shp", ".gpkg")
# And what lies beside a .shp.
_PARTS = (*_SHAPES, ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True, slots=True)
class Feature:
    """A row: its number in its file, what it says, its shape as GeoJSON's or None."""

    row: int
    properties: Mapping[str, Any]
    geometry: Mapping[str, Any] | None


def columns_of(path: Path) -> set[str]:
    """What the first row of a file calls its columns; nothing for a file of no such kind."""
    try:
        if path.is_file() and path.suffix.lower() in TABLES:
            # Whatever its encoding is: the names of columns are seldom in other letters.
            line = head(path).partition("\n")[0].strip()
            return {name.strip('" ') for name in line.split(_delimiter(line))} if line else set()
        first = next(features_of(path), None)
    except (BadInput, OSError, ValueError):
        return set()
    return {str(name) for name in first.properties} if first else set()


def features_of(path: Path, encoding: str = "utf-8-sig") -> Iterator[Feature]:
    """Every row of a file, or of the files in a folder or zip. Raises BadInput over what cannot be read."""
    if path.suffix.lower() in _SHAPES:
        yield from _shapes(path)
        return
    if path.is_dir():
        for file in sorted(each for each in path.rglob("*") if each.is_file()):
            if file.suffix.lower() in (*_JSON, *_LINES, *_SHAPES):
                yield from features_of(file, encoding)
        return
    if not is_zip(path):
        yield from _of_one(path, None, path.suffix.lower(), encoding)
        return
    inside = [each.filename for each in members(path)]
    if any(name.lower().endswith(_SHAPES) for name in inside):
        yield from _packed_shapes(path, inside)
        return
    with opened_zip(path) as archive:
        for name in sorted(inside):
            if name.lower().endswith((*_JSON, *_LINES, ".csv", ".tsv")):
                yield from _of_one(path, name, Path(name).suffix.lower(), encoding, archive)


def _of_one(
    path: Path, member: str | None, suffix: str, encoding: str, archive: zipfile.ZipFile | None = None
) -> Iterator[Feature]:
    if suffix in TABLES:
        yield from _rows(path, member, encoding, archive)
    elif suffix in _LINES:
        with lines_of(path, member, archive=archive) as lines:
            for number, text in enumerate(lines, 1):
                if text.strip():
                    yield _feature(number, _parsed(text, path, number))
    elif suffix in _JSON:
        yield from _collection(path, member, archive)


def _rows(
    path: Path, member: str | None, encoding: str, archive: zipfile.ZipFile | None
) -> Iterator[Feature]:
    delimiter = _delimiter(head(path, member, archive).partition("\n")[0])
    with lines_of(path, member, encoding=encoding, archive=archive) as lines:
        try:
            for number, row in enumerate(csv.DictReader(lines, delimiter=delimiter), 2):
                yield Feature(number, {str(key): value for key, value in row.items()}, None)
        except csv.Error as error:
            raise BadInput(
                Message("{path} is no table: {reason}.", path=path.name, reason=str(error))
            ) from None


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def _collection(path: Path, member: str | None, archive: zipfile.ZipFile | None) -> Iterator[Feature]:
    with bytes_of(path, member, archive) as raw:
        content = raw.read(_MOST_JSON + 1)
    if len(content) > _MOST_JSON:
        raise TooLarge(
            Message("{path} is larger than {most} MB. Write it as a Feature a line (.geojsonl).",
                    path=path.name, most=_MOST_JSON // 1_000_000)
        )  # fmt: skip
    whole = _parsed(content, path, 1)
    found = whole.get("features") if whole.get("type") == "FeatureCollection" else [whole]
    for number, each in enumerate(found if isinstance(found, list) else [], 1):
        yield _feature(number, each if isinstance(each, dict) else {})


def _parsed(text: str | bytes, path: Path, row: int) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise BadInput(Message("{path}, row {row}, is not GeoJSON.", path=path.name, row=row))
    return value


def _feature(row: int, value: Mapping[str, Any]) -> Feature:
    properties, geometry = value.get("properties"), value.get("geometry")
    return Feature(
        row,
        properties if isinstance(properties, dict) else {},
        geometry if isinstance(geometry, dict) else None,
    )


def _packed_shapes(path: Path, inside: Sequence[str]) -> Iterator[Feature]:
    """Unpacked first: GDAL would take what is in a packet for what its bytes look like."""
    with tempfile.TemporaryDirectory(prefix="geoevents-") as folder, opened_zip(path) as archive:
        unpacked = []
        for name in sorted(inside):
            if name.lower().endswith(_PARTS):
                target = Path(folder) / name.replace("\\", "/").replace("/", "-").lstrip("-.")
                with archive.open(name) as member, target.open("wb") as file:
                    shutil.copyfileobj(member, file)
                unpacked.append(target)
        for each in unpacked:
            if each.suffix.lower() in _SHAPES:
                yield from _shapes(each)


def _shapes(path: Path) -> Iterator[Feature]:
    from geoevents.frames import read_shapes

    for number, (properties, geometry) in enumerate(read_shapes(path), 1):
        yield Feature(number, properties, geometry)
