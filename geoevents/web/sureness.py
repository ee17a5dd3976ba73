"""How surely what is found is what was asked for, in words: counts that are links, and reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geoevents.certainties import last_day_known, of_days, of_place
from geoevents.events import Event
from geoevents.messages import Message
from geoevents.queries import EventQuery, regions_asked
from geoevents.regions import Certainty, Reach
from geoevents.times import Occurrence
from geoevents.web import languages, links, reading, vicinities, words
from geoevents.web.asking import Asked

_METRES_IN_KM = 1_000
NAMES = {Certainty.SURELY: Message("surely"), Certainty.POSSIBLY: Message("possibly")}


@dataclass(frozen=True, slots=True)
class Share:
    """How many are found surely, or possibly, and the address of just these."""

    text: str
    address: str
    is_chosen: bool


def shares(asked: Asked) -> tuple[Share, ...]:
    """Surely and possibly; nothing where neither place nor time is asked."""
    query = asked.query
    if not query.asks_where_or_when:
        return ()
    counts = reading.reader().tally(replace(query, after=None, limit=None)).by_certainty
    said = {
        Certainty.SURELY: Message("{count} surely", plural="{count} surely", count=counts[Certainty.SURELY]),
        Certainty.POSSIBLY: Message(
            "{count} possibly", plural="{count} possibly", count=counts[Certainty.POSSIBLY]
        ),
    }
    return tuple(
        Share(
            languages.in_words(message),
            links.link("browse.event_list", asked.with_query(certainty=each, after=None)),
            query.certainty is each,
        )
        for each, message in said.items()
    )


def also_searched(query: EventQuery) -> str:
    """The other names of places that words of the question also find, as a list; nothing without any."""
    # Names of several scripts stand side by side: each keeps its own direction.
    return words.listed(*(f"\u2068{name}\u2069" for each in query.alternatives for name in each.names))


def told(query: EventQuery) -> dict[str, str]:
    """What a page that asks should say of its own question: what its places are called."""
    said = {
        "near": vicinities.called(query.near) if query.near else "",
        "area": vicinities.place_called(query.area.place_id) if query.area else "",
        "also_searched": also_searched(query),
    }
    return {name: text for name, text in said.items() if text}


def reasons(event: Event, query: EventQuery) -> list[Message]:
    """Why an event is only possibly what was asked for."""
    said: list[Message] = []
    if query.interval and of_days(event, query.interval) is not Certainty.SURELY:
        said.append(_of_time(event))
    regions = [*regions_asked(query), *([query.bbox] if query.bbox else [])]
    if any(of_place(event, region) is not Certainty.SURELY for region in regions):
        said.append(_of_place(event))
    return said


def _of_time(event: Event) -> Message:
    if event.occurrence is Occurrence.LASTING:
        return Message("last reported on {day}", day=languages.day(last_day_known(event)))
    first, last = languages.days(event.date_start, event.date_end)
    return Message("dated between {first} and {last}", first=first, last=last or first)


def _of_place(event: Event) -> Message:
    reach = Reach.of(event.geometry, event.geo_precision, event.uncertainty_m)
    if reach is None or not reach.is_known:
        return Message("nobody says how exactly the place is known")
    if not reach.geometry.is_point:
        return words.precision(event) or Message("reaches beyond it")
    if reach.radius_m < _METRES_IN_KM:
        return Message("known within {metres} m", metres=round(reach.radius_m))
    return Message("known within {km} km", km=f"{reach.radius_m / _METRES_IN_KM:.1f}".removesuffix(".0"))
