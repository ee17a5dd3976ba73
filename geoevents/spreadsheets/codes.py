"""What the codes and words of others mean in ours: types, precisions, yes and no.

Knows ACLED's and UCDP's numbers (usual_headings.py) and the labels of a team's types in any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoevents.event_types import Taxonomy
from geoevents.folding import fold
from geoevents.spreadsheets.headings import Columns
from geoevents.spreadsheets.usual_headings import NO, PRECISIONS, UCDP_TYPES, YES

_NUMBERS = ("fatalities_low", "fatalities_best", "fatalities_high", "uncertainty_m")


class Codes:
    """The words of one table, each worked out once."""

    def __init__(self, taxonomy: Taxonomy, columns: Columns) -> None:
        self._types = _types(taxonomy)
        self._taxonomy = taxonomy
        at = columns.fields.get("geo_precision")
        key = "" if at is None else fold(columns.headings[at])
        self._precisions = PRECISIONS.get(key, PRECISIONS["geo precision"])
        at = columns.fields.get("event_type")
        self._is_ucdp = at is not None and fold(columns.headings[at]) == "type of violence"

    def translate(self, properties: dict[str, Any], given: Mapping[str, str]) -> None:
        """Put our codes in the place of theirs; what nobody knows stays, to be refused by its name."""
        self._type(properties)
        self._precision(properties)
        if (text := given.get("civilian_targeting")) is not None and fold(text) in YES | NO:
            properties["civilian_targeting"] = fold(text) in YES
        for name in _NUMBERS:
            if name in given:
                properties[name] = _whole(given[name])

    def _type(self, properties: dict[str, Any]) -> None:
        if (text := properties.get("event_type")) is not None:
            code = UCDP_TYPES.get(text) if self._is_ucdp else self._types.get(fold(text))
            known = self._taxonomy.by_code.get(code or "")
            properties["event_type"] = text if known is None else known.parent or known.code
            if known is not None and known.parent is not None:
                properties.setdefault("sub_event_type", known.code)
        if (text := properties.get("sub_event_type")) is not None:
            properties["sub_event_type"] = self._types.get(fold(text), text)

    def _precision(self, properties: dict[str, Any]) -> None:
        known = self._precisions.get(_whole(properties.get("geo_precision", "")))
        if known is not None:
            properties["geo_precision"], reach = known
            if reach is not None:
                properties.setdefault("uncertainty_m", reach)


def _types(taxonomy: Taxonomy) -> dict[str, str]:
    """
    Folded words -> code. Codes and English labels go first; of two types with one label, the first has it.
    """
    found: dict[str, str] = {}
    every = [*taxonomy, *(sub for each in taxonomy for sub in taxonomy.sub_types(each.code))]
    for each in every:
        found.setdefault(fold(each.code.replace("_", " ")), each.code)
    for each in every:
        for label in each.labels.values():
            found.setdefault(fold(label), each.code)
    return found


def _whole(text: str) -> str:
    """A whole number as tables write it: 3.0 is 3."""
    return text.removesuffix(".0").removesuffix(".00")
