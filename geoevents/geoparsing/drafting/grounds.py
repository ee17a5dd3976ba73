"""Where the event of a sentence was: which of the places it names, and what the map says against it.

Knows the toponyms of the text (geoparsing/), kinds of places and prepositions. Knows nothing of types or
days.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from geoevents.folding import name_key
from geoevents.gazetteers import Gazetteer
from geoevents.gazetteers.circles import distance_m
from geoevents.geometries import Geometry
from geoevents.geoparsing import Toponym
from geoevents.geoparsing.drafting.acting import Named
from geoevents.geoparsing.drafting.phrases import Word
from geoevents.messages import Message
from geoevents.places import METRES_A_DEGREE, Candidate, GeoPrecision, LonLat, Place, Resolution

_FROM = frozenset(("from", "من", "ji"))
_TO = frozenset(("to", "toward", "towards", "into", "الى", "باتجاه", "نحو", "ber", "heta"))
_ROADS = frozenset(("طريق", "اوتستراد"))
_WITH = frozenset(("with", "into", "to", "مع", "bi", "ile"))
_IN = frozenset(("in", "of", "في", "li", "ya", "a"))
_WIDE = (GeoPrecision.PROVINCE, GeoPrecision.AREA, GeoPrecision.DISTRICT)
# A border is drawn to within this; what lies further from a country than that does not touch it.
_TOUCHES_M = 8_000
_NEAR_M = 10_000


@dataclass(frozen=True, slots=True)
class Spot:
    """A toponym and the words `first` to `last` that it stands on; `rank` is how exact, 0 a country."""

    toponym: Toponym
    first: int
    last: int
    rank: float

    @property
    def place(self) -> Place | None:
        return self.toponym.resolution.place

    @property
    def is_country(self) -> bool:
        return self.rank == 0


def spots_of(
    toponyms: Sequence[Toponym], words: Sequence[Word], first: int, end: int, named: Sequence[Named]
) -> list[Spot]:
    """The places that the words `first` to before `end` name; not those within the name of an actor."""
    if first >= end:
        return []
    low = bisect_left(toponyms, words[first].start, key=lambda each: each.start)
    within = [(words[each.first].start, words[each.last].end) for each in named]
    found: list[Spot] = []
    at = first
    for toponym in toponyms[low:]:
        if toponym.start >= words[end - 1].end:
            break
        if any(start <= toponym.start and toponym.end <= stop for start, stop in within):
            continue
        while at + 1 < end and words[at].end <= toponym.start:
            at += 1
        last = at
        while last + 1 < end and words[last + 1].start < toponym.end:
            last += 1
        if toponym.resolution.candidates:
            found.append(Spot(toponym, at, last, _rank(toponym)))
    return found


def _rank(toponym: Toponym) -> float:
    precision = toponym.resolution.candidates[0].place.geo_precision
    if precision is GeoPrecision.COUNTRY:
        return 0
    if precision in _WIDE:
        return 1
    return 4 if precision is GeoPrecision.SITE else 3


def best_spot(
    spots: Sequence[Spot], words: Sequence[Word], trigger: tuple[int, int], clause: tuple[int, int]
) -> Spot | None:
    """
    The place of what the trigger's words tell: exact before wide, behind it before in front of it, near
    before far. Where something came from or went to is only taken if nothing else is there; a country never
    is.
    """
    ranked = [
        (_fitness(each, words, trigger, clause), -each.first, each) for each in spots if not each.is_country
    ]
    return max(ranked, key=lambda each: each[:2])[2] if ranked else None


def _fitness(spot: Spot, words: Sequence[Word], trigger: tuple[int, int], clause: tuple[int, int]) -> float:
    if spot.first <= trigger[1] and spot.last >= trigger[0]:
        return spot.rank + 1
    behind = spot.first > trigger[1]
    away = spot.first - trigger[1] if behind else trigger[0] - spot.last
    fitness = spot.rank - 0.12 * max(away, 0) - (0.0 if behind else 1.0)
    if not clause[0] <= spot.first < clause[1]:
        fitness -= 1.5
    before = {words[at].folded for at in range(max(spot.first - 2, 0), spot.first)}
    if before & _FROM:
        fitness -= 2
    if is_reached(spot, words):
        fitness -= 0.3
    return fitness


def is_reached(spot: Spot, words: Sequence[Word]) -> bool:
    """Whether the text only goes there: "the road to X"."""
    return spot.first > 0 and words[spot.first - 1].folded in _TO


def is_passed(spot: Spot, words: Sequence[Word]) -> bool:
    """Whether the text goes there, or is on a road that does."""
    return is_reached(spot, words) or (spot.first > 0 and words[spot.first - 1].folded in _ROADS)


def as_of(resolution: Resolution, day: date | None) -> Resolution:
    """
    What a name means on a day: of an area whose extent changed the version then in force, and of a town and
    the crossing or camp that is named after it, as likely and as near, the town.
    """
    if not resolution.candidates:
        return resolution
    best = _its_town(resolution)
    if day is None:
        rest = tuple(each for each in resolution.candidates if each is not best)
        return Resolution(resolution.query, resolution.status, (best, *rest), resolution.suggestions)
    slug = best.place.place_id.partition("@")[0]
    there = (
        each
        for each in resolution.candidates
        if each.place.place_id.partition("@")[0] == slug and _is_in_force(each.place, day)
    )
    meant = best if _is_in_force(best.place, day) else next(there, best)
    rest = tuple(each for each in resolution.candidates if each is not meant)
    return Resolution(resolution.query, resolution.status, (meant, *rest), resolution.suggestions)


def _its_town(resolution: Resolution) -> Candidate:
    best, name = resolution.candidates[0], name_key(resolution.query)
    if best.place.geo_precision is GeoPrecision.COUNTRY or name_key(best.place.name) == name:
        return best
    towns = (
        each
        for each in resolution.candidates[1:]
        if each.place.kind == "settlement"
        and name_key(each.place.name) == name
        and each.score >= best.score
        and distance_m(each.place.position, best.place.position) <= _NEAR_M
    )
    return next(towns, best)


def _is_in_force(place: Place, day: date) -> bool:
    return (place.valid_from is None or place.valid_from <= day) and (
        place.valid_to is None or day <= place.valid_to
    )


def are_one_place(one: Spot, other: Spot) -> bool | None:
    """Whether two names may mean the same ground: one place, or one near the other. None: perhaps."""
    if one.toponym.text == other.toponym.text:
        return True
    first, second = (_likeliest(each) for each in (one, other))
    if first.place_id == second.place_id:
        return True
    wide = [each for each in (first, second) if each.geo_precision in _WIDE]
    if len(wide) == 2 or first.geo_precision is GeoPrecision.COUNTRY:
        return False
    if wide:
        narrow = second if wide[0] is first else first
        is_within = wide[0].bbox is None or wide[0].bbox.contains(narrow.position)
        return None if is_within else False
    reach = max(first.uncertainty_m or 0, second.uncertainty_m or 0)
    near = distance_m(first.position, second.position) <= max(reach, 3_000)
    is_part = GeoPrecision.SITE in (first.geo_precision, second.geo_precision) or "near" in (
        first.geo_precision, second.geo_precision,
    )  # fmt: skip
    return near or (is_part and distance_m(first.position, second.position) <= _NEAR_M)


def _likeliest(spot: Spot) -> Place:
    return spot.toponym.resolution.candidates[0].place


def contradictions(
    spots: Sequence[Spot], of: Spot, words: Sequence[Word], gazetteer: Gazetteer
) -> tuple[list[Message], list[Spot]]:
    """
    What the text says of where a place lies that the map says otherwise: "the crossing with X" that does not
    touch X, "P in Q" outside Q. And the places that were only named to say so.
    """
    said: list[Message] = []
    places: list[Spot] = []
    number = spots.index(of)
    if number + 1 >= len(spots):
        return said, places
    other = spots[number + 1]
    between = [words[at].folded for at in range(of.last + 1, other.first)]
    is_with = _likeliest(of).kind == "crossing" and bool(between) and between[0] in _WITH
    is_in = bool(between) and between[-1 if between[-1] != "the" else 0] in _IN and other.rank <= 1
    if len(between) > 3 or not (is_with or is_in) or other.place is None:
        return said, places
    if is_with:
        places.append(other)
    known = _likeliest(of)
    away = _metres_from(known.position, other.place, gazetteer)
    if away is not None and away > max(_TOUCHES_M, known.uncertainty_m or 0):
        said.append(
            Message(
                "The text puts {place} beside or in {other}. On the map they are {km} km apart. Kept as it is"
                " said: check the place, or say it in the description.",
                place=of.toponym.text, other=other.toponym.text, km=round(away / 1000),
            )
        )  # fmt: skip
    return said, places


def _metres_from(position: LonLat, place: Place, gazetteer: Gazetteer) -> float | None:
    """From a point to the outline of an area; None where no outline is known."""
    outline = gazetteer.geometry(place.place_id) if place.geo_precision in _WIDE else None
    if outline is None or outline.is_point:
        return None
    from shapely.affinity import scale
    from shapely.geometry import Point, shape

    # Degrees of longitude shrink with the cosine of the latitude: near one point a plane is exact enough.
    shrink = math.cos(math.radians(position.lat))
    flat = scale(shape(outline.as_geojson()), xfact=shrink, yfact=1, origin=(0, 0))
    return float(flat.distance(Point(position.lon * shrink, position.lat))) * METRES_A_DEGREE


def shape_of(place: Place, gazetteer: Gazetteer) -> Geometry | None:
    """What a place is drawn as: the outline of an area, the point of a town, nothing of a country."""
    if place.geo_precision is GeoPrecision.COUNTRY:
        return None
    is_exact = place.geo_precision.is_pin or place.geo_precision is GeoPrecision.NEAR
    outline = None if is_exact else gazetteer.geometry(place.place_id)
    return outline or Geometry.point(place.lon, place.lat)
