"""What stands in each field of the form: the text of an event's fields, and of its sources."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from geoevents.events import Content, Kind, Sensitivity, Verification
from geoevents.messages import Message
from geoevents.sources import Source
from geoevents.times import Occurrence
from geoevents.web import languages

# In the order of the form; `lon` and `lat` are those of a point.
FIELDS: dict[str, Message] = {
    "title": Message("In one sentence"),
    "event_type": Message("Type"),
    "sub_event_type": Message("More exactly"),
    "kind": Message("Kind"),
    "description": Message("What is known"),
    "lang": Message("Language of title and text"),
    "date_start": Message("Day, or first day"),
    "date_end": Message("Last day"),
    "occurrence": Message("What the days mean"),
    "place_name": Message("The place, as reported"),
    "place_id": Message("Which place is meant?"),
    "country_code": Message("Country"),
    "admin1": Message("Governorate"),
    "lat": Message("Latitude"),
    "lon": Message("Longitude"),
    "geo_precision": Message("How exactly"),
    "uncertainty_m": Message("Within how many metres"),
    "verification": Message("How sure"),
    "verification_basis": Message("On what that rests"),
    "fatalities_low": Message("Killed, at least"),
    "fatalities_best": Message("Killed, best estimate"),
    "fatalities_high": Message("Killed, at most"),
    "civilian_targeting": Message("Civilians targeted"),
    "sensitivity": Message("What the public may see of the place"),
    "public_text": Message("Text for the public, in place of the description"),
    "content_warning": Message("Content warning"),
    "tags": Message("Tags"),
    "group": Message("Operation it belongs to"),
    "external_id": Message("Your own number for it"),
    "internal_note": Message("Internal note"),
}
SOURCE_FIELDS: dict[str, Message] = {
    "source_publisher": Message("Who published it"),
    "source_published": Message("Published on"),
    "source_url": Message("Address"),
    "source_title": Message("Headline"),
    "source_said_by": Message("Who is quoted"),
    "source_confidential": Message("May it be named?"),
    "source_quote": Message("The words that say so"),
}
# Chosen unless somebody chooses otherwise: what is nearly always the same is not asked for.
DEFAULTS = {
    "kind": Kind.EVENT.value,
    "occurrence": Occurrence.ONCE.value,
    "verification": Verification.UNVERIFIED.value,
    "sensitivity": Sensitivity.EXACT.value,
}
# Where an event is: what of it was not touched in the form is left to the event as it is kept.
PLACE_FIELDS = ("place_id", "country_code", "admin1", "lon", "lat", "geo_precision", "uncertainty_m")
# What was typed stands in quotation marks; outside them, the names that the record has for its fields.
_QUOTED_OR_NAME = re.compile(
    r"'[^']*'|«[^»]*»|(?<![A-Za-z0-9_.])(sources\[\d+\]\.)?([a-z]+(?:_[a-z]+)*[12]?)(?![A-Za-z0-9_])"
)
FURTHER = tuple(FIELDS)[tuple(FIELDS).index("fatalities_low") :]


def texts_of(content: Content) -> dict[str, str]:
    """Every field of an event as the form shows it."""
    texts = {name: _text(getattr(content, name, None)) for name in FIELDS}
    if content.geometry is not None and content.geometry.is_point:
        lon, lat = content.geometry.coordinates[:2]
        texts |= {"lon": _text(lon), "lat": _text(lat)}
    return texts


def in_labels(sentence: str, field: str) -> str:
    """What is wrong with a field, in the labels of the form where the sentence has names of the record."""

    def named(match: re.Match[str]) -> str:
        name = match[2] or match[0][1:-1]
        label = SOURCE_FIELDS.get(f"source_{name}") if match[1] else (FIELDS | SOURCE_FIELDS).get(name)
        # One without "_" may be any word, unless the fault is its own.
        is_name = match[1] or "_" in name or name in ("lon", "lat", field)
        return languages.in_words(Message("“{label}”", label=label)) if label and is_name else match[0]

    return _QUOTED_OR_NAME.sub(named, sentence)


def source_texts_of(content: Content) -> list[dict[str, str]]:
    """The fields of each source; `source_key` says which one of the event it is."""
    return [
        _source_texts(source) | {"source_key": str(index)} for index, source in enumerate(content.sources)
    ]


def _source_texts(source: Source) -> dict[str, str]:
    texts = {name: _text(getattr(source, name.removeprefix("source_"))) for name in SOURCE_FIELDS}
    return texts | {"source_confidential": "yes" if source.confidential else ""}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return str(value)
