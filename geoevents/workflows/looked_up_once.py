"""A gazetteer that is asked for each name once: tables of many rows name few places.

Knows which questions have the same answer. Knows nothing of names.
"""

from __future__ import annotations

from typing import Any

from geoevents.gazetteers import Gazetteer
from geoevents.gazetteers.remembered import Remembered
from geoevents.places import Context, Place, Resolution
from geoevents.values import replace

_MOST = 50_000
# Of the ids of named areas, which have versions.
_AREA = "area:"


class LookedUpOnce:
    """
    See geoevents.gazetteers.Gazetteer: everything else is asked of `known` each time.

    The day of a question matters only where an area with versions may be meant; without a day its latest
    version is among the candidates, and then the question is asked again for its day.
    """

    def __init__(self, known: Gazetteer) -> None:
        self._known = known
        self._answers = Remembered(most=_MOST)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._known, name)

    def resolve(self, name: str, context: Context) -> Resolution:
        key = (name, context.country_code, context.admin1, context.limit)
        undated = replace(context, day=None)
        answer = self._answers(key, lambda: self._known.resolve(name, undated))
        if context.day is None or not _is_dated(answer):
            return answer
        return self._answers((*key, context.day), lambda: self._known.resolve(name, context))

    def get(self, place_id: str) -> Place:
        return self._answers(("get", place_id), lambda: self._known.get(place_id))

    def country(self, code: str) -> Place | None:
        return self._answers(("country", code), lambda: self._known.country(code))


def _is_dated(answer: Resolution) -> bool:
    places = [each.place for each in answer.candidates]
    return any(each.valid_from or each.valid_to or _AREA in each.place_id for each in places)
