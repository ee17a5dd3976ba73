"""The words of the map: what the page shell and its scripts say, in one language.

Knows each sentence by a short key. Knows nothing of pages, scripts or events.
To add one: a row here and `t("key")` in a script or `{{ words.key }}` in the shell; then `make translations`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale

from geoevents.cartography.drawing import NEAR_M, SAYS_WHERE, WORKED_OUT
from geoevents.messages import COMPLETE_LANGUAGES, Message, direction
from geoevents.regions import ESTIMATED_M

# Months as the Levant names them, days first in English; digits as the sentences have them.
_DATE_LOCALES = {"en": "en-GB", "ar": "ar-SY-u-nu-latn"}
_NUMBER_LOCALES = {"en": "en-GB", "ar": "ar-u-nu-latn"}
_MOST_TRIED = 200


class _Count(int):
    """A number that chooses the plural form and is then still open, for the script to fill in."""

    def __str__(self) -> str:
        return "{count}"


def language_of_words(lang: str) -> str:
    """The language that sentences are in for a reader of `lang`: only complete ones are."""
    return lang if lang in COMPLETE_LANGUAGES else "en"


# The words that the shell shows before any script runs; some are taken up by scripts.
_PAGE = {
    "map": Message("Map"),
    "list": Message("List"),
    "about": Message("About"),
    "add": Message("Add event"),
    "skip_to_list": Message("Skip to the list of events"),
    "search": Message("Search place or words"),
    "search_button": Message("Search"),
    "language": Message("Language"),
    "types": Message("Types"),
    "time": Message("Time"),
    "place": Message("Place"),
    "more": Message("More"),
    "filters": Message("Filters"),
    "apply": Message("Apply"),
    "clear_all": Message("Clear all"),
    "from": Message("From"),
    "to": Message("To"),
    "country": Message("Country"),
    "any_country": Message("Any country"),
    "admin1": Message("Governorate"),
    "near_place": Message("Near a place"),
    "near_km": Message("Within how many km"),
    "located": Message("On the map or not"),
    "either": Message("Either"),
    "on_map": Message("on the map"),
    "off_map": Message("not on the map"),
    "known": Message("How exactly known"),
    "kind": Message("Kind"),
    "any_kind": Message("Events and conditions"),
    "only_events": Message("Only events: what happened"),
    "only_conditions": Message("Only conditions: what holds"),
    "status": Message("Status"),
    "any_status": Message("Published and retracted"),
    "only_published": Message("Only published"),
    "only_retracted": Message("Only retracted"),
    "events_on_map": Message("Map of events"),
    "through_time": Message("Events through time"),
    "no_script": Message("The map needs JavaScript. The list has the same events without it."),
    "whole_list": Message("All as a list"),
    "download": Message("Download"),
    "geojson": Message("GeoJSON"),
    "csv": Message("CSV"),
    "show_more": Message("Show more"),
    "follow": Message("Only in view"),
    "title": Message("What happened"),
    "sources": Message("Who says so"),
    "retracted": Message("Retracted"),
    "sheet": Message("Show or hide the list"),
    "legend": Message("Types of events"),
    "share": Message("Share"),
    "link": Message("Link"),
    "embed": Message("Code for a page of yours"),
    "copy_link": Message("Copy link"),
    "copy_embed": Message("Copy code"),
    "picture_png": Message("Picture (PNG)"),
    "picture_pdf": Message("Page for print (PDF)"),
    "save_view": Message("Save this map"),
    "saved_views": Message("Saved maps"),
    "whole_map": Message("Whole map with its list"),
    "events": Message("{count} event", plural="{count} events", count=1),
    "conditions": Message("{count} condition", plural="{count} conditions", count=1),
}


# The words of the scripts of the map; pictures have some of them, too.
MAP_WORDS = {
    "download_all": Message("Download {events}:", events="{events}"),
    "near_chip": Message("within {km} km of {place}", km="{km}", place="{place}"),
    "area_chip": Message("in {place}", place="{place}"),
    "only_possibly": Message("possibly"),
    "also_searched": Message("Also searched: {names}", names="{names}"),
    "unplaced": Message("{count} without a place", plural="{count} without a place", count=1),
    "cluster": Message("{count} event: {types}", plural="{count} events: {types}", count=1, types="{types}"),
    "type_count": Message("{type}: {count}", type="{type}", count="{count}"),
    "here": Message("{count} event at this place", plural="{count} events at this place", count=1),
    "back_to": Message("Back to {count} event here", plural="Back to all {count} here", count=1),
    "report_mistake": Message("Report a mistake"),
    "mistake_in": Message("A mistake in event {id}, version {version}", id="{id}", version="{version}"),
    "first_of": Message("The newest {shown} of {count}.", shown="{shown}", count="{count}"),
    "nothing": Message("Nothing here yet. Add an event or import a file."),
    "none_in_view": Message("None of these stands where the map is."),
    "no_match": Message("No event matches these filters."),
    "dropped": Message(
        "The address held something unknown here, which was left out: {names}.", names="{names}"
    ),
    "internal_view": Message(
        "Internal view: drafts, exact places and internal fields are shown. Do not pass this page on."
    ),
    "not_loaded": Message("The events did not load. Move the map to ask again."),
    "not_a_filter": Message("This address has no meaning here: {reason}", reason="{reason}"),
    "close": Message("Close"),
    "zoom_in": Message("Zoom in"),
    "zoom_out": Message("Zoom out"),
    "metres": Message("{number} m", number="{number}"),
    "kilometres": Message("{number} km", number="{number}"),
    "open_legend": Message("Legend"),
    "how_to_read": Message("How to read the map"),
    "precision_pin": Message("Symbol: known to the town or better"),
    "precision_circle": Message("Circle: somewhere within it"),
    "precision_area": Message("Hatched: somewhere in this area"),
    "precision_estimate": Message("Dashed: the extent is estimated"),
    "condition_note": Message("In a frame: a condition, which holds"),
    "hollow_note": Message("Hollow: unverified or disputed"),
    "struck_note": Message("Struck through: retracted or debunked"),
    "cluster_note": Message("Ring: several, by type"),
    "condition": Message("Condition"),
    "between": Message("between {first} and {last}", first="{first}", last="{last}"),
    "from_to": Message("from {first} to {last}", first="{first}", last="{last}"),
    "since": Message("since {first}, still so when last reported", first="{first}"),
    "place_and": Message("{place} · {how}", place="{place}", how="{how}"),
    "no_name": Message("A place without a name"),
    "coordinates": Message("latitude {lat}, longitude {lon}", lat="{lat}", lon="{lon}"),
    "neighbourhood_of_point": Message("within about 1 km of this point"),
    "settlement_of_point": Message("within about 3 km of this point"),
    "near_point": Message("within {km} km of this point", km="{km}"),
    "site": Message("exact site"),
    "neighbourhood": Message("within about 1 km"),
    "settlement": Message("somewhere in the town"),
    "within": Message("within {km} km", km="{km}"),
    "near": Message("near {place}, within {km} km", place="{place}", km="{km}"),
    "line": Message("somewhere along {place}", place="{place}"),
    "inside": Message("somewhere in {place}", place="{place}"),
    "unlocated": Message("nobody knows where"),
    "coarse": Message("drawn coarsely"),
    "estimated": Message("extent estimated"),
    "protected": Message("shown only roughly, to protect people"),
    "unknown_precision": Message("how exactly is not known"),
    "reported_as": Message("reported as “{name}”", name="{name}"),
    "said_by": Message("{publisher}, quoting {said_by}", publisher="{publisher}", said_by="{said_by}"),
    "more_sources": Message("and {count} more source", plural="and {count} more sources", count=1),
    "no_source": Message("No source is shown"),
    "a_source": Message("Source"),
    "unverified": Message("Unverified"),
    "corroborated": Message("Corroborated"),
    "verified": Message("Verified"),
    "disputed": Message("Disputed"),
    "debunked": Message("Debunked"),
    "retracted_because": Message("Retracted: {reason}", reason="{reason}"),
    "speaks_of": Message("It speaks of {places}", places="{places}"),
    "open_event": Message("Whole event"),
    "first_day": Message("First day"),
    "last_day": Message("Last day"),
    "from_beginning": Message("from the beginning, {day}", day="{day}"),
    "to_end": Message("to the end, {day}", day="{day}"),
    "days_since": Message("since {first}", first="{first}"),
    "days_until": Message("until {last}", last="{last}"),
    "all_days": Message("All days"),
    "play": Message("Play through time"),
    "stop": Message("Stop playing"),
    "a_bar_is_a_day": Message("A bar is a day"),
    "a_bar_is_a_week": Message("A bar is a week"),
    "a_bar_is_a_month": Message("A bar is a month"),
    "a_bar_is_a_quarter": Message("A bar is a quarter of a year"),
    "a_bar_is_a_year": Message("A bar is a year"),
    "bar_says": Message("{days}: {counts}", days="{days}", counts="{counts}"),
    "bar_surely": Message("{count} surely", plural="{count} surely", count=1),
    "bar_possibly": Message("{count} possibly", plural="{count} possibly", count=1),
    "bar_holding": Message("{count} lasting then", plural="{count} lasting then", count=1),
    "bar_note": Message("Hatched in a bar: it may have been on another day"),
    "hanging_note": Message("Below the bars: what lasted or still holds"),
    "copied": Message("Copied."),
    "copy_yourself": Message("Copying is not allowed here: it is marked, press Ctrl+C."),
    "borders_approximate": Message("Borders approximate"),
    "locate": Message("Where I am"),
    "locating": Message("Asking your browser where you are …"),
    "locate_refused": Message("Your browser keeps to itself where you are."),
    "locate_failed": Message("Your browser does not know where you are."),
    "fullscreen": Message("Full screen"),
    "fullscreen_end": Message("Leave full screen"),
    "go_to": Message("Go to a place"),
    "went_to": Message("The map shows {place}", place="{place}"),
    "detailed_ground": Message("Detailed ground"),
    "ground_tells": Message("{host} learns which places you look at", host="{host}"),
    "ground_away": Message("No detailed ground from {host} here: this is the simple map.", host="{host}"),
    "own_ground_away": Message("No detailed ground here: this is the simple map."),
    "ground_credit": Message("Ground: Natural Earth"),
}  # fmt: skip


# The words of the form's small map and of its suggestions.
_PICKER = {
    "suggestions": Message("{count} place suggested", plural="{count} places suggested", count=1),
    "no_suggestions": Message("No place of this name is known"),
    "also": Message("also {names}", names="{names}"),
    "candidate": Message("Candidate {number}: {label}", number="{number}", label="{label}"),
    "picked": Message("Picked on the map: latitude {lat}, longitude {lon}", lon="{lon}", lat="{lat}"),
    "chosen": Message("Chosen: {label}", label="{label}"),
    "pick_hint": Message("Click the map to point at the place, or choose a numbered one."),
}


def page_words(lang: str) -> Mapping[str, str]:
    """Every sentence of the page shell, by key."""
    return {
        key: message.in_language(language_of_words(lang))
        for key, message in _PAGE.items()
        if message.plural is None
    }


@lru_cache(maxsize=16)
def script_words(lang: str) -> bytes:
    """
    The file words-LANG.js: one call with the sentences and how the language writes numbers and days.

    A sentence with a count is {CLDR plural category: sentence}; parts still to fill in are {named}.
    """
    of_words = language_of_words(lang)
    known: dict[str, Any] = {}
    for table in (_PAGE, MAP_WORDS, _PICKER):
        known |= {key: _forms(message, of_words) for key, message in table.items()}
    settings = {
        "lang": of_words,
        "labels": lang,
        "dir": direction(of_words),
        "dates": _DATE_LOCALES.get(of_words, of_words),
        "numbers": _NUMBER_LOCALES.get(of_words, of_words),
        "radii": {
            "near": NEAR_M,
            "estimated": {each.value: metres for each, metres in ESTIMATED_M.items()},
            "worked_out": WORKED_OUT,
            "says_where": SAYS_WHERE,
        },
        "words": known,
    }
    text = json.dumps(settings, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"geoeventsWords({script_safe(text)});\n".encode()


def script_safe(json_text: str) -> str:
    """JSON that may stand inside a script: it can neither end it, nor open a comment, nor break a line."""
    return json_text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _forms(message: Message, lang: str) -> str | dict[str, str]:
    """The sentence; of one with a plural, each form that the language has (Unicode CLDR)."""
    if message.plural is None:
        return message.in_language(lang)
    plural_of = Locale.parse(lang).plural_form
    first_with: dict[str, int] = {}
    for count in range(_MOST_TRIED):
        first_with.setdefault(plural_of(count), count)
    return {name: _counting(message, count).in_language(lang) for name, count in first_with.items()}


def _counting(message: Message, count: int) -> Message:
    parts = dict(message.params) | {"count": _Count(count)}
    return type(message)(message.id, plural=message.plural, **parts)
