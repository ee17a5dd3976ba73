"""Looking a place up: by its name, offline and perhaps online, or by the id a person chose.

Knows which gazetteer is asked, and when. Knows nothing of events' fields (placing.py).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from geoevents.errors import OnlineServiceDown, PlaceNotFound
from geoevents.events import Content, GeoMethod, Sensitivity
from geoevents.folding import name_key
from geoevents.gazetteers import Gazetteer
from geoevents.gazetteers.skeletons import skeleton, sounds
from geoevents.messages import Message
from geoevents.places import Context, Place, Resolution, ResolutionStatus
from geoevents.workflows.backends import Backends

# So many are seldom met in another name by chance.
_ENOUGH_CONSONANTS = 5


def locate_for_writers(name: str, context: Context, backends: Backends) -> Resolution:
    """What a name means to somebody who may write: what the team has decided comes first."""
    return backends.for_writers.resolve(name, context)


def locate_anywhere(
    name: str, context: Context, backends: Backends
) -> tuple[Resolution, tuple[Message, ...]]:
    """
    What a name means, the configured online service asked too when the index has no one answer.

    Its finds are candidates, never an answer. For explicit submits only: the name leaves this machine, unless
    the team has decided it. A service that is down costs a note (the second value), nothing else.
    """
    known = locate_for_writers(name, context, backends)
    if known.status is ResolutionStatus.RESOLVED or backends.online is None:
        return known, ()
    if _is_told_to_nobody(name, backends) or len(known.candidates) >= context.limit:
        return known, ()
    try:
        found = backends.online.resolve(name, context)
    except OnlineServiceDown as error:
        return known, (Message("The online lookup could not be asked: {reason}", reason=error.message),)
    already = {candidate.place.place_id for candidate in known.candidates}
    candidates = known.candidates + tuple(
        each for each in found.candidates if each.place.place_id not in already
    )
    status = ResolutionStatus.AMBIGUOUS if candidates else ResolutionStatus.NOT_FOUND
    return replace(known, status=status, candidates=candidates[: context.limit]), ()


def country_code(text: str, gazetteer: Gazetteer) -> str:
    """The code of a country that is named in any language the gazetteer knows; other text as it is, bare."""
    bare = text.strip()
    if len(bare) <= 2:
        return bare
    found = gazetteer.resolve(bare, Context())
    countries = [each.place for each in found.candidates if each.place.kind == "country"]
    return countries[0].country_code or bare if len(countries) == 1 else bare


def _is_told_to_nobody(name: str, backends: Backends) -> bool:
    """
    Whether a name is one that the team has decided, or speaks of one of its own places in whatever spelling.

    >>> from types import SimpleNamespace as Made
    >>> house = Made(name="Karam's house", key=name_key("Karam's house"), is_own_place=True)
    >>> kept = Made(names=Made(of=lambda key: (), all=lambda: (house,)))
    >>> _is_told_to_nobody("5 km west of Kerem's House", kept), _is_told_to_nobody("Karamlesh", kept)
    (True, False)
    """
    if backends.names is None:
        return False
    if backends.names.of(name_key(name)):
        return True
    own = (each for each in backends.names.all() if each.is_own_place)
    return any(_is_in(each.name, name) for each in own)


def _is_in(part: str, name: str) -> bool:
    """Whether a name has another in it, by its letters or, where they are many, its consonants."""
    consonants = skeleton(sounds(part))
    heard = skeleton(sounds(name))
    is_heard = consonants in heard if len(consonants) >= _ENOUGH_CONSONANTS else consonants == heard
    return name_key(part) in name_key(name) or is_heard


def withholds(content: Content) -> bool:
    """Whether something of an event is kept from the public: its place, or who says it."""
    return content.sensitivity is not Sensitivity.EXACT or any(each.confidential for each in content.sources)


def context_of(content: Content) -> Context:
    """What a draft says beside the name: its country, its governorate, its day."""
    return Context(country_code=content.country_code, admin1=content.admin1, day=content.date_start)


def place_of(place_id: str, backends: Backends) -> Place | None:
    """The place a person chose, or None where no gazetteer of ours knows the id."""
    try:
        return home_of(place_id, backends).get(place_id)
    except PlaceNotFound:
        return None


def home_of(place_id: str, backends: Backends) -> Gazetteer:
    """The gazetteer that knows an id: the online service while it keeps what it found, else our own."""
    if backends.online is not None and place_id.startswith(f"{GeoMethod.ONLINE}:"):
        with suppress(PlaceNotFound):
            backends.online.get(place_id)
            return backends.online
    return backends.for_writers
