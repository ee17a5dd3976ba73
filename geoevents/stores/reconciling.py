"""What a collection is, held against the journal: ours and in step, ours and behind, torn, or another's work.

Knows bytes we would have written and Features by value. Knows nothing of locks or of what is done about it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from geoevents.errors import StoreDamaged
from geoevents.events import Event
from geoevents.geojson import feature_line
from geoevents.messages import Message
from geoevents.stores import collection, files
from geoevents.stores.collection import Content
from geoevents.stores.kept_lines import event_of
from geoevents.stores.layout import Layout
from geoevents.stores.replacing import write_new

_LONGEST_CLOSING = 80
_LAST_BYTES = re.compile(rb"(.*?)[0-9]*(?:\}\}\n|\}\n|\n|)", re.DOTALL)
_BEFORE_REVISION = collection.closing(0).partition(b"0}}")[0]


class Standing(Enum):
    """`IN_STEP` to the byte, or `ALIKE` by value; `BEHIND` or `TORN` as a killed writer of ours leaves it."""

    IN_STEP = "in step"
    ALIKE = "alike"
    MISSING = "missing"
    BEHIND = "behind"
    TORN = "torn"
    EDITED = "edited"

    @property
    def wants_rewriting(self) -> bool:
        return self in (Standing.MISSING, Standing.BEHIND, Standing.TORN)


def standing(
    path: Path,
    data: bytes | None,
    lines: Mapping[str, bytes],
    *,
    revision: int,
    lines_at: Callable[[int], Mapping[str, bytes]],
) -> Standing:
    """
    How the bytes of a collection stand to the Features that the journal vouches for.

    `lines` are those at `revision`, `lines_at` gives those at an earlier one.
    """
    if data is None:
        return Standing.MISSING
    agreed = _agreement(data, collection.chunks(lines.values(), revision))
    rest = data[agreed:]
    if not rest and data.endswith(collection.closing(revision)):
        return Standing.IN_STEP
    if _is_only_a_tail(rest) and not collection.is_whole(data):
        return Standing.TORN
    try:
        content = collection.read_content(path, data)
    except StoreDamaged:
        return Standing.EDITED
    if content.rejected:
        return Standing.EDITED
    by_value = {event.id: feature_line(event) for event in content.events.values()}
    if by_value == lines:
        return Standing.ALIKE
    earlier = content.revision or 0
    return Standing.BEHIND if earlier < revision and by_value == lines_at(earlier) else Standing.EDITED


@dataclass(frozen=True, slots=True)
class Ahead:
    """
    What a collection of ours holds beyond a history that lost its end, or was put back as it was before.

    `missing` revisions are gone; what else the collection says against the history is no newer than that.
    """

    missing: int
    events: tuple[Event, ...]
    says_more: bool

    def note(self, path: Path) -> Message:
        """What to tell once it was taken over."""
        return Message(
            "The history is missing {count} revision that '{path}' had been through. "
            "What '{path}' held was taken over; who made the change, and why, is lost.",
            plural="The history is missing {count} revisions that '{path}' had been through. "
            "What '{path}' held was taken over; who made the changes, and why, is lost.",
            count=self.missing,
            path=path,
        )


def ahead(content: Content, line_of: Callable[[str], bytes | None], revision: int) -> Ahead | None:
    """None unless the collection is of a later revision than the history and holds something newer."""
    if content.revision is None or content.revision <= revision:
        return None
    newer, others = [], bool(content.rejected)
    for event in content.events.values():
        line = line_of(event.id)
        if line == feature_line(event):
            continue
        if line is None or event.version > event_of(line).version:
            newer.append(event)
        else:
            others = True
    return Ahead(content.revision - revision, tuple(newer), others) if newer else None


def keep_edit(layout: Layout, data: bytes, notes: dict[str, Message]) -> None:
    """Set aside what another program made of the collection, and say so. Raises StoreError."""
    aside = keep_aside(data, layout.private)
    notes["edited"] = Message(
        "'{path}' says something else than the history: it was changed from outside. "
        "A copy is kept in '{aside}'; the events stay as the history has them.",
        path=layout.collection,
        aside=aside,
    )


def keep_aside(data: bytes, folder: Path) -> Path:
    """A copy of what somebody else wrote, on disk when this returns; the same bytes are kept once."""
    name = f"outside-edit-{hashlib.sha256(data).hexdigest()[:12]}.geojson"
    path = folder / name
    if files.stamp(path) is None:
        write_new(path, data)
    return path


def is_torn_of_ours(data: bytes, lines: Iterable[bytes]) -> bool:
    """Whether it is nothing but lines that were once ours, and a last one that was being written."""
    known = set(lines)
    start = len(collection.HEAD) + 1
    if not data.startswith(collection.HEAD + b"\n"):
        return False
    while (stop := data.find(b"\n", start)) >= 0 and data[start:stop].removesuffix(b",") in known:
        start = stop + 1
    rest = data[start:]
    alike = (line for line in known if line[:_LONGEST_CLOSING] == rest[: min(len(line), _LONGEST_CLOSING)])
    agreed = max(_same_bytes(rest, line) for line in (_BEFORE_REVISION[1:], *alike))
    return _is_only_a_tail(rest[agreed:])


def _agreement(data: bytes, chunks: Iterable[bytes]) -> int:
    """How many of the first bytes are as expected."""
    position = 0
    for chunk in chunks:
        if not data.startswith(chunk, position):
            return position + _same_bytes(data[position:], chunk)
        position += len(chunk)
    return position


def _same_bytes(data: bytes, chunk: bytes) -> int:
    return next(
        (n for n, (one, other) in enumerate(zip(data, chunk, strict=False)) if one != other), len(data)
    )


def _is_only_a_tail(rest: bytes) -> bool:
    """Whether this is nothing but the end of a closing of ours, or blocks that were never written."""
    match = _LAST_BYTES.fullmatch(rest.rstrip(b"\0")[-_LONGEST_CLOSING:])
    return (
        len(rest.rstrip(b"\0")) <= _LONGEST_CLOSING
        and match is not None
        and _BEFORE_REVISION.endswith(match[1])
    )
