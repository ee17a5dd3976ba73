"""Which of the places that a name may mean is the likeliest, and whether it is probable enough to be taken.

Knows the order of the work: doubts.py, weighing.py, evidence.py, calibration.py, reasons.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoevents.gazetteers.asking import Found, Request
from geoevents.gazetteers.doubts import doubted
from geoevents.gazetteers.drawing import drawn
from geoevents.gazetteers.evidence import evidence
from geoevents.gazetteers.extents import share_near
from geoevents.gazetteers.index import Index
from geoevents.gazetteers.kinds import WITH_EXTENT
from geoevents.gazetteers.reasons import why
from geoevents.gazetteers.weighing import Weighed, is_about, weighed
from geoevents.places import Candidate, Place, Resolution, ResolutionStatus
from geoevents.values import value

_CERTAIN = 0.99
# Of what is coded as a countryside half is within 10 km of its town, of a district's villages a quarter.
NEAR_ITS_TOWN = {"around": 0.5, "district": 0.25}
# What asks is never as probable as what is taken, whatever speaks for it.
_IN_DOUBT = 0.75


@value
class Ranked:
    """
    A place that a name may mean, with the numbers that speak for it. `probability` is that it is meant: by
    it answers are ordered, and resolved. `score` is that the true point is within 10 km of its position: that
    much less as more of what the place covers lies further away (extents.py).
    """

    weighed: Weighed
    evidence: tuple[float, ...]
    probability: float
    score: float


def decide(request: Request, found: Sequence[Found]) -> Resolution:
    """Rank what was found and say whether the best of it may be taken; there must be something."""
    best_first = ranked(request, found)[: max(request.context.limit, 1)]
    best = best_first[0]
    is_sure = request.index.calibration.is_taken(best.probability, best.evidence)
    taken = best.weighed.found.doubt is None and is_sure
    status = ResolutionStatus.RESOLVED if taken else ResolutionStatus.AMBIGUOUS
    return Resolution(request.query, status, tuple(_candidate(request, each) for each in best_first))


def ranked(request: Request, found: Sequence[Found]) -> list[Ranked]:
    """The places that may be meant, the likeliest first."""
    # Nobody reads more than the first few; of places of one name there may be hundreds.
    rows = weighed(request, doubted(request, found), most=2 * max(request.context.limit, 1))
    numbers = [evidence(request, each) for each in rows]
    alone = request.index.calibration.probabilities(numbers)
    best_first = []
    about = _about_each_other(rows)
    for at, (each, its_numbers) in enumerate(zip(rows, numbers, strict=True)):
        believed = 1.0 if each.found.doubt is None else _IN_DOUBT * (0.9 + each.found.factor / 10)
        # Its twin across a border is near the same point, and yet another place.
        own = [other for other in about[at] if rows[other].found.row.country == each.found.row.country]
        probability = believed * sum(alone[other] for other in own)
        near = believed * sum(alone[other] for other in about[at])
        score = min(near * _within(request.index, each.found), _CERTAIN)
        best_first.append(Ranked(each, its_numbers, probability, score))
    # Of places near each other the weightiest comes first; what is likelier meant before what is smaller.
    return sorted(best_first, key=lambda each: -round(each.probability, 6))


def _about_each_other(rows: Sequence[Weighed]) -> list[list[int]]:
    """For each place those that who means it means, too, itself among them: by number, in order."""
    about: list[list[int]] = [[] for _ in rows]
    for at, each in enumerate(rows):
        for other in range(at):
            if is_about(each.found, rows[other].found):
                about[at].append(other)
                about[other].append(at)
        about[at].append(at)
    return about


def _within(index: Index, found: Found) -> float:
    """How probably a point in what is drawn is within 10 km of its middle."""
    if ":" in found.drawn:
        from geoevents.gazetteers import derived

        return derived.nearness(index, found.drawn)
    if found.row.kind not in WITH_EXTENT:
        return NEAR_ITS_TOWN.get(found.drawn, 1.0)
    pk = found.row.pk
    share = index.worked_out(("share", pk), lambda: share_near(found.row, lambda: index.geometry(pk)))
    return NEAR_ITS_TOWN.get(found.drawn, share)


def _candidate(request: Request, each: Ranked) -> Candidate:
    found = each.weighed.found
    return Candidate(_place(request, found), each.score, why(request, each.weighed))


def _place(request: Request, found: Found) -> Place:
    """The place as the phrase means it."""
    if ":" not in found.drawn:
        return drawn(request.index.place(found.row), found.drawn)
    from geoevents.gazetteers import derived

    return derived.place_of(request.index, found.row, found.drawn)
