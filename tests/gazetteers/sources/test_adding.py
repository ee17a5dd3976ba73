"""A source is read, checked, compiled, and only then in force; until then what was in force still is."""

from __future__ import annotations

import json
import struct
import threading
import time
import zipfile

import pytest

from geoevents.decisions import TEAM_PREFIX
from geoevents.errors import BadInput, GazetteerError, TooLarge
from geoevents.gazetteers.derived import _FORMS
from geoevents.gazetteers.drawing import _PREFIXES
from geoevents.gazetteers.sources import archives
from geoevents.gazetteers.sources.keeping import checked_name, sources_in, unreadable_in
from geoevents.gazetteers.sources.options import Options
from geoevents.gazetteers.sources.reading import Tally, places_of, reader_of
from tests.gazetteers.sources.conftest import line, write_dump

GOOD = line(8, "Tell Test", 37.0, 36.0)


def state(desk):
    """Everything under the folder of sources, but for the lock."""
    return {
        path.relative_to(desk.folder): path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()
    }


def test_what_was_added_says_what_it_is_and_whom_to_thank(desk, tmp_path):
    path = write_dump(tmp_path / "SY.zip", GOOD)

    desk.add(path, licence="CC BY 4.0", attribution="Test Office", source="https://example.org/")

    manifest = desk.shelf.one("sy").manifest
    assert (manifest.licence, manifest.attribution, manifest.url) == (
        "CC BY 4.0", "Test Office", "https://example.org/",
    )  # fmt: skip
    assert (manifest.origin, manifest.received, manifest.taken) == (str(path), "2026-11-22", 1)
    assert desk.gazetteer.attribution.endswith("Test Office (CC BY 4.0)")


def test_a_licence_that_nobody_stated_is_said_not_to_be(desk, tmp_path):
    desk.add(write_dump(tmp_path / "SY.zip", GOOD))

    assert desk.gazetteer.attribution.endswith("source not stated (licence not stated)")


@pytest.mark.parametrize(
    ("asked", "thanks"),
    [
        ({}, "source not stated (licence not stated)"),
        ({"licence": "CC0"}, "source not stated (CC0)"),
        ({"name": "hamlets"}, "hamlets (licence not stated)"),
        ({"name": "hamlets", "attribution": "Test Office"}, "Test Office (licence not stated)"),
    ],
)
def test_the_name_of_a_file_is_never_shown_to_the_public(desk, tmp_path, asked, thanks):
    path = write_dump(tmp_path / "Safe houses of J. Doe.txt", GOOD)

    manifest = desk.add(path, **asked)[0].source.manifest
    write_dump(path, GOOD, line(9, "Other", 37.0, 36.0))
    desk.update(manifest.name)

    assert (manifest.thanks, len(desk.ids_of("Other"))) == (thanks, 1)
    assert desk.gazetteer.attribution.endswith(f"geoevents, {thanks}")


def test_rows_are_counted_and_those_left_out_have_a_reason(desk, tmp_path):
    bad = [
        line(2, "Off The Map", 37.0, 95.0), line(3, "Nowhere", 0, 0), line(4, "Far", 10.0, 50.0),
        line(5, "Elsewhere", 37.0, 36.0, country="TR"),
        line(6, "A Shop", 37.0, 36.0, code="SHOP", **{"class": "S"}),
        "7\tCut\n",
    ]  # fmt: skip
    good = [line(100 + number, f"Village {number}", 37.0, 36.0) for number in range(60)]

    tally = desk.add(write_dump(tmp_path / "SY.zip", *bad, *good))[0].tally

    assert (tally.read, tally.taken) == (66, 60)
    assert dict(tally.left_out) == {"position": 2, "far": 1, "country": 1, "kind": 1, "columns": 1}
    assert "1: far outside the country it says it is in (first in row 3)" in map(str, tally.reasons())


def _bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SY.txt", GOOD + " " * 20_000_000)
    return path


def _outside(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../SY.txt", GOOD)
    return path


def _written(path, content):
    path.write_bytes(content)
    return path


def _many(path):
    """As many files as no list of places has, in a directory at the end of the zip that says fewer."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{'data/' * 20}1.geojson"), b"")
    whole = path.read_bytes()
    first, end = whole.index(b"PK\x01\x02"), whole.rindex(b"PK\x05\x06")
    listed = whole[first:end] * 90_000
    counts = struct.pack("<HHLL", 1, 1, len(listed), first)
    return _written(path, whole[:first] + listed + whole[end : end + 8] + counts + whole[end + 20 :])


def test_a_zip_of_very_many_files_is_refused_before_they_are_listed(tmp_path):
    path = _many(tmp_path / "SY.zip")
    started = time.process_time()

    with pytest.raises(TooLarge, match="holds more than 80000 files"):
        reader_of(path)

    assert time.process_time() - started < 0.5


def test_a_zip_of_many_records_is_opened_once_and_not_for_each(desk, tmp_path):
    path = tmp_path / "records.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3_000):
            properties = {"id": number + 1, "name": f"Village {number}", "lon": 37, "lat": 36}
            archive.writestr(f"{number}.geojson", json.dumps({"properties": properties}))
    started = time.process_time()

    tally = Tally()
    taken = sum(1 for _ in places_of(path, reader_of(path), Options(name="records"), tally))

    assert taken == 3_000
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "odd",
    [
        line(20, "E" * 500, 37, 36), line(21, "e" + "\u0301" * 400, 37, 36), line(22, "E\x1b[2J", 37, 36),
        line(23, "\u200b", 37, 36), line("9" * 5_000, "Far", 37, 36), line(24, "Under", "3_7", 36),
        line(25, "Not", "nan", 36),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_kept_or_shown_is_left_out(desk, tmp_path, odd):
    good = [line(100 + number, f"Village {number}", 37.0, 36.0) for number in range(20)]

    tally = desk.add(write_dump(tmp_path / "SY.txt", odd, *good))[0].tally

    assert (tally.read, tally.taken) == (21, 20)


def test_what_is_odd_beside_a_good_name_does_not_matter(desk, tmp_path):
    most = line(20, "Tell\u202e Test", 37, 36, population="9" * 18, names="\x1b[2J,\u202eTall Test")
    more = line(21, "Other", 37, 36, population="9" * 5_000, country="<b")

    added = desk.add(write_dump(tmp_path / "odd.txt", most, more), name="odd")[0]

    first, second = added.source.records()
    assert (first.name, first.population, first.names) == ("Tell Test", 10_000_000_000, [("", "Tall Test")])
    assert (second.country_code, second.population) == (None, 0)
    assert desk.ids_of("Tell Test") == ["geonames:20"]


def test_half_a_character_in_a_name_is_a_bad_row_and_no_fault_of_ours(desk, tmp_path):
    path = tmp_path / "half.geojson"
    rows = [{"properties": {"name": f"Village {number}", "lon": 37, "lat": 36}} for number in range(20)]
    rows.append({"properties": {"name": "V\ud800", "lon": 37, "lat": 36}})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))

    tally = desk.add(path)[0].tally

    assert (tally.taken, dict(tally.left_out)) == (20, {"name": 1})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: _bomb(folder / "SY.zip"), "packed as no list of places is"),
        (lambda folder: _outside(folder / "SY.zip"), "outside of itself"),
        (lambda folder: _written(folder / "SY.zip", b"PK\x03\x04 no zip"), "no whole zip"),
        (lambda folder: _written(folder / "SY.txt", b""), "no list of places"),
        (lambda folder: _written(folder / "SY.txt", (GOOD * 9)[:-30].encode()), "ends within a line"),
        (lambda folder: _written(folder / "SY.txt", GOOD.encode() + b"\xe9\n"), "not UTF-8 somewhere"),
        (lambda folder: _written(folder / "SY.txt", (GOOD + "x\n" * 5).encode()), "5: not as many columns"),
        (lambda folder: write_dump(folder / "SY.zip", line(8, "Far", 10, 50)), "far outside the country"),
        (lambda folder: folder / "nothing.zip", "no file or folder"),
    ],
)  # fmt: skip
def test_what_cannot_be_believed_is_refused_whole_and_changes_nothing(desk, tmp_path, make, said):
    desk.add(write_dump(tmp_path / "old.txt", GOOD), name="sy")
    before = state(desk)

    with pytest.raises((BadInput, TooLarge), match=said):
        desk.add(make(tmp_path))

    assert state(desk) == before
    assert desk.ids_of("Tell Test") == ["geonames:8"]


def test_more_than_is_bearable_is_not_unpacked_whatever_the_header_says(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000)
    path = write_dump(tmp_path / "SY.txt", GOOD * 100)
    packed = tmp_path / "SY.gz"
    import gzip

    packed.write_bytes(gzip.compress(path.read_bytes()))

    with pytest.raises(TooLarge, match="GB unpacked"):
        desk.add(packed)


def test_an_index_that_cannot_be_compiled_leaves_the_old_state(desk, tmp_path):
    desk.add(write_dump(tmp_path / "SY.zip", GOOD))
    before, index = state(desk), desk.index.read_bytes()
    desk.fails = OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        desk.add(write_dump(tmp_path / "SY.zip", line(9, "Other", 37.0, 36.0)))
    with pytest.raises(OSError, match="No space"):
        desk.shelf.remove("sy")

    assert (state(desk), desk.index.read_bytes()) == (before, index)


def test_of_several_files_all_are_in_force_or_none(desk, tmp_path):
    good, bad = write_dump(tmp_path / "SY.zip", GOOD), _written(tmp_path / "IQ.txt", b"\n")

    with pytest.raises(BadInput):
        desk.add(good, bad)

    assert desk.shelf.sources() == []
    assert [path.name for path in desk.folder.iterdir()] == [".lock"]


def test_of_several_files_that_replace_others_all_do_or_none(desk, tmp_path):
    desk.add(write_dump(tmp_path / "SY.zip", GOOD))
    before = state(desk)
    new, bad = (
        write_dump(tmp_path / "SY.zip", line(9, "Other", 37.0, 36.0)),
        _written(tmp_path / "IQ.txt", b"\n"),
    )

    with pytest.raises(BadInput):
        desk.add(new, bad)

    assert state(desk) == before


def test_the_same_name_again_takes_the_place_of_the_old(desk, tmp_path):
    desk.add(write_dump(tmp_path / "SY.zip", GOOD))

    again = desk.add(write_dump(tmp_path / "SY.zip", line(9, "Other", 37.0, 36.0)))[0]

    assert (again.replaced.received, desk.ids_of("Tell Test"), desk.ids_of("Other")) == (
        "2026-11-22", [], ["geonames:9"],
    )  # fmt: skip
    assert len(list((desk.folder / "sy").iterdir())) == 2


def test_those_who_add_at_once_take_turns(desk, tmp_path):
    names = ["one", "two", "three", "four"]
    rows = [line(20 + at, name, 37.0 + at / 10, 36.0) for at, name in enumerate(names)]
    paths = [write_dump(tmp_path / f"{name}.zip", row) for name, row in zip(names, rows, strict=True)]
    threads = [threading.Thread(target=desk.add, args=(path,)) for path in paths]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [source.name for source in desk.shelf.sources()] == sorted(names)
    assert [len(desk.ids_of(name)) for name in names] == [1, 1, 1, 1]


def test_a_source_of_another_version_is_left_out_and_named(desk, tmp_path):
    desk.add(write_dump(tmp_path / "SY.zip", GOOD))
    manifest = desk.folder / "sy" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 99}))

    assert (sources_in([desk.folder]), unreadable_in([desk.folder])) == ([], [desk.folder / "sy"])


def test_rows_that_were_damaged_later_are_named_with_a_way_out(desk, tmp_path):
    desk.add(write_dump(tmp_path / "SY.zip", GOOD))
    rows = next((desk.folder / "sy").glob("rows-*"))
    rows.write_bytes(rows.read_bytes()[:-10])

    with pytest.raises(GazetteerError, match=r"sy is damaged.*gazetteer remove"):
        list(desk.shelf.one("sy").records())


@pytest.mark.parametrize("name", [*_FORMS, *_PREFIXES, "line", TEAM_PREFIX[:-1]])
def test_what_ids_of_other_places_begin_with_is_no_name_of_a_source(name):
    with pytest.raises(BadInput, match="cannot be the name"):
        checked_name(name)


@pytest.mark.parametrize("name", ["geonames", "Sy!", "../x", "", "a" * 41])
def test_a_name_that_means_something_else_already_is_refused(desk, tmp_path, name):
    path = write_dump(tmp_path / "!.txt", GOOD)

    if name:
        with pytest.raises(BadInput, match="cannot be the name"):
            desk.add(path, name=name)
    else:
        assert desk.add(path)[0].source.name == "places"
