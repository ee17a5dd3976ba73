"""draft: the events a report tells of, for programs and for eyes; nothing is stored."""

from __future__ import annotations

import json

import pytest

from geoevents.record_stored import PROPERTIES

REPORT = (
    "KOBANI, Syria (Our Desk) – A mine exploded in Kobani on Monday.\r\n\N{FIRE} Two people were killed.\n"
)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(REPORT.encode())
    return path


def test_a_feature_collection_with_every_property_and_where_the_quote_stands(run, report):
    ran = run("draft", report, "--published", "2022-01-25", "--json")

    answer = ran.lines[0]
    (feature,) = answer["features"]
    properties = feature["properties"]
    source = properties["sources"][0]
    assert (ran.code, ran.err, answer["type"]) == (0, "", "FeatureCollection")
    assert list(properties) == list(PROPERTIES)
    assert REPORT[source["quote_start"] : source["quote_end"]] == source["quote"]
    assert (properties["date_start"], properties["place_id"]) == ("2022-01-24", "geonames:172256")
    assert properties["candidates"][0]["place_id"] == "geonames:172256"
    assert feature["geometry"]["type"] == "Point"
    assert answer["report"]["publisher"] == "Our Desk"


def test_standard_input_gives_the_same_drafts_with_the_same_ids(run_alone, report):
    from_file = run_alone("draft", report, "--json")

    from_input = run_alone("draft", "-", "--json", stdin=REPORT.encode())

    assert (from_input.code, from_input.out) == (0, from_file.out)


def test_without_json_each_draft_says_why_it_is_there_and_what_to_look_at(run, report):
    ran = run("draft", report)

    assert ran.out.splitlines()[0] == "1. A mine exploded in Kobani on Monday"
    assert "because of “mine exploded”" in ran.out
    assert "look at: 'Monday' is a day only beside the day of publication. Which day was that?" in ran.out


def test_a_text_that_tells_no_event_says_so_and_gives_an_empty_collection(run, tmp_path):
    (tmp_path / "none.txt").write_text("It may rain in Manbij.", "utf-8")

    told, asked = run("draft", tmp_path / "none.txt"), run("draft", tmp_path / "none.txt", "--json")

    assert (told.code, told.out) == (0, "No event is told here.\n")
    assert asked.lines[0]["features"] == []


def test_nothing_is_stored(run, report, data):
    run("draft", report, "--json")

    assert not (data / "events.geojson").exists()


@pytest.mark.parametrize(
    ("content", "flags", "said"),
    [
        (b"Homs \xff", [], "is not UTF-8: byte 6 cannot be read. Save it as UTF-8."),
        (b"Homs", ["--published", "yesterday"], "'yesterday' is not a date."),
        (b"A " * 600_000, [], "The text has 1200000 characters, more than 1000000."),
    ],
)
def test_what_cannot_be_read_says_why(run, tmp_path, content, flags, said):
    (tmp_path / "given.txt").write_bytes(content)

    ran = run("draft", tmp_path / "given.txt", *flags)

    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert said in ran.err


def test_a_teams_own_phrases_are_read_instead_of_ours(run, report, data):
    (data / "drafting").mkdir(parents=True)
    (data / "drafting" / "rules.json").write_text(json.dumps({"geoevents_drafting_rules": 1}), "utf-8")

    ran = run("draft", report)

    assert ran.code == 2
    assert "cannot be used" in ran.err
