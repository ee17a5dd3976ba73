"""The sentence an event is: what, when, where, who says so, and how sure we are.

Knows Event, Draft, what must be there before one is published, and what of it the public sees.
Knows nothing of JSON, forms, stores or maps.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from geoevents.decisions import TEAM_PREFIX
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import GeoPrecision, LonLat
from geoevents.sources import Source
from geoevents.times import Interval, Occurrence

# Lower case without vowels or look-alikes: an id never spells a word and survives being read out.
_ID_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_ID_LENGTH = 10
GRID_DEGREES = 0.1


class Kind(StrEnum):
    """An event happened; a condition holds."""

    EVENT = "event"
    CONDITION = "condition"


class GeoMethod(StrEnum):
    """How the event came to its place. Services are `online:NAME`, so Content has text."""

    GAZETTEER = "gazetteer"
    AREA = "area"
    PICKED = "picked"
    TYPED = "typed"
    ONLINE = "online"
    IMPORTED = "imported"


class Verification(StrEnum):
    UNVERIFIED = "unverified"
    CORROBORATED = "corroborated"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    DEBUNKED = "debunked"


class Status(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETRACTED = "retracted"
    MERGED = "merged"

    @property
    def is_public(self) -> bool:
        return self in (Status.PUBLISHED, Status.RETRACTED)


class Sensitivity(StrEnum):
    """How exactly the public may see where it was."""

    EXACT = "exact"
    GRID = "grid"
    ADMIN1 = "admin1"
    HIDDEN = "hidden"


class ActorRole(StrEnum):
    SIDE_A = "side_a"
    SIDE_B = "side_b"
    ASSOCIATED = "associated"
    TARGET = "target"
    AFFECTED = "affected"


class AboutRole(StrEnum):
    CONCERNS = "concerns"
    DEMANDS = "demands"
    ALLEGES = "alleges"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Title and description in one more language (BCP-47)."""

    lang: str
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who took part, named as reported."""

    name: str
    actor_id: str | None = None
    role: ActorRole


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A place that a statement speaks of; never where it was made."""

    place_id: str | None = None
    place_label: str | None = None
    position: LonLat | None = None
    role: AboutRole = AboutRole.CONCERNS

    def without_team_id(self) -> About:
        is_ours = TEAM_PREFIX in (self.place_id or "")
        return replace(self, place_id=None, place_label=None) if is_ours else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """
    What is reported, and how it was placed; each field is a row of docs/data-format.md.

    Text is as typed, after cleaning. `geometry` is None where nothing may be drawn.
    `candidates` (internal) are the place objects of the public interface.
    """

    kind: Kind = Kind.EVENT
    title: str
    description: str | None = None
    lang: str | None = None
    translations: tuple[Translation, ...] = ()
    event_type: str
    sub_event_type: str | None = None
    date_start: date
    date_end: date | None = None
    occurrence: Occurrence = Occurrence.ONCE
    place_name: str | None = None
    place_id: str | None = None
    place_label: str | None = None
    country_code: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    geo_precision: GeoPrecision | None = None
    uncertainty_m: int | None = None
    geo_method: str | None = None
    match_score: float | None = None
    candidates: tuple[Mapping[str, Any], ...] | None = None
    chosen_by: str | None = None
    chosen_why: str | None = None
    about: tuple[About, ...] = ()
    actors: tuple[Actor, ...] = ()
    civilian_targeting: bool | None = None
    fatalities_low: int | None = None
    fatalities_best: int | None = None
    fatalities_high: int | None = None
    sources: tuple[Source, ...] = ()
    verification: Verification = Verification.UNVERIFIED
    verification_basis: str | None = None
    status_reason: str | None = None
    sensitivity: Sensitivity = Sensitivity.EXACT
    public_text: str | None = None
    content_warning: str | None = None
    tags: tuple[str, ...] = ()
    group: str | None = None
    external_id: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    internal_note: str | None = None
    geometry: Geometry | None = None

    @property
    def interval(self) -> Interval:
        """The days it may have happened on, or lasted; a lasting one without an end is open."""
        open_end = self.occurrence is Occurrence.LASTING
        return Interval(self.date_start, self.date_end or (None if open_end else self.date_start))

    @property
    def has_place(self) -> bool:
        said = self.geo_precision in (GeoPrecision.UNLOCATED, GeoPrecision.COUNTRY)
        return said or self.geometry is not None or self.place_id is not None

    def missing_to_publish(self) -> tuple[Message, ...]:
        """What still stands between this and the public, in words; empty when nothing does."""
        missing = []
        if not self.has_place:
            missing.append(Message("a place (or 'unlocated', said on purpose)"))
        if not self.sources:
            missing.append(Message("at least one source"))
        return tuple(missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Content):
    """
    What somebody wants kept.

    A `status` of None means: published if nothing is missing and the writer may, else draft.
    """

    id: str | None = None
    status: Status | None = None

    def to_event(self, *, now: datetime, status: Status) -> Event:
        """The first version of an event, with an id of its own unless the draft brings one."""
        return Event(
            **_content_of(self), id=self.id or new_id(), status=status, created=now, updated=now, version=1
        )

    def to_revision_of(self, event: Event, *, now: datetime, status: Status) -> Event:
        """The next version of `event`. Time never runs backwards within it, whatever the clock says."""
        return Event(
            **_content_of(self),
            id=event.id,
            status=status,
            created=event.created,
            updated=max(now, event.updated),
            version=event.version + 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Content):
    """What we keep. `id` is never reused; `created`, `updated` are UTC instants; `version` counts from 1."""

    id: str
    status: Status
    created: datetime
    updated: datetime
    version: int = 1

    def as_draft(self) -> Draft:
        """The same content, to be edited."""
        return Draft(**_content_of(self), id=self.id, status=self.status)

    def with_status(self, status: Status, *, reason: str | None, now: datetime) -> Event:
        return replace(
            self,
            status=status,
            status_reason=reason,
            updated=max(now, self.updated),
            version=self.version + 1,
        )


def new_id() -> str:
    """
    An opaque id of ten letters and digits (27^10, about 47 bits).

    >>> len(new_id())
    10
    """
    return _in_letters(secrets.randbelow(len(_ID_LETTERS) ** _ID_LENGTH))


def id_for(content: bytes) -> str:
    """An id such as `new_id` gives, always the same for the same content."""
    return _in_letters(int.from_bytes(sha256(content).digest(), "big"))


def _in_letters(number: int) -> str:
    return "".join(_ID_LETTERS[number // len(_ID_LETTERS) ** n % len(_ID_LETTERS)] for n in range(_ID_LENGTH))


def utc_now() -> datetime:
    return datetime.now(UTC)


def is_public(event: Event) -> bool:
    """Whether anybody may know that an event exists."""
    return event.status.is_public and event.sensitivity is not Sensitivity.HIDDEN


def public_view(event: Event) -> Event | None:
    """
    What anybody may see of an event, or None where they may not know that it exists.

    Internal fields are emptied, confidential sources removed. Below `exact`, the place fields,
    description, quotes, tags and source addresses are withheld too, and the geometry is that of
    the class: the 0.1 degree cell for `grid`, none for `admin1` (whose name then says where).
    Deterministic: asking again tells nothing new.
    """
    if not is_public(event):
        return None
    is_of_team = TEAM_PREFIX in (event.place_id or "")
    shown = replace(
        event,
        match_score=None,
        candidates=None,
        chosen_by=None,
        chosen_why=None,
        # The id and the label of a team's own place say what the team knows, and which events share it.
        place_id=None if is_of_team else event.place_id,
        place_label=None if is_of_team else event.place_label,
        about=tuple(each.without_team_id() for each in event.about),
        internal_note=None,
        public_text=None,
        sources=tuple(replace(source, report_id=None) for source in event.sources if not source.confidential),
    )
    if event.sensitivity is Sensitivity.EXACT:
        return shown
    return _coarsened(shown, public_text=event.public_text)


def _coarsened(event: Event, *, public_text: str | None) -> Event:
    on_grid = event.sensitivity is Sensitivity.GRID
    cell = _grid_cell(event.geometry) if on_grid and event.geometry else None
    # A cell may straddle a border, so naming the governorate or country would narrow it.
    country_code = None if on_grid else event.country_code
    admin1 = None if on_grid else event.admin1
    return replace(
        event,
        geometry=cell,
        geo_precision=_coarse_precision(cell, admin1, country_code),
        country_code=country_code,
        admin1=admin1,
        place_name=None,
        place_id=None,
        place_label=None,
        admin2=None,
        uncertainty_m=None,
        geo_method=None,
        about=(),
        description=public_text,
        translations=tuple(replace(each, description=None) for each in event.translations),
        sources=tuple(_without_addresses(source) for source in event.sources),
        tags=(),
        group=None,
        external_id=None,
        extra={},
        verification_basis=None,
        status_reason=None,
    )


def _coarse_precision(cell: Geometry | None, admin1: str | None, country_code: str | None) -> GeoPrecision:
    if cell is not None:
        return GeoPrecision.AREA
    if admin1 is not None:
        return GeoPrecision.PROVINCE
    return GeoPrecision.UNLOCATED if country_code is None else GeoPrecision.COUNTRY


def _without_addresses(source: Source) -> Source:
    says = (
        {key: source.says[key] for key in ("date", "fatalities") if key in source.says}
        if source.says
        else None
    )
    return replace(source, title=None, url=None, archived_url=None, quote=None, says=says or None)


def _grid_cell(geometry: Geometry) -> Geometry:
    """The cell of 0.1 degree that the geometry lies in, or the block of cells that a larger one covers."""
    box = geometry.bbox
    south, north = _cells(box.south, box.north, last=899)
    if not box.crosses_antimeridian:
        west, east = _cells(box.west, box.east, last=1799)
        return Geometry("Polygon", _block(west, south, east, north))
    west, east = _cells(box.west, box.west + box.width, last=5399)
    parts = [(max(west, 1800) - 3600, east - 3600)] if east > 1800 else []
    if west < 1800:
        parts.insert(0, (west, min(east, 1800)))
    blocks = tuple(_block(left, south, right, north) for left, right in parts)
    return Geometry("MultiPolygon", blocks) if len(blocks) > 1 else Geometry("Polygon", blocks[0])


def _block(west: int, south: int, east: int, north: int) -> tuple[tuple[tuple[float, float], ...]]:
    """The one ring around cells; sides in tenths of a degree."""
    w, s, e, n = (round(value * GRID_DEGREES, 1) for value in (west, south, east, north))
    return (((w, s), (e, s), (e, n), (w, n), (w, s)),)


def _cells(low: float, high: float, *, last: int) -> tuple[int, int]:
    """
    The first cell's lower edge and the last one's upper, in tenths of a degree.

    What is no wider than a cell gets the one cell of its middle: two cells would tell that it
    lies on the line between them.
    """
    if high - low <= GRID_DEGREES:
        cell = min(math.floor(_tenths((low + high) / 2)), last)
        return cell, cell + 1
    return math.floor(_tenths(low)), math.ceil(_tenths(high))


def _tenths(degrees: float) -> float:
    # 40.7 / 0.1 is 407.00000000000006: without rounding, what lies on a line falls to either side of it.
    return round(degrees / GRID_DEGREES, 9)


def _content_of(content: Content) -> dict[str, Any]:
    return {each.name: getattr(content, each.name) for each in fields(Content)}
