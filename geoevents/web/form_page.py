"""The page of the form: its choices in words, its candidates with what they are, and what will be drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Response, g, make_response, render_template

from geoevents import workflows
from geoevents.cartography.precisions import PRECISIONS
from geoevents.errors import BadInput
from geoevents.events import Event, Kind, Sensitivity, Verification, public_view
from geoevents.messages import Message
from geoevents.places import Candidate, Context, GeoPrecision
from geoevents.queries import EventQuery
from geoevents.times import Occurrence, read_day
from geoevents.web import form_values, headers, languages, links, mapping, reading, words
from geoevents.web.asking import INTERNAL
from geoevents.web.forms import EventForm

_MOST_OTHER_NAMES = 6
_CLOSE_ENOUGH = 6
_SOME = EventQuery(limit=200)
TEXT_LANGUAGES = ("en", "ar", "kmr", "tr")
_CONFIDENTIAL = (("", Message("Yes")), ("yes", Message("No: it is confidential and never shown")))

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A place to choose: its name, what and where it is, what else it is called, why it may be meant."""

    place_id: str
    name: str
    line: str
    other_names: str
    why: str
    lon: float
    lat: float
    drawn: str
    chosen: bool


def answer(form: EventForm, status: int = 200) -> Response:
    """The form as it stands; what it shows is for the writer alone, so no cache keeps it."""
    text = render_template(
        "events/form.html", form=form, choices=choices(), shown=shown(form), path="/events/new"
    )
    return headers.keep_private(make_response(text.encode("utf-8", "replace"), status))


def grant(form: EventForm) -> None:
    """Do what a button of the form asked for, storing nothing: one more source, or look the place up."""
    if form.wish == "source":
        form.with_room_for_a_source()
    elif name := form.value("place_name").strip():
        country = form.value("country_code").strip().upper()
        context = Context(
            country_code=country or None, admin1=form.value("admin1").strip() or None, day=_day(form)
        )
        house = reading.backends()
        if form.keeps_name_here():
            house = replace(house, online=None)
        form.ask_which(*workflows.locate_anywhere(name, context, house), is_fault=False)


def choices() -> dict[str, Any]:
    """What may be chosen in each field: (value, words) in the order to show."""
    taxonomy, say, lang = reading.backends().taxonomy, languages.in_words, languages.labels()
    types = [(each.code, each.label(lang)) for each in taxonomy]
    return {
        "event_type": types,
        "sub_event_type": [
            (label, [(sub.code, sub.label(lang)) for sub in taxonomy.sub_types(code)])
            for code, label in types
        ],
        "kind": [(kind.value, say(words.KINDS_EXPLAINED[kind])) for kind in Kind],
        "lang": [(code, languages.LANGUAGE_NAMES[code]) for code in TEXT_LANGUAGES],
        "occurrence": [(each.value, say(words.OCCURRENCES[each])) for each in Occurrence],
        "geo_precision": [(each.value, say(PRECISIONS[each])) for each in GeoPrecision],
        "verification": [(each.value, say(words.VERIFICATIONS[each])) for each in Verification],
        "sensitivity": [(each.value, say(words.SENSITIVITIES[each])) for each in Sensitivity],
        "civilian_targeting": [("yes", say(Message("yes"))), ("no", say(Message("no")))],
        "source_confidential": [(value, say(text)) for value, text in _CONFIDENTIAL],
    }


def shown(form: EventForm) -> dict[str, Any]:
    """What the page shows beside the fields."""
    found = form.resolution
    return {
        "labels": {name: languages.in_words(label) for name, label in form_values.FIELDS.items()},
        "source_labels": {
            name: languages.in_words(label) for name, label in form_values.SOURCE_FIELDS.items()
        },
        "candidates": [_shown_candidate(each, form) for each in found.candidates] if found else [],
        "suggestions": found.suggestions if found and not found.candidates else (),
        "drawn_as": {each.value: languages.in_words(words.DRAWN[each]) for each in GeoPrecision},
        "view": _first_view(),
        "online": reading.backends().online,
        "from_online": found and any(each.place.place_id.startswith("online:") for each in found.candidates),
        "drawn": words.will_be_drawn(form.base) if form.base else None,
        "alike": [(each, address_of(each)) for each in form.alike],
    }


def _day(form: EventForm) -> date | None:
    try:
        return read_day(form.value("date_start"))
    except BadInput:
        return None


def address_of(event: Event) -> str:
    """Where a writer sees an event; one that is not public, in the internal view."""
    address = links.link("browse.event", event_id=event.id)
    if public_view(event) is not None or g.get("internal"):
        return address
    return f"{address}{'&' if '?' in address else '?'}view={INTERNAL}"


def _first_view() -> str:
    """lon,lat,zoom of the picker's map: around what the public map shows; else the region."""
    shown = reading.backends().public.events(_SOME)
    middles = [event.geometry.bbox.middle for event in shown if event.geometry]
    if not middles:
        return ",".join(str(each) for each in mapping.first_view() or ())
    lons, lats = sorted(each.lon for each in middles), sorted(each.lat for each in middles)
    return f"{lons[len(lons) // 2]:.2f},{lats[len(lats) // 2]:.2f},{_CLOSE_ENOUGH}"


def _shown_candidate(candidate: Candidate, form: EventForm) -> ShownCandidate:
    place = candidate.place
    name = place.name_in(languages.labels())
    others = [other for other in (place.name, *place.other_names()) if other != name]
    return ShownCandidate(
        place_id=place.place_id,
        name=name,
        line=words.place_line(place),
        other_names=" · ".join(others[:_MOST_OTHER_NAMES]),
        why=languages.in_words(candidate.why),
        lon=place.lon,
        lat=place.lat,
        drawn=languages.in_words(words.DRAWN[place.geo_precision]),
        chosen=place.place_id == form.value("place_id"),
    )
