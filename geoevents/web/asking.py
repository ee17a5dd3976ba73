"""What a request asks for: the one query string, and whether the internal view is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import g, request

from geoevents.errors import BadInput, InvalidQuery, ViewNotFound
from geoevents.events import Status
from geoevents.messages import Message
from geoevents.queries import EventQuery, parameter_names
from geoevents.times import Interval, read_day
from geoevents.views import View
from geoevents.web import reading, vicinities, writers
from geoevents.workflows.whereabouts import looked_up

PAGE_SIZE = 50
INTERNAL = "internal"
DATE_FIELDS = ("date_from", "date_to")
_BESIDE = ("view", "download")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """
    The events asked for, those of the frozen map `frozen` where one is named. `dropped` are parameters a page
    did not know;
    `must_move` is set when the same question has a better address; `unclear` is a name that a form asked to
    be near to and that means no one place.
    """

    query: EventQuery
    internal: bool = False
    frozen: View | None = None
    download: bool = False
    dropped: tuple[str, ...] = ()
    must_move: bool = False
    unclear: vicinities.Unclear | None = None

    @property
    def query_string(self) -> str:
        """The question as an address holds it, without a leading "?" and without the language."""
        return query_string(self.query, view=self.view)

    @property
    def view(self) -> str | None:
        """What `view` says in the address."""
        return INTERNAL if self.internal else self.frozen.slug if self.frozen else None

    @property
    def usual_statuses(self) -> tuple[Status, ...]:
        """Those that are asked for where none are: of the internal view and of a frozen map, all."""
        return EventQuery().statuses if self.view is None else tuple(Status)

    def with_query(self, **changes: object) -> Asked:
        return replace(self, query=replace(self.query, **changes))  # type: ignore[arg-type]


def query_string(query: EventQuery, *, view: str | None) -> str:
    """
    The canonical query string, `view` last and `lang` left to the links.

    In the internal view and of a frozen map every status is the default, so statuses that are the public
    default are written out.
    """
    text = replace(query, lang=None).canonical()
    if view is None:
        return text
    pairs: Pairs = []
    if query.statuses == EventQuery().statuses:
        pairs = [("status", status.value) for status in query.statuses]
    elif query.statuses == tuple(Status):
        text = replace(query, lang=None, statuses=EventQuery().statuses).canonical()
    return "&".join(part for part in (text, urlencode([*pairs, ("view", view)])) if part)


def by_page() -> Asked:
    """
    Read a page's address: what is unknown is dropped and told of, the form's dates become `datetime`.

    Raises InvalidQuery.
    """
    pairs = _pairs()
    fields = (*DATE_FIELDS, *vicinities.FIELDS)
    known = (*parameter_names(), *fields, *_BESIDE)
    dropped = tuple(dict.fromkeys(name for name, _ in pairs if name not in known))
    asked = _asked([pair for pair in pairs if pair[0] in known and pair[0] not in fields])
    asked = _near(asked, {name: text for name, text in pairs if name in vicinities.FIELDS})
    days = {name: text for name, text in pairs if name in DATE_FIELDS}
    if days:
        interval = _interval(days) or asked.query.interval
        # What is unclear is asked on the page that the form led to, dates and all.
        asked = replace(asked.with_query(interval=interval), must_move=asked.unclear is None)
    return replace(asked, dropped=dropped)


def _near(asked: Asked, fields: dict[str, str]) -> Asked:
    """The question with the place that the form's fields ask to be near to; of an unclear one, without."""
    if "near_place" not in fields:
        return asked
    found = vicinities.read(fields, asked.query)
    if isinstance(found, vicinities.Unclear):
        return replace(asked.with_query(near=None), unclear=found)
    return replace(asked, query=found, must_move=True)


def by_data(*more: str) -> Asked:
    """
    Read the address of data: an unknown parameter is a fault, but for `more`, which `beside` reads.

    Raises InvalidQuery.
    """
    return of_pairs((name, text) for name, text in _pairs() if name not in more)


def of_pairs(pairs: Iterable[tuple[str, str]]) -> Asked:
    """Read a question that is kept elsewhere than in this address. Raises InvalidQuery."""
    return _asked(list(pairs))


def beside(*names: str) -> dict[str, str]:
    """What the named parameters say, each given once, empty ones left out. Raises InvalidQuery."""
    return _each_once((name, text) for name, text in _pairs() if name in names)


def view_of(*beside: str) -> None:
    """Read `view`, where nothing else but `beside` may be asked. Raises InvalidQuery, NotAllowed."""
    given = parameters("view", *beside)
    _asked([("view", given.get("view", ""))])


def parameters(*names: str) -> dict[str, str]:
    """The named parameters, each once, empty ones left out. Raises InvalidQuery for others, `lang` apart."""
    for name, _ in _pairs():
        if name not in (*names, "lang"):
            raise InvalidQuery(
                Message(
                    "'{name}' is not a parameter here. There are: {names}.",
                    name=name[:60],
                    names=", ".join(names) or "lang",
                ),
                name[:60],
            )
    return _each_once(_pairs())


def _each_once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, text in pairs:
        if text.strip():
            if name in values:
                raise InvalidQuery(
                    Message("'{name}' is given {times} times. Give it once.", name=name, times=2), name
                )
            values[name] = text.strip()
    return values


def _pairs() -> Pairs:
    return list(request.args.items(multi=True))


def _asked(pairs: Iterable[tuple[str, str]]) -> Asked:
    pairs = list(pairs)
    beside = {name: text.strip() for name, text in pairs if name in _BESIDE and text.strip()}
    saved = _saved(beside.get("view"))
    said = [pair for pair in pairs if pair[0] not in _BESIDE]
    query = saved.asked(said) if saved and not saved.frozen else EventQuery.parse(said)
    query = query.in_terms_of(reading.backends().taxonomy)
    internal = saved is None and _is(beside, "view", INTERNAL)
    if internal:
        writers.require_internal_reader()
        g.internal = True
    frozen = saved if saved is not None and saved.frozen else None
    g.frozen = frozen
    # The events of a frozen map are those that were chosen then, whatever they are now.
    if (internal or frozen) and not any(name == "status" and text.strip() for name, text in pairs):
        query = replace(query, statuses=tuple(Status))
    # What the team knows is for the internal view alone: of the public one every answer is anybody's.
    house = reading.backends()
    query = looked_up(query, house, places=house.for_writers if internal else house.gazetteer)
    return Asked(query, internal=internal, frozen=frozen, download=_is(beside, "download", "1"))


def _saved(slug: str | None) -> View | None:
    """The saved map that `view` names. None where it names none of ours."""
    views = reading.backends().views
    if slug is None or slug == INTERNAL or views is None:
        return None
    try:
        return views.get(slug)
    except ViewNotFound:
        raise InvalidQuery(
            Message("There is no saved map of that name. Look for it in the list of saved maps."), "view"
        ) from None


def _is(beside: dict[str, str], name: str, only: str) -> bool:
    text = beside.get(name)
    if text not in (None, only):
        raise InvalidQuery(
            Message(
                "'{text}' is not a {name}. Use one of: {choices}.",
                text=str(text)[:60],
                name=name,
                choices=only,
            ),
            name,
        )
    return text == only


def _interval(days: dict[str, str]) -> Interval | None:
    read = {}
    for name, text in days.items():
        try:
            read[name] = read_day(text.strip(), name) if text.strip() else None
        except BadInput as error:
            raise InvalidQuery(error.message, name) from None
    first, last = read.get("date_from"), read.get("date_to")
    try:
        return Interval(first, last) if first or last else None
    except BadInput as error:
        raise InvalidQuery(error.message, "date_to") from None
