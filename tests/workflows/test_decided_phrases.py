"""A name the team has decided means its place inside a phrase, too: "5 km west of X", "X countryside"."""

from __future__ import annotations

import pytest

from geoevents import workflows
from geoevents.places import Context, ResolutionStatus
from geoevents.workflows import OnDoubt, OnLikeness
from tests.workflows.test_deciding import clicked, report, team

__all__ = ["team"]
OURS = "Qasr Mithal"


@pytest.fixture
def tamer(team):
    """The town that a name of nobody else's was decided to mean."""
    return team.gazetteer.resolve("Tell Tamer", Context(country_code="SY")).place


@pytest.fixture
def decided(team, tamer):
    workflows.add(report(place_name=OURS, place_id=tamer.place_id), team, by="editor")
    return team


@pytest.mark.parametrize(
    ("phrase", "comes_to"),
    [
        ("5 km west of {name}", "offset:{id};5000;W"),
        ("{name} countryside", "countryside:{id}"),
        ("{name}'s northern countryside", "side:countryside:{id};N"),
        ("near {name}", "near:{id}"),
        ("between {name} and Hasakah", "between:{id};{hasakah}"),
        ("the Hasakah-{name} road", "road:{hasakah};{id}"),
        ("ريف {name}", "countryside:{id}"),
        ("the town of {name}, Hasakah", "{id}"),
    ],
)
def test_a_phrase_is_worked_out_from_the_place_the_team_decided(decided, tamer, phrase, comes_to):
    hasakah = decided.gazetteer.resolve("Hasakah", Context(country_code="SY")).place.place_id

    answer = decided.for_writers.resolve(phrase.format(name=OURS), Context())

    assert answer.status is ResolutionStatus.RESOLVED
    assert answer.place.place_id == comes_to.format(id=tamer.place_id, hasakah=hasakah)
    assert "chosen by your team" in str(answer.candidates[0].why)
    scores = [each.score for each in answer.candidates]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) <= 1.0001


def test_it_goes_before_what_the_gazetteer_makes_of_the_name(team, tamer):
    country = Context(country_code="SY")
    assert team.for_writers.resolve("5 km west of Derik", country).place.place_id != tamer.place_id
    derik = report(place_name="Derik", place_id=tamer.place_id, country_code="SY")
    workflows.add(derik, team, by="editor")

    first = team.for_writers.resolve("5 km west of Derik", country).candidates[0]

    assert first.place.place_id == f"offset:{tamer.place_id};5000;W"


def test_readers_are_not_told(decided):
    assert decided.gazetteer.resolve(f"5 km west of {OURS}", Context()).place is None


def test_a_place_of_that_very_name_stays_itself(team, tamer):
    workflows.add(report(place_name="Tamer", place_id="geonames:173811"), team, by="editor")

    answer = team.for_writers.resolve("Tell Tamer", Context(country_code="SY"))

    assert answer == team.gazetteer.resolve("Tell Tamer", Context(country_code="SY"))


def test_a_name_decided_in_two_ways_asks_inside_a_phrase_too(decided, tamer):
    other = report(place_name=OURS, place_id="geonames:173811")
    workflows.add(other, decided, by="editor", on_likeness=OnLikeness.IGNORE)

    answer = decided.for_writers.resolve(f"5 km west of {OURS}", Context())

    assert answer.status is ResolutionStatus.AMBIGUOUS
    assert {each.place.place_id.partition(";")[0] for each in answer.candidates[:2]} == {
        f"offset:{tamer.place_id}",
        "offset:geonames:173811",
    }


def test_a_decision_for_another_country_says_nothing_of_the_phrase(decided):
    iraq = Context(country_code="IQ")

    assert decided.for_writers.resolve(f"5 km west of {OURS}", iraq) == decided.gazetteer.resolve(
        f"5 km west of {OURS}", iraq
    )


def test_what_is_measured_from_a_place_of_the_teams_own_asks_and_offers_it(team):
    workflows.add(clicked("The old school"), team, by="editor")

    answer = team.for_writers.resolve("5 km west of the old school", Context())
    other = team.for_writers.resolve("Shaddadi, the old school of arts", Context())

    assert answer.status is ResolutionStatus.AMBIGUOUS
    assert answer.candidates[0].place.place_id.startswith("team:")
    assert "only the place it is measured from" in str(answer.candidates[0].why)
    assert other == team.gazetteer.resolve("Shaddadi, the old school of arts", Context())


def test_a_phrase_that_is_a_name_itself_is_not_measured_from_the_teams_own_place(team):
    syria = Context(country_code="SY")
    workflows.add(clicked("Ghouta", country_code="SY"), team, by="editor", on_doubt=OnDoubt.BELIEVE)
    assert len(team.names.all()) == 1

    answer = team.for_writers.resolve("Eastern Ghouta", syria)

    assert answer.candidates
    assert answer == team.gazetteer.resolve("Eastern Ghouta", syria)
