"""The parts of an event that have parts: translations, actors, sources, what it is about, unknown columns.

Knows their shape and limits. Knows nothing of Features or of what two fields say together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from geoevents.errors import BadInput
from geoevents.events import About, AboutRole, Actor, ActorRole, Translation
from geoevents.jsonio import read_json
from geoevents.messages import Message
from geoevents.places import LonLat
from geoevents.record_fields import (
    MOST_FATALITIES,
    Findings,
    Reader,
    choice,
    code,
    day,
    degrees,
    language,
    line,
    note,
    place_id,
    web_address,
    whole_number,
    yes_or_no,
)
from geoevents.sources import Source
from geoevents.texts import clean_text

MOST_PARTS = 100
MOST_TAGS = 50
LONGEST_TAG = 100
LONGEST_EXTRA = 20_000
# Well below what jsonio reads: a collection around the event adds some levels of its own.
DEEPEST_EXTRA = 20

Part = TypeVar("Part")

_TRANSLATION: dict[str, Reader] = {"title": line(300), "description": note(10_000)}
_ACTOR: dict[str, Reader] = {"name": line(200), "actor_id": code, "role": choice(ActorRole)}
_ABOUT: dict[str, Reader] = {
    "place_id": place_id,
    "place_label": line(300),
    "lon": degrees,
    "lat": degrees,
    "role": choice(AboutRole),
}
_SAYS: dict[str, Reader] = {"date": day, "place": line(200), "fatalities": whole_number(MOST_FATALITIES)}


def translations(value: object, name: str, findings: Findings) -> tuple[Translation, ...]:
    """{language: {title, description}}"""
    made: list[Translation] = []
    for key, entry in _object(value, name, findings).items():
        field = f"{name}.{key[:40]}"
        lang = findings.take(language, key, field)
        parts = findings.take(_translation, entry, field)
        if any(each.lang == lang for each in made):
            findings.refuse(Message("{field} is given twice. Keep one of them.", field=field), field)
        elif lang and parts:
            made.append(Translation(lang=lang, **parts))
    return tuple(made)


def actors(value: object, name: str, findings: Findings) -> tuple[Actor, ...]:
    """[{name, actor_id, role}]"""
    return _list_of(_actor, value, name, findings)


def about(value: object, name: str, findings: Findings) -> tuple[About, ...]:
    """[{place_id, place_label, lon, lat, role}]"""
    return _list_of(_about, value, name, findings)


def sources(value: object, name: str, findings: Findings) -> tuple[Source, ...]:
    """[{publisher, said_by, title, url, ...}]"""
    return _list_of(_source, value, name, findings)


def tags(value: object, name: str, findings: Findings) -> tuple[str, ...]:
    """Words, each once; as text they are separated by commas, so none holds one."""
    if findings.from_texts and isinstance(value, str) and not value.lstrip().startswith("["):
        value = value.replace("،", ",").split(",")
    made: dict[str, None] = {}
    for index, each in enumerate(_list(value, name, findings, most=MOST_TAGS)):
        field = f"{name}[{index}]"
        tag = findings.take(line(LONGEST_TAG), each, field)
        if tag and "," in tag:
            findings.refuse(Message("The tag '{tag}' holds a comma. Make two tags of it.", tag=tag), field)
        elif tag:
            made[tag] = None
    return tuple(made)


def extra(value: object, name: str, findings: Findings) -> Mapping[str, Any]:
    """Whatever an import's columns held, as JSON values; none of it is read."""
    found = _object(value, name, findings)
    size = len(json.dumps(found, ensure_ascii=False, default=str))
    if size > LONGEST_EXTRA:
        raise BadInput(
            Message(
                "{field} has {count} characters; {limit} are the most.",
                field=name,
                count=size,
                limit=LONGEST_EXTRA,
            ),
            name,
        )
    if _depth(found) > DEEPEST_EXTRA:
        raise BadInput(
            Message("{field} is nested deeper than {limit}. Flatten it.", field=name, limit=DEEPEST_EXTRA),
            name,
        )
    for key, each in found.items():
        _check_texts(key, f"{name}.{key[:60]}")
        _check_texts(each, f"{name}.{key[:60]}")
    return found


def _translation(entry: object, name: str, findings: Findings) -> dict[str, Any]:
    parts = _parts(entry, name, findings, _TRANSLATION)
    return parts if any(parts.values()) else {}


def _actor(entry: object, name: str, findings: Findings) -> Actor | None:
    parts = _parts(entry, name, findings, _ACTOR)
    for needed in ("name", "role"):
        if not parts.get(needed) and not _is_blamed(findings, f"{name}.{needed}"):
            findings.refuse(
                Message("{field} is missing. An actor has a name and a role.", field=f"{name}.{needed}"),
                f"{name}.{needed}",
            )
    return Actor(**parts) if parts.get("name") and parts.get("role") else None


def _about(entry: object, name: str, findings: Findings) -> About | None:
    parts = _parts(entry, name, findings, _ABOUT)
    lon, lat = parts.pop("lon", None), parts.pop("lat", None)
    if (lon is None) != (lat is None):
        missing = f"{name}.{'lon' if lon is None else 'lat'}"
        if not _is_blamed(findings, missing):
            findings.refuse(
                Message("{field} is missing. Give lon and lat, or neither.", field=missing), missing
            )
        return None
    position = None if lon is None else LonLat(lon=lon, lat=lat)
    if position is None and not parts.get("place_id") and not parts.get("place_label"):
        findings.refuse(
            Message("{field} names no place. Give a place_id or a place_label.", field=name), name
        )
        return None
    return About(
        place_id=parts.get("place_id"),
        place_label=parts.get("place_label"),
        position=position,
        role=parts.get("role") or AboutRole.CONCERNS,
    )


def _source(entry: object, name: str, findings: Findings) -> Source | None:
    before = len(findings.problems)
    parts = {key: value for key, value in _parts(entry, name, findings, _SOURCE).items() if value is not None}
    if not any(key in parts for key in _SAYS_WHO) and len(findings.problems) == before:
        findings.refuse(
            Message(
                "{field} says nothing. Give a publisher, who said it, an address or a quote.", field=name
            ),
            name,
        )
        return None
    return Source(**parts)


_SAYS_WHO = ("publisher", "said_by", "title", "url", "archived_url", "quote", "report_id")


def _says(value: object, name: str, findings: Findings) -> Mapping[str, Any] | None:
    parts = {key: each for key, each in _parts(value, name, findings, _SAYS).items() if each is not None}
    return {key: each.isoformat() if isinstance(each, date) else each for key, each in parts.items()} or None


_SOURCE: dict[str, Reader] = {
    "publisher": line(200),
    "said_by": line(200),
    "title": line(300),
    "url": web_address,
    "archived_url": web_address,
    "published": day,
    "accessed": day,
    "quote": note(5_000),
    "report_id": code,
    "confidential": yes_or_no,
    "says": _says,
}


def part_names() -> dict[str, tuple[str, ...]]:
    """The keys of every nested part, in the order they are written."""
    return {
        "translations": tuple(_TRANSLATION),
        "about": tuple(_ABOUT),
        "actors": tuple(_ACTOR),
        "sources": tuple(_SOURCE),
        "sources.says": tuple(_SAYS),
    }


def _parts(value: object, name: str, findings: Findings, readers: Mapping[str, Reader]) -> dict[str, Any]:
    entry = _object(value, name, findings)
    for key in entry:
        if key not in readers:
            findings.unknown[f"{name}.{key[:60]}"] = entry[key]
    return {
        key: None if (given := entry.get(key)) is None else findings.take(reader, given, f"{name}.{key}")
        for key, reader in readers.items()
    }


def _list_of(
    read: Callable[[object, str, Findings], Part | None], value: object, name: str, findings: Findings
) -> tuple[Part, ...]:
    entries = enumerate(_list(value, name, findings, most=MOST_PARTS))
    made = (findings.take(read, entry, f"{name}[{index}]") for index, entry in entries)
    return tuple(each for each in made if each is not None)


def _object(value: object, name: str, findings: Findings) -> Mapping[str, Any]:
    value = _unwrapped(value, name, findings)
    if not isinstance(value, Mapping):
        raise BadInput(Message("{field} must be an object in braces.", field=name), name)
    return value


def _list(value: object, name: str, findings: Findings, *, most: int) -> list[Any]:
    value = _unwrapped(value, name, findings)
    if not isinstance(value, (list, tuple)):
        raise BadInput(Message("{field} must be a list in brackets.", field=name), name)
    if len(value) > most:
        raise BadInput(
            Message(
                "{field} has {count} entries; {limit} are the most.", field=name, count=len(value), limit=most
            ),
            name,
        )
    return list(value)


def _unwrapped(value: object, name: str, findings: Findings) -> object:
    """A nested part that a table or another program keeps as text."""
    if not (findings.from_texts and isinstance(value, str)):
        return value
    try:
        return read_json(value.encode("utf-8", "replace"))
    except BadInput:
        raise BadInput(Message("{field} must be JSON, a list or an object.", field=name), name) from None


def _check_texts(value: object, name: str) -> None:
    """Raise BadInput for what no text may hold; what is odd but legal stays as it came."""
    if isinstance(value, str):
        clean_text(value, name, limit=LONGEST_EXTRA, multiline=True)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _check_texts(each, name)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _check_texts(str(key), name)
            _check_texts(each, name)


def _depth(value: object) -> int:
    if isinstance(value, Mapping):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, (list, tuple)):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _is_blamed(findings: Findings, name: str) -> bool:
    return any(problem.field == name for problem in findings.problems)
