"""The shape of an area from outside, made fit to be kept: valid, no finer than is seen, with a point in it.

Knows polygons. Knows nothing of names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# About 200 m: finer than the boundaries of districts are agreed upon, coarse enough for an index.
_FINEST_DEGREES = 0.002


def shape_and_point(geometry: Mapping[str, Any]) -> tuple[dict[str, Any] | None, tuple[float, float]] | None:
    """
    (polygon as GeoJSON or None for what has no extent, (lon, lat) within it); None for what cannot be drawn.

    Of a point the point itself; of a line its middle.
    """
    import shapely
    from shapely.geometry import mapping, shape

    try:
        found: Any = shape(dict(geometry))
        if found.is_empty:
            return None
        west, south, east, north = found.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            return None
        if found.geom_type not in ("Polygon", "MultiPolygon"):
            point = found if found.geom_type == "Point" else found.representative_point()
            position = round(point.x, 6), round(point.y, 6)
            # Nothing that is named is there: so those write it who do not know.
            return None if position == (0, 0) else (None, position)
        fit = shapely.make_valid(found.simplify(_FINEST_DEGREES))
        polygons = [part for part in getattr(fit, "geoms", [fit]) if part.geom_type == "Polygon"]
        fit = shapely.MultiPolygon(polygons) if len(polygons) > 1 else polygons[0]
        point = fit.representative_point()
        kept = json.loads(json.dumps(mapping(shapely.set_precision(fit, 0.00001))))
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, shapely.errors.GEOSException):
        return None
    return kept, (round(point.x, 6), round(point.y, 6))
