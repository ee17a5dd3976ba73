"""What the store holds, as an import needs it: by id, by what it says, and by where and when it was.

Knows when a row is here already, and what it is worth comparing with. What is alike, likeness.py knows.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from math import cos, radians

from geoevents.events import Content, Draft, Event, GeoMethod, public_view
from geoevents.folding import fold, name_key
from geoevents.workflows.backends import Backends
from geoevents.workflows.finding import withholds
from geoevents.workflows.likeness import COMPARED, Likeness, likeliest, words_of

# A row that brings no id of its own is known by what stood in its cells.
BY_CONTENT = "row:"
# The form of an id that is a mere number, which many registers give.
_NUMBERS = "#"
_DIGITS = re.compile(r"\d+")
# Degrees. What is known as exactly as a town is kept in one cell, what is vaguer in all that it may be in.
_CELL = 0.1
_EXACT_M = 3_000
_VAGUEST_M = 25_000
_DEGREE_M = 111_000
# The longest words of a text tell it from others best.
_TELLING_WORDS = 4
# A word that so many events of one day and cell have tells them apart no more.
_TOO_COMMON = 40
_LONGEST_STRETCH = timedelta(days=7)


class KnownEvents:
    """
    Every event that is kept, and those of this import so far.

    Of each only what it is found by is held; one that is worth comparing is read from the store again.
    """

    def __init__(self, backends: Backends) -> None:
        self._store = backends.store
        self._ids: dict[str, tuple[int, ...]] = {}
        self._external: dict[Hashable, str] = {}
        self._sayings: dict[int, str] = {}
        self._near: dict[int, list[str]] = {}
        self._new: dict[str, Event] = {}
        self._not_near_yet: list[str] = []
        self._told_apart_here: set[str] = set()
        self._has_strangers = False
        self._registers: set[str | None] = set()
        self._read = lru_cache(maxsize=10_000)(backends.store.get)
        for event in backends.store.events():
            self._take_over(event)
            self._lay(event)
            self._registers.add(_register(event))

    def remember(self, event: Event) -> None:
        """Take over an event that will be kept."""
        self._new[event.id] = event
        self._take_over(event)
        self._not_near_yet.append(event.id)
        if _register(event) is None:
            self._has_strangers = True
        else:
            self._told_apart_here.add(event.id)

    def is_kept(self) -> None:
        """Say that all of them are in the store now."""
        self._new.clear()

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
        register = _register(draft)
        if register is not None and not self._has_strangers and self._registers <= {register} - {_NUMBERS}:
            return None
        for event_id in self._not_near_yet:
            self._lay(self._event(event_id))
        self._not_near_yet.clear()
        near: set[str] = set()
        for key in _keys(draft, around=1):
            here = self._near.get(key, ())
            if len(here) < _TOO_COMMON:
                near.update(here)
        events = map(self._event, sorted(near))
        return likeliest(draft, (event for event in events if not self._are_told_apart(draft, event)))

    def _are_told_apart(self, draft: Draft, event: Event) -> bool:
        """Whether both have an id of one register, or of one file: whoever keeps it knows its events."""
        register = _register(draft)
        if register is None or (theirs := _register(event)) is None:
            return False
        if event.id in self._told_apart_here or _publisher(draft) == _publisher(event):
            return True
        return register == theirs != _NUMBERS

    def _event(self, event_id: str) -> Event:
        return self._new.get(event_id) or self._read(event_id)

    def _take_over(self, event: Event) -> None:
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

    def _lay(self, event: Event) -> None:
        """Lay it where events near it will look for it."""
        if event.status in COMPARED:
            for key in _keys(event, around=0):
                self._near.setdefault(key, []).append(event.id)


def _keys(content: Content, *, around: int) -> Iterator[int]:
    """
    What two events have in common that may be one: an address; or a day, one of their longest words or the
    title, and a cell, a place id or a name. `around` is how many days and cells beside are looked at.
    """
    yield from (hash(source.url) for source in content.sources if source.url is not None)
    words = sorted(words_of(content), key=lambda word: (-len(word), word))[:_TELLING_WORDS]
    words.append(f"={fold(content.title)}")
    last = min(content.date_end or content.date_start, content.date_start + _LONGEST_STRETCH).toordinal()
    days = range(content.date_start.toordinal() - around, last + around + 1)
    for place in _places(content, around):
        for day in days:
            for word in words:
                yield hash((place, day, word))


def _places(content: Content, around: int) -> Iterator[Hashable]:
    if content.place_id is not None:
        yield content.place_id
    if content.geometry is not None:
        middle, off = content.geometry.bbox.middle, min(content.uncertainty_m or 0, _VAGUEST_M)
        reach = (off + _EXACT_M if around else max(off - _EXACT_M, 0)) / _DEGREE_M
        aside = reach / max(cos(radians(middle.lat)), 0.1)
        for column in range(_cell(middle.lon - aside), _cell(middle.lon + aside) + 1):
            for row in range(_cell(middle.lat - reach), _cell(middle.lat + reach) + 1):
                yield column, row
    elif content.place_name is not None:
        yield name_key(content.place_name)


def _cell(degrees: float) -> int:
    return int(degrees // _CELL)


def _register(content: Content) -> str | None:
    """
    The form of an id that a row brought, "SYR#" of SYR17: those of one register have one form. None without.
    """
    own = content.external_id
    return None if own is None or own.startswith(BY_CONTENT) else _DIGITS.sub(_NUMBERS, own)


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
