"""geocode: one answer a name, in order, for programs and for eyes."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.cli.conftest import SCRIPT

PLACE_KEYS = [
    "place_id", "name", "label", "kind", "lon", "lat", "bbox", "valid_from", "valid_to", "geo_precision",
    "uncertainty_m", "country_code", "admin1", "score", "why",
]  # fmt: skip


def test_one_json_line_a_name_in_order_whatever_each_came_to(run_alone):
    ran = run_alone("geocode", "Hasakah", "Derik", "Xqzwv", "--json")

    assert (ran.code, ran.err) == (0, "")
    assert [(line["query"], line["status"]) for line in ran.lines] == [
        ("Hasakah", "resolved"),
        ("Derik", "ambiguous"),
        ("Xqzwv", "not_found"),
    ]
    resolved, ambiguous, not_found = ran.lines
    assert list(resolved) == ["query", "status", "place", "candidates", "suggestions"]
    assert list(resolved["place"]) == PLACE_KEYS
    assert resolved["place"] == resolved["candidates"][0]
    assert (ambiguous["place"], len(ambiguous["candidates"])) == (None, 2)
    assert (not_found["place"], not_found["candidates"]) == (None, [])


def test_the_country_filters_and_the_limit_limits(run):
    in_turkey = run("geocode", "Derik", "--country", "tr", "--json").lines[0]
    first = run("geocode", "Derik", "--limit", "1", "--json").lines[0]

    assert in_turkey["place"]["country_code"] == "TR"
    assert (first["status"], len(first["candidates"])) == ("ambiguous", 1)


def test_the_day_chooses_the_version_of_an_area(run):
    early = run("geocode", "AANES-held areas", "--date", "2019-06-01", "--json").lines[0]
    late = run("geocode", "AANES-held areas", "--date", "1 June 2021", "--json").lines[0]

    assert early["place"]["place_id"] == "area:aanes@2019-03"
    assert late["place"]["place_id"] == "area:aanes@2019-10"


def test_a_file_of_names_is_answered_row_by_row(run, tmp_path):
    names = tmp_path / "names.csv"
    names.write_bytes(
        "\ufeffname,country,admin1,date\nالحسكة,SY,,\n,,,\nDerik,TR,,2021-06-01\nDerik\n".encode()
    )

    ran = run("geocode", "--file", names, "--json")

    assert ran.code == 0
    assert [(line["query"], line["status"]) for line in ran.lines] == [
        ("الحسكة", "resolved"),
        ("", "not_found"),
        ("Derik", "resolved"),
        ("Derik", "ambiguous"),
    ]


def test_flags_stand_in_for_what_a_row_leaves_empty(run_alone):
    rows = b"name,country\nDerik,\nDerik,SY\n"

    ran = run_alone("geocode", "--file", "-", "--country", "TR", "--json", stdin=rows)

    assert [line["place"]["country_code"] for line in ran.lines] == ["TR", "SY"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "geoevents: Give names, or a file of them with --file."),
        (["Hasakah", "--file", "x.csv"], "geoevents: Give names, or a file of them with --file."),
        (["Hasakah", "--country", "Syria"], "geoevents: --country: 'Syria' is not a country code."),
        (["Derik", "--country", "XX"], "geoevents: XX is no country."),
        (["Hasakah", "--limit", "0"], "geoevents: --limit: '0' is not a number from 1 to 100."),
        (["Hasakah", "--limit", "٢"], "geoevents: --limit: '٢' is not a number from 1 to 100."),
        (["Hasakah", "--date", "yesterday"], "geoevents: 'yesterday' is not a date."),
        (["--file", "gone.csv"], "geoevents: gone.csv cannot be read: No such file or directory."),
        (["Hasakah", "--nonsense"], "usage: geoevents"),
    ],
)
def test_misuse_exits_2_with_the_way_out_and_no_answer(run, arguments, said):
    ran = run("geocode", *arguments, "--json")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(said)


def test_an_empty_name_is_told_to_be_empty(run):
    ran = run("geocode", "")

    assert (ran.code, ran.out) == (0, "The name is empty. Write a place name, as reported.\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"place\nHasakah\n", "has no column called name"),
        (b"name,country\nHasakah,Syria\n", "row 2: country: 'Syria' is not a country code"),
        (b"name,date\nHasakah,\nHasakah,2022-02-30\n", "row 3: '2022-02-30' is not a date"),
        ("name\nالحسكة\n".encode("cp1256"), "is not UTF-8"),
    ],
)
def test_a_bad_row_is_named_before_the_first_answer(run, tmp_path, content, said):
    names = tmp_path / "names.csv"
    names.write_bytes(content)

    ran = run("geocode", "--file", names, "--json")

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_eyes_read_the_label_the_kind_the_point_and_the_reason(run):
    ran = run("geocode", "Hasakah", "Derik", "Xqzwv")

    assert ran.code == 0
    first, second = ran.out.splitlines()[:2]
    assert first == "Hasakah is"
    assert re.match(
        r"  Hasakah, Hasakah governorate, Syria \(settlement\) at lon 40.7477, lat 36.5024; "
        r"9\d % within 10 km: exact ",
        second,
    )
    assert "Derik may be" in ran.out
    assert "Xqzwv is not known." in ran.out


def test_a_name_with_a_broken_byte_is_answered_too(data):
    ran = subprocess.run([SCRIPT, "geocode", b"Hasakah\xff", "--json"], capture_output=True, check=False)

    assert ran.returncode == 0
    assert b'"query": "Hasakah\\udcff"' in ran.stdout


def test_names_come_in_every_script_whatever_the_locale(data):
    environ = os.environ | {"LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}

    ran = subprocess.run(
        [SCRIPT, "geocode", "الحسكة", "--json"], capture_output=True, env=environ, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "الحسكة" in ran.stdout.decode("utf-8")


def test_a_reader_that_goes_away_ends_it_quietly(data, tmp_path):
    names = tmp_path / "names.csv"
    names.write_text("name\n" + "Hasakah\n" * 2_000)

    with subprocess.Popen(
        [SCRIPT, "geocode", "--file", names, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as going:
        going.stdout.readline()
        going.stdout.close()
        said = going.stderr.read()

    assert (going.returncode, said) == (141, b"")


def test_a_name_gives_no_commands_to_the_terminal(run, tmp_path):
    names = tmp_path / "names.csv"
    names.write_text("name\n\x1b]0;x\x07Xqz\x9bwv\u202eeman\n", "utf-8")

    told = run("geocode", "--file", names)
    failed = run("geocode", "Hasakah", "--country", "\x1b[2J")

    assert told.out == "\\x1b]0;x\\x07Xqz\\x9bwv\\u202eeman is not known.\n"
    assert failed.err.startswith("geoevents: --country: '\\x1b[2J' is not a country code.")


def test_a_file_that_is_no_table_is_said_to_be_none(run, tmp_path):
    names = tmp_path / "names.csv"
    names.write_text("name\nHasakah\n" + "a" * 200_000)

    ran = run("geocode", "--file", names, "--json")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"geoevents: {names} is no table: field larger than")


@pytest.mark.slow
def test_a_gazetteer_that_is_missing_or_damaged_is_compiled(run_alone, data):
    nowhere = "/proc/geoevents-cache"
    made = data / "cache" / "gazetteer.sqlite"

    first = run_alone("geocode", "Hasakah", "--json", GEOEVENTS_CACHE=nowhere)
    stamp = made.stat().st_mtime_ns
    second = run_alone("geocode", "Hasakah", "--json", GEOEVENTS_CACHE=nowhere)
    unchanged = made.stat().st_mtime_ns == stamp
    made.write_bytes(b"no index")
    third = run_alone("geocode", "Hasakah", "--json", GEOEVENTS_CACHE=nowhere)

    assert (first.code, first.err) == (0, "")
    assert first.lines[0]["place"]["place_id"] == "geonames:173811"
    assert unchanged
    assert (second.out, third.out) == (first.out, first.out)


def test_of_a_country_it_is_said_that_it_is_large_not_that_the_answer_is_doubtful(run):
    ran = run("geocode", "Syria")

    assert "around lon 38.0, lat 35.0: as large as it is, 0 % within 10 km of there: exact name" in ran.out
