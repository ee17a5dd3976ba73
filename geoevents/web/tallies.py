"""How many events a question finds of each type and kind."""

from __future__ import annotations

from collections import Counter

from geoevents.events import Kind
from geoevents.web import reading
from geoevents.web.asking import Asked

Tally = Counter[tuple[str, Kind]]


def of(asked: Asked) -> Tally:
    """By (event type, kind), whatever types and kind the question itself asks for."""
    return reading.reader().tally(asked.query).types


def by_kind(asked: Asked) -> dict[Kind, int]:
    """How many of each kind a question finds: events happened, conditions hold, and nobody adds them up."""
    found = reading.reader().tally(asked.query).by_kind
    return {kind: found[kind] for kind in Kind}
