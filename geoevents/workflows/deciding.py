"""Decide once: a place that a person picked becomes a name of the team's own, and settles its other mentions.

Knows which choices are decisions, and which drafts wait for one. Knows nothing of what a decision is worth in
a look-up (gazetteers/team.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geoevents.decisions import TEAM_PREFIX, Decision, Standing
from geoevents.errors import GeoEventsError
from geoevents.events import Event, GeoMethod, Status, new_id
from geoevents.folding import name_key
from geoevents.gazetteers.circles import distance_m
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import GeoPrecision, LonLat, Place
from geoevents.workflows.backends import Backends
from geoevents.workflows.finding import place_of
from geoevents.workflows.placing import BY_GAZETTEER, Placed, place

_EXACT_ENOUGH = (
    GeoPrecision.SITE, GeoPrecision.NEIGHBOURHOOD, GeoPrecision.SETTLEMENT, GeoPrecision.NEAR,
)  # fmt: skip

# Of the drafts that waited so many are told by their ids.
_MOST_NAMED = 20


def decide(event: Event, backends: Backends, *, by: str) -> tuple[Message, ...]:
    """
    Remember what a person chose for the name an event reports, and place the drafts that waited for it.

    An event speaks once, however often its name or its place is changed: what it decided before is forgotten.
    Nothing is remembered where the gazetteer answered by itself, where no place was named, or where there is
    nothing to remember it in. Returns what is said of it; the event is kept by now, so nothing is raised.
    """
    names = backends.names
    if names is None:
        return ()
    meant = _chosen(event, backends)
    if meant is None:
        return forget(event.id, backends)
    decision = Decision(
        id=new_id(), name=event.place_name or "", place=meant, at=backends.now(), by=by,
        why=event.chosen_why, event_id=event.id, source_url=_evidence(event),
    )  # fmt: skip
    try:
        names.change(lambda before: (*(each for each in before if each.event_id != event.id), decision))
    except GeoEventsError as error:
        return (
            Message(
                "The event is kept, but its place could not be remembered for other reports: {reason}",
                reason=error.message,
            ),
        )
    return _settled(decision, backends, by=by)


def forget(event_id: str, backends: Backends) -> tuple[Message, ...]:
    """Take back what an event decided, now that it is said to be wrong; what is said of it."""
    names = backends.names
    if names is None or not any(each.event_id == event_id for each in names.all()):
        return ()
    try:
        names.change(lambda before: (each for each in before if each.event_id != event_id))
    except GeoEventsError as error:
        return (
            Message(
                "What its place was decided to be could not be forgotten: {reason} See the decided names.",
                reason=error.message,
            ),
        )
    return (Message("What was decided of its place name is taken back too."),)


def _chosen(event: Event, backends: Backends) -> Place | None:
    """The place a person chose for the name, as a gazetteer's place or as one of the team's own."""
    if not name_key(event.place_name or "") or event.chosen_by in (None, BY_GAZETTEER):
        return None
    if event.place_id is not None:
        return place_of(event.place_id, backends)
    if event.geo_method not in (GeoMethod.PICKED, GeoMethod.TYPED):
        return None
    if (
        event.geo_precision not in (None, *_EXACT_ENOUGH)
        or event.geometry is None
        or not event.geometry.is_point
    ):
        return None
    return _own_place(event, event.geometry, backends)


def _own_place(event: Event, point: Geometry, backends: Backends) -> Place:
    """A position that was clicked or typed, under the id it already has where it was decided before."""
    lon, lat = point.coordinates[:2]
    name, precision = event.place_name or "", event.geo_precision or GeoPrecision.NEAR
    reach = event.uncertainty_m or precision.default_uncertainty_m or 0
    before = backends.names.of(name_key(name)) if backends.names else ()
    same = (
        each.place.place_id
        for each in before
        if each.is_own_place and distance_m(each.place.position, LonLat(lon, lat)) <= reach
    )
    around = ", ".join(part for part in (name, event.admin1, event.country_code) if part)
    return Place(
        place_id=next(same, f"{TEAM_PREFIX}{new_id()}"),
        name=name,
        label=around,
        kind="settlement" if precision is GeoPrecision.SETTLEMENT else "site",
        lon=lon,
        lat=lat,
        geo_precision=precision,
        uncertainty_m=event.uncertainty_m,
        country_code=event.country_code,
        admin1=event.admin1,
        admin2=event.admin2,
    )


def _evidence(event: Event) -> str | None:
    """The address of the first source that may be named."""
    return next((each.url for each in event.sources if each.url and not each.confidential), None)


def _settled(decision: Decision, backends: Backends, *, by: str) -> tuple[Message, ...]:
    """Place the drafts that wait for a decision; what is said of them. One that fails costs no other."""
    why = f"as decided for event {decision.event_id}"
    done: list[Event] = []
    failed: list[Event] = []
    reasons: list[object] = []
    others = _other_places(decision, backends)
    waiting = [each for each in backends.store.events() if _waits_for(each, decision)]
    for draft in [each for each in waiting if not any(_may_lie_at(each, other) for other in others)]:
        wanted = replace(draft.as_draft(), place_id=decision.place.place_id, chosen_why=why)
        try:
            placed = place(wanted, backends, by=by)
            if isinstance(placed, Placed):
                revised = placed.draft.to_revision_of(draft, now=backends.now(), status=Status.DRAFT)
                done.append(backends.store.replace(revised, expected_version=draft.version, by=by, why=why))
        except GeoEventsError as error:
            failed.append(draft)
            reasons.append(error.message)
    return (*_also_placed(done), *_not_placed(failed, reasons))


def _also_placed(drafts: Sequence[Event]) -> tuple[Message, ...]:
    """What is said of the drafts that a decision placed."""
    if not drafts:
        return ()
    if len(drafts) == 1:
        said = Message("The same name waited in another draft, which is placed now: {id}.", id=_ids(drafts))
        return (said,)
    return (
        Message(
            "The same name waited in {count} other drafts, which are placed now: {ids}.",
            count=len(drafts), ids=_ids(drafts),
        ),
    )  # fmt: skip


def _not_placed(drafts: Sequence[Event], reasons: Sequence[object]) -> tuple[Message, ...]:
    """What is said of the drafts that it could not place, with the reason of the first."""
    if not drafts:
        return ()
    return (
        Message(
            "The same name waits in {id}, which could not be placed: {reason}",
            id=_ids(drafts), reason=reasons[0],
        ),
    )  # fmt: skip


def _ids(events: Sequence[Event]) -> str:
    """What is said waits for its reader in a cookie, which holds 4 kB."""
    return ", ".join([*(each.id for each in events[:_MOST_NAMED]), *("…" for _ in events[_MOST_NAMED:][:1])])


def _other_places(decision: Decision, backends: Backends) -> list[Place]:
    """What else the team has decided the name to mean."""
    known = backends.names.of(decision.key) if backends.names else ()
    ours = [each.place for each in known if each.standing is Standing.OURS]
    return [place for place in ours if place.place_id != decision.place.place_id]


def _waits_for(event: Event, decision: Decision) -> bool:
    """A draft whose place is still to be found, under the same name, in no other country or governorate."""
    return (
        event.status is Status.DRAFT
        and event.geometry is None
        and event.place_id is None
        and event.geo_precision is None
        and name_key(event.place_name or "") == decision.key
        and _may_lie_at(event, decision.place)
    )


def _may_lie_at(event: Event, place: Place) -> bool:
    """Whether what the event says of its country and its governorate leaves it open."""
    is_there = None in (event.country_code, place.country_code) or event.country_code == place.country_code
    is_in = not (event.admin1 and place.admin1) or name_key(event.admin1) == name_key(place.admin1)
    return is_there and is_in
