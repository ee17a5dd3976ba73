"""Whether a geometry from outside can be drawn truthfully; what is wrong with it, and where.

Knows GeoJSON's rules (RFC 7946) and how people break them. Knows nothing of places or precision.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from geoevents.errors import InvalidGeometry, TooLarge
from geoevents.geometries import DEPTHS, Geometry
from geoevents.jsonio import collection_refused
from geoevents.messages import Message
from geoevents.places import METRES_A_DEGREE, BBox, LonLat

MOST_POSITIONS = 10_000
# How far outside a country's box a border town may be listed.
BORDER_SLACK_M = 25_000

_WGS84 = re.compile(r"(?:urn:ogc:def:crs:)?(?:OGC:(?:1\.3|2)?:?CRS84|EPSG:[\d.]*:?4326)", re.IGNORECASE)
_REASON = re.compile(r"(?P<reason>[A-Za-z -]+?)(?:\[(?P<lon>\S+) (?P<lat>\S+?)\])?")

Coordinates = tuple[Any, ...]


def check_geometry(value: object) -> tuple[Geometry | None, tuple[Message, ...]]:
    """
    The geometry, rings wound as RFC 7946 asks, and notes on what to look at; None for null.

    Raises InvalidGeometry for whatever cannot be drawn truthfully, naming `geometry`, the reason
    and the place; TooLarge above 10,000 positions, before anything costly is asked of them.

    >>> check_geometry({"type": "Point", "coordinates": [0, 0]})[1]
    (Message('The position is 0, 0 in the Gulf of Guinea. Leave geometry null if the place is unknown.'),)
    """
    if value is None:
        return None, ()
    kind, raw = _type_and_coordinates(value)
    _count_positions(raw, DEPTHS[kind])
    notes: dict[Message, None] = {}
    coordinates = _positions(raw, DEPTHS[kind], notes)
    if DEPTHS[kind]:
        coordinates = _shaped(kind, coordinates)
    if kind in ("Point", "MultiPoint") and (0.0, 0.0) in (coordinates, *coordinates):
        notes[
            Message(
                "The position is 0, 0 in the Gulf of Guinea. Leave geometry null if the place is unknown."
            )
        ] = None
    return Geometry(kind, coordinates), tuple(notes)


def check_crs(member: object) -> None:
    """Refuse a `crs` member that names anything but WGS 84, longitude first. Raises InvalidGeometry."""
    name: object = member
    if isinstance(member, Mapping):
        properties = member.get("properties")
        name = properties.get("name") if isinstance(properties, Mapping) else None
    if member is not None and not (isinstance(name, str) and _WGS84.fullmatch(name)):
        raise InvalidGeometry(
            Message(
                "The coordinates are in {crs}. Send degrees of longitude and latitude (WGS 84) and no crs.",
                crs=str(name)[:60],
            ),
            "crs",
        )


def check_not_swapped(position: LonLat, country: BBox, country_name: str) -> Message | None:
    """
    A note if a position lies outside the country its place is in, by the country's box and 25 km.

    Raises InvalidGeometry if exchanging longitude and latitude would bring it inside. The caller
    knows the country and its box; None means that nothing is odd.
    """
    if _grown(country).contains(position):
        return None
    lon, lat = position.lon, position.lat
    swapped = LonLat(lon=position.lat, lat=position.lon) if abs(position.lon) <= 90 else None
    if swapped and country.contains(swapped):
        raise InvalidGeometry(
            Message(
                "The point {lon}, {lat} lies outside {country}. Did you mean {swapped_lon}, {swapped_lat}? "
                "Longitude comes first.",
                lon=lon,
                lat=lat,
                country=country_name,
                swapped_lon=swapped.lon,
                swapped_lat=swapped.lat,
            ),
            "geometry",
        )
    return Message("The point {lon}, {lat} lies outside {country}.", lon=lon, lat=lat, country=country_name)


def _grown(box: BBox) -> BBox:
    up = BORDER_SLACK_M / METRES_A_DEGREE
    poleward = min(90.0, max(abs(box.south - up), abs(box.north + up)))
    return box.widened(up, up / max(math.cos(math.radians(poleward)), 0.01))


def _type_and_coordinates(value: object) -> tuple[str, list[Any]]:
    if not isinstance(value, Mapping):
        raise _refused(Message("geometry must be an object such as {example}, or null.", example=_EXAMPLE))
    kind = value.get("type")
    if kind == "GeometryCollection":
        raise _refused(collection_refused())
    if not isinstance(kind, str) or kind not in DEPTHS:
        raise _refused(_unknown_type(kind))
    check_crs(value.get("crs"))
    unknown = sorted(str(name) for name in value if name not in ("type", "coordinates", "bbox", "crs"))
    if unknown:
        raise _refused(
            Message(
                "A geometry has type and coordinates, no '{name}'. Move it or remove it.",
                name=unknown[0][:60],
            )
        )
    raw = value.get("coordinates")
    if not isinstance(raw, (list, tuple)) or not raw:
        raise _refused(Message("A {type} needs coordinates: {shape}.", type=kind, shape=_SHAPES[kind]))
    return kind, list(raw)


_EXAMPLE = '{"type": "Point", "coordinates": [40.74, 36.5]}'
_SHAPES = {
    "Point": "[lon, lat]",
    "MultiPoint": "[[lon, lat], ...]",
    "LineString": "[[lon, lat], [lon, lat], ...]",
    "MultiLineString": "[[[lon, lat], ...], ...]",
    "Polygon": "[[[lon, lat], ...], ...]",
    "MultiPolygon": "[[[[lon, lat], ...], ...], ...]",
}


def _unknown_type(kind: object) -> Message:
    near = get_close_matches(str(kind).title(), DEPTHS, n=1)
    if near:
        return Message(
            "'{type}' is not a geometry type. Did you mean {near}?", type=str(kind)[:60], near=near[0]
        )
    return Message(
        "'{type}' is not a geometry type. Use one of: {types}.", type=str(kind)[:60], types=", ".join(DEPTHS)
    )


def _count_positions(raw: list[Any], depth: int) -> None:
    """Count before looking at any: a million positions cost nothing but this."""
    level: list[Any] = raw
    for _ in range(depth - 1):
        level = [part for parts in level if isinstance(parts, (list, tuple)) for part in parts]
    if depth and len(level) > MOST_POSITIONS:
        raise TooLarge(
            Message(
                "The geometry has {count} positions; {limit} are the most. Simplify it first.",
                count=len(level),
                limit=MOST_POSITIONS,
            ),
            "geometry",
        )


def _positions(raw: Any, depth: int, notes: dict[Message, None]) -> Coordinates:
    if depth == 0:
        return _position(raw, notes)
    if not isinstance(raw, (list, tuple)) or not raw:
        raise _refused(Message("'{part}' stands where a list of positions belongs.", part=str(raw)[:60]))
    return tuple(_positions(part, depth - 1, notes) for part in raw)


def _position(raw: Any, notes: dict[Message, None]) -> tuple[float, float]:
    if not isinstance(raw, (list, tuple)):
        raise _refused(Message("'{part}' is not a position. Write [lon, lat].", part=str(raw)[:60]))
    if any(isinstance(number, bool) or not isinstance(number, (int, float)) for number in raw):
        raise _refused(
            Message("The position {position} must hold numbers only, no quotes.", position=str(raw)[:80])
        )
    if len(raw) not in (2, 3):
        raise _refused(
            Message(
                "The position {position} has {count} numbers. Write two: longitude, latitude.",
                position=str(raw)[:80],
                count=len(raw),
            )
        )
    if len(raw) == 3:
        notes[Message("The height above ground in geometry is not kept.")] = None
    lon, lat = float(raw[0]), float(raw[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise _refused(_out_of_range(lon, lat))
    return (lon, lat)


def _out_of_range(lon: float, lat: float) -> Message:
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return Message("A position holds a number that is not finite.")
    if abs(lon) > 720 or abs(lat) > 720:
        return Message(
            "{lon}, {lat} look like metres (EPSG:3857 or UTM), not degrees. Send WGS 84, longitude first.",
            lon=lon,
            lat=lat,
        )
    if abs(lon) <= 90 and abs(lat) <= 180:
        return Message(
            "Latitude {lat} is outside -90 to 90. Did you mean {lat}, {lon}? Longitude comes first.",
            lon=lon,
            lat=lat,
        )
    if abs(lat) > 90:
        return Message("Latitude {lat} is outside -90 to 90. Write degrees, longitude first.", lat=lat)
    return Message("Longitude {lon} is outside -180 to 180. Write degrees, longitude first.", lon=lon)


def _shaped(kind: str, coordinates: Coordinates) -> Coordinates:
    for line in _lines(kind, coordinates):
        _check_line(line, is_ring=kind.endswith("Polygon"))
    if kind == "MultiPoint":
        return coordinates
    _check_valid(kind, coordinates)
    if kind == "Polygon":
        return _wound(coordinates)
    if kind == "MultiPolygon":
        return tuple(_wound(polygon) for polygon in coordinates)
    return coordinates


def _lines(kind: str, coordinates: Coordinates) -> Iterator[Coordinates]:
    if kind == "LineString":
        yield coordinates
    elif kind in ("MultiLineString", "Polygon"):
        yield from coordinates
    elif kind == "MultiPolygon":
        for polygon in coordinates:
            yield from polygon


def _check_line(line: Coordinates, *, is_ring: bool) -> None:
    first, last = line[0], line[-1]
    if is_ring and first != last:
        raise _refused(
            Message(
                "A ring of the polygon is not closed: it begins at {first} and ends at {last}. "
                "Repeat the first position at the end.",
                first=_spoken(first),
                last=_spoken(last),
            )
        )
    least = 4 if is_ring else 2
    if len(line) < least:
        raise _refused(
            Message(
                "A ring or line at {place} has {count} positions; it needs at least {least}.",
                place=_spoken(first),
                count=len(line),
                least=least,
            )
        )
    for (lon, lat), (next_lon, _) in pairwise(line):
        if abs(next_lon - lon) > 180:
            raise _refused(
                Message(
                    "The shape crosses the 180th meridian near latitude {lat}. "
                    "Cut it there into two parts (RFC 7946, 3.1.9).",
                    lat=lat,
                )
            )


def _check_valid(kind: str, coordinates: Coordinates) -> None:
    from shapely import is_valid_reason
    from shapely.geometry import shape

    reason = is_valid_reason(shape({"type": kind, "coordinates": coordinates}))
    if reason == "Valid Geometry":
        return
    match = _REASON.fullmatch(reason)
    found = match["reason"].strip() if match else reason
    where = _spoken((match["lon"], match["lat"])) if match and match["lon"] else "?"
    raise _refused(_invalid(found, where))


def _invalid(reason: str, where: str) -> Message:
    sentences = {
        "Self-intersection": Message(
            "The shape crosses itself at {where}. Draw it without crossing.", where=where
        ),
        "Ring Self-intersection": Message(
            "A ring touches itself at {where}. Make two rings of it.", where=where
        ),
        "Hole lies outside shell": Message(
            "A hole lies outside its polygon at {where}. Remove it, or make it a polygon of its own.",
            where=where,
        ),
        "Holes are nested": Message("A hole lies inside another hole at {where}. Remove one.", where=where),
        "Nested shells": Message(
            "A polygon lies inside another at {where}. Remove one, or make it a hole.", where=where
        ),
        "Interior is disconnected": Message(
            "A hole cuts the polygon in two at {where}. Make two polygons of it.", where=where
        ),
        "Too few points in geometry component": Message(
            "The shape has no extent at {where}: its positions are the same. Use a Point.", where=where
        ),
    }
    return sentences.get(reason) or Message(
        "The shape cannot be drawn: {reason} at {where}.", reason=reason, where=where
    )


def _wound(polygon: Coordinates) -> Coordinates:
    """The outer ring counterclockwise, holes clockwise (RFC 7946, 3.1.6)."""
    outer, *holes = polygon
    return (_turned(outer, 1), *(_turned(hole, -1) for hole in holes))


def _turned(ring: Coordinates, sign: int) -> Coordinates:
    twice_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    return ring[::-1] if twice_area * sign < 0 else ring


def _spoken(position: tuple[Any, ...]) -> str:
    return ", ".join(f"{float(number):.6f}".rstrip("0").rstrip(".") for number in position)


def _refused(message: Message) -> InvalidGeometry:
    return InvalidGeometry(message, "geometry")
