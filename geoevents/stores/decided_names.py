"""The team's own names: every decision of which place a name means, one line each, in the private folder.

Knows the file and how it is changed whole. Knows nothing of what a decision is worth (gazetteers/team.py).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from geoevents.decisions import Decision
from geoevents.errors import StoreDamaged
from geoevents.jsonio import read_json
from geoevents.messages import Message
from geoevents.stores import files
from geoevents.stores.replacing import Replacement

_LOCK_NAME = "names.lock"


class DecidedNames:
    """
    The decisions in a file (its folder 0700), read again when it has changed. Several processes may share it.

    A line that is no decision is passed over, so that looking up goes on; but nothing is changed before it is
    mended: that raises StoreDamaged, which names the line. Raises StoreError where the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._folder = self.path.parent
        self._guard = threading.Lock()
        self._stamp: files.Stamp | None = None
        self._by_key: Mapping[str, Sequence[Decision]] = {}
        self._by_place: Mapping[str, Decision] = {}
        self._all: tuple[Decision, ...] = ()
        self.problem: StoreDamaged | None = None

    def all(self) -> tuple[Decision, ...]:
        """In the order they were decided."""
        self._refresh()
        return self._all

    def of(self, key: str) -> Sequence[Decision]:
        """The decisions on a folded name (folding.name_key)."""
        self._refresh()
        return self._by_key.get(key, ())

    def of_place(self, place_id: str) -> Decision | None:
        """The latest decision for a place."""
        self._refresh()
        return self._by_place.get(place_id)

    def change(self, how: Callable[[tuple[Decision, ...]], Iterable[Decision]]) -> tuple[Decision, ...]:
        """What is there becomes what `how` makes of it, whole or not at all; returned as it is then."""
        files.make_folder(self._folder, mode=0o700)
        files.close_to_others(self._folder)
        with files.locked(self._folder / _LOCK_NAME):
            before = self.all()
            if self.problem is not None:
                raise self.problem
            after = tuple(how(before))
            if after != before:
                lines = (decision.as_line() + b"\n" for decision in after)
                Replacement(self.path, lines, mode=0o600).put_in_place()
                files.sync_folder(self._folder)
        return self.all()

    def add(self, *decisions: Decision) -> tuple[Decision, ...]:
        return self.change(lambda before: (*before, *decisions))

    def remove(self, ids: Iterable[str]) -> tuple[Decision, ...]:
        gone = frozenset(ids)
        return self.change(lambda before: (each for each in before if each.id not in gone))

    def _refresh(self) -> None:
        # Nobody has decided anything in most installs: then this costs one call to the system.
        stamp = files.stamp(self.path)
        if stamp == self._stamp:
            return
        with self._guard:
            self.problem = None
            if stamp is None:
                decisions: tuple[Decision, ...] = ()
            else:
                data, stamp = files.read(self.path)
                decisions = tuple(self._parsed(data))
            by_key = defaultdict(list)
            for each in decisions:
                by_key[each.key].append(each)
            self._by_key = by_key
            self._by_place = {each.place.place_id: each for each in decisions}
            self._all, self._stamp = decisions, stamp

    def _parsed(self, data: bytes) -> Iterable[Decision]:
        for number, line in enumerate(data.split(b"\n"), 1):
            if not line.strip():
                continue
            try:
                yield Decision.from_json(read_json(line))  # type: ignore[arg-type]
            except (KeyError, TypeError, ValueError) as error:
                self.problem = StoreDamaged(
                    Message(
                        "Line {line} of '{path}' is no decided name: {reason}. Mend it or remove it.",
                        line=number, path=self.path, reason=str(error),
                    )
                )  # fmt: skip
