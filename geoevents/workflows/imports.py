"""Bringing a file in: a verdict for every row, the good ones kept, the rest written to a file to mend.

Knows what makes a row land, and when it is here already. Knows nothing of layouts (feature_files.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from geoevents.errors import GeoEventsError, InvalidEvent
from geoevents.events import Content, Draft, Event, GeoMethod, public_view
from geoevents.geojson import Rules, read_import
from geoevents.messages import Message, say
from geoevents.places import ResolutionStatus
from geoevents.workflows.backends import Backends
from geoevents.workflows.changes import status_for
from geoevents.workflows.feature_files import RejectedRows, Row, read_rows
from geoevents.workflows.finding import withholds
from geoevents.workflows.placing import NeedsPlace, place

# One acknowledged write each: large enough to be quick, small enough that a verdict is soon seen.
BATCH = 500


class Outcome(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """
    What became of row `row`, counted from 1; `id` is the event it became, or is already.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """
    How a file is brought in. `source` and `event_type` fill what rows lack; `rejected` is where the
    rows that did not land are written, None for nowhere; `dry_run` keeps and writes nothing.
    """

    by: str
    source: str | None = None
    event_type: str | None = None
    rejected: Path | None = None
    dry_run: bool = False


def import_features(path: Path, options: ImportOptions, backends: Backends) -> Iterator[Verdict]:
    """
    A verdict for every row of a GeoJSON file, in order, each told once the row is kept.

    Importing a file twice changes nothing. Raises BadInput or TooLarge where the file has no rows to read,
    GeoEventsError where it cannot be read at all, StoreError where rows cannot be kept; those told stay.
    Where the rejected rows cannot be written, GeoEventsError says so behind the last verdict.
    """
    intake = _Intake(options, replace(backends, online=None), why=f"imported from {path.name}")
    with closing(intake):
        for row in read_rows(path):
            intake.take(row)
            if len(intake.waiting) >= BATCH:
                yield from intake.land()
        yield from intake.land()
        intake.finish()


class _Intake:
    """One import under way: what is known already, what waits to be kept, what was rejected."""

    def __init__(self, options: ImportOptions, backends: Backends, *, why: str) -> None:
        self.options = options
        self.backends = backends
        self.why = why
        self.rules = Rules(taxonomy=backends.taxonomy, today=backends.now().date())
        self.known = _Known(backends)
        self.waiting: list[Verdict] = []
        self.events: list[Event] = []
        writes = options.rejected is not None and not options.dry_run
        self.rejected = RejectedRows(options.rejected) if writes and options.rejected else None

    def take(self, row: Row) -> None:
        verdict, event = self._judged(row)
        self.waiting.append(verdict)
        if event is not None:
            self.known.remember(event)
            self.events.append(event)
        if not verdict.landed and self.rejected is not None:
            self.rejected.add(
                row, verdict.as_json() | {"candidates": [each["place_id"] for each in verdict.candidates]}
            )

    def land(self) -> Iterator[Verdict]:
        if self.events and not self.options.dry_run:
            self.backends.store.append_all(self.events, by=self.options.by, why=self.why)
        waiting, self.waiting, self.events = self.waiting, [], []
        yield from waiting

    def finish(self) -> None:
        if self.rejected is not None:
            self.rejected.close()

    def close(self) -> None:
        if self.rejected is not None:
            self.rejected.discard()

    def _judged(self, row: Row) -> tuple[Verdict, Event | None]:
        try:
            if row.fault is not None:
                raise row.fault
            reading = read_import(_filled(row.feature, self.options), self.rules)
            if (twin := self.known.twin(reading.draft)) is not None:
                return _duplicate(row, reading.draft, twin), None
            placed = place(reading.draft, self.backends, by=self.options.by, otherwise=GeoMethod.IMPORTED)
            if isinstance(placed, NeedsPlace):
                return _needs_place(row, placed), None
            status, notes = status_for(placed.draft)
        except GeoEventsError as fault:
            return _invalid(row, fault), None
        event = placed.draft.to_event(now=self.backends.now(), status=status)
        told = _one_sentence(reading.warnings + placed.notes + notes)
        return Verdict(row=row.number, verdict=Outcome.ACCEPTED, id=event.id, reason=told, landed=True), event


@dataclass(slots=True)
class _Known:
    """What the store holds: by id, by the id its origin gave it, and by what it says."""

    backends: Backends
    ids: dict[str, tuple[int, ...]] = field(default_factory=dict)
    external: dict[Hashable, str] = field(default_factory=dict)
    sayings: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for event in self.backends.store.events():
            self.remember(event)

    def remember(self, event: Event) -> None:
        # A download of ours holds the public view, and coming back it is no news either.
        shown = public_view(event) if withholds(event) else None
        self.ids[event.id] = tuple(hash(_saying(view)) for view in (event, shown) if view is not None)
        for saying in self.ids[event.id]:
            self.sayings.setdefault(saying, event.id)
        if event.external_id is not None:
            self.external.setdefault(_origin(event), event.id)

    def twin(self, draft: Draft) -> tuple[str, bool] | None:
        """The id of the event that a row already is, and whether it says the same; None if it is new."""
        saying = hash(_saying(draft))
        if draft.id is not None and draft.id in self.ids:
            return draft.id, saying in self.ids[draft.id]
        if draft.external_id is not None and (there := self.external.get(_origin(draft))) is not None:
            return there, saying in self.ids[there]
        said = self.sayings.get(saying)
        return None if said is None else (said, True)


def _saying(content: Content) -> tuple[Hashable, ...]:
    """What was reported, without what placing added to it: the same before a row lands and after."""
    method = content.geo_method or ""
    was_looked_up = method in (GeoMethod.GAZETTEER, GeoMethod.AREA) or method.startswith(GeoMethod.ONLINE)
    sources = tuple(
        (source.publisher, source.said_by, source.url, source.quote) for source in content.sources
    )
    return (
        content.kind, content.title, content.description, content.event_type, content.sub_event_type,
        content.date_start, content.date_end, content.occurrence, content.place_name,
        None if was_looked_up else content.geometry, sources,
    )  # fmt: skip


def _origin(content: Content) -> tuple[str | None, str | None]:
    return content.external_id, content.sources[0].publisher if content.sources else None


def _filled(feature: object, options: ImportOptions) -> object:
    """The row with what the command line says of rows that lack it."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return feature
    properties = dict(feature["properties"])
    if options.event_type and not properties.get("event_type"):
        properties["event_type"] = options.event_type
    if options.source and not properties.get("sources"):
        properties["sources"] = [{"publisher": options.source}]
    return feature | {"properties": properties}


def _duplicate(row: Row, draft: Draft, twin: tuple[str, bool]) -> Verdict:
    event_id, says_the_same = twin
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


def _needs_place(row: Row, needs: NeedsPlace) -> Verdict:
    name, resolution = needs.draft.place_name, needs.resolution
    if resolution.status is ResolutionStatus.AMBIGUOUS:
        reason = Message(
            "'{name}' may be any of {count} places. Put the place_id of one in the row.",
            name=name,
            count=len(resolution.candidates),
        )
        offered = tuple(candidate.as_json() for candidate in resolution.candidates)
        return Verdict(
            row=row.number, verdict=Outcome.AMBIGUOUS, field="place_name", reason=reason, candidates=offered
        )
    if resolution.suggestions:
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


def _invalid(row: Row, fault: GeoEventsError) -> Verdict:
    problems = fault.problems if isinstance(fault, InvalidEvent) else (fault,)
    reason = _one_sentence(tuple(_as_message(problem.message) for problem in problems))
    return Verdict(row=row.number, verdict=Outcome.INVALID, field=fault.field, reason=reason)


def _as_message(words: object) -> Message:
    return words if isinstance(words, Message) else Message("{words}", words=words)


def _one_sentence(parts: tuple[Message, ...]) -> Message | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    told = parts[0]
    for part in parts[1:]:
        told = Message("{first} {second}", first=told, second=part)
    return told
