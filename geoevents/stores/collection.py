"""The collection: one GeoJSON file that holds what is true now, one Feature a line.

Knows the layout of the file, how it is replaced, how it is added to in place, and how it is read back however
it is laid out. Knows nothing of history.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput, StoreDamaged, StoreError, StoreTooNew
from geoevents.events import Event
from geoevents.geojson import event_from_feature
from geoevents.messages import Message
from geoevents.record_fields import Findings, event_id
from geoevents.stores import files

FORMAT = 1
HEAD = b'{"type":"FeatureCollection","features":['
# What our own files end with; a later format may say more in it.
_CLOSING = re.compile(rb'\n\],"geoevents":\{"format":(\d{1,9}),"revision":(\d{1,18})\}\}\n?\Z')


@dataclass(frozen=True, slots=True)
class Rejected:
    """A Feature that is no event of ours: which one (counted from 1) and why."""

    number: int
    reason: object


@dataclass(frozen=True, slots=True)
class Content:
    """What a collection says, however it is laid out. `revision` is None where it carries none."""

    revision: int | None
    events: dict[str, Event]
    rejected: tuple[Rejected, ...]


def chunks(lines: Iterable[bytes], revision: int) -> Iterator[bytes]:
    """The bytes of a collection of these Features."""
    separator = HEAD + b"\n"
    for line in lines:
        yield separator + line
        separator = b",\n"
    yield HEAD + closing(revision) if separator != b",\n" else closing(revision)


def closing(revision: int) -> bytes:
    return b'\n],"geoevents":{"format":%d,"revision":%d}}\n' % (FORMAT, revision)


def addition(lines: Iterable[bytes], revision: int) -> bytes:
    """What is written over the closing of a collection that isn't empty, to add Features to it."""
    return b"".join(b",\n" + line for line in lines) + closing(revision)


def add_in_place(path: Path, lines: Sequence[bytes], *, before: int, revision: int) -> files.Stamp:
    """
    Write Features and a new closing over the closing of revision `before`.

    If that fails the old closing is put back, for which the room is there; then StoreError is raised.
    """
    old = closing(before)
    with files.File(path, os.O_RDWR | os.O_NOFOLLOW) as file:
        size = file.stamp().size
        start = size - len(old)
        if file.read(start, len(old)) != old:
            raise StoreDamaged(Message("'{path}' doesn't end as we left it.", path=path))
        try:
            file.write(addition(lines, revision), start)
        except BaseException:
            with suppress(StoreError):
                file.write(old, start)
                file.truncate(size)
            raise
        return file.stamp()


def refuse_if_newer(path: Path) -> None:
    """Raises StoreTooNew for a collection of a later format than ours, wherever in the file that stands."""
    if files.stamp(path) is None:
        return
    with files.File(path) as file:
        size = file.stamp().size
        found = _format_at_the_end(file.read(max(0, size - 200), 200))
        if found is None:
            found = _format_anywhere(file.read(0, size))
    if found > FORMAT:
        raise StoreTooNew(
            Message(
                "'{path}' is of format {found}; this version reads format {ours}. "
                "Nothing was changed: install a newer geoevents.",
                path=path,
                found=found,
                ours=FORMAT,
            )
        )


def _format_at_the_end(tail: bytes) -> int | None:
    match = _CLOSING.search(tail)
    return int(match[1]) if match else None


def _format_anywhere(data: bytes) -> int:
    """1 where there is no telling: a collection that carries none, or that is not whole."""
    try:
        member = _parsed(data).get("geoevents")
    except ValueError:
        return FORMAT
    number = member.get("format") if isinstance(member, dict) else None
    return number if isinstance(number, int) else FORMAT


def is_whole(data: bytes) -> bool:
    """Whether it is a FeatureCollection from beginning to end."""
    try:
        _parsed(data)
    except ValueError:
        return False
    return True


def read_content(path: Path, data: bytes) -> Content:
    """
    The events of a collection, whoever wrote it and however. Features that are no events are told apart.

    Raises StoreDamaged if it is no whole FeatureCollection.
    """
    try:
        revision, features = read_features(data)
    except ValueError as error:
        raise StoreDamaged(
            Message(
                "'{path}' is not a whole FeatureCollection ({reason}). "
                "Nothing was changed: mend it, or put back a copy.",
                path=path,
                reason=error,
            )
        ) from None
    events: dict[str, Event] = {}
    rejected = []
    for number, feature in enumerate(features, start=1):
        try:
            event = _event(feature)
        except BadInput as error:
            rejected.append(Rejected(number, error.message))
            continue
        if event.id in events:
            rejected.append(Rejected(number, Message("its id {id} is there already", id=event.id)))
        else:
            events[event.id] = event
    return Content(revision, events, tuple(rejected))


def read_features(data: bytes) -> tuple[int | None, list[Any]]:
    """The revision a collection carries, if any, and its Features as they are. Raises ValueError."""
    collection = _parsed(data)
    member = collection.get("geoevents")
    revision = member.get("revision") if isinstance(member, dict) else None
    known = revision if isinstance(revision, int) and revision >= 0 else None
    return known, collection["features"]


def _event(feature: object) -> Event:
    """Raises BadInput. Somebody may have written it by hand, so its id is looked at as well."""
    event = event_from_feature(feature)
    event_id(event.id, "id", Findings())
    return event


def _parsed(data: bytes) -> dict[str, Any]:
    """Raises ValueError unless it is a FeatureCollection."""
    try:
        value = json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection":
        raise ValueError("its type is not FeatureCollection")
    if not isinstance(value.get("features"), list):
        raise ValueError("it has no list of features")
    return value
