"""A draft: an event as a text tells it, not yet decided upon, with where it says so and what to look at.

Knows which fields of an event a text can tell, and how a draft is written for programs. Keeps nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geoevents.events import About, Actor, Draft, GeoMethod, Kind, Sensitivity, Status, Verification, id_for
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import GeoPrecision, Resolution
from geoevents.record_stored import PROPERTIES, written
from geoevents.sources import Source
from geoevents.times import Occurrence

CANDIDATES_KEPT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedEvent:
    """
    What a text tells of one event. `date_start` is None where the text does not say, or where its day of
    publication would have to be known: `date_words` are its words. `resolution` is what `place_name` may
    mean.

    `quote_start`, `quote_end` are where source.quote stands, in code points of the text; `spans` every part
    of the text that tells of it. `why` and `notes` are for whoever decides.
    """

    kind: Kind
    title: str
    lang: str
    event_type: str
    sub_event_type: str | None
    date_start: date | None
    date_end: date | None
    date_words: str | None
    place_name: str | None
    resolution: Resolution | None
    is_place_own: bool
    geometry: Geometry | None
    about: tuple[About, ...]
    actors: tuple[Actor, ...]
    fatalities: tuple[int | None, int | None, int | None]
    source: Source
    quote_start: int
    quote_end: int
    spans: tuple[tuple[int, int], ...]
    why: tuple[Message, ...]
    notes: tuple[Message, ...] = field(default=())

    @property
    def id(self) -> str:
        """Always the same for the same words of the same text: a half-reviewed report is found again."""
        said = (self.quote_start, self.quote_end, self.event_type, self.sub_event_type, self.source.quote)
        return id_for(repr(said).encode())

    @property
    def occurrence(self) -> Occurrence:
        return Occurrence.LASTING if self.kind is Kind.CONDITION else Occurrence.ONCE

    def as_draft(self, day: date | None = None) -> Draft | None:
        """The draft that `workflows.add` takes; None while no day is known. `day` is what a person says."""
        start = day or self.date_start
        if start is None:
            return None
        taken = self._taken()
        taken |= {"date_start": start, "date_end": None if day else self.date_end, "geometry": None}
        if taken["place_id"] is None:
            taken["candidates"] = None
        return Draft(
            **{name: value for name, value in taken.items() if name in _OF_A_DRAFT}, status=Status.DRAFT
        )

    def as_feature(self) -> dict[str, Any]:
        """A Feature with every property of an event, and a member "draft" with what only a draft has."""
        taken = self._taken()
        properties = {name: written(taken.get(name)) for name in PROPERTIES}
        properties |= {name: made for name, made in _ALWAYS.items() if properties.get(name) is None}
        source = properties["sources"][0]
        source |= {"quote_start": self.quote_start, "quote_end": self.quote_end}
        return {
            "type": "Feature",
            "id": self.id,
            "geometry": self.geometry.as_geojson() if self.geometry else None,
            "properties": properties,
            "draft": {
                "why": [str(each) for each in self.why],
                "notes": [str(each) for each in self.notes],
                "date_words": self.date_words,
                "is_place_own": self.is_place_own,
                "spans": [list(span) for span in self.spans],
            },
        }

    def _taken(self) -> dict[str, Any]:
        low, best, high = self.fatalities
        return {
            "kind": self.kind,
            "title": self.title,
            "lang": self.lang,
            "event_type": self.event_type,
            "sub_event_type": self.sub_event_type,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "occurrence": self.occurrence,
            "place_name": self.place_name,
            "about": self.about,
            "actors": self.actors,
            "fatalities_low": low,
            "fatalities_best": best,
            "fatalities_high": high,
            "sources": (self.source,),
            "status": Status.DRAFT,
            "sensitivity": Sensitivity.EXACT,
            "verification": Verification.UNVERIFIED,
            **self._place(),
        }

    def _place(self) -> dict[str, Any]:
        if self.resolution is None:
            return {"place_id": None, "candidates": None}
        offered = [each.as_json() for each in self.resolution.candidates[:CANDIDATES_KEPT]]
        place = self.resolution.place
        if place is None:
            return {"place_id": None, "candidates": tuple(offered)}
        best = self.resolution.candidates[0]
        is_area = self.geometry is not None and not self.geometry.is_point
        # As far as its point: an outline says itself how far it reaches.
        known = place.uncertainty_m if place.geo_precision is not GeoPrecision.COUNTRY else None
        return {
            "place_id": place.place_id,
            "place_label": place.label,
            "country_code": place.country_code,
            "admin1": place.admin1,
            "admin2": place.admin2,
            "geo_precision": place.geo_precision,
            "uncertainty_m": None if is_area else known,
            "geo_method": GeoMethod.AREA if is_area else GeoMethod.GAZETTEER,
            "match_score": round(best.score, 4),
            "candidates": tuple(offered),
            "chosen_by": "gazetteer",
            "chosen_why": str(best.why),
        }


_OF_A_DRAFT = (
    "kind", "title", "lang", "event_type", "sub_event_type", "date_start", "date_end", "occurrence",
    "place_name",
    "place_id", "about", "actors", "fatalities_low", "fatalities_best", "fatalities_high", "sources",
)  # fmt: skip
_ALWAYS: Mapping[str, Any] = {"translations": {}, "extra": {}, "tags": []}
