"""geoparse: the places of a text or of many, for programs and for eyes; what cannot be read says why."""

from __future__ import annotations

import json

import pytest

REPORT = "HASAKAH, Syria –\r\nTwo people were killed in Tell Tamer. \N{FIRE} President Assad left Damascus.\n"


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(REPORT.encode())
    return path


def test_one_json_object_with_offsets_into_the_decoded_file(run_alone, report):
    ran = run_alone("geoparse", report, "--json")

    assert (ran.code, ran.err) == (0, "")
    answer = ran.lines[0]
    assert (list(answer), answer["text_length"]) == (["text_length", "toponyms"], len(REPORT))
    assert [(t["text"], REPORT[t["start"] : t["end"]]) for t in answer["toponyms"]] == [
        (name, name) for name in ("HASAKAH", "Syria", "Tell Tamer", "Damascus")
    ]
    for toponym in answer["toponyms"]:
        assert list(toponym) == ["start", "end", "text", "status", "place", "candidates"]
    assert answer["toponyms"][0]["place"] == answer["toponyms"][0]["candidates"][0]


def test_standard_input_and_a_file_come_to_the_same(run, run_alone, report):
    from_file = run("geoparse", report, "--json")

    from_input = run_alone("geoparse", "-", "--json", stdin=REPORT.encode())

    assert from_input.out == from_file.out


def test_without_json_a_line_a_toponym_says_what_it_is(run, report):
    ran = run("geoparse", report)

    assert ran.out.splitlines()[0].startswith("0-7 HASAKAH: Hasakah, Hasakah governorate, Syria (settlement)")
    assert len(ran.out.splitlines()) == 4


def test_a_text_that_names_no_place_says_so(run, tmp_path):
    (tmp_path / "none.txt").write_text("It rained.", "utf-8")

    ran = run("geoparse", tmp_path / "none.txt")

    assert (ran.code, ran.out) == (0, "No place is named here.\n")


def test_many_texts_go_in_and_out_by_the_line(run, tmp_path):
    lines = [
        {"id": "a", "text": "They left Homs."},
        {"id": 7, "text": "They left Homs for Hama.", "spans": [[19, 23]]},
        {"id": "c", "text": "No place", "spans": []},
    ]
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", "utf-8")

    answers = run("geoparse", file, "--jsonl").lines

    assert [(a["id"], [(t["start"], t["text"]) for t in a["toponyms"]]) for a in answers] == [
        ("a", [(10, "Homs")]),
        (7, [(19, "Hama")]),
        ("c", []),
    ]


def test_the_country_is_known_of_the_whole_text(run, tmp_path):
    (tmp_path / "derik.txt").write_text("They came to Derik.", "utf-8")

    answer = run("geoparse", tmp_path / "derik.txt", "--country", "TR", "--json").lines[0]

    assert {c["country_code"] for c in answer["toponyms"][0]["candidates"]} == {"TR"}


@pytest.mark.parametrize(
    ("content", "flags", "said"),
    [
        (b"Homs \xff", [], "is not UTF-8: byte 6 cannot be read. Save it as UTF-8."),
        (b"A " * 2_500_000, [], "is larger than 4000000 bytes."),
        (b"A " * 600_000, [], "The text has 1200000 characters, more than 1000000."),
        (b"Homs", ["--date", "yesterday"], "'yesterday' is not a date."),
        (b"Homs", ["--country", "Syria"], "--country: 'Syria' is not a country code."),
        (b'{"id": 1, "text": "Homs"}\nHoms\n', ["--jsonl"], "line 2: "),
        (b'{"id": 1}\n', ["--jsonl"], 'line 1: expected an object with "id" and "text".'),
        (b'{"id": 1, "text": "Homs", "spans": [[0, 5]]}\n', ["--jsonl"], '"spans": [0, 5] is no part'),
        (b'{"id": 1, "text": "Homs", "spans": [[true, 2]]}\n', ["--jsonl"], '"spans": [True, 2] is no'),
        (b'{"id": 1, "text": "Homs", "spans": 4}\n', ["--jsonl"], '"spans" must be a list'),
    ],
)
def test_what_cannot_be_read_says_why(run, tmp_path, content, flags, said):
    (tmp_path / "given.txt").write_bytes(content)

    ran = run("geoparse", tmp_path / "given.txt", *flags)

    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_file_that_is_not_there_says_so(run, tmp_path):
    ran = run("geoparse", tmp_path / "none.txt")

    assert (ran.code, ran.err) == (
        2,
        f"geoevents: {tmp_path / 'none.txt'} cannot be read: No such file or directory.\n",
    )
