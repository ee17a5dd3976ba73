"""Bringing a file in: a verdict for every row, the good ones kept, the rest written to a file to mend.

Knows what makes a row land. Knows nothing of layouts (row_files.py) or of what is alike (likeness.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from geoevents.errors import GeoEventsError
from geoevents.events import Draft, Event, GeoMethod
from geoevents.geojson import Reading, Rules, read_import
from geoevents.geometries import Geometry
from geoevents.spreadsheets import HowToRead
from geoevents.spreadsheets.rows import nowhere
from geoevents.workflows import verdicts
from geoevents.workflows.adding_sources import add_sources
from geoevents.workflows.backends import Backends
from geoevents.workflows.changes import status_for
from geoevents.workflows.feature_files import Row
from geoevents.workflows.finding import context_of, country_code
from geoevents.workflows.known_events import BY_CONTENT, KnownEvents
from geoevents.workflows.likeness import Likeness
from geoevents.workflows.looked_up_once import LookedUpOnce
from geoevents.workflows.placing import NeedsPlace, Placed, place, placed_by
from geoevents.workflows.row_files import RowFile, open_rows
from geoevents.workflows.text_places import PlacesOfTexts
from geoevents.workflows.verdicts import Outcome, Verdict

__all__ = ["ImportOptions", "Outcome", "Verdict", "import_features", "import_rows", "open_rows"]

# One acknowledged write each: large enough to be quick, small enough that a verdict is soon seen.
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """
    How a file is brought in. `source` and `event_type` fill what rows lack; `rejected` is where the
    rows that did not land are written, None for nowhere; `dry_run` keeps and writes nothing. `batch` rows
    are kept together, or none of them.
    """

    by: str
    source: str | None = None
    event_type: str | None = None
    rejected: Path | None = None
    dry_run: bool = False
    how: HowToRead = field(default_factory=HowToRead)
    batch: int | None = None


def import_features(path: Path, options: ImportOptions, backends: Backends) -> Iterator[Verdict]:
    """
    A verdict for every row of a file, in order, each told once the row is kept.

    Importing a file twice changes nothing. Raises BadInput or TooLarge where the file has no rows to read,
    GeoEventsError where it cannot be read at all, StoreError where rows cannot be kept; those told stay.
    Where the rejected rows cannot be written, GeoEventsError says so behind the last verdict.
    """
    yield from import_rows(open_rows(path, options.how, backends.taxonomy), options, backends)


def import_rows(file: RowFile, options: ImportOptions, backends: Backends) -> Iterator[Verdict]:
    """The same, of a file that is open: whoever asks has read its notes."""
    intake = _Intake(options, _asked_once(backends), file)
    with closing(intake):
        for row in file.rows():
            intake.take(row)
            if len(intake.waiting) >= (options.batch or BATCH):
                yield from intake.land()
        yield from intake.land()
        intake.finish()


def _asked_once(backends: Backends) -> Backends:
    known: Any = LookedUpOnce(backends.gazetteer)
    team: Any = LookedUpOnce(backends.team) if backends.team is not None else None
    return replace(backends, online=None, gazetteer=known, team=team)


class _Intake:
    """One import under way: what is known already, what waits to be kept, what was rejected."""

    def __init__(self, options: ImportOptions, backends: Backends, file: RowFile) -> None:
        self.options = options
        self.backends = backends
        self.why = f"imported from {file.path.name}"
        self.rules = Rules(taxonomy=backends.taxonomy, today=backends.now().date())
        self.known = KnownEvents(backends)
        self.texts = PlacesOfTexts(backends)
        self.countries: dict[str, str | None] = {}
        self.waiting: list[Verdict] = []
        self.events: list[Event] = []
        writes = options.rejected is not None and not options.dry_run
        self.rejected = file.rejected(options.rejected) if writes and options.rejected else None

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
        self._keep()
        waiting, self.waiting = self.waiting, []
        yield from waiting

    def finish(self) -> None:
        if self.rejected is not None:
            self.rejected.close()

    def close(self) -> None:
        if self.rejected is not None:
            self.rejected.discard()

    def _keep(self) -> None:
        if self.events and not self.options.dry_run:
            self.backends.store.append_all(self.events, by=self.options.by, why=self.why)
            self.known.is_kept()
        self.events = []

    def _judged(self, row: Row) -> tuple[Verdict, Event | None]:
        if row.fault is not None:
            return verdicts.invalid(row, row.fault), None
        feature = self._filled(row)
        try:
            reading = self._read(feature, row)
        except GeoEventsError as fault:
            return verdicts.invalid(row, fault, self.texts.candidates_in(feature)), None
        try:
            return self._judged_draft(row, reading)
        except GeoEventsError as fault:
            return verdicts.invalid(row, fault), None

    def _judged_draft(self, row: Row, reading: Reading) -> tuple[Verdict, Event | None]:
        draft = reading.draft
        if (twin := self.known.twin(draft)) is not None:
            return verdicts.duplicate(row, draft, twin[0], says_the_same=twin[1]), None
        said, _, named = (row.said or "").partition(" ")
        if said == Outcome.MORE_ON and named.strip():
            return self._more_on(row, draft, named.strip()), None
        placed = self._placed(draft)
        if isinstance(placed, NeedsPlace):
            return verdicts.needs_place(row, placed), None
        if said != Outcome.ACCEPTED and (like := self.known.like(placed.draft)) is not None:
            return _looks_like(row, placed.draft, *like), None
        status, notes = status_for(placed.draft)
        event = placed.draft.to_event(now=self.backends.now(), status=status)
        told = verdicts.one_sentence(reading.warnings + placed.notes + placed.doubts + notes)
        return Verdict(
            row=row.number, verdict=Outcome.ACCEPTED, id=event.id, reason=told,
            candidates=event.candidates or (), landed=True,
        ), event  # fmt: skip

    def _read(self, feature: object, row: Row) -> Reading:
        """Raises InvalidEvent with what is wrong with the cells as well as with the Feature of them."""
        try:
            reading = read_import(feature, self.rules)
        except GeoEventsError as fault:
            if not row.problems:
                raise
            raise verdicts.all_problems(row.problems, getattr(fault, "problems", ())) or fault from None
        problems = row.problems
        if reading.draft.geometry == Geometry.point(0.0, 0.0):
            problems += (nowhere(),)
        if (invalid := verdicts.all_problems(problems, ())) is not None:
            raise invalid
        draft = _with_content_id(reading.draft, row)
        return reading if draft is reading.draft else replace(reading, draft=draft)

    def _placed(self, draft: Draft) -> Placed | NeedsPlace:
        if self.texts.is_wanted(draft):
            named, resolution = self.texts.place_in(draft.description or draft.title, context_of(draft))
            return placed_by(replace(draft, place_name=named), resolution, self.backends)
        return place(draft, self.backends, by=self.options.by, otherwise=GeoMethod.IMPORTED)

    def _more_on(self, row: Row, draft: Draft, event_id: str) -> Verdict:
        # What it speaks of may have come with this very file.
        self._keep()
        if not self.options.dry_run:
            add_sources(event_id, draft, self.backends, by=self.options.by, why=self.why)
        return verdicts.more_on(row, event_id)

    def _filled(self, row: Row) -> object:
        """The row with what the command line says of rows that lack it, and its country as a code."""
        feature, options = row.feature, self.options
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            return feature
        properties = dict(feature["properties"])
        if options.event_type and not properties.get("event_type"):
            properties["event_type"] = options.event_type
        if options.source and not properties.get("sources"):
            properties["sources"] = [{"publisher": options.source}]
        if row.cells is not None and properties.get("country_code"):
            self._name_country(properties)
        return feature | {"properties": properties}

    def _name_country(self, properties: dict[str, Any]) -> None:
        """A country that nobody knows is kept as it is written, and narrows nothing."""
        text = str(properties["country_code"])
        if text not in self.countries:
            code = country_code(text, self.backends.gazetteer)
            self.countries[text] = code.upper() if len(code) == 2 and code.isalpha() else None
        if self.countries[text] is None:
            del properties["country_code"]
            properties["country"] = text
        else:
            properties["country_code"] = self.countries[text]


def _with_content_id(draft: Draft, row: Row) -> Draft:
    """A row without an id of its own is known again by its cells, whatever becomes of its event."""
    if draft.id is not None or draft.external_id is not None:
        return draft
    if row.cells is None and (draft.has_place or draft.place_name is not None):
        return draft
    content: Any = row.cells if row.cells is not None else row.feature
    digest = sha256(json.dumps(content, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()
    return replace(draft, external_id=f"{BY_CONTENT}{digest[:20]}")


def _looks_like(row: Row, draft: Draft, event: Event, how: Likeness) -> Verdict:
    """From the source that told of it already it is the same again, from another it is more on it."""
    publishers = {source.publisher for source in draft.sources}
    is_same = publishers <= {source.publisher for source in event.sources}
    outcome = Outcome.DUPLICATE if is_same else Outcome.MORE_ON
    return verdicts.looks_like(row, outcome, event.id, event.title, how.why)
