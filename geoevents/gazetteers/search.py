"""What a name may mean: a ladder of ways to look it up, from as it is written to the town it mentions.

Knows how names, descriptors and qualifiers narrow places down. Ranking is ranking.py's; tables are index.py's.
To add a rung: a function from Request to what it found, in RUNGS, before the vaguer ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from geoevents.folding import name_key
from geoevents.gazetteers.circles import distance_m, inside
from geoevents.gazetteers.descriptors import Words
from geoevents.gazetteers.index import IS_CORE, Index, Row
from geoevents.gazetteers.phrases import Reading, read
from geoevents.messages import Message
from geoevents.places import Context

LONGEST_NAME = 200
# Two entries this near are one place for whoever asks: design section 6 measures everything within 10 km.
SAME_PLACE_M = 10_000
_TOWN_REACHES_M = 40_000
_FACILITY_IS_BY_TOWN_M = 15_000
_CROSS_BORDERS = ("area", "country", "crossing", "natural", "river", "road")


@dataclass(frozen=True)
class Request:
    """A name to look up, with all that is known about it. `region` breaks ties where no country is given."""

    query: str
    context: Context
    index: Index
    region: tuple[str, ...] = ()
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reading", read(self.query, self.index.vocabulary))


@dataclass(frozen=True, slots=True)
class Found:
    """
    A place a name may mean. `via` is the name it was found by. `drawn` is "place", or "around" or "near" for
    the land around it; `doubt` says why it can't be taken without asking, None if it may be.
    """

    row: Row
    via: str
    drawn: str = "place"
    factor: float = 1.0
    doubt: Message | None = None
    note: Message | None = None


Rung = Callable[[Request], list[Found]]


def climb(request: Request) -> list[Found]:
    """What the first rung that finds anything has found; empty if none does."""
    if not 0 < len(name_key(request.query)) <= LONGEST_NAME:
        return []
    return next((found for rung in RUNGS if (found := rung(request))), [])


def as_written(request: Request) -> list[Found]:
    """The whole phrase is a name we know, but for case, marks, spaces and articles."""
    return _named(request, request.query)


def as_read(request: Request) -> list[Found]:
    """The phrase's names, descriptors and qualifiers, taken together."""
    reading = request.reading
    if reading.effect == "relative":
        return []
    found = _agreeing(request, [_of_asked_kind(request, " ".join(name)) for name in reading.names])
    for aside in reading.asides:
        found = _with_aside(request, found, aside)
    for qualifier in reading.inside:
        found = _within(request, found, qualifier)
    if reading.effect in ("around", "near"):
        found = [
            replace(each, drawn=reading.effect)
            for each in found
            if each.row.kind in ("settlement", "quarter")
        ] or found
    return found


def across_the_border(request: Request) -> list[Found]:
    """An area, a crossing or a country that the country asked for only touches, or that lies outside it."""
    if request.context.country_code is None:
        return []
    anywhere = replace(request, context=replace(request.context, country_code=None))
    found = as_written(anywhere) or as_read(anywhere)
    note = Message("not in the country asked for, or not only there")
    return [replace(each, note=note) for each in found if each.row.kind in _CROSS_BORDERS]


def by_its_town(request: Request) -> list[Found]:
    """The town that the phrase mentions, for a facility, a quarter or a spot that we don't know: never taken unasked."""
    reading = request.reading
    if reading.effect == "relative":
        doubt = Message("only the place it is measured from: where exactly is not worked out")
        both = request.index.vocabulary.both
        names = [part for name in reading.names for part in request.index.vocabulary.split(name, both)]
        named = [found for name in names for found in _named(request, " ".join(name))]
        return [replace(each, drawn="near", factor=0.3, doubt=doubt) for each in named]
    if reading.kinds:
        doubt = _no_such_place(reading.kinds[0])
        named = [found for name in reading.names for found in _named(request, " ".join(name))]
        if named:
            return [
                replace(each, drawn="near", factor=0.5, doubt=doubt) for each in named
            ] + _nearby_facilities(request, named)
    doubt = Message("the place itself is not known: this is what the name says it lies in")
    around = [
        found for words in (*reading.asides, *reading.inside) for found in _named(request, " ".join(words))
    ]
    return [
        replace(each, drawn="near", factor=0.3, doubt=doubt)
        for each in around
        if each.row.kind in ("settlement", "quarter")
    ]


RUNGS: tuple[Rung, ...] = (as_written, as_read, across_the_border, by_its_town)


def _named(request: Request, name: str, kinds: Words = ()) -> list[Found]:
    rows = [row for row in request.index.named(name_key(name)) if _in_country(row, request.context)]
    rows = [row for row in rows if row.kind in kinds] if kinds else _without_namesake_areas(rows)
    return _in_force([Found(row, name) for row in rows], request.context)


def _in_country(row: Row, context: Context) -> bool:
    return context.country_code is None or row.country == context.country_code


def _without_namesake_areas(rows: list[Row]) -> list[Row]:
    """A bare name never means the governorate around the town of that name, nor the camp or prison beside it."""
    rows = [row for row in rows if not row.mark & IS_CORE] or rows
    towns = {row.admin1_pk for row in rows if row.kind == "settlement"}
    return [row for row in rows if not (row.kind in ("admin1", "admin2") and row.pk in towns)]


def _in_force(found: list[Found], context: Context) -> list[Found]:
    """Of an area's versions the one of the day asked for, else the latest; a day none covers leaves all, in doubt."""
    by_slug: dict[str, list[Found]] = {}
    for each in found:
        by_slug.setdefault(each.row.slug or each.row.id, []).append(each)
    chosen: list[Found] = []
    for versions in by_slug.values():
        if context.day is None or versions[0].row.slug is None:
            chosen.append(max(versions, key=lambda each: each.row.valid_from or ""))
            continue
        day = context.day.isoformat()
        covering = [
            each for each in versions if (each.row.valid_from or "") <= day <= (each.row.valid_to or "9999")
        ]
        doubt = Message("no version of this area was in force on {day}", day=context.day)
        chosen += covering[:1] or [replace(each, doubt=doubt) for each in versions]
    return chosen


def _of_asked_kind(request: Request, name: str) -> list[Found]:
    reading = request.reading
    if not reading.kinds:
        return _named(request, name)
    found = _named(request, name, reading.kinds) or _named(request, name, reading.else_kinds or ("",))
    by_core = [each for each in found if each.row.mark & IS_CORE]
    if by_core and "settlement" not in reading.kinds:
        # "Hasakah prison": one prison has the town for its name, but others stand in the town too.
        towns = [each for each in _named(request, name) if each.row.kind == "settlement"]
        known = {each.row.pk for each in found}
        found += [each for each in _nearby_facilities(request, towns) if each.row.pk not in known]
    return found


def _nearby_facilities(request: Request, towns: Sequence[Found]) -> list[Found]:
    """Entries of the kinds asked for in or near some towns: "a prison in Qamishli" may be any of its prisons."""
    from geoevents.gazetteers.circles import circle

    kinds = [kind for kind in request.reading.kinds if kind not in ("settlement", "quarter", "admin1")]
    found: dict[int, Found] = {}
    for town in towns if kinds else ():
        box = circle(town.row.position, _FACILITY_IS_BY_TOWN_M).bbox
        doubt = Message("in or near {town}, but known by another name", town=town.row.name)
        for row in request.index.of_kinds(kinds, box):
            found[row.pk] = Found(row, town.via, factor=0.5, doubt=doubt)
    return list(found.values())


def _agreeing(request: Request, names: list[list[Found]]) -> list[Found]:
    """What several names of one place agree on; all of it, in doubt, where they don't."""
    known = [found for found in names if found]
    if len(known) < 2:
        return known[0] if known else []
    agreed = [each for each in known[0] if all(_meets(each, other) for other in known[1:])]
    # The largest of what the names share is often listed under one of them alone: keep both sides of the match.
    agreed += [each for other in known[1:] for each in other if any(_near(each, kept) for kept in agreed)]
    if agreed:
        return list({each.row.pk: each for each in reversed(agreed)}.values())[::-1]
    doubt = Message("the names given mean different places")
    return [replace(each, doubt=doubt) for found in known for each in found]


def _meets(each: Found, others: Iterable[Found]) -> bool:
    return any(_near(each, other) for other in others)


def _near(one: Found, other: Found) -> bool:
    return one.row.pk == other.row.pk or distance_m(one.row.position, other.row.position) <= SAME_PLACE_M


def _with_aside(request: Request, found: list[Found], aside: Words) -> list[Found]:
    """What is in parentheses is another name of the place, or what it lies in, or its kind."""
    if not found:
        return []
    if (descriptor := request.index.vocabulary.descriptors.get(aside)) and descriptor.effect == "kind":
        return [each for each in found if each.row.kind in descriptor.kinds] or found
    also = _named(request, " ".join(aside))
    if any(_meets(each, also) for each in found):
        return _agreeing(request, [found, also])
    held = _held(request, found, aside)
    return held or (_agreeing(request, [found, also]) if also else found)


def _within(request: Request, found: list[Found], qualifier: Words) -> list[Found]:
    """Those that lie in what the qualifier names. An unknown qualifier changes nothing."""
    held = _held(request, found, qualifier)
    if held or not found or not containers(request, " ".join(qualifier)):
        return held or found
    doubt = Message("no place of this name is known in {around}", around=" ".join(qualifier))
    return [replace(each, doubt=doubt) for each in found]


def _held(request: Request, found: list[Found], qualifier: Words) -> list[Found]:
    around = containers(request, " ".join(qualifier))
    return [each for each in found if any(holds(request.index, container, each.row) for container in around)]


def containers(request: Request, name: str) -> list[Row]:
    """What a name may mean as something that places lie in: countries, governorates, areas, towns."""
    words, _ = request.index.vocabulary.strip(tuple(name.split()))
    rows = request.index.named(name_key(name)) or request.index.named(name_key(" ".join(words)))
    return [row for row in rows if row.kind == "country" or _in_country(row, request.context)]


def holds(index: Index, container: Row, row: Row) -> bool:
    """True if a place lies in a container: by code for countries, by polygon for areas, within 40 km of towns."""
    if container.pk == row.pk:
        return False
    if container.kind == "country":
        return row.country == container.country
    if container.kind == "admin1":
        return row.admin1_pk == container.pk
    if container.kind in ("area", "admin2"):
        shape = index.geometry(container.pk)
        return shape is not None and inside(row.position, shape)
    return distance_m(container.position, row.position) <= _TOWN_REACHES_M


def _no_such_place(kind: str) -> Message:
    sentences = {
        "settlement": Message("no town of this name is known: this is another place of the name"),
        "quarter": Message("no quarter of this name is known: this is another place of the name"),
        "crossing": Message("no crossing of this name is known: this is the place it is named after"),
        "camp": Message("no camp of this name is known: this is the place it is named after"),
        "prison": Message("no prison of this name is known: this is the town"),
        "dam": Message("no dam of this name is known: this is the place it is named after"),
        "oil_field": Message("no oil field of this name is known: this is the place it is named after"),
        "military_base": Message(
            "no base or airport of this name is known: this is the place it is named after"
        ),
        "admin1": Message("no governorate of this name is known: this is a place of the name"),
    }
    return sentences.get(kind) or Message(
        "nothing of this kind and name is known: this is a place of the name"
    )
