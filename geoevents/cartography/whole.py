"""A map's events all at once, each with its whole outline: for a map without tiles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from geoevents.cartography.drawing import Drawing, Drawn, drawing, popup, shape_of
from geoevents.cartography.outlines import whole
from geoevents.events import Event
from geoevents.places import BBox

_NOTHING = {"drawn": None, "shown": False, "radius_m": None, "anchor": None, "extent": None}


class Whole:
    """Public views in the order given, drawn."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._drawn = [(event, drawing(event)) for event in events]

    def data(self) -> dict[str, Any]:
        """Every event once, as the features of tiles are; `unplaced` counts by type those drawn nowhere."""
        unplaced = Counter(event.event_type for event, drawn in self._drawn if drawn is None)
        return {"features": [_feature(*each) for each in self._drawn], "unplaced": dict(unplaced)}

    def extent(self) -> BBox | None:
        """The box of all that is drawn, or None where nothing is."""
        boxes = [drawn.extent for _, drawn in self._drawn if drawn is not None]
        return BBox.around(boxes) if boxes else None


def _feature(event: Event, drawn: Drawing | None) -> dict[str, Any]:
    if drawn is None:
        return {"type": "Feature", "id": event.id, "geometry": None, "properties": popup(event) | _NOTHING}
    anchor = [round(drawn.anchor.lon, 6), round(drawn.anchor.lat, 6)]
    geometry: dict[str, Any] = {"type": "Point", "coordinates": anchor}
    if drawn.radius_m is None and drawn.how is not Drawn.PIN:
        geometry = json.loads(whole(shape_of(drawn.geometry)))
    said = {
        "drawn": drawn.how.value,
        "shown": True,
        "radius_m": drawn.radius_m,
        "anchor": anchor,
        "extent": None if drawn.how is Drawn.PIN else [round(each, 5) for each in drawn.extent.as_list()],
    }
    estimated = {"estimated": True} if drawn.is_estimated else {}
    properties = popup(event) | said | estimated
    return {"type": "Feature", "id": event.id, "geometry": geometry, "properties": properties}
