"""What an online service answers, as places: kinds, precision and labels out of its own words.

Knows the shapes that Nominatim, Photon, Pelias, OpenCage and their like answer in, and geopy's Location.
Knows nothing of asking (online.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from geoevents.errors import BadInput, InvalidQuery
from geoevents.places import BBox, GeoPrecision, LonLat, Place
from geoevents.texts import clean_text

# OpenStreetMap's words for what something is, which others took over -> our kind. What else OpenStreetMap
# knows is a site; of others that say nothing we know, it may be anything around there.
_KINDS = {
    "settlement": "city town village hamlet municipality isolated_dwelling locality",
    "quarter": "suburb neighbourhood quarter borough city_district city_block residential district_of_city",
    "country": "country",
    "admin1": "state province region",
    "admin2": "county state_district district subdistrict",
    "natural": "peak mountain mountain_range hill water lake desert valley natural ridge",
    "river": "river stream canal",
    "road": "road highway street motorway trunk primary secondary tertiary unclassified",
    "dam": "dam",
    "military_base": "military airfield aerodrome base barracks",
    "prison": "prison",
    "crossing": "border_control",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_PRECISION = {
    "settlement": GeoPrecision.SETTLEMENT,
    "quarter": GeoPrecision.NEIGHBOURHOOD,
    "country": GeoPrecision.COUNTRY,
    "admin1": GeoPrecision.PROVINCE,
    "admin2": GeoPrecision.DISTRICT,
    "natural": GeoPrecision.NEAR,
    "river": GeoPrecision.NEAR,
    "road": GeoPrecision.NEAR,
    "military_base": GeoPrecision.NEIGHBOURHOOD,
}
# Where an answer says what something is, what surrounds it, and in which country.
_WHAT = ("addresstype", "osm_value", "type", "_type", "layer", "types", "class", "category")
_AROUND = ("address", "components")
_CODE = ("country_code", "countrycode", "countryCode")
_CODE_OF, _WORD = re.compile("[A-Za-z]{2}"), re.compile("[a-z]{1,20}")
# As long as the label of an event's place and what it lies in may be (docs/data-format.md).
_LONGEST_LABEL, _LONGEST_NAME = 300, 200


def place_from(service: str, location: Any) -> Place | None:
    """
    A geopy Location as a place; None where its name cannot be shown.

    Its texts are cleaned as those that people type. Raises KeyError, TypeError, ValueError over an answer of
    another shape.
    """
    raw = location.raw
    if not isinstance(raw, Mapping):
        raise TypeError(type(raw).__name__)
    about: Mapping[str, Any] = raw.get("properties") or raw
    around = next((about[key] for key in _AROUND if isinstance(about.get(key), Mapping)), about)
    words = [word for key in _WHAT for word in _texts(about.get(key) or around.get(key))]
    kind = next((_KIND_OF[word] for word in words if word in _KIND_OF), None)
    otherwise = GeoPrecision.SITE if kind or about.get("osm_id") else GeoPrecision.NEAR
    precision = _PRECISION.get(kind or "", otherwise)
    label = str(location.address)[:_LONGEST_LABEL]
    name = _clean(about.get("name")) or _clean(label.partition(",")[0])
    if name is None:
        return None
    position = LonLat(float(location.longitude), float(location.latitude))
    codes = (each.get(key) for each in (around, about) for key in _CODE)
    code = next((text.upper() for each in codes for text in _texts(each) if _CODE_OF.fullmatch(text)), None)
    return Place(
        place_id=f"online:{service}:{_key(about, position)}",
        name=name,
        label=_clean(label, _LONGEST_LABEL) or name,
        kind=kind or "site",
        lon=position.lon,
        lat=position.lat,
        geo_precision=precision,
        uncertainty_m=precision.default_uncertainty_m,
        country_code=code,
        admin1=_clean(around.get("state")),
        admin2=_clean(around.get("county")),
        bbox=_box(about.get("boundingbox")) if kind in ("country", "admin1", "admin2") else None,
    )


def _key(about: Mapping[str, Any], position: LonLat) -> str:
    """OpenStreetMap's own id where there is one ("way/123"), else the position. Without a colon."""
    sort = str(about.get("osm_type") or "").lower()
    if _WORD.fullmatch(sort) and about.get("osm_id"):
        return f"{sort}/{int(about['osm_id'])}"
    return f"{position.lon:.5f},{position.lat:.5f}"


def _box(sides: Any) -> BBox | None:
    """Nominatim's order is south, north, west, east, as text. None for what is no box on the Earth."""
    if not isinstance(sides, list) or len(sides) != 4:
        return None
    south, north, west, east = (str(side) for side in sides)
    try:
        return BBox.parse(",".join((west, south, east, north)))
    except InvalidQuery:
        return None


def _texts(value: Any) -> list[str]:
    """A word, or the words of a list; nothing of anything else."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _clean(value: Any, limit: int = _LONGEST_NAME) -> str | None:
    """The first text there, as it may be kept and shown; None where there is none."""
    for text in _texts(value)[:1]:
        with suppress(BadInput):
            return clean_text(text, "name", limit=limit)[0]
    return None
