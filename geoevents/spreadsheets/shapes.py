"""GPKG, KML, KMZ and what else GDAL reads: the attributes of a layer as columns, its shapes in degrees.

Knows which files are taken, and what KML calls its columns. The reading itself is frames.py's.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput, TooLarge
from geoevents.messages import Message
from geoevents.spreadsheets import LARGEST_TABLE, HowToRead, Line, Table, each_once
from geoevents.spreadsheets.packed import check, refuse_entities

ENDINGS = (".gpkg", ".kml", ".kmz", ".shp", ".fgb")
_SHAPE = "geometry"
# What GDAL makes of every KML, whatever stands in it.
_OF_KML = frozenset(
    ("tessellate", "extrude", "visibility", "draworder", "altitudemode", "icon", "snippet", "layer", "path")
)


def read(path: Path, how: HowToRead) -> Table:
    """Raises BadInput where GDAL cannot read it or a KML declares entities, TooLarge, OSError."""
    if path.stat().st_size > LARGEST_TABLE:
        raise TooLarge(
            Message("{path} has more than {limit} MB, the most that is read at once. Divide it.",
                    path=path.name, limit=LARGEST_TABLE // 1_000_000)
        )  # fmt: skip
    if path.suffix.lower() == ".kmz":
        return _kmz(path, how)
    is_kml = path.suffix.lower() == ".kml"
    if is_kml:
        refuse_entities(path.read_bytes(), path)
    layers, layer, found = _shapes(path, how.sheet)
    headings = [
        name for name in dict.fromkeys(name for each, _ in found for name in each)
        if not (is_kml and name.lower() in _OF_KML)
    ]  # fmt: skip
    if not found:
        raise BadInput(Message("{path} has no features.", path=path.name))
    notes: tuple[Message, ...] = ()
    if len(layers) > 1 and how.sheet is None:
        notes = (
            Message("{path} has the layers {names}: {layer} is read. Name another with --sheet.",
                    path=path.name, names=", ".join(layers[:20]), layer=layer),
        )  # fmt: skip
    return Table(headings=each_once((*headings, _SHAPE)), lines=lambda: _lines(found, headings), notes=notes)


def _shapes(path: Path, layer: str | None) -> tuple[list[str], str, list[tuple[dict[str, Any], Any]]]:
    from geoevents.frames import layers_of, read_shapes

    layers = layers_of(path)
    if layer is not None and layer not in layers:
        raise BadInput(
            Message("{path} has no layer '{said}', but {names}.", path=path.name, said=layer[:80],
                    names=", ".join(layers)[:500]), "sheet",
        )  # fmt: skip
    chosen = layer or next(iter(layers), "")
    return layers, chosen, list(read_shapes(path, layer=chosen or None))


def _kmz(path: Path, how: HowToRead) -> Table:
    """The first KML of the packet, unpacked beside nothing of anybody's."""
    names = [name for name in check(path) if name.lower().endswith(".kml")]
    if not names:
        raise BadInput(Message("{path} holds no KML.", path=path.name))
    with tempfile.TemporaryDirectory(prefix="geoevents-") as folder, zipfile.ZipFile(path) as archive:
        unpacked = Path(folder) / f"{path.stem}.kml"
        try:
            unpacked.write_bytes(archive.read(names[0]))
        except zipfile.BadZipFile as error:
            raise BadInput(
                Message(
                    "{path} is damaged or no such file: {reason}.", path=path.name, reason=str(error)[:100]
                )
            ) from None
        return read(unpacked, how)


def _lines(found: list[tuple[dict[str, Any], Any]], headings: list[str]) -> Iterator[Line]:
    for number, (properties, geometry) in enumerate(found, 1):
        cells = tuple(_text(properties.get(name)) for name in headings)
        shape = _flat(geometry)
        # As a cell too: what does not land comes back as a table, with its shape.
        yield Line(number, (*cells, json.dumps(shape) if shape else ""), geometry=shape)


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _flat(geometry: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Without heights, which KML always has; of a shape of one part, that part."""
    if geometry is None or "coordinates" not in geometry:
        return geometry
    flat = {"type": geometry["type"], "coordinates": _without_heights(geometry["coordinates"])}
    if flat["type"].startswith("Multi") and len(flat["coordinates"]) == 1:
        return {"type": flat["type"].removeprefix("Multi"), "coordinates": flat["coordinates"][0]}
    return flat


def _without_heights(part: Any) -> Any:
    if part and isinstance(part[0], (int, float)):
        return list(part[:2])
    return [_without_heights(each) for each in part]
