"""Where a row happened that has only a text: the place of its event, among all that the text names.

Knows when a text is all there is. Which place of it is the event's, geoparsing/happening.py knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoevents.events import Draft
from geoevents.geoparsing import LONGEST_TEXT, Geoparser
from geoevents.geoparsing.happening import where_it_happened
from geoevents.places import Context, Resolution, ResolutionStatus
from geoevents.workflows.backends import Backends
from geoevents.workflows.verdicts import offered

_NOWHERE = Resolution("", ResolutionStatus.NOT_FOUND)
_PLACES = ("place_name", "place_id", "geo_precision")


class PlacesOfTexts:
    """Texts of one import; what reads them is opened when the first one comes."""

    def __init__(self, backends: Backends) -> None:
        self._open = backends.geoparser
        self._geoparser: Geoparser | None = None

    def is_wanted(self, draft: Draft) -> bool:
        """Whether a draft says nothing of its place but in its text."""
        return self._open is not None and not draft.has_place and draft.place_name is None

    def place_in(self, text: str, context: Context) -> tuple[str | None, Resolution]:
        """The name that says where it happened, as it is written there, and what that means."""
        if self._geoparser is None and self._open is not None:
            self._geoparser = self._open()
        if self._geoparser is None or len(text) > LONGEST_TEXT:
            return None, _NOWHERE
        meant = where_it_happened(text, self._geoparser(text, context))
        return (None, _NOWHERE) if meant is None else (meant.text[:200], meant.resolution)

    def candidates_in(self, feature: object) -> tuple[Mapping[str, Any], ...]:
        """The places that the text of a row may mean that is no event for another reason."""
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(feature, dict) or not isinstance(properties, dict):
            return ()
        if self._open is None or feature.get("geometry"):
            return ()
        text = properties.get("description") or properties.get("title")
        if not isinstance(text, str) or any(properties.get(name) for name in _PLACES):
            return ()
        code = properties.get("country_code")
        _, resolution = self.place_in(text, Context(country_code=code if isinstance(code, str) else None))
        return offered(resolution.candidates)
