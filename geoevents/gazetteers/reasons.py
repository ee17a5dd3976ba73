"""Why a place is offered for a name, in words: how the name matches, and what speaks for or against it."""

from __future__ import annotations

from collections.abc import Sequence

from geoevents.folding import name_key
from geoevents.gazetteers.asking import Found, Request
from geoevents.gazetteers.index import Index
from geoevents.gazetteers.scripts import language_of
from geoevents.gazetteers.surroundings import areas_given
from geoevents.gazetteers.weighing import Weighed
from geoevents.messages import Message


def why(request: Request, each: Weighed) -> Message:
    """How the name matches, then the one thing that most speaks for the place, or against it."""
    found = each.found
    match = _how_it_matches(request.index, found)
    reason = found.doubt or found.note or _in_area(request, each) or _among_others(request, each)
    return Message("{match}; {reason}", match=match, reason=reason)


def _in_area(request: Request, each: Weighed) -> Message | None:
    """What the governorate given says of it; None without one."""
    areas = areas_given(request)
    if request.context.admin1 and not areas:
        return Message("no governorate called {name} is known", name=request.context.admin1)
    if each.outside_m is None:
        return None
    area = areas[0].name
    if each.outside_m > 0:
        return Message("not in {area}", area=area)
    if each.places > 1:
        return Message("in {area}, of {count} places of this name", area=area, count=each.places)
    return Message("in {area}", area=area)


def _among_others(request: Request, each: Weighed) -> Message:
    country = request.index.country(request.context.country_code)
    if each.places > 1 and each.is_largest:
        return Message("the largest of {count} places of this name", count=each.places)
    if each.places > 1:
        return Message("one of {count} places of this name", count=each.places)
    if country:
        return Message("the only place of this name in {country}", country=country.name)
    return Message("the only place of this name")


def _how_it_matches(index: Index, found: Found) -> Message:
    if found.rung != "name":
        likewise = {
            "skeleton": Message("another spelling of a name of it"),
            "fuzzy": Message("like a name of it"),
        }
        return likewise[found.rung]
    row, via = found.row, found.via.strip()
    key = name_key(via)
    spellings = index.spellings(row.pk)
    if key != name_key(row.name):
        languages = _languages_of(via, key, spellings)
        if "en" not in languages:
            for lang, message in _in_a_language(via).items():
                if lang in languages:
                    return message
    if via == row.name or any(via == name for _, name in spellings):
        return Message("exact name")
    if key == name_key(row.name):
        return Message("same name in another spelling")
    return Message("another name of it")


def _languages_of(via: str, key: str, spellings: Sequence[tuple[str, str]]) -> set[str]:
    """The languages of the very name that matched; else of those that differ from it in marks alone."""
    same = {lang for lang, name in spellings if name == via}
    return same or {lang for lang, name in spellings if name_key(name) == key}


def _in_a_language(via: str) -> dict[str, Message]:
    """What to call a name by its language, the likeliest language of its letters first."""
    said = {"kmr": Message("Kurdish name"), "ar": Message("Arabic name"), "tr": Message("Turkish name")}
    return {"ar": said["ar"]} | said if language_of(via) == "ar" else said
