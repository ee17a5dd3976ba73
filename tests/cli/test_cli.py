"""The command line as a whole: its help, its faults, its keepers, and that it starts light."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request

import pytest

from geoevents import cli
from geoevents.cli import running
from geoevents.errors import GeoEventsError
from tests.cli.conftest import SCRIPT

COMMANDS = [
    "check",
    "doctor",
    "draft",
    "export",
    "gazetteer",
    "geocode",
    "geoparse",
    "import",
    "names",
    "publish",
    "serve",
    "view",
]
HEAVY = {
    "babel",
    "branca",
    "flask",
    "folium",
    "geopandas",
    "geopy",
    "numpy",
    "shapely",
    "sqlite3",
    "waitress",
}


def test_help_names_every_command_there_is_and_no_other(run):
    ran = run("--help")

    listed = [line.split()[0] for line in ran.out.splitlines() if line.startswith("    ") and line[4] != " "]
    assert (ran.code, sorted(listed)) == (0, COMMANDS)


def test_the_package_is_run_as_its_script_is(run, data):
    script = run("--help")

    ran = subprocess.run([sys.executable, "-m", "geoevents", "--help"], capture_output=True, check=False)
    misused = subprocess.run([sys.executable, "-m", "geoevents", "dance"], capture_output=True, check=False)

    assert (ran.returncode, ran.stdout.decode()) == (0, script.out)
    assert misused.returncode == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_its_own(run, command):
    ran = run(command, "--help")

    assert ran.code == 0
    assert ran.out.startswith(f"usage: geoevents {command}")


@pytest.mark.parametrize("arguments", [[], ["dance"], ["serve", "--port"]])
def test_misuse_of_the_command_line_is_2(run, arguments):
    ran = run(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("usage: geoevents")


def test_help_and_a_lookup_start_light():
    def loaded(*arguments):
        source = (
            "import sys, io, contextlib, json\nfrom geoevents.cli import main\n"
            f"with contextlib.redirect_stdout(io.StringIO()): main({list(arguments)!r})\n"
            "print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
        )
        done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
        return set(json.loads(done.stdout))

    assert loaded("--help") & HEAVY == set()
    assert loaded("geocode", "Hasakah", "--json") & HEAVY == {"sqlite3"}


def test_a_setting_that_cannot_be_understood_is_2_and_named(run, monkeypatch):
    monkeypatch.setenv("GEOEVENTS_PORT", "eighty")

    ran = run("geocode", "Hasakah")

    assert (ran.code, ran.err) == (
        2,
        "geoevents: GEOEVENTS_PORT: 'eighty' is not a port. Write a number from 0 to 65535.\n",
    )


def test_a_fault_of_ours_is_a_sentence_unless_it_is_asked_for(run, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("geoevents.cli.looking_up.run", broken)

    ran = run("geocode", "Hasakah")
    monkeypatch.setenv("GEOEVENTS_DEBUG", "1")

    assert ran.code == 70
    assert "ZeroDivisionError: by nothing" in ran.err
    assert "Traceback" not in ran.err
    with pytest.raises(ZeroDivisionError):
        cli.main(["geocode", "Hasakah"])


def test_every_exception_has_an_exit_code_and_none_is_success():
    def kinds(kind):
        return [kind, *(deeper for each in kind.__subclasses__() for deeper in kinds(each))]

    for kind in kinds(GeoEventsError):
        code = next(code for known, code in running.EXIT_CODES if issubclass(kind, known))
        assert code in (running.SOME_NOT, running.COULD_NOT), kind


def test_check_is_0_for_a_whole_store_and_1_for_a_broken_one(run, data, tmp_path):
    feature = {"type": "Feature", "geometry": None,
               "properties": {"title": "A", "event_type": "battles", "date_start": "2022-01-25"}}  # fmt: skip
    (tmp_path / "one.geojson").write_text(json.dumps(feature))
    run("import", tmp_path / "one.geojson")

    whole = run("check")
    (data / "events.geojson").write_text('{"type":"FeatureCollection","features":[{"type":"Feature"}]}')
    broken = run("check")

    assert (whole.code, broken.code) == (0, 1)
    assert all(line.startswith("ok ") for line in whole.out.splitlines())
    assert [line for line in broken.out.splitlines() if line.startswith("fail ")] != []


def test_doctor_says_what_is_there_and_changes_nothing(run, data):
    data.mkdir()

    ran = run("doctor")

    assert {line.split()[0] for line in ran.out.splitlines()} <= {"ok", "warn", "fail"}
    assert "ok    Online lookup is off: no name leaves this machine" in ran.out
    assert ran.code == (1 if "\nfail" in ran.out else 0)
    assert list(data.iterdir()) == []


def test_doctor_names_what_is_missing_and_the_way_out(run, monkeypatch, tmp_path):
    monkeypatch.setenv("GEOEVENTS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GEOEVENTS_ONLINE", "nominatim")
    monkeypatch.setenv("GEOEVENTS_HOST", "192.0.2.1")

    ran = run("doctor")

    assert ran.code == 1
    assert f"fail  The base map: not in {tmp_path / 'cache' / 'basemap'}. Run `make setup`." in ran.out
    assert "warn  The gazetteer is not compiled yet." in ran.out
    assert "fail  GEOEVENTS_ONLINE_AGENT is empty." in ran.out
    assert "warn  Serves 192.0.2.1:8000 to other machines, where it is read-only" in ran.out


@pytest.mark.slow
def test_serve_answers_says_where_and_stops_when_told(data):
    command = [SCRIPT, "serve", "--port", "0", "--data", str(data / "elsewhere")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            said = server.stdout.readline()
            address = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
            with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
                status = answer.status
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(timeout=10)

    assert (status, code) == (200, 0)
    assert (data / "elsewhere" / "events.geojson").exists()


@pytest.mark.slow
def test_serve_at_a_port_that_is_taken_says_so(run_alone, data):
    with subprocess.Popen(
        [SCRIPT, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            port = server.stdout.readline().split("127.0.0.1:")[1].split()[0].strip("/")
            ran = run_alone("serve", "--port", port)
        finally:
            server.terminate()

    assert ran.code == 2
    assert ran.err.startswith(f"geoevents: 127.0.0.1:{port} cannot be served:")
