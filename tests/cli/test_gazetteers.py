"""gazetteer: places that others know are added, listed, removed and brought up to date."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.gazetteers.sources.conftest import Served, line, served, write_dump

__all__ = ["served"]

ROOT = Path(__file__).parents[2]
HAMLET = line(900_000_123, "Xyzzyville", 37.0, 36.0, names="Xyzzyköy,قرية زيزي")


@pytest.fixture
def dump(tmp_path) -> Path:
    return write_dump(tmp_path / "SY.zip", HAMLET, line(173811, "Al-Ḥasakah", 40.7480, 36.5024))


@pytest.fixture
def fetching(monkeypatch, served: Served) -> Served:
    """A server of dumps in place of GeoNames."""
    monkeypatch.setenv("GEOEVENTS_GEONAMES_URL", served.url)
    return served


def places(run, *names: str) -> list[str | None]:
    """The id of each name's first candidate if a dump of ours has it; any other is only like the name."""
    answers = run("geocode", "--json", "--country", "SY", *names).lines
    ids = [each["candidates"][0]["place_id"] if each["candidates"] else None for each in answers]
    return [each if each and each.startswith(("sy:", "geonames:173811")) else None for each in ids]


@pytest.mark.slow
def test_a_dump_is_added_listed_looked_up_and_removed(run, data, dump):
    added = run("gazetteer", "add", dump, "--licence", "CC BY 4.0", "--attribution", "Test Office")
    found = places(run, "Xyzzyköy", "Hasakah")
    listed = run("gazetteer", "list", "--json").lines
    doctor = run("doctor").out
    removed = run("gazetteer", "remove", "sy")

    assert (added.code, "sy: 2 places in force, of 2 rows." in added.out) == (0, True)
    assert "known before, and one with them now: 1" in added.out
    assert found == ["sy:900000123", "geonames:173811"]
    assert [(each["name"], each["taken"], each["licence"]) for each in listed] == [("sy", 2, "CC BY 4.0")]
    assert "Added source sy: 2 places, received" in doctor
    assert "Test Office (CC BY 4.0)" in doctor
    assert (removed.code, places(run, "Xyzzyköy")) == (0, [None])
    assert run("gazetteer", "list", "--json").lines == []


@pytest.mark.slow
def test_what_is_added_lies_in_the_data_folder_and_its_index_beside_it(run, data, dump):
    run("gazetteer", "add", dump)

    assert (data / "gazetteers" / "sy" / "manifest.json").is_file()
    assert (data / "cache" / "gazetteer-added.sqlite").is_file()


def test_what_a_killed_process_left_is_gone_when_the_sources_are_listed(run, data):
    folder = data / "gazetteers"
    left = [folder / ".incoming-999999999-abc" / "SY.zip", folder / "sy" / "rows.77.tmp"]
    mine = [folder / f".incoming-{os.getpid()}-abc" / "SY.zip", folder / "tr" / "manifest.json"]
    for path in (*left, *mine):
        path.parent.mkdir(parents=True)
        path.write_text("of another version")

    assert run("gazetteer", "list").code == 0
    assert [path.exists() for path in (*left, *mine)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add"], "Name countries or files"),
        (["add", "nothing.zip"], "no file or folder nothing.zip"),
        (["add", "SY", "--features", "X"], "'X' is no class or code"),
        (["add", "SY", "--country", "Syria"], "'SYRIA' is not a country code"),
        (["add", "SY", "--column", "name"], "Write FIELD=COLUMN"),
        (["remove", "sy"], "no added source 'sy'"),
        (["update", "sy"], "no added source 'sy'"),
    ],
)
def test_misuse_is_named_with_the_way_out_and_changes_nothing(run, data, fetching, arguments, said):
    ran = run("gazetteer", *arguments)

    assert (ran.code, said in ran.err, "Traceback" in ran.err) == (2, True, False)
    assert list((data / "gazetteers").glob("*/*")) == []


def test_nothing_is_fetched_while_the_setting_says_off(run, monkeypatch):
    monkeypatch.setenv("GEOEVENTS_GEONAMES_URL", "off")

    ran = run("gazetteer", "add", "SY")

    assert (ran.code, "GEOEVENTS_GEONAMES_URL is off" in ran.err) == (2, True)


@pytest.mark.slow
def test_an_update_fetches_what_has_changed_and_keeps_what_cannot_be_had(run, data, fetching, dump):
    fetching.files["/export/dump/SY.zip"] = dump.read_bytes()
    run("gazetteer", "add", "SY")
    unchanged = run("gazetteer", "update")
    more = write_dump(dump, HAMLET, line(900_000_124, "Plughtown", 37.5, 36.0))
    fetching.files["/export/dump/SY.zip"] = more.read_bytes()
    changed = run("gazetteer", "update", "sy")
    fetching.files.clear()
    gone = run("gazetteer", "update")

    assert (unchanged.code, "sy has not changed" in unchanged.err) == (0, True)
    assert (changed.code, places(run, "Plughtown")) == (0, ["sy:900000124"])
    assert (gone.code, "sy stays as it is" in gone.err, "404" in gone.err) == (1, True, True)


@pytest.mark.slow
def test_set_up_fetches_the_region_once_and_says_what_came(run, data, fetching, dump, monkeypatch):
    monkeypatch.setenv("GEOEVENTS_REGION", "SY,IQ")
    fetching.files["/export/dump/SY.zip"] = dump.read_bytes()

    first = run("gazetteer", "add", "--region", "--once")
    second = run("gazetteer", "add", "--region", "--once")

    said = "Places fetched from GeoNames: SY 2. "
    assert (first.code, first.err.count("\n"), said in first.err, "IQ.zip" in first.err) == (0, 1, True, True)
    assert (second.code, second.err, fetching.asked) == (
        0,
        "",
        ["/export/dump/SY.zip", "/export/dump/IQ.zip"],
    )
    assert places(run, "Xyzzyville") == ["sy:900000123"]


def test_set_up_without_a_network_is_quick_says_so_once_and_works(run, data, monkeypatch):
    monkeypatch.setenv("GEOEVENTS_GEONAMES_URL", "http://127.0.0.1:9/")
    started = time.monotonic()

    first = run("gazetteer", "add", "--region", "--once")
    seconds = time.monotonic() - started
    second = run("gazetteer", "add", "--region", "--once")

    assert (first.code, "could not be fetched" in first.err, "gazetteer add --region" in first.err) == (
        0,
        True,
        True,
    )
    assert (second.code, second.err, seconds < 8) == (0, "", True)
    assert json.loads((data / "gazetteers" / "fetched.json").read_text())["tried"].startswith("20")
    assert not (data / "cache").exists()


def test_set_up_asks_nobody_while_that_is_off(run, data, monkeypatch):
    monkeypatch.setenv("GEOEVENTS_GEONAMES_URL", "off")

    ran = run("gazetteer", "add", "--region", "--once")

    assert (ran.code, ran.err, (data / "gazetteers").exists()) == (0, "", False)


def test_a_folder_that_cannot_be_written_is_a_sentence(run, monkeypatch, dump):
    monkeypatch.setenv("GEOEVENTS_GAZETTEERS", "/proc/nowhere")

    ran = run("gazetteer", "add", dump)

    assert (ran.code, "/proc/nowhere cannot be written" in ran.err, "Traceback" in ran.err) == (
        2,
        True,
        False,
    )


# What stands in the data folder once an add has come so far.
MOMENTS = (
    "gazetteers/sy/rows.*.tmp",
    "cache/gazetteer-added.sqlite.*.tmp",
    "gazetteers/sy/manifest.json.*.tmp",
)


@pytest.mark.fault
def test_who_is_killed_while_adding_leaves_the_old_state_or_the_new(run, data, dump):
    run("gazetteer", "add", write_dump(dump, HAMLET))
    write_dump(dump, *(line(900_001_000 + at, f"Plughtown {at}", 37.5, 36.0) for at in range(5_000)))

    killed = []
    for moment in MOMENTS:
        killed.append(_kill_an_add(data, dump, moment))

        names = places(run, "Xyzzyville", "Plughtown 7")
        assert names in (["sy:900000123", None], [None, "sy:900001007"])

    # The last moment is so short that one may come too late for it.
    assert killed[:2] == [True, True]
    assert (run("gazetteer", "add", dump).code, places(run, "Plughtown 7")) == (0, ["sy:900001007"])
    assert [path.name for path in (data / "gazetteers").glob(".incoming*")] == []
    left = [path for path in (data / "gazetteers" / "sy").iterdir() if re.match("rows|manifest", path.name)]
    assert len(left) == 2


def _kill_an_add(data: Path, dump: Path, moment: str) -> bool:
    """Kill it at a moment; False if it has ended before."""
    before = set(data.glob(moment))
    code = "import sys; from geoevents.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "gazetteer", "add", dump]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"GEOEVENTS_DATA": str(data)})
    while process.poll() is None and set(data.glob(moment)) <= before:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL
