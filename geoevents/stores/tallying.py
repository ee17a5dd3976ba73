"""How many rows of each kind a question finds.

Knows counts by the codes of columns. Knows nothing of how rows were found.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from geoevents.events import Kind, Status, Verification
from geoevents.places import GeoPrecision
from geoevents.stores.answers import Tally
from geoevents.stores.columns import NO_GEOMETRY, Columns, Ints
from geoevents.stores.selections import Selection


def by_kind(found: Selection) -> dict[Kind, int]:
    """The first of the counts, for who needs no others."""
    is_of_first = found.mask & (found.columns.kind == 0)
    first = int(np.count_nonzero(is_of_first))
    return dict(zip(Kind, (first, len(found) - first), strict=True))


def tally(found: Selection, wider: Selection) -> Tally:
    """`wider` is what the question finds that asks for any type and kind."""
    columns, rows = found.columns, found.rows
    return Tally(
        matched=len(found),
        by_kind=_counted(columns, "kind", rows, tuple(Kind)),
        by_status=_counted(columns, "status", rows, tuple(Status)),
        by_verification=_counted(columns, "verification", rows, tuple(Verification)),
        by_precision=_counted(columns, "geo_precision", rows, (*GeoPrecision, None)),
        unplaced=int(np.count_nonzero(columns.geometry_kind[rows] == NO_GEOMETRY)),
        types=_types(wider.columns, wider.rows),
    )


def _counted(columns: Columns, name: str, rows: Ints, members: tuple[Any, ...]) -> Counter[Any]:
    # The last member stands for -1, which is None.
    codes = getattr(columns, name)[rows] % len(members)
    counts = np.bincount(codes, minlength=len(members)).tolist()
    return Counter({member: count for member, count in zip(members, counts, strict=True) if count})


def _types(columns: Columns, rows: Ints) -> Counter[tuple[str, Kind]]:
    kinds, codes = tuple(Kind), columns.words["event_type"].words
    together = columns.event_type[rows] * len(kinds) + columns.kind[rows]
    counts = np.bincount(together)
    return Counter(
        {
            (codes[number // len(kinds)], kinds[number % len(kinds)]): int(counts[number])
            for number in np.flatnonzero(counts).tolist()
        }
    )
