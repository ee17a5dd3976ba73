"""A large collection is never written whole for one edit: edits are gathered, what is taken back is not."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from geoevents.errors import EventChanged, EventExists, StoreFull
from geoevents.events import Sensitivity, Status
from geoevents.stores import files, keeping
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.layout import Left
from tests.strategies import make_event

LAG = 60.0
COUNT = 30


@pytest.fixture
def path(quick_folder):
    return quick_folder / "events.geojson"


@pytest.fixture
def patient(path, monkeypatch):
    """A large store of thirty events that gathers, and not before it is told to."""
    monkeypatch.setattr(keeping, "_SHORTEST_PAUSE_S", LAG)
    store = GeoJSONStore.open(path, in_place_above=0, lag=LAG)
    store.append_all([make_event(id=f"event-{n}") for n in range(COUNT)], by="ana", why=None)
    store._keeper._gather()
    yield store
    store.close()


@pytest.fixture
def calls(monkeypatch):
    """The names of the calls to the file system."""
    made: list[str] = []
    for name, call in list(vars(files.calls).items()):

        def counted(*arguments, name=name, call=call):
            made.append(name)
            return call(*arguments)

        monkeypatch.setattr(files.calls, name, counted)
    return made


def edit(store, number, title="New", **changes):
    event = store.get(f"event-{number}")
    return store.replace(
        replace(event, title=title, **changes), expected_version=event.version, by="ana", why=None
    )


def in_file(path):
    whole = json.loads(path.read_bytes())
    return {each["id"]: each["properties"]["title"] for each in whole["features"]}, whole["geoevents"]


def in_store(store):
    return {event.id: event.title for event in store.events()}


def rewritten(path, tmp_path):
    """What the collection would be if it were written from the history, all of it."""
    history = tmp_path / "private" / "history.geojsonl"
    history.parent.mkdir(mode=0o700)
    history.write_bytes((path.parent / "private" / "history.geojsonl").read_bytes())
    GeoJSONStore.open(tmp_path / "events.geojson").close()
    return (tmp_path / "events.geojson").read_bytes()


def test_edits_wait_and_are_then_written_together(patient, path, tmp_path, calls):
    before = path.read_bytes()
    for number in (3, 7, 0, COUNT - 1, 7):
        edit(patient, number, title=f"Much longer than it was before, {number}")

    assert "rename" not in calls
    assert path.read_bytes() == before
    patient._keeper._gather()

    assert calls.count("rename") == 1
    assert in_file(path) == (in_store(patient), {"format": 1, "revision": COUNT + 5})
    assert path.read_bytes() == rewritten(path, tmp_path)


def test_what_is_added_while_edits_wait_is_in_the_file_at_once(patient, path, tmp_path):
    edit(patient, 3)
    patient.append_all([make_event(id="late", title="Late"), make_event(id="later")], by="ana", why=None)
    patient.append(make_event(id="latest"), by="ana", why=None)
    changed = patient.get("late")
    patient.replace(replace(changed, title="Edited"), expected_version=1, by="ana", why=None)

    titles, member = in_file(path)
    assert list(titles)[COUNT:] == ["late", "later", "latest"]
    assert (titles["late"], titles["event-3"]) == ("Late", make_event().title)
    assert member["revision"] == COUNT
    patient._keeper._gather()

    assert in_file(path) == (in_store(patient), {"format": 1, "revision": COUNT + 5})
    assert path.read_bytes() == rewritten(path, tmp_path)


@pytest.mark.parametrize(
    "taken_back",
    [
        {"status": Status.RETRACTED, "status_reason": "ours"},
        {"status": Status.DRAFT},
        {"sensitivity": Sensitivity.GRID},
        {"sensitivity": Sensitivity.HIDDEN},
        {"sources": (replace(make_event().sources[0], confidential=True),)},
    ],
)
def test_what_is_taken_back_is_never_delayed(patient, path, taken_back):
    edit(patient, 3)
    edit(patient, 5, **taken_back)

    assert in_file(path)[0] == in_store(patient)
    field, value = next(iter(taken_back.items()))
    found = json.loads(path.read_bytes())["features"][5]["properties"][field]
    assert found == value if field != "sources" else found[0]["confidential"]


def test_what_waits_is_written_when_the_store_is_closed(patient, path):
    edit(patient, 3)
    expected = in_store(patient)

    patient.close()

    assert in_file(path)[0] == expected


def test_it_does_not_wait_longer_than_the_lag(path):
    store = GeoJSONStore.open(path, in_place_above=0, lag=0.1)
    store.append_all([make_event(id=f"event-{n}") for n in range(3)], by="ana", why=None)
    for number in range(3):
        edit(store, number)

    end = time.monotonic() + 60
    while in_file(path)[0] != in_store(store) and time.monotonic() < end:
        time.sleep(0.02)

    assert in_file(path) == (in_store(store), {"format": 1, "revision": 6})


def test_whoever_opens_next_brings_up_what_a_killed_writer_left_waiting(patient, path, tmp_path):
    edit(patient, 3)
    patient.append(make_event(id="late"), by="ana", why=None)

    opened = GeoJSONStore.open(path, in_place_above=0)

    assert opened.banner() == ()
    assert path.read_bytes() == rewritten(path, tmp_path)


def test_others_write_while_a_large_collection_is_prepared(patient, path, tmp_path, monkeypatch):
    edit(patient, 3)
    copy = files.calls.copy_file_range
    beside = GeoJSONStore.open(path, in_place_above=0, lag=LAG)
    edit(patient, 4)

    def meanwhile(*arguments):
        monkeypatch.setattr(files.calls, "copy_file_range", copy)
        beside.append(make_event(id="late", title="Late"), by="bo", why=None)
        edit(beside, 3, title="Newer")
        return copy(*arguments)

    monkeypatch.setattr(files.calls, "copy_file_range", meanwhile)
    patient._keeper._gather()

    titles, member = in_file(path)
    assert (titles["event-3"], titles["event-4"], titles["late"]) == ("New", "New", "Late")
    assert member["revision"] == COUNT + 2
    patient._keeper._gather()
    assert path.read_bytes() == rewritten(path, tmp_path)
    beside.close()


def test_a_file_that_somebody_saves_meanwhile_is_not_lost(patient, path, monkeypatch):
    edit(patient, 3)
    edited = path.read_bytes().replace(b"Guards", b"Gnomes")
    copy = files.calls.copy_file_range

    def save_just_now(*arguments):
        path.write_bytes(edited)
        return copy(*arguments)

    monkeypatch.setattr(files.calls, "copy_file_range", save_just_now)
    patient._keeper._gather()
    monkeypatch.setattr(files.calls, "copy_file_range", copy)
    patient._keeper._gather()

    assert [each.read_bytes() for each in path.parent.glob("private/outside-edit-*")] == [edited]
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".")] == []


def test_the_collection_is_handed_out_as_of_a_revision(patient, path):
    def lines(found, revision):
        kept = list(patient.changes(None).kept)[:COUNT] if revision else []
        sizes = [len(each.line) for each in kept]
        at = found.head_size
        for each, size in zip(kept, sizes, strict=True):
            assert found.slice(at, at + size) == each.line
            at += size + 2

    now = patient.collected(COUNT)
    lines(now, COUNT)
    patient.append(make_event(id="late"), by="ana", why=None)
    lines(patient.collected(COUNT), COUNT)
    assert patient.collected(COUNT + 1).slice(0, 10**9) == path.read_bytes()
    whole = path.read_bytes()

    edit(patient, 3)
    assert patient.collected(COUNT + 2) is None
    assert patient.collected(COUNT + 1).slice(0, 10**9) == whole
    held = patient.collected(COUNT + 1)
    patient._keeper._gather()

    assert (patient.collected(COUNT), patient.collected(COUNT + 1)) == (None, None)
    assert patient.collected(COUNT + 2).slice(0, 10**9) == path.read_bytes()
    assert held.slice(0, 10**9) == whole


def test_a_file_of_an_older_writer_is_known(path):
    store = GeoJSONStore.open(path)
    store.append(make_event(id="first"), by="ana", why=None)
    lock = path.parent / "private" / "lock"
    left = json.loads(lock.read_bytes())
    del left["added"]
    lock.write_text(json.dumps(left))

    with files.File(lock) as file:
        assert Left.read(file) == Left(1, 1, files.stamp(path))


class TestTogether:
    """Writes that wait for each other are kept with one sync."""

    @pytest.fixture
    def store(self, path):
        return GeoJSONStore.open(path, in_place_above=0)

    def all_at_once(self, monkeypatch, store, deeds):
        """The first deed is held up in its sync until all others wait behind it."""
        sync, held = files.calls.fdatasync, []

        def hold(descriptor):
            if not held:
                held.append(True)
                end = time.monotonic() + 60
                while len(store._keeper.together) < len(deeds) and time.monotonic() < end:
                    time.sleep(0.001)
            syncs.append(descriptor)
            sync(descriptor)

        syncs: list[int] = []
        monkeypatch.setattr(files.calls, "fdatasync", hold)
        with ThreadPoolExecutor(len(deeds)) as pool:
            done = [pool.submit(deeds[0])]
            while not held:
                time.sleep(0.001)
            done += [pool.submit(deed) for deed in deeds[1:]]
            errors = [each.exception() for each in done]
        return errors, len(syncs)

    def test_one_sync_serves_all_who_wait(self, store, path, monkeypatch):
        deeds = [
            lambda n=n: store.append(make_event(id=f"event-{n}"), by=f"w{n}", why=None) for n in range(16)
        ]

        errors, syncs = self.all_at_once(monkeypatch, store, deeds)

        assert (errors, syncs) == ([None] * 16, 2)
        opened = GeoJSONStore.open(path)
        assert {event.id for event in opened.events()} == {f"event-{n}" for n in range(16)}
        assert {opened.history(f"event-{n}")[0].by for n in range(16)} == {f"w{n}" for n in range(16)}
        assert opened.revision == store.revision == 16

    def test_what_one_may_not_is_told_to_that_one(self, store, path, monkeypatch):
        store.append(make_event(id="there"), by="ana", why=None)
        deeds = [
            lambda: store.append(make_event(id="first"), by="a", why=None),
            lambda: store.append(make_event(id="there"), by="b", why=None),
            lambda: store.replace(make_event(id="there", title="B"), expected_version=1, by="c", why=None),
            lambda: store.replace(make_event(id="there", title="C"), expected_version=1, by="d", why=None),
            lambda: store.append(make_event(id="twin", title="One"), by="e", why=None),
            lambda: store.append(make_event(id="twin", title="Two"), by="f", why=None),
        ]

        errors, _ = self.all_at_once(monkeypatch, store, deeds)

        assert [type(error) for error in (errors[0], errors[1])] == [type(None), EventExists]
        assert {type(error) for error in errors[2:4]} == {type(None), EventChanged}
        assert {type(error) for error in errors[4:]} == {type(None), EventExists}
        assert store.get("there").version == 2
        assert [event.id for event in GeoJSONStore.open(path).events()] == ["there", "first", "twin"]

    def test_what_has_no_room_takes_nobody_with_it(self, store, path, monkeypatch):
        write = files.calls.pwrite

        def small_disk(descriptor, data, offset):
            if len(data) > 20_000:
                raise OSError(28, "No space left on device")
            return write(descriptor, data, offset)

        monkeypatch.setattr(files.calls, "pwrite", small_disk)
        deeds = [
            lambda n=n, size=size: store.append(
                make_event(id=f"event-{n}", description="x" * size), by="ana", why=None
            )
            for n, size in enumerate((1, 1, 30_000, 1))
        ]

        errors, _ = self.all_at_once(monkeypatch, store, deeds)

        assert [type(error) for error in errors] == [type(None), type(None), StoreFull, type(None)]
        assert {event.id for event in GeoJSONStore.open(path).events()} == {"event-0", "event-1", "event-3"}

    def test_threads_and_processes_write_and_gather_at_once(self, path):
        stores = [
            GeoJSONStore.open(path, in_place_above=above, lag=lag)
            for above, lag in ((0, 0.01), (0, 0), (10**9, 0.01))
        ]
        start = Barrier(6)

        def write(number):
            store = stores[number % 3]
            start.wait()
            for n in range(20):
                event = store.append(make_event(id=f"t{number}-{n}"), by="ana", why=None)
                for version in (1, 2):
                    store.replace(
                        make_event(id=event.id, title="New"), expected_version=version, by="b", why=None
                    )

        with ThreadPoolExecutor(6) as pool:
            errors = [each.exception() for each in [pool.submit(write, number) for number in range(6)]]
        for store in stores:
            store.close()

        opened = GeoJSONStore.open(path)
        assert errors == [None] * 6
        assert (opened.revision, opened.banner()) == (360, ())
        assert (
            in_file(path)[0] == in_store(opened) == {f"t{t}-{n}": "New" for n in range(20) for t in range(6)}
        )


@pytest.mark.parametrize("harm", ["no lock file", "torn"])
def test_a_file_that_lags_behind_is_known_though_nobody_says_so(patient, path, tmp_path, harm):
    edit(patient, 3)
    patient.append(make_event(id="late"), by="ana", why=None)
    patient.replace(make_event(id="late", title="Edited"), expected_version=1, by="ana", why=None)
    (path.parent / "private" / "lock").unlink()
    if harm == "torn":
        path.write_bytes(path.read_bytes()[:-20])

    opened = GeoJSONStore.open(path, in_place_above=0)

    assert (opened.banner(), list(path.parent.glob("private/outside-edit-*"))) == ((), [])
    assert path.read_bytes() == rewritten(path, tmp_path)
