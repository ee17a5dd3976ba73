"""Events made into tiles: by what the app makes them with, and by a way so plain that it can be believed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from geoevents.cartography.drawing import Drawing, Drawn, drawing, popup, shape_of
from geoevents.cartography.outlines import TILE, coarse, cut_to_tile
from geoevents.cartography.tile_features import SEEN
from geoevents.cartography.tiles import CELL, CELLS, FEW, LAST_ZOOM, MOST_LISTED, MOST_SHAPES, MapTiles, Tiles
from geoevents.events import Event
from geoevents.geojson import feature_line
from geoevents.queries import EventQuery
from geoevents.stores.certainties import certainties
from geoevents.stores.columns import Table
from geoevents.stores.decoding import View
from geoevents.stores.masks import matching
from geoevents.stores.public import Selection
from geoevents.stores.spill import Spill
from geoevents.stores.taking import Lying, Taker


class Rows:
    """The rows of a reader, and no store behind them: what is `added` is there, each id once."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._table = Table()
        self._lines: list[bytes] = []
        self._slots: dict[str, int] = {}
        self._spill = Spill()
        self.revision = 0
        self.add(events)

    def add(self, events: Iterable[Event]) -> None:
        events = list(events)
        lines = [feature_line(event) for event in events]
        slots = [self._slots.setdefault(event.id, len(self._slots)) for event in events]
        offsets = np.arange(len(lines)) + len(self._lines)
        lying = Lying(np.array(slots, np.int32), offsets, np.array(list(map(len, lines)), np.int32))
        self._lines += lines
        Taker(self._table, View.WHOLE, self._spill).take(lines, lying)
        self.revision += 1

    def select(self, query: EventQuery) -> Selection:
        columns = self._table.columns()
        return Selection(
            columns,
            matching(columns, query, lambda asked: certainties(columns, asked, lambda *_: []))
            & columns.alive,
            self.revision,
        )

    def lines(self, selection: Selection, rows: Any) -> Iterator[bytes]:
        return (self._lines[at] for at in selection.columns.offset[rows].tolist())


def tiles_of(events: Iterable[Event]) -> Tiles:
    return MapTiles().of(Rows(events), EventQuery())


class PlainTiles:
    """A tile by looking at every event, one after the other."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._all = [(event, drawn) for event in events if (drawn := drawing(event))]
        self._all.sort(key=lambda each: (each[0].date_start, each[0].id), reverse=True)

    def tile(self, z: int, x: int, y: int) -> dict[str, Any]:
        own = [each for each in self._all if tile_at(each[1], z) == (x, y)]
        cells: dict[tuple[int, int], list[tuple[Event, Drawing]]] = {}
        for event, drawn in own:
            at = _world(drawn.anchor.lon, drawn.anchor.lat)
            cell = (int((at[1] * 2**z - y) * CELLS), int((at[0] * 2**z - x) * CELLS))
            cells.setdefault(cell, []).append((event, drawn))
        if len(own) <= FEW or z >= LAST_ZOOM:
            listed = own[:MOST_LISTED]
        else:
            listed = [each for each in own if any(members == [each] for members in cells.values())]
        counted = [each for each in own if each not in listed]
        reaching = [each for each in self._all if each not in listed and _reaches(each[1], z, x, y, counted)]
        features = [_feature(*each, z, x, y, is_anchored=True) for each in listed]
        features += [_feature(*each, z, x, y, is_anchored=False) for each in reaching[:MOST_SHAPES]]
        in_cells = sorted(
            (cell, [each for each in found if each in counted]) for cell, found in cells.items()
        )
        return {
            "cells": [_cell(cell, found, z, x, y) for cell, found in in_cells if found],
            "features": [each for each in features if each],
        }


def _cell(cell: tuple[int, int], found: list[tuple[Event, Drawing]], z: int, x: int, y: int) -> list[Any]:
    counts: dict[str, list[float]] = {}
    for event, drawn in found:
        at = _world(drawn.anchor.lon, drawn.anchor.lat)
        entry = counts.setdefault(event.event_type, [0, 0.0, 0.0])
        entry[0] += 1
        entry[1] += (at[0] * 2**z - x) * TILE
        entry[2] += (at[1] * 2**z - y) * TILE
    lons, lats = [d.anchor.lon for _, d in found], [d.anchor.lat for _, d in found]
    extent = [round(float(each), 6) for each in (min(lons), min(lats), max(lons), max(lats))]
    return [cell[1], cell[0], counts, extent]


def _feature(
    event: Event, drawn: Drawing, z: int, x: int, y: int, *, is_anchored: bool
) -> dict[str, Any] | None:
    is_seen = _width(drawn) * 2**z * TILE >= SEEN
    anchor = [round(drawn.anchor.lon, 6), round(drawn.anchor.lat, 6)]
    geometry, cut = {"type": "Point", "coordinates": anchor}, {}
    if is_seen and drawn.radius_m is None:
        piece = cut_to_tile(coarse(shape_of(drawn.geometry), z), z, x, y)
        if piece is None:
            return None
        geometry, cut = json.loads(piece[0]), {}
        if piece[2]:
            cut = {"part": True, "edge": piece[1] and json.loads(piece[1])}
    how = {
        "drawn": drawn.how.value,
        "shown": is_seen,
        "radius_m": drawn.radius_m,
        "anchor": anchor if is_anchored else None,
        "extent": None if drawn.how is Drawn.PIN else [round(each, 5) for each in drawn.extent.as_list()],
    }
    estimated = {"estimated": True} if drawn.is_estimated else {}
    properties = popup(event) | how | estimated | cut
    return {"type": "Feature", "id": event.id, "geometry": geometry, "properties": properties}


def _reaches(drawn: Drawing, z: int, x: int, y: int, counted: list[Any]) -> bool:
    pixels = _width(drawn) * 2**z * TILE
    if pixels < (CELL if counted else SEEN) or (counted and drawn.radius_m is not None):
        return False
    west, south, east, north = box_of(drawn)
    begins, ends = west * 2**z < x + 1, east * 2**z > x
    across = begins or ends if west > east else begins and ends
    return across and north * 2**z < y + 1 and south * 2**z > y


def _width(drawn: Drawing) -> float:
    west, south, east, north = box_of(drawn)
    return max(east - west + (west > east), south - north)


def box_of(drawn: Drawing) -> tuple[float, float, float, float]:
    west, south, east, north = drawn.extent.as_list()
    return *_world(west, south), *_world(east, north)


def tile_at(drawn: Drawing, z: int) -> tuple[int, int]:
    across, down = _world(drawn.anchor.lon, drawn.anchor.lat)
    return int(across * 2**z), int(down * 2**z)


def _world(lon: float, lat: float) -> tuple[float, float]:
    last = math.degrees(math.atan(math.sinh(math.pi)))
    below_one = float(np.nextafter(1.0, 0))
    sine = float(np.sin(np.radians(min(max(lat, -last), last))))
    down = 0.5 - float(np.log((1 + sine) / (1 - sine))) / (4 * math.pi)
    return min(max((lon + 180) / 360, 0), below_one), min(max(down, 0), below_one)
