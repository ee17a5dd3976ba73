"""Change things by form: add, edit, retract, undo. The same addresses take JSON (writing.py)."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from geoevents import workflows
from geoevents.errors import BadInput, EventChanged, GeoEventsError, InvalidEvent
from geoevents.events import Draft, Event
from geoevents.messages import Message
from geoevents.web import browse, error_pages, form_page, languages, links, reading, writers, writing
from geoevents.web.forms import EventForm
from geoevents.workflows import (
    Added,
    LooksDuplicate,
    NeedsPlace,
    OnDoubt,
    OnLikeness,
    PositionInDoubt,
    Seen,
)

bp = Blueprint("edit", __name__)


@bp.get("/events/new")
def new() -> ResponseReturnValue:
    writers.require_writer()
    return form_page.answer(EventForm.blank(request.args))


@bp.post("/events")
def create() -> ResponseReturnValue:
    writers.require_writer()
    if writing.is_json():
        return writing.create()
    writing.must_be_form()
    return _keep(_sent())


@bp.get("/events/<event_id:event_id>/edit")
def edit(event_id: str) -> ResponseReturnValue:
    writers.require_writer()
    return form_page.answer(EventForm.of(reading.whole(event_id)))


@bp.post("/events/<event_id:event_id>")
def change(event_id: str) -> ResponseReturnValue:
    writers.require_writer()
    writing.must_be_form()
    return _keep(_sent(reading.whole(event_id)))


def _sent(base: Event | None = None) -> EventForm:
    """The form as it was sent, a country that was named as its code."""
    form = EventForm.sent(request.form, base=base)
    if named := form.value("country_code"):
        form.typed["country_code"] = workflows.country_code(named, reading.backends().gazetteer)
    return form


@bp.post("/events/<event_id:event_id>/retract")
def retract(event_id: str) -> ResponseReturnValue:
    writers.require_writer()
    try:
        outcome = workflows.retract(
            event_id,
            reading.backends(),
            reason=request.form.get("reason", ""),
            version=_version(request.form.get("version", "")),
            by=writers.BY,
        )
    except (InvalidEvent, EventChanged) as error:
        return _refused_retraction(event_id, error, reason=request.form.get("reason", ""))
    said = Message("Retracted. It stays visible, struck through, with its reason.")
    return _done(outcome.event, said, *outcome.warnings)


@bp.post("/events/<event_id:event_id>/undo")
def undo(event_id: str) -> ResponseReturnValue:
    writers.require_writer()
    version = _version(request.form.get("version", ""))
    outcome = workflows.undo(event_id, reading.backends(), version=version, by=writers.BY)
    is_undone = outcome.event.version > version
    said = [Message("Undone: it is again what it was before the last change.")] if is_undone else []
    return _done(outcome.event, *said, *outcome.warnings)


def _keep(form: EventForm) -> ResponseReturnValue:
    """Store what the form says; else the form again, with what to mend or to choose."""
    if form.wish:
        form_page.grant(form)
        return form_page.answer(form)
    try:
        read = form.read(writing.rules())
        outcome = _edited(form, read.draft, form.base) if form.base else _added(form, read.draft)
    except InvalidEvent as error:
        form.blame(error)
        return form_page.answer(form, 422)
    except EventChanged as error:
        form.clash(error.current)
        return form_page.answer(form, 412)
    if isinstance(outcome, Added):
        return _done(outcome.event, *read.warnings, *outcome.warnings)
    return _asked(form, outcome)


def _asked(form: EventForm, outcome: NeedsPlace | LooksDuplicate | PositionInDoubt) -> ResponseReturnValue:
    match outcome:
        case NeedsPlace(resolution=resolution, notes=notes):
            form.ask_which(resolution, notes)
            return form_page.answer(form, 422)
        case LooksDuplicate(alike=alike):
            form.alike = alike
            return form_page.answer(form, 409)
        case PositionInDoubt(doubts=doubts):
            form.doubts = doubts
            return form_page.answer(form, 422)


def _added(form: EventForm, draft: Draft) -> Added | NeedsPlace | LooksDuplicate | PositionInDoubt:
    on_likeness = OnLikeness.IGNORE if form.is_surely_new else OnLikeness.ASK
    return workflows.add(
        draft, reading.backends(), by=writers.BY, on_likeness=on_likeness, on_doubt=_on_doubt(form)
    )


def _on_doubt(form: EventForm) -> OnDoubt:
    return OnDoubt.BELIEVE if form.is_surely_there else OnDoubt.ASK


def _edited(form: EventForm, draft: Draft, base: Event) -> Added | NeedsPlace | PositionInDoubt:
    return workflows.edit(
        base.id, draft, reading.backends(), version=_version(form.version), by=writers.BY, seen=Seen.INTERNAL,
        on_doubt=_on_doubt(form),
    )  # fmt: skip


def _refused_retraction(event_id: str, error: GeoEventsError, *, reason: str) -> ResponseReturnValue:
    found = reading.reader().get(event_id)
    said = languages.in_words(error.message)
    return browse.show_event(
        found, status=error_pages.status_of(error), retract_error=said, retract_reason=reason
    )


def _version(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise InvalidEvent(
            [
                BadInput(
                    Message(
                        "version is missing: the form says which version of the event it began with. "
                        "Open the event again and send its form from there."
                    ),
                    "version",
                )
            ]
        )
    return int(text)


def _done(event: Event, *notes: Message) -> ResponseReturnValue:
    """Off to the event, so that reloading sends nothing twice; what the writer should hear waits there."""
    for note in notes:
        flash(languages.in_words(note))
    return links.go(form_page.address_of(event))
