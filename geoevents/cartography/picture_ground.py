"""The ground of a picture: land, water, borders and names out of the base map, as SVG.

Knows assets/basemap.js and assets/labels.js once more, on paper. Knows nothing of events but the room that
they take.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import numpy as np

from geoevents.cartography.asset_files import Assets
from geoevents.cartography.basemap import EXTENT, LAND, LAST_ZOOM, SEA, Pieces, Points
from geoevents.cartography.picture_marks import FONTS, inks
from geoevents.cartography.picture_view import PictureView
from geoevents.errors import NotReady
from geoevents.messages import Message

# From here on a border is fainter the closer one looks: it is only known so well.
FADE_FROM, _FADE_OVER = 9, 4
# From which zoom the names of a tile's zoom are read, and what is named from which population on.
_FROM_ZOOM = {0: 0, 4: 6, 6: 7}
_LEAST = (math.inf, math.inf, math.inf, 6e6, 3e6, 1e6, 3e5, 6e4, 2e4, 8e3)
_LEAST_COUNTRY = (math.inf, 1e8, 2.5e7, 8e6, 1e6)
_MOST_NAMES = 60
_COUNTRIES_UNTIL = 7
_TOWN, _COUNTRY = 12.5, 13
_A_LETTER = {_TOWN: 7.0, _COUNTRY: 8.5}
_AWAY = {"above": -13, "below": 13, "far-above": -26, "far-below": 26}
_SPOTS = ("right", "left", "above", "below")
_AROUND_SYMBOLS = (*_SPOTS, "far-above", "far-below")
# What is cut off is cut beyond the edge, where no line shows it.
_MARGIN = 12

Box = tuple[float, float, float, float]


class PictureGround:
    """The base map where a picture looks. Raises NotReady while set-up has not been run."""

    def __init__(self, assets: Assets, view: PictureView) -> None:
        self._assets = assets
        self._view = view
        index = self._read("index")
        if index is None:
            raise NotReady(
                Message("{name} is missing. Run `make setup`, then ask again.", name="basemap/index.json"),
                seconds=600,
            )
        self._index: dict[str, Any] = index

    def svg(self) -> str:
        """Land on water, with coasts and borders."""
        ink, view = inks(), self._view
        zoom = min(LAST_ZOOM, max(0, math.ceil(view.zoom)))
        pieces, plain = self._pieces(zoom)
        paths = [self._path(rings, is_closed=True) for rings in pieces.countries.values()]
        faint = max(0.15, min(1.0, 1 - (view.zoom - FADE_FROM) / _FADE_OVER))
        line = 'fill="none" stroke-linejoin="round"'
        coasts = "".join(
            f'<path d="{each}" {line} stroke="{ink["coast"]}" stroke-width="2.2"/>' for each in paths
        )
        # The coast lies under the land: of its line only the half in the water is seen.
        land = "".join(
            f'<path d="{each}" fill="{ink["land"]}" fill-rule="evenodd" stroke="{ink["land"]}"'
            ' stroke-width="0.8"/>'
            for each in paths
        )
        borders = self._path(pieces.borders, is_closed=False)
        return (
            f'<rect width="{view.wide:.2f}" height="{view.high:.2f}" fill="{ink["water"]}"/>{coasts}'
            f"{''.join(plain)}{land}"
            f'<path d="{borders or "M0 0"}" {line} stroke="{ink["border"]}" stroke-opacity="{faint:.2f}"'
            f' stroke-width="{0.8 if view.zoom < 5 else 1.2}"/>'
        )

    def names(self, lang: str, taken: Sequence[Box]) -> str:
        """Countries and towns; the weightier first, and one that would touch another is left out."""
        placed = [*taken]
        parts, count = [], 0
        for lon, lat, population, names in self._labels():
            at = self._view.point(lon, lat)
            if not (2 < at[0] < self._view.wide - 2 and 2 < at[1] < self._view.high - 2):
                continue
            is_country = population < 0
            size = _COUNTRY if is_country else _TOWN
            text = names.get(lang) or names["en"]
            wide = len(text) * _A_LETTER[size] + 10
            spots: tuple[str, ...] = ("middle",) if is_country else _SPOTS
            if any(_holds(box, at) for box in taken) and not is_country:
                spots = _AROUND_SYMBOLS
            boxes = ((spot, _box_at(at, spot, wide)) for spot in spots)
            free = next(((spot, box) for spot, box in boxes if self._is_free(box, placed)), None)
            if free is None or count == _MOST_NAMES:
                continue
            count += 1
            placed.append(free[1])
            parts.append(_name(text, at, free[0], size))
        return "".join(parts)

    def _is_free(self, box: Box, placed: Sequence[Box]) -> bool:
        is_inside = (
            box[0] >= 2 and box[1] >= 2 and box[2] <= self._view.wide - 2 and box[3] <= self._view.high - 2
        )
        return is_inside and not any(
            box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]
            for other in placed
        )

    def _labels(self) -> list[Any]:
        zoom = round(self._view.zoom)
        found: list[Any] = []
        for level, rows in self._index["labels"].items():
            if zoom < _FROM_ZOOM[int(level)]:
                continue
            for z, x, y in self._view.tiles(int(level)):
                if _at(rows[y], x):
                    found += self._read(f"labels/{z}/{x}/{y}") or []
        return sorted(
            (each for each in found if _is_named(each[2], zoom)),
            key=lambda each: (each[2] >= 0, -abs(each[2]), each[3]["en"]),
        )

    def _pieces(self, zoom: int) -> tuple[Pieces, list[str]]:
        """What lies in view, in the square world; and the tiles that are land all over."""
        pieces, plain = Pieces(), []
        for z, x, y in self._view.tiles(zoom):
            state = _at(self._index["zooms"][z][y], x)
            if state == LAND:
                plain.append(self._square(z, x, y))
            elif state != SEA and (content := self._read(f"{z}/{x}/{y}")) is not None:
                for code, *rings in content["countries"]:
                    # Tiles overlap at their margins, where the rings of two would undo each other.
                    unpacked = [_closed(_unpacked(ring, (z, x, y))) for ring in rings]
                    pieces.countries[f"{code}/{x}/{y}"] = unpacked
                pieces.borders.extend(_unpacked(line, (z, x, y)) for line in content["borders"])
        west, north, east, south = self._view.box
        margin = _MARGIN / self._view.size
        return pieces.clipped((west - margin, north - margin, east + margin, south + margin)), plain

    def _square(self, z: int, x: int, y: int) -> str:
        corners = np.array([[x, y], [x + 1, y + 1]], float) / 2**z
        (west, north), (east, south) = self._view.points(corners).tolist()
        west, north = max(west, -_MARGIN), max(north, -_MARGIN)
        east, south = min(east, self._view.wide + _MARGIN), min(south, self._view.high + _MARGIN)
        # A little larger, lest a line of water be seen between two of them.
        return (
            f'<rect x="{west - 0.5:.2f}" y="{north - 0.5:.2f}" width="{east - west + 1:.2f}"'
            f' height="{south - north + 1:.2f}" fill="{inks()["land"]}"/>'
        )

    def _path(self, lines: Sequence[Points], *, is_closed: bool) -> str:
        return "".join(path_of(self._view.points(line), is_closed=is_closed) for line in lines)

    def _read(self, name: str) -> Any:
        stored = self._assets.get(f"basemap/{name}.json")
        return json.loads(stored.body) if stored else None


def path_of(points: Points, *, is_closed: bool) -> str:
    """A line or a ring as SVG."""
    steps = "L".join(f"{x:.2f} {y:.2f}" for x, y in points.tolist())
    return f"M{steps}{'Z' if is_closed else ''}"


def _unpacked(flat: Sequence[int], tile: tuple[int, int, int]) -> Points:
    """A ring or line of a tile, in the square world."""
    z, x, y = tile
    units = np.cumsum(np.array(flat, float).reshape(-1, 2), axis=0)
    found: Points = (units / EXTENT + (x, y)) / 2**z
    return found


def _closed(ring: Points) -> Points:
    return np.concatenate([ring, ring[:1]])


def _at(runs: Sequence[int], place: int) -> int:
    """The state at a place of a row of run lengths."""
    for state, many in _pairs(runs):
        if place < many:
            return state
        place -= many
    return SEA


def _pairs(runs: Sequence[int]) -> Iterator[tuple[int, int]]:
    return zip(runs[::2], runs[1::2], strict=True)


def _is_named(population: int, zoom: int) -> bool:
    if population < 0:
        least = _LEAST_COUNTRY[zoom] if zoom < len(_LEAST_COUNTRY) else 0
        return zoom <= _COUNTRIES_UNTIL and -population >= least
    return population >= (_LEAST[zoom] if zoom < len(_LEAST) else 0)


def _holds(box: Box, at: tuple[float, float]) -> bool:
    return box[0] < at[0] < box[2] and box[1] < at[1] < box[3]


def _box_at(at: tuple[float, float], spot: str, wide: float) -> Box:
    x, y = at
    match spot:
        case "middle":
            return x - wide / 2, y - 10, x + wide / 2, y + 10
        case "right":
            return x + 3, y - 8, x + wide, y + 8
        case "left":
            return x - wide, y - 8, x - 3, y + 8
        case _:
            return x - wide / 2, y + _AWAY[spot] - 8, x + wide / 2, y + _AWAY[spot] + 8


def _name(text: str, at: tuple[float, float], spot: str, size: float) -> str:
    ink = inks()
    x, y = at[0], at[1] + _AWAY.get(spot, 0) + size * 0.34
    anchor = "middle"
    if spot in ("right", "left"):
        x, anchor = (x + 6, "start") if spot == "right" else (x - 6, "end")
    is_country = size == _COUNTRY
    spaced = ' letter-spacing="1"' if is_country and text.isascii() else ""
    set_so = f'font-family="{FONTS}" font-size="{size}" text-anchor="{anchor}"{spaced}'
    words = f'<text x="{x:.2f}" y="{y:.2f}" {set_so}'
    said = escape(text)
    dot = "" if is_country else f'<circle cx="{at[0]:.2f}" cy="{at[1]:.2f}" r="2" fill="{ink["label"]}"/>'
    return (
        f'{dot}{words} fill="{ink["halo"]}" stroke="{ink["halo"]}" stroke-width="3"'
        f' stroke-linejoin="round">{said}</text>{words} fill="{ink["label"]}">{said}</text>'
    )
