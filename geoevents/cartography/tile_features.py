"""Events of a tile as features, ready to be sent: what the popup needs, how it is drawn, the outline.

Knows what is big enough to see, and the bytes of a feature. Knows nothing of which events a tile holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geoevents.cartography.drawing import OUTLINED, Drawn, is_worked_out, point_drawing
from geoevents.cartography.drawn import Lines, Rows, Shapes, geometry_of
from geoevents.cartography.outlines import TILE, Coarse, coarse, cut_to_tile
from geoevents.cartography.popups import popup_of
from geoevents.cartography.recent import Recent
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.stores.public import Selection

SEEN = 14
_POPUPS = 8_192
_OUTLINES = 2_048

# A tile: zoom, and its place from the west and from the north.
Place = tuple[int, int, int]


class Question(NamedTuple):
    """What one question finds, where its Features are read, and those of it that are wider than a pin."""

    selection: Selection
    lines: Lines
    shapes: Shapes


class _Shape(NamedTuple):
    """What is outlined of an event, and as what; `key` is the same for the same geometry."""

    how: Drawn
    geometry: BaseGeometry
    key: bytes
    is_estimated: bool


class FeatureWriter:
    """Writes features of rows. What it read last it remembers: a row never says anything else."""

    def __init__(self) -> None:
        self._popups: Recent[tuple[bytes, bytes]] = Recent(_POPUPS)
        self._shapes: Recent[_Shape] = Recent(_POPUPS)
        self._geometries: Recent[BaseGeometry] = Recent(_OUTLINES)
        self._coarse: Recent[Coarse] = Recent(_OUTLINES)

    def written(self, question: Question, rows: Rows, tile: Place, *, is_anchored: bool) -> Iterator[bytes]:
        """
        A Feature for each row. Without anchor they are shape alone, and one of which nothing reaches the
        tile is left out.
        """
        columns, shapes = question.selection.columns, question.shapes
        places = np.searchsorted(shapes.rows, rows)
        lons, lats = columns.lon[rows].tolist(), columns.lat[rows].tolist()
        popups = self._popups_of(question, rows)
        for row, place, lon, lat, (event_id, popup) in zip(
            rows.tolist(), places.tolist(), lons, lats, popups, strict=True
        ):
            if place < len(shapes.rows) and shapes.rows[place] == row:
                drawn = self._wide(question, row, place, tile, is_anchored=is_anchored)
            else:
                drawn = _pin(lon, lat)
            if drawn is not None:
                parts = event_id, drawn[0], popup, drawn[1]
                yield b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b,%b}}' % parts

    def _popups_of(self, question: Question, rows: Rows) -> list[tuple[bytes, bytes]]:
        generation = question.selection.columns.generation
        keys = [(generation, row) for row in rows.tolist()]
        found = [self._popups.get(key) for key in keys]
        missing = [place for place, each in enumerate(found) if each is None]
        lines = question.lines(question.selection, rows[missing])
        is_shape = np.isnan(question.selection.columns.lon[rows]).tolist()
        for place, line in zip(missing, lines, strict=True):
            found[place] = self._popups.put(keys[place], popup_of(line))
            if is_shape[place]:
                self._shapes.put(keys[place], self._shape(question, int(rows[place]), line))
        return [each for each in found if each is not None]

    def _shape(self, question: Question, row: int, line: bytes) -> _Shape:
        raw = geometry_of(line)
        key = blake2b(raw, digest_size=16).digest()
        geometry = self._geometries.of(key, lambda: shapely.from_geojson(raw))
        kind, positions = geometry.geom_type, int(shapely.get_num_coordinates(geometry))
        place_id = question.selection.columns.word("place", row)
        return _Shape(OUTLINED[kind], geometry, key, is_worked_out(place_id, kind, positions))

    def _shape_again(self, question: Question, row: int) -> _Shape:
        (line,) = question.lines(question.selection, np.array([row], np.int32))
        return self._shape(question, row, line)

    def _wide(
        self, question: Question, row: int, place: int, tile: Place, *, is_anchored: bool
    ) -> tuple[bytes, bytes] | None:
        """Geometry and how it is drawn of what is more than a pin; None where nothing of it is here."""
        shapes, columns = question.shapes, question.selection.columns
        is_seen = bool(shapes.width[place] * 2 ** tile[0] * TILE >= SEEN)
        lon, lat = float(shapes.lon[place]), float(shapes.lat[place])
        point = _point(lon, lat)
        anchor = b',"anchor":' + (_position(lon, lat) if is_anchored else b"null")
        if not shapes.is_outlined[place]:
            precision = columns.word("geo_precision", row)
            metres = int(columns.uncertainty_m[row])
            drawn = point_drawing(
                Geometry.point(lon, lat), GeoPrecision(precision or ""), metres if metres > 0 else None
            )
            said = _said(drawn.how, drawn.radius_m, drawn.extent.as_list(), is_seen=is_seen)
            return point, said + anchor
        key = columns.generation, row
        shape = self._shapes.of(key, lambda: self._shape_again(question, row))
        sides = [float(side[row]) for side in (columns.west, columns.south, columns.east, columns.north)]
        said = _said(shape.how, None, sides, is_seen=is_seen) + anchor
        if shape.is_estimated:
            said += b',"estimated":true'
        if not is_seen:
            return point, said
        outline = self._coarse.of((shape.key, tile[0]), lambda: coarse(shape.geometry, tile[0]))
        piece = cut_to_tile(outline, *tile)
        if piece is None:
            return (point, said) if is_anchored else None
        geometry, edge, is_cut = piece
        return geometry, said + (b',"part":true,"edge":%b' % (edge or b"null") if is_cut else b"")


def _pin(lon: float, lat: float) -> tuple[bytes, bytes]:
    said = b'"drawn":"pin","shown":false,"radius_m":null,"extent":null,"anchor":'
    return _point(lon, lat), said + _position(lon, lat)


def _point(lon: float, lat: float) -> bytes:
    return b'{"type":"Point","coordinates":%b}' % _position(lon, lat)


def _position(lon: float, lat: float) -> bytes:
    return b"[%r,%r]" % (round(lon, 6), round(lat, 6))


def _said(how: Drawn, radius_m: int | None, extent: list[float], *, is_seen: bool) -> bytes:
    radius = "null" if radius_m is None else radius_m
    sides = ",".join(repr(round(float(each), 5)) for each in extent)
    shown = "true" if is_seen else "false"
    return f'"drawn":"{how.value}","shown":{shown},"radius_m":{radius},"extent":[{sides}]'.encode()
