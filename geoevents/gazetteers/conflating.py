"""Which places that several sources know are one place: the same id, or a shared name and nearness.

Knows when two entries are one. Knows nothing of tables or files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from typing import Any

from geoevents.folding import name_key
from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.entries import Entry
from geoevents.places import LonLat

_SAME_PLACE_M = 5_000
_SETTLED = ("settlement", "quarter")


def by_key(entries: dict[int, Entry]) -> dict[str, list[int]]:
    by_key = defaultdict(list)
    for pk, entry in entries.items():
        if entry.kind in _SETTLED:
            for key in {name_key(name) for name in entry.all_names()}:
                by_key[key].append(pk)
    return by_key


def same_place(
    town: dict[str, Any], keys: Set[str], ours: dict[str, list[int]], entries: dict[int, Entry]
) -> int | None:
    """The entry of ours, if any, that has one of the town's names and lies within 5 km of it."""
    for pk in (pk for key in ours.keys() & keys for pk in ours[key]):
        # Twin towns on both sides of a border often share their names.
        if entries[pk].country_code not in (None, town["countrycode"]):
            continue
        if distance_m(entries[pk].position, LonLat(town["longitude"], town["latitude"])) <= _SAME_PLACE_M:
            return pk
    return None
