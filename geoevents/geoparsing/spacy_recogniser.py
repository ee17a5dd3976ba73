"""A spaCy pipeline as a further recogniser, where one is installed: its entities that are places.

Knows spaCy's labels. geoevents works without it; nothing is imported before a pipeline is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from geoevents.errors import SettingsError
from geoevents.geoparsing.toponyms import Span
from geoevents.messages import Message

# Countries and towns; mountains, rivers and regions; buildings, airports and bridges (OntoNotes 5).
PLACE_LABELS = frozenset(("GPE", "LOC", "FAC"))
# A pipeline does not say how sure it is: less than our own recogniser where that is sure.
_SCORE = 0.8


@dataclass(frozen=True)
class SpacyRecogniser:
    """See geoevents.geoparsing.Recogniser. `pipeline` is a loaded spaCy one, with entities."""

    pipeline: Callable[[str], Any]

    def recognise(self, text: str) -> tuple[Span, ...]:
        entities = self.pipeline(text).ents
        return tuple(Span(e.start_char, e.end_char, _SCORE) for e in entities if e.label_ in PLACE_LABELS)


def load(name: str) -> SpacyRecogniser:
    """The pipeline of an installed spaCy package, such as en_core_web_sm. Raises SettingsError."""
    try:
        return SpacyRecogniser(import_module("spacy").load(name))
    except (ImportError, OSError):
        problem = Message(
            "spaCy or its pipeline {name} is not installed. Install both, or do without.", name=name
        )
        raise SettingsError(problem, "spacy") from None
