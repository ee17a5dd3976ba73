"""What the popup of an event needs, out of the line its Feature is kept as, without making an event of it.

Knows which properties a popup shows, and how those of a line are passed on as they are written there.
drawing.popup says the same of an event; tests/cartography/test_popups.py holds the two together.
"""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Any

import msgspec

from geoevents.cartography.drawing import SOURCES_IN_POPUP, popup
from geoevents.geojson import event_from_feature

_BEFORE = ("kind", "title", "lang")
_AFTER = (
    "event_type", "sub_event_type", "date_start", "date_end", "occurrence", "place_name", "place_label",
    "admin1", "country_code", "geo_precision", "uncertainty_m", "sensitivity", "verification", "status",
    "status_reason", "content_warning", "version",
)  # fmt: skip
_OF_A_SOURCE = ("publisher", "said_by", "title", "url", "published")


class _Translation(msgspec.Struct, gc=False):
    title: str | None


class _About(msgspec.Struct, gc=False):
    place_label: str | None
    role: str
    lon: float | None
    lat: float | None


_Source: Any = msgspec.defstruct("_Source", [(name, msgspec.Raw) for name in _OF_A_SOURCE], gc=False)
_Properties: Any = msgspec.defstruct(
    "_Properties",
    [
        *((name, msgspec.Raw) for name in (*_BEFORE, *_AFTER)),
        ("translations", dict[str, _Translation]),
        ("sources", list[_Source]),
        ("about", list[_About]),
    ],
    gc=False,
)
_Feature: Any = msgspec.defstruct("_Feature", [("id", msgspec.Raw), ("properties", _Properties)], gc=False)
_FEATURES = msgspec.json.Decoder(_Feature)
_before, _after, _of_a_source = attrgetter(*_BEFORE), attrgetter(*_AFTER), attrgetter(*_OF_A_SOURCE)


def popup_of(line: bytes) -> tuple[bytes, bytes]:
    """The id of a Feature and `drawing.popup` of it, as JSON; the latter lacks its closing brace."""
    try:
        feature = _FEATURES.decode(line)
    except msgspec.MsgspecError:
        # It was written when Features were written otherwise.
        event = event_from_feature(json.loads(line))
        return compact(event.id), compact(popup(event))[:-1]
    said = feature.properties
    titles = {lang: each.title for lang, each in said.translations.items() if each.title}
    sources = [_members(_OF_A_SOURCE, _of_a_source(each)) for each in said.sources[:SOURCES_IN_POPUP]]
    about = [
        {"label": each.place_label, "role": each.role, "lon": each.lon, "lat": each.lat}
        for each in said.about
        if each.lon is not None and each.lat is not None
    ]
    parts = (
        _members(_BEFORE, _before(said)),
        b'"titles":' + (compact(titles) if titles else b"{}"),
        _members(_AFTER, _after(said)),
        b'"sources":[' + b",".join(b"{%s}" % each for each in sources) + b"]",
        b'"source_count":%d' % len(said.sources),
        b'"about":' + (compact(about) if about else b"[]"),
    )
    return bytes(feature.id), b"{" + b",".join(parts)


def _members(names: tuple[str, ...], values: tuple[Any, ...]) -> bytes:
    return b",".join([b'"%s":%b' % (name.encode(), value) for name, value in zip(names, values, strict=True)])


def compact(value: object) -> bytes:
    """JSON in UTF-8, as short as it can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
