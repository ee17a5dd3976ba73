"""The gazetteer that works with no network: GeoNames' towns, our own places and areas, compiled into one file.

Knows how to answer the protocol's calls from the index. Knows nothing of how it is compiled (compiling.py).
"""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

from geoevents.errors import PlaceNotFound
from geoevents.folding import fold, name_key
from geoevents.gazetteers.circles import circle
from geoevents.gazetteers.index import IS_CORE, Index, Row
from geoevents.gazetteers.ranking import COUNTRYSIDE_M, NEAR_M, decide, drawn
from geoevents.gazetteers.search import Request, climb
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import Candidate, Context, Place, Resolution, ResolutionStatus

ATTRIBUTION = "GeoNames (CC BY 4.0), geoevents"
_SHORTEST_PREFIX = 2
_NEAREST = 5


class CompiledGazetteer:
    """See geoevents.gazetteers.Gazetteer. Safe to be read from any number of threads."""

    attribution = ATTRIBUTION

    def __init__(self, index: Path, *, region: tuple[str, ...] = ()) -> None:
        self.index = Index(index)
        self.region = region

    def resolve(self, name: str, context: Context) -> Resolution:
        request = Request(name, context, self.index, self.region)
        found = climb(request)
        if found:
            return decide(request, found)
        return Resolution(name, ResolutionStatus.NOT_FOUND, suggestions=self._nearest(request))

    def suggest(self, prefix: str, context: Context) -> tuple[Candidate, ...]:
        """The score of a suggestion only orders: a beginning says little about which place is meant."""
        key = name_key(prefix)
        if len(key) < _SHORTEST_PREFIX:
            return ()
        countries = {context.country_code} if context.country_code else set(self.region)
        rows = self.index.beginning(key, limit=300)
        if context.country_code:
            rows = [row for row in rows if row.country == context.country_code or row.kind == "area"]
        ranked = sorted(rows, key=lambda row: self._for_typing(row, countries), reverse=True)
        latest = {row.slug or row.id: row for row in sorted(ranked, key=lambda row: row.valid_from or "")}
        kept = [row for row in ranked if latest[row.slug or row.id] is row][: context.limit]
        why = Message("begins with '{prefix}'", prefix=prefix.strip())
        return tuple(
            Candidate(self.index.place(row), round(0.5 / rank, 4), why) for rank, row in enumerate(kept, 1)
        )

    def get(self, place_id: str) -> Place:
        how, row = self._row(place_id)
        return drawn(self.index.place(row), how)

    def country(self, code: str) -> Place | None:
        row = self.index.countries.get(code)
        return self.index.place(row) if row else None

    def geometry(self, place_id: str) -> Geometry | None:
        how, row = self._row(place_id)
        if how != "place":
            return circle(
                row.position, COUNTRYSIDE_M if how == "around" else max(NEAR_M, row.uncertainty_m or 0)
            )
        return self.index.geometry(row.pk)

    def _row(self, place_id: str) -> tuple[str, Row]:
        source, _, rest = place_id.partition(":")
        how = {"countryside": "around", "near": "near"}.get(source, "place")
        row = self.index.by_id(place_id if how == "place" else rest)
        if row is None:
            raise PlaceNotFound(
                Message("No place has the id '{place_id}'.", place_id=place_id[:80]), "place_id"
            )
        return how, row

    def _for_typing(self, row: Row, countries: set[str]) -> tuple[bool, bool, int]:
        return (not row.mark & IS_CORE, row.country in countries, row.mark)

    def _nearest(self, request: Request) -> tuple[str, ...]:
        """The known names most like the one asked for, among those that begin alike."""
        words = fold(request.query).split()
        names = request.reading.names or ((tuple(words),) if words else ())
        wanted = name_key(" ".join(names[0])) if names else ""
        code = request.context.country_code
        countries = (code,) if code else self.region
        scored: dict[int, float] = {}
        for length in (3, 2):
            for key, pk in (
                self.index.keys_beginning(wanted[:length], countries=countries, limit=400)
                if len(wanted) >= length
                else ()
            ):
                likeness = SequenceMatcher(None, wanted, key, autojunk=False)
                if likeness.real_quick_ratio() > 0.6 and likeness.quick_ratio() > 0.6:
                    scored[pk] = max(scored.get(pk, 0), likeness.ratio())
            if len([likeness for likeness in scored.values() if likeness > 0.7]) >= _NEAREST:
                break
        best = sorted((pk for pk, likeness in scored.items() if likeness > 0.6), key=lambda pk: -scored[pk])
        rows = [self.index.by_pk(pk) for pk in best[:_NEAREST]]
        return tuple(dict.fromkeys(row.name for row in rows if row))
