"""geoevents names: list, export, import, accept, undo, as they are typed."""

from __future__ import annotations

PACK = "name,place_id,lon,lat\nthe city by the Khabur,geonames:173811,40.7477,36.5024\n"


def test_a_pack_is_brought_in_accepted_used_and_taken_back(run, tmp_path):
    pack = tmp_path / "khabur.csv"
    pack.write_text(PACK, encoding="utf-8")

    brought = run("names", "import", pack, "--json")
    assert brought.code == 0
    assert brought.lines[0]["verdict"] == "new"
    assert run("geocode", "the city by the Khabur", "--json").lines[0]["status"] == "ambiguous"

    assert run("names", "accept", "khabur").code == 0
    answer = run("geocode", "the city by the Khabur", "--json").lines[0]
    assert answer["status"] == "resolved"
    assert answer["place"]["place_id"] == "geonames:173811"

    assert run("names", "undo", "khabur").code == 0
    assert run("names", "list", "--json").lines == []


def test_what_is_exported_can_be_imported(run, tmp_path, monkeypatch):
    pack = tmp_path / "khabur.csv"
    pack.write_text(PACK, encoding="utf-8")
    run("names", "import", pack)
    run("names", "accept", "khabur")

    out = tmp_path / "out.csv"
    assert run("names", "export", out).code == 0
    monkeypatch.setenv("GEOEVENTS_DATA", str(tmp_path / "another"))

    assert [each["verdict"] for each in run("names", "import", out, "--json").lines] == ["new"]


def test_a_file_that_is_no_pack_is_refused_with_a_way_out(run, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")

    refused = run("names", "import", other)

    assert refused.code == 2
    assert "no column name" in refused.err
    assert run("names", "undo", "nothing").code == 2


def test_the_list_says_what_answers_and_what_is_only_offered(run, tmp_path):
    pack = tmp_path / "khabur.csv"
    pack.write_text(PACK, encoding="utf-8")

    run("names", "import", pack)
    offered = run("names", "list").out
    run("names", "accept", "khabur")
    accepted = run("names", "list").out

    assert "(offered, not accepted yet, pack khabur, " in offered
    assert "(accepted, pack khabur, " in accepted


def test_one_name_is_written_as_one(run, tmp_path):
    pack = tmp_path / "khabur.csv"
    pack.write_text(PACK, encoding="utf-8")
    run("names", "import", pack)
    run("names", "accept", "khabur")

    assert "1 name written to" in run("names", "export", tmp_path / "out.csv").err
