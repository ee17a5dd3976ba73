"""Change things by JSON: one Feature at a time, in and out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from geoevents import workflows
from geoevents.errors import EventChanged
from geoevents.events import Draft, Event
from geoevents.geojson import Reading, Rules, feature, read_draft
from geoevents.jsonio import read_json
from geoevents.messages import Message
from geoevents.web import answers, asking, error_pages, headers, languages, links, reading, writers
from geoevents.workflows import Added, LooksDuplicate, NeedsPlace, OnLikeness, PositionInDoubt, Seen

JSON_TYPES = ("application/geo+json", "application/json")
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_IF_MATCH = re.compile(r'"(?P<version>[1-9][0-9]{0,8})(?:\.(?:(?P<internal>internal)|[0-9a-f]{20}))?"')


def is_json() -> bool:
    return request.mimetype in JSON_TYPES


def must_be_form() -> None:
    """Raise UnsupportedMediaType (415) unless a form was sent."""
    if request.mimetype not in FORM_TYPES:
        raise UnsupportedMediaType


def rules() -> Rules:
    """What reading is held against today."""
    house = reading.backends()
    return Rules(taxonomy=house.taxonomy, today=house.now().date())


def create() -> Response:
    """POST /events with a Feature: 201, never refused for likeness."""
    asking.view_of()
    read = _body()
    outcome = workflows.add(
        read.draft,
        reading.backends(),
        by=writers.BY,
        on_likeness=OnLikeness.WARN,
        is_decided=_is_decided(read.draft),
    )
    match outcome:
        case Added(event, warnings):
            made = _kept(event, (*read.warnings, *warnings), 201)
            made.headers["Location"] = links.own_address("browse.event", event_id=event.id)
            return made
        case _:
            return _asks_back(outcome)


def _is_decided(draft: Draft) -> bool:
    """Coordinates in JSON are a program's; a candidate that is sent back was chosen by somebody."""
    return draft.geometry is None


def put(event_id: str) -> Response:
    """PUT /events/ID with a Feature and If-Match."""
    condition = _if_match()
    if condition is None:
        return _needs_if_match()
    version, seen = condition
    if not is_json():
        raise UnsupportedMediaType
    read = _body()
    try:
        outcome = workflows.edit(
            event_id,
            read.draft,
            reading.backends(),
            version=version,
            by=writers.BY,
            seen=seen,
            is_decided=_is_decided(read.draft),
        )
    except EventChanged as error:
        return _stale(error, yours=feature_sent())
    match outcome:
        case Added(event, warnings):
            return _kept(event, (*read.warnings, *warnings), 200)
        case _:
            return _asks_back(outcome)


def delete(event_id: str) -> Response:
    """DELETE /events/ID?reason=… with If-Match: retract, which readers see."""
    condition = _if_match()
    if condition is None:
        return _needs_if_match()
    try:
        outcome = workflows.retract(
            event_id,
            reading.backends(),
            reason=request.args.get("reason", ""),
            version=condition[0],
            by=writers.BY,
        )
    except EventChanged as error:
        return _stale(error, yours=None)
    return _kept(outcome.event, outcome.warnings, 200)


def feature_sent() -> object:
    return read_json(request.get_data())


def _body() -> Reading:
    return read_draft(feature_sent(), rules())


def _if_match() -> tuple[int, Seen] | None:
    """The version named, and the view it was read in. "*" names none: it would overwrite what nobody read."""
    match = _IF_MATCH.fullmatch(request.headers.get("If-Match", "").strip().removeprefix("W/"))
    if match is None:
        return None
    return int(match["version"]), Seen.INTERNAL if match["internal"] else Seen.PUBLIC


def _needs_if_match() -> Response:
    detail = Message('Say in If-Match which version you have read: the ETag of the event, such as "3".')
    return error_pages.problem(428, detail, field="If-Match")


def _stale(error: EventChanged, *, yours: object) -> Response:
    assert isinstance(error.current, Event)
    current = answers.as_seen(error.current)
    answer = error_pages.problem(412, error.message, field="If-Match", current=feature(current), yours=yours)
    return answers.with_version(answer, current)


def _kept(event: Event, warnings: Sequence[Message], status: int) -> Response:
    said = [languages.in_words(warning) for warning in warnings]
    return answers.event_answer(answers.as_seen(event), status, warnings=said)


def _asks_back(outcome: NeedsPlace | LooksDuplicate | PositionInDoubt) -> Response:
    """A name with several meanings, or none: the choices, never a silent pick."""
    assert isinstance(outcome, NeedsPlace)
    found = outcome.resolution
    warnings = [languages.in_words(note) for note in outcome.notes]
    if found.candidates:
        detail = Message(
            "'{name}' may mean several places. Send place_id with one of the candidates, a geometry, "
            "or geo_precision unlocated.",
            name=found.query,
        )
    else:
        detail = Message(
            "'{name}' is no place we know. Nearest names: {names}. Correct it, send a geometry, "
            "geo_precision unlocated, or status draft.",
            name=found.query, names=", ".join(found.suggestions) or "–",
        )  # fmt: skip
    # A problem has a status of its own, which is a number.
    known = {name: value for name, value in found.as_json().items() if name != "status"}
    answer = error_pages.problem(422, detail, field="place_name", warnings=warnings, **known)
    return headers.keep_private(answer)
