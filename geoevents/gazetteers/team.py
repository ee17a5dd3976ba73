"""What the team has decided, before what the gazetteer knows: for those who may write, and nobody else.

Knows what a decision is worth in a context. Knows nothing of where decisions are kept
(stores/decided_names.py) or how they come about (workflows/deciding.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from geoevents.decisions import TEAM_PREFIX, Decision, Standing
from geoevents.errors import PlaceNotFound
from geoevents.folding import name_key
from geoevents.gazetteers import Gazetteer
from geoevents.gazetteers.asking import not_worked_out
from geoevents.gazetteers.circles import circle, distance_m
from geoevents.gazetteers.qualifiers import SAME_PLACE_M
from geoevents.gazetteers.search import LONGEST_NAME
from geoevents.gazetteers.senses import Sense
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import Candidate, Context, GeoPrecision, Place, Resolution, ResolutionStatus

if TYPE_CHECKING:
    from geoevents.gazetteers.pinning import Pinned
    from geoevents.gazetteers.ties import Tied

# A person looked at it: as sure as a gazetteer's only place of a name (ranking.py says .99 at most).
_DECIDED, _DISPUTED, _OFFERED = 0.97, 0.5, 0.4
_MOST_OFFERED = 3
# In a text, what the team has decided for a name goes before what the world means by it.
_OUTWEIGHS = 10_000
_WORD = re.compile(r"\w+")
# So many words a name has at most that is looked for inside a phrase.
_MOST_WORDS = 8


class Decisions(Protocol):
    """Where decisions are kept."""

    def all(self) -> Sequence[Decision]: ...
    def of(self, key: str) -> Sequence[Decision]: ...
    def of_place(self, place_id: str) -> Decision | None: ...


class TeamGazetteer:
    """See geoevents.gazetteers.Gazetteer. Answers like `known`, but for names the team has decided."""

    def __init__(self, known: Gazetteer, decisions: Decisions) -> None:
        self._known = known
        self._decisions = decisions

    @property
    def attribution(self) -> str:
        return self._known.attribution

    def resolve(self, name: str, context: Context) -> Resolution:
        resolution = self._known.resolve(name, context)
        decided = [each for each in self._decisions.of(name_key(name)) if _fits(each, context)]
        if decided:
            return self._with(decided, resolution, context)
        inside = self._inside(name, context)
        return self._with_names(inside, resolution, context) if inside else resolution

    def senses(self, name: str) -> tuple[Sense, ...]:
        known = self._known.senses(name)
        most = max((each.weight for each in known), default=1.0)
        ours_alone = (each for each in self._decisions.of(name_key(name)) if each.standing is Standing.OURS)
        decided = {each.place.place_id: each.place for each in ours_alone}
        ours = [_as_sense(place, known, _OUTWEIGHS * most) for place in decided.values()]
        return (*ours, *(each for each in known if each.place_id not in decided))

    def ties(self, text: str, names: Sequence[tuple[int, int]]) -> tuple[Tied, ...]:
        return self._known.ties(text, names)

    def pinned(
        self, phrases: Sequence[str], meant: Mapping[str, Sequence[str]], context: Context
    ) -> tuple[Pinned, ...]:
        return self._known.pinned(phrases, meant, context)

    def read_with(
        self, phrase: str, meant: Mapping[str, Sequence[str]], context: Context
    ) -> tuple[Pinned, ...]:
        return self._known.read_with(phrase, meant, context)

    def suggest(self, prefix: str, context: Context) -> tuple[Candidate, ...]:
        key = name_key(prefix)
        begun = [each for each in self._decisions.all() if len(key) > 1 and each.key.startswith(key)]
        ours, offered = self._of_both([each for each in begun if _fits(each, context)])
        found = self._known.suggest(prefix, context)
        return _each_once((*ours, *offered, *found))[: context.limit]

    def get(self, place_id: str) -> Place:
        if place_id.startswith(TEAM_PREFIX):
            return self._own(place_id).place
        try:
            return self._known.get(place_id)
        except PlaceNotFound:
            # Of a list that was removed since, or of an online service: the copy of the day it was decided.
            return self._own(place_id).place

    def country(self, code: str) -> Place | None:
        return self._known.country(code)

    def geometry(self, place_id: str) -> Geometry | None:
        if not place_id.startswith(TEAM_PREFIX):
            try:
                return self._known.geometry(place_id)
            except PlaceNotFound:
                self._own(place_id)
                return None
        place = self._own(place_id).place
        is_wide = place.geo_precision is GeoPrecision.NEAR and place.uncertainty_m
        return circle(place.position, place.uncertainty_m or 0) if is_wide else None

    def _own(self, place_id: str) -> Decision:
        decision = self._decisions.of_place(place_id)
        if decision is None:
            problem = Message("No place has the id '{place_id}'.", place_id=place_id[:80])
            raise PlaceNotFound(problem, "place_id")
        return decision

    def _with(self, decided: Sequence[Decision], known: Resolution, context: Context) -> Resolution:
        ours, offered = self._of_both(decided)
        limit = max(context.limit, 1)
        if not ours and known.status is ResolutionStatus.RESOLVED:
            # What nobody here has reviewed takes no answer away.
            beside = _sharing(offered, 1 - known.candidates[0].score)
            return replace(known, candidates=_each_once((*known.candidates, *beside))[:limit])
        first, rest = (ours, (*known.candidates, *offered)) if ours else (offered, known.candidates)
        others = _sharing(rest, 1 - max(each.score for each in first))
        candidates = _each_once(sorted((*first, *others), key=lambda each: -each.score))[:limit]
        is_taken = (
            len({each.place.place_id for each in ours}) == 1
            and ours[0].score == _DECIDED
            and _is_specific(ours[0].place, known, context)
        )
        status = ResolutionStatus.RESOLVED if is_taken else ResolutionStatus.AMBIGUOUS
        return replace(known, status=status, candidates=candidates, suggestions=())

    def _inside(self, phrase: str, context: Context) -> dict[tuple[int, int], list[Decision]]:
        """What the team stands for of the longest names inside a phrase, by where each of these stands."""
        if not self._decisions.all():
            return {}
        words = [match.span() for match in _WORD.finditer(phrase[:LONGEST_NAME])]
        found: dict[tuple[int, int], list[Decision]] = {}
        at = 0
        while at < len(words):
            ends = range(min(at + _MOST_WORDS, len(words)), at, -1)
            spans = ((end, (words[at][0], words[end - 1][1])) for end in ends)
            ours = ((end, span, self._ours(phrase[slice(*span)], context)) for end, span in spans)
            at, span, decided = next((each for each in ours if each[2]), (at + 1, (0, 0), []))
            if decided:
                found[span] = decided
        return found

    def _ours(self, name: str, context: Context) -> list[Decision]:
        decided = self._decisions.of(name_key(name))
        return [each for each in decided if each.standing is Standing.OURS and _fits(each, context)]

    def _with_names(
        self, inside: Mapping[tuple[int, int], list[Decision]], known: Resolution, context: Context
    ) -> Resolution:
        """What a phrase means by the names in it that were decided, before what the gazetteer makes of it."""
        decided = {each.place.place_id: each for made in inside.values() for each in made}
        meant = {made[0].name: [each.place.place_id for each in made] for made in inside.values()}
        told = self._known.read_with(known.query, meant, context)
        ours = [_worked_out(each, decided[each.base_id]) for each in told] or self._measured_from(
            inside, known.query
        )
        if not ours:
            return known
        bare = (self.resolve(name, context) for name in meant)
        is_sure = len(told) == 1 and not told[0].is_doubted
        is_taken = is_sure and all(each.status is ResolutionStatus.RESOLVED for each in bare)
        shared = _sharing(ours, 1 / len(ours))
        # What the team decided goes first, however much is left open.
        left = min(1 - max(each.score for each in ours), *(each.score for each in shared))
        candidates = _each_once((*shared, *_sharing(known.candidates, left)))[: max(context.limit, 1)]
        status = ResolutionStatus.RESOLVED if is_taken else ResolutionStatus.AMBIGUOUS
        return replace(known, status=status, candidates=candidates, suggestions=())

    def _measured_from(
        self, inside: Mapping[tuple[int, int], list[Decision]], phrase: str
    ) -> list[Candidate]:
        """The team's own places that the words around them measure from: nothing is worked out from these."""
        if self._known.senses(phrase):
            return []
        spans = sorted(inside)
        tied = {number for each in self._known.ties(phrase, spans) for number in each.numbers}
        own = {
            each.place.place_id: each.place
            for number in tied
            for each in inside[spans[number]]
            if each.is_own_place
        }
        return [Candidate(place, _DISPUTED, not_worked_out()) for place in own.values()]

    def _of_both(self, decided: Sequence[Decision]) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
        """What the team stands for, and the little that is shown of what packs offer."""
        places = {each.place.place_id for each in decided if each.standing is Standing.OURS}
        stood_for = [each for each in decided if each.place.place_id in places]
        rest = [each for each in decided if each.place.place_id not in places]
        return self._candidates(stood_for), self._candidates(rest)[:_MOST_OFFERED]

    def _candidates(self, decisions: Sequence[Decision]) -> tuple[Candidate, ...]:
        """One for each place decided, what most decided first; unreviewed ones of packs last."""
        by_place: dict[str, list[Decision]] = {}
        for each in decisions:
            by_place.setdefault(each.place.place_id, []).append(each)
        ours = [made for made in by_place.values() if _is_ours(made)]
        ordered = sorted(by_place.values(), key=lambda made: (not _is_ours(made), -len(made)))
        return tuple(
            Candidate(self._fresh(made[-1].place), _score(made, len(ours)), _why(made)) for made in ordered
        )

    def _fresh(self, place: Place) -> Place:
        """The place as the gazetteer has it now; the copy of the day where it no longer has it."""
        if place.place_id.startswith(TEAM_PREFIX):
            return place
        try:
            return self._known.get(place.place_id)
        except PlaceNotFound:
            return place


def _sharing(candidates: Sequence[Candidate], left: float) -> list[Candidate]:
    """The same with what is left of all probability between them."""
    return [replace(each, score=round(left * each.score, 4)) for each in candidates]


def _worked_out(told: Pinned, decision: Decision) -> Candidate:
    why = _why([decision])
    if told.place.place_id != told.base_id:
        why = Message("{match}; {reason}", match=why, reason=told.why)
    return Candidate(told.place, round(_DECIDED * told.near, 4), why)


def _as_sense(place: Place, known: Sequence[Sense], weight: float) -> Sense:
    for each in known:
        if each.place_id == place.place_id:
            return replace(each, weight=weight)
    return Sense(
        place_id=place.place_id,
        name=place.name,
        kind=place.kind,
        position=place.position,
        country=place.country_code,
        area=None,
        weight=weight,
        is_first_name=True,
    )


def _fits(decision: Decision, context: Context) -> bool:
    code = decision.place.country_code
    return context.country_code is None or code is None or code == context.country_code


def _is_specific(place: Place, known: Resolution, context: Context) -> bool:
    """
    Whether a decision may be taken without asking: nothing given contradicts it, nor is the name common.

    A common name is one for which the gazetteer has somebody else's answer, or several with none given.
    """
    if context.admin1 and place.admin1 and name_key(context.admin1) != name_key(place.admin1):
        return False
    if known.status is ResolutionStatus.RESOLVED and known.place is not None:
        return distance_m(known.place.position, place.position) <= SAME_PLACE_M
    others = {each.place.country_code for each in known.candidates} - {place.country_code}
    return context.country_code is not None or not others


def _is_ours(made: Sequence[Decision]) -> bool:
    return any(each.standing is Standing.OURS for each in made)


def _score(made: Sequence[Decision], places: int) -> float:
    if not _is_ours(made):
        return _OFFERED
    return _DECIDED if places == 1 else _DISPUTED


def _why(made: Sequence[Decision]) -> Message:
    ours = [each for each in made if each.standing is Standing.OURS]
    if not ours:
        return Message("offered by the names pack {pack}; nobody here has reviewed it", pack=made[-1].pack)
    last = max(each.at for each in ours).date()
    events = len({each.event_id for each in ours if each.event_id})
    if events > 1:
        return Message("chosen by your team for {count} events, last on {day}", count=events, day=last)
    return Message("chosen by your team on {day}", day=last)


def _each_once(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    first: dict[str, Candidate] = {}
    for each in candidates:
        first.setdefault(each.place.place_id, each)
    return tuple(first.values())
