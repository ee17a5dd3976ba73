"""Lines of kept Features as columns, and which bytes of each line anybody gets.

Knows where in a line things stand, and how a public Feature comes of a kept one without making an event of
it where nothing else has to be withheld. Knows nothing of queries, or of where lines lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from geoevents.decisions import TEAM_PREFIX
from geoevents.events import Status
from geoevents.geojson import feature_line
from geoevents.geometries import Geometry
from geoevents.record_stored import PROPERTIES
from geoevents.stores.columns import (
    CUT,
    ENUMS,
    NO_GEOMETRY,
    OPEN_END,
    POINT,
    SHAPE,
    SPILLED,
    STORED,
    WORDS,
    Vocabulary,
)
from geoevents.stores.kept_lines import event_of
from geoevents.stores.shown import public_bytes
from geoevents.times import read_instant


class _Point(msgspec.Struct, gc=False, tag="Point"):
    coordinates: tuple[float, float]


class _Candidate(msgspec.Struct, gc=False, frozen=True):
    """Only whether there are any is looked at."""


class _Source(msgspec.Struct, gc=False):
    published: str | None = None


class _LineString(msgspec.Struct, gc=False, tag="LineString"):
    coordinates: msgspec.Raw


class _Polygon(msgspec.Struct, gc=False, tag="Polygon"):
    coordinates: msgspec.Raw


class _Multi(msgspec.Struct, gc=False, tag="MultiPolygon"):
    coordinates: msgspec.Raw


class _MultiPoint(_Multi, gc=False, tag="MultiPoint"):
    pass


class _MultiLine(_Multi, gc=False, tag="MultiLineString"):
    pass


_Shape = _Point | _LineString | _Polygon | _Multi | _MultiPoint | _MultiLine | None
# What is looked at. The rest of a Feature's properties must be there, all of them, and is passed over.
_TYPES: dict[str, Any] = {
    **dict.fromkeys(("kind", "occurrence", "verification", "status", "sensitivity", "event_type"), str),
    **dict.fromkeys(("date_start", "created", "updated"), str),
    **dict.fromkeys(("sub_event_type", "date_end", "place_id", "country_code", "admin1"), str | None),
    **dict.fromkeys(("geo_precision", "chosen_by", "chosen_why", "public_text", "internal_note"), str | None),
    "uncertainty_m": int | None,
    "match_score": float | None,
    "candidates": tuple[_Candidate, ...] | None,
}
_Properties = msgspec.defstruct(
    "_Properties",
    [(name, _TYPES.get(name, msgspec.Raw)) for name in PROPERTIES],
    gc=False,
    forbid_unknown_fields=True,
)
_Feature: Any = msgspec.defstruct(
    "_Feature", [("id", str), ("geometry", _Shape), ("properties", _Properties)], gc=False
)
_FEATURES = msgspec.json.Decoder(_Feature)
_SOURCES = msgspec.json.Decoder(list[_Source])

# Four properties in a row that are internal: cut out, the rest of a line is what the public gets.
_INTERNAL = ("match_score", "candidates", "chosen_by", "chosen_why")
_of_internal = attrgetter(*_INTERNAL)
_INTERNALS: Any = msgspec.json.Decoder(
    msgspec.defstruct(
        "_Outer", [("properties", msgspec.defstruct("_Inner", [(name, msgspec.Raw) for name in _INTERNAL]))]
    )
)
NOTHING_INTERNAL = b",".join(b'"%s":null' % name.encode() for name in _INTERNAL)
# These mean that more than that is withheld or, rarely, only look like it. The id of a place worked out from
# a team's own has that one's within.
_MARKS = (b'"confidential":true', b'"report_id":"', TEAM_PREFIX.encode())
# What says that the public gets a line as it stands.
_PLAINNESS = attrgetter("status", "sensitivity", "public_text", "internal_note", *_INTERNAL)
_PLAIN = {(status.value, "exact", *(None,) * 6) for status in Status if status.is_public}
_PUBLIC = {status.value for status in Status if status.is_public}

_BEGINNING = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = len("2022-01-25T09:00:00.000000Z")
# The property that a column holds, where they go by other names.
_PROPERTY = {"country": "country_code", "place": "place_id"}
_CODED = {name: attrgetter(_PROPERTY.get(name, name)) for name in (*ENUMS, *WORDS)}
_NOWHERE = (float("nan"),) * 2


class Shown(NamedTuple):
    """Lines that are rows: their numbers and sizes, what they say, and which bytes of them are shown."""

    numbers: NDArray[np.intp]
    sizes: NDArray[np.int32]
    features: Sequence[Any]
    # For those of which other bytes are shown, by their place here: columns.CUT or SPILLED, where, how many.
    own: Mapping[int, tuple[int, int, int]]


# Keeps a line that is shown in the place of the one that is kept, and tells where.
Spill = Callable[[bytes], int]


class View(Enum):
    """Who looks: those who may see everything, or anybody."""

    WHOLE = "whole"
    PUBLIC = "public"

    def shown(self, lines: Sequence[bytes], spill: Spill) -> Shown:
        """What of these events there is to be seen. Raises StoreDamaged for a line that is no event."""
        return _public(lines, spill) if self is View.PUBLIC else _whole(lines)


def _whole(lines: Sequence[bytes]) -> Shown:
    features = _features(lines, b"\n".join(lines))
    for number in _numbers_of_none(features):
        features[number] = _FEATURES.decode(feature_line(event_of(lines[number])))
    return Shown(np.arange(len(lines)), _sizes(lines), features, {})


def _public(lines: Sequence[bytes], spill: Spill) -> Shown:
    together, sizes = b"\n".join(lines), _sizes(lines)
    features = _features(lines, together)
    own: dict[int, tuple[int, int, int]] = {}
    others = _not_plain(features)
    others.update(dict.fromkeys(_suspects(together, sizes), True))
    for number, is_suspect in others.items():
        features[number], found = _shown(lines[number], features[number], spill, is_suspect=is_suspect)
        if found is not None:
            own[number] = found
    gone = set(_numbers_of_none(features))
    if not gone:
        return Shown(np.arange(len(lines)), sizes, features, own)
    left = np.array([number for number in range(len(lines)) if number not in gone], np.intp)
    own = {place: own[number] for place, number in enumerate(left.tolist()) if number in own}
    return Shown(left, sizes[left], [features[number] for number in left.tolist()], own)


def _sizes(lines: Sequence[bytes]) -> NDArray[np.int32]:
    return np.fromiter(map(len, lines), np.int32, len(lines))


def _not_plain(features: Sequence[Any]) -> dict[int, bool]:
    """The numbers of those of which the public gets less than all, by their own fields."""
    return {
        number: False
        for number, feature in enumerate(features)
        if feature is None or _PLAINNESS(feature.properties) not in _PLAIN
    }


def _suspects(together: bytes, sizes: NDArray[np.int32]) -> Iterator[int]:
    """The numbers of those of which the public perhaps gets less, by what a source or a place is."""
    ends = np.cumsum(sizes + 1)
    for mark in _MARKS:
        at = together.find(mark)
        while at >= 0:
            number = int(np.searchsorted(ends, at, side="right"))
            yield number
            at = together.find(mark, int(ends[number]))


def _shown(
    line: bytes, feature: Any, spill: Spill, *, is_suspect: bool
) -> tuple[Any, tuple[int, int, int] | None]:
    """What anybody sees that an event says, None where they see nothing, and which bytes of it they get."""
    if feature is not None:
        said = feature.properties
        if said.status not in _PUBLIC or said.sensitivity == "hidden":
            return None, None
        is_all = said.sensitivity == "exact" and said.public_text is None and said.internal_note is None
        if is_all and not is_suspect:
            return feature, _cut(line)
    shown = public_bytes(event_of(line))
    if shown is None:
        return None, None
    return _FEATURES.decode(shown), None if shown == line else (SPILLED, spill(shown), len(shown))


def _cut(line: bytes) -> tuple[int, int, int]:
    raw = _of_internal(_INTERNALS.decode(line).properties)
    piece = b",".join(
        b'"%s":%s' % (name.encode(), bytes(value)) for name, value in zip(_INTERNAL, raw, strict=True)
    )
    # Before it stand texts, whose quotes are escaped, and translations, whose values are objects.
    return CUT, line.index(piece), len(piece)


def _numbers_of_none(features: Sequence[Any]) -> list[int]:
    return [number for number, feature in enumerate(features) if feature is None]


def _features(lines: Sequence[bytes], together: bytes) -> list[Any]:
    """What the lines say; None for one that was written when Features were written otherwise."""
    try:
        found: list[Any] = _FEATURES.decode_lines(together)
    except msgspec.MsgspecError:
        found = []
    return found if len(found) == len(lines) else [_feature(line) for line in lines]


def _feature(line: bytes) -> Any:
    try:
        return _FEATURES.decode(line)
    except msgspec.MsgspecError:
        return None


def columns_of(shown: Shown, words: Mapping[str, Vocabulary]) -> tuple[NDArray[np.bytes_], dict[str, Any]]:
    """
    The ids of these events, and a value for each of them in every column (columns.DTYPES) but those that say
    where they lie.
    """
    features = shown.features
    said = [feature.properties for feature in features]
    values: dict[str, Any] = {
        "size": shown.sizes,
        "uncertainty_m": np.array(
            [-1 if each.uncertainty_m is None else each.uncertainty_m for each in said]
        ),
        "created": _microseconds([each.created for each in said]),
        "updated": _microseconds([each.updated for each in said]),
    }
    values |= _codes(said, words)
    own = np.array(
        [shown.own.get(number, (STORED, 0, 0)) for number in range(len(features))]
        if shown.own
        else np.zeros((len(features), 3)),
        np.int64,
    ).reshape(-1, 3)
    values |= {"own": own[:, 0], "own_at": own[:, 1], "own_size": own[:, 2]}
    ids = [feature.id.encode("utf-8", "surrogatepass") for feature in features]
    return np.array(ids, np.bytes_), values | _days(said) | _places(features)


def _codes(said: Sequence[Any], words: Mapping[str, Vocabulary]) -> dict[str, Any]:
    return {
        name: np.fromiter(map(words[name].__getitem__, map(said_of, said)), np.int32, len(said))
        for name, said_of in _CODED.items()
    }


def _days(said: Sequence[Any]) -> dict[str, Any]:
    starts = np.fromiter((_day(each.date_start) for each in said), np.int32, len(said))
    ends = [
        _day(each.date_end) if each.date_end else OPEN_END if each.occurrence == "lasting" else start
        for each, start in zip(said, starts.tolist(), strict=True)
    ]
    days = {"day_start": starts, "day_end": np.array(ends, np.int32)}
    sure = days["day_end"].copy()
    for number in np.flatnonzero(sure == OPEN_END).tolist():
        spoken = (each.published for each in _SOURCES.decode(said[number].sources))
        sure[number] = max([int(starts[number]), *(_day(day) for day in spoken if day)])
    return days | {"day_sure": sure}


@lru_cache(maxsize=65_536)
def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - _BEGINNING


def _microseconds(texts: list[str]) -> NDArray[np.int64]:
    """Instants, as `times.instant` writes them, or as it ever did."""
    joined = "".join(texts)
    if len(joined) == _INSTANT * len(texts) and joined.isascii():
        digits = np.frombuffer(joined.encode(), np.uint8).reshape(-1, _INSTANT)
        if (digits[:, (10, 19, 26)] == (ord("T"), ord("."), ord("Z"))).all():
            moments = np.ascontiguousarray(digits[:, : _INSTANT - 1]).view(f"S{_INSTANT - 1}").ravel()
            return moments.astype("datetime64[us]").astype(np.int64)
    return np.array([(read_instant(text) - _EPOCH) // timedelta(microseconds=1) for text in texts], np.int64)


def _places(features: Sequence[Any]) -> dict[str, Any]:
    shapes = [feature.geometry for feature in features]
    points = [shape.coordinates if type(shape) is _Point else _NOWHERE for shape in shapes]
    lonlat = np.fromiter(chain.from_iterable(points), np.float64, 2 * len(points)).reshape(-1, 2)
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    sides = np.stack([lon, lat, lon, lat])
    kinds, marks = np.full(len(shapes), POINT, np.int8), np.zeros(len(shapes), np.int64)
    for number in np.flatnonzero(np.isnan(lon)).tolist():
        shape = shapes[number]
        kinds[number] = NO_GEOMETRY if shape is None else SHAPE
        if shape is not None:
            sides[:, number] = _box(shape)
            marks[number] = _mark(shape)
    values = {"lon": lon, "lat": lat, "geometry_kind": kinds, "shape": marks}
    return values | dict(zip(("west", "south", "east", "north"), sides, strict=True))


def _mark(shape: Any) -> int:
    """A number for a shape. That two of a million have the same has a chance of one in thirty million."""
    words = type(shape).__struct_config__.tag.encode() + bytes(shape.coordinates)
    return int.from_bytes(blake2b(words, digest_size=8).digest(), signed=True)


def _box(shape: Any) -> Sequence[float]:
    """West, south, east, north of a geometry that is no Point, as Geometry.bbox has them."""
    raw = bytes(shape.coordinates)
    numbers = list(map(float, raw.translate(None, b"[] ").split(b",")))
    lons, lats = numbers[::2], numbers[1::2]
    west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    if east - west <= 180 or type(shape) in (_LineString, _Polygon):
        return west, south, east, north
    kind = type(shape).__struct_config__.tag
    return Geometry.from_geojson({"type": kind, "coordinates": msgspec.json.decode(raw)}).bbox.as_list()
