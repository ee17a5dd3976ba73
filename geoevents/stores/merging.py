"""A collection that another program changed, merged with the history against the revision it carries.

Knows who changed what since, and that what is newer here is kept. Knows nothing of files or locks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from json import dumps, loads
from typing import Any

from geoevents.errors import BadInput, TooLarge
from geoevents.events import Event, GeoMethod, Status, id_for
from geoevents.geojson import check_properties, event_from_feature, feature
from geoevents.geometry_checks import check_geometry
from geoevents.messages import Message
from geoevents.record_checks import complete
from geoevents.record_fields import Findings, event_id
from geoevents.stores import foreign
from geoevents.stores.following import Follower
from geoevents.stores.kept_lines import event_of
from geoevents.stores.records import Record

REMOVED = "Removed from the file of events."
# Where more is missing than this part, somebody saved an extract.
_MOST_REMOVED = 0.5
_COMPLETED = ("kind", "occurrence", "geometry", "geo_method", "geo_precision", "uncertainty_m")


@dataclass(frozen=True, slots=True)
class Refused:
    """A Feature that is no event of ours, and why."""

    feature: Any
    reason: object


@dataclass
class Merged:
    """What is to be kept of an outside edit, and what is not, by its ids."""

    events: list[Event] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    still_here: list[str] = field(default_factory=list)
    is_behind: bool = False

    @property
    def is_all_taken(self) -> bool:
        return not (self.conflicts or self.refused or self.still_here)


def merge(features: Iterable[Any], revision: int | None, known: Follower, *, now: datetime) -> Merged:
    """
    What another program's Features come to, who began with what was here at `revision`.

    An event that was also changed here since is a conflict, and stays as it is here. Without a revision, or
    where most are missing, nothing counts as removed. Raises StoreError.
    """
    merged = Merged()
    seen: set[str] = set()
    for theirs in features:
        try:
            _take(theirs, merged, seen, _Base(known, revision), now)
        except (BadInput, TooLarge) as error:
            merged.refused.append(Refused(theirs, error.message))
    merged.is_behind = merged.is_behind or len(seen) < len(known.memory)
    for event in _removed(seen, revision, known):
        if event.status is Status.RETRACTED:
            continue
        if known.records_of(event.id)[-1].revision > (revision or 0):
            merged.conflicts.append(event.id)
        elif not event.status.is_public:
            # To retract it would show it.
            merged.still_here.append(event.id)
        else:
            merged.events.append(event.with_status(Status.RETRACTED, reason=REMOVED, now=now))
    return merged


@dataclass(frozen=True, slots=True)
class _Base:
    """What the other program began with."""

    known: Follower
    revision: int | None

    def versions(self, event_id: str, theirs: Mapping[str, Any]) -> list[Record]:
        """The version it began with, and those that came after; at the latest the first there ever was."""
        records = self.known.records_of(event_id)
        if self.revision is not None:
            start = sum(record.revision <= self.revision for record in records) - 1
        else:
            said = (theirs.get("properties") or {}).get("version")
            versions = [event_of(record.feature).version for record in records]
            start = versions.index(said) if said in versions else len(records) - 1
        return records[max(start, 0) :]


def _take(theirs: Any, merged: Merged, seen: set[str], base: _Base, now: datetime) -> None:
    """Raises BadInput, TooLarge for what is no event."""
    if not isinstance(theirs, Mapping) or not isinstance(theirs.get("properties") or {}, Mapping):
        raise BadInput(Message("Expected a Feature with its properties."), "type")
    found = foreign.id_of(theirs)
    if found is not None and found in seen:
        raise BadInput(Message("its id {id} is there already", id=found), "id")
    found = found or _given(theirs, seen)
    seen.add(found)
    line = base.known.line(found)
    if line is None:
        merged.is_behind = True
        merged.events.append(_new(found, theirs, now))
        return
    if loads(line) == theirs or foreign.edited(loads(line), theirs) is None:
        return
    merged.is_behind = True
    versions = base.versions(found, theirs)
    if any(foreign.edited(loads(each.feature), theirs) is None for each in versions):
        return
    if len(versions) > 1:
        merged.conflicts.append(found)
        return
    merged.events.append(_next(loads(line), theirs, now))


def _given(theirs: Mapping[str, Any], seen: set[str]) -> str:
    """The id of a Feature without one: the same if it is taken over again because a writer was killed."""
    text = dumps(theirs, sort_keys=True)
    return next(each for n in count() if (each := id_for(f"{n} {text}".encode())) not in seen)


def _next(ours: dict[str, Any], theirs: Mapping[str, Any], now: datetime) -> Event:
    """The version that follows ours. Raises BadInput, TooLarge."""
    changed = foreign.edited(ours, theirs) or ours
    names = [name for name, value in changed["properties"].items() if value != ours["properties"][name]]
    current, event = event_from_feature(ours), _valid(changed, names)
    updated = max(now, current.updated)
    return replace(event, version=current.version + 1, created=current.created, updated=updated)


def _new(event_id: str, theirs: Mapping[str, Any], now: datetime) -> Event:
    """Raises BadInput."""
    properties = theirs.get("properties") or {}
    missing = [name for name in ("title", "event_type", "date_start") if not properties.get(name)]
    if missing:
        raise BadInput(Message("{field} is missing.", field=missing[0]), missing[0])
    empty = Event(
        id=event_id,
        title="-",
        event_type="-",
        date_start=now.date(),
        status=Status.DRAFT,
        created=now,
        updated=now,
    )
    given = feature(empty)
    made = foreign.new(theirs, given)
    names = [name for name, value in made["properties"].items() if value != given["properties"][name]]
    event = _valid(made, names)
    values = {name: getattr(event, name) for name in _COMPLETED}
    complete(values, Findings(), method=GeoMethod.IMPORTED)
    return replace(event, **values, version=1, created=now, updated=now)


def _valid(made: dict[str, Any], changed: Sequence[str]) -> Event:
    """The event of a Feature in which a writer may have changed what was. Raises BadInput, TooLarge."""
    check_properties(made["properties"], changed)
    geometry, _ = check_geometry(made["geometry"])
    event = event_from_feature({**made, "geometry": geometry and geometry.as_geojson()})
    event_id(event.id, "id", Findings())
    return event


def _removed(seen: set[str], revision: int | None, known: Follower) -> Iterator[Event]:
    lying = None if revision is None else known.memory.versions_lying(revision, revision)
    if lying is None:
        return
    ids = [known.memory.ids.at(slot) for slot in range(len(lying))]
    gone = [event_id for event_id in ids if event_id not in seen]
    if len(gone) > _MOST_REMOVED * len(ids):
        return
    for each in gone:
        event = known.event(each)
        if event is not None:
            yield event
