"""What happened: the taxonomy of event types, kept as data.

Knows codes, definitions, examples, labels, colours and shapes of types. Knows nothing of events or maps.
To add a type: an entry in data/event_types.json (docs/data-format.md says its keys); no code changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput, InvalidTaxonomy
from geoevents.jsonio import read_json
from geoevents.messages import Message
from geoevents.texts import clean_text

SHAPES = (
    "circle",
    "square",
    "diamond",
    "triangle",
    "triangle-down",
    "pentagon",
    "hexagon",
    "star",
    "cross",
    "plus",
    "drop",
)
FORMAT = 1
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_GREY = "#777777"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """
    One type or, with a `parent`, sub-type of event.

    `definition`, `not_this` (what it is not) and `example` are English sentences;
    `explained` says the first two in other languages; `labels` are {language: label};
    `colour` is #rrggbb and `shape` one of SHAPES.
    A sub-type has its parent's colour and shape unless it brings its own.
    """

    code: str
    labels: Mapping[str, str]
    definition: str
    not_this: str
    example: str
    explained: Mapping[str, str] = field(default_factory=dict)
    parent: str | None = None
    colour: str = _GREY
    shape: str = "circle"

    def label(self, lang: str) -> str:
        """The label in `lang`, else in English."""
        return self.labels.get(lang) or self.labels["en"]

    def explanation(self, lang: str) -> tuple[str, str]:
        """What it is and is not, and the language of that: `lang` where somebody wrote it, else English."""
        if text := self.explained.get(lang):
            return text, lang
        return f"{self.definition} {self.not_this}", "en"


class Taxonomy:
    """
    Every event type a team uses, in the order of its file. Iterating gives the types without a parent.

    `checked` says of a language whether a native speaker has read its labels.
    """

    def __init__(self, types: Sequence[EventType], *, checked: Mapping[str, bool] | None = None) -> None:
        self.by_code: Mapping[str, EventType] = {each.code: each for each in types}
        self.checked: Mapping[str, bool] = dict(checked or {})
        self._types = tuple(types)

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
        if event_type not in self.codes:
            raise BadInput(
                Message(
                    "'{code}' is not an event type. Use one of: {codes}.",
                    code=event_type[:60],
                    codes=", ".join(self.codes),
                ),
                "event_type",
            )
        fitting = [each.code for each in self.sub_types(event_type)]
        if sub_event_type is not None and sub_event_type not in fitting:
            raise BadInput(_no_sub_type(sub_event_type, event_type, fitting), "sub_event_type")


def load_taxonomy(path: Path) -> Taxonomy:
    """Read a team's event types. Raises InvalidTaxonomy, naming the file, the entry and what is wrong."""
    try:
        document = read_json(path.read_bytes())
        if not isinstance(document, dict) or not isinstance(document.get("event_types"), list):
            raise BadInput(Message("it holds no list event_types"))
        if document.get("geoevents_event_types", FORMAT) != FORMAT:
            raise BadInput(Message("it is of another format than {format}", format=FORMAT))
        types = _with_parents_look([_event_type(entry) for entry in document["event_types"]], document)
        _check_whole(types)
    except (OSError, BadInput) as error:
        reason = error.message if isinstance(error, BadInput) else error.strerror
        raise InvalidTaxonomy(
            Message(
                "The event types in {path} cannot be used: {reason}. See docs/data-format.md.",
                path=path.name,
                reason=reason,
            )
        ) from None
    return Taxonomy(types, checked=_checked(document))


def _no_sub_type(code: str, parent: str, fitting: list[str]) -> Message:
    if not fitting:
        return Message("{parent} has no sub-types. Leave sub_event_type empty.", parent=parent)
    return Message(
        "'{code}' is not a sub-type of {parent}. Use one of: {codes}.",
        code=code[:60],
        parent=parent,
        codes=", ".join(fitting),
    )


def _event_type(entry: object) -> EventType:
    if not isinstance(entry, dict):
        raise BadInput(Message("an entry of event_types is not an object"))
    code = entry.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise BadInput(
            Message("the code {code} is not lower case letters, digits and _", code=repr(code)[:60])
        )
    colour, shape = entry.get("colour") or _GREY, entry.get("shape") or "circle"
    if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
        raise BadInput(
            Message("{code} has the colour {colour}, not #rrggbb in lower case", code=code, colour=colour)
        )
    if shape not in SHAPES:
        raise BadInput(
            Message(
                "{code} has the shape {shape}; there are {shapes}",
                code=code,
                shape=shape,
                shapes=", ".join(SHAPES),
            )
        )
    return EventType(
        code=code,
        labels=_labels(entry.get("labels"), code),
        definition=_sentence(entry.get("definition"), f"{code}.definition"),
        not_this=_sentence(entry.get("not_this"), f"{code}.not_this"),
        example=_sentence(entry.get("example"), f"{code}.example"),
        explained=_by_language(entry.get("explained", {}), f"{code}.explained"),
        parent=entry.get("parent"),
        colour=colour,
        shape=shape,
    )


def _labels(labels: object, code: str) -> Mapping[str, str]:
    if not isinstance(labels, dict) or "en" not in labels:
        raise BadInput(Message("{code} has no English label", code=code))
    return _by_language(labels, f"{code}.labels")


def _by_language(texts: object, field: str) -> Mapping[str, str]:
    if not isinstance(texts, dict):
        raise BadInput(Message("{field} is no object of languages", field=field))
    if unread := [lang for lang in texts if not _LANG.fullmatch(lang)]:
        raise BadInput(Message("{field} has {lang}, which is no language", field=field, lang=unread[0]))
    return {lang: _sentence(text, f"{field}.{lang}") for lang, text in texts.items()}


def _sentence(value: object, field: str) -> str:
    text, _ = clean_text(value, field, limit=500)
    if text is None:
        raise BadInput(Message("{field} is empty", field=field))
    return text


def _with_parents_look(types: list[EventType], document: Mapping[str, Any]) -> list[EventType]:
    by_code = {each.code: each for each in types}
    made = []
    for each, entry in zip(types, document["event_types"], strict=True):
        parent = by_code.get(each.parent) if isinstance(each.parent, str) else None
        if parent is None:
            made.append(each)
            continue
        looks = {name: getattr(parent, name) for name in ("colour", "shape") if not entry.get(name)}
        made.append(replace(each, **looks))
    return made


def _check_whole(types: list[EventType]) -> None:
    tops = [each for each in types if each.parent is None]
    if not tops:
        raise BadInput(Message("it lists no type"))
    if doubled := _doubled(each.code for each in types):
        raise BadInput(Message("the code {code} stands twice", code=doubled))
    known = {each.code for each in tops}
    for each in types:
        if each.parent is not None and each.parent not in known:
            raise BadInput(Message("{code} has no parent {parent}", code=each.code, parent=each.parent))
    # The map has a layer for each type, and of two layers of one name one is lost.
    for lang in {lang for each in tops for lang in each.labels}:
        if doubled := _doubled(each.label(lang) for each in tops):
            raise BadInput(Message("two types have the label {label}", label=doubled))


def _doubled(values: Iterable[str]) -> str | None:
    return next((value for value, count in Counter(values).items() if count > 1), None)


def _checked(document: Mapping[str, Any]) -> Mapping[str, bool]:
    said = document.get("texts_checked_by_native_speaker")
    return {lang: value is True for lang, value in said.items()} if isinstance(said, dict) else {}
