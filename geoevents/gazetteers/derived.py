"""Places worked out from others: so far from one, one side of it, between two, a road, a river, a border.

Knows their ids, names, precision and shapes; nothing of them is stored, all follows from the id:
`offset:ID;METRES;WIND`, `offset:ID;METRES`, `side:ID;WIND`, `between:ID;ID`, `road:ID;ID`, `along:ID;ID`,
`along:ID;ID;ID`, `border:CC;CC`, `border:CC;CC;ID`. Lines are stretches.py's. Knows nothing of phrases.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from geoevents.gazetteers.circles import bearing, circle, displaced, distance_m, sector
from geoevents.gazetteers.drawing import COUNTRYSIDE_M, NEAR_M, drawn, shape, split_id
from geoevents.gazetteers.index import Index, Row
from geoevents.gazetteers.kinds import LINES, WITH_EXTENT
from geoevents.gazetteers.winds import WINDS, distance_uncertainty_m, half_width, in_km, in_words
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import GeoPrecision, LonLat, Place, PlaceName

NEAREST_M, FARTHEST_M, FARTHEST_APART_M = 10, 300_000, 500_000
# Half the width of what lies between two places, and how far a road of which we know only the ends may stray
# from the straight line: as shares of the distance. A road 5 % longer than that line strays 0.16 of it.
BETWEEN, STRAY = 0.2, 0.15
NARROWEST_M = 1_000
_BORDER_M = 2_000
# What straight edges between corners, rounded to 0.1 m, may cut off: some metres, up to 75 degrees north.
_DRAWN_M = 10
# "North of X" and "northern X" are wider than "5 km north of X": three quarters of a half, for four winds.
_SIDE_DEGREES = 45.0
_CUT_DEGREES = 67.5
_TOWN_M = 3_000

# Printable ASCII: tables that a team adds have ids of their own. What parts the ids here is in none of them.
_ID = r"([A-Za-z0-9][!-:<-~]{0,79})"
_METRES, _WIND, _COUNTRY = r"([1-9][0-9]{1,5})", f"({'|'.join(WINDS)})", "([A-Z]{2})"
_FORMS = {
    "offset": re.compile(f"offset:{_ID};{_METRES}(?:;{_WIND})?"),
    "side": re.compile(f"side:{_ID};{_WIND}"),
    "between": re.compile(f"between:{_ID};{_ID}"),
    "road": re.compile(f"road:{_ID};{_ID}"),
    "along": re.compile(f"along:{_ID};{_ID}(?:;{_ID})?"),
    "border": re.compile(f"border:{_COUNTRY};{_COUNTRY}(?:;{_ID})?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """
    What a relation comes to. `name` says it of names, `label` of labels; `uncertainty_m` is how far the true
    point may lie from `position` or, for a line, from the line; `base` is whose country and days it has.
    """

    base: Place
    name: Message
    label: Message
    kind: str
    position: LonLat
    precision: GeoPrecision
    uncertainty_m: int
    geometry: Geometry


def is_derived(place_id: str) -> bool:
    """
    True for an id that has the form of a place worked out from others, whether or not these are known.

    >>> is_derived("offset:geonames:169387;5000;W"), is_derived("geonames:169387")
    (True, False)
    """
    return _parts(place_id) is not None


def place_of(index: Index, row: Row, how: str) -> Place:
    """
    The place of a row: itself, the land around it or near it, or what a relation's id says of it.

    What is said to be a relation and cannot be worked out is near the row's place, never the place itself.
    """
    if sketch := _sketch(index, how):
        return _place(how, sketch)
    return drawn(index.place(row), "near" if ":" in how else how)


def get(index: Index, place_id: str) -> Place | None:
    """The place of a relation's id; None for an id of another form, and where nothing comes of it."""
    sketch = _sketch(index, place_id)
    return _place(place_id, sketch) if sketch else None


def geometry(index: Index, place_id: str) -> Geometry | None:
    """The shape of any place that is no point; None for points and where there is no such place."""
    if sketch := _sketch(index, place_id):
        return sketch.geometry
    how, its_id = split_id(place_id)
    row = index.by_id(its_id)
    if row is None or how == "place":
        return index.geometry(row.pk) if row else None
    return shape(row.position, how, row.uncertainty_m)


def nearness(index: Index, how: str) -> float:
    """The share of what a relation comes to that is within 10 km of its point; 1 for what is none."""
    sketch = _sketch(index, how)
    if sketch is None or sketch.precision is GeoPrecision.NEAR:
        return 1.0
    from geoevents.gazetteers.stretches import share_within

    return share_within(sketch.geometry, circle(sketch.position, NEAR_M))


def _parts(place_id: str) -> tuple[str, tuple[str, ...]] | None:
    verb = place_id.partition(":")[0]
    form = _FORMS.get(verb)
    match = form.fullmatch(place_id) if form and place_id.isascii() else None
    return (verb, tuple(part for part in match.groups() if part is not None)) if match else None


def _sketch(index: Index, place_id: str) -> Sketch | None:
    parts = _parts(place_id)
    if parts is None:
        return None
    # Who is offered a place asks for it several times, and a line takes milliseconds.
    return index.worked_out(("sketch", place_id), lambda: _SKETCHES[parts[0]](index, *parts[1]))


def _place(place_id: str, sketch: Sketch) -> Place:
    return replace(
        sketch.base,
        place_id=place_id,
        name=str(sketch.name),
        said=sketch.name,
        label=str(sketch.label),
        kind=sketch.kind,
        lon=sketch.position.lon,
        lat=sketch.position.lat,
        geo_precision=sketch.precision,
        uncertainty_m=sketch.uncertainty_m,
        bbox=None if sketch.precision is GeoPrecision.NEAR else sketch.geometry.bbox,
        population=0,
        names=(),
    )


def _offset(index: Index, place_id: str, metres: str, wind: str | None = None) -> Sketch | None:
    row, distance = index.by_id(place_id), int(metres)
    if row is None or distance > FARTHEST_M or row.kind in WITH_EXTENT:
        return None
    base, own = index.place(row), _own_m(row)
    along = distance_uncertainty_m(distance)
    if wind is None:
        return _within(base, distance, round(distance + along + own))
    half = half_width(wind)
    position = displaced(row.position, WINDS[wind], distance)
    reach = round(own + math.hypot(along, distance * math.sin(math.radians(half))))
    precision, shape = GeoPrecision.NEAR, circle(position, reach)
    if reach > NEAR_M:
        precision = GeoPrecision.AREA
        shape = _meant_so_far(row, WINDS[wind], half, distance - along, distance + along)
        reach = _reach(position, shape)
    km, direction = in_km(distance), in_words(wind)
    return Sketch(
        base=base,
        name=Message("{km} km {direction} of {place}", km=km, direction=direction, place=PlaceName(base)),
        label=Message("{km} km {direction} of {place}", km=km, direction=direction, place=base.label),
        kind="area",
        position=position,
        precision=precision,
        uncertainty_m=reach,
        geometry=shape,
    )


def _meant_so_far(row: Row, wind: float, half: float, nearest: float, farthest: float) -> Geometry:
    """
    All that lies between two distances and within `half` degrees of a direction, of any point of a town.

    Seen from its middle the town is widest where the distance is shortest.
    """
    own = _own_m(row) + _DRAWN_M
    if own >= nearest:
        return circle(row.position, farthest + own)
    wider = min(90.0, half + math.degrees(math.asin(own / nearest)))
    return sector(row.position, wind, wider, from_m=nearest - own, to_m=farthest + own)


def _within(base: Place, distance: int, reach: int) -> Sketch:
    km = in_km(distance)
    return Sketch(
        base=base,
        name=Message("{km} km from {place}", km=km, place=PlaceName(base)),
        label=Message("{km} km from {place}", km=km, place=base.label),
        kind="area",
        position=base.position,
        precision=GeoPrecision.NEAR if reach <= NEAR_M else GeoPrecision.AREA,
        uncertainty_m=reach,
        geometry=circle(base.position, reach),
    )


def _side(index: Index, place_id: str, wind: str) -> Sketch | None:
    how, its_id = split_id(place_id)
    row = index.by_id(its_id)
    if row is None or how == "near" or row.kind in LINES:
        return None
    base = drawn(index.place(row), how)
    whole = shape(row.position, how, row.uncertainty_m) if how == "around" else index.geometry(row.pk)
    if whole is None:
        own = _own_m(row)
        # The apex steps back, so that all of the town's uncertainty on that side is inside.
        back = own / math.sin(math.radians(_SIDE_DEGREES))
        apex = displaced(row.position, WINDS[wind] + 180, back)
        cut = sector(apex, WINDS[wind], _SIDE_DEGREES, from_m=0, to_m=COUNTRYSIDE_M + back)
        position = displaced(row.position, WINDS[wind], COUNTRYSIDE_M / 2)
        said = Message("{direction} of {place}", direction=in_words(wind), place=PlaceName(base))
        labelled = Message("{direction} of {place}", direction=in_words(wind), place=base.label)
    else:
        from geoevents.gazetteers.stretches import cut_by

        if (part := cut_by(whole, WINDS[wind], _CUT_DEGREES)) is None:
            return None
        cut, position = part
        said = _side_of(PlaceName(index.place(row)), wind, how)
        labelled = _side_of(index.place(row).label, wind, how)
    precision = GeoPrecision.DISTRICT if how == "around" else GeoPrecision.AREA
    return replace(_area(base, said, labelled, position, cut), precision=precision)


def _side_of(place: object, wind: str, how: str) -> Message:
    if how == "around":
        return Message("countryside to the {direction} of {place}", direction=in_words(wind), place=place)
    return Message("the {direction} of {place}", direction=in_words(wind), place=place)


def _between(index: Index, one_id: str, other_id: str) -> Sketch | None:
    ends = _ends(index, one_id, other_id)
    if ends is None:
        return None
    one, other, apart = ends
    from geoevents.gazetteers.stretches import corridor

    half = BETWEEN * apart + max(_own_m(one), _own_m(other))
    names, labels, base = _two(index, one, other)
    middle = displaced(one.position, bearing(one.position, other.position), apart / 2)
    said = Message("between {one} and {other}", **names)
    return _area(
        base,
        said,
        Message("between {one} and {other}", **labels),
        middle,
        corridor(one.position, other.position, half),
    )


def _road(index: Index, one_id: str, other_id: str) -> Sketch | None:
    ends = _ends(index, one_id, other_id)
    if ends is None:
        return None
    one, other, apart = ends
    from geoevents.gazetteers.stretches import middle_of, road_between

    names, labels, base = _two(index, one, other)
    known = road_between(index, one, other)
    if known is not None:
        line, width = known
    else:
        line = Geometry("LineString", tuple((end.position.lon, end.position.lat) for end in (one, other)))
        width = round(STRAY * apart + NARROWEST_M)
    return Sketch(
        base=base,
        name=Message("road from {one} to {other}", **names),
        label=Message("road from {one} to {other}", **labels),
        kind="road",
        position=middle_of(line),
        precision=GeoPrecision.LINE,
        uncertainty_m=width,
        geometry=line,
    )


def _along(index: Index, line_id: str, *ends: str) -> Sketch | None:
    row, marks = index.by_id(line_id), [index.by_id(end) for end in ends]
    whole = index.geometry(row.pk) if row else None
    if row is None or whole is None or not whole.type.endswith("LineString"):
        return None
    near = [mark for mark in marks if mark is not None and mark.kind not in WITH_EXTENT]
    if len(near) < len(ends):
        return None
    from geoevents.gazetteers.stretches import middle_of, stretch

    part = stretch(whole, [each.position for each in near])
    if part is None:
        return None
    base, towns = index.place(row), [index.place(each) for each in near]
    if len(towns) == 1:
        said = Message("{line} near {place}", line=PlaceName(base), place=PlaceName(towns[0]))
        labelled = Message("{line} near {place}", line=base.name, place=towns[0].label)
    else:
        between: dict[str, Any] = {"one": PlaceName(towns[0]), "other": PlaceName(towns[1])}
        said = labelled = Message("{line} between {one} and {other}", line=PlaceName(base), **between)
    admin1 = towns[0].admin1 if len({town.admin1 for town in towns}) == 1 else None
    return Sketch(
        base=replace(base, country_code=towns[0].country_code, admin1=admin1, admin2=None),
        name=said,
        label=labelled,
        kind=row.kind,
        position=middle_of(part),
        precision=GeoPrecision.LINE,
        uncertainty_m=row.uncertainty_m or NARROWEST_M,
        geometry=part,
    )


def _border(index: Index, one_code: str, other_code: str, near_id: str | None = None) -> Sketch | None:
    one, other = index.countries.get(one_code), index.countries.get(other_code)
    if one is None or other is None or one_code >= other_code:
        return None
    from geoevents.gazetteers.stretches import middle_of, shared_border, stretch

    line = shared_border(index.geometry(one.pk), index.geometry(other.pk))
    near = index.by_id(near_id) if near_id else None
    if line is None or (near_id and (near is None or near.kind in WITH_EXTENT)):
        return None
    countries: dict[str, Any] = {"one": PlaceName(index.place(one)), "other": PlaceName(index.place(other))}
    said: Message = Message("border of {one} and {other}", **countries)
    labelled, base = said, replace(index.place(one), country_code=None, admin1=None)
    if near is not None:
        line = stretch(line, [near.position])
        base = index.place(near)
        labelled = Message("{line} near {place}", line=said, place=base.label)
        said = Message("{line} near {place}", line=said, place=PlaceName(base))
    if line is None:
        return None
    return Sketch(
        base=base,
        name=said,
        label=labelled,
        kind="area",
        position=middle_of(line),
        precision=GeoPrecision.LINE,
        uncertainty_m=_BORDER_M,
        geometry=line,
    )


def _area(base: Place, name: Message, label: Message, position: LonLat, shape: Geometry) -> Sketch:
    return Sketch(
        base=base,
        name=name,
        label=label,
        kind="area",
        position=position,
        precision=GeoPrecision.AREA,
        uncertainty_m=_reach(position, shape),
        geometry=shape,
    )


def _ends(index: Index, one_id: str, other_id: str) -> tuple[Row, Row, float] | None:
    """Two places that something can lie between, and the metres between them."""
    one, other = index.by_id(one_id), index.by_id(other_id)
    if one is None or other is None or one.kind in WITH_EXTENT or other.kind in WITH_EXTENT:
        return None
    apart = distance_m(one.position, other.position)
    return (one, other, apart) if NARROWEST_M <= apart <= FARTHEST_APART_M else None


def _two(index: Index, one: Row, other: Row) -> tuple[dict[str, Any], dict[str, Any], Place]:
    """Names and labels of two places, and what they have in common."""
    first, second = index.place(one), index.place(other)
    base = replace(
        first,
        country_code=first.country_code if first.country_code == second.country_code else None,
        admin1=first.admin1 if first.admin1 == second.admin1 else None,
        admin2=first.admin2 if first.admin2 == second.admin2 else None,
    )
    names = {"one": PlaceName(first), "other": PlaceName(second)}
    return names, {"one": first.name, "other": second.label}, base


def _own_m(row: Row) -> int:
    return row.uncertainty_m or _TOWN_M


def _reach(position: LonLat, shape: Geometry) -> int:
    return math.ceil(max(distance_m(position, corner) for corner in shape.positions()))


_SKETCHES: dict[str, Callable[..., Sketch | None]] = {
    "offset": _offset,
    "side": _side,
    "between": _between,
    "road": _road,
    "along": _along,
    "border": _border,
}
