"""What the toponyms of a whole text mean, weighed together.

Knows how places of one text support each other. Knows nothing of how they were recognised, and of single
names only to ask the gazetteer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from geoevents.gazetteers import Gazetteer, Sense
from geoevents.gazetteers.circles import distance_m
from geoevents.geoparsing import evidence
from geoevents.geoparsing.toponyms import Span, Toponym
from geoevents.messages import Message
from geoevents.places import Candidate, Context, Resolution, ResolutionStatus

# How much each voice counts, in natural logarithms. The prior is taken to a power below 1: a text that speaks
# of a small place speaks of its neighbours, too, and they have to be heard against a great city.
_PRIOR = 0.5
_STATED, _STATED_ELSEWHERE = 8.0, 6.0
_COUNTRY, _AREA, _NEAR = 1.0, 2.0, 2.0
_SPOKEN_OF = 0.5
_ROUNDS = 3
# Of a name with hundreds of places the weightiest are looked at; the others' weight is lost on nobody.
_MOST_SENSES = 60
_CELL_DEGREES = 1.0
_TAKEN_FROM = 0.8
_CERTAIN = 0.99


@dataclass
class _Name:
    """A name of the text, what it may mean and how far each is believed; `stated` are its containers."""

    text: str
    senses: tuple[Sense, ...]
    belief: list[float] = field(default_factory=list)
    stated: list[Sense] = field(default_factory=list)


def resolve_together(
    text: str, spans: Sequence[Span], gazetteer: Gazetteer, context: Context
) -> tuple[Toponym, ...]:
    """
    What each span of a text means, in the order given.

    A name means one place throughout a text (Gale, Church and Yarowsky 1992). Each of its places has a weight;
    to it come what the text says of it ("X, Y") and how many other names mean places of its
    country, of its first-level area, and nearby. What these mean is weighed the same way, in a few rounds.
    """
    ask = lru_cache(maxsize=None)(gazetteer.senses)
    said = evidence.read(text, tuple(spans), ask)
    names = {name: _Name(name, _in(ask(name), context)) for name in (text[s.start : s.end] for s in spans)}
    for number, stated in said.around.items():
        names[text[spans[number].start : spans[number].end]].stated += stated
    known = [name for name in names.values() if name.senses]
    for _ in range(_ROUNDS):
        support = _Support(known, said.spoken_of)
        for name in known:
            name.belief = _beliefs(name, support)
    answers = {name.text: _answer(name, gazetteer, context) for name in names.values()}
    return tuple(
        Toponym(span.start, span.end, name, answers[name])
        for span in spans
        for name in (text[span.start : span.end],)
    )


def _in(senses: tuple[Sense, ...], context: Context) -> tuple[Sense, ...]:
    own = tuple(each for each in senses if each.country == context.country_code)
    return (own if context.country_code and own else senses)[:_MOST_SENSES]


class _Support:
    """How many names of the text mean places of a country, of a first-level area, of a part of the map."""

    def __init__(self, names: Iterable[_Name], spoken_of: Iterable[Sense]) -> None:
        self.of: Counter[object] = Counter()
        for sense in spoken_of:
            self._add(sense, _SPOKEN_OF)
        for name in names:
            for sense, belief in zip(name.senses, name.belief or _by_weight(name.senses), strict=True):
                self._add(sense, belief)

    def _add(self, sense: Sense, share: float) -> None:
        for key in _shares(sense):
            self.of[key] += share

    def of_others(self, sense: Sense, own: Counter[object]) -> tuple[float, float, float]:
        """Country, first-level area, neighbours; without what the name itself adds."""
        country, area = ("country", sense.country), ("area", sense.area)
        near = sum(self.of[cell] - own[cell] for cell in _cells_around(sense))
        # Two names of one text seldom mean one place: New York is not New York City there.
        same = self.of["place", sense.place_id] - own["place", sense.place_id]
        in_area = self.of[area] - own[area] if sense.area is not None else 0.0
        return self.of[country] - own[country] - same, in_area - same, near - same


def _shares(sense: Sense) -> list[object]:
    keys: list[object] = [("place", sense.place_id)]
    if sense.country:
        keys.append(("country", sense.country))
    if sense.area is not None:
        keys.append(("area", sense.area))
    if sense.kind not in ("country", "admin1", "area"):
        keys.append(_cell(sense))
    return keys


def _cell(sense: Sense) -> tuple[str, int, int]:
    return (
        "cell",
        math.floor(sense.position.lon / _CELL_DEGREES),
        math.floor(sense.position.lat / _CELL_DEGREES),
    )


def _cells_around(sense: Sense) -> list[tuple[str, int, int]]:
    if sense.kind in ("country", "admin1", "area"):
        return []
    _, x, y = _cell(sense)
    return [("cell", x + east, y + north) for east in (-1, 0, 1) for north in (-1, 0, 1)]


def _by_weight(senses: Sequence[Sense]) -> list[float]:
    return _softmax([_PRIOR * math.log(each.weight) for each in senses])


def _beliefs(name: _Name, support: _Support) -> list[float]:
    own: Counter[object] = Counter()
    for sense, belief in zip(name.senses, name.belief or _by_weight(name.senses), strict=True):
        for key in _shares(sense):
            own[key] += belief
    return _softmax([_score(sense, name, support, own) for sense in name.senses])


def _score(sense: Sense, name: _Name, support: _Support, own: Counter[object]) -> float:
    country, area, near = support.of_others(sense, own)
    score = _PRIOR * math.log(sense.weight)
    if any(_holds(container, sense) for container in name.stated):
        score += _STATED
    score += _COUNTRY * math.log1p(max(country, 0))
    score += _AREA * math.log1p(max(area, 0))
    score += _NEAR * math.log1p(max(near, 0))
    return score


def _holds(container: Sense, sense: Sense) -> bool:
    if container.place_id == sense.place_id:
        return False
    if container.kind == "country":
        return container.country == sense.country
    if container.kind == "admin1":
        return container.area == sense.area
    return container.area == sense.area and distance_m(container.position, sense.position) < 60_000


def _softmax(scores: Sequence[float]) -> list[float]:
    best = max(scores)
    shares = [math.exp(score - best) for score in scores]
    total = sum(shares)
    return [share / total for share in shares]


def _answer(name: _Name, gazetteer: Gazetteer, context: Context) -> Resolution:
    if not name.senses:
        return gazetteer.resolve(name.text, context)
    ranked = sorted(zip(name.belief, name.senses, strict=True), key=lambda each: (-each[0], each[1].place_id))
    candidates = tuple(
        Candidate(gazetteer.get(sense.place_id), min(belief, _CERTAIN), Message("exact name"))
        for belief, sense in ranked[: max(context.limit, 1)]
    )
    taken = candidates[0].score >= _TAKEN_FROM
    return Resolution(
        name.text, ResolutionStatus.RESOLVED if taken else ResolutionStatus.AMBIGUOUS, candidates
    )
