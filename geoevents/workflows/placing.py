"""Where a draft happened: looked up by its name, chosen by a person, typed, picked, or said to be unknown.

Knows which place fields follow from which answer. Knows nothing of storing, files or forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from geoevents.errors import BadInput, InvalidEvent
from geoevents.events import About, Draft, Event, GeoMethod, Status
from geoevents.gazetteers.circles import distance_m
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import GeoPrecision, LonLat, Place, Resolution, ResolutionStatus
from geoevents.workflows.backends import Backends
from geoevents.workflows.finding import (
    context_of,
    home_of,
    locate_anywhere,
    locate_for_writers,
    place_of,
    withholds,
)
from geoevents.workflows.positions import as_given, no_finer_than_known

# Enough to see later what else a name might have meant; a longer tail only swells the journal.
CANDIDATES_KEPT = 5
BY_GAZETTEER = "gazetteer"
_NOWHERE = (GeoPrecision.UNLOCATED, GeoPrecision.COUNTRY)
_POINTS = (GeoPrecision.SITE, GeoPrecision.NEIGHBOURHOOD, GeoPrecision.SETTLEMENT, GeoPrecision.NEAR)
# Of a district or province that has neither outline nor box: a guess, drawn as one.
_WIDE_M = 25_000


@dataclass(frozen=True, slots=True)
class Placed:
    """
    A draft whose place fields say all that is known, and what a person should hear about it.

    `doubts` are notes too: where they stand, a position and the name beside it contradict each other.
    """

    draft: Draft
    notes: tuple[Message, ...] = ()
    doubts: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedsPlace:
    """A person must first say which place is meant; candidates or nearest names are in `resolution`."""

    draft: Draft
    resolution: Resolution
    notes: tuple[Message, ...] = ()


def place(
    draft: Draft, backends: Backends, *, by: str, otherwise: GeoMethod = GeoMethod.TYPED
) -> Placed | NeedsPlace:
    """
    Fill the place fields of a draft, or say that a person must choose.

    A geometry is taken as given (`otherwise` is its geo_method unless it brings one); a place_id
    without one is that person's choice; a name is looked up; `unlocated` and `country` get no geometry.
    Raises InvalidEvent for a place_id that is not known.
    """
    if draft.about:
        draft = replace(draft, about=tuple(_about_placed(each, backends) for each in draft.about))
    if draft.geo_precision is GeoPrecision.UNLOCATED:
        return Placed(_nowhere(replace(draft, place_id=None, place_label=None, geo_method=None)))
    if draft.geo_precision is GeoPrecision.COUNTRY:
        return _in_country(draft, backends, by=by)
    if draft.geometry is not None:
        return Placed(*as_given(draft, backends, by=by, otherwise=otherwise))
    if draft.place_id is not None:
        return _as_chosen(draft, backends, by=by)
    if draft.place_name is not None:
        return _as_named(draft, backends)
    return Placed(_nowhere(draft))


def keep_place(draft: Draft, event: Event) -> Draft | None:
    """
    The draft with the place its event already has, or None where the draft says something new of it.

    Looking again would lose the choice a person made, and the copy of an area as it was known then.
    """
    if draft.place_name != event.place_name or draft.geo_precision not in (None, event.geo_precision):
        return None
    by_id = (
        draft.place_id is not None
        and draft.place_id == event.place_id
        and draft.geometry in (None, event.geometry)
    )
    by_shape = (
        draft.geometry is not None
        and draft.geometry == event.geometry
        and draft.place_id in (None, event.place_id)
    )
    if not (by_id or by_shape):
        return None
    kept = {name: getattr(event, name) for name in _PLACE_FIELDS}
    said = {name: getattr(draft, name) for name in _SAID_ANYWAY if getattr(draft, name) is not None}
    return replace(draft, **(kept | said))


_PLACE_FIELDS = (
    "place_id", "place_label", "country_code", "admin1", "admin2", "geo_precision", "uncertainty_m",
    "geo_method", "match_score", "candidates", "chosen_by", "chosen_why", "geometry",
)  # fmt: skip
# What is forgotten while nobody knows the place.
_NO_PLACE: dict[str, Any] = dict.fromkeys(
    ("geometry", "place_id", "place_label", "uncertainty_m", "geo_method", "match_score", "chosen_by")
)
_SAID_ANYWAY = ("place_label", "country_code", "admin1", "admin2", "uncertainty_m")


def _nowhere(draft: Draft) -> Draft:
    return replace(draft, geometry=None, uncertainty_m=None)


def _about_placed(about: About, backends: Backends) -> About:
    """What a statement speaks of, with the label and the point of its place; a country gets no point."""
    known = place_of(about.place_id, backends) if about.place_id is not None else None
    if known is None:
        return about
    point = None if known.geo_precision is GeoPrecision.COUNTRY else known.position
    return replace(about, place_label=about.place_label or known.label, position=about.position or point)


def _in_country(draft: Draft, backends: Backends, *, by: str) -> Placed:
    nowhere = _nowhere(draft)
    if draft.place_id is not None:
        return _as_chosen(nowhere, backends, by=by)
    name = draft.place_name
    found = locate_for_writers(name, context_of(draft), backends).place if name else None
    return Placed(_at(nowhere, found, backends)[0] if found is not None else nowhere)


def _as_named(draft: Draft, backends: Backends) -> Placed | NeedsPlace:
    name = draft.place_name or ""
    # What the public may not see, no stranger may be asked about either.
    asked = replace(backends, online=None) if withholds(draft) else backends
    resolution, notes = locate_anywhere(name, context_of(draft), asked)
    return placed_by(draft, resolution, backends, notes=notes)


def placed_by(
    draft: Draft, resolution: Resolution, backends: Backends, *, notes: tuple[Message, ...] = ()
) -> Placed | NeedsPlace:
    """The draft at what its name was resolved to; where that is not one place, without one, or a question."""
    name = draft.place_name or resolution.query
    if resolution.place is not None:
        best = resolution.candidates[0]
        found, more = _at(draft, best.place, backends)
        why: dict[str, Any] = {
            "match_score": round(best.score, 4),
            "candidates": _kept(resolution),
            "chosen_by": BY_GAZETTEER,
            "chosen_why": str(best.why),
        }
        return Placed(replace(found, **why), more)
    to_be_found = replace(draft, **_NO_PLACE, candidates=_kept(resolution) or None)
    # A service that is down must not cost anybody their report: it waits as a draft. What is public stays so.
    unanswered = bool(notes) and resolution.status is ResolutionStatus.NOT_FOUND and draft.status is None
    if draft.status is Status.DRAFT or unanswered:
        return Placed(replace(to_be_found, status=Status.DRAFT), (*notes, _not_placed_yet(name)))
    return NeedsPlace(draft, resolution, notes)


def _as_chosen(draft: Draft, backends: Backends, *, by: str) -> Placed:
    chosen = place_of(draft.place_id or "", backends)
    if chosen is None:
        problem = Message(
            "'{place_id}' is not a place we know. Choose a candidate, or leave it empty to look the name up.",
            place_id=draft.place_id,
        )
        raise InvalidEvent([BadInput(problem, "place_id")])
    found, notes = _at(draft, chosen, backends)
    name = draft.place_name
    offered = locate_for_writers(name, context_of(draft), backends) if name else None
    why: dict[str, Any] = {
        "match_score": None,
        "candidates": _kept(offered) if offered else None,
        "chosen_by": by,
        "chosen_why": draft.chosen_why,
    }
    return Placed(replace(found, **why), notes)


def _at(draft: Draft, found: Place, backends: Backends) -> tuple[Draft, tuple[Message, ...]]:
    precision, notes = _precision_at(draft, found)
    geometry = _shape_of(found, precision, backends)
    placed = replace(
        draft,
        geometry=geometry,
        place_id=found.place_id,
        place_label=found.label,
        country_code=found.country_code or draft.country_code,
        admin1=found.admin1 or draft.admin1,
        admin2=found.admin2 or draft.admin2,
        geo_precision=precision,
        uncertainty_m=_wider(draft.uncertainty_m, _reach_of(found, precision, geometry)),
        geo_method=_method_of(found, geometry),
    )
    honest, more = no_finer_than_known(placed)
    return honest, notes + more + _out_of_force(draft, found)


def _shape_of(found: Place, precision: GeoPrecision, backends: Backends) -> Geometry | None:
    """The event's own copy of an area, as known for its day; of a town its point, though it has bounds."""
    if precision in _NOWHERE:
        return None
    home = home_of(found.place_id, backends)
    polygon = None if precision in _POINTS else home.geometry(found.place_id)
    return polygon or Geometry.point(found.lon, found.lat)


def _reach_of(found: Place, precision: GeoPrecision, geometry: Geometry | None) -> int | None:
    """Metres around the point; for a wide place without an outline, from its point to its farthest corner."""
    if geometry is None:
        return None
    known = found.uncertainty_m if precision is found.geo_precision else precision.default_uncertainty_m
    if known is not None or not geometry.is_point:
        return known
    if found.bbox is None:
        return _WIDE_M
    corners = [
        LonLat(lon, lat)
        for lon in (found.bbox.west, found.bbox.east)
        for lat in (found.bbox.south, found.bbox.north)
    ]
    return round(max(distance_m(found.position, corner) for corner in corners))


def _wider(said: int | None, known: int | None) -> int | None:
    """Who says that it was less certain is believed; more certain than the gazetteer nobody is by a name."""
    return known if said is None or known is None else max(said, known)


def _method_of(found: Place, geometry: Geometry | None) -> str:
    source, _, rest = found.place_id.partition(":")
    if source == GeoMethod.ONLINE:
        return f"{source}:{rest.partition(':')[0]}"
    return GeoMethod.GAZETTEER if geometry is None or geometry.is_point else GeoMethod.AREA


def _precision_at(draft: Draft, found: Place) -> tuple[GeoPrecision, tuple[Message, ...]]:
    """What the gazetteer knows, or the coarser thing that was said: 'near' a town claims less than it."""
    said, known = draft.geo_precision, found.geo_precision
    if said is None and known is GeoPrecision.COUNTRY:
        return known, (Message("{place} is a country: the event is listed, not drawn.", place=found.label),)
    if said is None or said is known:
        return known, ()
    if said is GeoPrecision.COUNTRY or (
        said in _POINTS and known in _POINTS and _POINTS.index(said) > _POINTS.index(known)
    ):
        return said, ()
    note = Message(
        "{place} is known as {known}, not as {said}, and is kept so. To be more exact, give coordinates.",
        place=found.label, known=known.value, said=said.value,
    )  # fmt: skip
    return known, (note,)


def _out_of_force(draft: Draft, found: Place) -> tuple[Message, ...]:
    too_early = found.valid_from is not None and draft.date_start < found.valid_from
    too_late = found.valid_to is not None and draft.date_start > found.valid_to
    if not (too_early or too_late):
        return ()
    return (
        Message(
            "{place} is not known to have been so on {day}. Check the place or the date.",
            place=found.label,
            day=draft.date_start,
        ),
    )


def _kept(resolution: Resolution) -> tuple[Mapping[str, Any], ...]:
    return tuple(candidate.as_json() for candidate in resolution.candidates[:CANDIDATES_KEPT])


def _not_placed_yet(name: str) -> Message:
    return Message(
        "'{name}' is not placed yet: the event waits as a draft until somebody says where it is.", name=name
    )
