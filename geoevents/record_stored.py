"""One property of an event at a time: how our own file writes it, and reads it back word for word.

Knows what each property is in JSON. Knows nothing of limits, rules or cleaning: they were met on the way in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from geoevents.events import (
    About,
    AboutRole,
    Actor,
    ActorRole,
    Kind,
    Sensitivity,
    Status,
    Translation,
    Verification,
)
from geoevents.places import GeoPrecision, LonLat
from geoevents.sources import Source
from geoevents.times import Occurrence, instant, read_instant


def _is(*kinds: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in kinds:
            raise TypeError
        return value

    return read


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


_text = _is(str)
_whole = _is(int)
_yes_no = _is(bool)
_some_text = _optional(_text)
_mapping = _is(dict)


def _day(value: Any) -> date:
    # fromisoformat() alone also takes 20220120 and 2022-W03-4.
    if len(value) != 10 or value[4] != "-" or value[7] != "-":
        raise ValueError
    return date.fromisoformat(value)


def _instant(value: Any) -> datetime:
    return read_instant(_text(value))


def _number(value: Any) -> float:
    return float(_is(float, int)(value))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(each) for each in _is(list)(value))


def _mappings(value: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple(_mapping(each) for each in _is(list)(value))


def _exactly(entry: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    if unknown := _mapping(entry).keys() - set(keys):
        raise KeyError(min(unknown))
    return entry  # type: ignore[no-any-return]


_TRANSLATION_KEYS = ("title", "description")
_ACTOR_KEYS = ("name", "actor_id", "role")
_ABOUT_KEYS = ("place_id", "place_label", "lon", "lat", "role")
_SOURCE_READERS: dict[str, Callable[[Any], Any]] = {
    "publisher": _some_text,
    "said_by": _some_text,
    "title": _some_text,
    "url": _some_text,
    "archived_url": _some_text,
    "published": _optional(_day),
    "accessed": _optional(_day),
    "quote": _some_text,
    "report_id": _some_text,
    "confidential": _yes_no,
    "says": _optional(_mapping),
}
SOURCE_KEYS = tuple(_SOURCE_READERS)


def _translations(value: Any) -> tuple[Translation, ...]:
    return tuple(_translation(lang, entry) for lang, entry in _mapping(value).items())


def _translation(lang: str, entry: Any) -> Translation:
    found = _exactly(entry, _TRANSLATION_KEYS)
    return Translation(
        lang=lang, title=_some_text(found.get("title")), description=_some_text(found.get("description"))
    )


def _actors(value: Any) -> tuple[Actor, ...]:
    return tuple(_actor(_exactly(entry, _ACTOR_KEYS)) for entry in _is(list)(value))


def _actor(entry: dict[str, Any]) -> Actor:
    return Actor(
        name=_text(entry["name"]), actor_id=_some_text(entry.get("actor_id")), role=ActorRole(entry["role"])
    )


def _about(value: Any) -> tuple[About, ...]:
    return tuple(_one_about(_exactly(entry, _ABOUT_KEYS)) for entry in _is(list)(value))


def _one_about(entry: dict[str, Any]) -> About:
    lon, lat = entry.get("lon"), entry.get("lat")
    return About(
        place_id=_some_text(entry.get("place_id")),
        place_label=_some_text(entry.get("place_label")),
        position=None if lon is None and lat is None else LonLat(lon=_number(lon), lat=_number(lat)),
        role=AboutRole(entry["role"]),
    )


def _sources(value: Any) -> tuple[Source, ...]:
    return tuple(_source(_exactly(entry, SOURCE_KEYS)) for entry in _is(list)(value))


def _source(entry: dict[str, Any]) -> Source:
    return Source(**{key: _SOURCE_READERS[key](value) for key, value in entry.items()})


# Every property of a Feature in the order it is written; null is left to the field's default.
READERS: dict[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "title": _text,
    "description": _text,
    "lang": _text,
    "translations": _translations,
    "event_type": _text,
    "sub_event_type": _text,
    "date_start": _day,
    "date_end": _day,
    "occurrence": Occurrence,
    "place_name": _text,
    "place_id": _text,
    "place_label": _text,
    "country_code": _text,
    "admin1": _text,
    "admin2": _text,
    "geo_precision": GeoPrecision,
    "uncertainty_m": _whole,
    "geo_method": _text,
    "match_score": _number,
    "candidates": _mappings,
    "chosen_by": _text,
    "chosen_why": _text,
    "about": _about,
    "actors": _actors,
    "civilian_targeting": _yes_no,
    "fatalities_low": _whole,
    "fatalities_best": _whole,
    "fatalities_high": _whole,
    "sources": _sources,
    "verification": Verification,
    "verification_basis": _text,
    "status": Status,
    "status_reason": _text,
    "sensitivity": Sensitivity,
    "public_text": _text,
    "content_warning": _text,
    "tags": _texts,
    "group": _text,
    "external_id": _text,
    "extra": _mapping,
    "internal_note": _text,
    "created": _instant,
    "updated": _instant,
    "version": _whole,
}
PROPERTIES = tuple(READERS)


def written(value: Any) -> Any:
    """A property's value as JSON has it."""
    if value is None or type(value) in (str, int, float, bool, dict):
        return value
    writer = _WRITERS.get(type(value))
    return writer(value) if writer else value


def written_translations(translations: tuple[Translation, ...]) -> dict[str, dict[str, str | None]]:
    return {each.lang: {"title": each.title, "description": each.description} for each in translations}


def _written_actor(actor: Actor) -> dict[str, Any]:
    return {"name": actor.name, "actor_id": actor.actor_id, "role": actor.role.value}


def _written_about(about: About) -> dict[str, Any]:
    return {
        "place_id": about.place_id,
        "place_label": about.place_label,
        "lon": about.position.lon if about.position else None,
        "lat": about.position.lat if about.position else None,
        "role": about.role.value,
    }


def _written_source(source: Source) -> dict[str, Any]:
    return {key: written(getattr(source, key)) for key in SOURCE_KEYS}


def _value(member: StrEnum) -> str:
    return member.value


_WRITERS: dict[type, Callable[[Any], Any]] = {
    tuple: lambda parts: [written(each) for each in parts],
    date: date.isoformat,
    datetime: instant,
    Actor: _written_actor,
    About: _written_about,
    Source: _written_source,
    Kind: _value,
    Occurrence: _value,
    GeoPrecision: _value,
    Verification: _value,
    Status: _value,
    Sensitivity: _value,
}
