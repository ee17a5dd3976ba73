"""Which rows are at the place of an event: the same place by its id, near it, or of no position as it is.

Knows distances over columns. Knows nothing of what makes two events alike.
"""

from __future__ import annotations

import numpy as np

from geoevents.events import Content
from geoevents.places import EARTH_RADIUS_M
from geoevents.stores.columns import NO_GEOMETRY, Columns, Mask, Rows

# Two positions that are said exactly are still this uncertain.
LEAST_M = 100
# What rounding may take away at the rim; whoever asks looks again.
_SLACK_M = 10.0


def rows_near(columns: Columns, rows: Rows, content: Content) -> Rows:
    """
    Of `rows` those that may be where `content` is: of the same place id, or the middles of both boxes no
    farther apart than the greater uncertainty; where `content` has no geometry, those that have none.
    """
    code = -2 if content.place_id is None else columns.words["place"].get(content.place_id, -2)
    is_there: Mask = columns.place[rows] == code
    if content.geometry is None:
        return rows.compress(is_there | (columns.geometry_kind[rows] == NO_GEOMETRY))
    middle = content.geometry.bbox.middle
    west, east = columns.west[rows], columns.east[rows]
    lons = west + (np.where(west > east, east + 360, east) - west) / 2
    lats = (columns.south[rows] + columns.north[rows]) / 2
    within = np.maximum(columns.uncertainty_m[rows], max(content.uncertainty_m or 0, LEAST_M))
    half_lon, half_lat = np.radians(lons - middle.lon) / 2, np.radians(lats - middle.lat) / 2
    across = np.cos(np.radians(middle.lat)) * np.cos(np.radians(lats)) * np.sin(half_lon) ** 2
    apart = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(np.sin(half_lat) ** 2 + across, 0, 1)))
    return rows.compress(is_there | (apart <= within + _SLACK_M))
