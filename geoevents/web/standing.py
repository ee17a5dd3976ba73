"""What a frozen map says of itself: since when it stands still, and how many of its events were retracted."""

from __future__ import annotations

from collections.abc import Iterator

from geoevents.cartography.captions import frozen_note
from geoevents.errors import StoreError
from geoevents.messages import Message
from geoevents.views import View
from geoevents.web import languages, reading
from geoevents.workflows import map_views


def notes_of(view: View | None) -> list[str]:
    """A sentence each; none of a map that follows the events."""
    return [] if view is None or view.frozen is None else list(_notes(view))


def _notes(view: View) -> Iterator[str]:
    assert view.frozen is not None
    yield frozen_note(view.frozen.at.date(), languages.words())
    try:
        count = map_views.retracted_in(view, reading.backends())
    except StoreError:
        # Where its events are lost, each answer that needs them says so.
        return
    if count:
        yield languages.in_words(
            Message(
                "{count} of these events is retracted.",
                plural="{count} of these events are retracted.",
                count=count,
            )
        )
