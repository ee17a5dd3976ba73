"""What anybody gets of a kept event: nothing, its Feature as it is kept, or one that says less.

Knows public_view, and Features as bytes. Knows nothing of files, revisions or who asks.
"""

from __future__ import annotations

from geoevents.events import Event, public_view
from geoevents.geojson import feature_line


def is_shown(event: Event) -> bool:
    """Whether the public gets anything of an event."""
    return public_view(event) is not None


def public_bytes(event: Event) -> bytes | None:
    """The Feature that the public gets of an event; None where it gets none."""
    view = public_view(event)
    return None if view is None else feature_line(view)
