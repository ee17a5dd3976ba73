"""The collection is anybody's GeoJSON file; what others do to it is never lost and never taken for ours."""

from __future__ import annotations

import json

import pytest

from geoevents.errors import StoreDamaged, StoreError, StoreFull, StoreTooNew
from geoevents.events import Status
from geoevents.geojson import feature, feature_line
from geoevents.queries import EventQuery
from geoevents.stores import collection, files
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


def collection_of(*events, **members):
    return {"type": "FeatureCollection", "features": [feature(event) for event in events], **members}


def aside(path):
    return sorted(
        each for each in (path.parent / "private").iterdir() if each.name.startswith("outside-edit")
    )


def test_it_is_one_feature_a_line_with_its_revision_last(path, written):
    head, first, second, last = written.decode().splitlines()

    assert head == '{"type":"FeatureCollection","features":['
    assert json.loads(first.rstrip(",")) == feature(GeoJSONStore.open(path).get("first"))
    assert second.encode() == feature_line(make_event(id="second"))
    assert last == '],"geoevents":{"format":1,"revision":3}}'
    assert list(json.loads(written)) == ["type", "features", "geoevents"]


def test_an_empty_folder_gets_an_empty_collection(path):
    store = GeoJSONStore.open(path)

    assert json.loads(path.read_bytes()) == {
        "type": "FeatureCollection",
        "features": [],
        "geoevents": {"format": 1, "revision": 0},
    }
    assert (store.revision, store.banner()) == (0, ())
    assert (path.parent / "private").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("members", [{}, {"geoevents": {"revision": 40, "format": 1}, "name": "QGIS layer"}])
def test_a_collection_without_history_is_where_history_begins(path, indent, members):
    events = [make_event(id="first"), make_event(id="second", status=Status.DRAFT)]
    shipped = json.dumps(collection_of(*events, **members), indent=indent).encode()
    path.write_bytes(shipped)

    store = GeoJSONStore.open(path)

    revision = 40 if members else 1
    assert list(store.events()) == list(GeoJSONStore.open(path).events()) == events
    assert (store.revision, store.public_revision, store.banner()) == (revision, revision, ())
    assert path.read_bytes() == shipped
    assert [(each.revision, each.op, each.event) for each in store.history("first")] == [
        (revision, "start", events[0])
    ]
    store.append(make_event(id="third"), by="ana", why=None)
    opened = GeoJSONStore.open(path)
    assert (opened.revision, opened.banner()) == (revision + 1, ())
    assert [event.id for event in opened.events()] == ["first", "second", "third"]


def test_the_revision_is_found_wherever_a_program_moved_it(path, written):
    whole = json.loads(written)
    path.write_text(json.dumps({"geoevents": whole["geoevents"], **whole}, indent=1))

    store = GeoJSONStore.open(path)

    assert (store.revision, store.banner(), aside(path)) == (3, (), [])
    store.append(make_event(id="third"), by="ana", why=None)
    assert path.read_bytes().startswith(written[: written.index(b"\n],")])


def test_as_long_as_nothing_was_written_through_us_the_file_is_the_truth(path):
    path.write_text(json.dumps(collection_of(make_event(id="first"), make_event(id="second"))))
    public = PublicReader(GeoJSONStore.open(path))
    before = public.revision
    path.write_text(json.dumps(collection_of(make_event(id="second", title="New"), make_event(id="third"))))

    store = GeoJSONStore.open(path)

    assert [(event.id, event.title) for event in store.events()] == [
        ("second", "New"),
        ("third", make_event().title),
    ]
    assert (store.banner(), aside(path)) == ((), [])
    assert store.public_revision == store.revision == before + 1
    assert [event.title for event in public.events(EventQuery())] == [make_event().title, "New"]


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda data: data[:-60] + b"garbage", id="no longer JSON"),
        pytest.param(lambda data: b"PK\x03\x04", id="something else altogether"),
    ],
)
def test_what_is_no_collection_any_more_is_kept_aside_and_what_was_acknowledged_goes_on(path, written, edit):
    edited = edit(written)
    path.write_bytes(edited)

    store = GeoJSONStore.open(path)

    assert [event.title for event in store.events()] == ["New", make_event().title]
    assert path.read_bytes() == edited
    assert [each.read_bytes() for each in aside(path)] == [edited]
    assert [str(aside(path)[0]) in str(note) for note in store.banner()] == [True]
    GeoJSONStore.open(path)
    store.append(make_event(id="fourth"), by="ana", why=None)
    assert [each.read_bytes() for each in aside(path)] == [edited]
    assert GeoJSONStore.open(path).banner() == ()
    assert len(json.loads(path.read_bytes())["features"]) == 3


@pytest.mark.parametrize("change", [(b'"revision":3', b'"revision":9'), (b"}}\n", b"}}"), (b",", b", ")])
def test_what_says_the_same_in_other_bytes_is_no_edit(path, written, change):
    path.write_bytes(written.replace(*change))

    store = GeoJSONStore.open(path)
    store.append(make_event(id="third"), by="ana", why=None)

    assert (store.banner(), aside(path)) == ((), [])
    assert path.read_bytes().startswith(written[: written.index(b"\n],")])


def test_an_edit_saved_while_the_next_collection_is_prepared_is_kept_aside(path, monkeypatch):
    store = GeoJSONStore.open(path)
    store.append(make_event(id="first"), by="ana", why=None)
    edited = path.read_bytes().replace(b"Guards", b"Gnomes")
    sync = files.calls.fdatasync

    def save_just_now(descriptor):
        path.write_bytes(edited)
        sync(descriptor)

    monkeypatch.setattr(files.calls, "fdatasync", save_just_now)
    store.append(make_event(id="second"), by="ana", why=None)

    assert [each.read_bytes() for each in aside(path)] == [edited]
    assert len(json.loads(path.read_bytes())["features"]) == 2


def test_without_room_for_the_copy_an_edit_is_not_replaced(path, monkeypatch):
    store = GeoJSONStore.open(path)
    store.append(make_event(id="first"), by="ana", why=None)
    edited = path.read_bytes().replace(b"Guards", b"Gnomes")
    path.write_bytes(edited)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files.calls, "pwrite", full)
        with pytest.raises(StoreFull):
            store.append(make_event(id="second"), by="ana", why=None)

    assert path.read_bytes() == edited
    assert aside(path) == []
    assert [event.id for event in GeoJSONStore.open(path).events()] == ["first"]


@pytest.mark.parametrize("size", ["nothing", "half", "all but one byte", "without its closing"])
def test_a_collection_that_lost_its_end_is_written_anew(path, written, size):
    cut = {"nothing": 0, "half": len(written) // 2, "all but one byte": len(written) - 2}.get(size)
    path.write_bytes(written[: written.index(b"\n],") if cut is None else cut])

    store = GeoJSONStore.open(path)

    assert path.read_bytes() == written
    assert (store.banner(), aside(path)) == ((), [])


@pytest.mark.chance
def test_an_addition_torn_at_any_byte_is_mended(quick_folder, cuts):
    path = quick_folder / "events.geojson"
    store = GeoJSONStore.open(path)
    store.append(make_event(id="first"), by="ana", why=None)
    before = path.read_bytes()
    store.append(make_event(id="second"), by="ana", why=None)
    after = path.read_bytes()
    start = len(before) - len(collection.closing(1))

    for size in cuts(start + 1, len(after) - 1):
        path.write_bytes(after[:size] + before[size:])
        store = GeoJSONStore.open(path, in_place_above=0)
        assert path.read_bytes() == after
        assert (store.banner(), aside(path)) == ((), [])


def test_a_collection_behind_its_history_is_brought_up(path, written):
    store = GeoJSONStore.open(path)
    store.replace(make_event(id="second", title="Last"), expected_version=1, by="ana", why=None)
    after = path.read_bytes()
    path.write_bytes(written)

    opened = GeoJSONStore.open(path)

    assert path.read_bytes() == after
    assert (opened.banner(), aside(path)) == ((), [])


def test_a_collection_that_is_gone_is_written_anew(path, written):
    path.unlink()

    store = GeoJSONStore.open(path)

    assert path.read_bytes() == written
    assert store.banner() == ()


def test_features_that_are_no_events_are_told_and_never_lost(path):
    good = feature(make_event(id="good"))
    for_a_map = {"type": "Feature", "geometry": None, "properties": {"name": "from QGIS"}}
    outside = {**feature(make_event(id="far")), "geometry": {"type": "Point", "coordinates": [36.5, 400.0]}}
    odd = {**feature(make_event(id="odd")), "geometry": {"type": "Point", "coordinates": "here"}}
    path.write_text(json.dumps(collection_of() | {"features": [good, for_a_map, good, outside, odd]}))
    first = path.read_bytes()

    store = GeoJSONStore.open(path)
    note = str(store.banner()[0])
    store.append(make_event(id="next"), by="ana", why=None)

    assert note.startswith("4 Features of")
    assert "number 2" in note
    assert [event.id for event in GeoJSONStore.open(path).events()] == ["good", "next"]
    assert [each.read_bytes() for each in aside(path)] == [first]


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b"null",
        b'{"type":"Feature"}',
        b'{"type":"FeatureCollection"}',
        b"[" * 100_000,
        b"\xff\xfe{",
    ],
)
def test_without_history_a_file_that_is_no_collection_is_refused_and_left_alone(path, content):
    path.write_bytes(content)

    with pytest.raises(StoreDamaged, match="is not a whole FeatureCollection"):
        GeoJSONStore.open(path)

    assert path.read_bytes() == content


@pytest.mark.fault
@pytest.mark.parametrize(
    "member", [{"format": 2, "revision": 3}, {"revision": 3, "format": 7, "columns": []}]
)
@pytest.mark.parametrize("history", [True, False])
def test_F9_a_newer_format_is_refused_and_nothing_is_changed(path, written, member, history):
    newer = json.loads(written) | {"geoevents": member}
    path.write_text(json.dumps(newer))
    if not history:
        for each in (path.parent / "private").iterdir():
            each.unlink()
        (path.parent / "private").rmdir()
    before = snapshot(path.parent)

    with pytest.raises(StoreTooNew, match=rf"is of format {member['format']}; this version reads format 1\."):
        GeoJSONStore.open(path)

    assert snapshot(path.parent) == before


@pytest.mark.fault
def test_F9_a_newer_version_may_take_the_store_over_from_a_running_one(path, written):
    store = GeoJSONStore.open(path)
    path.write_bytes(written.replace(b'"format":1', b'"format":2'))
    before = snapshot(path.parent)

    with pytest.raises(StoreTooNew):
        store.append(make_event(id="third"), by="ana", why=None)

    assert snapshot(path.parent) == before
    assert store.get("first").title == "New"


def test_a_store_error_has_one_line(path):
    path.write_bytes(b"[")

    with pytest.raises(StoreError) as refused:
        GeoJSONStore.open(path)

    assert "\n" not in str(refused.value)


def snapshot(folder):
    return {
        each.relative_to(folder): (each.stat().st_mode, each.read_bytes() if each.is_file() else None)
        for each in folder.rglob("*")
    }
