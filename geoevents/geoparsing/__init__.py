"""Report text to toponyms: which of its words name places, and which places those are.

Knows the two steps, recognising and resolving. Knows nothing of events, files or pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geoevents.errors import TooLarge
from geoevents.gazetteers import Gazetteer
from geoevents.geoparsing.resolving import resolve_together
from geoevents.geoparsing.toponyms import Recogniser, Span, Toponym, without_overlaps
from geoevents.messages import Message
from geoevents.places import Context

__all__ = ["LONGEST_TEXT", "Geoparser", "Recogniser", "Span", "Toponym", "geoparse"]

LONGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class Geoparser:
    """A gazetteer and the recognisers to use with it: `geoparse` with these filled in."""

    gazetteer: Gazetteer
    recognisers: tuple[Recogniser, ...]

    def __call__(
        self, text: str, context: Context, *, spans: Sequence[Span] | None = None
    ) -> tuple[Toponym, ...]:
        return geoparse(text, self.gazetteer, context, recognisers=self.recognisers, spans=spans)


def geoparse(
    text: str,
    gazetteer: Gazetteer,
    context: Context,
    *,
    recognisers: Sequence[Recogniser],
    spans: Sequence[Span] | None = None,
) -> tuple[Toponym, ...]:
    """
    The toponyms of a text, in its order, each with what it means beside the others.

    `context` is what is known of the whole text. Given `spans` are resolved as they are, and nothing is
    recognised. Raises TooLarge for more than LONGEST_TEXT characters.
    """
    if len(text) > LONGEST_TEXT:
        raise TooLarge(
            Message(
                "The text has {length} characters, more than {most}. Cut it into its reports.",
                length=len(text), most=LONGEST_TEXT,
            )
        )  # fmt: skip
    if spans is None:
        spans = without_overlaps(span for each in recognisers for span in each.recognise(text))
    return resolve_together(text, spans, gazetteer, context)
