"""The shapes of rows that are no points, read when a question has to look at them.

Knows that rows with the same mark in `shape` have the same shape. Knows nothing of questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

import msgspec
import numpy as np

from geoevents.geometries import Geometry
from geoevents.stores.columns import Columns, Rows

# The lines of rows, in the order of the rows asked for.
Lines = Callable[[Columns, Rows], Iterable[bytes]]
_MOST = 1_024


class _Shaped(msgspec.Struct, gc=False):
    geometry: dict[str, Any]


_SHAPES = msgspec.json.Decoder(_Shaped)


class Shapes:
    """The shapes that were looked at last; safe for several threads."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._known: dict[int, Geometry] = {}
        self._lock = Lock()

    def of(self, columns: Columns, rows: Rows) -> list[Geometry]:
        """The geometry of each of these rows; they have one."""
        marks = columns.shape[rows].tolist()
        with self._lock:
            known = {mark: self._known[mark] for mark in marks if mark in self._known}
        new = np.array([mark not in known for mark in marks], bool)
        lines = self._lines(columns, rows[new])
        new_marks = [mark for mark in marks if mark not in known]
        for mark, line in zip(new_marks, lines, strict=True):
            known[mark] = Geometry.from_geojson(_SHAPES.decode(line).geometry)
        with self._lock:
            if len(self._known) > _MOST:
                self._known = {}
            self._known |= dict(list(known.items())[:_MOST])
        return [known[mark] for mark in marks]
