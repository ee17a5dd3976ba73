"""What became of a row of an import, and why, in words.

Knows verdicts and their sentences. Knows nothing of how they are reached (imports.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from geoevents.errors import BadInput, GeoEventsError, InvalidEvent
from geoevents.events import Draft
from geoevents.messages import Message, say
from geoevents.places import Candidate, ResolutionStatus
from geoevents.workflows.feature_files import Row
from geoevents.workflows.placing import NeedsPlace


class Outcome(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    DUPLICATE = "duplicate"
    MORE_ON = "more_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """
    What became of row `row`, counted from 1; `id` is the event it became, is already, or says more of.

    `candidates` are places, best first: those in question, or what a name or a text was taken for.
    `landed` is true where what the row says is in the store now, newly or before.
    """

    row: int
    verdict: Outcome
    id: str | None = None
    field: str | None = None
    reason: Message | None = None
    candidates: tuple[Mapping[str, Any], ...] = ()
    landed: bool = False

    def as_json(self, lang: str = "en") -> dict[str, object]:
        """One line of `geoevents import --json`."""
        return {
            "row": self.row,
            "verdict": self.verdict.value,
            "id": self.id,
            "field": self.field,
            "reason": say(self.reason, lang) if self.reason is not None else None,
            "candidates": list(self.candidates),
        }


def duplicate(row: Row, draft: Draft, event_id: str, *, says_the_same: bool) -> Verdict:
    """The row is an event that is here, word for word or by an id."""
    if says_the_same:
        reason = Message("It is here already, as {id}.", id=event_id)
    else:
        reason = Message(
            "{id} is here already and says something else. Edit that event, or give the row another id.",
            id=event_id,
        )
    name = None if says_the_same else "id" if draft.id is not None else "external_id"
    return Verdict(
        row=row.number,
        verdict=Outcome.DUPLICATE,
        id=event_id,
        field=name,
        reason=reason,
        landed=says_the_same,
    )


def looks_like(row: Row, outcome: Outcome, event_id: str, title: str, why: Message) -> Verdict:
    """The row is likely an event that is here: somebody must say whether it is."""
    reason = Message(
        "It looks like {id}, '{title}': {why}. Write more_on {id} as its verdict to add its source there,"
        " or accepted if it is another event.",
        id=event_id, title=title[:80], why=why,
    )  # fmt: skip
    return Verdict(row=row.number, verdict=outcome, id=event_id, reason=reason)


def more_on(row: Row, event_id: str) -> Verdict:
    """The row's source was added to an event, as somebody said."""
    reason = Message("Its source stands beside the others of {id} now.", id=event_id)
    return Verdict(row=row.number, verdict=Outcome.MORE_ON, id=event_id, reason=reason, landed=True)


def needs_place(row: Row, needs: NeedsPlace) -> Verdict:
    """Nobody knows where it was, or in which of several places."""
    name, resolution = needs.draft.place_name, needs.resolution
    if resolution.status is ResolutionStatus.AMBIGUOUS:
        reason = Message(
            "'{name}' may be any of {count} places. Put the place_id of one in the row.",
            name=name or resolution.query,
            count=len(resolution.candidates),
        )
        return Verdict(
            row=row.number, verdict=Outcome.AMBIGUOUS, field="place_name", reason=reason,
            candidates=offered(resolution.candidates),
        )  # fmt: skip
    if name is None:
        reason = Message(
            "The text names no place that is known. Give a place_name or coordinates, or set geo_precision to"
            " unlocated."
        )
    elif resolution.suggestions:
        reason = Message(
            "'{name}' is not known. The nearest names are {names}.",
            name=name,
            names=", ".join(resolution.suggestions),
        )
    else:
        reason = Message(
            "'{name}' is not known. Give coordinates, or set geo_precision to unlocated.", name=name
        )
    return Verdict(row=row.number, verdict=Outcome.NOT_FOUND, field="place_name", reason=reason)


def invalid(row: Row, fault: GeoEventsError, candidates: tuple[Mapping[str, Any], ...] = ()) -> Verdict:
    """The row is no event."""
    problems = fault.problems if isinstance(fault, InvalidEvent) else (fault,)
    reason = one_sentence(tuple(_as_message(problem.message) for problem in problems))
    return Verdict(
        row=row.number, verdict=Outcome.INVALID, field=fault.field, reason=reason, candidates=candidates
    )


def offered(candidates: Iterable[Candidate]) -> tuple[Mapping[str, Any], ...]:
    """Candidates as a verdict has them."""
    return tuple(candidate.as_json() for candidate in candidates)


def all_problems(first: Iterable[BadInput], more: Iterable[BadInput]) -> InvalidEvent | None:
    """Every problem of a row in one, each field blamed once; None where there is none."""
    found: dict[str | None, BadInput] = {}
    for problem in (*first, *more):
        found.setdefault(problem.field, problem)
    return InvalidEvent(list(found.values())) if found else None


def one_sentence(parts: tuple[Message, ...]) -> Message | None:
    """What is said of a row in one go, or None where nothing is."""
    if len(parts) < 2:
        return parts[0] if parts else None
    told = parts[0]
    for part in parts[1:]:
        told = Message("{first} {second}", first=told, second=part)
    return told


def _as_message(words: object) -> Message:
    return words if isinstance(words, Message) else Message("{words}", words=words)
