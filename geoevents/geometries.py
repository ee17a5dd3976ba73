"""The shape of an event or an area, as GeoJSON knows it.

Knows types, positions and boxes of a geometry. Knows nothing of validity (geometry_checks.py) or drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from geoevents.errors import InvalidGeometry
from geoevents.messages import Message
from geoevents.places import BBox, LonLat
from geoevents.values import value

# Nesting depth of `coordinates` for each type we keep (RFC 7946 section 3.1; no GeometryCollection).
DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


@value
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
        """
        Take a geometry known to be good: our own file, shapely's mapping.

        Raises InvalidGeometry where type, nesting or numbers are not GeoJSON's. Whether its rings
        close or cross is asked of untrusted ones only (geometry_checks.py).
        """
        try:
            kind = geometry["type"]
            return cls(kind, _read(geometry["coordinates"], DEPTHS[kind]))
        except (KeyError, TypeError, ValueError):
            raise InvalidGeometry(
                Message("This is not a GeoJSON geometry: its type, nesting or numbers are not right."),
                "geometry",
            ) from None

    def as_geojson(self) -> dict[str, Any]:
        return {"type": self.type, "coordinates": _lists(self.coordinates)}

    def positions(self) -> Iterator[LonLat]:
        """Every position, in order, closing ones of rings included."""
        return (LonLat(lon, lat) for lon, lat in _leaves(self.coordinates, DEPTHS[self.type]))

    @property
    def bbox(self) -> BBox:
        """
        The smallest box around it. No part of a shape crosses 180 degrees (RFC 7946 section 3.1.9), but
        parts on both sides of it may be close: then west is greater than east.
        """
        if self.type == "Point":
            lon, lat = self.coordinates
            return BBox(lon, lat, lon, lat)
        depth = DEPTHS[self.type]
        whole = _box(self.coordinates, depth)
        # A way round the other side leaves out less than `whole` is wide.
        if whole.width <= 180 or not self.type.startswith("Multi"):
            return whole
        return BBox.around(_box(part, depth - 1) for part in self.coordinates)

    @property
    def is_point(self) -> bool:
        return self.type == "Point"


def _read(value: Any, depth: int) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError
    if depth:
        if not value:
            raise ValueError
        return tuple(_read(part, depth - 1) for part in value)
    lon, lat = (float(number) if isinstance(number, (int, float)) else _no_number() for number in value)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError
    return (lon, lat)


def _no_number() -> float:
    raise TypeError


def _lists(value: Any) -> Any:
    return [_lists(part) for part in value] if isinstance(value, tuple) else value


def _box(coordinates: tuple[Any, ...], depth: int) -> BBox:
    lons, lats = zip(*_leaves(coordinates, depth), strict=True)
    return BBox(min(lons), min(lats), max(lons), max(lats))


def _leaves(coordinates: tuple[Any, ...], depth: int) -> Iterator[tuple[float, float]]:
    if depth == 0:
        lon, lat = coordinates
        yield lon, lat
    else:
        for part in coordinates:
            yield from _leaves(part, depth - 1)
