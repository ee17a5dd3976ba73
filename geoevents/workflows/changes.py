"""The changes a person makes: add, edit, retract, undo.

Knows the order of things: place, likeness, status, store. Knows nothing of forms, JSON or files.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from geoevents.errors import BadInput, EventChanged, InvalidEvent
from geoevents.events import Content, Draft, Event, Sensitivity, Status, public_view
from geoevents.messages import Message
from geoevents.record_fields import Findings, status_reason
from geoevents.workflows.backends import Backends
from geoevents.workflows.deciding import decide, forget
from geoevents.workflows.likeness import OnLikeness, alike
from geoevents.workflows.placing import NeedsPlace, Placed, keep_place, place

# How an event came to its place: never read from outside, kept as long as the place is (placing.keep_place).
_BOOKKEEPING = ("match_score", "candidates", "chosen_by", "chosen_why")


_TIGHTER = (Sensitivity.EXACT, Sensitivity.GRID, Sensitivity.ADMIN1, Sensitivity.HIDDEN)


@dataclass(frozen=True, slots=True)
class Added:
    """The event as it is kept now, and what the writer should hear about it."""

    event: Event
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class LooksDuplicate:
    """A person must first say that it is new: `alike` are the events it looks like."""

    draft: Draft
    alike: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class PositionInDoubt:
    """A person must first say that the position is right: it lies far from the place it is named after."""

    draft: Draft
    doubts: tuple[Message, ...]


class OnDoubt(StrEnum):
    """
    What to do where position and name contradict each other.

    Ask a person; keep it and warn, but remember nothing of it for other reports; or believe who said so.
    """

    ASK = "ask"
    WARN = "warn"
    BELIEVE = "believe"


class Seen(StrEnum):
    """Which view of an event its editor started from: what anybody gets, or everything."""

    PUBLIC = "public"
    INTERNAL = "internal"


def add(
    draft: Draft,
    backends: Backends,
    *,
    by: str,
    why: str | None = None,
    on_likeness: OnLikeness = OnLikeness.ASK,
    on_doubt: OnDoubt = OnDoubt.WARN,
    is_decided: bool = True,
) -> Added | NeedsPlace | LooksDuplicate | PositionInDoubt:
    """
    Keep a draft as an event, unless a person must first say which place is meant or that it is new.

    `is_decided` says that a person chose the place, so that the name means it from now on.
    Raises InvalidEvent where it asks to be published and lacks what that takes, EventExists for a taken id.
    """
    placed = place(draft, backends, by=by)
    if isinstance(placed, NeedsPlace):
        return placed
    if placed.doubts and on_doubt is OnDoubt.ASK:
        return PositionInDoubt(draft, placed.doubts)
    like = alike(placed.draft, backends) if on_likeness is not OnLikeness.IGNORE else ()
    if like and on_likeness is OnLikeness.ASK:
        return LooksDuplicate(draft, like)
    status, notes = status_for(placed.draft)
    event = backends.store.append(placed.draft.to_event(now=backends.now(), status=status), by=by, why=why)
    is_settled = is_decided and _is_believed(placed, on_doubt)
    settled = decide(event, backends, by=by) if is_settled else ()
    said = placed.notes + placed.doubts + notes + settled
    return Added(event, said + tuple(_looks_like(each) for each in like))


def edit(
    event_id: str,
    draft: Draft,
    backends: Backends,
    *,
    version: int,
    by: str,
    why: str | None = None,
    seen: Seen = Seen.PUBLIC,
    on_doubt: OnDoubt = OnDoubt.WARN,
    is_decided: bool = True,
) -> Added | NeedsPlace | PositionInDoubt:
    """
    Put a draft in the place of version `version` of an event. An omitted status stays what it is.

    The event keeps its place unless the draft says something new of it; and, where the draft was
    made from the public view (`seen`), what that view withholds.
    Raises EventNotFound, EventChanged, InvalidEvent; the last also for a draft that is of another event.
    """
    event = backends.store.get(event_id)
    _must_be_of(event, draft)
    _must_be(event, version)
    wanted = replace(draft, id=event.id, status=draft.status or event.status)
    wanted, notes = _with_what_was_withheld(wanted, event) if seen is Seen.PUBLIC else (wanted, ())
    kept = keep_place(wanted, event)
    placed = place(wanted, backends, by=by) if kept is None else None
    if isinstance(placed, NeedsPlace):
        return placed
    if placed and placed.doubts and on_doubt is OnDoubt.ASK:
        return PositionInDoubt(draft, placed.doubts)
    new = placed.draft if placed else kept or wanted
    status, more = _status_after_edit(new, event)
    revised = new.to_revision_of(event, now=backends.now(), status=status)
    if _says_the_same(revised, event):
        return Added(event, (Message("Nothing was changed."),))
    stored = backends.store.replace(revised, expected_version=version, by=by, why=why)
    if placed is None:
        return Added(stored, notes + more)
    is_settled = is_decided and _is_believed(placed, on_doubt)
    settled = decide(stored, backends, by=by) if is_settled else forget(event_id, backends)
    return Added(stored, notes + placed.notes + placed.doubts + more + settled)


def _is_believed(placed: Placed, on_doubt: OnDoubt) -> bool:
    """Whether what was said of the place may speak for other reports as well."""
    return not placed.doubts or on_doubt is OnDoubt.BELIEVE


def retract(event_id: str, backends: Backends, *, reason: str, version: int, by: str) -> Added:
    """
    Say that an event was our error. It stays visible, with the reason.

    Raises InvalidEvent without a reason, for one that could not be typed as status_reason, and for
    what was never published: retracting would show it.
    """
    event = backends.store.get(event_id)
    _must_be(event, version)
    said, notes = _read_reason(reason)
    _may_be_retracted(event)
    retracted = event.with_status(Status.RETRACTED, reason=said, now=backends.now())
    stored = backends.store.replace(retracted, expected_version=version, by=by, why=said, op="retract")
    return Added(stored, notes + forget(event_id, backends))


def undo(event_id: str, backends: Backends, *, version: int, by: str) -> Added:
    """
    Put back what the event was before its last change, as a new revision.

    Undoing twice does the change again. A tighter sensitivity and a source made confidential stay, and
    are noted: one click must not publish what was withheld since. A retraction is undone as any change.
    What the event decided of its name is forgotten with the place it decided.
    Raises InvalidEvent where no earlier version is known.
    """
    event = backends.store.get(event_id)
    _must_be(event, version)
    before = [
        revision.event
        for revision in backends.store.history(event_id)
        if revision.event.version < event.version
    ]
    if not before:
        problem = Message(
            "This is the first version of the event: nothing is there to undo. Retract it instead."
        )
        raise InvalidEvent([BadInput(problem, "version")])
    last = max(before, key=lambda earlier: earlier.version)
    wanted, notes = _with_what_was_withheld_since(last.as_draft(), event)
    restored = wanted.to_revision_of(event, now=backends.now(), status=last.status)
    if _says_the_same(restored, event):
        return Added(event, notes)
    why = f"undo of version {event.version}"
    stored = backends.store.replace(restored, expected_version=version, by=by, why=why, op="undo")
    return Added(stored, notes if _is_placed_alike(stored, event) else notes + forget(event_id, backends))


def _is_placed_alike(one: Event, other: Event) -> bool:
    fields_of_choice = ("place_name", "place_id", "geometry")
    return all(getattr(one, name) == getattr(other, name) for name in fields_of_choice)


def status_for(draft: Draft) -> tuple[Status, tuple[Message, ...]]:
    """
    The status asked for; else published if nothing is missing, else draft with a note.

    Raises InvalidEvent, naming every field, where it asks to be public and lacks something.
    """
    missing = draft.missing_to_publish()
    if draft.status is None:
        if not missing:
            return Status.PUBLISHED, ()
        return Status.DRAFT, (
            Message("It is kept as a draft. To be published it needs {missing}.", missing=_and(missing)),
        )
    if draft.status.is_public and missing:
        raise _lacks(draft)
    return draft.status, ()


def _status_after_edit(draft: Draft, event: Event) -> tuple[Status, tuple[Message, ...]]:
    if draft.status is Status.RETRACTED and event.status is not Status.RETRACTED:
        _may_be_retracted(event)
        if not draft.status_reason:
            raise _no_reason()
    status, notes = status_for(draft)
    if status is Status.DRAFT and event.status.is_public:
        notes += (Message("It was public and is a draft now: readers no longer see it."),)
    return status, notes


def _may_be_retracted(event: Event) -> None:
    if not event.status.is_public:
        problem = Message(
            "Only what was published can be retracted: readers would see it. Edit the draft instead."
        )
        raise InvalidEvent([BadInput(problem, "status")])


def _read_reason(text: str) -> tuple[str, tuple[Message, ...]]:
    findings = Findings()
    said = findings.take(status_reason, text, "status_reason")
    if findings.problems:
        raise InvalidEvent(findings.problems)
    if said is None:
        raise _no_reason()
    return said, tuple(findings.notes)


def _no_reason() -> InvalidEvent:
    problem = Message("A retraction needs a reason: readers will see it. Say what was wrong.")
    return InvalidEvent([BadInput(problem, "status_reason")])


def _must_be_of(event: Event, draft: Draft) -> None:
    if draft.id not in (None, event.id):
        problem = Message(
            "This is event {there}, and what was sent has the id {sent}. "
            "Send it to the address of {sent}, or leave its id out.",
            there=event.id,
            sent=draft.id,
        )
        raise InvalidEvent([BadInput(problem, "id")])


def _must_be(event: Event, version: int) -> None:
    if event.version != version:
        news = Message(
            "Somebody changed this event: it is at version {now}, not {asked}. Read it and try again.",
            now=event.version, asked=version,
        )  # fmt: skip
        raise EventChanged(news, event)


def _lacks(draft: Draft) -> InvalidEvent:
    problems = []
    if not draft.has_place:
        no_place = Message("To be published it needs a place. Name it, or set geo_precision to unlocated.")
        problems.append(BadInput(no_place, "place_name"))
    if not draft.sources:
        no_source = Message("To be published it needs at least one source. Name who says so.")
        problems.append(BadInput(no_source, "sources"))
    return InvalidEvent(problems)


def _with_what_was_withheld(draft: Draft, event: Event) -> tuple[Draft, tuple[Message, ...]]:
    """
    Give a draft made from the public view what that view withholds, wherever the draft leaves it as shown.

    Without this, reading a sensitive event and writing it back would wipe out what it protects.
    """
    shown = public_view(event)
    if shown is None:
        return draft, ()
    names = [each.name for each in fields(Content) if each.name not in _BOOKKEEPING]
    withheld = [name for name in names if getattr(shown, name) != getattr(event, name)]
    kept = [name for name in withheld if getattr(draft, name) == getattr(shown, name)]
    restored = replace(draft, **{name: getattr(event, name) for name in kept})
    if "sources" in withheld and "sources" not in kept:
        restored = replace(
            restored, sources=draft.sources + tuple(source for source in event.sources if source.confidential)
        )
    note = Message(
        "Kept as they were, because the public view does not show them: {fields}.", fields=", ".join(kept)
    )
    return restored, (note,) if kept else ()


def _with_what_was_withheld_since(before: Draft, event: Event) -> tuple[Draft, tuple[Message, ...]]:
    """What an event was before, but no less withheld than it is now."""
    notes: tuple[Message, ...] = ()
    if _TIGHTER.index(before.sensitivity) < _TIGHTER.index(event.sensitivity):
        notes += (
            Message(
                "sensitivity stays {now}: undoing never shows more of a place than is shown now. "
                "To make it {before} again, edit the event.",
                now=event.sensitivity.value,
                before=before.sensitivity.value,
            ),
        )
        before = replace(before, sensitivity=event.sensitivity)
    secret = [source for source in event.sources if source.confidential]
    hidden = tuple(replace(source, confidential=True) for source in before.sources)
    sources = tuple(
        hushed if hushed in secret else source for source, hushed in zip(before.sources, hidden, strict=True)
    )
    if sources != before.sources:
        notes += (
            Message(
                "A source stays confidential: undoing never shows what is withheld now. "
                "To show it again, edit the event."
            ),
        )
    return replace(before, sources=sources), notes


def _says_the_same(revised: Event, event: Event) -> bool:
    return replace(revised, version=event.version, updated=event.updated) == event


def _looks_like(event: Event) -> Message:
    return Message("It looks like an event we have: {title} ({id}).", title=event.title, id=event.id)


def _and(parts: tuple[Message, ...]) -> Message:
    if len(parts) == 1:
        return parts[0]
    return Message("{first} and {second}", first=parts[0], second=parts[1])
