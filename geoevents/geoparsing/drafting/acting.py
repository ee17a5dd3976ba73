"""Which actors a text names, and on which side of an event each of them stands.

Knows the names of data/actors.json among words, and simple rules for sides. Knows nothing of places or days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from geoevents.actors import KnownActor
from geoevents.events import Actor, ActorRole
from geoevents.folding import fold
from geoevents.geoparsing.drafting.phrases import Phrases, Word, longest, of_languages

_LONGEST_ACRONYM = 6
_BY = frozenset(("by", "from", "قبل", "يد", "aliye", "tarafindan"))
_OF = frozenset(("of",))
_AFFECTED = ("displacement", "humanitarian_access")
_FIGHTS = ("battles",)
_MOST_ACTORS = 8
# "the assault of X": so few words behind it.
_RIGHT_BEHIND = 3


@dataclass(frozen=True, slots=True)
class Named:
    """Words `first` to `last` name an actor; `actors` are those that the name may mean, each on its days."""

    first: int
    last: int
    name: str
    actors: tuple[KnownActor, ...]

    def on(self, day: date | None) -> KnownActor | None:
        """Which of them is meant on a day; None where several may be, or none was there then."""
        there = [each for each in self.actors if each.was_there(day)]
        return there[0] if len(there) == 1 else None

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(each.actor_id for each in self.actors)


class ActorNames:
    """All names of the actors a team knows, to be found in texts."""

    def __init__(self, actors: Iterable[KnownActor]) -> None:
        known: dict[str, list[KnownActor]] = {}
        for actor in actors:
            for name in dict.fromkeys(of_languages(actor.names)):
                known.setdefault(name, []).append(actor)
        self._names = Phrases((name, (name, tuple(actors))) for name, actors in known.items())

    def find(self, words: Sequence[Word], text: str, first: int, end: int) -> list[Named]:
        """In the order of the text; of names that overlap the longest."""
        hits = (
            hit
            for hit in self._names.find(words, first, end)
            if _is_written_so(hit.payload[0], words[hit.first])
        )
        return [
            Named(
                hit.first,
                hit.last,
                _as_written(hit.payload[0], words, text, hit.first, hit.last),
                hit.payload[1],
            )
            for hit in longest(hits)
        ]


def _as_written(name: str, words: Sequence[Word], text: str, first: int, last: int) -> str:
    """As it stands in the text; the name itself where Arabic writes "and" or "for" onto it."""
    is_whole = words[first].folded in (fold(name).split()[0], "ال" + fold(name))
    return text[words[first].start : words[last].end] if is_whole else name


def _is_written_so(name: str, word: Word) -> bool:
    """An acronym is one only in capitals: "who" and "un" are words."""
    is_acronym = name.isascii() and name.isupper() and len(name) <= _LONGEST_ACRONYM
    return not is_acronym or word.text.isupper()


def actors_of(
    named: Sequence[Named],
    words: Sequence[Word],
    trigger: tuple[int, int],
    event_type: str,
    *,
    day: date | None,
) -> tuple[Actor, ...]:
    """
    Who takes part, each once. Who is named before what happened, or behind "by", is side_a; who is named
    behind it is side_b of a fight and else the target; people are affected, whom nobody aimed at.
    """
    made: dict[str, Actor] = {}
    has_first = False
    for each in named:
        meant = each.on(day)
        is_doer = (
            each.first < trigger[0]
            or each.first <= trigger[1] <= each.last
            or _is_written_onto(words[each.first])
            or _is_behind(_BY, each.first, words)
            or (
                not has_first
                and each.first - trigger[1] <= _RIGHT_BEHIND
                and _is_behind(_OF, each.first, words)
            )
            or _is_subject(each.first, words, trigger)
        )
        kind = meant.kind if meant else (each.actors[0].kind if each.actors else "unknown")
        role = _role(event_type, kind, is_doer=is_doer, has_first=has_first)
        has_first = has_first or role is ActorRole.SIDE_A
        key = meant.actor_id if meant else each.name
        if key not in made and len(made) < _MOST_ACTORS:
            made[key] = Actor(name=each.name, actor_id=meant.actor_id if meant else None, role=role)
    return tuple(made.values())


def _is_written_onto(word: Word) -> bool:
    """Arabic writes "by" and "with" onto the name: «قصف لقوات ...», «بطائرة ...»."""
    return len(word.forms) > 1 and word.folded.lstrip("وف")[:1] in ("ل", "ب")


def _is_behind(one_of: frozenset[str], at: int, words: Sequence[Word]) -> bool:
    before = [words[each].folded for each in range(max(at - 2, 0), at)]
    return bool(before) and (before[-1] in one_of or (before[-1] == "the" and before[0] in one_of))


def _is_subject(at: int, words: Sequence[Word], trigger: tuple[int, int]) -> bool:
    """Arabic: who stands right behind a verb does it; behind a noun, "the arrest of", it is done to them."""
    verb = words[trigger[0]].folded
    is_noun = len(verb) > 5 and verb[-2] == "ا" and verb.lstrip("وف")[:1] == "ا"
    return at == trigger[0] + 1 and "\u0620" <= verb[0] <= "\u064a" and not is_noun


def _role(event_type: str, kind: str, *, is_doer: bool, has_first: bool) -> ActorRole:
    if kind == "people":
        if event_type in ("protests", "riots"):
            return ActorRole.SIDE_A
        return ActorRole.AFFECTED if event_type in _AFFECTED or is_doer else ActorRole.TARGET
    if kind in ("humanitarian", "monitor", "international"):
        return ActorRole.ASSOCIATED
    if is_doer:
        return ActorRole.ASSOCIATED if has_first else ActorRole.SIDE_A
    if event_type in _FIGHTS:
        return ActorRole.SIDE_B
    return ActorRole.AFFECTED if event_type in _AFFECTED else ActorRole.TARGET
