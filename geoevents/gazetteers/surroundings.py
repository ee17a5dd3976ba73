"""What a place lies in, as it is told: a governorate in any spelling, a country, a town; and how far from it.

Knows which areas a few words mean, and how near to one a place is. Knows nothing of phrases or weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from geoevents.folding import fold, name_key
from geoevents.gazetteers.asking import Request, is_in_country
from geoevents.gazetteers.circles import apart_m, inside
from geoevents.gazetteers.descriptors import Words
from geoevents.gazetteers.index import Index, Row
from geoevents.geometries import Geometry
from geoevents.places import METRES_A_DEGREE, LonLat

TOWN_REACHES_M = 40_000
# A first-level area no longer than this is a city with the title: who names it means the land around, too.
_CITY_SIZED_DEGREES = 0.4
# Further from an area than this nobody counts: the place is not in it, nor at its border.
FAR_M = 50_000
_FAR_DEGREES = FAR_M / METRES_A_DEGREE
_ALIKE, _CLEARLY = 0.72, 0.08


def containers(request: Request, name: Words) -> list[Row]:
    """What a name may mean as something that places lie in: countries, governorates, areas, towns."""
    index = request.index
    core, _ = index.vocabulary.strip(name)
    key = name_key(" ".join(name))
    named = index.named(key) or index.named(name_key(" ".join(core)))
    rows = [*named, *(row for _, is_demonym, row in index.stood_for(key) if not is_demonym)]
    return [row for row in rows if row.kind == "country" or is_in_country(row, request.context)]


def areas_given(request: Request) -> tuple[Row, ...]:
    """
    The areas that the context's governorate may mean, however it is spelt; none if nothing is like it.

    First-level areas before districts and areas, these before towns: "Aleppo" given is the governorate.
    """
    context = request.context
    if not context.admin1:
        return ()
    key = ("given", context.admin1, context.country_code)
    return request.index.worked_out(key, lambda: tuple(_areas_given(request)))


def given_elsewhere(request: Request) -> Row | None:
    """The area of another country that the context's governorate names, where its own country has none."""
    context = request.context
    if not context.admin1 or not context.country_code or areas_given(request):
        return None
    words = tuple(fold(context.admin1).split())
    named = containers(request.anywhere(), words)
    return next((row for row in named if row.kind in ("admin1", "admin2")), None)


def holds(index: Index, container: Row, row: Row) -> bool:
    """True if a place lies in a container: of its country, in an area's polygon, within 40 km of a town."""
    return container.pk != row.pk and metres_outside(index, container, row) == 0


def metres_outside(index: Index, container: Row, row: Row) -> float:
    """
    How far a place is from what may hold it: 0 inside, infinite where only its being outside is known.

    Of an area with a polygon from its edge, of a town or a city with the title of one from 40 km around it.
    """
    if container.kind == "country":
        return 0.0 if row.country == container.country else math.inf
    if row.admin1_pk == container.pk and container.kind == "admin1":
        return 0.0
    if container.kind not in ("admin1", "admin2", "area") or _is_city_sized(container):
        return max(0.0, rows_apart_m(container, row) - TOWN_REACHES_M)
    if _beyond(container, row):
        return math.inf
    return index.worked_out(
        (container.pk, row.pk), lambda: _metres_from(index.geometry(container.pk), row.position)
    )


def rows_apart_m(one: Row, other: Row) -> float:
    """Metres between two places of the index."""
    return apart_m(one.lon / 1e5, one.lat / 1e5, other.lon / 1e5, other.lat / 1e5)


def _areas_given(request: Request) -> Sequence[Row]:
    words = tuple(fold(request.context.admin1 or "").split())
    rows = [row for row in containers(request, words) if row.kind != "country"]
    for kinds in (("admin1",), ("admin2", "area")):
        if areas := [row for row in rows if row.kind in kinds]:
            return areas
    return _alike(request, words) or rows


def _alike(request: Request, words: Words) -> list[Row]:
    """The first-level area whose name is most like some words, if it is clearly more so than any other."""
    from difflib import SequenceMatcher

    index, code = request.index, request.context.country_code
    countries = (code,) if code else request.region
    core, _ = index.vocabulary.strip(words)
    wanted = {name_key(" ".join(words)), name_key(" ".join(core))}
    scored: list[tuple[float, Row]] = []
    for row in index.first_level(countries):
        keys = {name_key(name) for name in (row.name, *(name for _, name in index.spellings(row.pk)))}
        likeness = max(SequenceMatcher(None, a, b, autojunk=False).ratio() for a in wanted for b in keys)
        scored.append((likeness, row))
    scored.sort(key=lambda each: -each[0])
    if not scored or scored[0][0] < _ALIKE:
        return []
    is_clear = len(scored) == 1 or scored[0][0] - scored[1][0] >= _CLEARLY
    return [scored[0][1]] if is_clear else []


def _is_city_sized(area: Row) -> bool:
    box = area.bbox
    return (
        area.kind == "admin1"
        and box is not None
        and max(box.width, box.north - box.south) <= _CITY_SIZED_DEGREES
    )


def _beyond(area: Row, row: Row) -> bool:
    """Whether a place is further than anybody counts from an area's box, roughly."""
    west, south, east, north = area.west, area.south, area.east, area.north
    if west is None or south is None or east is None or north is None:
        return True
    lon, lat = row.lon / 1e5, row.lat / 1e5
    if not south - _FAR_DEGREES <= lat <= north + _FAR_DEGREES:
        return True
    wider = _FAR_DEGREES / max(0.1, math.cos(math.radians(lat)))
    from_west, width = lon - west + wider, east - west + (360 if west > east else 0) + 2 * wider
    return not any(0 <= from_west + turn <= width for turn in (0, 360, -360))


def _metres_from(shape: Geometry | None, position: LonLat) -> float:
    """Metres to the nearest edge of a polygon, 0 inside; on a plane, which over 50 km is exact enough."""
    if shape is None:
        return math.inf
    if inside(position, shape):
        return 0.0
    east = METRES_A_DEGREE * math.cos(math.radians(position.lat))
    polygons = shape.coordinates if shape.type == "MultiPolygon" else (shape.coordinates,)
    return min(
        _from_origin(
            ((lon - position.lon) * east, (lat - position.lat) * METRES_A_DEGREE),
            ((next_lon - position.lon) * east, (next_lat - position.lat) * METRES_A_DEGREE),
        )
        for polygon in polygons
        for ring in polygon
        for (lon, lat, *_), (next_lon, next_lat, *_) in pairwise(ring)
    )


def _from_origin(a: tuple[float, float], b: tuple[float, float]) -> float:
    """From 0, 0 to the nearest point of a segment."""
    along, up = b[0] - a[0], b[1] - a[1]
    squared = along * along + up * up
    share = min(1.0, max(0.0, -(a[0] * along + a[1] * up) / squared)) if squared else 0.0
    return math.hypot(a[0] + share * along, a[1] + share * up)
