"""What the toponyms of a whole text mean, weighed together.

Knows how places of one text support each other (believing.py says how much). Knows nothing of how they were
recognised, and of single names only to ask the gazetteer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from geoevents.gazetteers import Gazetteer
from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.extents import share_near
from geoevents.gazetteers.qualifiers import SAME_PLACE_M
from geoevents.gazetteers.senses import Sense
from geoevents.geoparsing import evidence
from geoevents.geoparsing.believing import Name, Support, beliefs
from geoevents.geoparsing.relating import neighbours, related, ties_of
from geoevents.geoparsing.toponyms import Span, Toponym
from geoevents.messages import Message
from geoevents.places import Candidate, Context, Resolution, ResolutionStatus

_ROUNDS = 3
# Of a name with hundreds of places the weightiest are looked at; the others' weight is lost on nobody.
_MOST_SENSES = 60
# Measured on news from the whole world (benchmarks/geoparsing.py): from here on 92 % of the towns are right.
_TAKEN_FROM = 0.8
_CERTAIN = 0.99
# A country that has this share of a text is where its unknown names are looked for.
_MOST_OF_IT = 0.6


def resolve_together(
    text: str, spans: Sequence[Span], gazetteer: Gazetteer, context: Context
) -> tuple[Toponym, ...]:
    """
    What each span of a text means, in the order given.

    A name means one place throughout a text (Gale, Church and Yarowsky 1992). Each of its places has a
    weight; to it come what the text says of the name ("X, Y") and how many other names mean places of the
    same country, of the same first-level area, and nearby. What these mean is weighed alike, in rounds.
    """
    ask = lru_cache(maxsize=None)(gazetteer.senses)
    said = evidence.read(text, tuple(spans), ask)
    written = dict.fromkeys(text[span.start : span.end] for span in spans)
    names = {each: Name(each, _in(ask(each), context)) for each in written}
    for number, stated in said.around.items():
        names[text[spans[number].start : spans[number].end]].stated += stated
    ties = ties_of(text, spans, gazetteer)
    for one, other in neighbours(ties):
        _beside_each_other(*(names[text[spans[number].start : spans[number].end]] for number in (one, other)))
    known = [name for name in names.values() if name.senses]
    if not said.spoken_of and not any(name.stated or name.is_clear for name in known):
        _expect_the_usual(known, gazetteer, context)
    support = Support(known, said.spoken_of)
    for _ in range(_ROUNDS):
        for name in known:
            name.belief = beliefs(name, support)
        support = Support(known, said.spoken_of)
    looked_in = _looked_in(context, support)
    answers = {
        name.text: _answer(name, support, gazetteer, context)
        if name.senses
        else gazetteer.resolve(name.text, looked_in)
        for name in names.values()
    }
    meant = related([answers[text[span.start : span.end]] for span in spans], ties, gazetteer, context)
    return tuple(
        Toponym(span.start, span.end, text[span.start : span.end], resolution)
        for span, resolution in zip(spans, meant, strict=True)
    )


def _beside_each_other(one: Name, other: Name) -> None:
    if one is not other and one.senses and other.senses:
        one.beside.append(other)
        other.beside.append(one)


def _in(senses: tuple[Sense, ...], context: Context) -> tuple[Sense, ...]:
    own = tuple(each for each in senses if each.country == context.country_code)
    return (own if context.country_code and own else senses)[:_MOST_SENSES]


def _expect_the_usual(names: Sequence[Name], gazetteer: Gazetteer, context: Context) -> None:
    """Where nothing says of which country a text speaks, the region of interest does."""
    for name in names:
        candidates = gazetteer.resolve(name.text, context).candidates
        if candidates and candidates[0].place.place_id != name.senses[0].place_id:
            name.usual = candidates[0].place.place_id


def _looked_in(context: Context, support: Support) -> Context:
    code = support.country(of_all=_MOST_OF_IT)
    if context.country_code or code is None:
        return context
    return Context(country_code=code, admin1=context.admin1, day=context.day, limit=context.limit)


def _answer(name: Name, support: Support, gazetteer: Gazetteer, context: Context) -> Resolution:
    """
    A country that is surely meant is resolved, and its score is near 0: that says, as it does for a single
    name, how probably the true point is within 10 km of its point (gazetteers/extents.py).
    """
    ranked = sorted(zip(name.belief, name.senses, strict=True), key=lambda each: (-each[0], each[1].place_id))
    meant = [(sense, _is_meant(sense, name)) for _, sense in ranked[: max(context.limit, 1)]]
    candidates = tuple(
        _candidate(gazetteer, sense, probability, _why(name, sense, support)) for sense, probability in meant
    )
    taken = meant[0][1] >= _TAKEN_FROM
    status = ResolutionStatus.RESOLVED if taken else ResolutionStatus.AMBIGUOUS
    return Resolution(name.text, status, candidates)


def _candidate(gazetteer: Gazetteer, sense: Sense, probability: float, why: Message) -> Candidate:
    place = gazetteer.get(sense.place_id)
    near = share_near(place, lambda: gazetteer.geometry(place.place_id))
    return Candidate(place, probability * near, why)


def _is_meant(sense: Sense, name: Name) -> float:
    """What is believed of it and the places within 10 km of it, together."""
    return min(_CERTAIN, sum(b for other, b in name.shares() if _are_near(sense, other)))


def _are_near(one: Sense, other: Sense) -> bool:
    if one.place_id == other.place_id or abs(one.position.lat - other.position.lat) > 0.1:
        return one.place_id == other.place_id
    return distance_m(one.position, other.position) <= SAME_PLACE_M


def _why(name: Name, sense: Sense, support: Support) -> Message:
    match = Message("exact name") if sense.is_first_name else Message("another name of it")
    if sense.is_demonym:
        match = Message("its people's name")
    return Message("{match}; {reason}", match=match, reason=_reason(name, sense, support))


def _reason(name: Name, sense: Sense, support: Support) -> Message:
    """The narrowest that speaks for it."""
    if container := name.container_of(sense):
        return Message("the text says that it lies in {around}", around=container.name)
    in_area, in_country = support.places_beside(name, sense)
    if in_area:
        return Message(
            "same governorate as {count} other place in the text",
            plural="same governorate as {count} other places in the text",
            count=in_area,
        )
    if in_country:
        return Message(
            "same country as {count} other place in the text",
            plural="same country as {count} other places in the text",
            count=in_country,
        )
    if len(name.senses) == 1:
        return Message("the only place of this name")
    return Message("one of {count} places of this name", count=len(name.senses))
