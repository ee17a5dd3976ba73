"""What the fields of an event say together: what contradicts, what follows, what is better looked at.

Knows the rules between fields. Knows nothing of how one field is read or where it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from geoevents.errors import BadInput
from geoevents.event_types import Taxonomy
from geoevents.events import GeoMethod, Kind, Sensitivity, Status, Verification
from geoevents.folding import fold
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import GeoPrecision
from geoevents.record_fields import Findings
from geoevents.times import Occurrence, latest_allowed

Values = dict[str, Any]

_POINTS = ("Point", "MultiPoint")
_LINES = ("LineString", "MultiLineString")
_EXTENTS = ("Polygon", "MultiPolygon")
_WIDE = (GeoPrecision.DISTRICT, GeoPrecision.AREA, GeoPrecision.PROVINCE)
_UNDRAWN = (GeoPrecision.COUNTRY, GeoPrecision.UNLOCATED)


def complete(values: Values, findings: Findings, *, method: GeoMethod = GeoMethod.TYPED) -> None:
    """Fill in what follows: a condition lasts, a shape has a precision, a pin an uncertainty."""
    if values.get("occurrence") is None:
        lasts = values.get("kind") is Kind.CONDITION
        values["occurrence"] = Occurrence.LASTING if lasts else Occurrence.ONCE
    geometry: Geometry | None = values.get("geometry")
    if geometry is None:
        return
    values["geo_method"] = values.get("geo_method") or method.value
    if values.get("geo_precision") is None and not _blamed(findings, "geo_precision"):
        values["geo_precision"] = _precision_of(geometry)
        findings.notes.append(
            Message(
                "How exactly the place is known was not said: geo_precision is taken as {precision}.",
                precision=values["geo_precision"].value,
            )
        )
    if geometry.type in _POINTS and values.get("uncertainty_m") is None and values.get("geo_precision"):
        values["uncertainty_m"] = values["geo_precision"].default_uncertainty_m


def check(values: Values, findings: Findings, *, taxonomy: Taxonomy, today: date) -> None:
    """Add every contradiction to the problems, and to the notes what an editor should look at."""
    if values.get("event_type"):
        _collect(findings, lambda: taxonomy.check(values["event_type"], values.get("sub_event_type")))
    _check_days(values, findings, today)
    _check_fatalities(values, findings)
    _check_place(values, findings)
    _check_standing(values, findings)
    _check_withheld(values, findings)


def _precision_of(geometry: Geometry) -> GeoPrecision:
    if geometry.type in _POINTS:
        return GeoPrecision.SETTLEMENT
    return GeoPrecision.LINE if geometry.type in _LINES else GeoPrecision.AREA


def _check_days(values: Values, findings: Findings, today: date) -> None:
    start, end, latest = values.get("date_start"), values.get("date_end"), latest_allowed(today)
    for name in ("date_start", "date_end"):
        if values.get(name) and values[name] > latest:
            findings.refuse(
                Message(
                    "{field} is {day}, in the future. Write a day up to {latest}.",
                    field=name,
                    day=values[name],
                    latest=latest,
                ),
                name,
            )
    if start and end and end < start:
        findings.refuse(
            Message("date_end {end} is before date_start {start}. Exchange the two.", end=end, start=start),
            "date_end",
        )
    for index, source in enumerate(values.get("sources") or ()):
        for name in ("published", "accessed"):
            said: date | None = getattr(source, name)
            if said and said > latest:
                field = f"sources[{index}].{name}"
                findings.refuse(
                    Message(
                        "{field} is {day}, in the future. Write a day up to {latest}.",
                        field=field,
                        day=said,
                        latest=latest,
                    ),
                    field,
                )
    if values.get("kind") is Kind.CONDITION and values.get("occurrence") is Occurrence.ONCE:
        findings.refuse(
            Message("A condition is lasting. For what happened once, make kind event."),
            "occurrence",
        )


def _check_fatalities(values: Values, findings: Findings) -> None:
    names = ("fatalities_low", "fatalities_best", "fatalities_high")
    known = [(name, values[name]) for name in names if values.get(name) is not None]
    for (lower, fewer), (higher, more) in pairwise(known):
        if fewer > more:
            findings.refuse(
                Message(
                    "{lower} is {fewer}, more than {higher}, which is {more}. Exchange the two.",
                    lower=lower,
                    fewer=fewer,
                    higher=higher,
                    more=more,
                ),
                higher,
            )


def _check_place(values: Values, findings: Findings) -> None:
    geometry: Geometry | None = values.get("geometry")
    precision: GeoPrecision | None = values.get("geo_precision")
    if geometry is None or precision is None:
        return
    if precision in _UNDRAWN:
        findings.refuse(
            Message(
                "An event of precision {precision} is only listed. Leave geometry null, or be more exact.",
                precision=precision.value,
            ),
            "geo_precision",
        )
    elif not _fits(geometry, precision, values.get("uncertainty_m")):
        findings.refuse(_misfit(geometry, precision), "geo_precision")


def _fits(geometry: Geometry, precision: GeoPrecision, uncertainty_m: int | None) -> bool:
    if geometry.type in _LINES:
        return precision is GeoPrecision.LINE
    if geometry.type in _EXTENTS:
        return precision not in (GeoPrecision.LINE, GeoPrecision.NEAR)
    return precision is not GeoPrecision.LINE and (precision not in _WIDE or uncertainty_m is not None)


def _misfit(geometry: Geometry, precision: GeoPrecision) -> Message:
    if geometry.type in _POINTS and precision in _WIDE:
        return Message(
            "A point does not show a whole {precision}. Send its outline, "
            "or say in uncertainty_m how many metres around the point it reaches.",
            precision=precision.value,
        )
    if geometry.type in _LINES:
        return Message("A {type} is drawn as a line. Make geo_precision line.", type=geometry.type)
    return Message(
        "A {type} cannot be drawn with the precision {precision}. Change one of the two.",
        type=geometry.type,
        precision=precision.value,
    )


def _check_standing(values: Values, findings: Findings) -> None:
    if values.get("verification") is Verification.VERIFIED and not values.get("verification_basis"):
        findings.refuse(
            Message("verified asks for its basis. Say in verification_basis how it was verified."),
            "verification_basis",
        )
    if values.get("status") is Status.RETRACTED and not values.get("status_reason"):
        findings.refuse(
            Message("A retraction stays visible with its reason. Give status_reason."), "status_reason"
        )


def _check_withheld(values: Values, findings: Findings) -> None:
    sensitivity = values.get("sensitivity")
    if sensitivity not in (Sensitivity.GRID, Sensitivity.ADMIN1):
        return
    if sensitivity is Sensitivity.ADMIN1 and not values.get("admin1"):
        findings.notes.append(Message("admin1 is empty, so readers will not learn which province it was."))
    withheld = ("place_name", "place_label", "admin2") + (
        ("admin1",) if sensitivity is Sensitivity.GRID else ()
    )
    names = {fold(values.get(name) or "") for name in withheld} - {""}
    for field, text in _still_public(values):
        if any(name in fold(text or "") for name in names):
            findings.notes.append(
                Message(
                    "The place is withheld, but {field} names it and is public. Write it without the place.",
                    field=field,
                )
            )


def _still_public(values: Values) -> Iterator[tuple[str, str | None]]:
    """The texts that readers see of an event whatever is withheld of its place (events.public_view)."""
    for name in ("title", "public_text", "content_warning"):
        yield name, values.get(name)
    for each in values.get("translations") or ():
        yield f"translations.{each.lang}.title", each.title
    for index, actor in enumerate(values.get("actors") or ()):
        yield f"actors[{index}].name", actor.name
    for index, source in enumerate(values.get("sources") or ()):
        if not source.confidential:
            yield f"sources[{index}].publisher", source.publisher
            yield f"sources[{index}].said_by", source.said_by


def _collect(findings: Findings, test: Callable[[], None]) -> None:
    try:
        test()
    except BadInput as problem:
        findings.problems.append(problem)


def _blamed(findings: Findings, name: str) -> bool:
    return any(problem.field == name for problem in findings.problems)
