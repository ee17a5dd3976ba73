"""How surely an event answers what is asked of place and time (docs/decisions says what that means).

Knows one event and one question at a time, as arrays stores/certainties.py does. Knows nothing of other
parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geoevents.events import Content
from geoevents.geometries import Geometry
from geoevents.places import BBox
from geoevents.regions import Certainty, Circle, Reach, certainty
from geoevents.times import Interval, Occurrence


def of_place(event: Content, asked: BBox | Circle | Geometry) -> Certainty | None:
    """How surely it was there; None where it was not, and where nobody says where it was."""
    reach = Reach.of(event.geometry, event.geo_precision, event.uncertainty_m)
    return None if reach is None else certainty(reach, asked)


def of_days(event: Content, asked: Interval) -> Certainty | None:
    """
    How surely it was then. `once` happened on one of its days: surely then if all of them are. What is
    `lasting` held on each of them: surely then if one is, up to the last day that a source speaks of.
    """
    if not asked.intersects(event.interval):
        return None
    if event.occurrence is Occurrence.LASTING:
        is_sure = asked.intersects(Interval(event.date_start, last_day_known(event)))
    else:
        is_sure = _holds(asked, event.interval)
    return Certainty.SURELY if is_sure else Certainty.POSSIBLY


def last_day_known(event: Content) -> date:
    """Its last day; of what goes on, the last on which a source spoke of it, or the first of all."""
    if event.date_end is not None or event.occurrence is not Occurrence.LASTING:
        return event.date_end or event.date_start
    return max([event.date_start, *(each.published for each in event.sources if each.published)])


def least(certainties: Iterable[Certainty | None]) -> Certainty | None:
    """
    Of several conditions: surely if all are met surely, none if one is not met. Of none: surely.

    >>> least([Certainty.SURELY, Certainty.POSSIBLY]), least([Certainty.SURELY, None]), least([])
    (<Certainty.POSSIBLY: 'possibly'>, None, <Certainty.SURELY: 'surely'>)
    """
    found = set(certainties)
    if None in found:
        return None
    return Certainty.POSSIBLY if Certainty.POSSIBLY in found else Certainty.SURELY


def _holds(outer: Interval, inner: Interval) -> bool:
    assert inner.start is not None
    assert inner.end is not None
    return (outer.start or date.min) <= inner.start and inner.end <= (outer.end or date.max)
