"""Why a name that matches is still no answer: too short, also a person's, only one of a place's many others.

Knows what a name proves by itself. Knows nothing of how places are weighed against each other (ranking.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from geoevents.folding import name_key
from geoevents.gazetteers.abroad import with_rivals
from geoevents.gazetteers.asking import Found, Request
from geoevents.gazetteers.not_places import meta_key
from geoevents.gazetteers.qualifiers import are_near
from geoevents.gazetteers.surroundings import containers, given_elsewhere
from geoevents.gazetteers.tables import IS_CORE
from geoevents.gazetteers.weighing import is_written_down
from geoevents.messages import Message

_DOUBTED = 0.6
_SHORT, _SHORT_IN_ARABIC, _TINY = 4, 3, 3
_ARABIC = re.compile("[\u0600-\u06ff]")
# Outside the region a short name is believed of a city of this size that has it for its first.
_GREAT_CITY = 300_000
# A hamlet far away does not keep its name from a city so many times its size.
_DWARFED = 20
_TOWN = 10_000
# Its own first name a place keeps from another that has a fifth of its people.
_OUTNUMBERED = 5
# Inhabitants that stand for a place of which nobody states them: a quarter is one of a city.
_UNSTATED = {"quarter": 20_000, "settlement": 5_000}
# What is not meant by a bare name that is only a part of its own.
_NEVER_BARE = ("site", "crossing", "camp", "prison", "dam", "oil_field", "military_base")


def doubted(request: Request, found: Sequence[Found]) -> list[Found]:
    """The same places, each with a doubt where its name is too little to take it unasked."""
    is_placed = _is_placed(request)
    doubts = [(each, each.doubt or _doubt(request, each, found, is_placed=is_placed)) for each in found]
    asked = [
        each.but(doubt, factor=_DOUBTED) if doubt and each.doubt is None else each for each, doubt in doubts
    ]
    if is_placed:
        return _contradicted(request, asked)
    # No less likely for it: whoever asks is to see the likeliest first.
    too = Message("the name of another place, too, and nothing says in which country to look")
    return [
        each.but(too) if each.doubt is None and any(_is_rival(request, it, each) for it in found) else each
        for each in with_rivals(request, asked)
    ]


def _contradicted(request: Request, found: list[Found]) -> list[Found]:
    """In doubt, all of them, where the governorate that was given is no part of the country that was."""
    elsewhere, code = given_elsewhere(request), request.context.country_code
    if elsewhere is None:
        return found
    countries = request.index.countries
    said, own = (countries.get(each or "") for each in (code, elsewhere.country))
    doubt = Message(
        "{area} is in {own}, not in {country}: one of the two is a mistake",
        area=elsewhere.name, own=own.name if own else elsewhere.country, country=said.name if said else code,
    )  # fmt: skip
    return [each if each.doubt else each.but(doubt) for each in found]


def _is_placed(request: Request) -> bool:
    """Whether anything but the name says where it is: a country, a governorate, "X, Y"."""
    context = request.context
    around = (*request.reading.inside, *request.reading.asides)
    return bool(context.country_code or context.admin1) or any(containers(request, each) for each in around)


def _doubt(request: Request, each: Found, found: Sequence[Found], *, is_placed: bool) -> Message | None:
    key = name_key(each.via)
    is_main, is_curated = _is_main(each, key), _is_curated(request, each, key)
    if each.row.mark & IS_CORE and each.row.kind in _NEVER_BARE and not request.reading.kinds:
        return Message("only a part of its name, without the word for what it is")
    kind = request.index.meta(meta_key(key))
    if kind == "part" or (kind == "descriptor" and not is_curated):
        return Message("the word is a part of many names, and no name by itself")
    # We wrote down villages that are called like people, too; a town is spoken of by itself.
    is_town = kind == "person_name" and each.row.population >= _TOWN
    is_named_so = is_curated and kind != "organisation" and (is_placed or is_town)
    if kind in _SENTENCES and not is_named_so and not (is_main and (is_placed or request.reading.kinds)):
        return _SENTENCES[kind]
    if is_placed:
        if is_curated or is_main:
            return None
        is_tiny = len(key) <= _TINY and not _ARABIC.search(key)
        return Message("the name is too short to be sure of it") if is_tiny else None
    return None if is_curated else _unplaced(request, each, found, is_main=is_main)


def _is_rival(request: Request, other: Found, each: Found) -> bool:
    """
    Whether, with no country said, the name is as well another place's: one of the region that we wrote it
    down for, where it is only lent to the first or they are of two countries; beyond the region any as large.
    A lent name is not kept from a place of which nobody says how large it is.
    """
    row, rival = each.row, other.row
    if rival.mark & IS_CORE or are_near(rival, row):
        return False
    is_abroad = rival.country != row.country
    if rival.country in request.region:
        if _is_main(each, name_key(each.via)):
            people = rival.population or _UNSTATED.get(rival.kind, _TOWN)
            is_rival = is_abroad and people * _OUTNUMBERED >= row.population
        else:
            is_rival = not rival.population or rival.population * _DWARFED >= row.population
        return is_rival and is_written_down(request.index, other)
    is_first = name_key(rival.name) == name_key(each.via)
    return row.country not in request.region and is_abroad and is_first and rival.population >= row.population


def _unplaced(request: Request, each: Found, found: Sequence[Found], *, is_main: bool) -> Message | None:
    key = name_key(each.via)
    in_region = each.row.country in request.region
    if not is_main and not in_region:
        return Message("only another name of it, and nothing says in which country to look")
    is_short = len(key) <= (_SHORT_IN_ARABIC if _ARABIC.search(key) else _SHORT)
    if is_short and not (is_main and (in_region or each.row.population >= _GREAT_CITY)):
        return Message("the name is too short to be sure of it")
    others = (
        _is_main(other, key)
        and other.row.population * _DWARFED >= each.row.population
        and not are_near(other.row, each.row)
        for other in found
    )
    if not is_main and any(others):
        return Message("only another name of it, and the first name of another place")
    return None


def _is_main(each: Found, key: str) -> bool:
    """
    GeoNames does not say which of a town's names in Arabic is the usual one: ours count, and of its own the
    one that is its name in Latin letters, written in Arabic ones.
    """
    if each.rung == "skeleton":
        return _sounds_like_it(each)
    if each.row.is_ours:
        return each.by_first_name
    return name_key(each.row.name) == key or bool(_ARABIC.search(key) and _sounds_like_it(each))


def _sounds_like_it(each: Found) -> bool:
    # Loaded by whom no name in Latin letters needs.
    from geoevents.gazetteers.skeletons import skeleton, sounds

    return skeleton(sounds(each.via)) == skeleton(sounds(each.row.name))


def _is_curated(request: Request, each: Found, key: str) -> bool:
    """Whether a person wrote down that the place is called so."""
    if not each.row.is_ours or each.row.mark & IS_CORE:
        return False
    return each.by_first_name or key in request.index.spelling_keys(each.row.pk)


_SENTENCES = {
    "person_name": Message("also a person's name"),
    "organisation": Message("also the name of an organisation"),
    "word": Message("also an everyday word"),
}
