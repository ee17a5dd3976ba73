"""What is drawn of each row of events, as arrays: where it is anchored, and how far it reaches.

Knows, for whole arrays, what drawing.py knows of one event; tests/cartography/test_drawn.py holds the two
together. Knows nothing of tiles, questions or how rows are found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from geoevents.cartography.drawing import NEAR_M, anchor_of
from geoevents.places import METRES_A_DEGREE, GeoPrecision
from geoevents.regions import ESTIMATED_M
from geoevents.stores.public import Selection

Rows = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
# The Features of rows of a selection, in the order of the rows.
Lines = Callable[[Selection, Rows], Iterator[bytes]]

# The square world of web maps ends here (EPSG:3857): atan(sinh(pi)) in degrees.
LAST_LATITUDE = math.degrees(math.atan(math.sinh(math.pi)))
# Rings and courses whose anchor is known: places are drawn by the same one time and again.
_MOST_KNOWN = 50_000


class _Shaped(msgspec.Struct, gc=False):
    geometry: msgspec.Raw


_SHAPED = msgspec.json.Decoder(_Shaped)


@dataclass(frozen=True, slots=True)
class Shapes:
    """
    The rows that are drawn wider than a pin, rising. `lon`, `lat`: the anchor in degrees. `west` to `north`
    in the square world, `width` of it as well; `is_outlined` is false of circles and estimates.
    """

    rows: Rows
    lon: Floats
    lat: Floats
    west: Floats
    south: Floats
    east: Floats
    north: Floats
    crosses: Mask
    width: Floats
    is_outlined: Mask

    def of(self, which: Any) -> Shapes:
        return Shapes(*(getattr(self, each.name)[which] for each in fields(self)))

    def and_then(self, others: Shapes) -> Shapes:
        if not len(others.rows):
            return self
        pairs = ((getattr(self, each.name), getattr(others, each.name)) for each in fields(self))
        return Shapes(*(np.concatenate(pair) for pair in pairs))

    @property
    def memory(self) -> int:
        return sum(getattr(self, each.name).nbytes for each in fields(self))


@dataclass(frozen=True, slots=True)
class DrawnRows:
    """Rows that stand on the map, their anchors (degrees) and those of them that are wider than a pin."""

    rows: Rows
    lon: Floats
    lat: Floats
    shapes: Shapes


_NOTHING: dict[str, Any] = {"rows": np.int32, "crosses": bool, "is_outlined": bool}
NO_SHAPES = Shapes(**{each.name: np.empty(0, _NOTHING.get(each.name, float)) for each in fields(Shapes)})


class Drawer:
    """Draws rows as they come. Anchors of shapes that were seen before are remembered."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._anchors: dict[bytes, tuple[float, float]] = {}

    def draw(self, selection: Selection, start: int) -> DrawnRows:
        """The rows of the selection's columns from `start` on, whether it holds them or not."""
        columns = selection.columns
        precisions = columns.words["geo_precision"]
        nowhere = [precisions[each] for each in (GeoPrecision.COUNTRY, GeoPrecision.UNLOCATED)]
        precision = columns.geo_precision[start:]
        here = ~np.isnan(columns.west[start:]) & ~np.isin(precision, nowhere)
        rows = (np.flatnonzero(here) + start).astype(np.int32)
        lon, lat = columns.lon[rows], columns.lat[rows]
        is_outlined = np.isnan(lon)
        for place, anchor in zip(
            np.flatnonzero(is_outlined).tolist(), self._anchored(selection, rows[is_outlined]), strict=True
        ):
            lon[place], lat[place] = anchor
        radius = _radii(columns.geo_precision[rows], columns.uncertainty_m[rows], precisions)
        wide = is_outlined | (radius > 0)
        shapes = _shapes(selection, rows[wide], lon[wide], lat[wide], radius[wide], is_outlined[wide])
        return DrawnRows(rows, lon, lat, shapes)

    def _anchored(self, selection: Selection, rows: Rows) -> Iterator[tuple[float, float]]:
        for line in self._lines(selection, rows):
            raw = geometry_of(line)
            key = blake2b(raw, digest_size=16).digest()
            anchor = self._anchors.get(key)
            if anchor is None:
                found = anchor_of(shapely.from_geojson(raw))
                anchor = found.lon, found.lat
                if len(self._anchors) >= _MOST_KNOWN:
                    self._anchors = {}
                self._anchors[key] = anchor
            yield anchor


def geometry_of(line: bytes) -> bytes:
    """The geometry of a Feature's line, as it is written there."""
    return bytes(_SHAPED.decode(line).geometry)


def world(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """The square world, 0 to 1 from its north-west corner (EPSG:3857); what lies beyond is at its edge."""
    below_one = np.nextafter(1.0, 0)
    sine = np.sin(np.radians(np.clip(lat, -LAST_LATITUDE, LAST_LATITUDE)))
    across = np.clip((lon + 180) / 360, 0, below_one)
    return across, np.clip(0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi), 0, below_one)


def _radii(precision: NDArray[Any], uncertainty_m: NDArray[Any], codes: dict[str | None, int]) -> Floats:
    """Metres around each point, 0 for pins: `drawing.point_drawing`."""
    usual = np.zeros(len(GeoPrecision) + 1)
    for each, metres in {**ESTIMATED_M, GeoPrecision.NEAR: NEAR_M}.items():
        usual[codes[each]] = metres
    # The code of None is -1: the last element, which stays 0.
    found = usual[precision]
    return np.where((found > 0) & (uncertainty_m > 0), uncertainty_m, found)


def _shapes(
    selection: Selection, rows: Rows, lon: Floats, lat: Floats, radius: Floats, is_outlined: Mask
) -> Shapes:
    columns = selection.columns
    sides = [columns.west[rows], columns.south[rows], columns.east[rows], columns.north[rows]]
    up = np.where(is_outlined, 0.0, radius / METRES_A_DEGREE)
    aside = up / np.maximum(0.01, np.cos(np.radians(lat)))
    round_the_world = ~is_outlined & (2 * aside >= 360)
    west = np.where(is_outlined, sides[0], _wrapped(lon - aside))
    east = np.where(is_outlined, sides[2], _wrapped(lon + aside))
    west, east = np.where(round_the_world, -180.0, west), np.where(round_the_world, 180.0, east)
    south = np.where(is_outlined, sides[1], np.maximum(-90.0, lat - up))
    north = np.where(is_outlined, sides[3], np.minimum(90.0, lat + up))
    (x1, y1), (x2, y2) = world(west, south), world(east, north)
    crosses = x1 > x2
    width = np.maximum(x2 - x1 + crosses, y1 - y2)
    return Shapes(rows, lon, lat, x1, y1, x2, y2, crosses, width, is_outlined)


def _wrapped(lon: Floats) -> Floats:
    return np.where(lon < -180, lon + 360, np.where(lon > 180, lon - 360, lon))
