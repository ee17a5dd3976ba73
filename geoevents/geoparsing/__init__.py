"""Report text to toponyms: which of its words name places, and which places those are.

Knows the two steps, recognising and resolving. Knows nothing of events, files or pages.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoevents.gazetteers import Gazetteer
from geoevents.geoparsing.resolving import resolve_together
from geoevents.geoparsing.toponyms import Recogniser, Span, Toponym, without_overlaps
from geoevents.places import Context

__all__ = ["Recogniser", "Span", "Toponym", "geoparse"]


def geoparse(
    text: str,
    gazetteer: Gazetteer,
    context: Context,
    *,
    recognisers: Sequence[Recogniser] = (),
    spans: Sequence[Span] | None = None,
) -> tuple[Toponym, ...]:
    """
    The toponyms of a text, in its order, each with what it means beside the others.

    `context` is what is known of the whole text. Given `spans` are resolved as they are, and nothing is
    recognised.
    """
    if spans is None:
        spans = without_overlaps(span for each in recognisers for span in each.recognise(text))
    return resolve_together(text, spans, gazetteer, context)
