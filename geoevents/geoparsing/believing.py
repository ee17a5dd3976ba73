"""How far each place of a name is believed: its own weight, what the text says, and the places beside it.

Knows the few numbers that part a great city far away from a village next door. Knows no text.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.senses import Sense

# How much each voice counts, in natural logarithms. The prior is taken to a power below 1: a text that speaks
# of a small place speaks of its neighbours, too, and they have to be heard against a great city. The numbers
# are round, and one set serves local and world news (docs/decisions/0014).
_PRIOR = 0.4
_STATED = 8.0
_COUNTRY, _AREA, _NEAR = 1.0, 2.0, 2.0
_USUAL = 3.0
# Who says of a place that it lies west of another means one that is near: half as much 50 km away.
_BESIDE, _BESIDE_M = 4.0, 50_000
# The inhabitants of a place that nobody told us of, and that nothing in the text supports.
_UNKNOWN = 1_000
_SPOKEN_OF = 0.5
_CELL_DEGREES = 1.0
_BELIEVED = 0.5
_TOWN_REACHES_M = 60_000
_LIKELIER = 100
_HEARD = 0.01

Key = tuple[object, ...]


@dataclass
class Name:
    """
    A name of a text, what it may mean, and how far each of these is believed. `stated` are the areas that the
    text names behind it; `usual` is the id of what it means when it stands alone, where that has to count;
    `beside` are the names that the text says it lies so far from, or in a direction of.
    """

    text: str
    senses: tuple[Sense, ...]
    belief: list[float] = field(default_factory=list)
    stated: list[Sense] = field(default_factory=list)
    usual: str | None = None
    beside: list[Name] = field(default_factory=list)

    @property
    def is_clear(self) -> bool:
        """Whether it's a country or first-level area, and hardly anything else."""
        best, *others = self.senses
        return best.is_container and all(best.weight >= _LIKELIER * other.weight for other in others)

    @property
    def believed(self) -> Sense | None:
        """What it is rather believed to mean than anything else, if that is anything."""
        best = max(self.belief, default=0.0)
        return self.senses[self.belief.index(best)] if best >= _BELIEVED else None

    def shares(self) -> list[tuple[Sense, float]]:
        belief = self.belief or _softmax([_PRIOR * math.log(each.weight) for each in self.senses])
        return list(zip(self.senses, belief, strict=True))

    def container_of(self, sense: Sense) -> Sense | None:
        """What the text says that it lies in, if it does."""
        return next((each for each in self.stated if _holds(each, sense)), None)


class Support:
    """How many names of a text mean places of a country, of a first-level area, of a part of the map."""

    def __init__(self, names: Iterable[Name], spoken_of: Iterable[Sense]) -> None:
        self.names = list(names)
        self.of: defaultdict[Key, float] = defaultdict(float)
        for sense in spoken_of:
            _count(self.of, sense, _SPOKEN_OF)
        for name in self.names:
            for sense, share in name.shares():
                _count(self.of, sense, share)

    def country(self, *, of_all: float) -> str | None:
        """The country that has such a share of the text, if one has."""
        shares = {str(key[1]): share for key, share in self.of.items() if key[0] == "country"}
        best = max(shares, key=lambda code: (shares[code], code), default=None)
        return best if best and shares[best] >= of_all * sum(shares.values()) else None

    def places_beside(self, name: Name, sense: Sense) -> tuple[int, int]:
        """How many other names are believed to mean places of its first-level area, and of its country."""
        own = name.believed
        in_area = in_country = 0
        if sense.area is not None:
            in_area = self._areas[sense.area] - (own is not None and own.area == sense.area)
        if sense.country:
            in_country = self._countries[sense.country] - (own is not None and own.country == sense.country)
        return in_area, in_country

    @cached_property
    def _areas(self) -> Counter[object]:
        return Counter(sense.area for name in self.names if (sense := name.believed))

    @cached_property
    def _countries(self) -> Counter[str | None]:
        return Counter(sense.country for name in self.names if (sense := name.believed))

    def beside(self, sense: Sense, own: defaultdict[Key, float]) -> tuple[float, float, float]:
        """What others add to its country, to its first-level area and nearby; `own` is what its name adds."""

        def of(key: Key) -> float:
            return self.of[key] - own[key]

        # Two names of one text seldom mean one place: New York is not New York City there.
        same = of(("place", sense.place_id))
        country = of(("country", sense.country)) - same if sense.country else 0.0
        area = of(("area", sense.area)) - same if sense.area is not None else 0.0
        near = sum(of(cell) for cell in _cells_around(sense)) - same if _is_point(sense) else 0.0
        return max(country, 0.0), max(area, 0.0), max(near, 0.0)


def beliefs(name: Name, support: Support) -> list[float]:
    """How far each sense of a name is believed; what lacks to 1 is for a place that we don't know."""
    own: defaultdict[Key, float] = defaultdict(float)
    for sense, share in name.shares():
        _count(own, sense, share)
    unknown = _PRIOR * math.log(_UNKNOWN)
    return _softmax([*(_score(name, sense, support, own) for sense in name.senses), unknown])[:-1]


def _score(name: Name, sense: Sense, support: Support, own: defaultdict[Key, float]) -> float:
    country, area, near = support.beside(sense, own)
    score = _PRIOR * math.log(sense.weight)
    if name.container_of(sense) and not _is_listed(name, sense):
        score += _STATED
    if sense.place_id == name.usual:
        score += _USUAL
    score += _BESIDE * sum(_nearness(sense, other) for other in name.beside)
    return score + _COUNTRY * math.log1p(country) + _AREA * math.log1p(area) + _NEAR * math.log1p(near)


def _nearness(sense: Sense, other: Name) -> float:
    """How near it is to what another name is believed to mean, 0 to 1; 0 of what is no point."""
    if not _is_point(sense):
        return 0.0
    near = (
        share / (1 + (distance_m(sense.position, each.position) / _BESIDE_M) ** 2)
        for each, share in other.shares()
        if share >= _HEARD and _is_point(each)
    )
    return sum(near)


def _is_listed(name: Name, sense: Sense) -> bool:
    """ "Indiana, Pennsylvania and Ohio": the town of the name is seldom meant, the state is."""
    best = name.senses[0]
    among = {(each.kind, each.country) for each in name.stated}
    is_sibling = best.kind == "country" or (best.kind, best.country) in among
    return best.is_container and is_sibling and best.weight >= _LIKELIER * sense.weight


def _count(counter: defaultdict[Key, float], sense: Sense, share: float) -> None:
    counter["place", sense.place_id] += share
    if sense.country:
        counter["country", sense.country] += share
    if sense.area is not None:
        counter["area", sense.area] += share
    if _is_point(sense):
        counter[_cell(sense)] += share


def _is_point(sense: Sense) -> bool:
    return sense.kind not in ("country", "admin1", "area")


def _cell(sense: Sense) -> Key:
    position = sense.position
    return "cell", math.floor(position.lon / _CELL_DEGREES), math.floor(position.lat / _CELL_DEGREES)


def _cells_around(sense: Sense) -> list[Key]:
    x, y = (math.floor(side / _CELL_DEGREES) for side in (sense.position.lon, sense.position.lat))
    return [("cell", x + east, y + north) for east in (-1, 0, 1) for north in (-1, 0, 1)]


def _holds(container: Sense, sense: Sense) -> bool:
    if container.place_id == sense.place_id:
        return False
    if container.kind == "country":
        return container.country == sense.country
    if container.kind == "admin1" or container.area != sense.area:
        return container.area == sense.area
    return distance_m(container.position, sense.position) < _TOWN_REACHES_M


def _softmax(scores: Sequence[float]) -> list[float]:
    best = max(scores)
    shares = [math.exp(score - best) for score in scores]
    total = sum(shares)
    return [share / total for share in shares]
