"""Events in every order that is asked for, filtered, counted and paged.

Knows queries, orders and page marks. Knows nothing of files, nor of what is public: it lists what it gets.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from geoevents.errors import InvalidQuery
from geoevents.events import Event
from geoevents.folding import fold
from geoevents.messages import Message
from geoevents.queries import EventPage, EventQuery
from geoevents.times import instant

# The id makes every key different, so that a page mark names one place between two events.
Key = tuple[str, str, str]
# A mark carries its key through a URL: 400 characters at most (queries.py), four a letter at worst.
_TITLE_LETTERS = 48


def _by_day(event: Event) -> Key:
    return (event.date_start.isoformat(), instant(event.created), event.id)


def _by_update(event: Event) -> Key:
    return (instant(event.updated), "", event.id)


def _by_title(event: Event) -> Key:
    return (fold(event.title)[:_TITLE_LETTERS], "", event.id)


_KEYS: dict[str, Callable[[Event], Key]] = {"date": _by_day, "updated": _by_update, "title": _by_title}


class Listing:
    """
    What there is at one revision. Never changed: `with_changes` makes the next one, sharing what it can.

    Orders are made when first asked for and carried on from then.
    """

    def __init__(
        self, events: Mapping[str, Event], revision: int, orders: Mapping[str, list[Key]] | None = None
    ) -> None:
        self.events = events
        self.revision = revision
        self._orders = dict(orders or {})

    def with_changes(self, changes: Mapping[str, Event | None], revision: int) -> Listing:
        """The same, but for these events: what each is now, or None where it is not to be listed."""
        changes = {id: event for id, event in changes.items() if event is not None or id in self.events}
        if not changes:
            return Listing(self.events, revision, self._orders)
        events = dict(self.events)
        # A copy in one step first: another thread may just be adding an order.
        orders = {name: list(keys) for name, keys in dict(self._orders).items()}
        for event_id, event in changes.items():
            before = events.get(event_id)
            if event is None:
                del events[event_id]
            else:
                events[event_id] = event
            for name, keys in orders.items():
                _move(keys, _KEYS[name], before, event)
        return Listing(events, revision, orders)

    def select(self, query: EventQuery) -> Iterator[Event]:
        """Those asked for, in the order asked for, behind the mark `after`, `limit` at most."""
        found = self._matching(query)
        if query.after is None:
            return found if query.limit is None else islice(found, query.limit)
        return iter(self.page(query).events)

    def page(self, query: EventQuery) -> EventPage:
        """As `select`, and how many match in all. Raises InvalidQuery for a mark that is not ours."""
        matching = list(self._matching(query))
        start = 0 if query.after is None else _first_behind(matching, _read_mark(query), query.sort)
        end = len(matching) if query.limit is None else min(start + query.limit, len(matching))
        events = matching[start:end]
        mark = _mark(events[-1], query.sort) if events and end < len(matching) else None
        return EventPage(events, len(matching), mark, self.revision)

    def _matching(self, query: EventQuery) -> Iterator[Event]:
        ordered = (self.events[key[2]] for key in self._in_order(query.sort))
        return (event for event in ordered if query.matches(event))

    def _in_order(self, sort: str) -> Iterable[Key]:
        name = sort.removeprefix("-")
        keys = self._orders.get(name)
        if keys is None:
            keys = self._orders[name] = sorted(map(_KEYS[name], self.events.values()))
        return reversed(keys) if sort.startswith("-") else keys


def _move(keys: list[Key], key_of: Callable[[Event], Key], before: Event | None, now: Event | None) -> None:
    old = None if before is None else key_of(before)
    new = None if now is None else key_of(now)
    if old == new:
        return
    if old is not None:
        del keys[bisect_left(keys, old)]
    if new is not None:
        insort(keys, new)


def _first_behind(events: list[Event], mark: Key, sort: str) -> int:
    key_of = _KEYS[sort.removeprefix("-")]
    if not sort.startswith("-"):
        return bisect_right(events, mark, key=key_of)
    return len(events) - bisect_left(events[::-1], mark, key=key_of)


def _mark(event: Event, sort: str) -> str:
    """Where a page ended: the order and the last key, so that what is added meanwhile shifts nothing."""
    text = json.dumps(
        [sort, *_KEYS[sort.removeprefix("-")](event)], ensure_ascii=False, separators=(",", ":")
    )
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_mark(query: EventQuery) -> Key:
    try:
        padded = str(query.after) + "=" * (-len(str(query.after)) % 4)
        parts: Any = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, RecursionError):
        parts = None
    if not isinstance(parts, list) or len(parts) != 4 or not all(isinstance(part, str) for part in parts):
        raise InvalidQuery(
            Message("This page mark cannot be read. Start again from the first page."), "after"
        )
    if parts[0] != query.sort:
        raise InvalidQuery(
            Message("This page mark belongs to another order. Start again from the first page."), "after"
        )
    return parts[1], parts[2], parts[3]
