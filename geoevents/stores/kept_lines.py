"""The line of a kept Feature, read back as the event it says.

Knows that what was kept was valid once. Knows nothing of where lines lie.
"""

from __future__ import annotations

import json

from geoevents.errors import BadInput, StoreDamaged
from geoevents.events import Event
from geoevents.geojson import event_from_feature
from geoevents.messages import Message


def event_of(line: bytes) -> Event:
    """Raises StoreDamaged where the line is no event."""
    try:
        return event_from_feature(json.loads(line))
    except (BadInput, ValueError) as error:
        raise StoreDamaged(
            Message(
                "A kept Feature is no event ({reason}): {start}. Run geoevents check.",
                reason=getattr(error, "message", error),
                start=line[:60].decode("utf-8", "replace"),
            )
        ) from None
