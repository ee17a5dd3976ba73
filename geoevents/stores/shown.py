"""What anybody gets of a kept event: nothing, its Feature as it is kept, or one that says less.

Knows public_view, and Features as bytes. Knows nothing of files, revisions or who asks.
"""

from __future__ import annotations

from geoevents.events import Event, Sensitivity, Status, is_public, public_view
from geoevents.geojson import feature_line

_CLASSES = (Sensitivity.EXACT, Sensitivity.GRID, Sensitivity.ADMIN1, Sensitivity.HIDDEN)


def must_not_wait(before: Event, now: Event) -> bool:
    """Whether somebody took back what an event says: that is never delayed."""
    is_retracted = now.status is not before.status and (
        now.status is Status.RETRACTED or not now.status.is_public
    )
    is_tightened = _CLASSES.index(now.sensitivity) > _CLASSES.index(before.sensitivity)
    open_before = {source.url for source in before.sources if not source.confidential}
    is_confided = any(source.confidential and source.url in open_before for source in now.sources)
    return is_retracted or is_tightened or is_confided


def shows(before: Event | None, now: Event) -> bool:
    """Whether anybody can see that an event, if there was one, is now another."""
    return is_public(now) if before is None else public_bytes(before) != public_bytes(now)


def public_bytes(event: Event) -> bytes | None:
    """The Feature that the public gets of an event; None where it gets none."""
    view = public_view(event)
    return None if view is None else feature_line(view)
