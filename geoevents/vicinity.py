"""Places that are asked about: near one, or within one; as the query string writes them.

Knows distances and place ids as text. Which place an id means and where that is, workflows/whereabouts.py
says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from geoevents.errors import BadInput, InvalidQuery
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import LonLat
from geoevents.regions import Circle

FARTHEST_M = 1_000_000
_LONGEST_ID = 300
_DISTANCE = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,6})?) ?(km|m)", re.IGNORECASE)
_METRES = {"km": 1_000, "m": 1}
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Near:
    """
    Within `metres` of a position, or of a place: then `region` is None until somebody has looked it up.

    >>> str(Near.parse("40.74,36.5;25000 m")), str(Near.parse("geonames:173811;0.5km"))
    ('40.74,36.5;25km', 'geonames:173811;500m')
    """

    metres: float
    place_id: str | None = None
    region: Circle | Geometry | None = None

    @classmethod
    def parse(cls, text: str) -> Near:
        """Read "lon,lat;25km" or "PLACE_ID;25km". Raises InvalidQuery, naming near."""
        where, _, far = text.rpartition(";")
        metres = read_distance(far)
        parts = [part.strip() for part in where.split(",")]
        if len(parts) == 2 and all(_NUMBER.fullmatch(part) for part in parts):
            try:
                return cls(metres, None, Circle(LonLat(*map(float, parts)), metres))
            except BadInput as error:
                raise InvalidQuery(error.message, "near") from None
        if ":" not in where or len(where) > _LONGEST_ID or not where.strip().isprintable():
            raise InvalidQuery(
                Message(
                    "'{text}' is not something to be near to. Write lon,lat;25km or the id of a place, such"
                    " as geonames:173811;25km.",
                    text=text[:60],
                ),
                "near",
            )
        return cls(metres, where.strip())

    @property
    def where(self) -> str:
        """The place or the position, as it is written."""
        if self.place_id is not None:
            return self.place_id
        assert isinstance(self.region, Circle)
        return f"{_plain(self.region.centre.lon)},{_plain(self.region.centre.lat)}"

    def __str__(self) -> str:
        return f"{self.where};{written_distance(self.metres)}"


@dataclass(frozen=True, slots=True)
class Area:
    """Within a place that has an outline; `region` is None until somebody has looked it up."""

    place_id: str
    region: Geometry | None = None

    @classmethod
    def parse(cls, text: str) -> Area:
        """Read the id of a place. Raises InvalidQuery, naming area."""
        if ":" not in text or len(text) > _LONGEST_ID or not text.isprintable():
            raise InvalidQuery(
                Message(
                    "'{text}' is not the id of a place. Write one such as area:x@2019-10.",
                    text=text[:60],
                ),
                "area",
            )
        return cls(text)

    def __str__(self) -> str:
        return self.place_id


def read_distance(text: str) -> float:
    """
    Metres of "25km" or "800 m". Raises InvalidQuery, naming near.

    >>> read_distance("2.5 km")
    2500.0
    """
    match = _DISTANCE.fullmatch(text.strip())
    metres = float(match[1]) * _METRES[match[2].lower()] if match else 0.0
    if not match or metres <= 0:
        raise InvalidQuery(
            Message(
                "'{text}' is not a distance. Write one in km or m behind a semicolon, such as ;25km.",
                text=text[:60],
            ),
            "near",
        )
    if metres > FARTHEST_M:
        raise InvalidQuery(
            Message(
                "{distance} is too far to be near. Write at most {most}.",
                distance=text.strip()[:60],
                most=written_distance(FARTHEST_M),
            ),
            "near",
        )
    return metres


def written_distance(metres: float) -> str:
    """
    >>> written_distance(25_000), written_distance(800), written_distance(2_500)
    ('25km', '800m', '2.5km')
    """
    return f"{_plain(metres / 1_000)}km" if metres >= 1_000 else f"{_plain(metres)}m"


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")
