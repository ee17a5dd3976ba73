"""A name that is looked up, and what it may mean so far: by which name, how drawn, with what doubt.

Knows the plain look-up that everything builds on: a folded name, within a country, in the version of a day.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from geoevents.folding import fold, name_key
from geoevents.gazetteers.circles import distance_m
from geoevents.gazetteers.descriptors import Words
from geoevents.gazetteers.index import Index, Row
from geoevents.gazetteers.kinds import WITH_EXTENT
from geoevents.gazetteers.not_places import meta_key
from geoevents.gazetteers.phrases import Reading, read
from geoevents.gazetteers.tables import IS_CORE
from geoevents.messages import Message
from geoevents.places import Context
from geoevents.values import replace, value

if TYPE_CHECKING:
    from datetime import date


# The same folded name; another transliteration of it; a name that is only like it.
RUNG_NAMES = ("name", "skeleton", "fuzzy")
# A town of a fifth of an area's people goes before it by any of its names, one of a thousandth by its first.
_MOST_OF_IT, _NO_HAMLET = 5, 1_000
# How far from its seat the label of what is named after it may lie, in metres, where it has no shape.
_SEATED_M = {"admin1": 150_000, "admin2": 50_000, "area": 25_000}
_WORD = re.compile(r"\w+")
# How much less a name weighs that is less alike.
STEEPNESS = 16
# Where only the region of interest says in which country to look, a name has to prove more.
_LONG_ENOUGH_ANYWHERE, _ALIKE_ANYWHERE = 5, 0.9
# A place of so many people is a city: its name is not taken for another's misspelt, nor another's for its.
A_CITY = 100_000


@value(slots=False)
class Request:
    """
    A name, with all that is known about it. `region` breaks ties where no country is given; `is_part` says
    that it is a name inside a relation, which is no relation itself. Where names are `pinned`, each to the
    rows it means, nothing else is a name; where it `is_open`, other names mean what they ever do.
    """

    query: str
    context: Context
    index: Index
    region: tuple[str, ...] = ()
    rung: str = "name"
    is_part: bool = False
    pinned: tuple[tuple[str, tuple[Row, ...]], ...] = ()
    is_open: bool = False

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries in which a name that is only alike is looked for."""
        code = self.context.country_code
        return tuple(
            each for each in ((code,) if code else self.region) if each in self.index.sounding_countries
        )

    @cached_property
    def as_typed(self) -> dict[str, str]:
        """Folded word -> the word as it was typed, where folding took marks from it."""
        words = _WORD.findall(self.query) if not self.query.isascii() else []
        return {folded: word for word in words if (folded := fold(word)) != word}

    def typed(self, name: str) -> str:
        """A part of the query, folded, with the marks that its words were typed with."""
        return " ".join(self.as_typed.get(word, word) for word in name.split())

    @cached_property
    def reading(self) -> Reading:
        return read(self.query, self.index.vocabulary)

    def pins(self, name: str) -> tuple[Row, ...] | None:
        """The rows that a name is pinned to; None where it is looked up."""
        if not self.pinned or (self.is_open and self.rung != "name"):
            return None
        rows = dict(self.pinned).get(name_key(name))
        return rows if rows is not None or self.is_open else ()

    def anywhere(self) -> Request:
        """The same name, asked of the whole world."""
        return replace(self, context=replace(self.context, country_code=None))


@value
class Found:
    """
    A place a name may mean. `via` is the name it was found by, `namesakes` how many places of the world
    have it. `drawn` is "place", or "around", "district" or "near" for the land around it; `factor`, 0 to 1,
    is how far the phrase supports it; `doubt` says why it can't be taken without asking; `note` is only worth
    saying. `rung` is how the name itself was found, one of RUNG_NAMES; `likeness`, 0 to 1, how much the
    place's name is like `via`: 1 for the same folded name.
    """

    row: Row
    via: str
    namesakes: int = 1
    drawn: str = "place"
    factor: float = 1.0
    doubt: Message | None = None
    note: Message | None = None
    rung: str = "name"
    likeness: float = 1.0

    @property
    def by_first_name(self) -> bool:
        """Whether it was found by the name it is shown with, not by one of its many others."""
        return name_key(self.via) in (name_key(self.row.name), name_key(self.row.name_ar or ""))

    def but(self, doubt: Message, *, factor: float = 1.0) -> Found:
        return replace(self, doubt=doubt, factor=self.factor * factor)

    def near(self, doubt: Message, *, factor: float) -> Found:
        """Somewhere near it. What has an extent of its own is no point to be near to, and stays as it is."""
        drawn = "place" if self.row.kind in WITH_EXTENT else "near"
        return replace(self.but(doubt, factor=factor), drawn=drawn)


def not_worked_out() -> Message:
    """Why the start of what is measured is only a candidate."""
    return Message("only the place it is measured from: where exactly is not worked out")


def named(request: Request, name: str, kinds: Words = ()) -> list[Found]:
    """The places of a name in the country asked for, of some kinds, or of those a bare name may mean."""
    pinned = request.pins(name)
    if pinned is not None:
        return _pinned(request, pinned, kinds)
    if request.rung != "name":
        return _alike(request, name, kinds)
    everywhere = request.index.named(name_key(name))
    rows = [row for row in everywhere if is_in_country(row, request.context)]
    if kinds:
        rows = [row for row in rows if row.kind in kinds]
    else:
        rows = _without_namesakes_of_towns(rows, name_key(name))
    return _in_force([Found(row, name, len(everywhere)) for row in rows], request.context)


def _pinned(request: Request, rows: tuple[Row, ...], kinds: Words) -> list[Found]:
    """The rows a name is pinned to; of a kind that they are not, what is named after them where they lie."""
    if kinds and not any(row.kind in kinds for row in rows):
        rows = tuple(
            other
            for row in rows
            for other in request.index.named(name_key(row.name))
            if other.kind in kinds and other.admin1_pk is not None and other.admin1_pk == row.admin1_pk
        )
    return [Found(row, row.name) for row in rows if not kinds or row.kind in kinds]


def _alike(request: Request, name: str, kinds: Words) -> list[Found]:
    """The places with a name like this one, each by its likeness. A word that is no name has none."""
    if request.index.meta(meta_key(name_key(name))) not in (None, "part"):
        return []
    # Loaded by whom no plain name answers.
    from geoevents.gazetteers.fuzzy import nearly, transliterated

    search = transliterated if request.rung == "skeleton" else nearly
    alike = {each.pk: each for each in search(request.index, request.typed(name), request.countries)}
    if request.context.country_code is None:
        is_short = len(name_key(name)) < _LONG_ENOUGH_ANYWHERE
        alike = {pk: each for pk, each in alike.items() if not is_short and each.likeness >= _ALIKE_ANYWHERE}
    rows = [row._replace(mark=alike[row.pk].mark) for row in request.index.by_pks(alike)]
    rows = (
        [row for row in rows if row.kind in kinds]
        if kinds
        else _without_namesakes_of_towns(rows, name_key(name))
    )
    found = [
        Found(row, name, len(rows), factor=likeness**STEEPNESS, rung=request.rung, likeness=likeness)
        for row in rows
        if (likeness := alike[row.pk].likeness)
    ]
    return _in_force(found, request.context)


def is_in_country(row: Row, context: Context) -> bool:
    """True also of a river that runs through several: it is of none of them alone."""
    is_shared = row.country is None and row.kind == "river"
    return is_shared or context.country_code is None or row.country == context.country_code


def _without_namesakes_of_towns(rows: list[Row], key: str) -> list[Row]:
    """
    A bare name never means the governorate or district around the town of that name, nor a camp by it.

    A governorate named otherwise than its town stays: its name is lent to the town, too.
    """
    if len(rows) < 2:
        return rows
    rows = [row for row in rows if not row.mark & IS_CORE] or rows
    towns = [row for row in rows if row.kind == "settlement"]
    around = {
        row.pk
        for row in rows
        if (row.kind in ("admin1", "admin2") or (row.kind == "area" and not row.is_ours))
        and any(_lies_in(town, row) and _stands_for(town, row, key) for town in towns)
    }
    return [row for row in rows if row.pk not in around]


def _lies_in(town: Row, area: Row) -> bool:
    if area.kind == "admin1" and town.admin1_pk is not None:
        return town.admin1_pk == area.pk
    if area.bbox is not None:
        return area.bbox.contains(town.position)
    return distance_m(area.position, town.position) <= _SEATED_M[area.kind]


def _stands_for(town: Row, area: Row, key: str) -> bool:
    """Whether the bare name is rather the town's: it is its first name, or most of the area is the town."""
    if name_key(town.name) in (key, name_key(area.name)):
        return town.is_ours or town.population * _NO_HAMLET >= area.population
    # A governorate's name is lent to its town; a district has its name of its seat.
    if town.is_ours and area.kind == "admin2":
        return True
    return not area.is_ours and town.population * _MOST_OF_IT >= area.population


def _in_force(found: list[Found], context: Context) -> list[Found]:
    """Of an area's versions the one of the day; without a day the latest; all, in doubt, if none does."""
    if all(each.row.slug is None and each.row.valid_to is None for each in found):
        return found
    by_slug: dict[str, list[Found]] = defaultdict(list)
    for each in found:
        by_slug[each.row.slug or each.row.id].append(each)
    chosen: list[Found] = []
    for versions in by_slug.values():
        if context.day is None or versions[0].row.slug is None:
            chosen.append(_latest(versions))
            continue
        day = context.day.isoformat()
        covering = [each for each in versions if _covers(each.row, day)]
        chosen += covering[:1] or _nearest_in_time(versions, context.day)
    return chosen


def _latest(versions: list[Found]) -> Found:
    latest = max(versions, key=lambda each: each.row.valid_from or "")
    ended = latest.row.valid_to
    if ended is None or ended >= _today():
        return latest
    return replace(latest, note=Message("as known until {day}", day=ended))


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()


def _nearest_in_time(versions: list[Found], day: date) -> list[Found]:
    """All of them, in doubt: each weighs half of the one that is nearer to the day."""
    doubt = Message("no version of this area was in force on {day}", day=day)
    in_order = sorted(versions, key=lambda each: _days_from(each.row, day))
    return [each.but(doubt, factor=0.5**place) for place, each in enumerate(in_order, 1)]


def _days_from(row: Row, day: date) -> int:
    from datetime import date

    first, last = (date.fromisoformat(text) if text else day for text in (row.valid_from, row.valid_to))
    return max((first - day).days, (day - last).days)


def _covers(row: Row, day: str) -> bool:
    return (row.valid_from or "") <= day <= (row.valid_to or "9999")
