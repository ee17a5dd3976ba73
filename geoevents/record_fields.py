"""One property of an event at a time: how a value from outside becomes a typed one.

Knows texts, days, numbers, choices and codes, and the limits of each. Knows nothing of nested parts
(record_parts.py), of what two fields say together (record_checks.py) or of Features (geojson.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from geoevents.errors import BadInput
from geoevents.events import GeoMethod
from geoevents.messages import Message
from geoevents.sources import LONGEST_URL, check_url
from geoevents.texts import clean_text
from geoevents.times import read_day

MOST_FATALITIES = 10_000_000
MOST_UNCERTAINTY_M = 1_000_000
LONGEST_REASON = 1_000

_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_PLACE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}:[^\s:\u200b-\u206f\ufeff][^\s\u200b-\u206f\ufeff]{0,250}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@/-]{0,119}")
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_EVENT_ID = re.compile(r"[a-z0-9-]{4,40}")
# What a person or a program writes for a number, but no "nan", no "inf", no 1_000.
_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,3})?")
_ONLINE = re.compile(r"online:[a-z0-9_-]{1,40}")
# What GDAL and spreadsheets make of a calendar day: midnight, or year/month/day.
_MIDNIGHT = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?")
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(slots=True)
class Findings:
    """
    What one reading finds: every problem, what was mended, and names nobody knows.

    `from_texts` is set for forms, tables and files other programs wrote: there numbers, yes and
    no, and nested parts may be written as text.
    """

    from_texts: bool = False
    problems: list[BadInput] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    unknown: dict[str, object] = field(default_factory=dict)

    def take(self, reader: Reader, value: object, name: str) -> Any:
        """What `reader` makes of a value; None for null, and for one that is now among the problems."""
        if value is None:
            return None
        try:
            return reader(value, name, self)
        except BadInput as problem:
            self.problems.append(problem)
            return None

    def refuse(self, message: Message, name: str) -> None:
        self.problems.append(BadInput(message, name))

    def text(self, value: object, name: str, *, limit: int, multiline: bool = False) -> str | None:
        text, notes = clean_text(value, name, limit=limit, multiline=multiline)
        self.notes += notes
        return text


Reader = Callable[[object, str, Findings], Any]


def line(limit: int) -> Reader:
    """Text on one line."""
    return lambda value, name, findings: findings.text(value, name, limit=limit)


def note(limit: int) -> Reader:
    """Text that may have several lines."""
    return lambda value, name, findings: findings.text(value, name, limit=limit, multiline=True)


# Why an event was taken back, which readers see: typed with its status, or when it is retracted.
status_reason = note(LONGEST_REASON)


def choice(kinds: type[Choice], *, but: tuple[Choice, ...] = ()) -> Reader:
    """One of a closed list of words, but for those that nobody can choose from outside."""
    choices = [each for each in kinds if each not in but]

    def read(value: object, name: str, findings: Findings) -> Choice | None:
        text = findings.text(value, name, limit=60)
        if text is None:
            return None
        if text not in choices:
            raise BadInput(
                Message(
                    "{field} cannot be '{text}'. Use one of: {choices}.",
                    text=text,
                    field=name,
                    choices=", ".join(each.value for each in choices),
                ),
                name,
            )
        return kinds(text)

    return read


def day(value: object, name: str, findings: Findings) -> date | None:
    """A calendar day, as people write it (times.py)."""
    text = findings.text(value, name, limit=100)
    if text is None:
        return None
    if findings.from_texts and (match := _MIDNIGHT.fullmatch(text)):
        text = "-".join(match.groups())
    return read_day(text, name)


def whole_number(most: int, *, least: int = 0) -> Reader:
    """A whole number from `least` to `most`."""

    def read(value: object, name: str, findings: Findings) -> int | None:
        number = _number_in(value, name, findings) if isinstance(value, str) else value
        if number is None:
            return None
        whole = isinstance(number, int) or (isinstance(number, float) and number.is_integer())
        if isinstance(number, bool) or not whole or not least <= number <= most:  # type: ignore[operator]
            raise BadInput(
                Message(
                    "{field} must be a whole number from {least} to {most}, or null for unknown.",
                    field=name,
                    least=least,
                    most=most,
                ),
                name,
            )
        return int(number)  # type: ignore[call-overload,no-any-return]

    return read


def degrees(value: object, name: str, findings: Findings) -> float | None:
    """Degrees of longitude or latitude, by the last part of the field's name."""
    number = _number_in(value, name, findings) if isinstance(value, str) else value
    if number is None:
        return None
    most = 180 if name.endswith("lon") else 90
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not -most <= number <= most:
        raise BadInput(
            Message("{field} must be degrees from -{most} to {most}, such as 36.5.", field=name, most=most),
            name,
        )
    return float(number)


def yes_or_no(value: object, name: str, findings: Findings) -> bool | None:
    """True or false; null is not no."""
    if isinstance(value, bool):
        return value
    if findings.from_texts and isinstance(value, str):
        text = value.strip().lower()
        if text in _YES_NO:
            return _YES_NO[text]
        if not text:
            return None
    raise BadInput(Message("{field} must be true or false, or null for unknown.", field=name), name)


def web_address(value: object, name: str, _findings: Findings) -> str | None:
    """An address that a reader may be sent to (sources.py)."""
    # Its own limit, a little above: check_url says what to do about a long one.
    text = _unmended(value, name, limit=100 * LONGEST_URL)
    return None if text is None else check_url(text, name)


def language(value: object, name: str, _findings: Findings) -> str | None:
    """A BCP-47 tag, such as ar or kmr."""
    return _matching(value, name, _LANG, Message("Write a tag such as en, ar, kmr or tr."))


def place_id(value: object, name: str, _findings: Findings) -> str | None:
    """source:key, such as geonames:173811."""
    return _matching(value, name, _PLACE_ID, Message("Write source:key, such as geonames:173811."))


def code(value: object, name: str, _findings: Findings) -> str | None:
    """An identifier of ours: letters, digits and _ . : @ / -"""
    return _matching(value, name, _CODE, Message("Use letters, digits and _ . : @ / - only, without spaces."))


def event_id(value: object, name: str, _findings: Findings) -> str | None:
    """The id of an event."""
    return _matching(
        value,
        name,
        _EVENT_ID,
        Message("Use 4 to 40 of a-z, 0-9 and -, or leave it out and get one."),
    )


def country(value: object, name: str, _findings: Findings) -> str | None:
    """ISO 3166-1 alpha-2, in capitals."""
    raised = value.upper() if isinstance(value, str) and value.isascii() else value
    return _matching(raised, name, _COUNTRY, Message("Write two letters, such as SY."))


def geo_method(value: object, name: str, findings: Findings) -> str | None:
    """How the event came to its place; online:NAME for a service."""
    text = findings.text(value, name, limit=60)
    methods = [each.value for each in GeoMethod if each is not GeoMethod.ONLINE]
    if text is None or text in methods or _ONLINE.fullmatch(text):
        return text
    raise BadInput(
        Message(
            "{field} cannot be '{text}'. Use one of: {choices}.",
            text=text,
            field=name,
            choices=", ".join([*methods, "online:NAME"]),
        ),
        name,
    )


def _matching(value: object, name: str, pattern: re.Pattern[str], way_out: Message) -> str | None:
    text = _unmended(value, name, limit=200)
    if text is not None and not pattern.fullmatch(text):
        raise BadInput(
            Message("{field} cannot be '{text}'. {way_out}", field=name, text=text[:60], way_out=way_out),
            name,
        )
    return text


def _unmended(value: object, name: str, *, limit: int) -> str | None:
    """Text that points at something: were a mark taken out of it, it would point elsewhere."""
    text, notes = clean_text(value, name, limit=limit)
    return value.strip() if notes and isinstance(value, str) else text


def _number_in(value: object, name: str, findings: Findings) -> float | int | str | None:
    """A number written as text, where texts are all there is; digits of any script, a decimal comma."""
    text = findings.text(value, name, limit=60)
    if text is None or not findings.from_texts:
        return text
    plain = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    plain = plain.replace("\u066b", ".").replace("\u2212", "-")
    return float(plain) if _NUMBER.fullmatch(plain) else text
