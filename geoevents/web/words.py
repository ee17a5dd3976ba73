"""An event in words: when, where, how exactly, how sure; the same for lists, pages and forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from flask import g

from geoevents.cartography.drawing import NEAR_M, SAYS_WHERE, is_worked_out
from geoevents.cartography.precisions import PRECISIONS
from geoevents.errors import GazetteerError
from geoevents.events import AboutRole, ActorRole, Content, Event, Kind, Sensitivity, Status, Verification
from geoevents.messages import Message
from geoevents.places import Context, GeoPrecision, Place
from geoevents.times import Occurrence
from geoevents.web import languages, reading

METRES_IN_KM = 1_000
# CLDR knows Kurmanji as ku.
_CLDR_TAGS = {"kmr": "ku"}

DRAWN: dict[GeoPrecision, Message] = {
    GeoPrecision.SITE: Message("drawn as a pin"),
    GeoPrecision.NEIGHBOURHOOD: Message("drawn as a pin"),
    GeoPrecision.SETTLEMENT: Message("drawn as a pin"),
    GeoPrecision.NEAR: Message("drawn as a circle"),
    GeoPrecision.LINE: Message("drawn as a line, or as a dashed circle where its course is not known"),
    GeoPrecision.DISTRICT: Message(
        "drawn as a hatched area, or as a dashed circle where its extent is estimated"
    ),
    GeoPrecision.AREA: Message(
        "drawn as a hatched area, or as a dashed circle where its extent is estimated"
    ),
    GeoPrecision.PROVINCE: Message(
        "drawn as a hatched area, or as a dashed circle where its extent is estimated"
    ),
    GeoPrecision.COUNTRY: Message("in the list only; nothing is drawn"),
    GeoPrecision.UNLOCATED: Message("in the list only; nothing is drawn"),
}

KINDS = {Kind.EVENT: Message("Event"), Kind.CONDITION: Message("Condition")}
KINDS_EXPLAINED = {
    Kind.EVENT: Message("It happened"),
    Kind.CONDITION: Message("It holds: a crossing closed, an area held by a force"),
}
OCCURRENCES = {
    Occurrence.ONCE: Message("Once: on a day between the two dates"),
    Occurrence.LASTING: Message("It lasted, or lasts still: from the first date to the last"),
}
VERIFICATIONS = {
    Verification.UNVERIFIED: Message("Unverified"),
    Verification.CORROBORATED: Message("Corroborated"),
    Verification.VERIFIED: Message("Verified"),
    Verification.DISPUTED: Message("Disputed"),
    Verification.DEBUNKED: Message("Debunked"),
}
VERIFICATIONS_EXPLAINED = {
    Verification.UNVERIFIED: Message("Its sources say so; nobody here has checked it."),
    Verification.CORROBORATED: Message("Sources that do not rest on each other say the same."),
    Verification.VERIFIED: Message("It was checked, and the event says against what."),
    Verification.DISPUTED: Message("Sources contradict each other on whether or how it happened."),
    Verification.DEBUNKED: Message("It was shown not to have happened so. It stays, as such."),
}
RETRACTED_EXPLAINED = Message("Our own error. It stays, struck through, with the reason.")
STATUSES = {
    Status.DRAFT: Message("Draft"),
    Status.IN_REVIEW: Message("In review"),
    Status.PUBLISHED: Message("Published"),
    Status.RETRACTED: Message("Retracted"),
    Status.MERGED: Message("Merged"),
}
SENSITIVITIES = {
    Sensitivity.EXACT: Message("Anybody may see the exact place"),
    Sensitivity.GRID: Message("Only a square of a tenth of a degree (about 10 km)"),
    Sensitivity.ADMIN1: Message("Only the governorate"),
    Sensitivity.HIDDEN: Message("Nothing: the public does not learn that there is such an event"),
}
PROTECTED = {
    Sensitivity.GRID: Message(
        "The place is shown only as a square of a tenth of a degree, to protect people."
    ),
    Sensitivity.ADMIN1: Message("Only the governorate is shown, to protect people."),
    Sensitivity.HIDDEN: Message("The public does not see this event at all."),
}
ACTOR_ROLES = {
    ActorRole.SIDE_A: Message("one side"),
    ActorRole.SIDE_B: Message("the other side"),
    ActorRole.ASSOCIATED: Message("associated"),
    ActorRole.TARGET: Message("target"),
    ActorRole.AFFECTED: Message("affected"),
}
ABOUT_ROLES = {
    AboutRole.CONCERNS: Message("it is spoken of"),
    AboutRole.DEMANDS: Message("something is demanded of it"),
    AboutRole.ALLEGES: Message("something is alleged of it"),
}
KINDS_OF_PLACE = {
    "settlement": Message("town or village"),
    "quarter": Message("quarter"),
    "site": Message("site"),
    "crossing": Message("crossing"),
    "camp": Message("camp"),
    "prison": Message("prison"),
    "dam": Message("dam"),
    "oil_field": Message("oil field"),
    "military_base": Message("military base"),
    "natural": Message("mountain, water or land"),
    "road": Message("road"),
    "river": Message("river"),
    "area": Message("area"),
    "admin1": Message("governorate"),
    "admin2": Message("district"),
    "country": Message("country"),
}
SORTS = {
    "-date": Message("Newest first"),
    "date": Message("Oldest first"),
    "-updated": Message("Last changed first"),
    "updated": Message("Longest unchanged first"),
    "title": Message("By title"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """Somebody's words and the language they are in, which says how they run."""

    words: str
    lang: str | None


def when(event: Content) -> Message:
    """The days, with what they mean: one of them, or all of them."""
    first, last = languages.days(event.date_start, event.date_end)
    if event.occurrence is Occurrence.LASTING:
        if event.date_end is None:
            return Message("since {first}, still so when last reported", first=first)
        return Message("from {first} to {last}", first=first, last=last or first)
    if last:
        return Message("between {first} and {last}", first=first, last=last)
    return Message("{day}", day=first)


# The same words as in the popups of the map.
_KNOWN: dict[GeoPrecision, Message] = PRECISIONS | {
    GeoPrecision.SITE: Message("exact site"),
    GeoPrecision.NEIGHBOURHOOD: Message("within about 1 km"),
    GeoPrecision.SETTLEMENT: Message("somewhere in the town"),
}


_OF_A_POINT: dict[GeoPrecision, Message] = {
    GeoPrecision.NEIGHBOURHOOD: Message("within about 1 km of this point"),
    GeoPrecision.SETTLEMENT: Message("within about 3 km of this point"),
}
_NOT_AT_A_POINT = (GeoPrecision.COUNTRY, GeoPrecision.UNLOCATED)


def precision(event: Content) -> Message | None:
    """How exactly the place is known; None while there is none."""
    if event.geo_precision is None:
        return None
    if _is_bare_point(event):
        if event.geo_precision is GeoPrecision.NEAR:
            return Message("within {km} km of this point", km=_km(event.uncertainty_m or NEAR_M))
        return _OF_A_POINT.get(event.geo_precision, _KNOWN[event.geo_precision])
    if event.geo_precision is GeoPrecision.NEAR and event.uncertainty_m:
        if (event.place_id or "").startswith(SAYS_WHERE):
            return Message("within {km} km", km=_km(event.uncertainty_m))
        return Message("near it, within {km} km", km=_km(event.uncertainty_m))
    if event.geo_precision is GeoPrecision.LINE and event.uncertainty_m:
        return Message("along it, within {km} km", km=_km(event.uncertainty_m))
    return _KNOWN[event.geo_precision]


def where(event: Content) -> str | None:
    """The place by its best name in the reader's language, else its coordinates; None without either."""
    if _is_bare_point(event):
        assert event.geometry is not None
        box = event.geometry.bbox
        return languages.in_words(
            Message("latitude {lat}, longitude {lon}", lat=f"{box.south:.4f}", lon=f"{box.west:.4f}")
        )
    label = place_label(event.place_id, event.place_label) or event.place_name
    return label or listed(governorate(event.admin1, event.country_code), country(event.country_code)) or None


def _is_bare_point(event: Content) -> bool:
    """Whether all that is known of the place is where it is, as typed or clicked."""
    is_named = bool(event.place_label or event.place_name)
    is_point = event.geometry is not None and event.geometry.is_point
    return is_point and not is_named and event.geo_precision not in _NOT_AT_A_POINT


def place_label(place_id: str | None, kept: str | None) -> str | None:
    """What to call a place in the reader's language, where the gazetteer knows it; else the label kept."""
    lang = languages.labels()
    if place_id is None or lang == "en":
        return kept
    try:
        place = reading.backends().gazetteer.get(place_id)
    except (LookupError, GazetteerError):
        return kept
    name = place.said.in_language(lang) if place.said else dict(reversed(place.names)).get(lang)
    within = governorate(place.admin1, place.country_code), country(place.country_code)
    return listed(name, *within) if name else kept


def place_labels(events: Iterable[Content]) -> dict[str, str]:
    """The labels of events and of what they speak of, each with what it is in the reader's language."""
    kept: dict[str, str | None] = {}
    for event in events:
        about = ((each.place_label, each.place_id) for each in event.about)
        kept |= {
            label: place_id for label, place_id in ((event.place_label, event.place_id), *about) if label
        }
    said = {label: place_label(place_id, label) or label for label, place_id in kept.items()}
    return {label: own for label, own in said.items() if own != label}


def governorate(name: str | None, country_code: str | None) -> str | None:
    """The first-level area in the reader's language, where the gazetteer is sure which one is meant."""
    if name is None or languages.labels() == "en":
        return name
    looked_up: dict[tuple[str, str | None], str | None] = g.setdefault("governorates", {})
    if (name, country_code) not in looked_up:
        looked_up[name, country_code] = _governorate(name, country_code)
    return looked_up[name, country_code] or name


def _governorate(name: str, country_code: str | None) -> str | None:
    try:
        found = reading.backends().gazetteer.resolve(
            f"{name} governorate", Context(country_code=country_code)
        )
    except GazetteerError:
        return None
    place = found.place
    return (
        dict(reversed(place.names)).get(languages.labels())
        if place is not None and place.kind == "admin1"
        else None
    )


def reported_as(event: Content) -> str | None:
    """The name that was reported, where the label does not already say it."""
    name = event.place_name
    return name if name and name.casefold() not in (where(event) or "").casefold() else None


def country(code: str | None) -> str | None:
    """
    The name of a country in the reader's language (Unicode CLDR); its code where CLDR has none.

    In English the name that the labels of places end in, lest one page call it by two.
    """
    if not code:
        return None
    if languages.labels() == "en":
        known = reading.backends().gazetteer.country(code)
        if known is not None:
            return known.name
    for tag in (languages.labels(), languages.words(), "en"):
        try:
            if name := Locale.parse(_CLDR_TAGS.get(tag, tag)).territories.get(code):
                return str(name)
        except (UnknownLocaleError, ValueError):
            continue
    return code


def is_hollow(event: Content) -> bool:
    """Whether the symbol is drawn hollow: what is not sure does not look so."""
    return event.verification in (Verification.UNVERIFIED, Verification.DISPUTED)


def is_struck(event: Event) -> bool:
    """Whether the symbol is struck through: what was withdrawn, or shown to be false."""
    return event.status is Status.RETRACTED or event.verification is Verification.DEBUNKED


def title(event: Event) -> Text:
    """The title in the reader's language where somebody wrote it, else as it was written."""
    translated = next(
        (each for each in event.translations if each.lang == languages.labels() and each.title), None
    )
    return Text(str(translated.title), translated.lang) if translated else Text(event.title, event.lang)


def description(event: Event) -> Text | None:
    translated = next(
        (each for each in event.translations if each.lang == languages.labels() and each.description), None
    )
    if translated:
        return Text(str(translated.description), translated.lang)
    return Text(event.description, event.lang) if event.description else None


def place_line(place: Place) -> str:
    """What a candidate is and where: crossing, Hasakah, Syria."""
    kind = languages.in_words(KINDS_OF_PLACE.get(place.kind, place.kind))
    within = governorate(place.admin1, place.country_code), country(place.country_code)
    return listed(kind, place.admin2, *within)


def will_be_drawn(event: Content) -> Message | None:
    """The calm line of the form: what the map will show."""
    if event.geo_precision is None:
        return None
    if event.geo_precision is GeoPrecision.NEAR and event.uncertainty_m:
        return Message("drawn as a circle of {km} km", km=_km(event.uncertainty_m))
    if event.geometry is not None and is_worked_out(
        event.place_id, event.geometry.type, len(event.geometry.coordinates)
    ):
        if event.geo_precision is GeoPrecision.LINE:
            return Message("drawn as a dotted line: only its two ends are known")
        return Message("drawn as a hatched area with a dotted edge: its extent is estimated")
    return DRAWN[event.geo_precision]


def listed(*parts: str | None) -> str:
    comma = "، " if languages.words() == "ar" else ", "
    return comma.join(dict.fromkeys(part for part in parts if part))


def _km(metres: int) -> str:
    return f"{metres / METRES_IN_KM:.1f}".removesuffix(".0")
