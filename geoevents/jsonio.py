"""JSON from outside, read strictly: no doubled keys, no NaN, nothing deep, nothing half.

Knows bytes, lines and columns. Knows nothing of events.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from geoevents.errors import InvalidEvent, InvalidGeometry, InvalidJSON
from geoevents.messages import Message

DEEPEST = 32
# 2^64 has 20 digits: no count or coordinate needs more.
LONGEST_INTEGER = 20

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]|[^\s"\[\]{}:,]+', re.DOTALL)
# What a cut leaves of a number, of true, of null: nothing follows it.
_PARTIAL = re.compile(r"[\w.+-]{0,30}\s*")
_HALF_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(data: bytes) -> object:
    """
    The value that UTF-8 JSON spells; a byte order mark is passed over.

    Raises InvalidJSON with line and column where there is one place to name, and with the field
    for half a character. Nesting counts from 1; 32 is the deepest. A geometry collection too
    deep to read is told as what it is, an InvalidEvent: its depth is not what has to be mended.

    >>> read_json(b'{"type": "Point", "coordinates": [40.74, 36.5]}')
    {'type': 'Point', 'coordinates': [40.74, 36.5]}
    """
    text = _decoded(data)
    if not text.strip():
        raise InvalidJSON(Message("Nothing was sent: expected a Feature."))
    value = _parsed(text)
    if not _within_depth(value, DEEPEST):
        raise _too_deep(text)
    if _HALF_ESCAPE.search(data):
        _refuse_half_characters(value)
    return value


class _Refused(Exception):
    """A token that the parser's hooks refuse; they aren't told where it stands."""

    def __init__(self, token: str, sentence: str) -> None:
        super().__init__(token)
        self.token = token
        self.sentence = sentence


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]:
        raise InvalidJSON(Message("The text is in UTF-16 or UTF-32. Save it as UTF-8."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = _line_and_column(before, len(before))
        raise InvalidJSON(
            Message(
                "Byte {byte} at line {line}, column {column} is not UTF-8. Save the text as UTF-8.",
                byte=f"0x{data[error.start]:02X}",
                line=line,
                column=column,
            ),
            line=line,
            column=column,
        ) from None


def _parsed(text: str) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_doubles,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_short_integer,
        )
    except json.JSONDecodeError as error:
        raise _not_json(error, text) from None
    except _Refused as refused:
        raise _refused_at(refused, text) from None
    except RecursionError:
        raise _too_deep(text) from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise InvalidJSON(
            Message("The key '{name}' is given twice in one object. Keep one of them.", name=twice[:60])
        )
    return made


def _no_constant(token: str) -> float:
    raise _Refused(token, "constant")


def _finite(token: str) -> float:
    number = float(token)
    if not math.isfinite(number):
        raise _Refused(token, "huge")
    return number


def _short_integer(token: str) -> int:
    if len(token) > LONGEST_INTEGER:
        raise _Refused(token, "long")
    return int(token)


def _not_json(error: json.JSONDecodeError, text: str) -> InvalidJSON:
    line, column = error.lineno, error.colno
    unfinished = error.msg.startswith("Unterminated string") or _PARTIAL.fullmatch(text[error.pos :])
    if unfinished:
        message = Message(
            "The JSON breaks off at line {line}, column {column}: its end is missing. Send it whole.",
            line=line,
            column=column,
        )
    else:
        message = Message(
            "This is not JSON from line {line}, column {column} on. Look for a comma, quote or bracket.",
            line=line,
            column=column,
        )
    return InvalidJSON(message, line=line, column=column)


def _refused_at(refused: _Refused, text: str) -> InvalidJSON:
    start = next((match.start() for match in _TOKEN.finditer(text) if match[0] == refused.token), 0)
    line, column = _line_and_column(text, start)
    if refused.sentence == "constant":
        message = Message(
            "{token} at line {line}, column {column} is not a JSON number. Write null for unknown.",
            token=refused.token,
            line=line,
            column=column,
        )
    elif refused.sentence == "huge":
        message = Message(
            "{token} at line {line}, column {column} is larger than any number we keep. Write it in full.",
            token=refused.token[:30],
            line=line,
            column=column,
        )
    else:
        message = Message(
            "The number at line {line}, column {column} has {count} digits; {limit} are the most.",
            count=len(refused.token),
            limit=LONGEST_INTEGER,
            line=line,
            column=column,
        )
    return InvalidJSON(message, line=line, column=column)


def _within_depth(value: object, left: int) -> bool:
    if isinstance(value, dict):
        return left > 0 and all(
            _within_depth(each, left - 1) for each in value.values() if isinstance(each, (dict, list))
        )
    if isinstance(value, list):
        return left > 0 and all(
            _within_depth(each, left - 1) for each in value if isinstance(each, (dict, list))
        )
    return True


def _too_deep(text: str) -> InvalidJSON | InvalidEvent:
    if '"GeometryCollection"' in text:
        return InvalidEvent([InvalidGeometry(collection_refused(), "geometry")])
    line, column = _line_and_column(text, _where_too_deep(text))
    return InvalidJSON(
        Message(
            "The JSON is nested deeper than {limit} at line {line}, column {column}. Flatten it.",
            limit=DEEPEST,
            line=line,
            column=column,
        ),
        line=line,
        column=column,
    )


def collection_refused() -> Message:
    """Why no GeometryCollection is taken, and the way out."""
    return Message(
        "A GeometryCollection cannot be drawn truthfully. "
        "Use MultiPoint, MultiLineString or MultiPolygon, or write one event for each place."
    )


def _where_too_deep(text: str) -> int:
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > DEEPEST:
            return match.start()
    return len(text)


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    """Counted from 1, as editors do."""
    line_start = text.rfind("\n", 0, position) + 1
    return text.count("\n", 0, position) + 1, position - line_start + 1


def _refuse_half_characters(value: object) -> None:
    for path, text in _texts(value, ""):
        if match := _SURROGATE.search(text):
            field = path.removeprefix(".properties").removeprefix(".")
            raise InvalidJSON(
                Message(
                    "{field} holds half a character ({code}). Write the whole character instead.",
                    field=field or "The text",
                    code=f"U+{ord(match[0]):04X}",
                ),
                field=field or None,
            )


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text with its path; a key stands for itself, at the path of its object."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield path, key
            yield from _texts(each, f"{path}.{key}")
