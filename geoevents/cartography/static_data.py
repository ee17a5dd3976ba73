"""The events of a static map as scripts: one file of few, tiles of many.

Knows how many are few, and how a world of tiles is told. Knows nothing of pages, folders or requests.

`geoeventsData` is called with all that the page opens with, among it `tree`: for each tile, breadth first
from the whole world, four parts of a divided one in Morton order, a digit. NONE: nothing is there. DIVIDED:
the tile is as the site answers it (tiles.py), and its four parts follow. LAST: the same, of the last zoom.
WHOLE: every event of it with its whole outline, from which the page cuts every tile below.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from geoevents.cartography.drawn import Rows
from geoevents.cartography.packing import packed
from geoevents.cartography.tiles import LAST_ZOOM, MOST_SHAPES, Tiles, newest
from geoevents.cartography.whole import whole_feature
from geoevents.cartography.words import script_safe
from geoevents.events import Event

NONE, DIVIDED, WHOLE, LAST = range(4)
# So many events are one file, and so many of a tile are not divided further.
ONE_FILE = 2_000
FEW_IN_A_TILE = 200
# Of many events the list beside the map holds the newest; list.html has them all.
LISTED, LISTED_A_FILE = 1_000, 250
OPENING = "data/data.js"

Tile = tuple[int, int, int]


class StaticData:
    """The scripts of what one question finds. `shown` gives the public views of rows, in their order."""

    def __init__(self, tiles: Tiles, shown: Callable[[Rows], Sequence[Event]]) -> None:
        self._tiles = tiles
        self._shown = shown

    @property
    def is_divided(self) -> bool:
        """True of more events than are put into one file."""
        return len(self._tiles.selection) > ONE_FILE

    def newest_first(self) -> Rows:
        """Every row, those without a place on the map as well."""
        selection = self._tiles.selection
        return newest(selection, selection.rows, max(1, len(selection)))

    def scripts(self, opening: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        """Each script's path and bytes; the page opens with `opening` and the first tile."""
        selection = self._tiles.selection
        if not self.is_divided:
            yield OPENING, self.script(opening)
            return
        tree = "".join(str(state) for _, state in self._tree())
        said = {"tree": tree, "tile": self._tile((0, 0, 0), DIVIDED), "listed": LISTED}
        yield OPENING, call("geoeventsData", opening | said | {"listed_a_file": LISTED_A_FILE})
        for tile, state in self._tree():
            if state != NONE and tile[0]:
                key = "/".join(map(str, tile))
                yield f"data/tiles/{key}.js", call("geoeventsTile", key, self._tile(tile, state))
        listed = newest(selection, selection.rows, LISTED)
        for number, start in enumerate(range(0, len(listed), LISTED_A_FILE)):
            events = self._shown(listed[start : start + LISTED_A_FILE])
            features = [whole_feature(event, is_outlined=False) for event in events]
            yield f"data/list/{number}.js", call("geoeventsPage", number, _rows(features))

    def script(self, opening: dict[str, Any]) -> bytes:
        """All of it in one script."""
        features = [whole_feature(event) for event in self._shown(self.newest_first())]
        said = {"tree": str(WHOLE), "tile": {"cells": [], "features": _rows(features)}}
        return call("geoeventsData", opening | said)

    def _tree(self) -> Iterator[tuple[Tile, int]]:
        """Every tile and its state, breadth first. The world is divided, whatever stands on it."""
        level: list[Tile] = [(0, 0, 0)]
        yield level[0], DIVIDED
        while level:
            divided = []
            for z, x, y in level:
                for part in range(4):
                    tile = (z + 1, 2 * x + (part & 1), 2 * y + (part >> 1))
                    state = self._state(tile)
                    yield tile, state
                    if state == DIVIDED:
                        divided.append(tile)
            level = divided

    def _state(self, tile: Tile) -> int:
        count = int(self._tiles.index.ranges(*tile).counts.sum())
        if count > FEW_IN_A_TILE:
            return DIVIDED if tile[0] < LAST_ZOOM else LAST
        return WHOLE if count or len(self._reaching(tile)) else NONE

    def _tile(self, tile: Tile, state: int) -> dict[str, Any]:
        if state == WHOLE:
            return {"cells": [], "features": _rows(list(self._whole(tile)))}
        as_answered = self._tiles.tile(*tile)
        return as_answered | {"features": _rows(as_answered["features"])}

    def _whole(self, tile: Tile) -> Iterator[dict[str, Any]]:
        index, selection = self._tiles.index, self._tiles.selection
        here = index.rows(index.ranges(*tile).places())
        for event in self._shown(newest(selection, here, max(1, len(here)))):
            yield whole_feature(event)
        reaching = self._reaching(tile)
        for event in self._shown(newest(selection, reaching[~np.isin(reaching, here)], MOST_SHAPES)):
            feature = whole_feature(event)
            yield feature | {"properties": feature["properties"] | {"anchor": None}}

    def _reaching(self, tile: Tile) -> Rows:
        """What is drawn wider than a pin and reaches a tile, wherever its symbol stands."""
        z, x, y = tile
        shapes, many = self._tiles.index.shapes, 2.0**z
        level = np.flatnonzero((shapes.north < (y + 1) / many) & (shapes.south > y / many))
        begins, ends = shapes.west[level] < (x + 1) / many, shapes.east[level] > x / many
        found: Rows = shapes.rows[level[np.where(shapes.crosses[level], begins | ends, begins & ends)]]
        return found


def call(function: str, *values: object) -> bytes:
    """A script that calls one function with data, which can neither end the script nor break a line."""
    parts = (json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for value in values)
    return f"{function}({script_safe(','.join(parts))});\n".encode()


def _rows(features: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Features packed: each one row of its properties, its id, and its geometry unless that is its anchor."""
    rows = []
    for feature in features:
        properties, geometry = feature["properties"], feature["geometry"]
        if properties["anchor"] and geometry == {"type": "Point", "coordinates": properties["anchor"]}:
            geometry = None
        rows.append(properties | {"id": feature["id"], "geometry": geometry})
    return packed(rows)
