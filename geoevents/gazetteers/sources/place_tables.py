"""Reads any table or GeoJSON of places: columns by the names they usually have, or as they are said to be.

Knows usual names of columns and of kinds. To know another: a word in the tables below, a row in the tests.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput
from geoevents.gazetteers.scripts import language_of, names_among
from geoevents.gazetteers.sources.feature_codes import Wanted
from geoevents.gazetteers.sources.features import Feature, columns_of, features_of
from geoevents.gazetteers.sources.geonames_dumps import position_of
from geoevents.gazetteers.sources.options import Options
from geoevents.gazetteers.sources.records import LeftOut, Record
from geoevents.gazetteers.sources.shaping import shape_and_point
from geoevents.messages import Message
from geoevents.places import PLACE_KINDS

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "place_id", "geonameid", "osm_id", "@id", "gid", "fid", "objectid"),
    "pcode": ("pcode", "p_code", "ppl_pcode", "adm4_pcode", "admin4pcode", "location_pcode", "locationpcode"),
    "name": ("name", "name_en", "placename", "place_name", "adm4_en", "adm4_name", "admin4name_en",
             "admin4name", "asciiname", "village", "town"),
    "name_en": ("name_en", "name:en", "nameen", "adm4_en", "admin4name_en"),
    "name_ar": ("name_ar", "name:ar", "namear", "arabic", "adm4_ar", "admin4name_ar", "arabic_name"),
    "name_ku": ("name_ku", "name:ku", "name_kmr", "name:kmr", "kurdish"),
    "name_tr": ("name_tr", "name:tr", "turkish"),
    "names": ("alternatenames", "alternate_names", "alt_name", "alt_names", "names", "other_names"),
    "lat": ("lat", "latitude", "y", "lat_dd", "point_y", "ycoord", "lat_y", "latitude_y", "center_lat"),
    "lon": ("lon", "lng", "long", "longitude", "x", "lon_dd", "point_x", "xcoord", "long_x",
            "longitude_x", "center_lon"),
    "country": ("country_code", "countrycode", "iso2", "country", "adm0_pcode", "admin0pcode", "cc"),
    "admin1": ("admin1", "adm1_en", "adm1_name", "admin1name_en", "admin1name", "governorate", "province"),
    "admin2": ("admin2", "adm2_en", "adm2_name", "admin2name_en", "admin2name", "district"),
    "population": ("population", "pop", "popul"),
    "kind": ("kind", "fclass", "feature_code", "featurecode", "place", "type", "fcode"),
    "uncertainty": ("uncertainty_m", "uncertainty"),
}  # fmt: skip
_LANGUAGES = {"name_en": "en", "name_ar": "ar", "name_ku": "kmr", "name_tr": "tr"}
_WORDS = {
    **dict.fromkeys(("city", "town", "village", "hamlet", "isolated_dwelling", "locality", "national_capital",
                     "populated place", "suburb_town"), "settlement"),
    **dict.fromkeys(("suburb", "neighbourhood", "neighborhood", "borough"), "quarter"),
    **dict.fromkeys(("idp camp", "refugee camp", "idp site"), "camp"),
    **dict.fromkeys(("airport", "airbase", "air base", "airfield", "base"), "military_base"),
    **dict.fromkeys(("border crossing", "border_control", "checkpoint"), "crossing"),
    **dict.fromkeys(("governorate", "province", "state"), "admin1"),
    **dict.fromkeys(("district", "county"), "admin2"),
    **dict.fromkeys(("subdistrict", "sub-district", "nahiya"), "area"),
    **{kind: kind for kind in PLACE_KINDS if kind != "country"},
}  # fmt: skip
_ALL = Wanted(["ALL"])
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WITH_SHAPE = ("area", "admin1", "admin2")


def recognises(path: Path) -> bool:
    """Whether its columns have a name and a position, or its rows a shape of their own."""
    found = {name.lower() for name in columns_of(path)}
    has_name = bool(found & {*FIELDS["name"], *FIELDS["name_ar"]})
    is_shaped = path.suffix.lower() not in (".csv", ".tsv", ".txt")
    # With columns that somebody will name, any table will do.
    return bool(found) and (is_shaped or has_name or len(found) > 2)


def read(path: Path, options: Options) -> Iterator[Record | LeftOut]:
    """Raises BadInput where no column can be a name, naming the columns there are."""
    columns: dict[str, str] = {}
    first: Feature | None = None
    names: tuple[str, ...] | None = None
    is_understood, unseen = False, dict(options.columns)
    for feature in features_of(path, options.encoding):
        # In GeoJSON each place may have other properties: a nameless one is no reason to refuse the rest.
        if names != (here := tuple(feature.properties)):
            columns, names = _columns(feature, options), here
            unseen = {
                field: column for field, column in unseen.items() if field not in FIELDS or column not in here
            }
        is_understood = is_understood or _suffice(columns, feature)
        first = first or feature
        yield _place(feature, columns, options)
    if first is not None:
        _refuse_what_is_not_there(first, path, unseen)
        if not is_understood:
            raise _not_understood(first, path)


def _columns(feature: Feature, options: Options) -> dict[str, str]:
    """Field -> column: as it was said, else by its usual names."""
    lower = {str(name).strip().lower(): str(name) for name in feature.properties}
    found = {
        field: lower[usual]
        for field, names in FIELDS.items()
        if (usual := next((name for name in names if name in lower), None)) is not None
    }
    return found | {field: name for field, name in options.columns.items() if name in feature.properties}


def _suffice(columns: Mapping[str, str], feature: Feature) -> bool:
    has_position = {"lat", "lon"} <= columns.keys() or feature.geometry is not None
    return bool(columns.keys() & {"name", "name_ar"}) and has_position


def _refuse_what_is_not_there(first: Feature, path: Path, unseen: Mapping[str, str]) -> None:
    for field, column in unseen.items():
        there = ", ".join(map(str, first.properties))
        raise BadInput(
            Message("--column {field}={column}: {path} has {there}. A field is one of {fields}.",
                    field=field, column=column, path=path.name, there=there, fields=", ".join(FIELDS)),
            "column",
        )  # fmt: skip


def _not_understood(first: Feature, path: Path) -> BadInput:
    there = ", ".join(map(str, first.properties))
    return BadInput(
        Message("{path} has no columns that are surely name, lat and lon, but {there}. Say which they"
                " are: --column name=COLUMN.", path=path.name, there=there)
    )  # fmt: skip


def _place(feature: Feature, columns: Mapping[str, str], options: Options) -> Record | LeftOut:
    of = {field: _text(feature.properties.get(column)) for field, column in columns.items()}
    name = of.get("name") or of.get("name_ar") or ""
    kind = _kind(of.get("kind", ""))
    only = options.countries[0] if len(options.countries) == 1 else ""
    country = of.get("country", "").upper() or only
    if not name:
        # Maps have places without a name, and say so by leaving it out; a table has an empty cell.
        return LeftOut(feature.row, "no name", is_damaged="name" in columns or "name_ar" in columns)
    if kind is None:
        return LeftOut(feature.row, "kind")
    if options.countries and country not in options.countries:
        return LeftOut(feature.row, "country")
    shaped = shape_and_point(feature.geometry) if feature.geometry else None
    position = shaped[1] if shaped else position_of(_number(of.get("lon", "")), _number(of.get("lat", "")))
    if position is None:
        return LeftOut(feature.row, "position", is_damaged=True)
    return Record(
        place_id=_id(of, name, position, options),
        name=name,
        kind=kind,
        lon=position[0],
        lat=position[1],
        country_code=country if len(country) == 2 and country.isalpha() else None,
        names=list(_names(of)),
        admin1=of.get("admin1") or None,
        admin2=of.get("admin2") or None,
        population=_whole(of.get("population", "")),
        uncertainty_m=_whole(of.get("uncertainty", "")) or None,
        geometry=shaped[0] if shaped and kind in _WITH_SHAPE else None,
    )


def _names(of: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field, lang in _LANGUAGES.items():
        yield from ((lang, name) for _, name in names_among(of.get(field, "").split("|")))
    if language_of(of.get("name", "")):
        yield language_of(of["name"]), of["name"]
    others = of.get("names", "")
    parter = next((mark for mark in "|;," if mark in others), "|")
    yield from names_among(others.split(parter))


def _id(of: Mapping[str, str], name: str, position: tuple[float, float], options: Options) -> str:
    if of.get("pcode"):
        return f"pcode:{of['pcode']}"
    if of.get("id"):
        return f"{options.name}:{of['id']}"
    # Without an id of its own a place is named after what it is: the same next time.
    digest = hashlib.sha256(f"{name} {position}".encode(errors="surrogatepass")).hexdigest()
    return f"{options.name}:{digest[:12]}"


def _kind(text: str) -> str | None:
    """A kind in words or in GeoNames' codes; where nothing is said, a settlement."""
    if not text:
        return "settlement"
    feature_class, _, code = text.partition(".")
    if code:
        return _ALL.kind(feature_class, code)
    if text.startswith(("PPL", "STLMT")):
        return _ALL.kind("P", text)
    if text.isupper() and (kinds := [kind for each in "ASLTHR" if (kind := _ALL.kind(each, text))]):
        return kinds[0]
    return _WORDS.get(text.strip().lower())


def _text(value: Any) -> str:
    is_nothing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if is_nothing else str(value).strip()


def _number(text: str) -> str:
    """Degrees with a point or a decimal comma."""
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _whole(text: str) -> int:
    """A number without its fraction, whatever parts its thousands; 0 for what is none."""
    bare = text.replace(" ", "")
    try:
        return max(0, int(float(bare.replace(",", "") if _THOUSANDS.fullmatch(bare) else bare)))
    except (ValueError, OverflowError):
        return 0
