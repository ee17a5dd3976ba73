"""What a team decided leaves as a pack, and another team brings it in, reviews it and can take it back."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from geoevents import workflows
from geoevents.decisions import Decision, Standing
from geoevents.errors import BadInput, PlaceNotFound
from geoevents.events import Draft, Sensitivity, Status, new_id
from geoevents.gazetteers.team import TeamGazetteer
from geoevents.places import Context, GeoPrecision, Place, ResolutionStatus
from geoevents.sources import Source
from geoevents.stores.decided_names import DecidedNames
from geoevents.workflows.names_packs import PackVerdict, accept, bring_in, pack_lines, take_back

NOW = datetime(2022, 2, 1, tzinfo=UTC)
HASAKAH = "geonames:173811"
NAME = "the city by the Khabur"


def decision(name: str, place: Place, **given) -> Decision:
    fields = {"id": new_id(), "at": NOW, "by": "an editor"}
    return Decision(**{**fields, **given}, name=name, place=place)


def house(name: str) -> Place:
    return Place(
        place_id=f"team:{new_id()}",
        name=name,
        label=name,
        kind="site",
        lon=40.7513,
        lat=36.5127,
        geo_precision=GeoPrecision.SITE,
        uncertainty_m=100,
        country_code="SY",
    )


@pytest.fixture
def theirs(tmp_path, gazetteer):
    """Another team's names: one of a known place, one of a house that only they know."""
    names = DecidedNames(tmp_path / "theirs" / "names.geojsonl")
    url = "https://example.org/a"
    names.add(
        decision(NAME, gazetteer.get(HASAKAH), source_url=url), decision("the house", house("the house"))
    )
    return names


@pytest.fixture
def ours(tmp_path):
    return DecidedNames(tmp_path / "ours" / "names.geojsonl")


@pytest.fixture
def pack_of(backends):
    def made(names: DecidedNames, **given) -> bytes:
        return b"".join(pack_lines(names, backends.public, **given))

    return made


def verdicts(said) -> list[str]:
    return [each.verdict.value for each in said]


def test_a_house_stays_at_home_unless_it_is_meant_to_leave(theirs, pack_of):
    assert b"the house" not in pack_of(theirs)
    assert b"the house" in pack_of(theirs, own=True)


@pytest.mark.parametrize("withheld", [{"sensitivity": Sensitivity.HIDDEN}, {"status": Status.DRAFT}])
def test_what_is_withheld_of_an_event_does_not_leave_in_a_pack(backends, ours, pack_of, withheld):
    decides = replace(backends, names=ours, team=TeamGazetteer(backends.gazetteer, ours))
    draft = Draft(
        title="A meeting",
        event_type="statements",
        date_start=NOW.date(),
        place_name="the house behind the mosque",
        place_id=HASAKAH,
        sources=(Source(publisher="A newspaper", url="https://example.org/secret"),),
    )
    workflows.add(replace(draft, **withheld), decides, by="editor")
    assert len(ours.all()) == 1

    pack = pack_of(ours, own=True)

    assert b"behind the mosque" not in pack
    assert b"secret" not in pack


def test_a_pack_says_what_was_decided_and_not_by_whom(theirs, pack_of):
    pack = pack_of(theirs)

    assert HASAKAH.encode() in pack
    assert b"https://example.org/a" in pack
    assert b"an editor" not in pack


def test_what_a_pack_brings_is_only_offered_until_somebody_accepts_it(theirs, ours, gazetteer, pack_of):
    said = bring_in(pack_of(theirs), "khabur", ours, gazetteer, now=NOW)
    team = TeamGazetteer(gazetteer, ours)

    offered = team.resolve(NAME, Context())
    assert verdicts(said) == ["new"]
    assert offered.status is ResolutionStatus.AMBIGUOUS
    assert "khabur" in str(offered.candidates[0].why)

    assert accept(ours, "khabur") == 1
    assert team.resolve(NAME, Context()).place.place_id == HASAKAH


def _pack(*rows: str) -> bytes:
    return "\n".join(("name,place_id,lon,lat", *rows)).encode()


@pytest.mark.parametrize("decided", [False, True])
def test_a_pack_that_nobody_has_reviewed_takes_no_answer_away(ours, gazetteer, decided):
    if decided:
        ours.add(decision("Hasakah", gazetteer.get(HASAKAH)))
    team = TeamGazetteer(gazetteer, ours)
    before = team.resolve("Hasakah", Context()).place
    bring_in(_pack(*(f"Hasakah,x,{20 + at},36" for at in range(12))), "flood", ours, gazetteer, now=NOW)

    answer = team.resolve("Hasakah", Context())

    assert before.place_id == HASAKAH
    assert (answer.place, answer.candidates[0].place) == (before, before)
    assert sum("flood" in str(each.why) for each in answer.candidates) == 3
    assert sum("flood" in str(each.why) for each in team.suggest("Hasakah", Context(limit=8))) == 3


def test_a_pack_of_one_name_alone_is_taken_in_part_and_soon(ours, gazetteer):
    rows = [f"A Name,x,{10 + at % 100},{at // 100}" for at in range(5_000)]

    said = bring_in(_pack(*rows), "flood", ours, gazetteer, now=NOW)

    assert (verdicts(said).count("new"), verdicts(said).count("invalid")) == (50, 4_950)
    assert str(said[-1].reason) == "This name has 50 places already. Forget some of them first."


def test_a_whole_pack_is_taken_back_even_once_accepted(theirs, ours, gazetteer, pack_of):
    bring_in(pack_of(theirs, own=True), "khabur", ours, gazetteer, now=NOW)
    accept(ours, "khabur")

    assert take_back(ours, "khabur") == 2
    assert ours.all() == ()


def test_a_second_time_brings_nothing(theirs, ours, gazetteer, pack_of):
    bring_in(pack_of(theirs), "khabur", ours, gazetteer, now=NOW)

    said = bring_in(pack_of(theirs), "khabur again", ours, gazetteer, now=NOW)

    assert verdicts(said) == ["same"]
    assert len(ours.all()) == 1


def test_what_differs_from_ours_is_said_and_does_not_win(theirs, ours, gazetteer, pack_of):
    ours.add(decision(NAME, gazetteer.get("geonames:173377")))

    said = bring_in(pack_of(theirs), "khabur", ours, gazetteer, now=NOW)

    assert verdicts(said) == ["conflicts"]
    assert "Qamishli" in str(said[0].reason)
    assert TeamGazetteer(gazetteer, ours).resolve(NAME, Context()).candidates[0].place.name == "Qamishli"


def test_a_dry_run_keeps_nothing(theirs, ours, gazetteer, pack_of):
    said = bring_in(pack_of(theirs), "khabur", ours, gazetteer, now=NOW, dry_run=True)

    assert verdicts(said) == ["new"]
    assert ours.all() == ()


def test_a_pack_cannot_move_a_house_of_ours(theirs, ours, gazetteer, pack_of):
    mine = decision("our house", house("our house"))
    ours.add(mine)
    pack = f"name,place_id,lon,lat\nour other house,{mine.place.place_id},10,50\n".encode()

    bring_in(pack, "hostile", ours, gazetteer, now=NOW)
    accept(ours, "hostile")

    assert TeamGazetteer(gazetteer, ours).get(mine.place.place_id).lon == 40.7513


def test_a_place_no_gazetteer_of_ours_knows_can_still_be_chosen(ours, gazetteer):
    pack = b"name,place_id,lon,lat\nthe mill,elsewhere:1,40.1,36.6\n"

    bring_in(pack, "mills", ours, gazetteer, now=NOW)

    offered = TeamGazetteer(gazetteer, ours).resolve("the mill", Context()).candidates[0].place
    assert TeamGazetteer(gazetteer, ours).get(offered.place_id) == offered
    with pytest.raises(PlaceNotFound):
        gazetteer.get(offered.place_id)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Mill,geonames:173811,4,5", "elsewhere in our gazetteer"),
        ("Mill,x:1,east,36", "no number"),
        ("Mill,x:1,400,36", "outside -180 to 180"),
        ("Mill,x:1,nan,36", "outside"),
        (",x:1,40,36", "name is empty"),
        ("\u202e,x:1,40,36", "name is empty"),
        ("Mill,x:1,40,36,1000000000000", "uncertainty_m must be"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_land(ours, gazetteer, row, says):
    pack = f"name,place_id,lon,lat,uncertainty_m\n{row}\nthe mill,y:2,40.1,36.6\n".encode()

    said = bring_in(pack, "mills", ours, gazetteer, now=NOW)

    assert verdicts(said) == ["invalid", "new"]
    assert says in str(said[0].reason)
    assert [each.name for each in ours.all()] == ["the mill"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"a,b\n1,2\n", "no column name"),
        (b"", "no column name"),
        (b'name,place_id,lon,lat\n"open,1,2,3', "must be CSV"),
    ],
)
def test_what_is_no_pack_is_refused_whole(ours, gazetteer, data, says):
    with pytest.raises(BadInput, match=says):
        bring_in(data, "mills", ours, gazetteer, now=NOW)

    assert ours.all() == ()


def test_a_name_that_a_spreadsheet_would_run_comes_through_as_it_was(ours, gazetteer, tmp_path, pack_of):
    theirs = DecidedNames(tmp_path / "theirs" / "names.geojsonl")
    theirs.add(decision("=cmd|' /C calc'!A0", gazetteer.get(HASAKAH)))
    pack = pack_of(theirs)

    bring_in(pack, "formulas", ours, gazetteer, now=NOW)

    assert b"'=cmd" in pack
    assert ours.all()[0].name == "=cmd|' /C calc'!A0"
    assert ours.all()[0].standing is Standing.OFFERED


def test_an_unknown_pack_is_named(ours):
    with pytest.raises(BadInput, match="nowhere"):
        accept(ours, "nowhere")
    assert PackVerdict("new") is PackVerdict.NEW


def test_a_large_pack_is_compared_in_seconds(ours, gazetteer):
    rows = "".join(f"mill {n},x:{n},40.1,36.6\n" for n in range(5_000))
    began = time.process_time()

    bring_in(f"name,place_id,lon,lat\n{rows}".encode(), "mills", ours, gazetteer, now=NOW, dry_run=True)

    assert time.process_time() - began < 10


def test_the_address_of_a_source_made_confidential_since_stays_with_the_team(backends, ours, pack_of):
    team = replace(backends, names=ours, team=TeamGazetteer(backends.gazetteer, ours))
    source = Source(publisher="A newspaper", url="https://example.org/secret")
    event = workflows.add(
        Draft(
            title="A meeting",
            event_type="statements",
            date_start=NOW.date(),
            place_name=NAME,
            place_id=HASAKAH,
            sources=(source, Source(publisher="Another", url="https://example.org/open")),
        ),
        team,
        by="editor",
    ).event
    assert b"example.org/secret" in pack_of(ours)

    hidden = replace(event.as_draft(), sources=(replace(source, confidential=True), *event.sources[1:]))
    workflows.edit(event.id, hidden, team, version=1, by="editor", seen=workflows.Seen.INTERNAL)

    assert NAME.encode() in pack_of(ours)
    assert b"example.org/secret" not in pack_of(ours)


def test_a_decided_place_that_the_gazetteer_lost_is_still_the_teams(backends, ours, gazetteer):
    lost = replace(gazetteer.get(HASAKAH), place_id="gone:1")
    ours.add(decision(NAME, lost))
    team = TeamGazetteer(backends.gazetteer, ours)

    assert team.get("gone:1").label == lost.label
    assert team.geometry("gone:1") is None
    with pytest.raises(PlaceNotFound):
        team.get("gone:2")
