"""The flat text fields of a form or a table's row, folded into a Feature.

Knows which flat names stand for nested ones, and what of an event an edit leaves alone. Knows nothing of
rules: the Feature it makes is read like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoevents.errors import BadInput
from geoevents.events import Content
from geoevents.jsonio import read_json
from geoevents.messages import Message
from geoevents.places import GeoPrecision
from geoevents.record_fields import Findings, degrees
from geoevents.record_stored import PROPERTIES, SOURCE_KEYS, written, written_translations

Fields = Mapping[str, str | list[str]]

SOURCE_FIELDS = tuple(f"source_{key}" for key in SOURCE_KEYS if key != "says")
# What an event says of its place and no longer holds once it is somewhere else.
_OF_THE_PLACE = (
    "place_id",
    "place_label",
    "country_code",
    "admin1",
    "admin2",
    "geo_precision",
    "uncertainty_m",
    "geo_method",
)
_OF_THE_POINT = ("uncertainty_m", "geo_method")
_UNDRAWN = (GeoPrecision.COUNTRY.value, GeoPrecision.UNLOCATED.value)


def feature_of_fields(fields: Fields, findings: Findings, *, base: Content | None) -> dict[str, Any]:
    """
    The Feature that flat text fields describe: section names, lon, lat, source_publisher and its like.

    What is wrong with the flat form itself goes to `findings`; the rest is found by reading the Feature.
    """
    texts = {name: _single(name, value, findings) for name, value in fields.items()}
    flat = ("id", "lon", "lat", "geometry", *SOURCE_FIELDS)
    properties = _properties_of(base) | {
        name: text or None for name, text in texts.items() if name not in flat
    }
    if any(name in texts for name in SOURCE_FIELDS):
        properties["sources"] = _sources(properties.get("sources"), texts, findings)
    geometry = _geometry(texts, findings, base=base)
    if base is not None:
        _forget_the_old_place(properties, texts, geometry, base)
    return {
        "type": "Feature",
        "id": texts.get("id") or getattr(base, "id", None),
        "geometry": geometry,
        "properties": properties,
    }


def in_form_words(problem: BadInput, fields: Fields) -> BadInput:
    """The same problem under the name of the form's field, so that it can stand beside it."""
    name = problem.field or ""
    if name.startswith("sources[0]") and any(each in fields for each in SOURCE_FIELDS):
        problem.field = "source_" + (name.partition(".")[2] or "publisher")
    elif name == "geometry" and "lon" in fields:
        problem.field = "lon"
    return problem


def _properties_of(base: Content | None) -> dict[str, Any]:
    if base is None:
        return {}
    properties = {name: written(getattr(base, name, None)) for name in PROPERTIES}
    properties["translations"] = written_translations(base.translations)
    return properties


def _single(name: str, value: str | list[str], findings: Findings) -> str:
    if isinstance(value, str):
        return value.strip()
    if name == "tags":
        return ",".join(value)
    if len(value) > 1:
        findings.refuse(
            Message("{field} is given {count} times. Give it once.", field=name, count=len(value)), name
        )
    return value[0].strip() if value else ""


def _sources(given: object, texts: Mapping[str, str], findings: Findings) -> object:
    """The sources with the first one overlaid by the flat fields; none left if it says nothing."""
    try:
        entries = read_json(given.encode()) if isinstance(given, str) else given
    except BadInput:
        return given
    if not isinstance(entries, (list, type(None))):
        return given
    first, *others = [*entries] if entries else [{}]
    if not isinstance(first, dict):
        return given
    overlaid = first | {
        name.removeprefix("source_"): texts[name] or None for name in SOURCE_FIELDS if name in texts
    }
    says_something = any(value for key, value in overlaid.items() if key != "confidential")
    return [overlaid, *others] if says_something else others


def _geometry(texts: Mapping[str, str], findings: Findings, *, base: Content | None) -> Any:
    lon, lat = (findings.take(degrees, texts.get(name), name) for name in ("lon", "lat"))
    lon_given, lat_given = bool(texts.get("lon")), bool(texts.get("lat"))
    if lon_given != lat_given:
        missing = "lat" if lon_given else "lon"
        findings.refuse(Message("{field} is missing. Give lon and lat, or neither.", field=missing), missing)
    if lon_given or lat_given:
        return None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}
    if texts.get("geometry"):
        return _read_geometry(texts["geometry"], findings)
    return _kept(texts, base)


def _read_geometry(text: str, findings: Findings) -> Any:
    try:
        return read_json(text.encode())
    except BadInput as problem:
        findings.refuse(Message("geometry is not GeoJSON: {reason}", reason=problem.message), "geometry")
        return None


def _kept(texts: Mapping[str, str], base: Content | None) -> Any:
    """The geometry an edit leaves alone: that of the same place, unless its point was cleared."""
    if base is None or base.geometry is None or "geometry" in texts:
        return None
    cleared = base.geometry.is_point and "lon" in texts and "lat" in texts
    undrawn = texts.get("geo_precision") in _UNDRAWN
    return None if cleared or undrawn or _is_elsewhere(texts, base) else base.geometry.as_geojson()


def _is_elsewhere(texts: Mapping[str, str], base: Content) -> bool:
    return any(
        name in texts and texts[name] != (getattr(base, name) or "") for name in ("place_name", "place_id")
    )


def _forget_the_old_place(
    properties: dict[str, Any], texts: Mapping[str, str], geometry: Any, base: Content
) -> None:
    stood = base.geometry.as_geojson() if base.geometry else None
    stale: tuple[str, ...] = ()
    if _is_elsewhere(texts, base):
        stale = _OF_THE_PLACE
    elif geometry != stood:
        stale = _OF_THE_POINT
    properties.update({name: None for name in stale if name not in texts})
