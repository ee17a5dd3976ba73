"""What is known of a name as a word, before anybody asks which place it means: how many have it, how large.

Knows many names at once, for whoever reads whole texts. Knows nothing of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from geoevents.folding import name_key
from geoevents.gazetteers.tables import LARGEST, SIZES

# Every gazetteer has these: that ours has them too says nothing of a name.
_OF_EVERYBODY = ("country", "admin1", "admin2")


class NameRow(NamedTuple):
    """One place of one folded name."""

    key: str
    mark: int
    pk: int
    name: str
    kind: str
    population: int
    country: str | None


@dataclass(frozen=True, slots=True)
class NameFacts:
    """
    The places of a folded name. `population` is the largest of theirs, `as_first_name` the largest of those
    that have it for the name they are shown with (-1 if none has); `ours` are entries of data/gazetteer/.
    """

    places: frozenset[int]
    kinds: frozenset[str]
    countries: frozenset[str]
    population: int
    as_first_name: int
    has_ours: bool


def facts_of(rows: Iterable[NameRow]) -> dict[str, NameFacts]:
    by_key: dict[str, list[NameRow]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    return {key: _facts(key, its_rows) for key, its_rows in by_key.items()}


def _facts(key: str, rows: list[NameRow]) -> NameFacts:
    return NameFacts(
        places=frozenset(row.pk for row in rows),
        kinds=frozenset(row.kind for row in rows),
        countries=frozenset(row.country for row in rows if row.country),
        population=max(row.population for row in rows),
        as_first_name=max(_as_first_names(key, rows), default=-1),
        has_ours=any(row.mark // SIZES >= LARGEST and row.kind not in _OF_EVERYBODY for row in rows),
    )


def _as_first_names(key: str, rows: list[NameRow]) -> Iterator[int]:
    """The populations of those whose own name folds to the key. Of the many only the largest are folded."""
    for row in sorted(rows, key=lambda row: -row.population)[:8]:
        if name_key(row.name) == key:
            yield row.population
