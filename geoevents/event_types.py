"""What happened: the taxonomy of event types, kept as data.

Knows codes, definitions, examples, labels, colours and shapes of types. Knows nothing of events or maps.
To add a type: an entry in data/event_types.json (docs/data-format.md says its keys); no code changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput, InvalidTaxonomy
from geoevents.messages import Message

SHAPES = ("circle", "square", "diamond", "triangle", "triangle-down", "pentagon", "hexagon", "star", "cross", "plus", "drop")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """
    One type or, with a `parent`, sub-type of event.

    `definition`, `not_this` (what it is not) and `example` are English sentences;
    `labels` are {language: label}; `colour` is #rrggbb and `shape` one of SHAPES.
    """

    code: str
    labels: Mapping[str, str]
    definition: str
    not_this: str
    example: str
    parent: str | None = None
    colour: str = "#777777"
    shape: str = "circle"

    def label(self, lang: str) -> str:
        """The label in `lang`, else in English."""
        return self.labels.get(lang) or self.labels["en"]


class Taxonomy:
    """Every event type a team uses, in the order of its file. Iterating gives the types without a parent."""

    def __init__(self, types: list[EventType]) -> None:
        self.by_code: Mapping[str, EventType] = {each.code: each for each in types}
        self._types = types

    def __iter__(self) -> Iterator[EventType]:
        return (each for each in self._types if each.parent is None)

    def sub_types(self, code: str) -> list[EventType]:
        return [each for each in self._types if each.parent == code]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(each.code for each in self)

    def label(self, code: str, lang: str) -> str:
        """The label of a code; of one no longer in the taxonomy, the code itself in plain words."""
        known = self.by_code.get(code)
        return known.label(lang) if known else code.replace("_", " ")

    def check(self, event_type: str, sub_event_type: str | None = None) -> None:
        """Raise BadInput, listing what there is, unless both codes are known and belong together."""
        known = self.by_code.get(event_type)
        if known is None or known.parent is not None:
            raise BadInput(
                Message("'{code}' is not an event type. Use one of: {codes}.", code=event_type[:60], codes=", ".join(self.codes)), "event_type"
            )
        fitting = [each.code for each in self.sub_types(event_type)]
        if sub_event_type is not None and sub_event_type not in fitting:
            raise BadInput(
                Message(
                    "'{code}' is not a sub-type of {parent}. Use one of: {codes}.",
                    code=sub_event_type[:60], parent=event_type, codes=", ".join(fitting) or "–",
                ),
                "sub_event_type",
            )  # fmt: skip


def load_taxonomy(path: Path) -> Taxonomy:
    """Read a team's event types. Raises InvalidTaxonomy, naming the file, the entry and what is wrong with it."""
    try:
        document = json.loads(path.read_bytes())
        types = [_event_type(entry) for entry in document["event_types"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InvalidTaxonomy(Message("The event types in {path} cannot be used: {reason}. See docs/data-format.md.", path=path.name, reason=reason)) from None
    taxonomy = Taxonomy(types)
    _check_whole(taxonomy, types, path)
    return taxonomy


def _event_type(entry: Mapping[str, Any]) -> EventType:
    made = EventType(
        code=entry["code"], labels=dict(entry["labels"]), definition=entry["definition"], not_this=entry["not_this"],
        example=entry["example"], parent=entry.get("parent"), colour=entry.get("colour", "#777777"), shape=entry.get("shape", "circle"),
    )  # fmt: skip
    if not _CODE.fullmatch(made.code):
        raise ValueError(f"the code {made.code!r} is not lower case letters, digits and _")
    if not made.labels.get("en"):
        raise ValueError(f"{made.code} has no English label")
    if made.shape not in SHAPES:
        raise ValueError(f"{made.code} has the shape {made.shape!r}; there are {', '.join(SHAPES)}")
    if not _COLOUR.fullmatch(made.colour):
        raise ValueError(f"{made.code} has the colour {made.colour!r}; write #rrggbb in lower case")
    return made


def _check_whole(taxonomy: Taxonomy, types: list[EventType], path: Path) -> None:
    doubled = len(types) - len(taxonomy.by_code)
    orphans = [each.code for each in types if each.parent and each.parent not in taxonomy.codes]
    if doubled or orphans or not types:
        reason = "a code stands twice" if doubled else f"no such parent for {', '.join(orphans)}" if orphans else "it lists no type"
        raise InvalidTaxonomy(Message("The event types in {path} cannot be used: {reason}. See docs/data-format.md.", path=path.name, reason=reason))
