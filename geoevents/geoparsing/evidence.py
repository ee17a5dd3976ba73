"""What a text says of where its places lie: "X, Y" and "X (Y)", and the countries and states it speaks of.

Knows commas, parentheses and capital letters. Knows no places: what words may mean is asked of a gazetteer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from geoevents.gazetteers.senses import Sense
from geoevents.geoparsing.toponyms import Span

Senses = Callable[[str], tuple[Sense, ...]]

# What lies around a place is written right behind it: "X, Y", "X (Y)", "X in Y", and "X, Y, Z".
_BEHIND = re.compile(r"(?:\s*[,،]\s*|\s*[(\[]\s*|\s+(?:in|of)\s+(?:the\s+)?)")
_WORDS = re.compile(r"[^\W\d_][\w'’.-]*(?:[ \t][^\W\d_][\w'’.-]*){0,3}")
_CAPITALISED = re.compile(
    r"[^\W\d_a-z][\w'’-]*\.?(?:[A-Z]\.)*(?:[ \t]+[^\W\d_a-z][\w'’-]*\.?(?:[A-Z]\.)*){0,2}"
)
_MOST_WORDS, _LONGEST_TEXT = 4, 200_000
_ENDS = ".,'’;:)-"


@dataclass(frozen=True, slots=True)
class Said:
    """
    What a text says. `around` are the containers stated for a span, by its place among the spans;
    `spoken_of` are the countries and first-level areas that its other words name, each once.
    """

    around: Mapping[int, tuple[Sense, ...]]
    spoken_of: tuple[Sense, ...]


def read(text: str, spans: tuple[Span, ...], senses: Senses) -> Said:
    """What stands behind each span, and what is named outside all of them."""
    around = {
        number: stated
        for number, span in enumerate(spans)
        if (stated := tuple(_stated_behind(text, span.end, senses)))
    }
    return Said(around, tuple(_spoken_of(text[:_LONGEST_TEXT], spans, senses)))


def _stated_behind(text: str, end: int, senses: Senses) -> Iterator[Sense]:
    link = _BEHIND.match(text, end)
    found = _WORDS.match(text, link.end()) if link else None
    if link is None or found is None:
        return
    words = found[0].split()
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        for name in dict.fromkeys((" ".join(words[:count]), " ".join(words[:count]).rstrip(_ENDS))):
            containers = [each for each in senses(name) if _may_hold(each)]
            if containers:
                yield from containers
                return


def _may_hold(sense: Sense) -> bool:
    return sense.kind in ("country", "admin1", "admin2", "area") and not sense.is_demonym


def _spoken_of(text: str, spans: tuple[Span, ...], senses: Senses) -> Iterator[Sense]:
    """Countries and states that capitalised words outside the spans name, or whose people they name."""
    taken = _merged(spans)
    starts = [start for start, _ in taken]
    seen: set[str] = set()
    for found in _CAPITALISED.finditer(text):
        before = bisect_left(starts, found.end())
        if before and taken[before - 1][1] > found.start():
            continue
        words = found[0].split()
        at = 0
        while at < len(words):
            count, sense = next(
                (
                    (count, sense)
                    for count in range(len(words) - at, 0, -1)
                    if (sense := _only_area(senses(" ".join(words[at : at + count]).rstrip(_ENDS[1:]))))
                ),
                (1, None),
            )
            if sense and sense.place_id not in seen:
                seen.add(sense.place_id)
                yield sense
            at += count


def _merged(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """What the spans cover, in the order of the text, no two parts of it overlapping."""
    parts: list[tuple[int, int]] = []
    for span in sorted(spans):
        if parts and span.start <= parts[-1][1]:
            parts[-1] = parts[-1][0], max(parts[-1][1], span.end)
        else:
            parts.append((span.start, span.end))
    return parts


def _only_area(meant: tuple[Sense, ...]) -> Sense | None:
    """A country or first-level area, where nothing else of the name weighs a tenth as much."""
    best = meant[0] if meant else None
    if best is None or not best.is_container or not best.is_first_name:
        return None
    return best if len(meant) == 1 or meant[1].weight * 10 <= best.weight else None
