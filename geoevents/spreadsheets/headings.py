"""Which column is what: by its usual names, or as somebody says; the rest is kept as it is.

Knows how headings are compared. The lists are in usual_headings.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from geoevents.errors import BadInput
from geoevents.folding import fold
from geoevents.messages import Message
from geoevents.record_forms import SOURCE_FIELDS
from geoevents.record_stored import PROPERTIES
from geoevents.spreadsheets import HowToRead
from geoevents.spreadsheets.usual_headings import HEADINGS

# What a table that comes back to be imported once more says of each row.
VERDICT, REASON = "verdict", "reason"
# Of an event as we let it out, these decide nothing when it comes back.
LEFT_OUT = ("match",)
FIELDS = tuple(dict.fromkeys((*HEADINGS, "id", *PROPERTIES, *SOURCE_FIELDS)))
# By these a table is known for one that we let out: only then is its id an id of ours.
_OURS = ("id", "created", "updated", "version")
# In tables of others these are ids of their own, or lists in words where we write JSON.
_ONLY_OURS = ("id", "sources", "extra", "translations", "candidates", "actors", "about")
_NOTHING = ("", "-", "extra")


@dataclass(frozen=True, slots=True)
class Columns:
    """Our field -> the column it is in, counted from 0; and the columns that go into `extra`."""

    headings: tuple[str, ...]
    fields: Mapping[str, int]
    unknown: Mapping[str, int]
    is_ours: bool

    def as_pairs(self) -> tuple[tuple[str, str], ...]:
        """(their heading, our field), in the order of the columns."""
        return tuple(
            (self.headings[index], field)
            for field, index in sorted(self.fields.items(), key=lambda each: each[1])
        )

    def says_anything(self) -> bool:
        """Whether any of them could be what happened, when or where."""
        return bool(
            self.fields.keys()
            & {
                "title",
                "description",
                "date_start",
                "place_name",
                "lat",
                "position",
                "geometry",
                "event_type",
            }
        )


def recognised(headings: tuple[str, ...], how: HowToRead) -> Columns:
    """The columns of a table. Raises BadInput for a heading or a field in `maps` that there is not."""
    keys = {heading: fold(heading) for heading in headings}
    said = dict(_said(headings, keys, how.maps))
    is_ours = set(_OURS) <= set(headings)
    fields: dict[str, int] = {}
    for heading, field in said.items():
        if field:
            fields[field] = headings.index(heading)
    free = [heading for heading in headings if heading not in said]
    taken: set[str] = set()
    for heading in free:
        own = heading.strip().lower()
        if own in FIELDS and own not in fields and (is_ours or own not in _ONLY_OURS):
            fields[own] = headings.index(heading)
            taken.add(heading)
    by_key = {keys[heading]: heading for heading in reversed(free) if heading not in taken}
    for field, usual in _folded().items():
        if field in fields or is_ours:
            continue
        found = next((by_key[key] for key in usual if key in by_key), None)
        if found is not None:
            fields[field] = headings.index(found)
            del by_key[keys[found]]
    used = {headings[index] for index in fields.values()}
    unknown = {
        heading: index
        for index, heading in enumerate(headings)
        if heading not in used and heading.lower() not in (VERDICT, REASON, *LEFT_OUT)
    }
    return Columns(headings, fields, unknown, is_ours)


def _said(
    headings: Iterable[str], keys: Mapping[str, str], maps: Iterable[tuple[str, str]]
) -> Iterable[tuple[str, str]]:
    by_key = {key: heading for heading, key in keys.items()}
    for theirs, ours in maps:
        heading = theirs if theirs in keys else by_key.get(fold(theirs))
        if heading is None:
            raise BadInput(
                Message("There is no column '{theirs}', but {headings}.", theirs=theirs[:80],
                        headings=", ".join(headings)[:1000]), "map",
            )  # fmt: skip
        field = ours.strip().lower()
        if field in _NOTHING:
            yield heading, ""
            continue
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, n=3) or FIELDS[:12]
            raise BadInput(
                Message(
                    "'{ours}' is no field of an event. Perhaps {near}?", ours=ours[:80], near=", ".join(near)
                ),
                "map",
            )
        yield heading, field


@cache
def _folded() -> Mapping[str, tuple[str, ...]]:
    return {field: tuple(fold(name.replace("_", " ")) for name in usual) for field, usual in HEADINGS.items()}
