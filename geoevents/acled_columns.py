"""Events in ACLED's columns, for programs in R and QGIS that know those.

Knows which event has a row there, and what of it each column holds. Knows nothing of files.
Columns and codes: ACLED, "Codebook" (2023), https://acleddata.com.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from geoevents.event_types import Taxonomy
from geoevents.events import ActorRole, Event, Kind
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision, LonLat
from geoevents.tables import BYTE_ORDER_MARK, Cell, line_of
from geoevents.times import Occurrence

_EAST, _NORTH = "longitude", "latitude"
COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location",
    _NORTH, _EAST,
    "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
_DISORDER = {
    "battles": "Political violence", "explosions_remote_violence": "Political violence",
    "violence_against_civilians": "Political violence", "protests": "Demonstrations",
    "riots": "Political violence; Demonstrations", "strategic_developments": "Strategic developments",
}  # fmt: skip
# As ACLED writes them, where that is not our label with a capital.
_NAMES = {
    "explosions_remote_violence": "Explosions/Remote violence",
    "air_drone_strike": "Air/drone strike",
    "shelling_artillery_missile_attack": "Shelling/artillery/missile attack",
    "remote_explosive_landmine_ied": "Remote explosive/landmine/IED",
    "abduction_forced_disappearance": "Abduction/forced disappearance",
    "arrests": "Arrests",
    "other": "Other",
    "looting_property_destruction": "Looting/property destruction",
    "change_to_group_activity": "Change to group/activity",
}
_UNDRAWN = (GeoPrecision.COUNTRY, GeoPrecision.UNLOCATED)
_EXACT = (GeoPrecision.SITE, GeoPrecision.NEIGHBOURHOOD, GeoPrecision.SETTLEMENT)
_PART_OF_A_REGION = (GeoPrecision.NEAR, GeoPrecision.LINE, GeoPrecision.DISTRICT)
_WEEK = timedelta(days=6)


def left_out(event: Event) -> str | None:
    """Why an event has no row: "condition", "country", "unlocated"; None where it has one."""
    if event.kind is Kind.CONDITION:
        return Kind.CONDITION.value
    if event.geo_precision in _UNDRAWN:
        return str(event.geo_precision)
    return GeoPrecision.UNLOCATED.value if event.geometry is None else None


def acled_lines(
    events: Iterable[Event], taxonomy: Taxonomy, country_name: Callable[[str], str], counts: Counter[str]
) -> Iterator[bytes]:
    """
    CSV as tables.csv_lines writes it, a row an event, what lasts once. `country_name` names a code.

    What is left out is counted in `counts`, by why.
    """
    yield BYTE_ORDER_MARK + line_of(COLUMNS)
    for event in events:
        if (why := left_out(event)) is not None:
            counts[why] += 1
        else:
            row = acled_row(event, taxonomy, country_name)
            yield line_of(row[name] for name in COLUMNS)


def acled_row(event: Event, taxonomy: Taxonomy, country_name: Callable[[str], str]) -> dict[str, Cell]:
    """An event that has a place on the map as one row of COLUMNS; what is not known is None."""
    assert event.geometry is not None
    point = label_point(event.geometry)
    day, precision = _day(event)
    firsts, seconds = _sides(event)
    row: dict[str, Cell] = dict.fromkeys(COLUMNS)
    return row | {
        "event_id_cnty": event.id,
        "event_date": day,
        "year": int(day[:4]),
        "time_precision": precision,
        "disorder_type": _DISORDER.get(event.event_type),
        "event_type": _name(event.event_type, taxonomy),
        "sub_event_type": _name(event.sub_event_type, taxonomy) if event.sub_event_type else None,
        "actor1": firsts[0] if firsts else None,
        "assoc_actor_1": "; ".join(firsts[1:]) or None,
        "actor2": seconds[0] if seconds else None,
        "assoc_actor_2": "; ".join(seconds[1:]) or None,
        "civilian_targeting": "Civilian targeting" if event.civilian_targeting else None,
        "country": country_name(event.country_code) if event.country_code else None,
        "admin1": event.admin1,
        "admin2": event.admin2,
        "location": event.place_name or event.place_label,
        "latitude": round(point.lat, 6),
        "longitude": round(point.lon, 6),
        "geo_precision": _code(event),
        "source": "; ".join(dict.fromkeys(each.publisher for each in event.sources if each.publisher))
        or None,
        "notes": event.description or event.title,
        "fatalities": event.fatalities_best,
        "tags": "; ".join(event.tags) or None,
        "timestamp": int(event.updated.timestamp()),
    }


def _name(code: str, taxonomy: Taxonomy) -> str:
    return _NAMES.get(code) or taxonomy.label(code, "en")


def label_point(geometry: Geometry) -> LonLat:
    """The point itself, the middle of a line, or a point inside an area where a label would stand."""
    if geometry.type == "Point":
        return LonLat(*geometry.coordinates[:2])
    from shapely.geometry import shape

    drawn = shape(geometry.as_geojson())
    if geometry.type == "LineString":
        inside = drawn.interpolate(0.5, normalized=True)
    else:
        inside = drawn.representative_point()
    return LonLat(inside.x, inside.y)


def _code(event: Event) -> int:
    """1 a place of its own, 2 a part of a region, 3 the region."""
    if event.geometry is not None and event.geometry.type in ("Polygon", "MultiPolygon"):
        return 3
    if event.geo_precision in _EXACT:
        return 1
    return 2 if event.geo_precision in _PART_OF_A_REGION else 3


def _day(event: Event) -> tuple[str, int]:
    """The day and its precision: the middle of two days, the beginning of what lasts."""
    last = event.date_end or event.date_start
    if event.occurrence is Occurrence.LASTING or last == event.date_start:
        return event.date_start.isoformat(), 1
    middle = event.date_start + (last - event.date_start) // 2
    return middle.isoformat(), 2 if last - event.date_start <= _WEEK else 3


def _sides(event: Event) -> tuple[list[str], list[str]]:
    """The names on either side, the one who acted or was acted on first."""
    first = [each.name for each in event.actors if each.role is ActorRole.SIDE_A]
    second = [
        each.name
        for each in event.actors
        if each.role in (ActorRole.SIDE_B, ActorRole.TARGET, ActorRole.AFFECTED)
    ]
    others = [each.name for each in event.actors if each.role is ActorRole.ASSOCIATED]
    return ([*first, *others], second) if first or not others else (others, second)
