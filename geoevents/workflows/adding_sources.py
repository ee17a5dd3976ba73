"""More on an event that is here: another source beside those it has, with what that one says for itself.

Knows what a source `says` where it differs. Knows nothing of how the two were found to be one event.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from geoevents.errors import BadInput, InvalidEvent
from geoevents.events import Content, Draft, Event
from geoevents.messages import Message
from geoevents.sources import Source
from geoevents.workflows.backends import Backends


def add_sources(event_id: str, draft: Draft, backends: Backends, *, by: str, why: str | None = None) -> Event:
    """
    The event with the sources of a draft that it did not have. Nothing else of it is changed.

    Raises EventNotFound, EventChanged, InvalidEvent for a draft without a source.
    """
    event = backends.store.get(event_id)
    if not draft.sources:
        problem = Message("It names no source, so it adds nothing to {id}. Say who says so.", id=event_id)
        raise InvalidEvent([BadInput(problem, "sources")])
    told = [_telling(source, draft, event) for source in draft.sources]
    known = {_who(source) for source in event.sources}
    new = tuple(source for source in told if _who(source) not in known)
    if not new:
        return event
    wanted = replace(event.as_draft(), sources=event.sources + new)
    revised = wanted.to_revision_of(event, now=backends.now(), status=event.status)
    return backends.store.replace(revised, expected_version=event.version, by=by, why=why)


def _who(source: Source) -> tuple[str | None, ...]:
    return source.publisher, source.said_by, source.url, source.quote


def _telling(source: Source, draft: Content, event: Content) -> Source:
    """The source with what it says of date, place and toll, where that is not what the event says."""
    says: dict[str, Any] = dict(source.says or {})
    if draft.date_start != event.date_start:
        says.setdefault("date", draft.date_start.isoformat())
    if draft.place_name and draft.place_name != event.place_name:
        says.setdefault("place", draft.place_name)
    if draft.fatalities_best is not None and draft.fatalities_best != event.fatalities_best:
        says.setdefault("fatalities", draft.fatalities_best)
    return replace(source, says=says or None)
