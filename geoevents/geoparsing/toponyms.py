"""The parts of a text that name places: where they stand, and what each of them means.

Knows offsets in Unicode code points, and the protocol of whoever recognises names. Knows no places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from geoevents.places import Resolution


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """
    Where a name stands in a text: `text[start:end]`, in Unicode code points. `score`, 0 to 1, is how sure
    its recogniser is that it names a place.
    """

    start: int
    end: int
    score: float = field(default=1.0, compare=False)


@dataclass(frozen=True, slots=True)
class Toponym:
    """A name in a text, `text` as it stands there, and what it means."""

    start: int
    end: int
    text: str
    resolution: Resolution

    def as_json(self) -> dict[str, object]:
        """A toponym as programs see it: `geoevents geoparse --json`."""
        answer = self.resolution.as_json()
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "status": answer["status"],
            "place": answer["place"],
            "candidates": answer["candidates"],
        }


class Recogniser(Protocol):
    """Says which parts of a text name places."""

    def recognise(self, text: str) -> tuple[Span, ...]:
        """In the order of the text; none overlaps another."""


def without_overlaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """
    The spans in the order of the text; of those that overlap, the surest, then the longest, stays.

    >>> without_overlaps([Span(0, 6), Span(0, 15), Span(20, 24)])
    (Span(start=0, end=15, score=1.0), Span(start=20, end=24, score=1.0))
    """
    kept: list[Span] = []
    ends = -1
    for span in sorted(spans):
        if kept and span.start < ends:
            kept[-1] = max(kept[-1], span, key=lambda each: (each.score, each.end - each.start))
            ends = kept[-1].end
        else:
            kept.append(span)
            ends = span.end
    return tuple(kept)
