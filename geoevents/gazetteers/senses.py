"""Every place of the world that a name may mean, light enough to weigh hundreds against a whole text.

Knows exact names, what stands for a place, and how much is said of each place before a text is read. Knows
nothing of texts (geoparsing/), and of a single name's ladder only how to ask it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geoevents.folding import fold, name_key
from geoevents.gazetteers.tables import HAS_ARTICLE, IS_CORE
from geoevents.places import LonLat

if TYPE_CHECKING:
    from geoevents.gazetteers.index import Index, Row

# What a place weighs that nobody counts: inhabitants that would be as often written of.
_UNSTATED = 1_000
_OF_KIND = {"area": 1_000_000, "natural": 100_000, "river": 1_000_000, "admin1": 1_000_000}
_OURS = 20_000
# A capital and a country are written of beyond their size: a capital stands for its government, too.
_CAPITAL, _COUNTRY = 10.0, 10.0
_COUNTY, _AROUND_ITS_TOWN = 0.3, 0.1
_OTHER_NAME, _CORE, _ARTICLE = 0.01, 0.05, 0.7


@dataclass(frozen=True, slots=True)
class Sense:
    """
    A place that a name may mean. `weight` is how often it would be meant if nothing else were known;
    `area` is the first-level area it lies in, or is, as the index numbers them.
    """

    place_id: str
    name: str
    kind: str
    position: LonLat
    country: str | None
    area: int | None
    weight: float
    is_first_name: bool
    is_demonym: bool = False

    @property
    def is_container(self) -> bool:
        """Whether towns lie in it."""
        return self.kind in ("country", "admin1")


def senses(index: Index, name: str) -> tuple[Sense, ...]:
    """What a name may mean as it is written, the weightiest first; a stand-in only in its own letters."""
    key = name_key(name)
    if not key or len(name) > 200:
        return ()
    found = {row.pk: _sense(index, row, name) for row in index.named(key)}
    for text, is_demonym, row in index.stood_for(key):
        if _same_letters(name, text, is_demonym=is_demonym):
            found[row.pk] = _sense(index, row, name, is_demonym=is_demonym, is_stand_in=True)
    kept = _meant(list(found.values()))
    return tuple(sorted(kept, key=lambda each: (-each.weight, each.place_id)))


def _meant(found: list[Sense]) -> list[Sense]:
    """A country's name is no other name of a town; a town goes before the area around it that is named so."""
    if any(each.kind == "country" for each in found):
        found = [each for each in found if each.is_first_name or each.kind != "settlement"]
    towns = {each.area for each in found if each.kind == "settlement" and each.is_first_name}
    return [
        replace(each, weight=each.weight * _AROUND_ITS_TOWN)
        if each.kind == "admin1" and each.area in towns
        else each
        for each in found
    ]


def _sense(
    index: Index, row: Row, name: str, *, is_demonym: bool = False, is_stand_in: bool = False
) -> Sense:
    key = name_key(name)
    is_first = is_stand_in or key in (name_key(row.name), name_key(row.name_ar or ""))
    weight = float(row.population or _UNSTATED)
    if row.is_ours or row.kind in _OF_KIND:
        weight = max(weight, _OF_KIND.get(row.kind, _OURS if row.is_ours else 0))
    if row.kind == "country":
        weight = max(weight, 100_000) * _COUNTRY
        is_first = True  # a country's names are written down one by one
    elif row.kind == "admin2":
        weight *= _COUNTY
    elif row.pk in index.capitals:
        weight *= _CAPITAL
    weight *= 1.0 if is_first or row.is_ours else _OTHER_NAME
    weight *= _CORE if row.mark & IS_CORE else 1.0
    with_article = key != fold(name).replace(" ", "")
    weight *= 1.0 if is_stand_in or bool(row.mark & HAS_ARTICLE) == with_article else _ARTICLE
    return Sense(
        place_id=row.id,
        name=row.name,
        kind=row.kind,
        position=row.position,
        country=row.country,
        area=row.pk if row.kind == "admin1" else row.admin1_pk,
        weight=weight,
        is_first_name=is_first,
        is_demonym=is_demonym,
    )


def _same_letters(name: str, text: str, *, is_demonym: bool) -> bool:
    """ "Calif." but not "calif"; a demonym also in capitals."""
    squeezed = "".join(name.split())
    written = "".join(text.split())
    return squeezed in set(_ways(written, is_demonym=is_demonym))


def _ways(text: str, *, is_demonym: bool) -> Iterator[str]:
    yield text
    if is_demonym or text.endswith("."):
        yield text.upper()
