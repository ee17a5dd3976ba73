"""What the toponyms of a whole text mean.

Knows the text and its spans. Knows nothing of how they were recognised.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoevents.gazetteers import Gazetteer
from geoevents.geoparsing.toponyms import Span, Toponym
from geoevents.places import Context


def resolve_together(
    text: str, spans: Sequence[Span], gazetteer: Gazetteer, context: Context
) -> tuple[Toponym, ...]:
    """What each span of a text means, in the order given."""
    answers = {name: gazetteer.resolve(name, context) for name in {text[s.start : s.end] for s in spans}}
    return tuple(
        Toponym(span.start, span.end, name, answers[name])
        for span in spans
        for name in (text[span.start : span.end],)
    )
