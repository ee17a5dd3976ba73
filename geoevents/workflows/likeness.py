"""Whether an event is likely here already: the same type, days and place, and the same title or source.

Knows a simple, narrow likeness that rarely cries wolf. Knows nothing of merging.
"""

from __future__ import annotations

from enum import StrEnum

from geoevents.events import Content, Event, Status
from geoevents.folding import fold
from geoevents.gazetteers.circles import distance_m
from geoevents.places import LonLat
from geoevents.queries import EventQuery
from geoevents.workflows.backends import Backends

_COMPARED = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)


class OnLikeness(StrEnum):
    """What to do where an event looks like one we have: ask a person, add it and warn, or just add it."""

    ASK = "ask"
    WARN = "warn"
    IGNORE = "ignore"


def alike(content: Content, backends: Backends) -> tuple[Event, ...]:
    """Events that a new one looks like, unpublished ones included: for the eyes of writers only."""
    near = EventQuery(event_types=(content.event_type,), interval=content.interval, statuses=_COMPARED)
    return tuple(
        event
        for event in backends.store.rows.near(content, near)
        if _same_place(content, event) and _same_report(content, event)
    )


def _same_report(first: Content, second: Content) -> bool:
    addresses = {source.url for source in first.sources if source.url}
    return fold(first.title) == fold(second.title) or any(
        source.url in addresses for source in second.sources
    )


def _same_place(first: Content, second: Content) -> bool:
    if first.place_id is not None and first.place_id == second.place_id:
        return True
    if first.geometry is None or second.geometry is None:
        return first.geometry is second.geometry and fold(first.place_name or "") == fold(
            second.place_name or ""
        )
    within = max(first.uncertainty_m or 0, second.uncertainty_m or 0, 100)
    return distance_m(_middle(first), _middle(second)) <= within


def _middle(content: Content) -> LonLat:
    assert content.geometry is not None
    return content.geometry.bbox.middle
