"""What a team has decided a name to mean: which place, who said so, when, and on what evidence.

Knows one decision and how it is written down. Knows nothing of files or of looking names up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from geoevents.folding import name_key
from geoevents.places import GeoPrecision, LonLat, Place

# Ids of places that only the team knows. They never leave in public output (events.public_view).
TEAM_PREFIX = "team:"
# As far as half around the Earth nothing is uncertain.
FARTHEST_M = 20_000_000
# What is text in a line, always or where it is known.
_TEXTS, _TEXTS_OR_NONE = ("id", "name", "by"), ("why", "event_id", "source_url", "pack")
_PLACE_TEXTS, _PLACE_TEXTS_OR_NONE = (
    ("place_id", "name", "label", "kind"),
    ("country_code", "admin1", "admin2"),
)


class Standing(StrEnum):
    """Decided by the team itself, or brought by another team's pack and not reviewed yet."""

    OURS = "ours"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    `name` as it was reported means `place`. `by` decided it at `at` (UTC); `why` in words.

    `event_id` and `source_url` are the evidence; `pack` is the names pack it came with, None for our own.
    """

    id: str
    name: str
    place: Place
    at: datetime
    by: str
    why: str | None = None
    event_id: str | None = None
    source_url: str | None = None
    pack: str | None = None
    standing: Standing = Standing.OURS

    @property
    def key(self) -> str:
        return name_key(self.name)

    @property
    def is_own_place(self) -> bool:
        """True for a position that no gazetteer has: only the team knows it as a place."""
        return self.place.place_id.startswith(TEAM_PREFIX)

    def as_json(self) -> dict[str, Any]:
        place = self.place
        return {
            **{key: getattr(self, key) for key in (*_TEXTS, *_TEXTS_OR_NONE)},
            "at": self.at.isoformat(),
            "standing": self.standing.value,
            "place": {
                **{key: getattr(place, key) for key in (*_PLACE_TEXTS, *_PLACE_TEXTS_OR_NONE)},
                "lon": place.lon,
                "lat": place.lat,
                "geo_precision": place.geo_precision.value,
                "uncertainty_m": place.uncertainty_m,
            },
        }

    def as_line(self) -> bytes:
        """One line of JSON, without its end."""
        return json.dumps(self.as_json(), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Decision:
        """Raises KeyError, TypeError or ValueError for what is no decision."""
        at = datetime.fromisoformat(line["at"])
        texts: dict[str, Any] = _texts(line, _TEXTS, _TEXTS_OR_NONE)
        return cls(
            **texts,
            at=at if at.tzinfo else at.replace(tzinfo=UTC),
            standing=Standing(line["standing"]),
            place=_place(line["place"]),
        )


def _place(raw: Mapping[str, Any]) -> Place:
    position = LonLat(float(raw["lon"]), float(raw["lat"]))
    reach = raw["uncertainty_m"]
    if reach is not None and not (type(reach) is int and 0 < reach <= FARTHEST_M):
        raise ValueError(f"uncertainty_m {str(reach)[:20]} is no distance in metres")
    texts: dict[str, Any] = _texts(raw, _PLACE_TEXTS, _PLACE_TEXTS_OR_NONE)
    precision = GeoPrecision(raw["geo_precision"])
    return Place(**texts, lon=position.lon, lat=position.lat, geo_precision=precision, uncertainty_m=reach)


def _texts(raw: Mapping[str, Any], always: Iterable[str], or_none: Iterable[str]) -> dict[str, str | None]:
    return {key: _text(raw[key]) for key in always} | {key: _text_or_none(raw[key]) for key in or_none}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:20]} is no text")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)
