"""What the page of one event says, in the order a reader asks: what, when, where, who says so, how sure."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from geoevents.events import Event, Sensitivity, Status
from geoevents.messages import Message
from geoevents.web import languages, reading, showing, words
from geoevents.web.words import Text


@dataclass(frozen=True, slots=True)
class Facts:
    """An event in words. What is None is not known, or not for this reader, and is left out."""

    title: Text
    description: Text | None
    symbol: Markup
    type_label: str
    sub_type_label: str | None
    kind: str
    when: str
    where: str | None
    reported_as: str | None
    precision: str | None
    drawn: str | None
    place_line: str | None
    protected: str | None
    verification: str
    status: str
    is_retracted: bool
    is_condition: bool
    casualties: str | None
    actors: tuple[tuple[str, str], ...]
    about: tuple[tuple[str, str], ...]
    place_labels: dict[str, str]


def of(event: Event) -> Facts:
    taxonomy, say = reading.backends().taxonomy, languages.in_words
    precision, drawn = words.precision(event), words.will_be_drawn(event)
    return Facts(
        title=words.title(event),
        description=words.description(event),
        symbol=showing.symbol_of(event),
        type_label=taxonomy.label(event.event_type, languages.labels()),
        sub_type_label=taxonomy.label(event.sub_event_type, languages.labels())
        if event.sub_event_type
        else None,
        kind=say(words.KINDS_EXPLAINED[event.kind]),
        when=say(words.when(event)),
        where=words.where(event),
        reported_as=words.reported_as(event),
        precision=say(precision) if precision else None,
        drawn=say(drawn) if drawn else None,
        place_line=_place_line(event),
        protected=None if event.sensitivity is Sensitivity.EXACT else say(words.PROTECTED[event.sensitivity]),
        verification=say(words.VERIFICATIONS[event.verification]),
        status=say(words.STATUSES[event.status]),
        is_retracted=event.status is Status.RETRACTED,
        is_condition=event.kind.value == "condition",
        casualties=_casualties(event),
        actors=tuple((actor.name, say(words.ACTOR_ROLES[actor.role])) for actor in event.actors),
        about=tuple(
            (
                words.place_label(each.place_id, each.place_label) or each.place_id or "",
                say(words.ABOUT_ROLES[each.role]),
            )
            for each in event.about
        ),
        place_labels=words.place_labels([event]),
    )


def _place_line(event: Event) -> str | None:
    admin1 = words.governorate(event.admin1, event.country_code)
    named = words.where(event) or ""
    district = event.admin2 if event.admin2 != event.admin1 else None
    parts = [
        languages.in_words(Message("district of {name}", name=district))
        if district and district not in named
        else None,
        admin1,
        words.country(event.country_code),
    ]
    return words.listed(*(part for part in parts if part and part not in named)) or None


def _casualties(event: Event) -> str | None:
    low, best, high = event.fatalities_low, event.fatalities_best, event.fatalities_high
    if low is None and best is None and high is None:
        return None
    if low is None or high is None:
        return _half_known(low, best, high)
    if best is None:
        return languages.in_words(Message("between {low} and {high}", low=low, high=high))
    return languages.in_words(Message("{best} (between {low} and {high})", best=best, low=low, high=high))


def _half_known(low: int | None, best: int | None, high: int | None) -> str:
    """A number and, where only one of its bounds is known, that one."""
    bound = None
    if low is not None:
        bound = languages.in_words(Message("at least {number}", number=low))
    elif high is not None:
        bound = languages.in_words(Message("at most {number}", number=high))
    if best is None:
        return bound or ""
    return languages.in_words(Message("{best} ({bound})", best=best, bound=bound)) if bound else str(best)
