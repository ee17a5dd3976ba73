"""Disks that fail or are full, files closed to us: told in one line, nothing half kept, nothing leaked."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from geoevents.errors import StoreError, StoreFull
from geoevents.stores.checking import check
from geoevents.stores.geojson_store import IN_PLACE_ABOVE, GeoJSONStore
from tests.stores.failing import FAULTS, Injector, failing
from tests.stores.small import EDITED, NEXT, a_store, in_file, titles
from tests.strategies import make_event

pytestmark = pytest.mark.fault

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
        assert open_descriptors() <= descriptors
        outcomes.add(raised is not None)
        lasting = fault.endswith("on")

        # What the outside reads is whole, and is what was before or what is now.
        assert in_file(folder) in (["First"], after)
        if raised is not None:
            assert injector.failed
            assert "\n" not in str(raised)
            assert raised.__class__ is StoreFull or not fault.startswith("ENOSPC")
        elif injector.failed and fault not in ("EINTR", "short") and set(injector.failed) - _NO_MATTER:
            # Told, or made up for already by writing the collection anew.
            assert store.banner() != () or in_file(folder) == after
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
        assert found == ["First"]
        assert open_descriptors() <= descriptors
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
    with kind(folder) as disk, ExitStack() as closing:
        store = GeoJSONStore.open(folder / "data" / "events.geojson", in_place_above=in_place_above)
        for n in range(20):
            store.append(make_event(id=f"event-{n}"), by="ana", why=None)
        kept = list(store.events())
        closing.callback(store.close)
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
        closing.callback(beside.close)
        assert list(store.events()) == list(beside.events()) == kept
        assert len(json.loads((folder / "data" / "events.geojson").read_bytes())["features"]) == 20

        disk.free()
        store.append(make_event(id="at-last"), by="ana", why=None)
        assert [event.id for event in beside.events()][20:] == ["at-last"]
        assert len(json.loads((folder / "data" / "events.geojson").read_bytes())["features"]) == 21
        assert [
            each.message for each in check(folder / "data" / "events.geojson") if each.level != "ok"
        ] == []
