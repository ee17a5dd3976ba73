"""What the store holds, as an import needs it: by id, by what it says, and by where and when it was.

Knows when a row is here already, and what it is worth comparing with. What is alike, likeness.py knows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from geoevents.events import Content, Draft, Event, GeoMethod, public_view
from geoevents.folding import name_key
from geoevents.workflows.backends import Backends
from geoevents.workflows.finding import withholds
from geoevents.workflows.likeness import COMPARED, Likeness, likeliest, words_of

# A row that brings no id of its own is known by what stood in its cells.
BY_CONTENT = "row:"
# Degrees: two cells meet wherever two settlements may be one.
_CELL = 0.1
# The longest words of a text tell it from others best.
_TELLING_WORDS = 6
# A word that so many events of one day and cell have tells them apart no more.
_TOO_COMMON = 40
_LONGEST_STRETCH = timedelta(days=7)


class KnownEvents:
    """Every event that is kept, and those of this import so far."""

    def __init__(self, backends: Backends) -> None:
        self._ids: dict[str, tuple[int, ...]] = {}
        self._external: dict[Hashable, str] = {}
        self._sayings: dict[int, str] = {}
        self._near: dict[Hashable, dict[str, list[Event]]] = {}
        self._urls: dict[str, list[Event]] = {}
        for event in backends.store.events():
            self.remember(event)

    def remember(self, event: Event) -> None:
        """Take over an event that is kept, or will be."""
        # A download of ours holds the public view, and coming back it is no news either.
        shown = public_view(event) if withholds(event) else None
        sayings = [_saying(view) for view in (event, shown) if view is not None]
        if _was_looked_up(event):
            # A row that has only a text does not say the name that was found in it.
            sayings.append(_saying(replace(event, place_name=None)))
        self._ids[event.id] = tuple(map(hash, sayings))
        for saying in self._ids[event.id]:
            self._sayings.setdefault(saying, event.id)
        if event.external_id is not None:
            self._external.setdefault(_origin(event), event.id)
        if event.status in COMPARED:
            self._place(event)

    def twin(self, draft: Draft) -> tuple[str, bool] | None:
        """The id of the event that a row already is, and whether it says the same; None if it is new."""
        saying = hash(_saying(draft))
        if draft.id is not None and draft.id in self._ids:
            return draft.id, saying in self._ids[draft.id]
        if draft.external_id is not None and (there := self._external.get(_origin(draft))) is not None:
            # The same cells are the same row, whatever was made of its event since.
            return there, draft.external_id.startswith(BY_CONTENT) or saying in self._ids[there]
        said = self._sayings.get(saying)
        return None if said is None else (said, True)

    def like(self, draft: Draft) -> tuple[Event, Likeness] | None:
        """The event that a new one likely is; one source may tell two events apart by their ids."""
        telling = _telling(draft)
        near: dict[str, Event] = {}
        for key in _keys(draft, around=1):
            for word in telling & (here := self._near.get(key, {})).keys():
                if len(here[word]) < _TOO_COMMON:
                    near |= {event.id: event for event in here[word]}
        for source in draft.sources:
            if source.url is not None and len(same := self._urls.get(source.url, [])) < _TOO_COMMON:
                near |= {event.id: event for event in same}
        return likeliest(draft, (event for event in near.values() if not _told_apart(draft, event)))

    def _place(self, event: Event) -> None:
        telling = _telling(event)
        for key in _keys(event, around=0):
            here = self._near.setdefault(key, {})
            for word in telling:
                here.setdefault(word, []).append(event)
        for source in event.sources:
            if source.url is not None:
                self._urls.setdefault(source.url, []).append(event)


def _keys(content: Content, *, around: int) -> Iterator[Hashable]:
    """What two events have in common that may be one: a day, and a cell, a place id or a name."""
    first = content.date_start - timedelta(days=around)
    last = min(content.date_end or content.date_start, content.date_start + _LONGEST_STRETCH)
    for ahead in range((last - first).days + around + 1):
        day = first + timedelta(days=ahead)
        yield from _on(day, content, around)


def _on(day: date, content: Content, around: int) -> Iterator[Hashable]:
    if content.place_id is not None:
        yield content.place_id, day
    if content.geometry is not None:
        middle = content.geometry.bbox.middle
        column, row = int(middle.lon // _CELL), int(middle.lat // _CELL)
        for right in range(-around, around + 1):
            for up in range(-around, around + 1):
                yield column + right, row + up, day
    elif content.place_name is not None:
        yield name_key(content.place_name), day


def _telling(content: Content) -> frozenset[str]:
    words = sorted(words_of(content), key=lambda word: (-len(word), word))
    return frozenset(words[:_TELLING_WORDS])


def _told_apart(draft: Draft, event: Event) -> bool:
    """Whether one source gave the two ids of their own: it knows its events."""
    ids = (draft.external_id, event.external_id)
    if None in ids or any(each.startswith(BY_CONTENT) for each in ids if each):
        return False
    return _publisher(draft) == _publisher(event)


def _saying(content: Content) -> tuple[Hashable, ...]:
    """What was reported, without what placing added to it: the same before a row lands and after."""
    sources = tuple(
        (source.publisher, source.said_by, source.url, source.quote) for source in content.sources
    )
    return (
        content.kind, content.title, content.description, content.event_type, content.sub_event_type,
        content.date_start, content.date_end, content.occurrence, content.place_name,
        None if _was_looked_up(content) else content.geometry, sources,
    )  # fmt: skip


def _was_looked_up(content: Content) -> bool:
    method = content.geo_method or ""
    return method in (GeoMethod.GAZETTEER, GeoMethod.AREA) or method.startswith(GeoMethod.ONLINE)


def _origin(content: Content) -> tuple[str | None, str | None]:
    if content.external_id is not None and content.external_id.startswith(BY_CONTENT):
        return content.external_id, None
    return content.external_id, _publisher(content)


def _publisher(content: Content) -> str | None:
    return content.sources[0].publisher if content.sources else None
