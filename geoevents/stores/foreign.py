"""What another program made of our Features, compared with ours by value, and put back into our form.

Knows how GDAL, QGIS and geopandas rewrite what we wrote: days as instants, lists and objects as text, whole
numbers as decimals, coordinates rounded, empty for null. Knows nothing of versions or of files.
"""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from geoevents.errors import BadInput
from geoevents.geojson import MANAGED
from geoevents.messages import Message
from geoevents.times import read_instant

# RFC 7946 asks writers for no more than some decimetres; GDAL cuts at seven decimals unless told otherwise.
_SAME_DEGREES = 1e-6
_NESTED = ("translations", "about", "actors", "sources", "tags", "extra")
_DAYS = ("date_start", "date_end")
_NUMBERS = ("uncertainty_m", "fatalities_low", "fatalities_best", "fatalities_high")
_YES_OR_NO = ("civilian_targeting",)
_MIDNIGHT = re.compile(r"[T ]00:00:00(\.0+)?(Z|[+-]00:?00)?$")
_EMPTY: tuple[Any, ...] = (None, "", [], {}, "[]", "{}")

Feature = Mapping[str, Any]


def id_of(theirs: Feature) -> str | None:
    """Programs that read a Feature as a row of a table write its id among the properties."""
    found = theirs.get("id") or (theirs.get("properties") or {}).get("id")
    return None if found is None else str(found)


def edited(ours: Feature, theirs: Feature) -> dict[str, Any] | None:
    """
    Our Feature with what was changed in theirs; None where that says the same.

    A property they dropped is as it was, one we don't have is kept in `extra`. What only we decide stays.
    Raises BadInput for a value that cannot be put back into our form.
    """
    properties = dict(ours["properties"])
    extra: dict[str, Any] = {}
    for name, value in (theirs.get("properties") or {}).items():
        if name in MANAGED or name == "id":
            continue
        if name not in properties:
            extra |= {} if value in _EMPTY else {name: value}
        elif not same(properties[name], value):
            properties[name] = _in_our_form(name, value)
    known = dict(ours["properties"].get("extra") or {})
    if any(not same(known.get(name), value) for name, value in extra.items()):
        properties["extra"] = dict(properties.get("extra") or {}) | extra
    geometry = ours["geometry"]
    if not same_geometry(geometry, theirs.get("geometry")):
        geometry = theirs.get("geometry")
    if properties == ours["properties"] and geometry is ours["geometry"]:
        return None
    return {**ours, "properties": properties, "geometry": geometry}


def new(theirs: Feature, ours: Feature) -> dict[str, Any]:
    """A new Feature, in the form of `ours`, which says what theirs leaves out. Raises BadInput."""
    given = {name: value for name, value in (theirs.get("properties") or {}).items() if value not in _EMPTY}
    made = edited(ours, {"properties": given, "geometry": theirs.get("geometry")})
    return dict(ours) if made is None else made


def same(ours: Any, theirs: Any) -> bool:
    """
    Whether two values say the same, the second after another program had it.

    >>> same([{"url": None, "says": 3}], '[ { "says": 3.0 } ]'), same("2022-01-20", "2022-01-20T00:00:00")
    (True, True)
    >>> same(["a", "b"], "['a' 'b']"), same(None, ""), same(3, 4)
    (True, True, False)
    """
    if ours == theirs or (ours in _EMPTY and _is_empty(theirs)):
        return True
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        return all(same(ours.get(name), theirs.get(name)) for name in {*ours, *theirs})
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, list | Mapping) and isinstance(theirs, str):
        return _is_written_out(ours, theirs)
    if isinstance(ours, bool | int | float):
        return _is_number(theirs) and math.isclose(float(ours), _number(theirs), rel_tol=1e-9)
    return isinstance(ours, str) and _same_text(ours, theirs)


def same_geometry(ours: Any, theirs: Any) -> bool:
    """Whether two geometries are the same but for rounding, heights, the turn of rings and a Multi of one."""
    if not ours or not theirs:
        return not ours and not theirs
    one, other = _unpacked(ours), _unpacked(theirs)
    return one[0] == other[0] and _near(one[1], other[1])


def _is_empty(value: Any) -> bool:
    return value in _EMPTY or (isinstance(value, float) and math.isnan(value))


def _is_written_out(ours: Any, theirs: str) -> bool:
    """As JSON, as Python writes it, or, a list of words, as numpy does."""
    if isinstance(ours, list) and "".join(theirs.split()) == "".join(f"[{''.join(map(repr, ours))}]".split()):
        return True
    try:
        return same(ours, _read_back(theirs))
    except ValueError:
        return False


def _read_back(text: str) -> Any:
    """The list or object that a text is. Raises ValueError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        if re.search(r"""['"]\s+['"]""", text):
            # Python would join words that stand beside each other without a comma.
            raise ValueError("not a list of Python's") from None
        try:
            found = ast.literal_eval(text)
        except (SyntaxError, MemoryError, RecursionError, TypeError) as error:
            raise ValueError("neither") from error
    if not isinstance(found, list | dict):
        raise ValueError("no list and no object")
    return found


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return value.lower() in ("true", "false") or bool(re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value))
    return isinstance(value, bool | int | float)


def _number(value: Any) -> float:
    return float({"true": 1, "false": 0}.get(value.lower(), value) if isinstance(value, str) else value)


def _same_text(ours: str, theirs: Any) -> bool:
    if not isinstance(theirs, str):
        return _is_number(theirs) and _is_number(ours) and _number(ours) == _number(theirs)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", ours):
        return ours == _day(theirs)
    if re.match(r"\d{4}-\d\d-\d\dT", ours):
        try:
            apart = read_instant(ours) - read_instant(theirs.replace("/", "-"))
        except (BadInput, ValueError):
            return False
        return abs(apart.total_seconds()) < 0.001
    return False


def _day(text: str) -> str:
    return _MIDNIGHT.sub("", text.replace("/", "-"))


def _in_our_form(name: str, value: Any) -> Any:
    if _is_empty(value):
        return None
    if name in _NESTED and isinstance(value, str):
        try:
            return _read_back(value)
        except ValueError:
            message = Message("{field} is written in a way that cannot be read back.", field=name)
            raise BadInput(message, name) from None
    if name in _DAYS and isinstance(value, str):
        return _day(value)
    if name in _NUMBERS and _is_number(value) and _number(value).is_integer():
        return int(_number(value))
    if name in _YES_OR_NO and _is_number(value):
        return bool(_number(value))
    return value


def _unpacked(geometry: Any) -> tuple[str, Any]:
    kind, coordinates = str(geometry.get("type")), geometry.get("coordinates")
    if kind.startswith("Multi") and isinstance(coordinates, list) and len(coordinates) == 1:
        return kind.removeprefix("Multi"), coordinates[0]
    return kind, coordinates


def _near(ours: Any, theirs: Any) -> bool:
    if not isinstance(ours, list) or not isinstance(theirs, list):
        return False
    if ours and isinstance(ours[0], int | float):
        return len(theirs) >= 2 and all(
            isinstance(b, int | float) and abs(a - b) <= _SAME_DEGREES
            for a, b in zip(ours[:2], theirs[:2], strict=True)
        )
    if len(ours) != len(theirs):
        return False
    is_ring = len(ours) > 3 and ours[0] == ours[-1]
    return all(map(_near, ours, theirs)) or (is_ring and all(map(_near, ours, theirs[::-1])))
