"""The saved maps of a team: every view, in one JSON file beside the events.

Knows the file and how it is changed whole. Knows nothing of what a view shows.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from geoevents.errors import BadInput, StoreDamaged, ViewNotFound
from geoevents.jsonio import read_json
from geoevents.messages import Message
from geoevents.stores import files
from geoevents.stores.replacing import Replacement
from geoevents.views import View

FORMAT = 1
_LOCK_NAME = "views.lock"
_HEAD = b'{"format":%d,"views":[\n' % FORMAT
_FOOT = b"\n]}\n"


class SavedViews:
    """
    The views in `path`, read again when it has changed; several processes may share it.

    A file that cannot be read has no views until it is mended: `problem` says why, and nothing is changed
    meanwhile. Raises StoreError where the disk fails.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._private = self.path.parent / "private"
        self._guard = threading.Lock()
        self._stamp: files.Stamp | None = None
        self._views: Mapping[str, View] = {}
        self.problem: StoreDamaged | None = None

    def all(self) -> list[View]:
        """By their names in the address."""
        self._refresh()
        return [self._views[slug] for slug in sorted(self._views)]

    def get(self, slug: str) -> View:
        """Raises ViewNotFound."""
        self._refresh()
        try:
            return self._views[slug]
        except KeyError:
            raise ViewNotFound(
                Message("There is no saved map of that name. Look for it in the list of saved maps.")
            ) from None

    def change(self, how: Callable[[dict[str, View]], Iterable[View]]) -> None:
        """What is there becomes what `how` makes of it, whole or not at all. Raises what `how` raises."""
        files.make_folder(self._private, mode=0o700)
        files.close_to_others(self._private)
        with files.locked(self._private / _LOCK_NAME):
            self._refresh()
            if self.problem is not None:
                raise self.problem
            after = sorted(how(dict(self._views)), key=lambda view: view.slug)
            lines = ",\n".join(json.dumps(view.as_json(), ensure_ascii=False) for view in after)
            Replacement(self.path, (_HEAD, lines.encode(), _FOOT)).put_in_place()
            files.sync_folder(self.path.parent)

    def _refresh(self) -> None:
        stamp = files.stamp(self.path)
        if stamp == self._stamp:
            return
        with self._guard:
            self.problem = None
            views: Mapping[str, View] = {}
            if stamp is not None:
                data, stamp = files.read(self.path)
                views = self._parsed(data)
            self._views, self._stamp = views, stamp

    def _parsed(self, data: bytes) -> Mapping[str, View]:
        try:
            whole = read_json(data)
            if (
                not isinstance(whole, dict)
                or whole.get("format") != FORMAT
                or not isinstance(whole.get("views"), list)
            ):
                raise BadInput(Message("it needs the members format, 1, and views"))
            views = [View.from_json(each) for each in whole["views"]]
            return {view.slug: view for view in views}
        except BadInput as error:
            self.problem = StoreDamaged(
                Message(
                    "The saved maps in '{path}' cannot be read: {reason}",
                    path=self.path.name,
                    reason=error.message,
                )
            )
            return {}
