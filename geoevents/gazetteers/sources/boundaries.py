"""Reads boundaries with P-codes, as OCHA's COD-AB have them: governorates, districts and subdistricts.

Columns by level, as HDX ships them: ADM1_PCODE, ADM1_EN, ADM1_AR; admin1Pcode, admin1Name_en; adm1_pcode,
adm1_name. A row is of the deepest level whose P-code it has. P-codes are kept as ids: pcode:SY0801. Lists of
places that say which of these they lie in, and all of the fourth level, are place_tables.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from geoevents.gazetteers.scripts import language_of
from geoevents.gazetteers.sources.features import TABLES, columns_of, features_of
from geoevents.gazetteers.sources.geonames_dumps import position_of
from geoevents.gazetteers.sources.options import Options
from geoevents.gazetteers.sources.place_tables import FIELDS
from geoevents.gazetteers.sources.records import LeftOut, Record
from geoevents.gazetteers.sources.shaping import shape_and_point

_CODE = re.compile(r"adm(?:in)?([0-4])_?pcode", re.IGNORECASE)
_NAME = re.compile(r"adm(?:in)?([0-4])_?(?:name)?_?([a-z]{2})?", re.IGNORECASE)
_KINDS = {1: "admin1", 2: "admin2", 3: "area"}
_OF_PLACES = {*FIELDS["pcode"], *FIELDS["name"], *FIELDS["name_ar"]}
_LATS, _LONS = ("center_lat", "lat", "latitude", "y"), ("center_lon", "lon", "longitude", "x")


def recognises(path: Path) -> bool:
    """Whether its rows are areas with P-codes; places within such areas have a code or name besides."""
    columns = {name.lower() for name in columns_of(path)}
    levels = {found[1] for name in columns if (found := _CODE.fullmatch(name))}
    if not levels or "4" in levels:
        return False
    return not columns & _OF_PLACES or _has_extent(path)


def _has_extent(path: Path) -> bool:
    # Rows of text have none, and may be in an encoding that is not known here.
    first = None if path.suffix.lower() in TABLES else next(features_of(path), None)
    return first is not None and str((first.geometry or {}).get("type")).endswith("Polygon")


def read(path: Path, options: Options) -> Iterator[Record | LeftOut]:
    """An area or the reason against it, for each row."""
    for feature in features_of(path, options.encoding):
        yield _place(feature.row, feature.properties, feature.geometry, options)


def _place(
    row: int, properties: Mapping[str, Any], geometry: Mapping[str, Any] | None, options: Options
) -> Record | LeftOut:
    codes = dict(_codes(properties))
    level = max(codes, default=0)
    kind, names = _KINDS.get(level), _names(properties)
    if kind is None:
        return LeftOut(row, "kind")
    if not names.get(level):
        return LeftOut(row, "no name", is_damaged=True)
    country = codes.get(0, codes[level])[:2].upper()
    if options.countries and country not in options.countries:
        return LeftOut(row, "country")
    shaped = shape_and_point(geometry) if geometry else None
    position = shaped[1] if shaped else _centre(properties)
    if (geometry and shaped is None) or position is None:
        return LeftOut(row, "shape" if geometry else "position", is_damaged=True)
    return Record(
        place_id=f"pcode:{codes[level]}",
        name=names[level][0][1],
        kind=kind,
        lon=position[0],
        lat=position[1],
        country_code=country if country.isalpha() else None,
        names=names[level],
        admin1=names[1][0][1] if level > 1 and names.get(1) else None,
        admin2=names[2][0][1] if level > 2 and names.get(2) else None,
        geometry=shaped[0] if shaped else None,
    )


def _codes(properties: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """(level, P-code) of the row and of what it lies in."""
    for key, value in properties.items():
        if value and (found := _CODE.fullmatch(key)):
            yield int(found[1]), str(value).strip()


def _names(properties: Mapping[str, Any]) -> dict[int, list[tuple[str, str]]]:
    """Level -> (language, name), English first, then as the columns stand."""
    found: dict[int, list[tuple[str, str]]] = {}
    for key, value in properties.items():
        matched = None if _CODE.fullmatch(key) else _NAME.fullmatch(key)
        if not (matched and isinstance(value, str) and value.strip()):
            continue
        lang = (matched[2] or "").lower() or language_of(value.strip())
        found.setdefault(int(matched[1]), []).append((lang, value.strip()))
    return {level: sorted(names, key=lambda each: each[0] != "en") for level, names in found.items()}


def _centre(properties: Mapping[str, Any]) -> tuple[float, float] | None:
    lower = {key.lower(): str(value) for key, value in properties.items()}
    lat = next((lower[name] for name in _LATS if name in lower), "")
    lon = next((lower[name] for name in _LONS if name in lower), "")
    return position_of(lon, lat)
