"""Namesakes across a border: with no country told, none is taken while another may be meant.

Knows which places of other countries a name may as well mean, and which of these are large enough to count.
Knows nothing of phrases (search.py) or of what else speaks against a name (doubts.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from geoevents.folding import name_key
from geoevents.gazetteers.asking import A_CITY, STEEPNESS, Found, Request, named
from geoevents.gazetteers.index import Row
from geoevents.gazetteers.kinds import SETTLED
from geoevents.gazetteers.qualifiers import are_near
from geoevents.messages import Message
from geoevents.values import replace

# Less alike than this, a name of another country is another name; the second, where it is the first name of
# a place here.
_ALIKE, _HARDLY_OTHERWISE = 0.88, 0.93
# Of a town beside the border and its twin beyond it, any two spellings.
_ALIKE_TO_TWIN = 0.75
# A place keeps its name from one across the border that has less than a twentieth of its people.
_DWARFED = 20
# Inhabitants that stand for a place of which nobody states them: what we wrote down is reported of.
_UNSTATED, _OURS, _QUARTER = 3_000, 5_000, 20_000
# Across a border so near, towns share their names however large they are.
_TWINS_M = 15_000
_BEHIND = 0.5
_VOWELS = "aeiou"
# Where names are written in Latin letters at home: others copy them, and seldom spell them otherwise.
_IN_LATIN = ("TR",)


def spelt_alike(request: Request, found: Sequence[Found]) -> list[Found]:
    """
    Towns of the other countries of the region whose name is another spelling of the one that was found.

    A name as it is written goes first only within a country: who writes of a town across the border spells it
    in another language. Nothing where a country is given, or what was found is no town.
    """
    context, reading = request.context, request.reading
    is_placed = context.country_code or context.admin1 or reading.inside or reading.asides
    if is_placed or not any(_is_town(each) and each.drawn == "place" for each in found):
        return []
    if any(each.row.population >= A_CITY and each.rung == "name" and each.by_first_name for each in found):
        return []
    known = {each.row.country for each in found if each.rung == "name" and _is_town(each)}
    names = dict.fromkeys([request.query, *(" ".join(name) for name in request.reading.names)])
    pks = {each.row.pk for each in found}
    alike: dict[int, Found] = {}
    likeliest = sorted(found, key=_people)[-1:]
    for code in (code for code in request.countries if code not in known):
        there = replace(request, context=replace(context, country_code=code), rung="skeleton")
        for each in (each for name in names for each in named(there, name, SETTLED)):
            if (
                each.row.pk not in pks
                and any(_is_as_large(it, each) for it in likeliest)
                and _is_called_so(request, found, each)
            ):
                alike.setdefault(each.row.pk, each)
    most = max(
        (_people(each) for each in found if each.rung == "name" and each.row.country in request.region),
        default=0,
    )
    return [_behind(each, most) if most else each for each in alike.values()]


def _behind(each: Found, most: float) -> Found:
    """What sounds a little otherwise never goes before what has the name as it is written, however large."""
    from geoevents.gazetteers.fuzzy import SOUNDS_THE_SAME

    if each.likeness >= SOUNDS_THE_SAME:
        return each
    return replace(each, factor=min(each.factor, _BEHIND * most / _people(each)))


def _is_called_so(request: Request, found: Sequence[Found], other: Found) -> bool:
    """
    Whether its own name sounds like it, or one that we wrote down: of the others of a city any may.

    Of a town across the border all count, unless we wrote the name down for the one on this side.
    """
    is_first = any(
        each.rung == "name" and each.by_first_name and each.row.country in request.region for each in found
    )
    is_told = any(each.rung == "name" and _is_written_down(request, each) for each in found)
    if not is_told and any(are_near(each.row, other.row, _TWINS_M) for each in found):
        return other.likeness >= _ALIKE_TO_TWIN
    from geoevents.gazetteers.fuzzy import SOUNDS_THE_SAME
    from geoevents.gazetteers.skeletons import likeness, sounds

    wanted = sounds(other.via)
    names = (other.row.name, *(name for _, name in request.index.spellings(other.row.pk)))
    alike = max(
        (likeness(wanted, its) for its in map(sounds, names) if _begin_alike(wanted, its)), default=0.0
    )
    if is_first and other.row.country in _IN_LATIN:
        return alike >= SOUNDS_THE_SAME and wanted[:1] != "~"
    return alike >= (_HARDLY_OTHERWISE if is_first else _ALIKE)


def _is_written_down(request: Request, found: Found) -> bool:
    return name_key(found.via) in request.index.spelling_keys(found.row.pk)


def _begin_alike(one: str, other: str) -> bool:
    """In Latin letters a vowel before the first consonant is heard, and tells names apart."""
    if one[:1] == "~" or other[:1] == "~":
        return True
    return (one[:1] in _VOWELS) == (other[:1] in _VOWELS)


def with_rivals(request: Request, found: Sequence[Found]) -> list[Found]:
    """The same places, each in doubt that has an undoubted namesake in another country of the region."""
    sure = [each for each in found if each.doubt is None and _is_town(each)]
    return [_beside(request, each, sure) if each in sure else each for each in found]


def _beside(request: Request, each: Found, sure: Sequence[Found]) -> Found:
    rivals = [other for other in sure if _is_rival(request, each, other)]
    if not rivals:
        return each
    rival = max(rivals, key=_people).row
    country = request.index.countries.get(rival.country or "")
    doubt = Message(
        "{name} in {country} may be meant as well, and nothing says in which country to look",
        name=rival.name, country=country.name if country else rival.country,
    )  # fmt: skip
    return each.but(doubt)


def _is_rival(request: Request, each: Found, other: Found) -> bool:
    is_abroad = other.row.country != each.row.country and other.row.country in request.region
    is_called_so = other.rung == "name" or _is_called_so(request, [each], other)
    return is_abroad and _is_as_large(each, other) and is_called_so


def _is_as_large(each: Found, other: Found) -> bool:
    is_twin = are_near(each.row, other.row, _TWINS_M)
    return is_twin or _people(other) * _DWARFED >= _people(each)


def _people(found: Found) -> float:
    """Inhabitants, fewer the less alike the name is."""
    row = found.row
    return (row.population or _unstated(row)) * found.likeness**STEEPNESS


def _unstated(row: Row) -> int:
    if row.kind == "quarter":
        return _QUARTER
    return _OURS if row.is_ours else _UNSTATED


def _is_town(found: Found) -> bool:
    return found.row.kind in SETTLED
