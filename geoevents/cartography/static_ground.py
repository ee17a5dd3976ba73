"""The base map of a static map: the world from afar, and close up what lies around the events.

Knows which tiles those are, and the scripts that hand them over. Knows nothing of events but where they are.

data/ground.js has the first zooms; what is finer is in data/ground/X-Y.js for each tile of zoom GROUPED,
asked for once somebody looks there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from geoevents.cartography.asset_files import Assets
from geoevents.cartography.basemap import LAST_ZOOM
from geoevents.cartography.drawn import world
from geoevents.cartography.labels import LEVELS
from geoevents.cartography.pyramid import MICRO, Index
from geoevents.cartography.static_data import call

# The whole world to here; below it, what lies around the events, and elsewhere the coarser tile stretched.
WORLD_ZOOM = 2
GROUPED = 4
OPENING = "data/ground.js"

Place = tuple[int, int]


class Ground:
    """The tiles that a look at what an index holds needs, `last_zoom` the finest."""

    def __init__(
        self, assets: Assets, index: Index, *, world_zoom: int = WORLD_ZOOM, last_zoom: int = LAST_ZOOM
    ) -> None:
        self._assets = assets
        self._last = last_zoom
        self._wanted = _wanted(index, world_zoom, last_zoom)

    def scripts(self) -> Iterator[tuple[str, bytes]]:
        """Each script's path and bytes."""
        groups: dict[Place, list[tuple[int, Place]]] = defaultdict(list)
        for zoom in range(GROUPED, self._last + 1):
            for x, y in sorted(self._wanted[zoom]):
                groups[x >> zoom - GROUPED, y >> zoom - GROUPED].append((zoom, (x, y)))
        made = {f"{x}-{y}": self._handed(tiles) for (x, y), tiles in sorted(groups.items())}
        names = [name for name, body in made.items() if body]
        first = [(zoom, place) for zoom in range(min(GROUPED, self._last + 1)) for place in self._of(zoom)]
        yield OPENING, call("geoeventsGround", self._index(), {}, names) + self._handed(first)
        for name in names:
            yield f"data/ground/{name}.js", made[name]

    def script(self) -> bytes:
        """All of it in one script."""
        every = [(zoom, place) for zoom in range(self._last + 1) for place in self._of(zoom)]
        return call("geoeventsGround", self._index(), {}, []) + self._handed(every)

    def _of(self, zoom: int) -> list[Place]:
        return sorted(self._wanted[zoom])

    def _index(self) -> dict[str, Any]:
        index: dict[str, Any] = self._read("index")
        return index | {
            "last_zoom": self._last,
            "zooms": index["zooms"][: self._last + 1],
            "labels": {zoom: rows for zoom, rows in index["labels"].items() if int(zoom) <= self._last},
        }

    def _handed(self, tiles: list[tuple[int, Place]]) -> bytes:
        ground, names = {}, {}
        for zoom, (x, y) in tiles:
            key = f"{zoom}/{x}/{y}"
            if (content := self._read(key)) is not None:
                ground[key] = content
            if zoom in LEVELS and (content := self._read(f"labels/{key}")) is not None:
                names[key] = content
        called = call("geoeventsGround", None, ground) if ground else b""
        return called + (call("geoeventsLabels", names) if names else b"")

    def _read(self, name: str) -> Any:
        stored = self._assets.get(f"basemap/{name}.json")
        return json.loads(stored.body) if stored else None


def _wanted(index: Index, world_zoom: int, last_zoom: int) -> dict[int, set[Place]]:
    """By zoom, the places that what is drawn meets, and those beside them."""
    wanted = {
        zoom: {(x, y) for x in range(2**zoom) for y in range(2**zoom)}
        for zoom in range(min(world_zoom, last_zoom) + 1)
    }
    x, y = world(index.lon / MICRO, index.lat / MICRO)
    shapes = index.shapes
    boxes = np.unique(
        np.column_stack([shapes.west, shapes.north, shapes.east, shapes.south, shapes.crosses]), axis=0
    ).tolist()
    for zoom in range(world_zoom + 1, last_zoom + 1):
        many = 2**zoom
        points = np.unique(np.column_stack([x * many, y * many]).astype(int), axis=0).tolist()
        met = {(column, row) for column, row in points}
        for west, north, east, south, crosses in boxes:
            first, last = int(west * many), int(east * many) + (many if crosses else 0)
            rows = range(int(north * many), int(south * many) + 1)
            met |= {(column % many, row) for column in range(first, last + 1) for row in rows}
        wanted[zoom] = {
            ((column + aside) % many, row + down)
            for column, row in met
            for aside in (-1, 0, 1)
            for down in (-1, 0, 1)
            if 0 <= row + down < many
        }
    return wanted
