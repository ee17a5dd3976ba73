"""How the compiled index writes a name and a position: folded keys, marks, hundred-thousandths of a degree.

Knows what stands in a cell. Knows nothing of which rows there are (compiling.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from geoevents.folding import name_keys
from geoevents.gazetteers.tables import HAS_ARTICLE, LARGEST


def keyed(names: Iterable[str]) -> dict[str, int]:
    """Folded name -> HAS_ARTICLE or 0, each once."""
    keys: dict[str, int] = {}
    for key, has_article in name_keys(names):
        keys[key] = keys.get(key, 0) | (HAS_ARTICLE if has_article else 0)
    keys.pop("", None)
    return keys


def size(population: int) -> int:
    return min(int(math.log2(population + 1)), LARGEST - 1)


def hundred_thousandths(degrees: float) -> int:
    return round(degrees * 100_000)
