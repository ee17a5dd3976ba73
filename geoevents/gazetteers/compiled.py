"""The gazetteer that works with no network: GeoNames' towns, our own places and areas, in one file.

Knows how to answer the protocol's calls from the index. Knows nothing of how it is compiled (compiling.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geoevents.errors import PlaceNotFound
from geoevents.folding import name_key
from geoevents.gazetteers.asking import Request
from geoevents.gazetteers.drawing import drawn, split_id
from geoevents.gazetteers.index import Index, Row
from geoevents.gazetteers.kinds import WITH_EXTENT
from geoevents.gazetteers.ranking import decide
from geoevents.gazetteers.search import LONGEST_NAME, as_read, as_written, climb
from geoevents.gazetteers.tables import IS_CORE
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import Candidate, Context, Place, Resolution, ResolutionStatus

if TYPE_CHECKING:
    from geoevents.gazetteers.known_names import NameFacts
    from geoevents.gazetteers.pinning import Pinned
    from geoevents.gazetteers.senses import Sense
    from geoevents.gazetteers.ties import Reader, Tied

_SHORTEST_PREFIX = 2
_NAMES_AT_A_GLANCE = 400
_NEAREST = 5
_LIKE = 0.6


class CompiledGazetteer:
    """See geoevents.gazetteers.Gazetteer. Safe to be read from any number of threads."""

    def __init__(self, index: Path, *, region: tuple[str, ...] = ()) -> None:
        self.index = Index(index)
        self.region = region
        self._ties: Reader | None = None

    @property
    def attribution(self) -> str:
        return ", ".join(json.loads(self.index.meta("attribution") or "[]"))

    def resolve(self, name: str, context: Context) -> Resolution:
        request = Request(name, context, self.index, self.region)
        found = climb(request)
        if found:
            return decide(request, found)
        return Resolution(name, ResolutionStatus.NOT_FOUND, suggestions=self._nearest(request))

    def senses(self, name: str) -> tuple[Sense, ...]:
        from geoevents.gazetteers.senses import senses

        return senses(self.index, name)

    def ties(self, text: str, names: Sequence[tuple[int, int]]) -> tuple[Tied, ...]:
        from geoevents.gazetteers.ties import Reader

        if self._ties is None:
            self._ties = Reader(self.index.relation_words, self.index.vocabulary)
        return tuple(self._ties.read(text, names))

    def pinned(
        self, phrases: Sequence[str], meant: Mapping[str, Sequence[str]], context: Context
    ) -> tuple[Pinned, ...]:
        from geoevents.gazetteers.pinning import pinned

        return pinned(self.index, phrases, meant, context)

    def read_with(
        self, phrase: str, meant: Mapping[str, Sequence[str]], context: Context
    ) -> tuple[Pinned, ...]:
        from geoevents.gazetteers.pinning import read_with

        return read_with(Request(phrase, context, self.index, self.region), meant)

    def suggest(self, prefix: str, context: Context) -> tuple[Candidate, ...]:
        """The score of a suggestion only orders: a beginning says little about which place is meant."""
        keys = _typed_keys(prefix[:LONGEST_NAME])
        rows = _latest([row for key in keys for row in self._beginning(key, context)])
        preferred = {context.country_code} if context.country_code else set(self.region)
        whole = {row.pk for key in keys for row in self.index.named(key)}
        ranked = sorted(rows, key=lambda row: _for_typing(row, whole, preferred))[: context.limit]
        why = Message("begins with '{prefix}'", prefix=prefix.strip())
        return tuple(
            Candidate(self.index.place(row), round(0.5 / rank, 4), why) for rank, row in enumerate(ranked, 1)
        )

    def get(self, place_id: str) -> Place:
        how, its_id = split_id(place_id)
        if row := self.index.by_id(its_id):
            # Land around a country's label point, or near it, would be a place that nobody meant.
            if how == "place" or row.kind not in WITH_EXTENT:
                return drawn(self.index.place(row), how)
        else:
            from geoevents.gazetteers import derived

            if place := derived.get(self.index, place_id):
                return place
        raise PlaceNotFound(Message("No place has the id '{place_id}'.", place_id=place_id[:80]), "place_id")

    def known(self, keys: Iterable[str]) -> Mapping[str, NameFacts]:
        from geoevents.gazetteers.known_names import facts_of

        return facts_of(self.index.rows_of_names(keys))

    def country(self, code: str) -> Place | None:
        row = self.index.country(code)
        return self.index.place(row) if row else None

    def geometry(self, place_id: str) -> Geometry | None:
        from geoevents.gazetteers import derived

        self.get(place_id)
        return derived.geometry(self.index, place_id)

    def _beginning(self, key: str, context: Context) -> list[Row]:
        rows = self.index.beginning(key, limit=_NAMES_AT_A_GLANCE)
        code = context.country_code
        if code is None:
            return rows
        # An area of no one country may reach into this one.
        there = [row for row in rows if row.country == code or (row.kind == "area" and row.country is None)]
        # Two letters begin too many names to look at each; from the third, small places count too.
        if len(there) < context.limit and len(key) > _SHORTEST_PREFIX:
            there += self.index.beginning_in(key, code, limit=_NAMES_AT_A_GLANCE)
        return list({row.pk: row for row in there}.values())

    def _nearest(self, request: Request) -> tuple[str, ...]:
        """The same name in other countries, else the known names most like it that begin alike."""
        anywhere = request.anywhere()
        if request.context.country_code and (found := as_written(anywhere) or as_read(anywhere)):
            candidates = decide(anywhere, found).candidates
            return tuple(dict.fromkeys(candidate.place.label for candidate in candidates))[:_NEAREST]
        names = [" ".join(name) for name in request.reading.names][:1]
        from geoevents.gazetteers.fuzzy import nearly

        alike = [each for name in names for each in nearly(self.index, name, request.countries, least=_LIKE)]
        rows = [self.index.by_pk(each.pk) for each in alike[:_NEAREST]]
        return tuple(dict.fromkeys(row.name for row in rows if row))


def _latest(rows: list[Row]) -> list[Row]:
    """Of an area's versions the last."""
    in_order = sorted(rows, key=lambda row: row.valid_from or "")
    return list({row.slug or row.id: row for row in in_order}.values())


def _typed_keys(prefix: str) -> list[str]:
    """What a beginning folds to; also without an Arabic article, though it is too short to be sure of one."""
    key = name_key(prefix)
    return [each for each in dict.fromkeys((key, key.removeprefix("ال"))) if len(each) >= _SHORTEST_PREFIX]


def _for_typing(row: Row, whole: set[int], preferred: set[str]) -> tuple[bool, bool, bool, int, str]:
    """Whole names before what remains of one, the region before the world, what is typed out, then size."""
    is_core = bool(row.mark & IS_CORE)
    return (is_core, row.country not in preferred, row.pk not in whole, -row.mark, row.name)
