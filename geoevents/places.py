"""Where something is, and how exactly we know it.

Knows positions, boxes, precision, places and what a name may mean. Knows nothing of how names are looked
up or maps are drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from geoevents.errors import BadInput, InvalidQuery
from geoevents.messages import Message
from geoevents.values import value

if TYPE_CHECKING:
    from datetime import date

# The sphere whose radius is the mean of the Earth's (IUGG): within 0.6 % of the ellipsoid.
EARTH_RADIUS_M = 6_371_008.8
METRES_A_DEGREE = math.radians(EARTH_RADIUS_M)


@value
class LonLat:
    """
    A position in degrees, WGS 84, longitude first.

    >>> LonLat(lon=40.74, lat=36.5)
    LonLat(lon=40.74, lat=36.5)
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not -180 <= self.lon <= 180:
            raise BadInput(
                Message(
                    "Longitude {value} is outside -180 to 180. Write degrees, longitude first.",
                    value=self.lon,
                ),
                "lon",
            )
        if not -90 <= self.lat <= 90:
            raise BadInput(
                Message(
                    "Latitude {value} is outside -90 to 90. Write degrees, longitude first.", value=self.lat
                ),
                "lat",
            )


@value
class BBox:
    """
    A box in degrees. West greater than east means that it crosses the 180th meridian.

    >>> BBox.parse("35.6,32.3,42.4,37.4").contains(LonLat(40.7, 36.5))
    True
    >>> BBox(170, -20, -170, -10).contains(LonLat(-175, -15))
    True
    """

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> BBox:
        """Read "west,south,east,north" in degrees. Raises InvalidQuery, naming bbox."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
            box = cls(west, south, east, north)
        except ValueError:
            raise _not_a_bbox(text) from None
        in_range = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
        if not in_range or not text.isascii():
            raise _not_a_bbox(text)
        return box

    @classmethod
    def around(cls, boxes: Iterable[BBox]) -> BBox:
        """
        The smallest box around one or more; it crosses the 180th meridian only where that is narrower.

        >>> BBox.around([BBox(179, 5, 179.5, 6), BBox(-180, 4, -179, 6)])
        BBox(west=179, south=4, east=-179, north=6)
        """
        halves = sorted(
            (half.west, half.east, half.south, half.north) for box in boxes for half in box.halves()
        )
        south, north = min(half[2] for half in halves), max(half[3] for half in halves)
        first, reached = halves[0][:2]
        free, before, behind = 0.0, 0.0, 0.0
        for west, east, _, _ in halves[1:]:
            if west - reached > free:
                free, before, behind = west - reached, reached, west
            reached = max(reached, east)
        if free > first + 360 - reached:
            return cls(behind, south, before, north)
        return cls(first, south, reached, north)

    @property
    def crosses_antimeridian(self) -> bool:
        return self.west > self.east

    @property
    def width(self) -> float:
        """Degrees from west to east."""
        return self.east - self.west + (360 if self.crosses_antimeridian else 0)

    @property
    def middle(self) -> LonLat:
        lon = self.west + self.width / 2
        return LonLat(lon - 360 if lon > 180 else lon, (self.south + self.north) / 2)

    def contains(self, position: LonLat) -> bool:
        in_width = self.west <= position.lon <= self.east
        if self.crosses_antimeridian:
            in_width = position.lon >= self.west or position.lon <= self.east
        return in_width and self.south <= position.lat <= self.north

    def widened(self, up: float, aside: float | None = None) -> BBox:
        """
        The box with so many degrees more to north and south, and `aside` (else as many) to west and east.

        >>> BBox(179, 5, 179.5, 89).widened(2)
        BBox(west=177, south=3, east=-178.5, north=90.0)
        """
        aside = up if aside is None else aside
        south, north = max(-90.0, self.south - up), min(90.0, self.north + up)
        if self.width + 2 * aside >= 360:
            return BBox(-180, south, 180, north)
        return BBox(_wrapped(self.west - aside), south, _wrapped(self.east + aside), north)

    def intersects(self, other: BBox) -> bool:
        if self.south > other.north or other.south > self.north:
            return False
        return any(a.west <= b.east and b.west <= a.east for a in self.halves() for b in other.halves())

    def halves(self) -> tuple[BBox, ...]:
        """The box itself, or its two parts on either side of the 180th meridian."""
        if not self.crosses_antimeridian:
            return (self,)
        return (BBox(self.west, self.south, 180, self.north), BBox(-180, self.south, self.east, self.north))

    def as_list(self) -> list[float]:
        return [self.west, self.south, self.east, self.north]

    def __str__(self) -> str:
        return ",".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in self.as_list())


class GeoPrecision(StrEnum):
    """How exactly a place is known, from a site to not at all (docs/data-format.md)."""

    SITE = "site"
    NEIGHBOURHOOD = "neighbourhood"
    SETTLEMENT = "settlement"
    NEAR = "near"
    LINE = "line"
    DISTRICT = "district"
    AREA = "area"
    PROVINCE = "province"
    COUNTRY = "country"
    UNLOCATED = "unlocated"

    @property
    def default_uncertainty_m(self) -> int | None:
        """Metres, or None where the geometry itself says how far it may reach, or nothing is known."""
        return _DEFAULT_UNCERTAINTY_M.get(self.value)

    @property
    def is_pin(self) -> bool:
        """True where one point may stand for the place without claiming too much."""
        return self in (GeoPrecision.SITE, GeoPrecision.NEIGHBOURHOOD, GeoPrecision.SETTLEMENT)


_DEFAULT_UNCERTAINTY_M = {"site": 100, "neighbourhood": 1_000, "settlement": 3_000, "near": 10_000}

PLACE_KINDS = (
    "settlement", "quarter", "site", "crossing", "camp", "prison", "dam", "oil_field", "military_base",
    "natural", "road", "river", "area", "admin1", "admin2", "country",
)  # fmt: skip


@value(kw_only=True)
class Place:
    """
    A place as a gazetteer knows it. `place_id` is "source:key", such as "geonames:173811".

    `lon`, `lat` of an area is a point inside it; `bbox` is None for points. `names` are
    (language, name) pairs, the first of a language being the one to show; `population` ranks. `said` is the
    name of what is worked out from other places, for any language.
    """

    place_id: str
    name: str
    label: str
    kind: str
    lon: float
    lat: float
    geo_precision: GeoPrecision
    uncertainty_m: int | None = None
    country_code: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    bbox: BBox | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    checked: date | None = None
    population: int = 0
    names: tuple[tuple[str, str], ...] = ()
    said: Message | None = None

    @property
    def position(self) -> LonLat:
        return LonLat(self.lon, self.lat)

    def name_in(self, lang: str) -> str:
        own = self.said.in_language(lang) if self.said else self.name
        return next((name for its_lang, name in self.names if its_lang == lang), own)

    def other_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for _, name in self.names if name != self.name))


class PlaceName(Message):
    """The name of a place as a part of a sentence: in whatever language that is said."""

    __slots__ = ("_place",)

    def __init__(self, place: Place) -> None:
        super().__init__(place.name)
        self._place = place

    def in_language(self, lang: str) -> str:
        return self.id if lang == "en" else self._place.name_in(lang)


@value
class Candidate:
    """
    A place a name may mean. `score` is the probability, 0 to 1, that the true point is within 10 km: little
    for a country, however surely it is meant. Whether it is, the status of the resolution says.
    """

    place: Place
    score: float
    why: Message

    def as_json(self) -> dict[str, object]:
        """A candidate as programs see it: `geoevents geocode --json`, `/api/geocode`, and 422 answers."""
        place = self.place
        return {
            "place_id": place.place_id,
            "name": place.name,
            "label": place.label,
            "kind": place.kind,
            "lon": place.lon,
            "lat": place.lat,
            "bbox": place.bbox.as_list() if place.bbox else None,
            "valid_from": place.valid_from.isoformat() if place.valid_from else None,
            "valid_to": place.valid_to.isoformat() if place.valid_to else None,
            "geo_precision": place.geo_precision.value,
            "uncertainty_m": place.uncertainty_m,
            "country_code": place.country_code,
            "admin1": place.admin1,
            "score": round(self.score, 4),
            "why": str(self.why),
        }


class ResolutionStatus(StrEnum):
    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"


@value
class Resolution:
    """
    What a name means: one place, one of several, or none we know.

    resolved: `candidates[0]` is it. ambiguous: one or more candidates, best first.
    not_found: no candidates, the nearest known names in `suggestions`.
    """

    query: str
    status: ResolutionStatus
    candidates: tuple[Candidate, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def place(self) -> Place | None:
        return self.candidates[0].place if self.status is ResolutionStatus.RESOLVED else None

    def as_json(self) -> Mapping[str, object]:
        """One answer of `geoevents geocode --json` and of /api/geocode."""
        candidates = [candidate.as_json() for candidate in self.candidates]
        return {
            "query": self.query,
            "status": self.status.value,
            "place": candidates[0] if self.status is ResolutionStatus.RESOLVED else None,
            "candidates": candidates,
            "suggestions": list(self.suggestions),
        }


@value
class Context:
    """
    What else is known about a name: `country_code` (ISO 3166-1 alpha-2) filters, `admin1`
    (a governorate's name) is a prior, `day` chooses the version of a named area in force then.
    """

    country_code: str | None = None
    admin1: str | None = None
    day: date | None = None
    limit: int = 10


def _wrapped(lon: float) -> float:
    return (lon + 180) % 360 - 180 if abs(lon) > 180 else lon


def _not_a_bbox(text: str) -> InvalidQuery:
    return InvalidQuery(
        Message(
            "'{text}' is not a bbox. Write west,south,east,north in degrees, such as 35.6,32.3,42.4,37.4.",
            text=text[:60],
        ),
        "bbox",
    )
