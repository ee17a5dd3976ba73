"""Questions as masks: which rows of columns each parameter of a query asks for.

Knows what queries.py says a parameter means, once more, for arrays; tests/stores/test_masks.py holds the two
together. Knows nothing of lines, pages or who asks. Of words in texts (`q`) texts.py knows.
To add a parameter: a function here, a row in MASKS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from operator import attrgetter
from typing import Any

import numpy as np

from geoevents.events import Kind, Status
from geoevents.folding import fold
from geoevents.places import BBox, GeoPrecision
from geoevents.queries import EventQuery
from geoevents.stores.certainties import MEANING, NOT, Codes, bounds, boxes_meet, is_located
from geoevents.stores.columns import SHAPE, Columns, Mask
from geoevents.times import Interval


def _status(columns: Columns, statuses: tuple[Status, ...]) -> Mask | None:
    return _one_of(columns, "status", statuses)


def _kind(columns: Columns, kind: Kind | None) -> Mask | None:
    return None if kind is None else _one_of(columns, "kind", [kind])


def _event_types(columns: Columns, codes: tuple[str, ...]) -> Mask | None:
    return _one_of(columns, "event_type", codes) if codes else None


def _sub_event_types(columns: Columns, codes: tuple[str, ...]) -> Mask | None:
    return _one_of(columns, "sub_event_type", codes) if codes else None


def _interval(columns: Columns, asked: Interval | None) -> Mask | None:
    if asked is None:
        return None
    first, last = bounds(asked)
    return (columns.day_start <= last) & (columns.day_end >= first)


def _place(columns: Columns, place: str | None) -> Mask | None:
    return None if place is None else _one_of(columns, "place", [place])


def _country(columns: Columns, country: str | None) -> Mask | None:
    return None if country is None else _one_of(columns, "country", [country])


def _admin1(columns: Columns, asked: str | None) -> Mask | None:
    if asked is None:
        return None
    wanted = fold(asked)
    # A name of nothing but marks folds to nothing, as no name does.
    words: list[str | None] = [word for word in list(columns.words["admin1"].words) if fold(word) == wanted]
    return _one_of(columns, "admin1", words if wanted else [*words, None])


def _bbox(columns: Columns, box: BBox | None) -> Mask | None:
    """Comparing with NaN is false, so what has no geometry lies in no box."""
    if box is None:
        return None
    found = _points_in(columns, box)
    shapes = np.flatnonzero(columns.geometry_kind == SHAPE)
    if len(shapes):
        found[shapes] = boxes_meet(columns, shapes, box)
    return found


def _in_view(columns: Columns, box: BBox | None) -> Mask | None:
    found = _bbox(columns, box)
    return None if found is None else found & is_located(columns)


def _points_in(columns: Columns, box: BBox) -> Mask:
    lon = columns.lon
    if box.crosses_antimeridian:
        found: Mask = (lon >= box.west) | (lon <= box.east)
    else:
        found = (lon >= box.west) & (lon <= box.east)
    found &= columns.lat >= box.south
    found &= columns.lat <= box.north
    return found


def _geo_precisions(columns: Columns, precisions: tuple[GeoPrecision, ...]) -> Mask | None:
    return _one_of(columns, "geo_precision", precisions) if precisions else None


def _one_of(columns: Columns, name: str, words: Iterable[str | None]) -> Mask:
    codes, known = getattr(columns, name), columns.words[name]
    found = np.zeros(len(columns), bool)
    for word in words:
        if word is None or word in known:
            found |= codes == known[word]
    return found


# What asks for rows, by the field of EventQuery; None where all are asked for.
MASKS: dict[str, Callable[[Columns, Any], Mask | None]] = {
    "statuses": _status,
    "kind": _kind,
    "event_types": _event_types,
    "sub_event_types": _sub_event_types,
    "interval": _interval,
    "place": _place,
    "country": _country,
    "admin1": _admin1,
    "geo_precisions": _geo_precisions,
    "located": lambda columns, asked: None if asked is None else is_located(columns) == asked,
    "bbox": _bbox,
    "in_view": _in_view,
}
_SURENESS = ("near", "area", "certainty")
# What of a query decides which rows it finds: two that agree in this find the same.
filters_of: Callable[[EventQuery], tuple[Any, ...]] = attrgetter(*MASKS, *_SURENESS, "q", "alternatives")


def matching(columns: Columns, query: EventQuery, codes: Callable[[EventQuery], Codes]) -> Mask:
    """
    The rows that a query asks for, dead ones too, whatever words it looks for. `codes` tells how surely each
    answers what a query asks of place and time (certainties.py).
    """
    found = np.ones(len(columns), bool)
    if query.certainty is not None:
        found &= codes(query) == MEANING.index(query.certainty)
    elif query.near or query.area:
        found &= codes(replace(query, bbox=None, interval=None)) > NOT
    for name, mask in MASKS.items():
        # Who asks how surely asks of where things may have been: a box may miss one that is possibly in it.
        is_told_already = name == "bbox" and query.certainty is not None
        asked = None if is_told_already else mask(columns, getattr(query, name))
        if asked is not None:
            found &= asked
    return found
