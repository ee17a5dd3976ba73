"""A history shorter than the collection, as an old backup or a loss of power leaves it: nothing is lost."""

from __future__ import annotations

import json

import pytest

from geoevents.geojson import feature
from geoevents.stores import files
from geoevents.stores.checking import check
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from tests.strategies import make_event


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.geojson"


@pytest.fixture
def written(path):
    """Two events, the first of them edited once, kept through us."""
    store = GeoJSONStore.open(path)
    store.append_all([make_event(id="first"), make_event(id="second")], by="ana", why=None)
    store.replace(make_event(id="first", title="New"), expected_version=1, by="ana", why=None)
    return path.read_bytes()


def aside(path):
    return sorted(path.parent.glob("private/outside-edit-*"))


def journal_of(path):
    return path.parent / "private" / "history.geojsonl"


@pytest.fixture
def shortened(path, written):
    """Ten revisions in the collection, and a history put back as it was at the third."""
    kept = journal_of(path).read_bytes()
    store = GeoJSONStore.open(path)
    store.append_all([make_event(id=f"event-{n}") for n in range(5)], by="ana", why=None)
    store.replace(make_event(id="second", title="Second"), expected_version=1, by="ana", why=None)
    store.replace(make_event(id="second", title="Third"), expected_version=2, by="ana", why=None)
    events = {event.id: event for event in store.events()}
    journal_of(path).write_bytes(kept)
    return events


def json_ids(path):
    return [each["id"] for each in json.loads(path.read_bytes())["features"]]


def test_what_a_shorter_history_has_forgotten_is_taken_over_from_the_collection(path, shortened):
    store = GeoJSONStore.open(path)

    assert {event.id: event for event in store.events()} == shortened
    assert (store.revision, aside(path)) == (16, [])
    assert [str(note) for note in store.banner()] == [
        f"The history is missing 7 revisions that '{path}' had been through. What '{path}' held was "
        "taken over; who made the changes, and why, is lost."
    ]
    last = store.history("second")[-1]
    assert (last.op, last.event.version, last.by) == ("recovered", 3, "")
    assert last.why == "The history ended at revision 3; this is what the collection held at 10."
    again = GeoJSONStore.open(path)
    assert (again.banner(), again.revision, again.public_revision) == ((), 16, store.public_revision)
    assert {event.id: event for event in again.events()} == shortened
    assert b'"revision":16' in path.read_bytes()[-40:]
    assert [finding for finding in check(path) if finding.level != "ok"] == []


def test_a_store_that_is_open_goes_on_above_what_its_history_has_forgotten(path, written):
    store = GeoJSONStore.open(path)
    public = PublicReader(store)
    kept = journal_of(path).read_bytes()
    store.append(make_event(id="third"), by="ana", why=None)
    seen = public.revision
    journal_of(path).write_bytes(kept)

    store.append(make_event(id="fourth"), by="ana", why=None)

    assert [event.id for event in store.events()] == ["first", "second", "third", "fourth"]
    assert public.revision > seen
    assert [kept.id for kept in store.changes(4).kept] == [event.id for event in store.events()]
    assert [kept.id for kept in store.changes(5).kept] == ["fourth"]
    assert json_ids(path) == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize("lost", [1, 20, 300])
def test_a_last_record_that_broke_off_is_recovered_where_the_collection_holds_it(path, written, lost):
    store = GeoJSONStore.open(path)
    store.append_all([make_event(id="third"), make_event(id="fourth")], by="ana", why=None)
    whole = journal_of(path).read_bytes()
    journal_of(path).write_bytes(whole[:-lost])

    store = GeoJSONStore.open(path)

    assert [event.id for event in store.events()] == ["first", "second", "third", "fourth"]
    assert aside(path) == []
    # Where only the newline was lost there is nothing to tell.
    assert [str(note).split(" that ")[0] for note in store.banner()] == (
        [] if lost == 1 else ["The history is missing 2 revisions"]
    )
    assert GeoJSONStore.open(path).banner() == ()


def test_what_an_outsider_changed_beside_what_is_taken_over_is_kept_aside(path, shortened):
    edited = path.read_bytes().replace(b"New", b"Old")
    path.write_bytes(edited)

    store = GeoJSONStore.open(path)

    assert store.get("first").title == "New"
    assert store.get("event-4") == shortened["event-4"]
    assert [each.read_bytes() for each in aside(path)] == [edited]
    assert len(store.banner()) == 2


def test_an_event_that_is_gone_from_the_collection_is_not_deleted_with_a_shorter_history(path, shortened):
    whole = json.loads(path.read_bytes())
    whole["features"] = [each for each in whole["features"] if each["id"] != "first"]
    path.write_text(json.dumps(whole))

    assert {event.id: event for event in GeoJSONStore.open(path).events()} == shortened
    assert set(json_ids(path)) == set(shortened)


@pytest.mark.parametrize("revision", [1_000_000, 10**15, 10**17, 10**30])
def test_a_revision_that_somebody_made_up_breaks_nothing(path, written, revision):
    path.write_bytes(written.replace(b'"revision":3', b'"revision":%d' % revision))
    store = GeoJSONStore.open(path)
    assert (store.banner(), store.revision) == ((), 3)
    whole = json.loads(path.read_bytes())
    whole["features"].append(feature(make_event(id="third")))
    path.write_text(json.dumps(whole))

    store = GeoJSONStore.open(path)
    store.append(make_event(id="fourth"), by="ana", why=None)

    opened = GeoJSONStore.open(path)
    assert [event.id for event in opened.events()] == ["first", "second", "third", "fourth"]
    assert opened.banner() == ()
    assert opened.revision == (revision + 2 if revision <= 10**15 else 5)


@pytest.mark.fault
def test_a_recovery_that_fails_or_is_killed_at_any_call_is_made_up_for(path, shortened, monkeypatch):
    private, data = journal_of(path).read_bytes(), path.read_bytes()
    calls = ("pwrite", "fsync", "fdatasync", "ftruncate", "rename")
    failed = 0
    for name in calls:
        for number in range(20):
            journal_of(path).write_bytes(private)
            path.write_bytes(data)
            left = iter(range(number))
            works = getattr(files.calls, name)

            def breaks(*arguments, left=left, works=works):
                if next(left, None) is None:
                    raise OSError(5, "Input/output error")
                return works(*arguments)

            with monkeypatch.context() as patched:
                patched.setattr(files.calls, name, breaks)
                GeoJSONStore.open(path)
                failed += next(left, None) is None
            store = GeoJSONStore.open(path)
            assert {event.id: event for event in store.events()} == shortened
            assert (store.revision, aside(path)) == (16, [])
            assert set(json_ids(path)) == set(shortened)
    assert failed >= 4
