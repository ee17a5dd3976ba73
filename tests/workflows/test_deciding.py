"""Decided once: a place that a person picked is the team's from then on, and settles what waited for it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from geoevents import workflows
from geoevents.errors import PlaceNotFound, StoreDamaged
from geoevents.events import Draft, GeoMethod, Status, public_view
from geoevents.gazetteers.team import TeamGazetteer
from geoevents.geometries import Geometry
from geoevents.places import Context, GeoPrecision, ResolutionStatus
from geoevents.sources import Source
from geoevents.stores.decided_names import DecidedNames
from geoevents.workflows import OnDoubt, OnLikeness, PositionInDoubt

HOUSE = Geometry.point(40.75, 36.51)


@pytest.fixture
def team(backends, tmp_path):
    names = DecidedNames(tmp_path / "private" / "names.geojsonl")
    return replace(backends, names=names, team=TeamGazetteer(backends.gazetteer, names))


def report(**given) -> Draft:
    fields = {
        "title": "A meeting was held",
        "event_type": "statements",
        "date_start": date(2022, 1, 25),
        "sources": (Source(publisher="A newspaper", url="https://example.org/a"),),
    }
    return Draft(**{**fields, **given})


def clicked(name: str, **given) -> Draft:
    return report(
        place_name=name,
        geometry=HOUSE,
        geo_method=GeoMethod.PICKED,
        geo_precision=GeoPrecision.SITE,
        **given,
    )


def test_a_place_clicked_on_the_map_is_the_teams_answer_from_then_on(team):
    workflows.add(clicked("Abu Nasir's farm"), team, by="editor")

    answer = team.for_writers.resolve("abu nasir's Farm", Context())
    assert answer.status is ResolutionStatus.RESOLVED
    assert (answer.place.lon, answer.place.lat) == (40.75, 36.51)
    assert "chosen by your team" in str(answer.candidates[0].why)


def test_nobody_else_is_told_of_it(team):
    workflows.add(clicked("Abu Nasir's farm"), team, by="editor")
    place_id = team.names.all()[0].place.place_id

    assert team.gazetteer.resolve("Abu Nasir's farm", Context()).candidates == ()
    assert team.gazetteer.suggest("Abu Nas", Context()) == ()
    with pytest.raises(PlaceNotFound):
        team.gazetteer.get(place_id)


def test_an_event_placed_by_it_does_not_show_its_id(team):
    workflows.add(clicked("Abu Nasir's farm"), team, by="editor")
    second = workflows.add(
        report(title="Two were arrested", event_type="detention", place_name="Abu Nasir's farm"),
        team,
        by="editor",
    ).event

    shown = public_view(second)

    assert second.place_id.startswith("team:")
    assert second.geometry == HOUSE
    assert shown.place_id is None
    assert shown.place_label is None
    assert "team:" not in repr(shown)


def test_it_places_the_drafts_that_waited_and_each_can_be_undone(team):
    waiting = report(title="Arrests at the farm", place_name="Abu Nasir's farm", status=Status.DRAFT)
    draft = workflows.add(waiting, team, by="editor").event
    assert draft.geometry is None

    added = workflows.add(clicked("Abu Nasir's farm"), team, by="editor")

    settled = team.store.get(draft.id)
    assert settled.geometry == HOUSE
    assert (settled.status, settled.version) == (Status.DRAFT, 2)
    assert draft.id in " ".join(str(each) for each in added.warnings)
    undone = workflows.undo(draft.id, team, version=2, by="editor").event
    assert undone.geometry is None


def test_a_published_event_is_never_moved_by_it(team):
    published = workflows.add(clicked("Abu Nasir's farm"), team, by="editor").event

    elsewhere = replace(clicked("Abu Nasir's farm"), geometry=Geometry.point(41.2, 37.0), title="Elsewhere")
    workflows.add(elsewhere, team, by="editor")

    assert team.store.get(published.id).geometry == HOUSE


def test_two_decisions_that_differ_ask(team):
    workflows.add(clicked("The old school"), team, by="editor")
    elsewhere = replace(clicked("The old school"), geometry=Geometry.point(41.2, 37.0), title="Elsewhere")
    workflows.add(elsewhere, team, by="editor", on_doubt=OnDoubt.BELIEVE)

    answer = team.for_writers.resolve("the old school", Context())

    assert answer.status is ResolutionStatus.AMBIGUOUS
    assert len(answer.candidates) >= 2


def test_a_decision_for_another_country_than_asked_for_is_no_answer(team):
    workflows.add(clicked("The old school", country_code="SY"), team, by="editor")

    answer = team.for_writers.resolve("The old school", Context(country_code="IQ"))

    assert all(not each.place.place_id.startswith("team:") for each in answer.candidates)


def test_what_the_gazetteer_answered_by_itself_is_no_decision(team):
    workflows.add(report(place_name="Hasakah"), team, by="editor")

    assert team.names.all() == ()


def test_another_process_sees_it_at_once(team):
    other = DecidedNames(team.names.path)
    assert other.all() == ()

    workflows.add(clicked("The old school"), team, by="editor")

    assert [each.name for each in other.all()] == ["The old school"]
    assert team.names.path.stat().st_mode & 0o077 == 0


def test_an_event_is_kept_and_says_so_where_its_choice_cannot_be_remembered(team):
    team.names.path.parent.mkdir(exist_ok=True)
    team.names.path.write_bytes(b"not a line of ours\n")

    added = workflows.add(clicked("The old school"), team, by="editor")

    assert team.store.get(added.event.id) == added.event
    assert "could not be remembered" in " ".join(str(each) for each in added.warnings)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", None),
        ("name", 5),
        ("at", "2022-01-01T00:00:00"),
        ("at", 7),
        ("place", {"lon": 1}),
        ("place", []),
    ],
)
def test_a_line_edited_by_hand_harms_no_look_up(team, field, value):
    workflows.add(clicked("The old school"), team, by="editor")
    good = team.names.path.read_bytes()
    bad = {**json.loads(good), field: value}
    team.names.path.write_bytes(json.dumps(bad).encode() + b"\n[[[[" + b"[" * 100_000 + b"\n" + good)

    answer = team.for_writers.resolve("the old school", Context())

    assert answer.place is not None
    with pytest.raises(StoreDamaged, match="Mend it or remove it"):
        team.names.remove(["x"])


def test_a_position_far_from_what_the_name_means_decides_nothing_by_itself(team):
    workflows.add(clicked("Kobani"), team, by="editor")

    assert team.names.all() == ()


def test_a_person_can_be_asked_whether_such_a_position_is_right(team):
    asked = workflows.add(clicked("Kobani"), team, by="editor", on_doubt=OnDoubt.ASK)

    assert isinstance(asked, PositionInDoubt)
    assert "km from Kobani" in str(asked.doubts[0])
    assert list(team.store.events()) == []
    workflows.add(clicked("Kobani"), team, by="editor", on_doubt=OnDoubt.BELIEVE)
    assert [each.name for each in team.names.all()] == ["Kobani"]


def test_a_retraction_takes_the_decision_back(team):
    event = workflows.add(clicked("Abu Nasir's farm"), team, by="editor").event
    workflows.add(clicked("The old school"), team, by="editor", on_likeness=OnLikeness.IGNORE)

    outcome = workflows.retract(event.id, team, reason="It was the wrong farm", version=1, by="editor")

    assert [each.name for each in team.names.all()] == ["The old school"]
    assert "taken back" in " ".join(str(each) for each in outcome.warnings)


def test_what_else_a_decided_name_may_mean_shares_what_is_left_of_certainty(team):
    workflows.add(report(place_name="Derik", place_id="geonames:173811"), team, by="editor")

    candidates = team.for_writers.resolve("Derik", Context(country_code="SY")).candidates

    assert candidates[0].place.place_id == "geonames:173811"
    assert sum(each.score for each in candidates) <= 1


def test_undoing_a_choice_of_place_takes_its_decision_back(team):
    before = workflows.add(report(place_name="The old school", status=Status.DRAFT), team, by="editor").event
    chosen = workflows.edit(
        before.id, clicked("The old school", status=Status.DRAFT), team, version=1, by="editor"
    ).event
    assert [each.name for each in team.names.all()] == ["The old school"]

    undone = workflows.undo(before.id, team, version=chosen.version, by="editor")

    assert team.names.all() == ()
    assert "taken back" in " ".join(str(each) for each in undone.warnings)


def test_undoing_a_change_of_something_else_leaves_the_decision(team):
    event = workflows.add(clicked("The old school"), team, by="editor").event
    retitled = replace(event.as_draft(), title="Two meetings were held")
    workflows.edit(event.id, retitled, team, version=1, by="editor")

    workflows.undo(event.id, team, version=2, by="editor")

    assert [each.event_id for each in team.names.all()] == [event.id]


def test_a_corrected_name_leaves_nothing_decided_for_the_wrong_one(team):
    event = workflows.add(clicked("The old school"), team, by="editor").event

    workflows.edit(event.id, clicked("The old mill"), team, version=1, by="editor")

    assert [each.name for each in team.names.all()] == ["The old mill"]


@pytest.mark.parametrize(
    ("correction", "how"),
    [
        (report(place_name="Hasakah"), {}),
        (report(geo_precision=GeoPrecision.UNLOCATED), {}),
        (clicked("Kobani"), {"on_doubt": OnDoubt.WARN}),
        (replace(clicked("The old school"), geometry=Geometry.point(41.2, 37.0)), {"is_decided": False}),
    ],
    ids=["looked up", "unlocated", "in doubt", "sent by a program"],
)
def test_a_correction_that_decides_nothing_takes_back_what_was_decided(team, correction, how):
    event = workflows.add(clicked("The old school"), team, by="editor").event

    edited = workflows.edit(event.id, correction, team, version=1, by="editor", **how)

    assert edited.event.version == 2
    assert team.names.all() == ()
    assert "taken back" in " ".join(str(each) for each in edited.warnings)


@pytest.mark.parametrize(("said", "version"), [("al-Hasakah", 2), ("Hasaka", 1)])
def test_a_draft_waits_for_a_decision_in_its_governorate_however_that_is_written(team, said, version):
    waiting = report(place_name="The old school", admin1=said, country_code="SY", status=Status.DRAFT)
    draft = workflows.add(waiting, team, by="editor").event

    workflows.add(clicked("The old school", admin1="Ḥasakah", country_code="SY"), team, by="editor")

    assert team.store.get(draft.id).version == version


def test_a_draft_that_somebody_edits_meanwhile_does_not_keep_the_others_from_being_placed(team):
    waiting = report(place_name="The old school", status=Status.DRAFT)
    held, free = (
        workflows.add(replace(waiting, title=each), team, by="editor", on_likeness=OnLikeness.IGNORE).event
        for each in ("One", "Two")
    )

    def now():
        if team.names.all() and team.store.get(held.id).version == 1:
            mine = replace(held, title="Mine")
            team.store.replace(mine, expected_version=1, by="another editor", why=None)
        return team.now()

    added = workflows.add(clicked("The old school"), replace(team, now=now), by="editor")

    said = [str(each) for each in added.warnings]
    assert (team.store.get(held.id).title, team.store.get(held.id).geometry) == ("Mine", None)
    assert team.store.get(free.id).geometry == HOUSE
    assert [each.name for each in team.names.all()] == ["The old school"]
    assert any(free.id in each and "placed now" in each for each in said)
    assert any(held.id in each and "Somebody changed this event" in each for each in said)


@pytest.mark.parametrize(("said", "version"), [({}, 1), ({"country_code": "SY"}, 2)], ids=["open", "told"])
def test_a_name_decided_in_two_ways_places_only_the_drafts_that_say_which(team, said, version):
    in_turkey = replace(clicked("The old school", country_code="TR"), geometry=Geometry.point(40.75, 37.3))
    workflows.add(in_turkey, team, by="editor")
    waiting = report(title="Two met", place_name="The old school", status=Status.DRAFT, **said)
    # As it waited before anything was decided.
    draft = team.store.append(waiting.to_event(now=team.now(), status=Status.DRAFT), by="editor", why=None)

    elsewhere = replace(clicked("The old school", country_code="SY"), title="Elsewhere")
    workflows.add(elsewhere, team, by="editor", on_likeness=OnLikeness.IGNORE)

    assert len({each.place.place_id for each in team.names.all()}) == 2
    assert team.store.get(draft.id).version == version


def test_of_many_drafts_that_waited_only_some_are_told_by_their_ids(team):
    waiting = report(place_name="The old school", status=Status.DRAFT)
    drafts = [replace(waiting, title=str(n)).to_event(now=team.now(), status=Status.DRAFT) for n in range(50)]
    team.store.append_all(drafts, by="editor", why=None)

    added = workflows.add(clicked("The old school"), team, by="editor")

    assert [each.geometry for each in team.store.events()] == [HOUSE] * 51
    (said,) = (str(each) for each in added.warnings if "placed now" in str(each))
    assert "50 other drafts" in said
    assert sum(each.id in said for each in drafts) == 20
    assert said.endswith("….")
