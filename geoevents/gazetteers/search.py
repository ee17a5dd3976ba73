"""What a name may mean: a ladder of ways to look it up, from as it is written to the town it mentions.

Knows the rungs and their order. Ranking what they find is ranking.py's.
To add a rung: a function from Request to what it found, in RUNGS, before the vaguer ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from geoevents.folding import name_key
from geoevents.gazetteers.abroad import spelt_alike
from geoevents.gazetteers.asking import A_CITY, Found, Request, named, not_worked_out
from geoevents.gazetteers.circles import circle
from geoevents.gazetteers.descriptors import Words
from geoevents.gazetteers.index import Row
from geoevents.gazetteers.kinds import LINES, SETTLED, WITH_EXTENT
from geoevents.gazetteers.qualifiers import agreeing, are_near, with_aside, within
from geoevents.gazetteers.surroundings import areas_given, containers, metres_outside
from geoevents.gazetteers.tables import IS_CORE
from geoevents.messages import Message
from geoevents.values import replace

LONGEST_NAME = 200
_URBAN = ("quarter", "site")
# What may lie in another country than its code says, or in several.
CROSS_BORDERS = ("area", "country", "crossing", "natural", *LINES)
_AROUND = ("around", "district")
_STANDS_IN_TOWN_M = 15_000
_JUST_OUTSIDE_M = 15_000
_NOT_QUITE_THE_KIND, _ONLY_ITS_TOWN, _ONLY_NEAR = 0.6, 0.5, 0.3
# Of each place of a list so many of its namesakes are offered: every place of the list has to be seen.
_OF_EACH = 2

Rung = Callable[[Request], list[Found]]


def climb(request: Request) -> list[Found]:
    """
    What the first rung that finds anything has found; empty if none does.

    With a governorate, also what a later rung finds in it, where the first finds only places beyond it.
    """
    if not 0 < len(name_key(request.query[: LONGEST_NAME * 2])) <= LONGEST_NAME:
        return []
    if request.pinned and not request.is_open:
        return as_written(request) or as_read(request)
    at, found = next(((at, found) for at, rung in enumerate(RUNGS) if (found := rung(request))), (0, []))
    areas = areas_given(request) if found else ()
    if found and RUNGS[at] in _BY_NAME:
        found = [*found, *_otherwise_spelt(request, found)]
    found = [*found, *spelt_alike(request, found)]
    if not areas or any(_is_about(request, areas, each) for each in found):
        return found
    for rung in (rung for rung in RUNGS[at + 1 :] if rung in _ALSO_WITHIN):
        if there := [each for each in rung(request) if _is_about(request, areas, each)]:
            return there + found
    return found


def _otherwise_spelt(request: Request, found: Sequence[Found]) -> list[Found]:
    """
    Other towns and quarters whose name sounds the same: who writes one spelling may mean the other's place.

    None beside what is large: no village takes a city's name from it.
    """
    if any(each.row.kind in WITH_EXTENT or each.row.population >= A_CITY for each in found):
        return []
    from geoevents.gazetteers.fuzzy import SOUNDS_THE_SAME, sounding_the_same

    known = {each.row.pk for each in found}
    names = {request.typed(each.via) for each in found}
    if all(sounding_the_same(request.index, name, request.countries) <= known for name in names):
        return []
    return [
        each
        for each in by_skeleton(request)
        if each.likeness >= SOUNDS_THE_SAME
        and each.row.kind in SETTLED
        and not each.row.mark & IS_CORE
        and not any(are_near(each.row, other.row) for other in found)
    ]


def _is_about(request: Request, areas: Sequence[Row], found: Found) -> bool:
    """In one of some areas, or just outside it: outlines are coarse, and reports too."""
    return any(metres_outside(request.index, area, found.row) <= _JUST_OUTSIDE_M for area in areas)


def as_written(request: Request) -> list[Found]:
    """The whole phrase is a name we know, but for case, marks, spaces and articles."""
    return named(request, request.query)


def in_a_list(request: Request) -> list[Found]:
    """The places of "A, B and C", all in doubt: which of them is meant is not said."""
    if len(request.query) > LONGEST_NAME * 2:
        return []
    from geoevents.gazetteers.lists import listed

    vocabulary = request.index.vocabulary
    members = listed(
        request.query,
        vocabulary,
        lambda name: bool(request.pins(name) or request.index.named(name_key(name))),
    )
    found: list[Found] = []
    for member in members:
        meant = climb(replace(request, query=member))
        likeliest = sorted(meant, key=lambda each: (not each.row.is_ours, -each.row.population))
        found += [each.but(_speaks_of_several(), factor=_ONLY_ITS_TOWN) for each in likeliest[:_OF_EACH]]
    return found


def as_read(request: Request) -> list[Found]:
    """The phrase's names, descriptors and qualifiers, taken together."""
    reading = request.reading
    if reading.effect == "relative" or not _may_be_known(request):
        return []
    found = agreeing([_of_asked_kind(request, " ".join(name)) for name in reading.names])
    for aside in reading.asides:
        found = with_aside(request, found, aside)
    for qualifier in reading.inside:
        found = within(request, found, qualifier)
    return _around(found, reading.effect) if reading.effect in (*_AROUND, "near") else found


def _may_be_known(request: Request) -> bool:
    """Whether any of the phrase's names is one as it stands: where none is, nothing is made of it."""
    if request.pinned or request.rung != "name":
        return True
    return any(request.index.named(name_key(" ".join(name))) for name in request.reading.names)


def across_the_border(request: Request) -> list[Found]:
    """An area, a crossing or a country that the country asked for only touches, or that lies outside it."""
    if request.context.country_code is None:
        return []
    anywhere = request.anywhere()
    found = as_written(anywhere) or as_read(anywhere)
    note = Message("not in the country asked for, or not only there")
    return [replace(each, note=note) for each in found if each.row.kind in CROSS_BORDERS]


def by_skeleton(request: Request) -> list[Found]:
    """Names that are other transliterations of what the phrase says, as a whole or taken apart."""
    alike = replace(request, rung="skeleton")
    return as_written(alike) or _where_it_says(alike, as_read(alike))


def nearly_so(request: Request) -> list[Found]:
    """Names that are nearly those of the phrase: misspelt, or other names altogether."""
    names = [name_key(" ".join(name)) for name in request.reading.names]
    cities = (row for name in names for row in request.index.named(name) if row.population >= A_CITY)
    if request.context.country_code is None or any(cities):
        return []
    alike = replace(request, rung="fuzzy")
    return _where_it_says(alike, as_read(alike))


def _where_it_says(request: Request, found: list[Found]) -> list[Found]:
    """Nothing where the phrase names what the place lies in, and all of it lies elsewhere."""
    reading = request.reading
    around = [area for words in (*reading.inside, *reading.asides) for area in containers(request, words)]
    if not around:
        return found
    held = [each for each in found if _is_about(request, around, each)]
    return [each for each in held if each.row.pk not in {area.pk for area in around}]


def by_its_town(request: Request) -> list[Found]:
    """The town that the phrase mentions, for a place of it that we don't know: never taken unasked."""
    reading = request.reading
    if reading.effect == "relative":
        return _measured_from(request)
    known = [found for name in reading.names for found in named(request, " ".join(name))]
    if not known and (several := _several(request)):
        return several
    if known and reading.kinds:
        doubt = no_such_place(reading.kinds[0])
        towns = [each.near(doubt, factor=_ONLY_ITS_TOWN) for each in known]
        return towns + _nearby(request, known)
    doubt = Message("the place itself is not known: this is what the name says it lies in")
    around = (*reading.asides, *reading.inside)
    known = [found for words in around for found in named(request, " ".join(words))]
    known = [each for each in known if each.row.kind in SETTLED]
    return _nearby(request, known) + [each.near(doubt, factor=_ONLY_NEAR) for each in known]


def in_the_capital(request: Request) -> list[Found]:
    """The largest town of the governorate given: where its quarters, streets and hospitals mostly are."""
    if not set(request.reading.kinds) & set(_URBAN):
        return []
    areas = [area for area in areas_given(request) if area.kind == "admin1"]
    towns = [town for area in areas if (town := request.index.largest_town(area.pk))]
    doubt = Message("the place itself is not known: this is the largest town of the governorate")
    return [Found(town, town.name).near(doubt, factor=_ONLY_NEAR) for town in towns]


def as_a_relation(request: Request) -> list[Found]:
    """What is measured from other places, or lies between them: "5 km west of X", "the X-Y road"."""
    if request.is_part:
        return []
    # Not at the top: an exact look-up needs none of it, and reading its patterns takes as long as the rest.
    from geoevents.gazetteers.relations import related

    return related(request, climb)


RUNGS: tuple[Rung, ...] = (
    as_written,
    as_a_relation,
    in_a_list,
    as_read,
    across_the_border,
    by_skeleton,
    by_its_town,
    nearly_so,
    in_the_capital,
)
_BY_NAME = (as_written, as_read)
# With a governorate, what it holds by these is asked for, too, where a name is known only beyond it.
_ALSO_WITHIN = (by_skeleton, nearly_so, in_the_capital)


def _of_asked_kind(request: Request, name: str) -> list[Found]:
    reading = request.reading
    if reading.effect in _AROUND and (districts := named(request, name, ("admin2",))):
        return districts
    if not reading.kinds:
        return named(request, name)
    found = [
        each
        for each in named(request, name, reading.kinds)
        if not each.row.mark & IS_CORE or _is_what_is_asked(request, each.row)
    ]
    if not found and reading.else_kinds:
        doubt = None if request.rung == "name" else no_such_place(reading.kinds[0])
        others = named(request, name, reading.else_kinds)
        return [replace(each, factor=each.factor * _NOT_QUITE_THE_KIND, doubt=doubt) for each in others]
    if any(each.row.mark & IS_CORE for each in found) and "settlement" not in reading.kinds:
        # "X prison": one prison has the town for its name, but others stand in the town too.
        towns = [each for each in named(request, name) if each.row.kind == "settlement"]
        others = _nearby(request, towns)
        found += [each for each in others if each.row.pk not in {other.row.pk for other in found}]
    return found


def _is_what_is_asked(request: Request, row: Row) -> bool:
    """The street of a town is not its university, though the town's name is all that remains of both."""
    names = (row.name, row.name_ar or "", *(name for _, name in request.index.spellings(row.pk)))
    return request.index.vocabulary.are_met(request.reading.descriptors, names, row.kind)


def _nearby(request: Request, towns: Sequence[Found]) -> list[Found]:
    """Entries of the kinds asked for, in or near some towns: "a prison in X" may be any of its prisons."""
    kinds: Words = tuple(kind for kind in request.reading.kinds if kind not in (*SETTLED, "admin1"))
    found: dict[int, Found] = {}
    for town in towns if kinds else ():
        doubt = Message("in or near {town}, but known by another name", town=town.row.name)
        box = circle(town.row.position, _STANDS_IN_TOWN_M).bbox
        for row in request.index.of_kinds(kinds, box):
            if not _is_what_is_asked(request, row):
                continue
            found[row.pk] = Found(row, row.name, factor=_ONLY_ITS_TOWN, doubt=doubt)
    return list(found.values())


def _measured_from(request: Request) -> list[Found]:
    return [each.near(not_worked_out(), factor=_ONLY_NEAR) for each in _each_of_several(request)]


def _several(request: Request) -> list[Found]:
    return [each.but(_speaks_of_several(), factor=_ONLY_ITS_TOWN) for each in _each_of_several(request)]


def _speaks_of_several() -> Message:
    return Message("the name speaks of several places")


def _each_of_several(request: Request) -> list[Found]:
    """The places of "X and Y"."""
    vocabulary = request.index.vocabulary
    names = [part for name in request.reading.names for part in vocabulary.split(name, vocabulary.both)]
    return [found for name in names for found in named(request, " ".join(name))]


def _around(found: list[Found], effect: str) -> list[Found]:
    """The land around a town, somewhere near a quarter; what has an extent of its own stays as it is."""
    if any(each.row.kind == "admin1" for each in found):
        return found
    towns = [
        replace(each, drawn=effect if each.row.kind == "settlement" else "near")
        for each in found
        if each.row.kind in SETTLED
    ]
    # A region often bears a name of its own, which some distant town has among its many.
    return [
        each
        if each.row.is_ours or each.by_first_name
        else replace(each, factor=each.factor * _NOT_QUITE_THE_KIND)
        for each in towns or found
    ]


def no_such_place(kind: str) -> Message:
    """Why a place of the name, but of another kind than asked for, is only a candidate."""
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
    other = Message("nothing of this kind and name is known: this is a place of the name")
    return sentences.get(kind, other)
