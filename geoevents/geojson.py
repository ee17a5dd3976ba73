"""Events as GeoJSON Features: written fast, read back word for word, read strictly from outside.

Knows the Feature of docs/data-format.md. Knows nothing of files, stores or requests.
To add a property: a field in events.py, a reader in record_stored.py and one in _READERS, a row in the docs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from geoevents.errors import BadInput, InvalidEvent, InvalidJSON, NotAnEvent
from geoevents.event_types import Taxonomy
from geoevents.events import Content, Draft, Event, GeoMethod, Kind, Sensitivity, Status, Verification
from geoevents.geometries import Geometry
from geoevents.geometry_checks import check_crs, check_geometry
from geoevents.messages import Message
from geoevents.places import GeoPrecision
from geoevents.record_checks import Values, check, complete
from geoevents.record_fields import (
    MOST_FATALITIES,
    MOST_UNCERTAINTY_M,
    Findings,
    Reader,
    choice,
    country,
    day,
    event_id,
    geo_method,
    language,
    line,
    note,
    place_id,
    status_reason,
    whole_number,
    yes_or_no,
)
from geoevents.record_forms import feature_of_fields, in_form_words
from geoevents.record_parts import about, actors, extra, sources, tags, translations
from geoevents.record_stored import PROPERTIES, READERS, written, written_translations
from geoevents.regions import Certainty
from geoevents.times import Interval, Occurrence, read_instant

# What a download of ours carries, and a writer does not decide: passed over, so that it can be sent back.
MANAGED = ("match_score", "candidates", "chosen_by", "chosen_why", "created", "updated", "version")
# Of these, the names that columns of others have as well.
_NOT_ONLY_OURS = ("created", "updated", "version")
# `match` says how surely a Feature answers a question; what was downloaded so may be sent back as it is.
MEMBERS = ("type", "id", "geometry", "properties", "bbox", "crs", "match")
MATCH_ENDS = {each: f',"match":"{each}"}}'.encode() for each in Certainty}
# Line ends by Unicode but not by JSON: a reader that splits text into lines must find one Feature on each.
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

_READERS: dict[str, Reader] = {
    "kind": choice(Kind),
    "title": line(300),
    "description": note(10_000),
    "lang": language,
    "translations": translations,
    "event_type": line(60),
    "sub_event_type": line(60),
    "date_start": day,
    "date_end": day,
    "occurrence": choice(Occurrence),
    "place_name": line(200),
    "place_id": place_id,
    "place_label": line(300),
    "country_code": country,
    "admin1": line(200),
    "admin2": line(200),
    "geo_precision": choice(GeoPrecision),
    "uncertainty_m": whole_number(MOST_UNCERTAINTY_M, least=1),
    "geo_method": geo_method,
    "about": about,
    "actors": actors,
    "civilian_targeting": yes_or_no,
    "fatalities_low": whole_number(MOST_FATALITIES),
    "fatalities_best": whole_number(MOST_FATALITIES),
    "fatalities_high": whole_number(MOST_FATALITIES),
    "sources": sources,
    "verification": choice(Verification),
    "verification_basis": note(2_000),
    # Merging is not there yet, and by hand an event would be gone without the one it is now part of.
    "status": choice(Status, but=(Status.MERGED,)),
    "status_reason": status_reason,
    "sensitivity": choice(Sensitivity),
    "public_text": note(10_000),
    "content_warning": line(300),
    "tags": tags,
    "group": line(100),
    "external_id": line(200),
    "extra": extra,
    "internal_note": note(10_000),
}
_NEEDED = {
    "title": Message("title is missing. Say in one sentence what happened."),
    "event_type": Message("event_type is missing. Say what kind of event it was."),
    "date_start": Message("date_start is missing. Write the day it happened or began, such as 2024-05-01."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What reading is held against: the team's event types, and the day it is today."""

    taxonomy: Taxonomy
    today: date


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and what the writer should look at though it was taken."""

    draft: Draft
    warnings: tuple[Message, ...] = ()


def feature(event: Event) -> dict[str, Any]:
    """The Feature of an event, every key written, in the order of docs/data-format.md."""
    properties = {name: written(getattr(event, name)) for name in PROPERTIES}
    properties["translations"] = written_translations(event.translations)
    geometry = event.geometry.as_geojson() if event.geometry else None
    return {"type": "Feature", "id": event.id, "geometry": geometry, "properties": properties}


def feature_line(event: Event) -> bytes:
    """The Feature as UTF-8 on one line, without a line end."""
    text = _ENCODER.encode(feature(event))
    return _LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode()


def with_match(line: bytes, certainty: Certainty) -> bytes:
    """
    The Feature of a line that also says how surely it is what was asked for.

    >>> with_match(b'{"type":"Feature","id":"k7dq2m9xwb"}', Certainty.SURELY)
    b'{"type":"Feature","id":"k7dq2m9xwb","match":"surely"}'
    """
    return line[:-1] + MATCH_ENDS[certainty]


def without_match(line: bytes) -> bytes:
    """The line that `with_match` was given, or any other as it is."""
    return next((line.removesuffix(end) + b"}" for end in MATCH_ENDS.values() if line.endswith(end)), line)


def collection(features: Iterable[bytes], **members: object) -> Iterator[bytes]:
    """A FeatureCollection, a Feature a line; `members` of its own are written last."""
    return collection_of(_parted(features), **members)


def collection_of(pieces: Iterable[bytes], **members: object) -> Iterator[bytes]:
    """
    As `collection`, of pieces that hold any number of Features and begin with what parts each from the
    last: a comma, except the first, and a line end.
    """
    yield b'{"type":"FeatureCollection","features":['
    yield from pieces
    tail = "".join(f",{json.dumps(name)}:{json.dumps(value)}" for name, value in members.items())
    yield f"\n]{tail}}}\n".encode()


def _parted(features: Iterable[bytes]) -> Iterator[bytes]:
    before = b"\n"
    for each in features:
        yield before + each
        before = b",\n"


def event_from_feature(obj: object) -> Event:
    """
    The event that `feature()` wrote. Nothing is cleaned, no rule is asked again.

    Raises InvalidEvent, naming the first property that is not what it should be.
    """
    name = "type"
    try:
        if not isinstance(obj, dict) or obj["type"] != "Feature":
            raise TypeError
        values: Values = {}
        for name, value in obj["properties"].items():
            read = READERS[name]
            if value is not None:
                values[name] = read(value)
        name = "id"
        values["id"] = obj["id"]
        if not isinstance(values["id"], str):
            raise TypeError
        name = "geometry"
        geometry = obj["geometry"]
        values["geometry"] = None if geometry is None else Geometry.from_geojson(geometry)
        name = "date_end"
        made = Event(**values)
        Interval(made.date_start, made.date_end)
    except BadInput as problem:
        raise InvalidEvent([BadInput(problem.message, name)]) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidEvent([_not_stored(obj, name, error)]) from None
    return made


def _not_stored(obj: object, name: str, error: Exception) -> BadInput:
    properties = obj.get("properties") if isinstance(obj, dict) else None
    if not isinstance(properties, dict):
        return BadInput(Message("Expected a Feature with its properties."), "type")
    missing = [each for each in (*_NEEDED, "status", "created", "updated") if properties.get(each) is None]
    if name == "date_end" and missing:
        return BadInput(Message("{field} is missing.", field=missing[0]), missing[0])
    if name not in READERS and name in properties:
        return BadInput(Message("'{name}' is not a property of an event.", name=name[:60]), name[:60])
    if isinstance(error, KeyError) and name in MEMBERS:
        return BadInput(Message("{field} is missing.", field=name), name)
    return BadInput(Message("{field} is not what docs/data-format.md says.", field=name), name)


def read_draft(obj: object, rules: Rules) -> Reading:
    """
    A Feature from outside, as what somebody wants kept.

    Raises InvalidEvent with every problem found, InvalidJSON for what is no object at all,
    NotAnEvent for a collection, TooLarge for a geometry beyond what we draw.
    """
    return _read(obj, rules, Findings())


def read_import(obj: object, rules: Rules) -> Reading:
    """
    A Feature another program wrote. As read_draft, but what we have no property for is kept in
    `extra`, a foreign id in `external_id`, and numbers, days and lists may be written as text.
    """
    return _read(obj, rules, Findings(from_texts=True), is_import=True)


def check_properties(properties: Mapping[str, Any], names: Iterable[str]) -> None:
    """That each of these is what a writer may say of it. Raises InvalidEvent with every problem found."""
    findings = Findings()
    for name in names:
        findings.take(_READERS[name], properties.get(name), name)
    if findings.problems:
        raise InvalidEvent(findings.problems)


def draft_from_fields(
    fields: Mapping[str, str | list[str]], rules: Rules, *, base: Content | None = None
) -> Reading:
    """
    The text fields of a form or of a table's row, held against the very same rules (record_forms.py).

    A field left out keeps what `base` has, an empty one clears it. Problems carry the form's own
    names: `lon`, `source_url`. Raises InvalidEvent with every problem found, TooLarge.
    """
    findings = Findings(from_texts=True)
    record = feature_of_fields(fields, findings, base=base)
    try:
        return _read(record, rules, findings)
    except InvalidEvent as refused:
        raise InvalidEvent([in_form_words(problem, fields) for problem in refused.problems]) from None


def _read(obj: object, rules: Rules, findings: Findings, *, is_import: bool = False) -> Reading:
    record = _feature_members(obj, findings)
    properties = _properties(record, findings, is_import=is_import)
    values: Values = {
        name: None if (given := properties.get(name)) is None else findings.take(reader, given, name)
        for name, reader in _READERS.items()
    }
    values["id"] = _id(record, properties, values, findings, is_import=is_import)
    values["geometry"] = _geometry(record, findings)
    if is_import:
        _keep_unknown(values, findings)
    else:
        findings.problems += [_unknown(name) for name in findings.unknown]
    complete(values, findings, method=GeoMethod.IMPORTED if is_import else GeoMethod.TYPED)
    check(values, findings, taxonomy=rules.taxonomy, today=rules.today)
    for name, message in _NEEDED.items():
        if values[name] is None and not any(each.field == name for each in findings.problems):
            findings.refuse(message, name)
    if findings.problems:
        raise InvalidEvent(sorted(findings.problems, key=_place_in_form))
    said = {name: value for name, value in values.items() if value is not None}
    return Reading(Draft(**said), tuple(dict.fromkeys(findings.notes)))


def _feature_members(obj: object, findings: Findings) -> Mapping[str, Any]:
    if not isinstance(obj, Mapping):
        raise InvalidJSON(
            Message('Expected a Feature: {{"type": "Feature", "geometry": ..., "properties": ...}}.')
        )
    if obj.get("type") == "FeatureCollection":
        raise NotAnEvent(
            Message("This is a collection, and one Feature is wanted here. Bring a collection in by import.")
        )
    if obj.get("type") != "Feature":
        findings.refuse(
            Message("Expected a Feature, but type is '{type}'.", type=str(obj.get("type"))[:60]), "type"
        )
    findings.unknown |= {str(name): obj[name] for name in obj if name not in MEMBERS}
    return obj


def _properties(record: Mapping[str, Any], findings: Findings, *, is_import: bool) -> Mapping[str, Any]:
    properties = record.get("properties")
    if not isinstance(properties, Mapping):
        findings.refuse(
            Message("properties must be an object with title, event_type, date_start."), "properties"
        )
        return {}
    known = (*_READERS, *MANAGED, "id")
    theirs = [name for name in _NOT_ONLY_OURS if is_import and not _may_be_ours(name, properties.get(name))]
    findings.unknown |= {
        str(name): value for name, value in properties.items() if name not in known or name in theirs
    }
    return properties


def _may_be_ours(name: str, value: object) -> bool:
    """Whether a property that others use too holds what we would have written, GDAL in between or not."""
    if value is None or name == "version":
        return value is None or str(value).isdecimal()
    try:
        read_instant(str(value).replace("/", "-"))
    except BadInput:
        return False
    return True


def _id(
    record: Mapping[str, Any],
    properties: Mapping[str, Any],
    values: Values,
    findings: Findings,
    *,
    is_import: bool,
) -> str | None:
    # Programs that read a Feature as a table row write its id back among the properties.
    given = [each for each in (record.get("id"), properties.get("id")) if each is not None]
    if len(given) == 2 and given[0] == given[1]:
        given.pop()
    if is_import:
        return _imported_id(given, values, findings)
    if len(given) == 2:
        findings.refuse(Message("id is given twice, in two ways. Keep one of them."), "id")
        return None
    return findings.take(event_id, given[0], "id") if given else None


def _imported_id(given: list[Any], values: Values, findings: Findings) -> str | None:
    """The first that is an id of ours; one that is not becomes external_id, or else is kept in extra."""
    ours = None
    for each in given:
        found = Findings().take(event_id, each, "id") if ours is None else None
        if found is not None:
            ours = found
        elif values.get("external_id") is None:
            values["external_id"] = findings.take(line(200), str(each), "external_id")
        else:
            findings.unknown["id"] = each
    return ours


def _geometry(record: Mapping[str, Any], findings: Findings) -> Geometry | None:
    findings.take(lambda member, _name, _findings: check_crs(member), record.get("crs"), "crs")

    def read(value: object, _name: str, findings: Findings) -> Geometry | None:
        geometry, notes = check_geometry(value)
        findings.notes += notes
        return geometry

    return findings.take(read, record.get("geometry"), "geometry")  # type: ignore[no-any-return]


def _keep_unknown(values: Values, findings: Findings) -> None:
    if findings.unknown:
        kept = dict(values.get("extra") or {}) | findings.unknown
        values["extra"] = findings.take(extra, kept, "extra")


def _unknown(name: str) -> BadInput:
    near = get_close_matches(name.rpartition(".")[2], (*_READERS, *MEMBERS), n=3)
    if near:
        message = Message(
            "'{name}' is not a property here. Did you mean {near}?", name=name[:60], near=", ".join(near)
        )
    else:
        message = Message("'{name}' is not a property here. Other columns go into extra.", name=name[:60])
    return BadInput(message, name[:60])


def _place_in_form(problem: BadInput) -> int:
    order = ("type", "id", *_READERS, "geometry", "properties", "crs")
    first = (problem.field or "").partition("[")[0].partition(".")[0]
    return order.index(first) if first in order else len(order)
