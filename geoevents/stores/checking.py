"""Whether a store is whole: its collection, its history, that the two agree, and who may read them.

Knows what to look at and how to say it. Changes nothing, and waits for no more than a write that is going on.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geoevents.errors import BadInput, StoreDamaged, StoreError
from geoevents.events import Event, Sensitivity, is_public
from geoevents.geojson import feature_line
from geoevents.geometry_checks import check_geometry
from geoevents.messages import Message
from geoevents.stores import collection, files
from geoevents.stores.collection import Content
from geoevents.stores.journal import Journal
from geoevents.stores.kept_lines import event_of
from geoevents.stores.layout import Layout
from geoevents.stores.reconciling import Standing, ahead, standing
from geoevents.stores.records import RECOVERED, Record

_MOST_NAMED = 20
_ASIDE = ("torn-", "outside-edit-")

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`warn` mends itself or wants a look, `fail` wants a person."""

    level: Level
    message: object


def check(path: Path, *, private: Path | None = None) -> list[Finding]:
    """What there is to say of the store whose collection lies at `path`."""
    layout = Layout.of(path, private)
    try:
        with files.shared(layout.lock):
            return list(_findings(layout))
    except StoreError as error:
        return [Finding("fail", error.message)]


def _findings(layout: Layout) -> Iterator[Finding]:
    layout.refuse_what_is_no_file()
    collection.refuse_if_newer(layout.collection)
    there = files.stamp(layout.collection) is not None
    data = files.read(layout.collection)[0] if there else None
    journal = Journal(layout.journal)
    if data is not None:
        yield from _of_collection(layout, data, is_vouched_for=journal.exists)
    if journal.exists:
        yield from _of_history(layout, journal, data)
    elif data is None:
        yield _of_nothing(layout)
    else:
        yield Finding("warn", Message("There is no history yet. It begins when the store is first opened."))
    yield from _of_private(layout)


def _of_nothing(layout: Layout) -> Finding:
    if layout.collection.parent.is_dir():
        message = Message(
            "No events yet: '{path}' is made when the store is first opened.", path=layout.collection
        )
        return Finding("warn", message)
    return Finding("fail", Message("There is no folder '{path}'.", path=layout.collection.parent))


def _of_collection(layout: Layout, data: bytes, *, is_vouched_for: bool) -> Iterator[Finding]:
    try:
        content = collection.read_content(layout.collection, data)
    except StoreDamaged as error:
        if not is_vouched_for:
            yield Finding("fail", error.message)
        return
    yield Finding(
        "ok",
        Message(
            "{count} event in '{path}', revision {revision}",
            plural="{count} events in '{path}', revision {revision}",
            count=len(content.events),
            path=layout.collection,
            revision=content.revision if content.revision is not None else "-",
        ),
    )
    for rejected in content.rejected[:_MOST_NAMED]:
        yield Finding(
            "fail",
            Message("Feature {number} is no event: {reason}", number=rejected.number, reason=rejected.reason),
        )
    if len(content.rejected) > _MOST_NAMED:
        more = len(content.rejected) - _MOST_NAMED
        yield Finding("fail", Message("{count} more Features are no events", count=more))
    for event in content.events.values():
        yield from _of_geometry(event)
    yield from _of_readers(layout.collection, content)
    lines = [feature_line(event) for event in content.events.values()]
    if not content.rejected and data != b"".join(collection.chunks(lines, content.revision or 0)):
        yield Finding("warn", Message("It is laid out otherwise than one Feature a line, as we write it."))


def _of_readers(path: Path, content: Content) -> Iterator[Finding]:
    found = files.details(path)
    withheld = sum(_is_withheld(event) for event in content.events.values())
    if withheld and found is not None and stat.S_IMODE(found.st_mode) & 0o044:
        message = Message(
            "Others may read '{path}', which holds {count} event that is not, or not all, public. "
            "Run: chmod 600 {path}",
            plural="Others may read '{path}', which holds {count} events that are not, or not all, public. "
            "Run: chmod 600 {path}",
            path=path,
            count=withheld,
        )
        yield Finding("warn", message)


def _is_withheld(event: Event) -> bool:
    """Whether the public gets nothing of it, or less than where it was and who said so."""
    is_coarse = event.sensitivity is not Sensitivity.EXACT
    return not is_public(event) or is_coarse or any(source.confidential for source in event.sources)


def _of_geometry(event: Event) -> Iterator[Finding]:
    if event.geometry is None:
        return
    try:
        check_geometry(event.geometry.as_geojson())
    except BadInput as error:
        yield Finding("fail", Message("Event {id}: {reason}", id=event.id, reason=error.message))


def _of_history(layout: Layout, journal: Journal, data: bytes | None) -> Iterator[Finding]:
    lines: dict[str, bytes] = {}
    versions: dict[str, int] = {}
    records = 0
    revision = 0
    for record in _records(journal):
        records += 1
        revision = record.revision
        lines[record.id] = record.feature
        event = event_of(record.feature)
        if record.id != event.id:
            message = Message(
                "Revision {revision} names another event than it holds", revision=record.revision
            )
            yield Finding("fail", message)
        follows = versions.get(record.id, event.version - 1) + 1
        if event.version < follows or (event.version > follows and record.op != RECOVERED):
            message = Message(
                "Revision {revision}: version {version} of event {id} follows version {before}",
                revision=record.revision,
                version=event.version,
                id=record.id,
                before=follows - 1,
            )
            yield Finding("fail", message)
        versions[record.id] = event.version
    yield Finding(
        "ok",
        Message(
            "{count} record in the history, up to revision {revision}",
            plural="{count} records in the history, up to revision {revision}",
            count=records,
            revision=revision,
        ),
    )
    yield from _of_end(layout, journal)
    if records:
        yield _of_agreement(layout, journal, lines, data, revision)
    elif data is not None:
        yield from _of_whole(layout, data)


def _records(journal: Journal) -> Iterator[Record]:
    for _ in journal.read_new():
        pass
    yield from journal.records()
    yield from journal.completed()


def _of_end(layout: Layout, journal: Journal) -> Iterator[Finding]:
    if journal.completed():
        message = Message("The last record lacks only its newline. It is completed at the next opening.")
        yield Finding("warn", message)
    elif unfinished := (files.stamp(layout.journal) or files.Stamp(0, 0, 0)).size - journal.end:
        message = Message(
            "The last record broke off: {count} bytes. They are set aside when the store is next opened.",
            count=unfinished,
        )
        yield Finding("warn", message)


def _of_whole(layout: Layout, data: bytes) -> Iterator[Finding]:
    try:
        collection.read_content(layout.collection, data)
    except StoreDamaged as error:
        yield Finding("fail", error.message)


def _of_agreement(
    layout: Layout, journal: Journal, lines: dict[str, bytes], data: bytes | None, revision: int
) -> Finding:
    found = standing(layout.collection, data, lines, revision=revision, lines_at=journal.features_at)
    if found in (Standing.IN_STEP, Standing.ALIKE):
        return Finding("ok", Message("The collection says what the history says"))
    if found is Standing.TORN:
        message = Message(
            "'{path}' is not whole. The next opening writes it anew from the history.", path=layout.collection
        )
        return Finding("warn", message)
    if found.wants_rewriting:
        message = Message(
            "The collection lags behind the history. It is mended when the store is next opened."
        )
        return Finding("warn", message)
    if data is not None and not collection.is_whole(data):
        message = Message(
            "'{path}' is not a whole FeatureCollection. The history counts: "
            "the next write replaces it and keeps a copy in '{folder}'.",
            path=layout.collection,
            folder=layout.private,
        )
        return Finding("fail", message)
    if not journal.only_started and data is not None and (shorter := _shorter(layout, lines, data, revision)):
        return shorter
    message = Message(
        "The collection was changed from outside. It is taken over when the store is next opened."
    )
    return Finding("warn", message)


def _shorter(layout: Layout, lines: dict[str, bytes], data: bytes, revision: int) -> Finding | None:
    content = collection.read_content(layout.collection, data)
    found = ahead(content, lines.get, revision)
    if found is None:
        return None
    message = Message(
        "The history is missing {count} revision that the collection had been through. "
        "What the collection holds is taken over when the store is next opened.",
        plural="The history is missing {count} revisions that the collection had been through. "
        "What the collection holds is taken over when the store is next opened.",
        count=found.missing,
    )
    return Finding("warn", message)


def _of_private(layout: Layout) -> Iterator[Finding]:
    for path in (layout.private, layout.journal):
        found = files.details(path)
        if found is not None and stat.S_IMODE(found.st_mode) & 0o077:
            mode = "700" if path == layout.private else "600"
            message = Message("Others may read '{path}'. Run: chmod {mode} {path}", path=path, mode=mode)
            yield Finding("fail", message)
    for name in files.names(layout.private):
        if name.startswith(_ASIDE) or name == layout.rejected.name:
            message = Message(
                "'{path}' was set aside. Look at it, then remove it.", path=layout.private / name
            )
            yield Finding("warn", message)
