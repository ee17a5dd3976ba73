"""What a map shows, in words: which events were asked for, how many there are, and as of when.

Knows a sentence for each thing that a question may ask. Knows nothing of pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import parse_qsl

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from geoevents.event_types import Taxonomy
from geoevents.events import Kind, Status
from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.times import Interval

# Months as the Levant names them, days first in English.
_DAY_LOCALES = {"en": "en_GB", "ar": "ar_SY"}
# What says how an answer is given, not which events are meant.
_OF_THE_ANSWER = {"limit", "after", "sort", "lang"}


def asked_in_words(query: EventQuery, taxonomy: Taxonomy, lang: str) -> list[str]:
    """
    What a question asks for, a phrase each; nothing for one that asks for everything.

    What is not told in a sentence here is told as the address has it, so that nothing is left unsaid.
    """
    said = []
    for name, value in parse_qsl(query.canonical()):
        if name not in _OF_THE_ANSWER:
            say = _PHRASES.get(name)
            said.append(say(value, taxonomy, lang) if say else f"{name}={value}")
    return said


def counted(events: int, conditions: int, lang: str) -> str:
    """How many events and, apart from them, how many conditions, as the list of the site counts."""
    return " · ".join(message.in_language(lang) for message in _counts(events, conditions))


def day(value: date, lang: str) -> str:
    """A calendar day: 20 January 2022."""
    return format_date(value, "d MMMM y", locale=_DAY_LOCALES.get(lang, lang))


def _counts(events: int, conditions: int) -> Iterator[Message]:
    if events or not conditions:
        yield Message("{count} event", plural="{count} events", count=events)
    if conditions:
        yield Message("{count} condition", plural="{count} conditions", count=conditions)


def _days(text: str, lang: str) -> str:
    interval = Interval.parse(text)
    first = day(interval.start, lang) if interval.start else ""
    last = day(interval.end, lang) if interval.end else ""
    if not first:
        return Message("until {last}", last=last).in_language(lang)
    if not last:
        return Message("since {first}", first=first).in_language(lang)
    return (
        first
        if first == last
        else Message("from {first} to {last}", first=first, last=last).in_language(lang)
    )


def _kind(text: str, lang: str) -> str:
    only_events, only_conditions = Message("events only"), Message("conditions only")
    return (only_events if text == Kind.EVENT else only_conditions).in_language(lang)


def _country(code: str, lang: str) -> str:
    try:
        return str(Locale.parse(lang).territories.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code


def _status(text: str, lang: str) -> str:
    published, retracted = Message("Only published"), Message("Only retracted")
    known = {Status.PUBLISHED: published, Status.RETRACTED: retracted}.get(Status(text))
    return known.in_language(lang) if known else text


_PHRASES: dict[str, Callable[[str, Taxonomy, str], str]] = {
    "event_type": lambda text, taxonomy, lang: taxonomy.label(text, lang),
    "sub_event_type": lambda text, taxonomy, lang: taxonomy.label(text, lang),
    "kind": lambda text, _, lang: _kind(text, lang),
    "datetime": lambda text, _, lang: _days(text, lang),
    "q": lambda text, _, lang: Message("with “{words}”", words=text).in_language(lang),
    "place": lambda text, _, lang: Message("at {place}", place=text).in_language(lang),
    "country": lambda text, _, lang: _country(text, lang),
    "admin1": lambda text, _, lang: text,
    "bbox": lambda text, _, lang: Message("within {bbox}", bbox=text).in_language(lang),
    "status": lambda text, _, lang: _status(text, lang),
}
