"""What a team has decided a name to mean: which place, who said so, when, and on what evidence.

Knows one decision and how it is written down. Knows nothing of files or of looking names up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from geoevents.folding import name_key
from geoevents.places import GeoPrecision, LonLat, Place

# Ids of places that only the team knows. They never leave in public output (events.public_view).
TEAM_PREFIX = "team:"


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

    def as_line(self) -> bytes:
        """One line of JSON, without its end."""
        place = self.place
        return json.dumps(
            {
                "id": self.id,
                "name": self.name,
                "at": self.at.isoformat(),
                "by": self.by,
                "why": self.why,
                "event_id": self.event_id,
                "source_url": self.source_url,
                "pack": self.pack,
                "standing": self.standing.value,
                "place": {
                    "place_id": place.place_id,
                    "name": place.name,
                    "label": place.label,
                    "kind": place.kind,
                    "lon": place.lon,
                    "lat": place.lat,
                    "geo_precision": place.geo_precision.value,
                    "uncertainty_m": place.uncertainty_m,
                    "country_code": place.country_code,
                    "admin1": place.admin1,
                    "admin2": place.admin2,
                },
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Decision:
        """Raises KeyError, TypeError or ValueError for what is no decision."""
        place = dict(line["place"])
        position = LonLat(float(place.pop("lon")), float(place.pop("lat")))
        precision = GeoPrecision(place.pop("geo_precision"))
        return cls(
            **{key: line[key] for key in ("id", "name", "by", "why", "event_id", "source_url", "pack")},
            at=datetime.fromisoformat(line["at"]),
            standing=Standing(line["standing"]),
            place=Place(**place, lon=position.lon, lat=position.lat, geo_precision=precision),
        )
