"""What a relation means: "5 km west of X", "between X and Y", "the X-Y road", "the border near X".

Knows which reading of a phrase holds, for which places, and what speaks against it. How it is drawn is
derived.py's, how a phrase is read relation_phrases.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from geoevents.gazetteers import derived
from geoevents.gazetteers.asking import Found, Request, named, not_worked_out
from geoevents.gazetteers.circles import circle, distance_m
from geoevents.gazetteers.derived import FARTHEST_APART_M, FARTHEST_M, NARROWEST_M, NEAREST_M, is_derived
from geoevents.gazetteers.index import Row
from geoevents.gazetteers.kinds import LINES, WIDE, WITH_EXTENT
from geoevents.gazetteers.qualifiers import SAME_PLACE_M
from geoevents.gazetteers.relation_phrases import Phrase
from geoevents.messages import Message
from geoevents.values import replace

Climb = Callable[[Request], list[Found]]

# Between two places that a report names together there is rarely a day's drive.
_NEIGHBOURS_M = 150_000
_CONSIDERED = 20
# A border is near a place, and a named place lies in what is said of it, within so many metres.
_AT_BORDER_M, _MARGIN_M = 40_000, 5_000
_DOUBTED, _FAR = 0.3, 0.5
_AS_LIKELY = 4


def related(request: Request, climb: Climb) -> list[Found]:
    """The places of the first reading of a phrase as a relation that holds; nothing if none does."""
    measured = None
    for phrase in request.index.relation_words.readings(request.query):
        if found := _MEANINGS[phrase.verb](request, phrase, climb):
            return _headed(request, phrase, found) if phrase.head else found
        if phrase.verb == "offset" and not phrase.head:
            measured = measured or phrase
    # So far from what is no point: its start, of whatever kind, but never as the answer.
    starts = climb(replace(request, query=measured.names[0], is_part=True)) if measured else []
    return [each.near(not_worked_out(), factor=_DOUBTED) for each in starts if ":" not in each.drawn]


def _headed(request: Request, phrase: Phrase, found: list[Found]) -> list[Found]:
    """ "A, 5 km west of X": A itself where one lies there, what is said of it where we know no A."""
    heads = named(request, phrase.head)
    there = [each for each in heads if any(_lies_in(request, each.row, other) for other in found)]
    if there:
        note = Message("lies where the name says")
        return [replace(each, note=note) for each in there]
    if heads:
        return []
    note = Message("the place itself is not known: this is where the name says it lies")
    return [replace(each, note=note) for each in found]


def _lies_in(request: Request, row: Row, area: Found) -> bool:
    shape = derived.geometry(request.index, area.drawn) if is_derived(area.drawn) else None
    if shape is None:
        return False
    from geoevents.gazetteers.stretches import holds

    return holds(shape, row.position, margin_m=_MARGIN_M)


def _offset(request: Request, phrase: Phrase, climb: Climb) -> list[Found]:
    metres, wind = phrase.metres or 0, phrase.wind
    starts = _points(_meant(request, phrase.names[0], climb))
    if metres > FARTHEST_M:
        doubt = Message("{km} km is too far to be measured from a place", km=f"{metres / 1000:g}")
        return [each.near(doubt, factor=_DOUBTED) for each in starts]
    if metres < NEAREST_M:
        doubt = Message("less than {metres} m away is not told apart from the place", metres=NEAREST_M)
        return [each.near(doubt, factor=_DOUBTED) for each in starts]
    ending = f";{metres};{wind}" if wind else f";{metres}"
    return _as_drawn(request, starts, lambda row: f"offset:{row.id}{ending}")


def _side(request: Request, phrase: Phrase, climb: Climb) -> list[Found]:
    found = [each for each in _meant(request, phrase.names[0], climb) if each.row.kind not in LINES]
    return _as_drawn(request, found, lambda row: f"side:{row.id};{phrase.wind}")


def _part(request: Request, phrase: Phrase, climb: Climb) -> list[Found]:
    """ "Eastern X": of an area it is a part; of a town it may be the town's own or of the land around it."""
    found = [each for each in _meant(request, phrase.names[0], climb) if each.row.kind not in LINES]
    wide = [each for each in found if each.row.kind in WIDE]
    doubt = Message("the east, west, north or south of the town, or of the land around it")
    towns = [each.near(doubt, factor=_FAR) for each in found if each.row.kind not in WIDE]
    return _as_drawn(request, wide, lambda row: f"side:{row.id};{phrase.wind}") or towns


def _countryside(request: Request, phrase: Phrase, climb: Climb) -> list[Found]:
    found = _meant(request, phrase.names[0], climb, kinds=("admin2",)) or _meant(
        request, phrase.names[0], climb
    )
    return _as_drawn(
        request,
        [each for each in found if each.row.kind not in LINES],
        lambda row: f"side:{'' if row.kind in WIDE else 'countryside:'}{row.id};{phrase.wind}",
    )


def _between(request: Request, phrase: Phrase, climb: Climb) -> list[Found]:
    ones, others = (_points(_meant(request, name, climb)) for name in phrase.names)
    return _linked(request, ones, others, "between")


def _road(request: Request, phrase: Phrase, climb: Climb) -> list[Found]:
    if len(phrase.names) == 2:
        ones, others = (_points(_meant(request, name, climb)) for name in phrase.names)
        return _linked(request, ones, others, "road")
    for one, other in phrase.pairs:
        ones, others = _points(_known(request, one)), _points(_known(request, other))
        if ones and others and (found := _linked(request, ones, others, "road")):
            return found
    return []


def _along(request: Request, phrase: Phrase, climb: Climb) -> list[Found]:
    line, *marks = phrase.names
    lines = [each for each in _meant(request, line, climb) if each.row.kind in LINES]
    if not lines or not marks:
        return lines
    places = [_points(_meant(request, mark, climb)) for mark in marks]
    found = []
    for each in lines:
        near = [_nearest_to_line(request, each.row, some) for some in places]
        if all(near):
            ids = ";".join(mark.row.id for mark in near if mark)
            doubts = [doubt for mark in near if mark and (doubt := mark.doubt)]
            doubt = next(iter(doubts), each.doubt)
            # The line is the same wherever it is meant; what tells candidates apart is the place beside it.
            note = Message("worked out from where {place} lies", place=near[0].row.name) if near[0] else None
            found.append(replace(each, drawn=f"along:{each.row.id};{ids}", doubt=doubt, note=note))
    return _with_notes(request, found)


def _border(request: Request, phrase: Phrase, climb: Climb) -> list[Found]:
    found = _at_border(request, phrase, climb)
    if phrase.metres is None:
        return found
    doubt = Message("how far from the border is not worked out")
    return [each.but(doubt, factor=_DOUBTED) for each in found]


def _at_border(request: Request, phrase: Phrase, climb: Climb) -> list[Found]:
    near = _points(_meant(request, phrase.names[0], climb)) if phrase.names else []
    if phrase.names and not near:
        return []
    if near:
        borders = [each for place in near for each in _borders_near(request, phrase, place)]
        return _with_notes(request, borders)
    pairs = list(_pairs_of(request, phrase.countries))
    found = []
    for one, other in pairs:
        # The country that the phrase leaves open is the one that tells the candidates apart.
        row = request.index.countries[other]
        found.append(Found(row, row.name, drawn=f"border:{min(one, other)};{max(one, other)}"))
    return _with_notes(request, found)


def _borders_near(request: Request, phrase: Phrase, place: Found) -> Iterator[Found]:
    """The borders that pass near a place, of the countries said or of its own; the nearest first."""
    from geoevents.gazetteers.stretches import passes

    said = phrase.countries or ((place.row.country,) if place.row.country else ())
    if len(said) == 1 and place.row.country and place.row.country not in said:
        said = (*said, place.row.country)
    far: list[tuple[float, str]] = []
    for one, other in _pairs_of(replace(request, region=()), said, around=place.row):
        line = f"border:{min(one, other)};{max(one, other)}"
        shape = derived.geometry(request.index, line)
        if shape and (metres := passes(shape, place.row.position)) <= _AT_BORDER_M:
            far.append((metres, line))
    for at, (_, line) in enumerate(sorted(far)):
        nearest = replace(place, drawn=f"{line};{place.row.id}", factor=place.factor * _FAR**at)
        yield nearest if at == 0 else nearest.but(Message("another border passes nearer"))


def _pairs_of(
    request: Request, said: tuple[str, ...], *, around: Row | None = None
) -> Iterator[tuple[str, str]]:
    """Pairs of countries that share a border; of one country alone with that of the context, or with each."""
    if len(said) == 1:
        one, context = said[0], request.context.country_code
        if around is not None:
            box = circle(around.position, _AT_BORDER_M).bbox
            countries = request.index.countries.items()
            others = [code for code, row in countries if row.bbox and row.bbox.intersects(box)]
        else:
            others = [context] if context and context != one else list(request.region)
        said_pairs = [(one, other) for other in others if other != one]
    else:
        said_pairs = [(said[0], said[1])] if len(said) == 2 else []
    for one, other in said_pairs:
        if one in request.index.countries and other in request.index.countries:
            line = f"border:{min(one, other)};{max(one, other)}"
            if derived.get(request.index, line) is not None:
                yield one, other


def _linked(request: Request, ones: list[Found], others: list[Found], verb: str) -> list[Found]:
    """Each of the ones with the likeliest of the others that are near enough to be named beside it."""
    found = []
    for one in ones:
        apart = [(distance_m(one.row.position, other.row.position), other) for other in others]
        near = sorted(
            ((metres, other) for metres, other in apart if NARROWEST_M <= metres <= FARTHEST_APART_M),
            key=lambda each: (each[0] > _NEIGHBOURS_M, -_weight(each[1].row) / (each[0] + 10_000)),
        )
        if not near and any(metres < NARROWEST_M for metres, _ in apart):
            found.append(one.near(Message("both ends are the same place"), factor=_DOUBTED))
        if near:
            found.append(_pair(one, near, verb))
    close = [each for each in found if _is_relation(each)]
    return _with_notes(request, close or found)


def _pair(one: Found, near: list[tuple[float, Found]], verb: str) -> Found:
    metres, other = near[0]
    doubt = one.doubt or other.doubt
    factor = one.factor * other.factor
    if metres > _NEIGHBOURS_M:
        names = {"one": one.row.name, "other": other.row.name}
        doubt = doubt or Message("{one} and {other} lie {km} km apart", km=round(metres / 1000), **names)
        factor *= _FAR
    rivals = (
        _weight(rival.row) * _AS_LIKELY > _weight(other.row)
        and distance_m(rival.row.position, other.row.position) > SAME_PLACE_M
        for far, rival in near[1:]
        if far <= _NEIGHBOURS_M
    )
    if any(rivals):
        doubt = doubt or Message("several places named {name} are near", name=other.row.name)
        factor *= _FAR
    return replace(one, drawn=f"{verb}:{one.row.id};{other.row.id}", doubt=doubt, factor=factor)


def _meant(request: Request, name: str, climb: Climb, kinds: tuple[str, ...] = ()) -> list[Found]:
    """What a name inside a relation means by itself, the largest first."""
    if kinds:
        return named(request, name, kinds)
    # Rivers, roads and the far ends of roads lie beyond the country asked for, too.
    found = climb(replace(request, query=name, is_part=True))
    if all(each.doubt or each.rung == "fuzzy" for each in found):
        bare = request.index.relation_words.without_case(name)
        found = next((known for each in bare if (known := named(request, each))), found)
    plain = [each for each in found if each.drawn in ("place", "near")]
    return sorted(plain, key=lambda each: -_weight(each.row))[:_CONSIDERED]


def _known(request: Request, name: str) -> list[Found]:
    """What a name means as it is written, or without the word that says what it is."""
    core, _ = request.index.vocabulary.strip(tuple(name.split()))
    found = named(request, name) or named(request, " ".join(core))
    return sorted(found, key=lambda each: -_weight(each.row))[:_CONSIDERED]


def _points(found: Iterable[Found]) -> list[Found]:
    return [each for each in found if each.row.kind not in WITH_EXTENT]


def _nearest_to_line(request: Request, line: Row, places: list[Found]) -> Found | None:
    from geoevents.gazetteers.stretches import PASSES_M, passes

    shape = request.index.geometry(line.pk)
    far = [(passes(shape, each.row.position), at) for at, each in enumerate(places)] if shape else []
    nearest = min(far, default=None)
    return places[nearest[1]] if nearest and nearest[0] <= PASSES_M else None


def _as_drawn(request: Request, found: Iterable[Found], id_of: Callable[[Row], str]) -> list[Found]:
    return _with_notes(request, [replace(each, drawn=id_of(each.row)) for each in found])


def _with_notes(request: Request, found: Iterable[Found]) -> list[Found]:
    """
    Only what can be drawn, each saying that it was worked out.

    Where an id has a sign that cannot stand in that of a relation, it is near the place, and in doubt.
    """
    notes = []
    for each in found:
        if not _is_relation(each):
            notes.append(each)
        elif not is_derived(each.drawn):
            notes.append(each.near(not_worked_out(), factor=_DOUBTED))
        elif derived.get(request.index, each.drawn) is not None:
            note = each.note or Message("worked out from where {place} lies", place=each.row.name)
            notes.append(replace(each, note=note))
    return notes


def _is_relation(found: Found) -> bool:
    return ":" in found.drawn


def _weight(row: Row) -> float:
    return max(row.population, 20_000 if row.is_ours else 1_000)


_MEANINGS: dict[str, Callable[[Request, Phrase, Climb], list[Found]]] = {
    "offset": _offset,
    "road": _road,
    "border": _border,
    "along": _along,
    "between": _between,
    "countryside": _countryside,
    "side": _side,
    "part": _part,
}
