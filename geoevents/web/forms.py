"""The form of an event: what was typed, what is wrong with it, what was found. Nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from geoevents.errors import BadInput, InvalidEvent
from geoevents.events import Event, Sensitivity, Status
from geoevents.geojson import Reading, Rules, draft_from_fields
from geoevents.messages import Message
from geoevents.places import Resolution
from geoevents.record_stored import written
from geoevents.web import form_values, languages
from geoevents.web.form_values import DEFAULTS, FIELDS, FURTHER, PLACE_FIELDS, SOURCE_FIELDS

# What the form says about itself; everything else that is sent is held against the record.
OWN = (
    "version",
    "more",
    "sure_it_is_new",
    "sure_of_position",
    "source_key",
    "place_id_for",
    "place_offered",
    "status",
)
_MOST_EMPTY_SOURCES = 10


@dataclass(frozen=True, slots=True)
class Problem:
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed while this was written."""

    field: str
    label: str
    theirs: str
    yours: str


@dataclass(slots=True)
class EventForm:
    """
    One state of the form. `base` is the event that is edited, at the version the writer saw.

    `typed` holds the text of every field, unknown ones too; `sources` one mapping a block.
    """

    typed: dict[str, str | list[str]]
    sources: list[dict[str, str]]
    base: Event | None = None
    version: str = ""
    wish: str = ""
    status: str = ""
    is_surely_new: bool = False
    sure_of: str = ""
    problems: list[Problem] = field(default_factory=list)
    notes: Sequence[Message] = ()
    resolution: Resolution | None = None
    alike: Sequence[Event] = ()
    doubts: Sequence[Message] = ()
    conflict: Sequence[Difference] = ()

    @classmethod
    def blank(cls, given: Mapping[str, str]) -> EventForm:
        """An empty form; fields named in the address are filled in."""
        typed: dict[str, str | list[str]] = dict(DEFAULTS)
        # `lang` in an address is the language of the page.
        typed.update({name: text for name, text in given.items() if name in FIELDS and name != "lang"})
        return cls(typed, [{}])

    @classmethod
    def of(cls, event: Event) -> EventForm:
        """The form of an event as it is."""
        typed: dict[str, str | list[str]] = dict(form_values.texts_of(event))
        return cls(typed, form_values.source_texts_of(event) or [{}], base=event, version=str(event.version))

    @classmethod
    def sent(cls, posted: MultiDict[str, str], *, base: Event | None = None) -> EventForm:
        """What a browser, or anybody, posted."""
        flat = {
            name: posted.getlist(name) for name in posted if name not in OWN and name not in SOURCE_FIELDS
        }
        typed: dict[str, str | list[str]] = {
            name: texts[0] if len(texts) == 1 else texts for name, texts in flat.items()
        }
        if posted.get("place_offered"):
            # Candidates that were shown, and none of them chosen, are an answer too.
            typed.setdefault("place_id", "")
        offered = typed.get("place_id") in posted.get("place_offered", "").split()
        if offered and posted.get("place_id_for", "") != str(typed.get("place_name", "")).strip():
            # The candidates belong to another name than the one that stands there now.
            typed["place_id"] = ""
        return cls(
            typed, _blocks(posted), base=base, version=posted.get("version", ""), wish=posted.get("more", ""),
            status=posted.get("status", ""), is_surely_new=bool(posted.get("sure_it_is_new")),
            sure_of=posted.get("sure_of_position", ""),
        )  # fmt: skip

    def read(self, rules: Rules) -> Reading:
        """The draft that was typed. Raises InvalidEvent with every problem."""
        fields = dict(self.typed) | ({"status": self.status} if self.status else {})
        if self.base is not None:
            fields = _without_untouched(fields, form_values.texts_of(self.base))
        if any(self.sources):
            fields["sources"] = json.dumps(self._sources_as_json())
        return draft_from_fields(fields, rules, base=self.base)

    def blame(self, error: BadInput | InvalidEvent) -> None:
        """Put every problem beside its field."""
        problems = error.problems if isinstance(error, InvalidEvent) else (error,)
        for each in problems:
            text = form_values.in_labels(languages.in_words(each.message), each.field or "")
            self.problems.append(Problem(self._form_name(each.field or ""), text))

    def clash(self, current: object) -> None:
        """Set what was typed beside what is there now, and go on from there."""
        assert isinstance(current, Event)
        now = form_values.texts_of(current)
        self.conflict = [
            Difference(name, languages.in_words(label), now[name], self.value(name))
            for name, label in FIELDS.items()
            if name in self.typed and now[name] != self.value(name)
        ]
        for block in self.sources:
            same = (
                each["source_key"]
                for each in form_values.source_texts_of(current)
                if _is_same_source(each, block)
            )
            block["source_key"] = next(same, "")
        self.base, self.version = current, str(current.version)

    def ask_which(self, resolution: Resolution, notes: Sequence[Message], *, is_fault: bool = True) -> None:
        """Show the places a name may mean; as something to mend, where the event waits for a choice."""
        self.resolution, self.notes = resolution, notes
        if resolution.candidates:
            question = Message("'{name}' may mean several places. Choose one below.", name=resolution.query)
        else:
            question = Message(
                "'{name}' is no place we know. Correct it, or say where it is below.", name=resolution.query
            )
        if is_fault:
            self.problems.append(Problem("place_name", languages.in_words(question)))

    def value(self, name: str) -> str:
        text = self.typed.get(name, "")
        return text if isinstance(text, str) else ", ".join(text)

    def errors(self, name: str) -> list[str]:
        return [problem.text for problem in self.problems if problem.field == name]

    @property
    def position_said(self) -> str:
        """The position with its name: whoever is sure of it is not yet sure of another."""
        return " ".join(self.value(name).strip() for name in ("lon", "lat", "place_name"))

    @property
    def is_surely_there(self) -> bool:
        return self.sure_of == self.position_said

    @property
    def event_id(self) -> str | None:
        return self.base.id if self.base else None

    @property
    def is_draft(self) -> bool:
        return self.base is not None and not self.base.status.is_public

    @property
    def may_wait(self) -> bool:
        """Whether to offer that the event is kept and its place found later."""
        return self.resolution is not None and (self.base is None or self.base.status is Status.DRAFT)

    @property
    def further_is_open(self) -> bool:
        return any(self.errors(name) or self.value(name) not in ("", DEFAULTS.get(name)) for name in FURTHER)

    def anchor(self, name: str) -> str:
        """The id of the field's element; of a source's field, with the number of its block."""
        return name.replace("[", "-").replace("].", "-").replace("]", "") if name else "main"

    def keeps_name_here(self) -> bool:
        """Whether no stranger may be asked about the name: the page promises it beside the name's field."""
        is_placed = bool(self.value("lon").strip() and self.value("lat").strip())
        is_withheld = self.value("sensitivity") not in ("", Sensitivity.EXACT.value)
        return is_placed or is_withheld or any(block.get("source_confidential") for block in self.sources)

    def with_room_for_a_source(self) -> None:
        if sum(not any(block.values()) for block in self.sources) < _MOST_EMPTY_SOURCES:
            self.sources.append({})

    def _sources_as_json(self) -> list[dict[str, Any]]:
        """Each block that says something, over what is kept of that source and not shown in the form."""
        kept = written(self.base.sources) if self.base else []
        entries = []
        for block in self.sources:
            key = block.get("source_key", "")
            entry = dict(kept[int(key)]) if key.isascii() and key.isdecimal() and int(key) < len(kept) else {}
            shown = {name.removeprefix("source_"): block.get(name, "") or None for name in SOURCE_FIELDS}
            if any(value for name, value in shown.items() if name != "confidential"):
                entries.append({name: value for name, value in (entry | shown).items() if value is not None})
        return entries

    def _form_name(self, name: str) -> str:
        """The form's name of a field that a problem names, so that the problem stands beside it."""
        if name.startswith("sources[") and "]." in name:
            index, part = name.removeprefix("sources[").split("].", 1)
            filled = [number for number, block in enumerate(self.sources) if _says_something(block)]
            block_number = filled[int(index)] if int(index) < len(filled) else 0
            return f"sources[{block_number}].source_{part}"
        if name == "sources" or name.startswith("sources["):
            return "sources[0].source_publisher"
        if name.startswith("tags["):
            return "tags"
        return {"geometry": "lat", "id": "title", "status_reason": "title"}.get(name, name)


def _blocks(posted: MultiDict[str, str]) -> list[dict[str, str]]:
    columns = {name: posted.getlist(name) for name in (*SOURCE_FIELDS, "source_key") if name in posted}
    count = max((len(texts) for texts in columns.values()), default=0)
    return [{name: texts[row] for name, texts in columns.items() if row < len(texts)} for row in range(count)]


def _says_something(block: Mapping[str, str]) -> bool:
    return any(block.get(name, "").strip() for name in SOURCE_FIELDS if name != "source_confidential")


def _is_same_source(known: Mapping[str, str], block: Mapping[str, str]) -> bool:
    told_by = ("source_publisher", "source_url", "source_quote")
    return all(known.get(name, "") == block.get(name, "") for name in told_by)


def _without_untouched(fields: dict[str, Any], stands: Mapping[str, str]) -> dict[str, Any]:
    """
    Leave out the place fields that say what the event says anyway.

    A field left out keeps what the event has, to the last decimal; and once the event is
    somewhere else, what was merely shown must not hold it where it was.
    """
    if not fields.get("geo_method"):
        fields = {name: value for name, value in fields.items() if name != "geo_method"}
    touched = {name for name in PLACE_FIELDS if name in fields and fields[name] != stands[name]}
    if touched & {"lon", "lat"}:
        touched |= {"lon", "lat"}
        if fields.get("lon") and "place_id" not in touched:
            # Another point is no longer the place that was chosen; its name stays as reported.
            fields, touched = fields | {"place_id": ""}, touched | {"place_id"}
    kept = {name: value for name, value in fields.items() if name not in PLACE_FIELDS or name in touched}
    if "geo_precision" in touched and "uncertainty_m" not in touched:
        kept["uncertainty_m"] = ""
    return kept
