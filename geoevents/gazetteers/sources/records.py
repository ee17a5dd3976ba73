"""One place as an added source has it, and the line of JSON it is kept as.

Knows which fields a place may bring. Knows nothing of the formats they come from, or of the index.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from geoevents.decisions import FARTHEST_M
from geoevents.errors import BadInput
from geoevents.places import GeoPrecision
from geoevents.texts import clean_text

# What a kind is taken for where its source says nothing finer, and how far such a point may be off, in
# metres: a mountain's point is on its slopes, a district's label anywhere in it.
_PRECISION_OF = {
    "settlement": ("settlement", 3_000),
    "quarter": ("neighbourhood", 1_000),
    "natural": ("near", 10_000),
    "river": ("near", 25_000),
    "road": ("near", 25_000),
    "oil_field": ("near", 10_000),
    "area": ("district", 15_000),
    "admin2": ("district", 25_000),
    "admin1": ("province", None),
    "country": ("country", None),
}
_FACILITY = ("neighbourhood", 1_000)
# What an id may be made of so that it can be asked for, kept with an event, and stand within other ids:
# those of places worked out from others (derived.py) name up to three.
_PLAIN_ID, _LONGEST_ID = re.compile("[A-Za-z0-9][A-Za-z0-9:@._-]*"), 60
_COUNTRY = re.compile("[A-Z]{2}")
_LONGEST_NAME, _MOST_PEOPLE = 200, 10_000_000_000


@dataclass(slots=True, kw_only=True)
class Record:
    """
    `place_id` is the source's own; `other_ids` are ids of the same place elsewhere; `names` are (language,
    name), "" where the language is not said; `admin1_code` is GeoNames'; `geometry` is GeoJSON's or None.
    """

    place_id: str
    name: str
    kind: str
    lon: float
    lat: float
    country_code: str | None = None
    names: list[tuple[str, str]] = field(default_factory=list)
    other_ids: list[str] = field(default_factory=list)
    admin1_code: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    population: int = 0
    geo_precision: str | None = None
    uncertainty_m: int | None = None
    geometry: dict[str, Any] | None = None

    @property
    def precision(self) -> tuple[GeoPrecision, int | None]:
        """How exactly it is known, and within how many metres; the shape says it where there is one."""
        usual, metres = _PRECISION_OF.get(self.kind, _FACILITY)
        precision = GeoPrecision(self.geo_precision or usual)
        if self.uncertainty_m is not None or self.geometry is not None:
            return precision, self.uncertainty_m
        return precision, metres if precision.value == usual else precision.default_uncertainty_m

    @property
    def geonames_id(self) -> int | None:
        source, _, key = self.place_id.partition(":")
        return int(key) if source == "geonames" and key.isdecimal() else None

    def all_names(self) -> list[str]:
        return list(dict.fromkeys([self.name, *(name for _, name in self.names)]))

    @property
    def arabic(self) -> str | None:
        return next((name for lang, name in self.names if lang == "ar"), None)

    def as_line(self) -> str:
        """One line of JSON, without the fields that say nothing."""
        values = {name: value for name in self.__slots__ if (value := getattr(self, name))}
        return json.dumps(values | {"lon": self.lon, "lat": self.lat}, ensure_ascii=False) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Record:
        values = json.loads(line)
        values["names"] = [(lang, name) for lang, name in values.get("names", ())]
        return cls(**values)


def plain_id(place_id: str) -> str:
    """
    An id of a source that may hold anything; where it cannot be kept as it is, a hash stands for its key.

    >>> plain_id("mine:12"), plain_id("mine:way/12")
    ('mine:12', 'mine:2cb414f35839baf6')
    """
    if _PLAIN_ID.fullmatch(place_id) and len(place_id) <= _LONGEST_ID:
        return place_id
    prefix, _, key = place_id.partition(":")
    return f"{prefix}:{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()[:16]}"


def is_fit(record: Record) -> bool:
    r"""
    Make of what a source says what can be kept and shown; False where its name cannot.

    Names are cleaned as those of events are; other names that cannot be shown are dropped, and numbers that
    nobody can mean are bounded.

    >>> made = Record(
    ...     place_id="mine:1", name="Tell\u202e", kind="settlement", lon=38, lat=36, country_code="<b"
    ... )
    >>> is_fit(made), made.name, made.country_code
    (True, 'Tell', None)
    """
    name = _clean(record.name)
    if name is None:
        return False
    record.name = name
    record.names = [(lang, kept) for lang, each in record.names if (kept := _clean(each))]
    record.admin1, record.admin2 = (text and _clean(text) for text in (record.admin1, record.admin2))
    if not _COUNTRY.fullmatch(record.country_code or ""):
        record.country_code = None
    record.population = min(record.population, _MOST_PEOPLE)
    if record.uncertainty_m is not None:
        record.uncertainty_m = min(record.uncertainty_m, FARTHEST_M)
    return True


def _clean(text: str) -> str | None:
    try:
        return clean_text(text, "name", limit=_LONGEST_NAME)[0]
    except BadInput:
        return None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no place of ours: which, and why in a word (reading.py has the sentences)."""

    row: int
    why: str
    is_damaged: bool = False
