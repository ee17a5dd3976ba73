"""How good some answers are: shares within so many kilometres, reliability of scores, containment."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoevents.gazetteers import Gazetteer
from geoevents.gazetteers.circles import distance_m, inside
from geoevents.gazetteers.stretches import passes
from geoevents.places import Context, LonLat, Place

KM = (10, 25, 161)
GIVEN = ("country", "country and governorate", "nothing")


@dataclass(frozen=True)
class Name:
    """A name as somebody wrote it, and where the place is. Without `country` it is of the whole world."""

    text: str
    country: str | None
    admin1: str | None
    point: LonLat
    weight: int = 1


@dataclass(frozen=True)
class Answer:
    """
    `km` from the true point, infinite if there was no answer; `taken` if it was said to be the one.

    `precision` is how exactly the answer says to know it, `contains` whether what would be drawn for it holds
    the true point.
    """

    km: float
    taken: bool = False
    weight: int = 1
    score: float = 0.0
    precision: str = ""
    contains: bool = False


Locate = Callable[[Name], Answer]


def read_names(path: Path) -> list[Name]:
    """A CSV file with name, country, admin1, lat, lon, and perhaps n_events."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Name(
                row["name"],
                row["country"] or None,
                row.get("admin1") or None,
                LonLat(float(row["lon"]), float(row["lat"])),
                int(row.get("n_events") or 1),
            )
            for row in csv.DictReader(file)
        ]


def by_gazetteer(gazetteer: Gazetteer, given: str) -> Locate:
    def locate(name: Name) -> Answer:
        context = Context(
            country_code=None if given == "nothing" else name.country,
            admin1=name.admin1 if given == "country and governorate" else None,
        )
        resolution = gazetteer.resolve(name.text, context)
        if not resolution.candidates:
            return Answer(float("inf"), weight=name.weight)
        best = resolution.candidates[0]
        return Answer(
            kilometres(best.place.position, name.point),
            resolution.place is not None,
            name.weight,
            best.score,
            best.place.geo_precision.value,
            _contains(gazetteer, best.place, name.point),
        )

    return locate


def kilometres(a: LonLat, b: LonLat) -> float:
    return distance_m(a, b) / 1000


def _contains(gazetteer: Gazetteer, place: Place, point: LonLat) -> bool:
    """
    Whether what is drawn holds the point: the outline, or all that is no further than its uncertainty from
    the line, or from the point of what has no shape.
    """
    shape = gazetteer.geometry(place.place_id)
    if shape is not None and shape.type.endswith("Polygon"):
        return inside(point, shape)
    if shape is not None and shape.type.endswith("LineString"):
        return passes(shape, point) <= (place.uncertainty_m or 0)
    if place.kind == "country":
        box = gazetteer.get(place.place_id).bbox
        return box is not None and box.contains(point)
    return distance_m(place.position, point) <= (place.uncertainty_m or 0)


def share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return sum(values) / len(values) if values else 0.0


def columns(answers: Sequence[Answer]) -> list[str]:
    """Within 10, 25, 161 km, by events, median km, taken, taken and right."""
    weighted = sum(a.weight for a in answers if a.km <= KM[0]) / max(1, sum(a.weight for a in answers))
    answered = [a.km for a in answers if a.km < float("inf")]
    taken = [answer for answer in answers if answer.taken]
    return [
        *(f"{share(answer.km <= km for answer in answers):.0%}" for km in KM),
        f"{weighted:.0%}",
        f"{statistics.median(answered):.1f}" if answered else "",
        f"{len(taken) / max(1, len(answers)):.0%}",
        f"{share(answer.km <= KM[0] for answer in taken):.0%}" if taken else "",
    ]


def reliability(answers: Sequence[Answer], parts: int = 10) -> Iterator[tuple[str, int, float, float]]:
    """Of each tenth of the scores: its bounds, how many, the mean score, the share within 10 km."""
    for part in range(parts):
        low, high = part / parts, (part + 1) / parts
        own = [a for a in answers if low <= a.score < high or (high == 1 and a.score == 1)]
        if own:
            mean = sum(a.score for a in own) / len(own)
            yield f"{low:.1f} to {high:.1f}", len(own), mean, share(a.km <= KM[0] for a in own)


def calibration_error(answers: Sequence[Answer]) -> float:
    """ECE: the mean distance between score and share right over the tenths, weighted by their size."""
    rows = list(reliability(answers))
    return sum(count * abs(mean - right) for _, count, mean, right in rows) / max(1, len(answers))


def brier(answers: Sequence[Answer]) -> float:
    """The mean square of score less truth."""
    return sum((a.score - (a.km <= KM[0])) ** 2 for a in answers) / max(1, len(answers))
