"""What is done about a collection that another program changed: what of it is kept, and what is told.

Knows the merge, and where what is left of it goes. Knows nothing of how a turn goes on.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from geoevents.events import Event, utc_now
from geoevents.geojson import feature_line
from geoevents.messages import Message
from geoevents.stores import collection, files
from geoevents.stores.following import Follower
from geoevents.stores.layout import Layout
from geoevents.stores.merging import Merged, Refused, merge
from geoevents.stores.reconciling import Standing, keep_aside
from geoevents.stores.records import Record
from geoevents.stores.replacing import Replacement
from geoevents.stores.shown import shows
from geoevents.times import instant

OP = "outside"
_MOST_NAMED = 10


def take_over(data: bytes, layout: Layout, known: Follower, notes: dict[str, Message]) -> Standing:
    """
    Keep what another program changed in the collection, as far as it is an event and nobody was quicker here.

    Raises ValueError for what is no collection, StoreError; then nothing was kept.
    """
    revision, features = collection.read_features(data)
    if revision is not None and revision > known.memory.revision:
        revision = None
    merged = merge(features, revision, known, now=utc_now())
    for key in ("conflict", "refused", "still here"):
        notes.pop(key, None)
    if not merged.is_all_taken:
        _tell(merged, data, layout, notes)
    if merged.events:
        known.journal.append(_records(merged.events, known, layout))
        return Standing.BEHIND
    return Standing.BEHIND if merged.is_behind or merged.refused else Standing.ALIKE


def _records(events: list[Event], known: Follower, layout: Layout) -> list[Record]:
    now = instant(utc_now())
    return [
        Record(
            revision=known.memory.revision + number,
            at=now,
            by="",
            why=f"Changed in {layout.collection.name} by another program.",
            op=OP,
            public=shows(known.event(event.id), event),
            id=event.id,
            feature=feature_line(event),
            more=len(events) - number,
        )
        for number, event in enumerate(events, start=1)
    ]


def _tell(merged: Merged, data: bytes, layout: Layout, notes: dict[str, Message]) -> None:
    aside = keep_aside(data, layout.private)
    if merged.conflicts:
        notes["conflict"] = Message(
            "{count} event was changed both here and in '{path}': {ids}. It stays as it is here; "
            "what the file said is in '{aside}'.",
            plural="{count} events were changed both here and in '{path}': {ids}. They stay as they are "
            "here; "
            "what the file said is in '{aside}'.",
            count=len(merged.conflicts),
            path=layout.collection,
            ids=", ".join(merged.conflicts[:_MOST_NAMED]),
            aside=aside,
        )
    if merged.refused:
        _keep_refused(merged.refused, layout)
        notes["refused"] = Message(
            "{count} Feature of '{path}' is not as an event must be, the first because: {reason} "
            "It is in '{rejected}'; what was here before stays in force.",
            plural="{count} Features of '{path}' are not as an event must be, the first because: {reason} "
            "They are in '{rejected}'; what was here before stays in force.",
            count=len(merged.refused),
            path=layout.collection,
            reason=merged.refused[0].reason,
            rejected=layout.rejected,
        )
    if merged.still_here:
        notes["still here"] = Message(
            "'{path}' lacks what was never published and stays here: {ids}.",
            path=layout.collection,
            ids=", ".join(merged.still_here[:_MOST_NAMED]),
        )


def _keep_refused(refused: list[Refused], layout: Layout) -> None:
    """Beside those that were refused before. Raises StoreError."""
    kept: list[Any] = []
    if files.stamp(layout.rejected) is not None:
        with suppress(ValueError):
            kept = collection.read_features(files.read(layout.rejected)[0])[1]
    for each in refused:
        reason = str(each.reason)
        found = each.feature if isinstance(each.feature, dict) else {"type": "Feature", "was": each.feature}
        if {**found, "reason": reason} not in kept:
            kept.append({**found, "reason": reason})
    lines = [json.dumps(each).encode() for each in kept]
    Replacement(layout.rejected, collection.chunks(lines, 0), mode=0o600).put_in_place()
