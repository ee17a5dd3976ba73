"""Setting up is done once, says what it does, and leaves a whole base map or none."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from geoevents.cartography import build
from tests.cartography.test_basemap import TWO_COUNTRIES
from tests.conftest import ROOT


@pytest.fixture
def modules(tmp_path):
    folder = tmp_path / "node_modules"
    for name in build.VENDOR:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    (folder / build.COUNTRIES).parent.mkdir(parents=True)
    (folder / build.COUNTRIES).write_text(json.dumps(TWO_COUNTRIES))
    return folder


@pytest.fixture
def run(tmp_path, modules):
    return lambda: build.main(["--data", str(tmp_path / "data"), "--modules", str(modules)])


def test_it_brings_the_base_map_and_what_npm_brought(run, tmp_path):
    assert run() == 0

    cache = tmp_path / "data" / "cache"
    assert (cache / "basemap" / "0" / "0" / "0.json").is_file()
    assert json.loads((cache / "basemap" / "index.json").read_bytes())["last_zoom"] == 6
    assert (cache / "vendor" / "leaflet" / "leaflet.js").read_bytes() == b"leaflet/dist/leaflet.js"


def test_a_second_time_nothing_is_written(run, tmp_path, capsys):
    run()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    capsys.readouterr()

    assert run() == 0

    assert capsys.readouterr().err == ""
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_another_source_is_cut_anew(run, tmp_path, modules, capsys):
    run()
    capsys.readouterr()
    (modules / build.COUNTRIES).write_text(json.dumps(TWO_COUNTRIES) + " ")

    run()

    assert "zoom 6 of 6" in capsys.readouterr().err


def test_a_build_that_was_broken_off_is_not_taken_for_done(run, tmp_path):
    half = tmp_path / "data" / "cache" / "basemap"
    half.mkdir(parents=True)
    (half / "index.json").write_text("{}")

    run()

    assert "extent" in json.loads((half / "index.json").read_bytes())
    assert sorted(path.name for path in half.parent.iterdir()) == ["basemap", "vendor"]


def test_two_builds_at_once_leave_one_whole_base_map(tmp_path, modules):
    command = [sys.executable, "-m", "geoevents.cartography.build", "--data", tmp_path / "data"]
    command += ["--modules", modules]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [each.communicate()[1] for each in both]

    cache = tmp_path / "data" / "cache"
    assert [each.returncode for each in both] == [0, 0]
    assert sum("zoom 6 of 6" in each for each in said) == 1
    assert "made_of" in json.loads((cache / "basemap" / build.DONE).read_bytes())
    assert sorted(path.name for path in cache.iterdir()) == ["basemap", "vendor"]


def test_a_missing_package_is_named_with_the_way_out(run, modules, capsys):
    (modules / build.COUNTRIES).unlink()

    assert run() == 2

    said = capsys.readouterr().err
    assert "countries-10m.json is missing" in said
    assert "npm ci" in said


def test_without_a_gazetteer_the_base_map_has_no_names_and_says_so(run, capsys):
    run()

    assert "has no names" in capsys.readouterr().err
