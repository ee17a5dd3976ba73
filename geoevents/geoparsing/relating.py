"""Where a text says that something was, by the places it names: 5 km west of one, between two, on a road.

Knows which names belong to a phrase, and what its place means for each of them. What a phrase comes to is the
gazetteer's to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geoevents.gazetteers import Gazetteer
from geoevents.gazetteers.extents import share_near
from geoevents.geoparsing.toponyms import Span
from geoevents.messages import Message
from geoevents.places import Candidate, Context, Resolution, ResolutionStatus

if TYPE_CHECKING:
    from geoevents.gazetteers.pinning import Pinned
    from geoevents.gazetteers.ties import Tied

# What says where another lies. The countryside of a town, or what lies between two, is named by nothing else.
_SAYS_WHERE = ("offset:", "side:", "near:")
_IS_A_PLACE = "side:countryside:"


def ties_of(text: str, spans: Sequence[Span], gazetteer: Gazetteer) -> tuple[Tied, ...]:
    """What may be said of some spans by the words around them; of spans that overlap, of the first."""
    kept: list[int] = []
    for number in sorted(range(len(spans)), key=lambda each: spans[each]):
        if not kept or spans[number].start >= spans[kept[-1]].end:
            kept.append(number)
    found = gazetteer.ties(text, [(spans[number].start, spans[number].end) for number in kept])
    return tuple(
        replace(
            tied,
            numbers=tuple(kept[number] for number in tied.numbers),
            head=None if tied.head is None else kept[tied.head],
        )
        for tied in found
    )


def neighbours(ties: Sequence[Tied]) -> list[tuple[int, int]]:
    """Spans of which the text says how the one lies to the other, or that something is between them."""
    pairs = [(tied.numbers[0], tied.numbers[1]) for tied in ties if len(tied.numbers) == 2]
    return [*pairs, *((tied.head, tied.numbers[0]) for tied in ties if tied.head is not None)]


def related(
    answers: Sequence[Resolution], ties: Sequence[Tied], gazetteer: Gazetteer, context: Context
) -> list[Resolution]:
    """
    What each span means, where the words around it say more than its name.

    One phrase is one place: both names of "between X and Y", of "the X-Y road", of "the Euphrates near X"
    mean what it comes to, so that who makes events of a text finds one place and not three. A name that only
    says where the name before it lies ("A, 5 km west of X") stays itself; so does A, but where nobody knows
    an A: that is then the place the words describe. A relation in doubt leaves its town unresolved; two towns
    so far apart that nothing is likely to lie between them ("talks between X and Y") stay themselves. So does
    a country: "northern X" is X still, for all who mark names in texts.
    """
    meant = list(answers)
    done: set[int] = set()
    for tied in ties:
        names = [answers[number] for number in tied.numbers]
        if done.intersection(tied.numbers) or not all(name.candidates for name in names):
            continue
        if len(names) == 1 and names[0].candidates[0].place.kind == "country":
            continue
        found = gazetteer.pinned(tied.phrases, _ids(names), context)
        if not found or (len(names) == 2 and found[0].is_doubted):
            continue
        if tied.head is not None and _only_says_where(found[0]):
            if not answers[tied.head].candidates:
                meant[tied.head] = _told(replace(names[0], query=answers[tied.head].query), names, found)
            continue
        for number in tied.numbers:
            meant[number] = replace(_told(names[0], names, found), query=answers[number].query)
        done.update(tied.numbers)
    return meant


def _ids(names: Sequence[Resolution]) -> dict[str, list[str]]:
    """Every place the first name may mean, with the likeliest of the other."""
    from geoevents.gazetteers.ties import STAND_INS

    ids = [[each.place.place_id for each in name.candidates] for name in names]
    return dict(zip(STAND_INS, [ids[0], *(others[:1] for others in ids[1:])], strict=False))


def _only_says_where(found: Pinned) -> bool:
    its_id = found.place.place_id
    return its_id.startswith(_SAYS_WHERE) and not its_id.startswith(_IS_A_PLACE)


def _told(name: Resolution, names: Sequence[Resolution], found: Sequence[Pinned]) -> Resolution:
    """The candidates of a name, each as the place that the phrase makes of it."""
    by_base = {each.base_id: each for each in reversed(found)}
    candidates = tuple(
        _worked_out(candidate, told)
        for candidate in name.candidates
        if (told := by_base.get(candidate.place.place_id))
    )
    are_known = all(each.status is ResolutionStatus.RESOLVED for each in names)
    taken = are_known and not found[0].is_doubted
    status = ResolutionStatus.RESOLVED if taken else ResolutionStatus.AMBIGUOUS
    return Resolution(name.query, status, candidates)


def _worked_out(candidate: Candidate, told: Pinned) -> Candidate:
    own = share_near(candidate.place, lambda: None)
    is_meant = min(1.0, candidate.score / own) if own else candidate.score
    why = Message("{match}; {reason}", match=candidate.why, reason=told.why)
    return Candidate(told.place, is_meant * told.near, why)
