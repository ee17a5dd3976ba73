"""Questions drawn at random, none asked twice, and how each server is asked the very same one."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from urllib.parse import quote, urlencode

from benchmarks import many_events
from benchmarks.speed.events import Events, point

PAGE = 50
LAST_ZOOM = 14


@dataclass(frozen=True)
class Question:
    """A box in degrees, a type, a stretch of days; the first so many Features of what it finds."""

    box: tuple[float, float, float, float]
    event_type: str
    first: date
    last: date
    limit: int | None = PAGE

    def ours(self) -> str:
        return "/events.geojson?" + self._standard() + self._paged()

    def tipg(self, size: int) -> str:
        # It reads instants, not days.
        days = f"{self.first}T00:00:00Z/{self.last}T00:00:00Z"
        asked = self._standard(days)
        return f"/collections/public.events_{size}/items?f=geojson&" + asked + self._paged()

    def pygeoapi(self) -> str:
        return "/collections/events/items?f=json&" + self._standard() + self._paged()

    def datasette(self) -> str:
        west, south, east, north = self.box
        told = {
            "event_type": self.event_type, "date_start__gte": self.first, "date_start__lte": self.last,
            "longitude__gte": west, "longitude__lte": east, "latitude__gte": south, "latitude__lte": north,
            "_size": self.limit, "_nofacet": 1,
        }  # fmt: skip
        return "/events/events.json?" + urlencode(told)

    def _standard(self, days: str | None = None) -> str:
        box = ",".join(f"{edge:.4f}" for edge in self.box)
        days = quote(days or f"{self.first}/{self.last}")
        return f"bbox={box}&datetime={days}&event_type={self.event_type}"

    def _paged(self) -> str:
        return f"&limit={self.limit}" if self.limit else ""

    def finds(self, feature: dict[str, object]) -> bool:
        """By brute force; of points alone."""
        told = feature["properties"]
        lon, lat = point(feature["geometry"])
        west, south, east, north = self.box
        return (
            west <= lon <= east
            and south <= lat <= north
            and told["event_type"] == self.event_type
            and str(self.first) <= told["date_start"] <= str(self.last)
        )


def questions(seed: int, *, limit: int | None = PAGE) -> Iterator[Question]:
    """A box of half a degree to three, one of the types, a month to all the years."""
    chance, asked = Random(seed), set()
    while True:
        west, south, wide = chance.uniform(34.5, 44), chance.uniform(31.5, 37), chance.uniform(0.5, 3)
        first = many_events.FIRST_DAY + timedelta(days=chance.randrange(many_events.DAYS))
        found = Question(
            tuple(round(edge, 4) for edge in (west, south, west + wide, south + wide)),
            chance.choice(list(many_events.TYPES)),
            first,
            first + timedelta(days=chance.randrange(30, many_events.DAYS)),
            limit,
        )
        if found not in asked:
            asked.add(found)
            yield found


Tile = tuple[int, int, int]


def tiles(made: Events, seed: int, *, sample: int = 20_000) -> Iterator[Tile]:
    """At every zoom in turn, where events are; the few tiles of the first zooms come but once."""
    chance, asked = Random(seed), set()
    every = max(1, made.size // sample)
    places = [point(json.loads(line)["geometry"]) for n, line in enumerate(made.lines()) if n % every == 0]
    misses = 0
    while misses < 10_000:
        z = chance.randrange(LAST_ZOOM + 1)
        tile = tile_of(*chance.choice(places), z)
        if tile in asked:
            misses += 1
            continue
        misses = 0
        asked.add(tile)
        yield tile


def tile_of(lon: float, lat: float, z: int) -> Tile:
    """
    The tile of the web's map in which a point lies.

    >>> tile_of(0.1, -0.1, 1)
    (1, 1, 1)
    """
    sine = math.sin(math.radians(lat))
    down = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return z, int((lon + 180) / 360 * 2**z), int(down * 2**z)


def paths(of: Callable[[Question], str], seed: int, *, limit: int | None = PAGE) -> Iterator[str]:
    return (of(question) for question in questions(seed, limit=limit))
