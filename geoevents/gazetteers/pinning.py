"""What a phrase makes of names that mean certain places: the land between them, around or beside them.

Knows how to ask the ladder with the names pinned (search.py, relations.py). Knows no texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geoevents.folding import name_key
from geoevents.gazetteers import derived
from geoevents.gazetteers.asking import Found, Request
from geoevents.gazetteers.index import Index, Row
from geoevents.gazetteers.kinds import WITH_EXTENT
from geoevents.gazetteers.search import as_a_relation, as_read, climb
from geoevents.messages import Message
from geoevents.places import Context, Place
from geoevents.values import replace

_ROUND_ABOUT = ("around", "district", "near")
# How much less that is believed which the phrase itself leaves open.
_IN_DOUBT = 0.5


@dataclass(frozen=True, slots=True)
class Pinned:
    """
    The place that a phrase comes to, worked out from the place `base_id`. `near` is the share of it within
    10 km of its point. Where `is_doubted`, it may not be taken unasked. `why` says how it was worked out.
    """

    place: Place
    base_id: str
    near: float
    is_doubted: bool
    why: Message


def pinned(
    index: Index, phrases: Sequence[str], meant: Mapping[str, Sequence[str]], context: Context
) -> tuple[Pinned, ...]:
    """
    What the first of some phrases that says anything comes to; nothing if none does.

    `meant` has for each stand-in the ids of the places it may mean. A phrase counts only if it says
    something of the first place of the first name. What ties it goes before what only is around it, however
    short: "X's northern countryside" before "in X's northern countryside".
    """
    rows = _rows_of(index, meant)
    # A first place that the index lacks, such as a team's own: nothing is worked out from the next best.
    if not all(its_rows and index.by_id(meant[name][0]) is not None for name, its_rows in rows.items()):
        return ()
    pins = tuple((name_key(name), _of_one_sort(its_rows)) for name, its_rows in rows.items())
    ones = pins[0][1]
    for ask in (_tied, _round_about) if len(rows) == 1 else (_tied,):
        for phrase in phrases:
            told = ask(Request(phrase, context, index, pinned=pins))
            bases = {_base(each, ones).id: each for each in reversed(told)}
            if ones[0].id in bases:
                return tuple(_pinned(index, each, base.id) for base in ones if (each := bases.get(base.id)))
    return ()


def read_with(request: Request, meant: Mapping[str, Sequence[str]]) -> tuple[Pinned, ...]:
    """
    What a phrase by itself comes to where some of its names mean certain places, its others what they do.

    `meant` has for each of these names the ids of its places; `base_id` is one of them. Nothing where the
    phrase says nothing of them, as where the whole of it is the name of another place.
    """
    rows = _rows_of(request.index, meant)
    if not all(rows.values()):
        return ()
    pins = tuple((name_key(name), its_rows) for name, its_rows in rows.items())
    ids = {
        row.pk: each for its_ids in meant.values() for each in its_ids if (row := request.index.by_id(each))
    }
    ones = [row for its_rows in rows.values() for row in its_rows]
    told = climb(replace(request, pinned=pins, is_open=True))
    spoken_of = ((each, _spoken_of(each, ones)) for each in told)
    return tuple(_pinned(request.index, each, ids[one.pk]) for each, one in spoken_of if one)


def _spoken_of(found: Found, ones: Sequence[Row]) -> Row | None:
    """Of which place something is said, if it is of any: the one it is drawn by, or whose district it is."""
    parts = found.drawn.split(";")
    ids = {part[at:] for part in parts for at in range(len(part)) if at == 0 or part[at - 1] == ":"}
    own = next((row for row in ones if row.id in ids), None)
    return own or _of_its_own(found, ones)


def _of_its_own(found: Found, ones: Sequence[Row]) -> Row | None:
    """The place that was found itself, or that it is named after, where it lies."""
    if own := next((row for row in ones if row.pk == found.row.pk), None):
        return own
    here = (row for row in ones if row.admin1_pk is not None and row.admin1_pk == found.row.admin1_pk)
    return next((row for row in here if name_key(row.name) == name_key(found.row.name)), None)


def _rows_of(index: Index, meant: Mapping[str, Sequence[str]]) -> dict[str, tuple[Row, ...]]:
    """Name -> the rows of its places, of those that the index has."""
    return {
        name: tuple(row for each in ids if (row := index.by_id(each)) is not None)
        for name, ids in meant.items()
    }


def _tied(request: Request) -> list[Found]:
    return [each for each in as_a_relation(request) if each.drawn != "place" or each.doubt]


def _round_about(request: Request) -> list[Found]:
    return [each for each in as_read(request) if each.drawn in _ROUND_ABOUT]


def _of_one_sort(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Those with an extent if the first has one, else those without: no governorate for a town."""
    is_wide = rows[0].kind in WITH_EXTENT
    return tuple(row for row in rows if (row.kind in WITH_EXTENT) == is_wide)


def _base(found: Found, ones: Sequence[Row]) -> Row:
    """Of which place this is said: the one itself, or the one whose district it is."""
    own = next((row for row in ones if row.pk == found.row.pk), None)
    here = (row for row in ones if row.admin1_pk is not None and row.admin1_pk == found.row.admin1_pk)
    return own or next(here, ones[0])


def _pinned(index: Index, found: Found, base_id: str) -> Pinned:
    place = derived.place_of(index, found.row, found.drawn)
    share = derived.nearness(index, found.drawn) if ":" in found.drawn else _share_of(found)
    note = Message("worked out from where {place} lies", place=found.row.name)
    return Pinned(
        place=place,
        base_id=base_id,
        near=share * (1.0 if found.doubt is None else _IN_DOUBT),
        is_doubted=found.doubt is not None,
        why=found.doubt or found.note or note,
    )


def _share_of(found: Found) -> float:
    from geoevents.gazetteers.ranking import NEAR_ITS_TOWN

    return NEAR_ITS_TOWN.get(found.drawn, 1.0)
