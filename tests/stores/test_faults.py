"""Disks that fail or are full, files closed to us: told in one line, nothing half kept, nothing leaked."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from geoevents.errors import StoreError, StoreFull, StoreUnavailable
from geoevents.events import Event
from geoevents.stores import files
from geoevents.stores.checking import check
from geoevents.stores.geojson_store import IN_PLACE_ABOVE, GeoJSONStore
from tests.stores.failing import FAULTS, Injector, failing
from tests.strategies import make_event

pytestmark = pytest.mark.fault

NEXT = make_event(id="next", title="Next")
EDITED = make_event(id="first", title="Edited")
DEEDS: dict[str, tuple[Callable[[GeoJSONStore], object], list[str]]] = {
    "add": (lambda store: store.append(NEXT, by="ana", why=None), ["First", "Next"]),
    "edit": (lambda store: store.replace(EDITED, expected_version=1, by="ana", why=None), ["Edited"]),
    "add several": (
        lambda store: store.append_all([NEXT, make_event(id="last", title="Last")], by="ana", why=None),
        ["First", "Next", "Last"],
    ),
}


# What these were for is done, or matters to nobody.
_NO_MATTER = {"close", "flock", "fchown"}


def a_store(folder: Path, in_place_above: int = IN_PLACE_ABOVE) -> GeoJSONStore:
    store = GeoJSONStore.open(folder / "events.geojson", in_place_above=in_place_above)
    store.append(make_event(id="first", title="First"), by="ana", why=None)
    return store


def titles(events: Iterator[Event]) -> list[str]:
    return [event.title for event in events]


def in_file(folder: Path) -> list[str]:
    whole = json.loads((folder / "events.geojson").read_bytes())
    return [feature["properties"]["title"] for feature in whole["features"]]


def calls_of(folder: Path, in_place_above: int, deed: str) -> list[str]:
    store = a_store(folder, in_place_above)
    with failing(Injector()) as injector:
        DEEDS[deed][0](store)
    return injector.made


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("in_place_above", [IN_PLACE_ABOVE, 0], ids=["replaced", "in place"])
@pytest.mark.parametrize("deed", DEEDS)
def test_F2_whichever_call_fails_all_is_kept_or_nothing(
    quick_folder, open_descriptors, deed, in_place_above, fault
):
    act, after = DEEDS[deed]
    calls = calls_of(quick_folder / "counted", in_place_above, deed)
    assert {"pwrite", "fdatasync", "flock", "open", "close", "lstat"} <= set(calls)
    assert "rename" in calls or (in_place_above == 0 and deed != "edit")

    outcomes = set()
    for at, name in enumerate(calls):
        folder = quick_folder / str(at)
        store = a_store(folder, in_place_above)
        descriptors = open_descriptors()
        with failing(Injector(fault, at)) as injector:
            try:
                act(store)
                raised = None
            except StoreError as error:
                raised = error
        assert injector.made[at] == name
        assert open_descriptors() == descriptors
        outcomes.add(raised is not None)
        lasting = fault.endswith("on")

        # What the outside reads is whole, and is what was before or what is now.
        assert in_file(folder) in (["First"], after)
        if raised is not None:
            assert injector.failed
            assert "\n" not in str(raised)
            assert raised.__class__ is StoreFull or not fault.startswith("ENOSPC")
        elif injector.failed and fault not in ("EINTR", "short") and set(injector.failed) - _NO_MATTER:
            assert store.banner() != ()
        opened = GeoJSONStore.open(folder / "events.geojson", in_place_above=in_place_above)
        if raised is None:
            assert titles(opened.events()) == after
        elif not lasting:
            assert titles(opened.events()) == titles(store.events()) == ["First"]
        assert titles(opened.events()) in (["First"], after)
        assert in_file(folder) == titles(opened.events())

        # And as if nothing had been, once the disk is well again.
        opened.append(make_event(id="again", title="Again"), by="ana", why=None)
        assert titles(store.events()) == titles(opened.events()) == in_file(folder)
        assert [each.name for each in folder.rglob("*.next")] == []
        assert [each.message for each in check(folder / "events.geojson") if each.level == "fail"] == []
    assert outcomes == ({False} if fault in ("EINTR", "short") else {True, False})


@pytest.mark.parametrize("fault", ["EIO", "ENOSPC"])
def test_F2_opening_a_store_fails_in_one_line_or_reads_on(quick_folder, open_descriptors, fault):
    a_store(quick_folder / "counted")
    with failing(Injector()) as counted:
        GeoJSONStore.open(quick_folder / "counted" / "events.geojson")

    for at in range(len(counted.made)):
        folder = quick_folder / str(at)
        a_store(folder)
        descriptors = open_descriptors()
        with failing(Injector(fault, at)):
            try:
                found = titles(GeoJSONStore.open(folder / "events.geojson").events())
            except StoreError as error:
                found = str(error).splitlines()[1:] or ["First"]
        assert (found, open_descriptors()) == (["First"], descriptors)
        assert titles(GeoJSONStore.open(folder / "events.geojson").events()) == ["First"]


def test_F2_reading_goes_on_while_the_history_cannot_be_read(quick_folder):
    store = a_store(quick_folder)
    GeoJSONStore.open(quick_folder / "events.geojson").append(NEXT, by="bo", why=None)

    with failing(Injector("EIO from here on", 0)):
        assert titles(store.events()) == ["First"]
        assert "may be out of date" in str(store.banner()[0])

    assert titles(store.events()) == ["First", "Next"]
    assert store.banner() == ()


@dataclass
class Disk:
    """A place with little room: `fill()` takes the last of it, `free()` gives it back."""

    folder: Path
    fill: Callable[[], None]
    free: Callable[[], None]


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """A disk of 256 kB in memory where we may mount one, else a limit to how large a file may grow."""
    mounted = os.geteuid() == 0 and (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True, check=False
        ).returncode
        == 0
    )
    if not mounted:
        with limited_files(folder) as disk:
            yield disk
        return
    filler = folder / "filler"

    def fill() -> None:
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 512):
                    pass
            except OSError:
                return

    try:
        yield Disk(folder, fill, filler.unlink)
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def limited_files(folder: Path) -> Iterator[Disk]:
    """No file may outgrow what the largest is now (RLIMIT_FSIZE): a write stops in the middle."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill() -> None:
        largest = max(each.stat().st_size for each in folder.rglob("*"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 20, before[1]))

    def free() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    try:
        yield Disk(folder, fill, free)
    finally:
        free()


@pytest.mark.parametrize("in_place_above", [IN_PLACE_ABOVE, 0], ids=["replaced", "in place"])
@pytest.mark.parametrize("kind", [small_disk, limited_files])
def test_F3_a_full_disk_is_told_reading_goes_on_and_the_next_add_works(quick_folder, kind, in_place_above):
    folder = quick_folder / "disk"
    folder.mkdir()
    with kind(folder) as disk:
        store = GeoJSONStore.open(folder / "data" / "events.geojson", in_place_above=in_place_above)
        for n in range(20):
            store.append(make_event(id=f"event-{n}"), by="ana", why=None)
        kept = list(store.events())
        disk.fill()

        for deed in (
            lambda: store.append(make_event(id="too-much", description="x" * 5_000), by="ana", why=None),
            lambda: store.append_all([make_event(id=f"more-{n}") for n in range(9)], by="ana", why=None),
            lambda: store.replace(
                make_event(id="event-0", description="x" * 5_000), expected_version=1, by="ana", why=None
            ),
        ):
            with pytest.raises(StoreFull, match=r"^There is no room for '.*' \(.*\)\. Nothing was kept\."):
                deed()
        beside = GeoJSONStore.open(folder / "data" / "events.geojson", in_place_above=in_place_above)
        assert list(store.events()) == list(beside.events()) == kept
        assert len(json.loads((folder / "data" / "events.geojson").read_bytes())["features"]) == 20

        disk.free()
        store.append(make_event(id="at-last"), by="ana", why=None)
        assert [event.id for event in beside.events()][20:] == ["at-last"]
        assert len(json.loads((folder / "data" / "events.geojson").read_bytes())["features"]) == 21
        assert [
            each.message for each in check(folder / "data" / "events.geojson") if each.level != "ok"
        ] == []


@contextmanager
def as_nobody() -> Iterator[None]:
    """As a user who owns nothing, if we may become one; if not, rights bind us as it is."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def public_folder(quick_folder):
    quick_folder.chmod(0o755)
    return quick_folder


def test_F8_a_store_we_may_only_read_is_read_and_says_so(public_folder):
    a_store(public_folder / "data")
    for path in (*(public_folder / "data").rglob("*"), public_folder / "data"):
        path.chmod(0o555 if path.is_dir() else 0o444)

    with as_nobody():
        store = GeoJSONStore.open(public_folder / "data" / "events.geojson")
        assert titles(store.events()) == ["First"]
        assert str(store.banner()[0]).startswith("Nothing can be written here, only read.")
        with pytest.raises(
            StoreUnavailable, match=r"^'.*' is closed to us \(Permission denied\)\. Run as \w+"
        ):
            store.append(NEXT, by="ana", why=None)
        with pytest.raises(StoreUnavailable):
            store.replace(EDITED, expected_version=1, by="ana", why=None)

    assert titles(GeoJSONStore.open(public_folder / "data" / "events.geojson").events()) == ["First"]
    (public_folder / "data").chmod(0o755)


def test_F8_a_store_without_history_on_a_disk_that_can_only_be_read(public_folder):
    path = public_folder / "data" / "events.geojson"
    a_store(path.parent)
    whole = path.read_bytes()
    for each in (path.parent / "private").iterdir():
        each.unlink()
    (path.parent / "private").rmdir()
    path.parent.chmod(0o555)
    path.chmod(0o444)

    with as_nobody():
        store = GeoJSONStore.open(path)
        assert titles(store.events()) == ["First"]
        assert [revision.op for revision in store.history("first")] == ["start"]
        with pytest.raises(StoreUnavailable):
            store.append(NEXT, by="ana", why=None)

    path.parent.chmod(0o755)
    assert path.read_bytes() == whole


def test_F8_a_disk_mounted_for_reading_is_named(quick_folder):
    a_store(quick_folder)

    def mounted_for_reading(path, flags, *mode):
        if flags & os.O_ACCMODE != os.O_RDONLY:
            raise OSError(30, os.strerror(30))
        return os.open(path, flags, *mode)

    before, files.calls.open = files.calls.open, mounted_for_reading
    try:
        store = GeoJSONStore.open(quick_folder / "events.geojson")
        assert titles(store.events()) == ["First"]
        with pytest.raises(StoreUnavailable, match="lies on a disk that can only be read"):
            store.append(NEXT, by="ana", why=None)
    finally:
        files.calls.open = before


def test_F8_a_missing_folder_is_made_where_that_is_allowed(public_folder):
    GeoJSONStore.open(public_folder / "new" / "and newer" / "events.geojson")
    assert in_file(public_folder / "new" / "and newer") == []

    (public_folder / "new").chmod(0o555)
    with (
        as_nobody(),
        pytest.raises(StoreUnavailable, match=r"is closed to us \(Permission denied\)") as refused,
    ):
        GeoJSONStore.open(public_folder / "new" / "other" / "events.geojson")

    assert "\n" not in str(refused.value)
    assert not (public_folder / "new" / "other").exists()
    (public_folder / "new").chmod(0o755)


@pytest.mark.parametrize("closed", ["events.geojson", "private"])
def test_F8_what_belongs_to_another_is_told_with_its_owner(public_folder, closed):
    path = public_folder / "data" / "events.geojson"
    a_store(path.parent)
    (path.parent / closed).chmod(0o000)

    with (
        as_nobody(),
        pytest.raises(StoreUnavailable, match=r"is closed to us \(Permission denied\)") as refused,
    ):
        GeoJSONStore.open(path)

    assert f"Run as {path.owner()}," in str(refused.value)
    assert "\n" not in str(refused.value)
    (path.parent / closed).chmod(0o700)


def test_F8_a_folder_a_link_or_a_pipe_is_no_collection(tmp_path):
    a_store(tmp_path / "real")
    before = (tmp_path / "real" / "events.geojson").read_bytes()
    (tmp_path / "folder.geojson").mkdir()
    (tmp_path / "link.geojson").symlink_to(tmp_path / "real" / "events.geojson")
    (tmp_path / "nowhere.geojson").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe.geojson")
    (tmp_path / "file").write_text("not a folder")

    said = {}
    for name in ("folder.geojson", "link.geojson", "nowhere.geojson", "pipe.geojson", "file/events.geojson"):
        with pytest.raises(StoreUnavailable) as refused:
            GeoJSONStore.open(tmp_path / name)
        said[name] = str(refused.value).removeprefix(f"'{tmp_path / name}' ")
        assert [each.level for each in check(tmp_path / name)] == ["fail"]

    assert said == {
        "folder.geojson": "is a folder. Give the path of a GeoJSON file in it.",
        "link.geojson": "is a link, which a write would replace. Give the path it leads to.",
        "nowhere.geojson": "is a link, which a write would replace. Give the path it leads to.",
        "pipe.geojson": "is not a file. Give the path of a GeoJSON file.",
        "file/events.geojson": "cannot be used (Not a directory). Give another path.",
    }
    assert (tmp_path / "real" / "events.geojson").read_bytes() == before
    assert not (tmp_path / "private").exists()


def test_F8_a_folder_reached_by_a_link_is_a_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "real")

    a_store(tmp_path / "data")

    assert in_file(tmp_path / "real") == ["First"]


def test_the_private_folder_is_closed_though_it_was_open(tmp_path):
    (tmp_path / "private").mkdir(mode=0o755)
    (tmp_path / "private").chmod(0o755)

    a_store(tmp_path)

    assert {
        each.stat().st_mode & 0o077 for each in ((tmp_path / "private"), *(tmp_path / "private").iterdir())
    } == {0}


def test_a_replaced_collection_keeps_its_rights(tmp_path):
    store = a_store(tmp_path)
    (tmp_path / "events.geojson").chmod(0o640)

    store.append(NEXT, by="ana", why=None)

    assert (tmp_path / "events.geojson").stat().st_mode & 0o777 == 0o640


def test_a_lock_that_nobody_lets_go_is_told(tmp_path, monkeypatch):
    store = a_store(tmp_path)
    monkeypatch.setattr(files, "LONGEST_WAIT_S", 0.05)

    with (
        files.locked(tmp_path / "private" / "lock"),
        pytest.raises(StoreUnavailable, match="Another process"),
    ):
        store.append(NEXT, by="ana", why=None)

    store.append(NEXT, by="ana", why=None)


def test_a_lock_file_that_is_removed_locks_nobody_out_and_lets_nobody_in_twice(tmp_path):
    store = a_store(tmp_path)
    lock = tmp_path / "private" / "lock"

    with files.locked(lock):
        lock.unlink()
        store.append(NEXT, by="ana", why=None)

    assert titles(GeoJSONStore.open(tmp_path / "events.geojson").events()) == ["First", "Next"]


def test_a_store_that_somebody_holds_on_to_is_read(tmp_path, monkeypatch):
    a_store(tmp_path)
    monkeypatch.setattr(files, "LONGEST_WAIT_S", 0.05)

    with files.locked(tmp_path / "private" / "lock"):
        store = GeoJSONStore.open(tmp_path / "events.geojson")
        assert titles(store.events()) == ["First"]
        assert "Another process" in str(store.banner()[0])

    store.append(NEXT, by="ana", why=None)
    assert store.banner() == ()
