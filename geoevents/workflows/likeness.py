"""Whether an event is likely here already: near in space and time, alike in type, actors or words.

Knows how alike two events are, and why. Knows nothing of merging.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from geoevents.events import Content, Event, Status
from geoevents.folding import fold
from geoevents.gazetteers.circles import distance_m
from geoevents.messages import Message
from geoevents.places import LonLat
from geoevents.queries import EventQuery
from geoevents.workflows.backends import Backends

COMPARED = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)
# Two positions that are said exactly are still this uncertain; two vague ones are still not one place.
_LEAST_M, _MOST_M = 100, 25_000
# How alike the words of two reports of one event are, at least, by what else they share (see `_wanted`).
_ALONE, _SAME_TYPE, _SAME_ACTORS = 0.6, 0.45, 0.25
_LITTLE = 5
_MANY_WORDS = 200


class OnLikeness(StrEnum):
    """What to do where an event looks like one we have: ask a person, add it and warn, or just add it."""

    ASK = "ask"
    WARN = "warn"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike, 0 to 1, and why, for a person."""

    score: float
    why: Message


def alike(content: Content, backends: Backends) -> tuple[Event, ...]:
    """Events that a new one looks like, unpublished ones included: for the eyes of writers only."""
    near = EventQuery(event_types=(content.event_type,), interval=content.interval, statuses=COMPARED)
    return tuple(
        event
        for event in backends.store.rows.near(content, near)
        if (_same_place(content, event) and _same_report(content, event))
        or likeness(content, event) is not None
    )


def likeness(one: Content, other: Content) -> Likeness | None:
    """
    How alike two events are that may be one, None where they are not: another kind, days apart, further apart
    than both may be off, or nothing said that is the same.
    """
    if one.kind is not other.kind or days_apart(one, other) > 1 or not may_be_one_place(one, other):
        return None
    words = wording(one, other)
    if {source.url for source in one.sources if source.url} & {source.url for source in other.sources}:
        # One report often tells of several events: its address says little where the words differ.
        if words >= _SAME_ACTORS or one.event_type == other.event_type:
            return Likeness(0.9 + words / 10, Message("the same place, days and source address"))
        return None
    if fold(one.title) == fold(other.title):
        return Likeness(0.85 + words / 10, Message("the same title, place and days"))
    if words < _wanted(one, other):
        return None
    return Likeness(words, Message("near in place and time, and told in much the same words"))


def days_apart(one: Content, other: Content) -> int:
    """Days between two stretches of days, 0 where they meet. One that lasts is compared by its beginning."""
    first, second = ((each.date_start, each.date_end or each.date_start) for each in (one, other))
    return max(0, (second[0] - first[1]).days, (first[0] - second[1]).days)


def may_be_one_place(one: Content, other: Content) -> bool:
    """Whether two events may have been at one place, by how far off each of them may be."""
    if one.place_id is not None and one.place_id == other.place_id:
        return True
    if one.geometry is None or other.geometry is None:
        named = fold(one.place_name or "")
        return bool(named) and named == fold(other.place_name or "")
    reach = min((one.uncertainty_m or 0) + (other.uncertainty_m or 0), _MOST_M)
    first, second = _middle(one), _middle(other)
    if distance_m(first, second) <= max(reach, _LEAST_M):
        return True
    # An area holds what lies in it.
    return any(
        not whole.geometry.is_point and whole.geometry.bbox.contains(middle)
        for whole, middle in ((one, second), (other, first))
        if whole.geometry is not None
    )


def wording(one: Content, other: Content) -> float:
    """The share of words that two reports have in common, 0 to 1: of the shorter, where it says enough."""
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return 0.0
    shared, fewer = len(first & second), min(len(first), len(second))
    numbers, others = ({word for word in words if word.isdecimal()} for words in (first, second))
    # Other numbers on both sides are other tolls, or other rows of one form.
    apart = 0.5 if numbers - others and others - numbers else 1.0
    if fewer < _LITTLE:
        # A few words are alike in many reports: only all of them tell something, and that the titles say.
        return apart * 0.4 * shared / len(first | second)
    return apart * shared / fewer


def words_of(content: Content) -> frozenset[str]:
    """The words of title and description that say something."""
    return _words(content.title, content.description or "")


def _wanted(one: Content, other: Content) -> float:
    """How alike the words must be, the less the more else is."""
    if one.event_type != other.event_type:
        return _ALONE
    first, second = ({fold(each.name) for each in content.actors} for content in (one, other))
    return _SAME_ACTORS if first & second else _SAME_TYPE


@lru_cache(maxsize=4_096)
def _words(title: str, description: str) -> frozenset[str]:
    words = fold(f"{title} {description}").split()[:_MANY_WORDS]
    return frozenset(word for word in words if len(word) > 2 or word.isdecimal())


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


def likeliest(content: Content, among: Iterable[Event]) -> tuple[Event, Likeness] | None:
    """The event that a new one looks most like, and how much."""
    found = [(event, how) for event in among if (how := likeness(content, event)) is not None]
    return max(found, key=lambda each: each[1].score, default=None)


def _middle(content: Content) -> LonLat:
    assert content.geometry is not None
    return content.geometry.bbox.middle
