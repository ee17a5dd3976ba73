"""What a map shows, in words: which events were asked for, how many there are, and as of when.

Knows a sentence for each thing that a question may ask. Knows nothing of pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import parse_qsl

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from geoevents.event_types import Taxonomy
from geoevents.events import Kind, Status
from geoevents.messages import Message, say
from geoevents.queries import EventQuery
from geoevents.times import Interval
from geoevents.vicinity import Near

# Months as the Levant names them, days first in English.
_DAY_LOCALES = {"en": "en_GB", "ar": "ar_SY"}
# What says how an answer is given, not which events are meant.
_OF_THE_ANSWER = {"limit", "after", "sort", "lang"}


class Words(NamedTuple):
    """What phrases are made with: the taxonomy, the language, what the places asked for are called, by id."""

    taxonomy: Taxonomy
    lang: str
    places: Mapping[str, str] = MappingProxyType({})

    def place(self, place_id: str) -> str:
        return self.places.get(place_id, place_id)


def asked_in_words(query: EventQuery, words: Words) -> list[str]:
    """
    What a question asks for, a phrase each; nothing for one that asks for everything.

    What is not told in a sentence here is told as the address has it, so that nothing is left unsaid.
    """
    said = []
    for name, value in parse_qsl(query.canonical()):
        if name not in _OF_THE_ANSWER:
            phrase = _PHRASES.get(name)
            said.append(say(phrase(value, words), words.lang) if phrase else f"{name}={value}")
    return said


def places_asked(query: EventQuery) -> list[str]:
    """The ids of places that a question names."""
    near, area = query.near, query.area
    found = [query.place, near.place_id if near else None, area.place_id if area else None]
    return [each for each in found if each]


def counted(events: int, conditions: int, lang: str) -> str:
    """How many events and, apart from them, how many conditions, as the list of the site counts."""
    return " · ".join(message.in_language(lang) for message in _counts(events, conditions))


def day(value: date, lang: str) -> str:
    """A calendar day: 20 January 2022."""
    return format_date(value, "d MMMM y", locale=_DAY_LOCALES.get(lang, lang))


def frozen_note(since: date, lang: str) -> str:
    """Since when a frozen map stands still, and what is told all the same."""
    note = Message(
        "As it was on {day}. Later events and corrections are not shown; what was retracted is marked.",
        day=day(since, lang),
    )
    return note.in_language(lang)


def _counts(events: int, conditions: int) -> Iterator[Message]:
    if events or not conditions:
        yield Message("{count} event", plural="{count} events", count=events)
    if conditions:
        yield Message("{count} condition", plural="{count} conditions", count=conditions)


def _days(text: str, lang: str) -> Message | str:
    interval = Interval.parse(text)
    first = day(interval.start, lang) if interval.start else ""
    last = day(interval.end, lang) if interval.end else ""
    if not first:
        return Message("until {last}", last=last)
    if not last:
        return Message("since {first}", first=first)
    return first if first == last else Message("from {first} to {last}", first=first, last=last)


def _near(text: str, words: Words) -> Message:
    near = Near.parse(text)
    return Message(
        "near {place}, within {km} km", place=words.place(near.where), km=f"{near.metres / 1000:g}"
    )


def _country(code: str, lang: str) -> str:
    try:
        return str(Locale.parse(lang).territories.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code


_KINDS = {Kind.EVENT: Message("events only"), Kind.CONDITION: Message("conditions only")}
_STATUSES = {Status.PUBLISHED: Message("Only published"), Status.RETRACTED: Message("Only retracted")}
_LOCATED = {"yes": Message("only with a place"), "no": Message("only without a place")}
_SURE = {"surely": Message("only what matches surely"), "possibly": Message("only what may match")}

_PHRASES: dict[str, Callable[[str, Words], Message | str]] = {
    "event_type": lambda text, words: words.taxonomy.label(text, words.lang),
    "sub_event_type": lambda text, words: words.taxonomy.label(text, words.lang),
    "kind": lambda text, _: _KINDS[Kind(text)],
    "datetime": lambda text, words: _days(text, words.lang),
    "q": lambda text, _: Message("with “{words}”", words=text),
    "place": lambda text, words: Message("at {place}", place=words.place(text)),
    "country": lambda text, words: _country(text, words.lang),
    "admin1": lambda text, _: text,
    "bbox": lambda text, _: Message("within {bbox}", bbox=text),
    "near": _near,
    "area": lambda text, words: Message("somewhere in {place}", place=words.place(text)),
    "located": lambda text, _: _LOCATED.get(text, text),
    "certainty": lambda text, _: _SURE.get(text, text),
    "status": lambda text, _: _STATUSES.get(Status(text), text),
}
