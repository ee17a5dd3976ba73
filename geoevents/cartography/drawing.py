"""What of an event is drawn, and as what: no more exact than it is known.

Knows pins, circles of true size, areas, lines, estimated extents, and what a popup needs to say.
Knows nothing of tiles, folium or pages. Takes public views only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geoevents.events import About, Event
from geoevents.geometries import Geometry
from geoevents.places import METRES_A_DEGREE, BBox, GeoPrecision, LonLat
from geoevents.regions import ESTIMATED_M, NOWHERE
from geoevents.sources import Source

NEAR_M = 10_000
# Places that the gazetteer works out from others (gazetteers/derived.py): their edges follow from a rule of
# thumb. A road of two positions is the straight line between its ends, for want of a better one.
WORKED_OUT = ("countryside:", "district:", "offset:", "side:", "between:", "road:")
# Of these, the ones whose name says where by itself: "5 km west of X" needs no "near".
SAYS_WHERE = ("offset:", "side:", "between:")
SOURCES_IN_POPUP = 3


class Drawn(StrEnum):
    """How an event stands on the map."""

    PIN = "pin"
    CIRCLE = "circle"
    AREA = "area"
    LINE = "line"
    POINTS = "points"
    ESTIMATE = "estimate"


OUTLINED = {
    "LineString": Drawn.LINE,
    "MultiLineString": Drawn.LINE,
    "Polygon": Drawn.AREA,
    "MultiPolygon": Drawn.AREA,
    "MultiPoint": Drawn.POINTS,
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """
    An event as drawn: `anchor` is where its symbol stands, `extent` the box of all that is drawn (degrees).

    `radius_m` is set for circles and estimates alone; `geometry` is what is outlined, a Point for these.
    `is_estimated` is true of an outline or a line that follows from a rule, not from a survey.
    """

    how: Drawn
    anchor: LonLat
    extent: BBox
    geometry: Geometry
    radius_m: int | None = None
    is_estimated: bool = False


def drawing(event: Event) -> Drawing | None:
    """How to draw an event; None for what has no place on a map: countries, the unlocated, the withheld."""
    if event.geometry is None or event.geo_precision in NOWHERE:
        return None
    if event.geometry.is_point:
        return point_drawing(event.geometry, event.geo_precision, event.uncertainty_m)
    return Drawing(
        how=OUTLINED[event.geometry.type],
        anchor=anchor_of(shape_of(event.geometry)),
        extent=event.geometry.bbox,
        geometry=event.geometry,
        is_estimated=is_worked_out(event.place_id, event.geometry.type, len(event.geometry.coordinates)),
    )


def point_drawing(point: Geometry, precision: GeoPrecision | None, uncertainty_m: int | None) -> Drawing:
    """How to draw what is known by a point: a pin, or how far around it that may be."""
    anchor = LonLat(*point.coordinates[:2])
    estimate = ESTIMATED_M.get(precision) if precision else None
    if estimate is not None:
        return _circle(Drawn.ESTIMATE, anchor, point, uncertainty_m or estimate)
    if precision is GeoPrecision.NEAR:
        return _circle(Drawn.CIRCLE, anchor, point, uncertainty_m or NEAR_M)
    return Drawing(Drawn.PIN, anchor, point.bbox, point)


def popup(event: Event) -> dict[str, Any]:
    """What the popup, the list and the symbol of an event need, as data; keys as in docs/data-format.md."""
    titles = {each.lang: each.title for each in event.translations if each.title}
    return {
        "kind": event.kind.value,
        "title": event.title,
        "lang": event.lang,
        "titles": titles,
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "date_start": event.date_start.isoformat(),
        "date_end": event.date_end.isoformat() if event.date_end else None,
        "occurrence": event.occurrence.value,
        "place_name": event.place_name,
        "place_label": event.place_label,
        "admin1": event.admin1,
        "country_code": event.country_code,
        "geo_precision": event.geo_precision.value if event.geo_precision else None,
        "uncertainty_m": event.uncertainty_m,
        "sensitivity": event.sensitivity.value,
        "verification": event.verification.value,
        "status": event.status.value,
        "status_reason": event.status_reason,
        "content_warning": event.content_warning,
        "version": event.version,
        "sources": [_source(each) for each in event.sources[:SOURCES_IN_POPUP]],
        "source_count": len(event.sources),
        "about": [_about(each) for each in event.about if each.position is not None],
    }


def anchor_of(whole: BaseGeometry) -> LonLat:
    """A point on the line, inside the area, or the first of several points."""
    match whole.geom_type:
        case "LineString":
            inside = whole.interpolate(0.5, normalized=True)
        case "MultiLineString":
            inside = max(shapely.get_parts(whole), key=lambda part: part.length).interpolate(
                0.5, normalized=True
            )
        case "MultiPoint":
            inside = shapely.get_parts(whole)[0]
        case _:
            inside = whole.representative_point()
    return LonLat(inside.x, inside.y)


def is_worked_out(place_id: str | None, kind: str, positions: int) -> bool:
    """True of an outline or a straight road that the gazetteer worked out from other places."""
    if place_id is None or not place_id.startswith(WORKED_OUT):
        return False
    return kind != "LineString" or (place_id.startswith("road:") and positions == 2)


def _circle(how: Drawn, anchor: LonLat, point: Geometry, radius_m: int) -> Drawing:
    up = radius_m / METRES_A_DEGREE
    aside = up / max(0.01, math.cos(math.radians(anchor.lat)))
    box = BBox(anchor.lon, anchor.lat, anchor.lon, anchor.lat).widened(up, aside)
    return Drawing(how, anchor, box, point, radius_m)


def shape_of(geometry: Geometry) -> BaseGeometry:
    """As shapely has it."""
    return shape({"type": geometry.type, "coordinates": geometry.coordinates})


def _source(source: Source) -> Mapping[str, Any]:
    return {
        "publisher": source.publisher,
        "said_by": source.said_by,
        "title": source.title,
        "url": source.url,
        "published": source.published.isoformat() if source.published else None,
    }


def _about(about: About) -> Mapping[str, Any]:
    assert about.position is not None
    where = {"lon": about.position.lon, "lat": about.position.lat}
    return {"label": about.place_label, "role": about.role.value} | where
