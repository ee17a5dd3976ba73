"""What else a phrase says of a place: another name of it, or what it lies in. It narrows, or it casts doubt.

Knows when two names agree. Knows nothing of how a phrase is taken apart (phrases.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from geoevents.gazetteers.asking import Found, Request, named
from geoevents.gazetteers.descriptors import Words
from geoevents.gazetteers.index import Row
from geoevents.gazetteers.surroundings import containers, holds, rows_apart_m
from geoevents.messages import Message
from geoevents.values import replace

# Two entries this near are one place for whoever asks: a score speaks of 10 km.
SAME_PLACE_M = 10_000
_ONE_NAME_UNKNOWN = 0.85


def agreeing(names: list[list[Found]]) -> list[Found]:
    """What several names of one place agree on; all of it, in doubt, where they don't."""
    known = [found for found in names if found]
    if len(known) < 2:
        factor = 1.0 if len(names) == 1 else _ONE_NAME_UNKNOWN
        return [replace(each, factor=each.factor * factor) for found in known for each in found]
    agreed = [each for each in known[0] if all(_meets(each, other) for other in known[1:])]
    # What the names share may be listed under one of them alone: both sides of the match are kept.
    agreed += [each for other in known[1:] for each in other if _meets(each, agreed)]
    if agreed:
        return list({each.row.pk: each for each in reversed(agreed)}.values())[::-1]
    doubt = Message("the names given mean different places")
    return [each.but(doubt) for found in known for each in found]


def with_aside(request: Request, found: list[Found], aside: Words) -> list[Found]:
    """What is in parentheses is the kind of the place, another name of it, or what it lies in."""
    if not found:
        return []
    descriptor = request.index.vocabulary.descriptors.get(aside)
    if descriptor is not None:
        return [each for each in found if each.row.kind in descriptor.kinds] or found
    also = named(request, " ".join(aside))
    if any(_meets(each, also) for each in found):
        return agreeing([found, also])
    if held := _held(request, found, aside):
        return held
    return agreeing([found, also]) if also else found


def within(request: Request, found: list[Found], qualifier: Words) -> list[Found]:
    """Those that lie in what the qualifier names, else all in doubt. An unknown qualifier changes nothing."""
    held = _held(request, found, qualifier)
    if held or not containers(request, qualifier):
        return held or found
    doubt = Message("no place of this name is known in {around}", around=" ".join(qualifier).title())
    return [each.but(doubt) for each in found]


def _held(request: Request, found: list[Found], qualifier: Words) -> list[Found]:
    around = containers(request, qualifier)
    return [each for each in found if any(holds(request.index, area, each.row) for area in around)]


def are_near(one: Row, other: Row, metres: int = SAME_PLACE_M) -> bool:
    """Within 10 km; a tenth of a degree of latitude is 11 km, which settles most pairs at once."""
    if one.pk == other.pk:
        return True
    return abs(one.lat - other.lat) < 10_000 and rows_apart_m(one, other) <= metres


def _meets(each: Found, others: Iterable[Found]) -> bool:
    return any(are_near(each.row, other.row) for other in others)
