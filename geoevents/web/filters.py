"""The filters of a list: what is in force, as chips that read as a sentence, and what else to choose."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from geoevents.cartography.precisions import PRECISIONS
from geoevents.cartography.symbols import symbol_svg
from geoevents.event_types import EventType
from geoevents.events import Kind
from geoevents.messages import Message
from geoevents.places import GeoPrecision
from geoevents.queries import SORTS, EventQuery
from geoevents.times import Interval
from geoevents.web import languages, links, mapping, reading, sureness, tallies, vicinities, words
from geoevents.web.asking import Asked
from geoevents.web.tallies import Tally
from geoevents.web.vicinities import Vicinity

# Below this a colour stands out less than 3.5 to 1 from the dark ground; pages.css turns it light there.
_DEEP = 0.2
_LOCATED = {True: Message("on the map"), False: Message("not on the map")}
_PLURAL = {Kind.EVENT: Message("events only"), Kind.CONDITION: Message("conditions only")}


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, and the address without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """A type to choose: how many events the rest of the question finds of it, and the address of those."""

    code: str
    label: str
    symbol: Markup
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filters:
    counts: tuple[str, ...]
    chips: tuple[Chip, ...]
    types: tuple[TypeChoice, ...]
    kinds: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    countries: tuple[Choice, ...]
    vicinity: Vicinity
    precisions: tuple[Choice, ...]
    located: tuple[Choice, ...]
    interval: Interval
    carried: tuple[tuple[str, str], ...]
    place_is_set: bool


def of(asked: Asked) -> Filters:
    """The filters of a question, counted by the same reader that answers it."""
    query = asked.query
    statuses = asked.usual_statuses
    tally = tallies.of(asked)
    return Filters(
        counts=tuple(_counts(asked)),
        chips=tuple(_chips(asked)),
        types=tuple(_type_choice(each, asked, tally) for each in reading.backends().taxonomy),
        kinds=tuple(
            Choice(kind.value, languages.in_words(_PLURAL[kind]), query.kind is kind) for kind in Kind
        ),
        statuses=tuple(
            Choice(each.value, languages.in_words(words.STATUSES[each]), each in query.statuses)
            for each in statuses
        ),
        sorts=tuple(
            Choice(each, languages.in_words(words.SORTS[each]), query.sort == each) for each in SORTS
        ),
        countries=tuple(
            Choice(code, words.country(code) or code, code == query.country)
            for code in dict.fromkeys((*mapping.region(), *filter(None, [query.country])))
        ),
        vicinity=asked.unclear.asked if asked.unclear else vicinities.shown(query),
        precisions=_precisions(query),
        located=_located(query),
        interval=query.interval or Interval(None, None),
        carried=tuple(_carried(asked)),
        place_is_set=any(
            (
                query.country,
                query.admin1,
                query.near,
                query.area,
                query.geo_precisions,
                query.located is not None,
            )
        ),
    )


def _precisions(query: EventQuery) -> tuple[Choice, ...]:
    return tuple(
        Choice(each.value, languages.in_words(PRECISIONS[each]), each in query.geo_precisions)
        for each in GeoPrecision
    )


def _located(query: EventQuery) -> tuple[Choice, ...]:
    return tuple(
        Choice(value, languages.in_words(_LOCATED[is_so]), query.located is is_so)
        for value, is_so in (("yes", True), ("no", False))
    )


def symbol(
    event_type: EventType | None, *, hollow: bool = False, struck: bool = False, plated: bool = False
) -> Markup:
    """The symbol of a type. Colour and outline are checked as the taxonomy is read: this is nobody's text."""
    if event_type is None:
        return Markup()
    drawn = symbol_svg(event_type, hollow=hollow, struck=struck, plated=plated)
    if _luminance(event_type.colour) < _DEEP:
        drawn = drawn.replace('class="symbol', 'class="symbol deep', 1)
    return Markup(drawn)  # noqa: S704


def _luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2.2 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _counts(asked: Asked) -> list[str]:
    """How many events and, apart from them, how many conditions; of what nobody asked for, nothing."""
    found = tallies.by_kind(asked)
    events, conditions = found[Kind.EVENT], found[Kind.CONDITION]
    said = []
    if events or not conditions:
        said.append(Message("{count} event", plural="{count} events", count=events))
    if conditions:
        said.append(Message("{count} condition", plural="{count} conditions", count=conditions))
    return [languages.in_words(each) for each in said]


def _type_choice(each: EventType, asked: Asked, tally: Tally) -> TypeChoice:
    chosen = each.code in asked.query.event_types
    only = replace(asked.query, event_types=(each.code,), after=None)
    count = sum(tally[each.code, kind] for kind in Kind if only.kind in (None, kind))
    address = links.link("browse.event_list", replace(asked, query=only))
    return TypeChoice(each.code, each.label(languages.labels()), symbol(each), count, address, chosen)


def _chips(asked: Asked) -> list[Chip]:
    query, taxonomy = asked.query, reading.backends().taxonomy
    found: list[tuple[str, EventQuery]] = []
    for code in query.event_types:
        rest = tuple(each for each in query.event_types if each != code)
        found.append((taxonomy.label(code, languages.labels()), replace(query, event_types=rest)))
    for code in query.sub_event_types:
        rest = tuple(each for each in query.sub_event_types if each != code)
        found.append((taxonomy.label(code, languages.labels()), replace(query, sub_event_types=rest)))
    if query.kind:
        found.append((languages.in_words(_PLURAL[query.kind]), replace(query, kind=None)))
    if query.interval:
        found.append((languages.in_words(_days(query.interval)), replace(query, interval=None)))
    found += _where_chips(query)
    if query.q:
        found.append((languages.in_words(Message("with “{words}”", words=query.q)), replace(query, q=None)))
    default = asked.usual_statuses
    if query.statuses != default:
        named = " / ".join(languages.in_words(words.STATUSES[each]) for each in query.statuses)
        found.append((named, replace(query, statuses=default)))
    return [
        Chip(text, links.link("browse.event_list", replace(asked, query=replace(rest, after=None))))
        for text, rest in found
    ]


def _where_chips(query: EventQuery) -> list[tuple[str, EventQuery]]:
    found = []
    if query.place:
        found.append(
            (
                languages.in_words(Message("at {place}", place=words.place_label(query.place, query.place))),
                replace(query, place=None),
            )
        )
    if query.admin1:
        named = words.governorate(query.admin1, query.country) or query.admin1
        found.append((named, replace(query, admin1=None)))
    if query.country:
        found.append((words.country(query.country) or query.country, replace(query, country=None)))
    if query.bbox:
        found.append(
            (languages.in_words(Message("within {bbox}", bbox=str(query.bbox))), replace(query, bbox=None))
        )
    if query.in_view:
        found.append((languages.in_words(Message("in view on the map")), replace(query, in_view=None)))
    if query.near:
        found.append((languages.in_words(vicinities.distance(query.near)), replace(query, near=None)))
    if query.area:
        place = vicinities.place_called(query.area.place_id)
        found.append((languages.in_words(Message("in {place}", place=place)), replace(query, area=None)))
    if query.geo_precisions:
        known = " / ".join(languages.in_words(PRECISIONS[each]) for each in query.geo_precisions)
        found.append((known, replace(query, geo_precisions=())))
    if query.located is not None:
        found.append((languages.in_words(_LOCATED[query.located]), replace(query, located=None)))
    if query.certainty:
        found.append((languages.in_words(sureness.NAMES[query.certainty]), replace(query, certainty=None)))
    return found


def _days(interval: Interval) -> Message:
    if interval.start is None:
        assert interval.end is not None
        return Message("until {last}", last=languages.day(interval.end))
    if interval.end is None:
        return Message("since {first}", first=languages.day(interval.start))
    first, last = languages.days(interval.start, interval.end)
    return Message("from {first} to {last}", first=first, last=last) if last else Message("{day}", day=first)


def _carried(asked: Asked) -> list[tuple[str, str]]:
    query = asked.query
    named = {
        "bbox": query.bbox,
        "in_view": query.in_view,
        "place": query.place,
        "q": query.q,
        "near": query.near,
        "area": query.area,
        "certainty": query.certainty,
        "limit": query.limit,
    }
    pairs = [(name, str(value)) for name, value in named.items() if value is not None]
    pairs += [("sub_event_type", code) for code in query.sub_event_types]
    pairs += [("view", asked.view)] if asked.view else []
    lang = links.carried_language()
    return [*pairs, ("lang", lang)] if lang else pairs
