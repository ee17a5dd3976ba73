"""What Hypothesis makes events of: any event we could hold, and events as people would send them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from geoevents.events import (
    About,
    AboutRole,
    Actor,
    ActorRole,
    Event,
    GeoMethod,
    Kind,
    Sensitivity,
    Status,
    Translation,
    Verification,
)
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision, LonLat
from geoevents.sources import Source
from geoevents.times import Occurrence


def examples(number: int) -> settings:
    """So many examples of a test; in `make check` no more, and in `make torture` no less, than of any."""
    usual = settings.get_profile("usual").max_examples
    now = settings.default.max_examples if settings.default else usual
    if now == usual:
        return settings(max_examples=number)
    return settings(max_examples=min(number, now) if now < usual else max(number, now))


# For tests that draw whole events: fifty fields each, so few of them say as much as many of another kind.
whole_events = examples(40)

NOW = datetime(2022, 2, 1, 12, tzinfo=UTC)

# The payloads of docs/threat-model.md that are text: each must come out as it went in.
PAYLOADS = (
    "{{7*191}}",
    "{% raw %}",
    "100 {% off",
    "{# hello",
    "${alert(1)}",
    "a ` backtick",
    "\\\\`",
    "</script><script>window.__p=1</script>",
    "<img src=x onerror=window.__p=1>",
    "<!--<script>",
    '" onmouseover="window.__p=1',
    "javascript:window.__p=1",
    '=HYPERLINK("http://x","y")',
)


def make_event(**changes: Any) -> Event:
    """A plain published event in a town, with whatever a test wants to be different."""
    plain: dict[str, Any] = {
        "id": "k7dq2m9xwb",
        "title": "Guards and attackers fight at the gate",
        "event_type": "battles",
        "date_start": date(2022, 1, 20),
        "place_name": "Hasakah",
        "place_id": "geonames:173811",
        "country_code": "SY",
        "admin1": "Al-Hasakah",
        "geometry": Geometry.point(40.74, 36.5),
        "geo_precision": GeoPrecision.SETTLEMENT,
        "uncertainty_m": 3_000,
        "geo_method": "gazetteer",
        "sources": (Source(publisher="The Daily", url="https://example.org/1"),),
        "status": Status.PUBLISHED,
        "created": NOW,
        "updated": NOW,
    }
    return Event(**(plain | changes))


# Whatever JSON can hold: all but half characters.
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
# What a person may type: something to be seen, nothing that controls or turns, on one line.
_letters = st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u115f\u1160\u3164\uffa0\u2800")
typed_text = st.text(_letters, min_size=1, max_size=20) | st.builds(
    "{} {}".format, st.text(_letters, min_size=1, max_size=20), st.text(_letters, min_size=1, max_size=20)
)
days = st.dates(date(1900, 1, 1), date(2021, 12, 31))
instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
lons = st.floats(-180, 180, allow_nan=False)
lats = st.floats(-90, 90, allow_nan=False)
positions = st.tuples(lons, lats)


def json_values(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Whatever JSON can hold, its words of the given kind."""
    plain = (
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
    )
    return st.recursive(
        plain | text,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(text, inner, max_size=2),
        max_leaves=3,
    )


def _some(strategy: st.SearchStrategy[Any], least: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, min_size=least, max_size=least + 2).map(tuple)


rings = _some(positions, 3).map(lambda ring: (*ring, ring[0]))
geometries = st.one_of(
    positions.map(lambda position: Geometry("Point", position)),
    _some(positions, 1).map(lambda parts: Geometry("MultiPoint", parts)),
    _some(positions, 2).map(lambda parts: Geometry("LineString", parts)),
    _some(_some(positions, 2), 1).map(lambda parts: Geometry("MultiLineString", parts)),
    _some(rings, 1).map(lambda parts: Geometry("Polygon", parts)),
    _some(_some(rings, 1), 1).map(lambda parts: Geometry("MultiPolygon", parts)),
)


@st.composite
def boxes(draw: st.DrawFn) -> Geometry:
    """A small rectangle, wound as RFC 7946 asks."""
    west, south = draw(st.floats(-170, 170)), draw(st.floats(-80, 80))
    east, north = west + draw(st.floats(0.01, 3)), south + draw(st.floats(0.01, 3))
    return Geometry("Polygon", (((west, south), (east, south), (east, north), (west, north), (west, south)),))


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _source(text: st.SearchStrategy[str], url: st.SearchStrategy[str], name: st.SearchStrategy[str]) -> Any:
    return st.builds(
        Source,
        publisher=text,
        said_by=_maybe(text),
        title=_maybe(text),
        url=_maybe(url),
        archived_url=_maybe(url),
        published=_maybe(days),
        accessed=_maybe(days),
        quote=_maybe(text),
        report_id=_maybe(name),
        confidential=st.booleans(),
        says=_maybe(
            st.fixed_dictionaries(
                {"place": text}, optional={"date": days.map(date.isoformat), "fatalities": st.integers(0, 99)}
            )
        ),
    )


def _content(text: st.SearchStrategy[str], *, url: Any, name: Any, lang: Any) -> dict[str, Any]:
    fatalities = _maybe(st.integers(0, 10_000))
    return {
        "kind": st.sampled_from(Kind),
        "title": text,
        "description": _maybe(text),
        "lang": _maybe(lang),
        "translations": st.lists(
            st.builds(Translation, lang=lang, title=text, description=_maybe(text)),
            max_size=2,
            unique_by=lambda each: each.lang,
        ).map(tuple),
        "event_type": name,
        "sub_event_type": _maybe(name),
        "occurrence": st.sampled_from(Occurrence),
        "place_name": _maybe(text),
        "place_id": _maybe(name.map(lambda key: f"own:{key}")),
        "place_label": _maybe(text),
        "country_code": _maybe(st.sampled_from(["SY", "IQ", "TR"])),
        "admin1": _maybe(text),
        "admin2": _maybe(text),
        "geo_precision": _maybe(st.sampled_from(GeoPrecision)),
        "uncertainty_m": _maybe(st.integers(1, 1_000_000)),
        "geo_method": _maybe(st.sampled_from([each.value for each in GeoMethod] + ["online:nominatim"])),
        "match_score": _maybe(st.floats(0, 1)),
        "candidates": _maybe(
            st.lists(st.dictionaries(text, json_values(text), max_size=2), max_size=2).map(tuple)
        ),
        "chosen_by": _maybe(text),
        "chosen_why": _maybe(text),
        "about": _some(
            st.builds(
                About,
                place_id=_maybe(name.map(lambda key: f"own:{key}")),
                place_label=text,
                position=_maybe(st.builds(LonLat, lon=lons, lat=lats)),
                role=st.sampled_from(AboutRole),
            ),
            0,
        ),
        "actors": _some(
            st.builds(Actor, name=text, actor_id=_maybe(name), role=st.sampled_from(ActorRole)), 0
        ),
        "civilian_targeting": _maybe(st.booleans()),
        "fatalities_low": fatalities,
        "fatalities_best": fatalities,
        "fatalities_high": fatalities,
        "sources": _some(_source(text, url, name), 0),
        "verification": st.sampled_from(Verification),
        "verification_basis": _maybe(text),
        "status": st.sampled_from(Status),
        "status_reason": _maybe(text),
        "sensitivity": st.sampled_from(Sensitivity),
        "public_text": _maybe(text),
        "content_warning": _maybe(text),
        "tags": st.lists(text, max_size=3, unique=True).map(tuple),
        "group": _maybe(text),
        "external_id": _maybe(text),
        "extra": st.dictionaries(text, json_values(text), max_size=2),
        "internal_note": _maybe(text),
        "created": instants,
        "updated": instants,
        "version": st.integers(1, 10**6),
    }


@st.composite
def events(draw: st.DrawFn, **fixed: Any) -> Event:
    """Any event at all, whatever the rules on the way in would say to it."""
    drawn = _content(any_text, url=any_text, name=any_text, lang=any_text)
    start, end = draw(days), draw(_maybe(days))
    values = {name: draw(strategy) for name, strategy in drawn.items()}
    values |= {
        "id": draw(any_text),
        "date_start": min(start, end or start),
        "date_end": end and max(start, end),
        "geometry": draw(_maybe(geometries)),
    }
    return Event(**(values | fixed))


_codes = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
_urls = _codes.map(lambda path: f"https://example.org/{path}")
_langs = st.sampled_from(["en", "ar", "kmr", "tr"])


@st.composite
def sent_events(draw: st.DrawFn) -> Event:
    """An event that keeps every rule, as somebody would send it: nothing in it has to be mended."""
    values = {
        name: draw(strategy)
        for name, strategy in _content(typed_text, url=_urls, name=_codes, lang=_langs).items()
    }
    start, end = sorted([draw(days), draw(days)])
    low, best, high = sorted(draw(st.tuples(*[st.integers(0, 1_000)] * 3)))
    shape, precision, uncertainty_m = draw(_placings)
    values |= {
        "id": draw(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=4, max_size=40)),
        "event_type": "battles",
        "status": draw(st.sampled_from([each for each in Status if each is not Status.MERGED])),
        "sub_event_type": draw(st.sampled_from([None, "armed_clash"])),
        "date_start": start,
        "date_end": draw(st.sampled_from([None, end])),
        "fatalities_low": low,
        "fatalities_best": best,
        "fatalities_high": high,
        "geometry": shape,
        "geo_precision": precision,
        "uncertainty_m": uncertainty_m,
        "geo_method": "typed" if shape else None,
        "verification_basis": draw(typed_text),
        "status_reason": draw(typed_text),
        "tags": tuple(dict.fromkeys(tag.replace(",", "").strip() or "x" for tag in values["tags"])),
        "version": 1,
    }
    if values["kind"] is Kind.CONDITION:
        values["occurrence"] = Occurrence.LASTING
    return Event(**values)


_placings = st.one_of(
    st.just((None, None, None)),
    st.just((None, GeoPrecision.UNLOCATED, None)),
    positions.map(lambda position: (Geometry("Point", position), GeoPrecision.SITE, 100)),
    positions.map(lambda position: (Geometry("Point", position), GeoPrecision.DISTRICT, 25_000)),
    boxes().map(lambda box: (box, GeoPrecision.AREA, None)),
)
