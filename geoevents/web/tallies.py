"""How many events a question finds of each type and kind: counted once for each revision and question."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import replace
from threading import Lock

from flask import Flask, current_app

from geoevents.events import Kind
from geoevents.web import caching, reading
from geoevents.web.asking import Asked

_KEPT = 64

Tally = Counter[tuple[str, Kind]]


class Tallies:
    """The tallies of the questions asked last: each walks every event, and a list wants a dozen numbers."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Tally] = OrderedDict()
        self._lock = Lock()

    def of(self, asked: Asked) -> Tally:
        """By (event type, kind), whatever types and kind the question itself asks for."""
        wider = asked.with_query(event_types=(), kind=None, limit=None, after=None, sort="-date")
        key = (caching.state(), wider.query_string)
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            found = reading.reader().events(replace(wider.query, lang=None))
            known = Counter((event.event_type, event.kind) for event in found)
        with self._lock:
            self._kept[key] = known
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return known


def by_kind(asked: Asked) -> dict[Kind, int]:
    """How many of each kind a question finds: events happened, conditions hold, and nobody adds them up."""
    query = asked.query
    found = dict.fromkeys(Kind, 0)
    for (code, kind), count in of(asked).items():
        if (not query.event_types or code in query.event_types) and query.kind in (None, kind):
            found[kind] += count
    return found


def init_app(app: Flask) -> None:
    app.extensions["geoevents.tallies"] = Tallies()


def of(asked: Asked) -> Tally:
    kept = current_app.extensions["geoevents.tallies"]
    assert isinstance(kept, Tallies)
    return kept.of(asked)
