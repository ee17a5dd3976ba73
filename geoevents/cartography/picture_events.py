"""The events of a picture: symbols that do not cover each other, and shapes, out of the tiles of a question.

Knows assets/clusters.js and the drawing of assets/layers.js once more, on paper. Knows nothing of ground,
words or typesetting.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
import shapely
from babel.numbers import format_compact_decimal, format_decimal
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geoevents.cartography.drawing import Drawn, shape_of
from geoevents.cartography.outlines import TILE, coarse
from geoevents.cartography.picture_ground import Box, path_of
from geoevents.cartography.picture_marks import Marks, Style, ring_radius
from geoevents.cartography.picture_view import PictureView
from geoevents.cartography.pyramid import MICRO
from geoevents.cartography.tiles import CELL, Tiles
from geoevents.errors import EventNotFound
from geoevents.events import Event

_RADIUS = 11.0
_REACH = 64.0
_TOUCH = 0.97
# Above so many shapes circles are drawn as mere lines.
_CROWDED = 40
# What is cut off at the edge is cut beyond it, in points.
_BEYOND = 20.0
# Of numbers longer than this, a ring has room for the short form.
_LONGEST_NUMBER = 9_999

Feature = dict[str, Any]


@dataclass(slots=True)
class Item:
    """What stands as one symbol: where, how many of each type, and those of it that are known one by one."""

    x: float
    y: float
    counts: dict[str, int]
    features: list[Feature] = field(default_factory=list)
    key: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def radius(self) -> float:
        return _RADIUS if self.total == 1 else ring_radius(self.total)

    def joined(self, other: Item) -> Item:
        mine, theirs = self.total, other.total
        counts = dict(self.counts)
        for code, count in other.counts.items():
            counts[code] = counts.get(code, 0) + count
        x, y = ((a * mine + b * theirs) / (mine + theirs) for a, b in ((self.x, other.x), (self.y, other.y)))
        return Item(x, y, counts, self.features + other.features, self.key)

    def covers(self, other: Item) -> bool:
        reach = (self.radius + other.radius) * _TOUCH
        return math.hypot(self.x - other.x, self.y - other.y) < reach


class PictureEvents:
    """
    What of a question a picture shows. `counts` are how many of each type stand in it, `outside` how many
    stand elsewhere on the map, `unplaced` how many nowhere.

    `get` gives the public view of an event; what it gives no more is drawn no more.
    """

    def __init__(self, tiles: Tiles, view: PictureView, get: Callable[[str], Event]) -> None:
        self._view = view
        self._get = get
        zoom = view.tile_zoom
        read = [(place, json.loads(tiles.json(*place))) for place in view.tiles(zoom)]
        items = [item for place, tile in read for item in self._items(place, tile)]
        self.items = [item for item in merged(items) if self._is_near(item)]
        self._features = _by_id(feature for _, tile in read for feature in tile["features"])
        index = tiles.index
        shown = view.shows(index.lon / MICRO, index.lat / MICRO)
        rows = index.rows(np.flatnonzero(shown))
        words = tiles.selection.columns.words["event_type"].words
        codes, counts = np.unique(tiles.selection.columns.event_type[rows], return_counts=True)
        found = zip(codes.tolist(), counts.tolist(), strict=True)
        self.counts: dict[str, int] = {str(words[code]): count for code, count in found}
        self.outside = len(shown) - int(shown.sum())
        self.unplaced = sum(index.unplaced.values())

    @property
    def features(self) -> Iterable[Feature]:
        """Those that are known one by one."""
        return self._features.values()

    @property
    def has_clusters(self) -> bool:
        return any(item.total > 1 for item in self.items)

    @property
    def styles(self) -> list[Style]:
        """Of the events that stand alone."""
        return [Style.of(item.features[0]["properties"]) for item in self.items if item.features]

    def taken(self) -> list[Box]:
        """The room that symbols take: names make way for them."""
        found = []
        for item in self.items:
            half = item.radius if item.total > 1 else 10.8
            found.append((item.x - half, item.y - half, item.x + half, item.y + half))
        return found

    def shapes(self, marks: Marks) -> tuple[str, set[str]]:
        """Circles, areas and lines as SVG, and which kinds of them there are."""
        in_rings = {each["id"] for item in self.items if item.total > 1 for each in item.features}
        shown = [
            feature
            for feature in self._features.values()
            if feature["properties"]["shown"]
            and feature["properties"]["drawn"] != Drawn.PIN
            # A circle belongs to its symbol: where that is drawn into a ring, it would only be noise.
            and not (feature["properties"]["radius_m"] and feature["id"] in in_rings)
        ]
        drawn, kinds = [], set()
        for feature in sorted(shown, key=_widest_first):
            if mark := self._shape(feature, marks, is_quiet=len(shown) > _CROWDED):
                drawn.append(mark)
                is_estimated = feature["properties"].get("estimated", False)
                kinds.add(Drawn.ESTIMATE if is_estimated else Drawn(feature["properties"]["drawn"]))
        return "".join(drawn), {each.value for each in kinds}

    def symbols(self, marks: Marks, lang: str) -> str:
        """Symbols and rings, rings above."""
        drawn = []
        for item in sorted(self.items, key=lambda each: (each.total, each.y, each.x, each.key)):
            if item.total > 1:
                number = escape(number_in(item.total, lang, is_short=item.total > _LONGEST_NUMBER))
                drawn.append(marks.ring(item.counts, number, item.x, item.y))
            else:
                style = Style.of(item.features[0]["properties"]) if item.features else Style()
                drawn.append(marks.symbol(next(iter(item.counts)), style, item.x, item.y))
        return "".join(drawn)

    def _items(self, place: tuple[int, int, int], tile: dict[str, Any]) -> Iterator[Item]:
        z, x, y = place
        a_pixel = 1 / (TILE * 2.0**z)
        for cx, cy, by_type, _ in tile["cells"]:
            total = sum(count for count, _, _ in by_type.values())
            dx, dy = (sum(each[axis] for each in by_type.values()) / total for axis in (1, 2))
            middle = np.array([[(x * TILE + dx) * a_pixel, (y * TILE + dy) * a_pixel]])
            ((across, down),) = self._view.points(middle).tolist()
            counts = {code: count for code, (count, _, _) in by_type.items()}
            key = f"cell:{z}/{x * (TILE // CELL) + cx}/{y * (TILE // CELL) + cy}"
            yield Item(across, down, counts, [], key)
        for feature in tile["features"]:
            if anchor := feature["properties"]["anchor"]:
                across, down = self._view.point(*anchor)
                yield Item(across, down, {feature["properties"]["event_type"]: 1}, [feature], feature["id"])

    def _is_near(self, item: Item) -> bool:
        reach = item.radius + 4
        is_across = -reach <= item.x <= self._view.wide + reach
        return is_across and -reach <= item.y <= self._view.high + reach

    def _shape(self, feature: Feature, marks: Marks, *, is_quiet: bool) -> str:
        said = feature["properties"]
        code, how = said["event_type"], Drawn(said["drawn"])
        if how in (Drawn.CIRCLE, Drawn.ESTIMATE):
            lon, lat = feature["geometry"]["coordinates"]
            radius = self._view.length(said["radius_m"], lat)
            return marks.circle(code, how, *self._view.point(lon, lat), radius, is_quiet=is_quiet)
        outline = self._outline(feature)
        if outline is None:
            return ""
        is_estimated = bool(said.get("estimated"))
        if how is Drawn.POINTS:
            places = shapely.get_coordinates(outline).tolist()
            return marks.dots(code, [(x, y) for x, y in places])
        path = _path(outline)
        if how is Drawn.LINE:
            return marks.line(code, path, is_estimated=is_estimated)
        is_condition = said["kind"] == "condition"
        return marks.area(code, path, is_condition=is_condition, is_estimated=is_estimated)

    def _outline(self, feature: Feature) -> BaseGeometry | None:
        """In points, cut where it leaves the picture; of what its tile only has a part of, all."""
        geometry = shape(feature["geometry"])
        if feature["properties"].get("part"):
            try:
                kept = self._get(feature["id"]).geometry
            except EventNotFound:
                return None
            if kept is None:
                return None
            geometry = coarse(shape_of(kept), self._view.tile_zoom).shape
        drawn = shapely.transform(geometry, self._view.projected)
        wide, high = self._view.wide + _BEYOND, self._view.high + _BEYOND
        if not shapely.is_valid(drawn):
            drawn = shapely.make_valid(drawn)
        cut = drawn.intersection(shapely.box(-_BEYOND, -_BEYOND, wide, high))
        return None if cut.is_empty else cut


def merged(items: Iterable[Item]) -> list[Item]:
    """Items that would cover each other become one, at the mean of what they count."""
    done: dict[tuple[int, int], list[Item]] = {}
    # The largest is taken first, and draws the smaller in; of equals, the first by its key.
    waiting = sorted(items, key=lambda each: each.key, reverse=True)
    waiting.sort(key=lambda each: each.total)
    while waiting:
        item = waiting.pop()
        column, row = int(item.x // _REACH), int(item.y // _REACH)
        near = (
            other
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for other in done.get((i, j), ())
        )
        covered = next((other for other in near if other.covers(item)), None)
        if covered is None:
            done.setdefault((column, row), []).append(item)
            continue
        done[int(covered.x // _REACH), int(covered.y // _REACH)].remove(covered)
        waiting.append(covered.joined(item))
    return [item for kept in done.values() for item in kept]


def number_in(number: int, lang: str, *, is_short: bool = False) -> str:
    """A number as the pages write it, in digits that are Latin in every language."""
    locale = "ar_EG" if lang == "ar" else "en_GB"
    if is_short and lang != "ar":
        return format_compact_decimal(number, locale=locale, fraction_digits=1 if number < 100_000 else 0)
    return format_decimal(number, locale=locale, numbering_system="latn")


def _by_id(features: Iterable[Feature]) -> dict[str, Feature]:
    """Each once; the one that also says where its symbol stands, where there is one."""
    found: dict[str, Feature] = {}
    for feature in features:
        known = found.get(feature["id"])
        if known is None or (feature["properties"]["anchor"] and not known["properties"]["anchor"]):
            found[feature["id"]] = feature
    return found


def _widest_first(feature: Feature) -> tuple[float, str]:
    """The small lie on the large."""
    west, south, east, north = feature["properties"]["extent"]
    return -(east - west) * (north - south), feature["id"]


def _path(geometry: BaseGeometry) -> str:
    parts = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            rings = [part.exterior, *part.interiors]
            parts += [path_of(shapely.get_coordinates(ring)[:-1], is_closed=True) for ring in rings]
        elif part.geom_type == "LineString":
            parts.append(path_of(shapely.get_coordinates(part), is_closed=False))
    return "".join(parts)
