"""The saved maps of a team: every view in one JSON file beside the events, and what frozen ones show.

Knows the files and how they are changed whole. Knows nothing of what is shown of a frozen view today.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from geoevents.errors import BadInput, StoreDamaged, ViewNotFound
from geoevents.jsonio import read_json
from geoevents.messages import Message
from geoevents.stores import files
from geoevents.stores.frozen import FrozenReaders
from geoevents.stores.replacing import Replacement
from geoevents.views import View

FORMAT = 1
_LOCK_NAME = "views.lock"
_HEAD = b'{"format":%d,"views":[\n' % FORMAT
_FOOT = b"\n]}\n"
_FROZEN = ".geojsonl"


class _Held(NamedTuple):
    """What was read of the file at one stamp: seen together, or not at all."""

    stamp: files.Stamp | None
    views: Mapping[str, View]
    problem: StoreDamaged | None


class SavedViews:
    """
    The views in `path`, read again when it has changed; several processes may share it.

    What frozen ones show lies in the private folder: some of it may have been withheld since. A file that
    cannot be read has no views until it is mended: `problem` says why, and nothing is changed meanwhile.
    Raises StoreError where the disk fails.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._private = self.path.parent / "private"
        self._frozen = self._private / "views"
        self._guard = threading.Lock()
        self._held = _Held(None, {}, None)
        self.readers = FrozenReaders()

    @property
    def problem(self) -> StoreDamaged | None:
        return self._held.problem

    def all(self) -> list[View]:
        """By their names in the address."""
        views = self._refreshed().views
        return [views[slug] for slug in sorted(views)]

    def get(self, slug: str) -> View:
        """Raises ViewNotFound."""
        try:
            return self._refreshed().views[slug]
        except KeyError:
            raise ViewNotFound(
                Message("There is no saved map of that name. Look for it in the list of saved maps.")
            ) from None

    def change(self, how: Callable[[dict[str, View]], Iterable[View]]) -> None:
        """What is there becomes what `how` makes of it, whole or not at all. Raises what `how` raises."""
        files.make_folder(self._private, mode=0o700)
        files.close_to_others(self._private)
        with files.locked(self._private / _LOCK_NAME):
            before, after = self._changed(how)
            lines = ",\n".join(json.dumps(view.as_json(), ensure_ascii=False) for view in after)
            Replacement(self.path, (_HEAD, lines.encode(), _FOOT)).put_in_place()
            files.sync_folder(self.path.parent)
            # Only what this change let go of: while the file is away, copies wait for it to come back.
            for name in _sums(before) - _sums(after):
                files.remove(self._frozen / (name + _FROZEN))

    def _changed(self, how: Callable[[dict[str, View]], Iterable[View]]) -> tuple[list[View], list[View]]:
        """What is there, and still is after `how`: who edits by hand takes no lock; what it becomes."""
        while True:
            before = self._refreshed()
            if before.problem is not None:
                raise before.problem
            after = sorted(how(dict(before.views)), key=lambda view: view.slug)
            now = self._refreshed()
            if now.problem is None and now.views == before.views:
                return list(before.views.values()), after

    def keep_frozen(self, lines: Sequence[bytes]) -> str:
        """What a view shows from now on, on disk when this returns; its SHA-256. Under `change` only."""
        body = b"\n".join(lines)
        name = sha256(body).hexdigest()
        files.make_folder(self._frozen, mode=0o700)
        Replacement(self._frozen / (name + _FROZEN), (body,), mode=0o600).put_in_place()
        files.sync_folder(self._frozen)
        return name

    def frozen_lines(self, view: View) -> list[bytes]:
        """The Features that a frozen view was made to show. Raises StoreDamaged where they are not there."""
        assert view.frozen is not None
        path = self._frozen / (view.frozen.sha256 + _FROZEN)
        body = files.read(path)[0] if path.is_file() else None
        if body is None or sha256(body).hexdigest() != view.frozen.sha256:
            raise StoreDamaged(
                Message(
                    "What the saved map {name} shows was lost or changed since it was frozen. "
                    "Put it back from a backup, or let the map follow the events again.",
                    name=view.slug,
                )
            )
        return body.split(b"\n") if body else []

    def _refreshed(self) -> _Held:
        held = self._held
        if files.stamp(self.path) == held.stamp:
            return held
        with self._guard:
            # Another may have read it while this one waited.
            stamp = files.stamp(self.path)
            if stamp != self._held.stamp:
                self._held = self._read() if stamp else _Held(None, {}, None)
            return self._held

    def _read(self) -> _Held:
        data, stamp = files.read(self.path)
        try:
            whole = read_json(data)
            if (
                not isinstance(whole, dict)
                or whole.get("format") != FORMAT
                or not isinstance(whole.get("views"), list)
            ):
                raise BadInput(Message("it needs the members format, 1, and views"))
            views = [View.from_json(each) for each in whole["views"]]
            return _Held(stamp, {view.slug: view for view in views}, None)
        except BadInput as error:
            problem = StoreDamaged(
                Message(
                    "The saved maps in '{path}' cannot be read: {reason}",
                    path=self.path.name,
                    reason=error.message,
                )
            )
            return _Held(stamp, {}, problem)


def _sums(views: Iterable[View]) -> set[str]:
    return {view.frozen.sha256 for view in views if view.frozen}
