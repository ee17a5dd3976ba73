"""A gazetteer that is asked for each name once: tables of many rows name few places.

Knows which questions have the same answer. Knows nothing of names.
"""

from __future__ import annotations

from typing import Any

from geoevents.gazetteers import Gazetteer
from geoevents.gazetteers.remembered import Remembered
from geoevents.places import Context, Place, Resolution

_MOST = 50_000


class LookedUpOnce:
    """
    See geoevents.gazetteers.Gazetteer: everything else is asked of `known` each time.

    An answer that speaks of nothing that begins or ends holds for its month: areas that are new change what a
    name means, and seldom. One that does is asked for every day.
    """

    def __init__(self, known: Gazetteer) -> None:
        self._known = known
        self._answers = Remembered(most=_MOST)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._known, name)

    def resolve(self, name: str, context: Context) -> Resolution:
        month = (context.day.year, context.day.month) if context.day else None
        key = ("resolve", name, context.country_code, context.admin1, context.limit, month)
        answer: Resolution = self._answers(key, lambda: self._known.resolve(name, context))
        if not _is_dated(answer):
            return answer
        return self._answers((*key, context.day), lambda: self._known.resolve(name, context))

    def get(self, place_id: str) -> Place:
        return self._answers(("get", place_id), lambda: self._known.get(place_id))

    def country(self, code: str) -> Place | None:
        return self._answers(("country", code), lambda: self._known.country(code))


def _is_dated(answer: Resolution) -> bool:
    return any(each.place.valid_from or each.place.valid_to for each in answer.candidates)
