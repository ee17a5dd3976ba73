"""import, export, publish: exit codes, verdicts, and files."""

from __future__ import annotations

import json
import os

import pytest

from geoevents.settings import load


def row(**properties):
    plain = {"title": "A convoy was stopped", "event_type": "humanitarian_access", "date_start": "2022-01-25",
             "place_name": "Hasakah", "sources": [{"publisher": "North Press Agency"}]}  # fmt: skip
    return {"type": "Feature", "geometry": None, "properties": plain | properties}


@pytest.fixture
def rows(tmp_path):
    def write(*features, name="rows.geojson"):
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
        return path

    return write


def test_all_landed_is_0_and_one_json_verdict_a_row(run_alone, rows, data):
    ran = run_alone("import", rows(row(), row(title="Another")), "--json")

    assert ran.code == 0
    assert [list(line) for line in ran.lines] == [
        ["row", "verdict", "id", "field", "reason", "candidates"]
    ] * 2
    assert [(line["row"], line["verdict"]) for line in ran.lines] == [(1, "accepted"), (2, "accepted")]
    assert ran.err == "2 rows: 2 accepted\n"
    assert len(json.loads((data / "events.geojson").read_text("utf-8"))["features"]) == 2


def test_some_that_did_not_is_1_and_they_are_in_a_file_to_mend(run_alone, rows, tmp_path):
    ran = run_alone("import", rows(row(), row(title="Which?", place_name="Derik")), "--json")

    assert ran.code == 1
    assert [line["verdict"] for line in ran.lines] == ["accepted", "ambiguous"]
    assert len(ran.lines[1]["candidates"]) == 2
    assert f"{tmp_path / 'rows.geojson.rejected.geojson'}: mend them" in ran.err
    assert (tmp_path / "rows.geojson.rejected.geojson").exists()


def test_importing_twice_is_0_and_changes_nothing(run_alone, rows, data):
    run_alone("import", rows(row()))
    before = (data / "events.geojson").read_bytes()

    ran = run_alone("import", rows(row()), "--json")

    assert (ran.code, ran.lines[0]["verdict"]) == (0, "duplicate")
    assert (data / "events.geojson").read_bytes() == before


def test_where_the_file_to_mend_cannot_be_written_the_rest_lands_and_is_summed_up(run, rows, data, tmp_path):
    path = rows(row(place_name="Xqzwv"), row())
    # A folder of this name is in the way, whoever runs the tests.
    (tmp_path / f".{path.name}.rejected.geojson.{os.getpid()}").mkdir()

    ran = run("import", path)

    assert ran.code == 2
    assert "2 rows: 1 accepted, 1 not_found" in ran.err
    assert "cannot be written to rows.geojson.rejected.geojson" in ran.err
    assert len(json.loads((data / "events.geojson").read_text())["features"]) == 1


@pytest.mark.parametrize("content", [None, b"not json", b'{"type": "Topology"}'])
def test_a_file_that_cannot_be_imported_is_2_and_named(run, tmp_path, content):
    path = tmp_path / "rows.geojson"
    if content is not None:
        path.write_bytes(content)

    ran = run("import", path, "--json")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("geoevents: ")
    assert "rows.geojson" in ran.err
    assert "Traceback" not in ran.err


def test_a_rehearsal_says_so_and_keeps_nothing(run, rows, data, tmp_path):
    ran = run("import", rows(row(), row(place_name="Xqzwv")), "--dry-run")

    assert ran.code == 1
    assert "This was a rehearsal: nothing was kept." in ran.err
    assert json.loads((data / "events.geojson").read_text())["features"] == []
    assert not (tmp_path / "rows.geojson.rejected.geojson").exists()


def test_source_and_event_type_fill_what_rows_lack(run, rows, data):
    bare = {"type": "Feature", "geometry": None,
            "properties": {"title": "A", "date_start": "2022-01-25", "place_name": "Hasakah"}}  # fmt: skip

    ran = run("import", rows(bare), "--source", "SOHR", "--event-type", "battles")

    kept = json.loads((data / "events.geojson").read_text("utf-8"))["features"][0]["properties"]
    assert ran.code == 0
    assert (kept["sources"][0]["publisher"], kept["event_type"]) == ("SOHR", "battles")


def test_an_event_type_nobody_knows_is_misuse(run, rows):
    ran = run("import", rows(row()), "--event-type", "picnic")

    assert ran.code == 2
    assert ran.err.startswith("geoevents: 'picnic' is not an event type. Use one of: battles")


def test_a_verdict_for_eyes_names_the_row_the_field_and_the_reason(run, rows):
    ran = run("import", rows(row(), row(title="", date_start="2022-02-30")))

    assert ran.out.startswith("Row 2, invalid. title: ")
    assert "'2022-02-30' is not a date" in ran.out


def test_an_export_takes_the_filters_of_the_query_string(run, rows, tmp_path):
    run("import", rows(row(), row(title="Elsewhere", place_name="Raqqa"), row(title="Draft", sources=[])))

    everything = run("export", tmp_path / "all.geojson")
    there = run(
        "export", tmp_path / "there.csv", "--bbox", "40,36,41,37", "--event_type", "humanitarian_access"
    )
    drafts = run("export", tmp_path / "drafts.geojson", "--internal", "--status", "draft")
    whole = run("export", tmp_path / "whole.geojson", "--internal")

    assert [ran.code for ran in (everything, there, drafts)] == [0, 0, 0]
    assert everything.err == f"2 events in {tmp_path / 'all.geojson'}\n"
    assert there.err == f"1 event in {tmp_path / 'there.csv'}\n"
    found = json.loads((tmp_path / "drafts.geojson").read_text("utf-8"))["features"]
    assert [each["properties"]["title"] for each in found] == ["Draft"]
    assert whole.err == f"3 events in {tmp_path / 'whole.geojson'}\n"


def test_a_limited_export_says_so(run, rows, tmp_path):
    run("import", rows(row(), row(title="Elsewhere", place_name="Raqqa")))

    ran = run("export", tmp_path / "one.geojson", "--limit", "1")

    assert (ran.code, ran.err) == (0, f"1 of 2 events in {tmp_path / 'one.geojson'}\n")


def test_drafts_are_not_in_what_anybody_gets(run, rows, tmp_path):
    run("import", rows(row(title="Draft", sources=[])))

    run("export", tmp_path / "out.geojson", "--status", "draft")

    assert json.loads((tmp_path / "out.geojson").read_text("utf-8"))["features"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["out.geojson", "--bbox", "1,2,3"], "geoevents: '1,2,3' is not a bbox."),
        (["out.geojson", "--kind", "rumour"], "geoevents: kind cannot be 'rumour'."),
        (["out.xlsx"], "geoevents: 'out.xlsx' ends in neither .geojson nor .csv."),
        (["nowhere/out.geojson"], "geoevents: nowhere/out.geojson cannot be written: No such file"),
    ],
)
def test_what_cannot_be_exported_is_2_and_says_why(run, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)

    ran = run("export", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(said)


def test_the_store_is_never_exported_over_itself(run, rows, data):
    run("import", rows(row()))
    before = (data / "events.geojson").read_bytes()

    ran = run("export", data / "events.geojson")

    assert (ran.code, (data / "events.geojson").read_bytes()) == (2, before)
    assert "is the store itself" in ran.err


@pytest.mark.slow
def test_publish_writes_a_map_that_opens_from_disk(run, rows, tmp_path):
    run("import", rows(row(), row(title="Draft", sources=[])))

    ran = run("publish", tmp_path / "maps")

    assert ran.code == 0, ran.err
    assert ran.out.startswith("1 event in ")
    assert ran.out.endswith(f" MB; open {tmp_path / 'maps' / 'index.html'}\n")
    kept = json.loads((tmp_path / "maps" / "events.geojson").read_text("utf-8"))["features"]
    assert [each["properties"]["title"] for each in kept] == ["A convoy was stopped"]


@pytest.mark.slow
def test_publish_takes_the_filters_of_the_query_string(run, rows, tmp_path):
    run("import", rows(row(), row(title="Elsewhere", event_type="protests")))

    ran = run("publish", tmp_path / "maps", "--event-type", "protests", "--lang", "ar", "--title", "Streets")

    assert ran.code == 0, ran.err
    kept = json.loads((tmp_path / "maps" / "events.geojson").read_text("utf-8"))["features"]
    assert [each["properties"]["title"] for each in kept] == ["Elsewhere"]
    assert sorted(path.name for path in (tmp_path / "maps").glob("*.html")) == ["index.html", "list.html"]
    assert 'lang="ar"' in (tmp_path / "maps" / "index.html").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("ground", ["local", "https://tiles.example.org/{z}/{x}/{y}.mvt"])
def test_publish_says_which_ground_files_can_show(run, rows, tmp_path, monkeypatch, ground):
    monkeypatch.setenv("GEOEVENTS_GROUND", ground)
    monkeypatch.setenv("GEOEVENTS_GROUND_ATTRIBUTION", "© Example")

    ran = run("publish", tmp_path / "maps", "--ground")

    assert ran.code == 2
    assert "A published map can show the pictures of a server." in ran.err
    assert not (tmp_path / "maps").exists()


def test_publish_keeps_to_the_base_map_unless_it_is_told(run, rows, tmp_path, monkeypatch):
    monkeypatch.setenv("GEOEVENTS_GROUND", "https://tiles.example.org/{z}/{x}/{y}.png")
    monkeypatch.setenv("GEOEVENTS_GROUND_ATTRIBUTION", "© Example")

    run("import", rows)
    run("publish", tmp_path / "plain")
    run("publish", tmp_path / "streets", "--ground")

    plain, streets = ((tmp_path / name / "index.html").read_text() for name in ("plain", "streets"))
    assert "tiles.example.org" not in plain
    assert "img-src https://tiles.example.org 'self' file: data:;" in streets
    assert "© Example" in streets


def test_publish_says_how_large_a_single_file_is(run, rows, tmp_path):
    run("import", rows(row()))

    ran = run("publish", tmp_path / "one.html", "--single-file")

    assert ran.code == 0, ran.err
    size = (tmp_path / "one.html").stat().st_size
    assert ran.out == f"1 event in 1 file, {size / 1e6:.1f} MB; open {tmp_path / 'one.html'}\n"


def test_publish_says_that_an_older_single_file_in_the_folder_is_gone(run, rows, tmp_path):
    run("import", rows(row()))
    run("publish", tmp_path / "maps", "--single-file")

    first, again = run("publish", tmp_path / "maps"), run("publish", tmp_path / "maps")

    page = tmp_path / "maps" / "map.html"
    assert (first.code, page.exists()) == (0, False)
    assert first.err.startswith(f"{page} was published before, and is removed.")
    assert (again.code, again.err) == (0, "")


def test_publish_before_set_up_names_what_to_run(run, rows, tmp_path, monkeypatch, data):
    run("import", rows(row()))
    (data / "cache").mkdir()
    (data / "cache" / "gazetteer.sqlite").symlink_to(load({}).cache / "gazetteer.sqlite")
    monkeypatch.setenv("GEOEVENTS_CACHE", str(data / "cache"))

    ran = run("publish", tmp_path / "maps")

    assert (ran.code, ran.out) == (2, "")
    assert "Run `make setup`, then publish again." in ran.err


def test_publish_into_a_file_says_why_not(run, rows, tmp_path):
    (tmp_path / "maps").write_text("")

    ran = run("publish", tmp_path / "maps")

    assert ran.code == 2
    assert (
        ran.err == f"geoevents: {tmp_path / 'maps'} cannot be written: Not a directory. Name another place.\n"
    )
