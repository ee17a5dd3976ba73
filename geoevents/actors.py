"""Who takes part: the actors a team knows, by all their names, each for the days it was there.

Knows data/actors.json: names, kinds, days. Knows nothing of texts or events.
To add an actor: an entry in data/actors.json (docs/data-format.md says its keys); no code changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput, InvalidActors
from geoevents.jsonio import read_json
from geoevents.messages import Message
from geoevents.times import read_day

FORMAT = 1
KINDS = (
    "state_forces", "armed_group", "police", "government", "political", "international", "humanitarian",
    "monitor", "people", "unknown",
)  # fmt: skip
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownActor:
    """
    One actor. `labels` are {language: the name to show}, `names` {language: every way to write it}. It was
    there from `valid_from` to `valid_to`; None is open.
    """

    actor_id: str
    kind: str
    labels: Mapping[str, str]
    names: Mapping[str, Sequence[str]]
    country_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str | None = None

    def label(self, lang: str) -> str:
        return self.labels.get(lang) or self.labels["en"]

    def was_there(self, day: date | None) -> bool:
        """Whether it may be meant on a day; None is any day."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def load_actors(path: Path) -> tuple[KnownActor, ...]:
    """Read a team's actors. Raises InvalidActors, naming the file, the entry and what is wrong."""
    try:
        document = read_json(path.read_bytes())
        if not isinstance(document, dict) or document.get("geoevents_actors") != FORMAT:
            raise BadInput(
                Message("it does not say {mark}: {format}", mark='"geoevents_actors"', format=FORMAT)
            )
        entries = document.get("actors")
        if not isinstance(entries, list):
            raise BadInput(Message("{field} is no list", field="actors"))
        actors = tuple(_actor(entry) for entry in entries)
        counts = Counter(actor.actor_id for actor in actors)
        if doubled := next((each for each, count in counts.items() if count > 1), None):
            raise BadInput(Message("the actor {name} stands twice", name=doubled))
    except (OSError, BadInput) as error:
        reason = error.message if isinstance(error, BadInput) else error.strerror
        raise InvalidActors(
            Message(
                "The actors in {path} cannot be used: {reason}. See docs/data-format.md.",
                path=path.name, reason=reason,
            )
        ) from None  # fmt: skip
    return actors


def _actor(entry: object) -> KnownActor:
    if not isinstance(entry, dict):
        raise BadInput(Message("an entry of actors is not an object"))
    name = entry.get("actor_id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise BadInput(
            Message("the actor_id {code} is not lower case letters, digits and -", code=repr(name)[:60])
        )
    if entry.get("kind") not in KINDS:
        raise BadInput(
            Message(
                "{code} has the kind {kind}; there are {kinds}",
                code=name, kind=repr(entry.get("kind"))[:60], kinds=", ".join(KINDS),
            )
        )  # fmt: skip
    labels = _by_language(entry.get("labels"), f"{name}.labels", str)
    if "en" not in labels:
        raise BadInput(Message("{code} has no English label", code=name))
    first, last = (_day(entry.get(each), f"{name}.{each}") for each in ("valid_from", "valid_to"))
    if first and last and last < first:
        raise BadInput(Message("{code} ends before it begins", code=name))
    return KnownActor(
        actor_id=name,
        kind=entry["kind"],
        labels=labels,
        names=_by_language(entry.get("names"), f"{name}.names", list),
        country_code=entry.get("country_code"),
        valid_from=first,
        valid_to=last,
        source=entry.get("source"),
    )


def _by_language(value: object, field: str, kind: type) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadInput(Message("{field} is no object of languages", field=field))
    for lang, named in value.items():
        if not _LANG.fullmatch(lang):
            raise BadInput(Message("{field} has {lang}, which is no language", field=field, lang=lang))
        parts = named if isinstance(named, list) else [named]
        if type(named) is not kind or not all(isinstance(each, str) and each.strip() for each in parts):
            raise BadInput(Message("{field} is empty or no text", field=f"{field}.{lang}"))
    return value


def _day(value: object, field: str) -> date | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadInput(Message("{field} is no day", field=field))
    return read_day(value, field)
