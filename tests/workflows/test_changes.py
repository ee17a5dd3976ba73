"""Add, edit, retract, undo: what is kept, what is refused, and what nobody loses by mistake."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from geoevents import workflows
from geoevents.errors import EventChanged, EventExists, EventNotFound, InvalidEvent
from geoevents.events import Sensitivity, Status, public_view
from geoevents.places import GeoPrecision
from geoevents.settings import SHIPPED_DATA
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.workflows import Added, LooksDuplicate, NeedsPlace, OnLikeness, Seen

HASAKAH = "geonames:173811"


@pytest.fixture
def add(backends, make_draft):
    def make(**properties):
        draft = make_draft(**({"place_name": "Hasakah"} | properties))
        return workflows.add(draft, backends, by="amina", on_likeness=OnLikeness.IGNORE).event

    return make


def words(outcome):
    return [str(warning) for warning in outcome.warnings]


def test_with_nothing_missing_an_event_is_published(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="Hasakah"), backends, by="amina")

    assert (outcome.event.status, outcome.event.version, outcome.warnings) == (Status.PUBLISHED, 1, ())
    assert backends.public.get(outcome.event.id).title == "A convoy was stopped"


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ({"sources": []}, "at least one source"),
        ({"place_name": None}, "a place (or 'unlocated', said on purpose)"),
        (
            {"place_name": None, "sources": []},
            "a place (or 'unlocated', said on purpose) and at least one source",
        ),
    ],
)
def test_with_something_missing_it_is_a_draft_and_the_answer_says_why(backends, make_draft, lacks, said):
    outcome = workflows.add(make_draft(**({"place_name": "Hasakah"} | lacks)), backends, by="amina")

    assert outcome.event.status is Status.DRAFT
    assert words(outcome) == [f"It is kept as a draft. To be published it needs {said}."]
    with pytest.raises(EventNotFound):
        backends.public.get(outcome.event.id)


def test_published_on_demand_with_something_missing_is_refused_naming_every_field(backends, make_draft):
    with pytest.raises(InvalidEvent) as refused:
        workflows.add(make_draft(status="published", sources=[]), backends, by="amina")

    assert [problem.field for problem in refused.value.problems] == ["place_name", "sources"]
    assert list(backends.store.events()) == []


def test_a_taken_id_is_refused(backends, make_draft, add):
    event = add(id="taken-id")

    with pytest.raises(EventExists):
        workflows.add(
            replace(make_draft(place_name="Qamishli", title="Another"), id="taken-id"), backends, by="amina"
        )
    assert list(backends.store.events()) == [event]


def test_a_likely_double_is_asked_about_before_it_is_kept(backends, make_draft, add):
    first = add(title="A convoy was stopped")
    draft = make_draft(title="a convoy WAS stopped", place_name="al-Hasakah", sources=[{"publisher": "SOHR"}])

    asked = workflows.add(draft, backends, by="amina")
    warned = workflows.add(draft, backends, by="amina", on_likeness=OnLikeness.WARN)

    assert asked == LooksDuplicate(draft, (first,))
    assert words(warned) == [f"It looks like an event we have: A convoy was stopped ({first.id})."]


@pytest.mark.parametrize(
    "other",
    [
        {"place_name": "Qamishli"},
        {"date_start": "2022-01-27"},
        {"event_type": "detention"},
        {"title": "Another thing", "sources": [{"publisher": "SOHR", "url": "https://example.org/2"}]},
    ],
)
def test_another_place_day_type_or_report_is_no_double(backends, make_draft, add, other):
    add()

    outcome = workflows.add(make_draft(**({"place_name": "Hasakah"} | other)), backends, by="amina")

    assert isinstance(outcome, Added)
    assert outcome.warnings == ()


def test_the_same_article_about_the_same_place_and_day_is_a_likely_double(backends, make_draft, add):
    first = add(title="One wording")

    outcome = workflows.add(make_draft(title="Other words", place_name="Hasakah"), backends, by="amina")

    assert outcome.alike == (first,)


def test_a_retracted_event_is_nothing_to_double(backends, make_draft, add):
    event = add()
    workflows.retract(event.id, backends, reason="Wrong town", version=1, by="amina")

    assert isinstance(workflows.add(make_draft(place_name="Hasakah"), backends, by="amina"), Added)


def test_an_edit_keeps_the_place_that_a_person_chose(backends, make_draft):
    chosen = (
        workflows.add(make_draft(place_name="Derik"), backends, by="amina").resolution.candidates[1].place
    )
    draft = make_draft(place_name="Derik", place_id=chosen.place_id)
    event = workflows.add(draft, backends, by="amina").event

    edited = workflows.edit(
        event.id, replace(event.as_draft(), title="Corrected"), backends, version=1, by="jan", why="typo"
    ).event

    assert edited == replace(event, title="Corrected", version=2)
    assert edited.chosen_by == "amina"


def test_an_edit_that_is_sent_without_the_bookkeeping_keeps_it(backends, make_draft, add):
    event = add()
    sent = replace(
        event.as_draft(),
        title="Corrected",
        match_score=None,
        candidates=None,
        chosen_by=None,
        chosen_why=None,
    )

    edited = workflows.edit(event.id, sent, backends, version=1, by="jan").event

    assert edited == replace(event, title="Corrected", version=2)


def test_an_edit_to_another_name_looks_for_the_other_place(backends, make_draft, add):
    event = add()

    moved = workflows.edit(event.id, make_draft(place_name="Qamishli"), backends, version=1, by="jan").event
    asked = workflows.edit(event.id, make_draft(place_name="Derik"), backends, version=2, by="jan")

    assert (moved.place_id, moved.admin2) == ("geonames:173377", "Qamishli")
    assert isinstance(asked, NeedsPlace)


def test_an_edit_may_say_that_the_place_is_unknown_after_all(backends, make_draft, add):
    event = add()

    draft = make_draft(place_name="Hasakah", geo_precision="unlocated")
    edited = workflows.edit(event.id, draft, backends, version=1, by="jan").event

    assert (edited.geometry, edited.place_id, edited.geo_precision) == (None, None, GeoPrecision.UNLOCATED)
    assert (edited.match_score, edited.candidates, edited.chosen_by) == (None, None, None)


def test_an_edit_of_an_older_version_is_refused_and_shows_what_is_there(backends, make_draft, add):
    event = add()
    now = workflows.edit(
        event.id, make_draft(place_name="Hasakah", title="One"), backends, version=1, by="a"
    ).event

    with pytest.raises(EventChanged) as refused:
        workflows.edit(event.id, make_draft(place_name="Derik", title="Two"), backends, version=1, by="b")

    assert refused.value.current == now
    assert backends.store.get(event.id) == now


def test_what_is_written_of_one_event_never_lands_in_another(backends, add):
    event, other = add(), add(title="Another thing", place_name="Qamishli")

    with pytest.raises(InvalidEvent) as refused:
        workflows.edit(event.id, other.as_draft(), backends, version=1, by="jan")

    assert refused.value.field == "id"
    assert event.id in str(refused.value)
    assert other.id in str(refused.value)
    assert backends.store.get(event.id) == event


def test_an_edit_that_changes_nothing_makes_no_version(backends, add):
    event = add()

    outcome = workflows.edit(event.id, event.as_draft(), backends, version=1, by="jan")

    assert outcome.event == event
    assert words(outcome) == ["Nothing was changed."]
    assert len(backends.store.history(event.id)) == 1


def test_an_edit_may_not_leave_a_published_event_without_a_source(backends, make_draft, add):
    event = add()

    with pytest.raises(InvalidEvent, match="at least one source"):
        workflows.edit(event.id, make_draft(place_name="Hasakah", sources=[]), backends, version=1, by="jan")

    assert backends.store.get(event.id) == event


def test_a_draft_stays_one_until_somebody_publishes_it(backends, make_draft, add):
    event = add(status="draft")
    draft = make_draft(place_name="Hasakah", title="Better words")

    still = workflows.edit(event.id, draft, backends, version=1, by="jan").event
    now = workflows.edit(
        event.id, replace(draft, status=Status.PUBLISHED), backends, version=2, by="jan"
    ).event

    assert (still.status, now.status) == (Status.DRAFT, Status.PUBLISHED)


def test_taking_an_event_back_to_draft_is_said(backends, add):
    event = add()

    draft = replace(event.as_draft(), status=Status.DRAFT)
    outcome = workflows.edit(event.id, draft, backends, version=1, by="jan")

    assert words(outcome) == ["It was public and is a draft now: readers no longer see it."]


@pytest.mark.parametrize("sensitivity", ["grid", "admin1"])
def test_what_the_public_view_withholds_survives_being_read_and_written_back(backends, add, sensitivity):
    event = add(
        sensitivity=sensitivity, description="the yard behind the bakery", internal_note="ask again",
        tags=["x"], public_text="In the north-east",
        sources=[{"publisher": "A", "quote": "here"}, {"publisher": "B", "confidential": True}],
    )  # fmt: skip
    seen = replace(public_view(event).as_draft(), title="A better title")

    outcome = workflows.edit(event.id, seen, backends, version=1, by="jan")

    assert outcome.event == replace(event, title="A better title", version=2)
    assert words(outcome)[0].startswith("Kept as they were, because the public view does not show them: ")


def test_a_source_added_to_the_public_view_does_not_drop_the_confidential_ones(backends, add):
    event = add(sources=[{"publisher": "A"}, {"publisher": "B", "confidential": True}])
    shown = public_view(event).as_draft()
    more = replace(shown.sources[0], publisher="C")

    sent = replace(shown, sources=(*shown.sources, more))
    edited = workflows.edit(event.id, sent, backends, version=1, by="jan").event

    assert [source.publisher for source in edited.sources] == ["A", "C", "B"]


def test_whoever_edits_the_internal_view_may_empty_what_it_shows(backends, add):
    event = add(sensitivity="grid", description="the yard", internal_note="ask again")
    draft = replace(event.as_draft(), internal_note=None, description=None)

    edited = workflows.edit(event.id, draft, backends, version=1, by="jan", seen=Seen.INTERNAL).event

    assert (edited.internal_note, edited.description, edited.sensitivity) == (None, None, Sensitivity.GRID)


def test_a_retraction_stays_visible_with_its_reason(backends, add):
    event = add()

    retracted = workflows.retract(event.id, backends, reason=" Wrong town ", version=1, by="jan").event

    assert (retracted.status, retracted.status_reason, retracted.version) == (
        Status.RETRACTED,
        "Wrong town",
        2,
    )
    assert backends.public.get(event.id).status_reason == "Wrong town"
    last = backends.store.history(event.id)[-1]
    assert (last.by, last.why, last.op) == ("jan", "Wrong town", "retract")


def test_a_retraction_without_a_reason_is_refused(backends, add):
    event = add()

    with pytest.raises(InvalidEvent, match="needs a reason") as refused:
        workflows.retract(event.id, backends, reason="  ", version=1, by="jan")

    assert refused.value.field == "status_reason"
    assert backends.store.get(event.id) == event


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("Wrong\x00town", "control character"),
        ("x" * 1_001, "has 1001 characters; 1000 are the most"),
        ("\u200b", "needs a reason"),
        ("a" + "\u0300" * 11, "piles more than 10 marks"),
    ],
)
def test_a_reason_that_could_not_be_typed_as_status_reason_is_refused(backends, add, reason, said):
    event = add()

    with pytest.raises(InvalidEvent, match=said) as refused:
        workflows.retract(event.id, backends, reason=reason, version=1, by="jan")

    assert refused.value.field == "status_reason"
    assert backends.store.get(event.id) == event


def test_what_is_mended_in_a_reason_is_told_and_kept_mended_in_the_history_too(backends, add):
    event = add()

    outcome = workflows.retract(event.id, backends, reason="Wrong \u202etown", version=1, by="jan")

    assert words(outcome) == [
        "Invisible marks that turn the direction of text were removed from status_reason."
    ]
    assert outcome.event.status_reason == backends.store.history(event.id)[-1].why == "Wrong town"


def test_a_draft_is_never_retracted_because_that_would_show_it(backends, add):
    event = add(status="draft")
    as_retracted = replace(event.as_draft(), status=Status.RETRACTED, status_reason="x")

    with pytest.raises(InvalidEvent, match="Only what was published"):
        workflows.retract(event.id, backends, reason="x", version=1, by="jan")
    with pytest.raises(InvalidEvent, match="Only what was published"):
        workflows.edit(event.id, as_retracted, backends, version=1, by="jan")


def test_undo_puts_back_what_was_before_and_undoing_twice_does_it_again(backends, make_draft, add):
    first = add()
    draft = make_draft(place_name="Qamishli", title="Moved")
    second = workflows.edit(first.id, draft, backends, version=1, by="jan").event

    undone = workflows.undo(first.id, backends, version=2, by="jan").event
    redone = workflows.undo(first.id, backends, version=3, by="jan").event

    assert undone == replace(first, version=3)
    assert redone == replace(second, version=4)
    assert [revision.op for revision in backends.store.history(first.id)] == ["add", "edit", "undo", "undo"]


def test_a_retraction_can_be_undone(backends, add):
    event = add()
    workflows.retract(event.id, backends, reason="Wrong town", version=1, by="jan")

    undone = workflows.undo(event.id, backends, version=2, by="jan").event

    assert undone == replace(event, version=3)


@pytest.mark.parametrize("sensitivity", ["grid", "admin1", "hidden"])
def test_undo_never_shows_again_what_was_withheld_since(backends, make_draft, add, sensitivity):
    event = add(description="the yard behind the bakery")
    tighter = replace(event.as_draft(), title="Milder", sensitivity=Sensitivity(sensitivity))
    workflows.edit(event.id, tighter, backends, version=1, by="jan")

    outcome = workflows.undo(event.id, backends, version=2, by="jan")

    assert outcome.event == replace(event, sensitivity=Sensitivity(sensitivity), version=3)
    assert words(outcome) == [
        f"sensitivity stays {sensitivity}: undoing never shows more of a place than is shown now. "
        "To make it exact again, edit the event."
    ]


def test_undo_of_nothing_but_a_tighter_sensitivity_changes_nothing(backends, add):
    event = add()
    tighter = replace(event.as_draft(), sensitivity=Sensitivity.GRID)
    now = workflows.edit(event.id, tighter, backends, version=1, by="jan").event

    outcome = workflows.undo(event.id, backends, version=2, by="jan")

    assert (outcome.event, len(outcome.warnings)) == (now, 1)
    assert backends.store.get(event.id) == now


def test_undo_may_withhold_more_again(backends, add):
    event = add(sensitivity="grid")
    looser = replace(event.as_draft(), sensitivity=Sensitivity.EXACT)
    workflows.edit(event.id, looser, backends, version=1, by="jan", seen=Seen.INTERNAL)

    outcome = workflows.undo(event.id, backends, version=2, by="jan")

    assert outcome == Added(replace(event, version=3))


def test_undo_names_no_source_that_was_made_confidential_since(backends, add):
    event = add(sources=[{"publisher": "A"}, {"publisher": "B"}])
    secret = replace(event.sources[1], confidential=True)
    draft = replace(event.as_draft(), title="Milder", sources=(event.sources[0], secret))
    workflows.edit(event.id, draft, backends, version=1, by="jan", seen=Seen.INTERNAL)

    outcome = workflows.undo(event.id, backends, version=2, by="jan")

    assert outcome.event == replace(event, sources=draft.sources, version=3)
    assert words(outcome)[0].startswith("A source stays confidential")


def test_the_first_edit_of_an_event_that_came_with_the_file_can_be_undone(backends, tmp_path):
    shutil.copy(SHIPPED_DATA / "events.geojson", tmp_path / "shipped.geojson")
    shipped = replace(backends, store=GeoJSONStore.open(tmp_path / "shipped.geojson"))
    event = next(shipped.store.events())
    workflows.edit(event.id, replace(event.as_draft(), title="Other"), shipped, version=1, by="jan")

    undone = workflows.undo(event.id, shipped, version=2, by="jan").event

    assert replace(undone, updated=event.updated) == replace(event, version=3)


def test_the_first_version_has_nothing_before_it(backends, add):
    event = add()

    with pytest.raises(InvalidEvent, match="first version"):
        workflows.undo(event.id, backends, version=1, by="jan")


def test_every_change_says_who_and_why(backends, make_draft):
    event = workflows.add(make_draft(place_name="Hasakah"), backends, by="amina", why="from the wire").event
    draft = make_draft(place_name="Hasakah", title="Better")
    workflows.edit(event.id, draft, backends, version=1, by="jan", why="clearer")

    assert [(each.by, each.why) for each in backends.store.history(event.id)] == [
        ("amina", "from the wire"),
        ("jan", "clearer"),
    ]
