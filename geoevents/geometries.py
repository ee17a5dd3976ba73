"""The shape of an event or an area, as GeoJSON knows it.

Knows types, positions and boxes of a geometry. Knows nothing of validity (geometry_checks.py) or drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoevents.places import BBox, LonLat

# Nesting depth of `coordinates` for each type we keep (RFC 7946 section 3.1; no GeometryCollection).
DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


@dataclass(frozen=True, slots=True)
class Geometry:
    """
    A GeoJSON geometry as a value: `coordinates` are nested tuples of (lon, lat) degrees.

    >>> Geometry.point(40.74, 36.5).as_geojson()
    {'type': 'Point', 'coordinates': [40.74, 36.5]}
    """

    type: str
    coordinates: tuple[Any, ...]

    @classmethod
    def point(cls, lon: float, lat: float) -> Geometry:
        return cls("Point", (float(lon), float(lat)))

    @classmethod
    def from_geojson(cls, geometry: Mapping[str, Any]) -> Geometry:
        """Take a geometry known to be good (our own file, shapely's mapping). Untrusted ones go through geojson.py."""
        return cls(geometry["type"], _tuples(geometry["coordinates"]))

    def as_geojson(self) -> dict[str, Any]:
        return {"type": self.type, "coordinates": _lists(self.coordinates)}

    def positions(self) -> Iterator[LonLat]:
        """Every position, in order, closing ones of rings included."""
        yield from (LonLat(pair[0], pair[1]) for pair in _leaves(self.coordinates, DEPTHS[self.type]))

    @property
    def bbox(self) -> BBox:
        """The smallest box around all positions; it never crosses the 180th meridian (RFC 7946: such shapes are split)."""
        pairs = list(_leaves(self.coordinates, DEPTHS[self.type]))
        lons = [pair[0] for pair in pairs]
        lats = [pair[1] for pair in pairs]
        return BBox(min(lons), min(lats), max(lons), max(lats))

    @property
    def is_point(self) -> bool:
        return self.type == "Point"


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, Sequence) else value


def _lists(value: Any) -> Any:
    return [_lists(part) for part in value] if isinstance(value, tuple) else value


def _leaves(coordinates: tuple[Any, ...], depth: int) -> Iterator[tuple[float, ...]]:
    if depth == 0:
        yield coordinates
    else:
        for part in coordinates:
            yield from _leaves(part, depth - 1)
