"""The question: which events, in which order, how many; read from and written to the one query string.

Knows EventQuery and EventPage. Knows nothing of requests, stores or pages.
To add a parameter: a field, a row in _READERS, a line in _TESTS, rows in tests/test_queries.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from geoevents.certainties import least, of_days, of_place
from geoevents.errors import BadInput, InvalidQuery
from geoevents.event_types import Taxonomy
from geoevents.events import Event, Kind, Status
from geoevents.folding import fold
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import BBox, GeoPrecision
from geoevents.regions import NOWHERE, Certainty, Circle
from geoevents.searching import Alternative, has_words
from geoevents.texts import clean_text
from geoevents.times import Interval
from geoevents.vicinity import Area, Near

MOST_PER_PAGE = 10_000
LONGEST_Q = 500
SORTS = ("-date", "date", "-updated", "updated", "title")
PUBLIC_STATUSES = (Status.PUBLISHED, Status.RETRACTED)
_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,400}")
_PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}:\S")
_COUNTRY = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """
    Which events are asked for. A field left at its default asks nothing; `limit` None means all.

    `in_view` asks for what stands on a map that shows a box: it narrows a list, and says nothing of how
    surely anything is what was asked for. `lang` chooses the words of an answer, never the events.
    `alternatives` are no parameter: they follow from `q`, as the regions of `near` and `area` follow from
    their ids (workflows/whereabouts.py).
    """

    bbox: BBox | None = None
    in_view: BBox | None = None
    interval: Interval | None = None
    kind: Kind | None = None
    event_types: tuple[str, ...] = ()
    sub_event_types: tuple[str, ...] = ()
    q: str | None = None
    place: str | None = None
    country: str | None = None
    admin1: str | None = None
    near: Near | None = None
    area: Area | None = None
    geo_precisions: tuple[GeoPrecision, ...] = ()
    located: bool | None = None
    certainty: Certainty | None = None
    statuses: tuple[Status, ...] = PUBLIC_STATUSES
    lang: str | None = None
    limit: int | None = None
    after: str | None = None
    sort: str = "-date"
    alternatives: tuple[Alternative, ...] = ()

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]]) -> EventQuery:
        """
        Read decoded query parameters. Empty equals absent; a parameter may repeat only where it is a list.

        Raises InvalidQuery naming the parameter, also for one that is unknown.
        """
        values: dict[str, list[str]] = {}
        for name, text in pairs:
            if name not in _READERS:
                raise InvalidQuery(
                    Message(
                        "'{name}' is not a parameter here. There are: {names}.",
                        name=name[:60],
                        names=", ".join(_READERS),
                    ),
                    name[:60],
                )
            if text.strip():
                values.setdefault(name, []).append(text.strip())
        read = {_READERS[name][0]: _read(name, texts, _READERS[name][1]) for name, texts in values.items()}
        return cls(**read)

    def in_terms_of(self, taxonomy: Taxonomy) -> EventQuery:
        """The same question. Raises InvalidQuery where it asks for a type that the taxonomy has not."""
        sub_types = [code for code, each in taxonomy.by_code.items() if each.parent]
        for code in self.event_types:
            _choice("event_type", taxonomy.codes)(code)
        for code in self.sub_event_types:
            _choice("sub_event_type", sub_types)(code)
        return self

    def canonical(self) -> str:
        """The query string that means the same, without "?": parameters in one order, defaults left out."""
        default = EventQuery()
        pairs: list[tuple[str, str]] = []
        for name, (attribute, _) in _READERS.items():
            value = getattr(self, attribute)
            if value != getattr(default, attribute):
                pairs += [
                    (name, _written(each)) for each in (value if isinstance(value, tuple) else (value,))
                ]
        return urlencode(pairs, safe="/,:;@")

    def matches(self, event: Event) -> bool:
        """Whether an event, as it stands, is asked for. What is public is the caller's to decide before."""
        return all(test(self, event) for test in _TESTS)

    @property
    def asks_where_or_when(self) -> bool:
        return any((self.bbox, self.interval, self.near, self.area))

    def certainty_of(self, event: Event) -> Certainty | None:
        """
        How surely an event is what is asked for; None where it is not asked for at all.

        Without `certainty`, `bbox` means what map clients expect: any event whose geometry meets the box. One
        that is there surely or possibly by where it may have been is told apart by this answer.
        """
        if not self.matches(event):
            return None
        return _certainty(self, event) or Certainty.POSSIBLY


@dataclass(frozen=True, slots=True)
class EventPage:
    """
    One page of answers. `matched` counts all that match; `after` is the cursor to the next page, or None;
    `revision` is the revision of what was read. Where place or time is asked, `certainties` says how surely
    each event is meant, and `by_certainty` how many of all are.
    """

    events: Sequence[Event]
    matched: int
    after: str | None
    revision: int
    certainties: Sequence[Certainty] = ()
    by_certainty: Mapping[Certainty, int] = field(default_factory=dict)


def parameter_names() -> tuple[str, ...]:
    return tuple(_READERS)


def _written(value: object) -> str:
    return value if isinstance(value, str) else _LOCATED[value] if isinstance(value, bool) else str(value)


def _read(name: str, texts: list[str], reader: Callable[[str], Any]) -> Any:
    if len(texts) > 1 and name not in _LISTS:
        raise InvalidQuery(
            Message("'{name}' is given {count} times. Give it once.", name=name, count=len(texts)), name
        )
    try:
        values = {reader(text) for text in texts} - {None}
    except BadInput as error:
        raise InvalidQuery(error.message, name) from None
    return tuple(sorted(values, key=_LISTS[name])) if name in _LISTS else next(iter(values), None)


def _choice(name: str, choices: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise InvalidQuery(
                Message(
                    "{field} cannot be '{text}'. Use one of: {choices}.",
                    text=text[:60],
                    field=name,
                    choices=", ".join(choices),
                ),
                name,
            )
        return text

    return read


def _kind(text: str) -> Kind:
    return Kind(_choice("kind", [each.value for each in Kind])(text))


def _status(text: str) -> Status:
    return Status(_choice("status", [each.value for each in Status])(text))


def _precision(text: str) -> GeoPrecision:
    return GeoPrecision(_choice("geo_precision", [each.value for each in GeoPrecision])(text))


def _located(text: str) -> bool:
    return _choice("located", tuple(_LOCATED.values()))(text) == _LOCATED[True]


def _sureness(text: str) -> Certainty:
    return Certainty(_choice("certainty", [each.value for each in Certainty])(text))


def _limit(text: str) -> int:
    # isdecimal() also takes digits of other scripts, which a link should not hold.
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    if not 1 <= number <= MOST_PER_PAGE:
        raise InvalidQuery(
            Message(
                "'{text}' is not a limit. Write a number from 1 to {most}.",
                text=text[:60],
                most=MOST_PER_PAGE,
            ),
            "limit",
        )
    return number


def _words(name: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        return clean_text(text, name, limit=LONGEST_Q)[0]

    return read


def _place(text: str) -> str | None:
    # Ids that are worked out hold more signs than any other; what names the source stands in all of them.
    if not _PLACE.match(text):
        raise InvalidQuery(
            Message(
                "place: '{text}' is not the id of a place, such as geonames:173811. A name goes in q.",
                text=text[:60],
            ),
            "place",
        )
    return _words("place")(text)


def _country(text: str) -> str:
    if not _COUNTRY.fullmatch(text):
        raise InvalidQuery(
            Message("'{text}' is not a country code. Write two letters, such as SY.", text=text[:60]),
            "country",
        )
    return text.upper()


def _cursor(text: str) -> str:
    if not _CURSOR.fullmatch(text):
        raise InvalidQuery(
            Message("The page mark in after cannot be read. Start again from the first page."), "after"
        )
    return text


def _lang(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise InvalidQuery(
            Message("'{text}' is not a language. Write a tag such as en or ar.", text=text[:60]), "lang"
        )
    return text


# Parameters that may repeat, and the order in which a canonical URL has them.
_LISTS: dict[str, Callable[[Any], Any]] = {
    "event_type": str,
    "sub_event_type": str,
    "geo_precision": tuple(GeoPrecision).index,
    "status": tuple(Status).index,
}
_LOCATED = {True: "yes", False: "no"}
_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "bbox": ("bbox", BBox.parse),
    "datetime": ("interval", Interval.parse),
    "kind": ("kind", _kind),
    "event_type": ("event_types", _words("event_type")),
    "sub_event_type": ("sub_event_types", _words("sub_event_type")),
    "q": ("q", _words("q")),
    "place": ("place", _place),
    "country": ("country", _country),
    "admin1": ("admin1", _words("admin1")),
    "near": ("near", Near.parse),
    "area": ("area", Area.parse),
    "geo_precision": ("geo_precisions", _precision),
    "located": ("located", _located),
    "certainty": ("certainty", _sureness),
    "in_view": ("in_view", BBox.parse),
    "status": ("statuses", _status),
    "lang": ("lang", _lang),
    "limit": ("limit", _limit),
    "after": ("after", _cursor),
    "sort": ("sort", _choice("sort", SORTS)),
}


def _matches_bbox(query: EventQuery, event: Event) -> bool:
    if query.bbox is None or query.certainty is not None:
        return True
    return event.geometry is not None and query.bbox.intersects(event.geometry.bbox)


def _matches_view(query: EventQuery, event: Event) -> bool:
    if query.in_view is None:
        return True
    return event.geometry is not None and is_located(event) and query.in_view.intersects(event.geometry.bbox)


def _matches_region(query: EventQuery, event: Event) -> bool:
    if query.certainty is not None:
        return _certainty(query, event) is query.certainty
    return None not in _of_regions(query, event)


def _certainty(query: EventQuery, event: Event) -> Certainty | None:
    """How surely it lies in all that is asked of place and time, by where it may have been."""
    found = _of_regions(query, event)
    found += [of_place(event, query.bbox)] if query.bbox else []
    found += [of_days(event, query.interval)] if query.interval else []
    return least(found)


def _of_regions(query: EventQuery, event: Event) -> list[Certainty | None]:
    return [of_place(event, region) for region in regions_asked(query)]


def regions_asked(query: EventQuery) -> list[Circle | Geometry]:
    """The regions of `near` and `area`. Raises InvalidQuery while nobody has looked their places up."""
    found = []
    for name, asked in (("near", query.near), ("area", query.area)):
        if asked is not None:
            if asked.region is None:
                raise InvalidQuery(Message("The place of {name} was not looked up.", name=name), name)
            found.append(asked.region)
    return found


def is_located(event: Event) -> bool:
    """Whether it stands on the map."""
    return event.geometry is not None and event.geo_precision not in NOWHERE


_TESTS: tuple[Callable[[EventQuery, Event], bool], ...] = (
    lambda query, event: event.status in query.statuses,
    lambda query, event: query.kind is None or event.kind is query.kind,
    lambda query, event: not query.event_types or event.event_type in query.event_types,
    lambda query, event: not query.sub_event_types or event.sub_event_type in query.sub_event_types,
    lambda query, event: query.interval is None or query.interval.intersects(event.interval),
    lambda query, event: query.place is None or event.place_id == query.place,
    lambda query, event: query.country is None or event.country_code == query.country,
    lambda query, event: query.admin1 is None or fold(query.admin1) == fold(event.admin1 or ""),
    lambda query, event: not query.geo_precisions or event.geo_precision in query.geo_precisions,
    lambda query, event: query.located is None or is_located(event) is query.located,
    _matches_bbox,
    _matches_view,
    _matches_region,
    lambda query, event: query.q is None or has_words(event, query.q, query.alternatives),
)
