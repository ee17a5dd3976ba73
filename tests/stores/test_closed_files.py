"""Files and folders that are closed to us, another's or none: one line, and reading where we may."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from geoevents.errors import StoreUnavailable
from geoevents.stores import files
from geoevents.stores.checking import check
from geoevents.stores.geojson_store import GeoJSONStore
from tests.stores.small import EDITED, NEXT, a_store, in_file, titles

pytestmark = pytest.mark.fault


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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder away")
def test_root_closes_the_folder_of_somebody_else_too(quick_folder):
    a_store(quick_folder)
    private = quick_folder / "private"
    os.chown(private, 65534, 65534)
    private.chmod(0o755)

    GeoJSONStore.open(quick_folder / "events.geojson").append(NEXT, by="ana", why=None)

    assert private.stat().st_mode & 0o777 == 0o700
    assert private.stat().st_uid == 65534
