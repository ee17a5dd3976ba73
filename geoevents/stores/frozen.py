"""Events as they were on a day, and what must be told of them since: for maps that are frozen.

Knows what today changes of yesterday's events: what is hidden vanishes, what is told less exactly is told so,
what is retracted or debunked is marked. Knows nothing of where frozen events are kept, nor of maps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from geoevents.errors import EventNotFound
from geoevents.events import Event, Sensitivity, Status, Verification, public_view
from geoevents.geojson import feature_line
from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.sources import Source
from geoevents.stores import Changes, Collected, Kept
from geoevents.stores.decoding import View
from geoevents.stores.kept_lines import event_of
from geoevents.stores.public import PublicReader

_EVERY = EventQuery(statuses=tuple(Status))
# Readers that are kept, of the maps asked for last: each holds its events in memory.
_READERS = 8
# Of so many times as many events it is cheaper to ask for each than to look through all.
_FEW_OF = 100


def as_of_today(then: Sequence[bytes], public: PublicReader, *, tells_where: bool = False) -> list[bytes]:
    """
    Features of a frozen map as anybody may see them today, in their order.

    A place or a source that was withheld since is withheld here, too: what must not be told comes before what
    must not move. Where the map's question tells where its events are, or which words they had
    (`tells_where`), being in it would tell that of an event which is told less exactly since: it is not.
    """
    kept = [(_id_of(line), line) for line in then]
    today = dict(_today([event_id for event_id, _ in kept], public))
    found = []
    for event_id, line in kept:
        now = today.get(event_id)
        if now is None or (tells_where and now != line and _is_coarser(line, now)):
            continue
        found.append(line if now == line else _laid_over(line, now))
    return found


def _is_coarser(line: bytes, now_line: bytes) -> bool:
    return event_of(now_line).sensitivity not in (Sensitivity.EXACT, event_of(line).sensitivity)


class FrozenReader(PublicReader):
    """Reads the events of a frozen map as of one state of today's; one of another state is another reader."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._frozen = _FrozenStore(lines)
        super().__init__(self._frozen, view=View.WHOLE)
        self.lines_held = lines

    def get(self, event_id: str) -> Event:
        return self._frozen.get(event_id)


class FrozenReaders:
    """The readers of the frozen maps that were asked for last, each renewed when today's events change it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[tuple[str, bool], tuple[int, int, FrozenReader]] = {}

    def of(
        self,
        sha256: str,
        then: Callable[[], Sequence[bytes]],
        public: PublicReader,
        *,
        tells_where: bool = False,
    ) -> FrozenReader:
        """`sha256` names what was frozen; `then` reads it; `tells_where` as in `as_of_today`."""
        revision, store, key = public.revision, id(public), (sha256, tells_where)
        with self._lock:
            known = self._known.pop(key, None)
            if known is None or known[:2] != (store, revision):
                lines = as_of_today(then(), public, tells_where=tells_where)
                before = known[2] if known and known[2].lines_held == lines else None
                known = store, revision, before or FrozenReader(lines)
            # The one that was asked for last stands last.
            self._known[key] = known
            while len(self._known) > _READERS:
                del self._known[next(iter(self._known))]
            return known[2]


class _FrozenStore:
    """Lines that never change, for readers to follow."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines = lines
        self._places = {_id_of(line): place for place, line in enumerate(lines)}
        self.revision = self.public_revision = _revision_of(lines)

    def get(self, event_id: str) -> Event:
        if event_id not in self._places:
            raise EventNotFound(
                Message(
                    "There is no event {id}. Check the id, or look for the event in the list.",
                    id=event_id[:60],
                )
            )
        return event_of(self._lines[self._places[event_id]])

    def changes(self, since: int | None) -> Changes:
        new = self._lines if since is None else ()
        places = np.arange(len(new))
        return Changes(
            revision=self.revision,
            public_revision=self.public_revision,
            whole=since is None,
            slots=places.astype(np.int32),
            offsets=places,
            sizes=np.array([len(line) for line in new], np.int32),
            kept=(Kept(_id_of(line), line, place, place) for place, line in enumerate(new)),
        )

    def lines_at(self, offsets: NDArray[np.int64], sizes: NDArray[np.int32]) -> Iterator[bytes]:
        return (self._lines[place] for place in offsets.tolist())

    def collected(self, revision: int) -> Collected | None:
        return None

    def seal(self, revision: int) -> str | None:
        return None

    def refresh(self) -> None:
        """Nothing happens to what is frozen."""


def _today(ids: Sequence[str], public: PublicReader) -> Iterator[tuple[str, bytes]]:
    """The Features that anybody sees of these events today; of some there is none."""
    selection = public.select(_EVERY)
    if len(ids) * _FEW_OF < len(selection):
        for event_id in ids:
            with suppress(EventNotFound):
                yield event_id, public.feature(event_id)
        return
    wanted = np.array([each.encode() for each in ids], dtype=np.bytes_)
    rows = selection.rows[np.isin(selection.columns.ids[selection.rows], wanted)]
    for line in public.lines(selection, rows):
        yield _id_of(line), line


def _laid_over(line: bytes, now_line: bytes) -> bytes:
    then, now = event_of(line), event_of(now_line)
    # A cell withholds the governorate, a governorate the cell: neither tells less than the other.
    if now.sensitivity not in (Sensitivity.EXACT, then.sensitivity):
        return now_line
    found = replace(
        then,
        sources=_still_named(then, now),
        content_warning=now.content_warning or then.content_warning,
    )
    if now.sensitivity is not Sensitivity.EXACT:
        # Words may have been changed because they named the place.
        found = replace(found, title=now.title, description=now.description, translations=now.translations)
    if now.status is Status.RETRACTED:
        found = replace(found, status=now.status, status_reason=now.status_reason)
    if now.verification is Verification.DEBUNKED:
        found = replace(found, verification=now.verification, verification_basis=now.verification_basis)
    return feature_line(found)


def _still_named(then: Event, now: Event) -> tuple[Source, ...]:
    """Sources that are told today, too; one that became confidential is not, and looks as if it were gone."""
    # Of what is told more exactly today, sources say more: they are compared as they were told then.
    alike = public_view(replace(now, sensitivity=then.sensitivity))
    left = list(alike.sources if alike else ())
    found = []
    for source in then.sources:
        # Each of today's stands for one only: of two alike, one may be withheld.
        if source in left:
            left.remove(source)
            found.append(source)
    return tuple(found)


def _revision_of(lines: Sequence[bytes]) -> int:
    """The same for the same lines, whenever and wherever they are read."""
    digest = sha256()
    for line in lines:
        digest.update(line + b"\n")
    return int.from_bytes(digest.digest()[:6])


def _id_of(line: bytes) -> str:
    """The id in a Feature's line, where we write it second."""
    head = b'{"type":"Feature","id":"'
    start = len(head) if line.startswith(head) else -1
    return line[start : line.index(b'"', start)].decode() if start > 0 else event_of(line).id
