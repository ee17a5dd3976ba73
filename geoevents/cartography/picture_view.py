"""Where the map of a picture stands: which part of the world it shows, at which scale, out of which tiles.

Knows positions on it, what fits it, and how long its scale bar is. Knows nothing of events or paper.

A point is a pixel of the map on the web: what is drawn there so many pixels wide is so many points wide here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoevents.cartography.drawn import LAST_LATITUDE, Shapes, world
from geoevents.cartography.outlines import TILE
from geoevents.cartography.pyramid import MICRO, Index
from geoevents.cartography.tiles import LAST_ZOOM
from geoevents.places import LonLat

# Where nothing says how close to look: no closer than a town and what lies around it, as on the web.
_CLOSEST_FIT = 10.0
_AROUND = 46
# Metres round the equator (WGS 84).
_ROUND = 2 * math.pi * 6_378_137
_LONGEST_BAR = 130

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PictureView:
    """
    `wide` by `high` points of the world at a zoom, which need not be whole; `x`, `y` is the middle, in the
    square world from 0 to 1.
    """

    wide: float
    high: float
    x: float
    y: float
    zoom: float

    @classmethod
    def at(cls, middle: LonLat, zoom: float, wide: float, high: float) -> PictureView:
        x, y = world(np.array([middle.lon]), np.array([middle.lat]))
        return cls(wide, high, float(x[0]), float(y[0]), zoom)

    @classmethod
    def around(cls, index: Index, wide: float, high: float) -> PictureView | None:
        """All that an index holds, as large as it can be; None where that is nothing."""
        box = _box_of(index)
        if box is None:
            return None
        west, north, east, south = box
        room = (wide - 2 * _AROUND) / max(east - west, 1e-9), (high - 2 * _AROUND) / max(south - north, 1e-9)
        zoom = min(_CLOSEST_FIT, math.log2(min(room) / TILE))
        return cls(wide, high, (west + east) / 2, (north + south) / 2, max(cls.least_zoom(wide), zoom))

    @staticmethod
    def least_zoom(wide: float) -> float:
        """The whole world, from one edge to the other."""
        return math.log2(wide / TILE)

    @property
    def size(self) -> float:
        """How many points the whole world is wide."""
        return TILE * math.exp2(self.zoom)

    @property
    def tile_zoom(self) -> int:
        """The zoom of the tiles that are fine enough for it."""
        return min(LAST_ZOOM, max(0, math.ceil(self.zoom - 0.01)))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, north, east, south in the square world; beyond 0 and 1 where the picture is wider."""
        half_wide, half_high = self.wide / self.size / 2, self.high / self.size / 2
        return self.x - half_wide, self.y - half_high, self.x + half_wide, self.y + half_high

    def tiles(self, zoom: int) -> list[tuple[int, int, int]]:
        """The tiles of a zoom that it shows."""
        many = 2**zoom
        west, north, east, south = (math.floor(each * many) for each in self.box)
        across = range(max(0, west), min(many - 1, east) + 1)
        return [(zoom, x, y) for y in range(max(0, north), min(many - 1, south) + 1) for x in across]

    def points(self, xy: Points) -> Points:
        """Of the square world, in points from the north-west corner; any number of rows of x and y."""
        west, north, _, _ = self.box
        found: Points = (xy - (west, north)) * self.size
        return found

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        (x,), (y,) = world(np.array([lon]), np.array([lat]))
        ((across, down),) = self.points(np.array([[x, y]])).tolist()
        return across, down

    def projected(self, lonlat: Points) -> Points:
        """Degrees to points."""
        lat = np.clip(lonlat[:, 1], -LAST_LATITUDE, LAST_LATITUDE)
        down = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)
        return self.points(np.column_stack([(lonlat[:, 0] + 180) / 360, down]))

    def length(self, metres: float, lat: float) -> float:
        """Metres at a latitude, in points."""
        return metres / (_ROUND * max(0.01, math.cos(math.radians(lat)))) * self.size

    def shows(self, lon: NDArray[Any], lat: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of these positions lie in it."""
        x, y = world(lon, lat)
        west, north, east, south = self.box
        found: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= north) & (y <= south)
        return found

    def bar(self) -> tuple[int, float]:
        """Metres of a round number, and how many points these are in the middle of the map."""
        lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * min(max(self.y, 0.0), 1.0)))))
        a_metre = self.length(1.0, lat)
        power = 10.0 ** math.floor(math.log10(_LONGEST_BAR / a_metre))
        metres = next(step * power for step in (10, 5, 3, 2, 1) if step * power * a_metre <= _LONGEST_BAR)
        return round(metres), metres * a_metre


def _box_of(index: Index) -> tuple[float, float, float, float] | None:
    """West, north, east, south of all that is drawn, in the square world."""
    x, y = world(index.lon / MICRO, index.lat / MICRO)
    shapes: Shapes = index.shapes
    sides = [
        np.concatenate([x, shapes.west, np.zeros(int(shapes.crosses.any()))]),
        np.concatenate([y, shapes.north]),
        np.concatenate([x, shapes.east, np.ones(int(shapes.crosses.any()))]),
        np.concatenate([y, shapes.south]),
    ]
    if not len(sides[1]):
        return None
    return float(sides[0].min()), float(sides[1].min()), float(sides[2].max()), float(sides[3].max())
