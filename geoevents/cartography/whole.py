"""An event as a feature of the map with its whole outline: for maps that are cut into tiles by the page."""

from __future__ import annotations

import json
from typing import Any

from geoevents.cartography.drawing import Drawn, drawing, popup, shape_of
from geoevents.cartography.outlines import whole
from geoevents.events import Event

_NOTHING = {"drawn": None, "shown": False, "radius_m": None, "anchor": None, "extent": None}


def whole_feature(event: Event, *, is_outlined: bool = True) -> dict[str, Any]:
    """
    A public view as the features of tiles are; what is drawn nowhere has no geometry, and no anchor.

    Without outline its geometry is where its symbol stands.
    """
    drawn = drawing(event)
    if drawn is None:
        return {"type": "Feature", "id": event.id, "geometry": None, "properties": popup(event) | _NOTHING}
    anchor = [round(drawn.anchor.lon, 6), round(drawn.anchor.lat, 6)]
    geometry: dict[str, Any] = {"type": "Point", "coordinates": anchor}
    if is_outlined and drawn.radius_m is None and drawn.how is not Drawn.PIN:
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
