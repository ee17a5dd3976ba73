"""Events of a tile as features, ready to be sent: what the popup needs, how it is drawn, the outline.

Knows what is big enough to see, and the bytes of a feature. Knows nothing of which events a tile holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from geoevents.cartography.drawing import Drawing, Drawn, drawing, point_drawing
from geoevents.cartography.drawn import Lines, Rows, Shapes
from geoevents.cartography.outlines import TILE, cut_to_tile
from geoevents.cartography.popups import compact, popup_of
from geoevents.cartography.recent import Recent
from geoevents.geojson import event_from_feature
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.stores.public import Selection

SEEN = 14
_POPUPS = 8_192
_DRAWINGS = 1_024

# A tile: zoom, and its place from the west and from the north.
Place = tuple[int, int, int]


class FeatureWriter:
    """Writes features of rows. What it read last it remembers: a row never says anything else."""

    def __init__(self) -> None:
        self._popups: Recent[tuple[bytes, bytes]] = Recent(_POPUPS)
        self._drawings: Recent[Drawing] = Recent(_DRAWINGS)

    def written(
        self,
        selection: Selection,
        lines: Lines,
        shapes: Shapes,
        rows: Rows,
        tile: Place,
        *,
        is_anchored: bool,
    ) -> Iterator[bytes]:
        """
        A Feature for each row; `shapes` are those of the question. Without anchor they are shape alone, and
        one of which nothing reaches the tile is left out.
        """
        popups = self._popups_of(selection, lines, rows)
        for row, (event_id, popup) in zip(rows.tolist(), popups, strict=True):
            drawn, width = self._drawing(selection, lines, shapes, row)
            is_seen = width * 2 ** tile[0] * TILE >= SEEN
            anchor = [round(drawn.anchor.lon, 6), round(drawn.anchor.lat, 6)]
            geometry: dict[str, Any] = {"type": "Point", "coordinates": anchor}
            cut: dict[str, Any] = {"estimated": True} if drawn.is_estimated else {}
            if is_seen and drawn.radius_m is None:
                geometry, how = cut_to_tile(drawn, *tile)
                cut |= how
                if not is_anchored and not geometry["coordinates"]:
                    continue
            said = {
                "drawn": drawn.how.value,
                "shown": is_seen,
                "radius_m": drawn.radius_m,
                "anchor": anchor if is_anchored else None,
                "extent": None
                if drawn.how is Drawn.PIN
                else [round(each, 5) for each in drawn.extent.as_list()],
            } | cut
            parts = event_id, compact(geometry), popup, compact(said)[1:]
            yield b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b,%b}' % parts

    def _popups_of(self, selection: Selection, lines: Lines, rows: Rows) -> list[tuple[bytes, bytes]]:
        generation = selection.columns.generation
        keys = [(generation, row) for row in rows.tolist()]
        found = [self._popups.get(key) for key in keys]
        missing = [place for place, each in enumerate(found) if each is None]
        for place, line in zip(missing, lines(selection, rows[missing]), strict=True):
            found[place] = self._popups.put(keys[place], popup_of(line))
        return [each for each in found if each is not None]

    def _drawing(self, selection: Selection, lines: Lines, shapes: Shapes, row: int) -> tuple[Drawing, float]:
        """How a row is drawn, and how wide, of the square world."""
        columns = selection.columns
        place = int(np.searchsorted(shapes.rows, row))
        is_wide = place < len(shapes.rows) and int(shapes.rows[place]) == row
        width = float(shapes.width[place]) if is_wide else 0.0
        if is_wide and shapes.is_outlined[place]:
            key = (columns.generation, row)
            return self._drawings.of(key, lambda: _drawing_of(selection, lines, row)), width
        point = Geometry.point(columns.lon[row], columns.lat[row])
        precision = columns.word("geo_precision", row)
        known = GeoPrecision(precision) if precision else None
        metres = int(columns.uncertainty_m[row])
        return point_drawing(point, known, metres if metres > 0 else None), width


def _drawing_of(selection: Selection, lines: Lines, row: int) -> Drawing:
    (line,) = lines(selection, np.array([row], np.int32))
    drawn = drawing(event_from_feature(json.loads(line)))
    assert drawn is not None
    return drawn
