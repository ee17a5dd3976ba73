"""The only reader that web, tiles, publish and export get: events as anybody may see them.

Knows public_view and keeps what it makes of each event, ready to be sent. Knows nothing of what is withheld,
nor of how events are kept: drafts and hidden events are not there at all, for a count or an order neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

from geoevents.errors import EventNotFound
from geoevents.events import Event, public_view
from geoevents.geojson import feature_line
from geoevents.messages import Message
from geoevents.queries import EventPage, EventQuery
from geoevents.stores import EventStore
from geoevents.stores.kept_lines import event_of
from geoevents.stores.listing import Listing


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the public sees after revision `store_revision`. `lines` fills as Features are asked for."""

    listing: Listing
    store_revision: int
    lines: dict[str, bytes]


def is_shown(event: Event) -> bool:
    """Whether the public gets anything of an event."""
    return public_view(event) is not None


def public_bytes(event: Event) -> bytes | None:
    """The Feature that the public gets of an event; None where it gets none."""
    view = public_view(event)
    return None if view is None else feature_line(view)


class PublicReader:
    """
    Follows a store and shows of it what anybody may see.

    Every answer is of one state: `events()` and `features()` go on with what they began with.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._lock = Lock()
        self._seen: _Seen | None = None

    @property
    def revision(self) -> int:
        """Moves when public bytes move, and only then: caches and ETags may hang on it alone."""
        return self._now().listing.revision

    def get(self, event_id: str) -> Event:
        """The public view of an event. Raises EventNotFound alike for none and for one that isn't public."""
        return _known(self._now(), event_id)

    def find(self, query: EventQuery) -> EventPage:
        """Raises InvalidQuery for a page mark that cannot be read."""
        return self._now().listing.page(query)

    def events(self, query: EventQuery) -> Iterator[Event]:
        return self._now().listing.select(query)

    def features(self, query: EventQuery) -> Iterator[bytes]:
        """The Feature of each event, one line of UTF-8."""
        seen = self._now()
        return (_line(seen, event) for event in seen.listing.select(query))

    def feature(self, event_id: str) -> bytes:
        """One Feature, as in `features`. Raises EventNotFound."""
        seen = self._now()
        return _line(seen, _known(seen, event_id))

    def banner(self) -> tuple[Message, ...]:
        """What concerns whoever reads. Names of files, and what an outsider did to them, do not."""
        return ()

    def _now(self) -> _Seen:
        self._store.refresh()
        seen = self._seen
        if seen is not None and seen.store_revision == self._store.revision:
            return seen
        with self._lock:
            self._seen = _followed(self._seen, self._store)
            return self._seen


def _known(seen: _Seen, event_id: str) -> Event:
    event = seen.listing.events.get(event_id)
    if event is None:
        raise EventNotFound(
            Message(
                "There is no event {id}. Check the id, or look for the event in the list.", id=event_id[:60]
            )
        )
    return event


def _followed(seen: _Seen | None, store: EventStore) -> _Seen:
    changes = store.changes(seen.store_revision if seen else None)
    views = {kept.id: _shown(event_of(kept.line)) for kept in changes.kept}
    if seen is None or changes.whole:
        public = {event_id: view for event_id, view in views.items() if view is not None}
        return _Seen(Listing(public, changes.public_revision), changes.revision, {})
    listing = seen.listing.with_changes(views, changes.public_revision)
    # A copy in one step: another thread may be filling it.
    lines = dict(seen.lines)
    for event_id in views:
        lines.pop(event_id, None)
    return _Seen(listing, changes.revision, lines)


def _shown(event: Event) -> Event | None:
    """The public view; the event itself where that is all of it, so that it is kept once."""
    view = public_view(event)
    return event if view == event else view


def _line(seen: _Seen, event: Event) -> bytes:
    line = seen.lines.get(event.id)
    if line is None:
        line = seen.lines[event.id] = feature_line(event)
    return line
