"""History is only added to: what is whole counts, what is torn is set aside, a contradiction is told."""

from __future__ import annotations

import json
import os

import pytest

from geoevents.errors import EventNotFound, StoreDamaged
from geoevents.geojson import feature_line
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.journal import Journal, Replaced, begin
from geoevents.stores.records import Record
from tests.strategies import make_event


@pytest.fixture
def path(tmp_path):
    begin(tmp_path / "history.geojsonl", [])
    return tmp_path / "history.geojsonl"


def record(revision, *, id=None, more=0, op="add", feature=b'{"type":"Feature"}', by="ana"):
    return Record(
        revision=revision,
        at="2022-02-01T12:00:00.000000Z",
        by=by,
        why=None,
        op=op,
        public=True,
        id=id or f"event-{revision}",
        feature=feature,
        more=more,
    )


def new_in(journal):
    return [head for batch in journal.read_new() for head in batch.heads]


def read(path):
    journal = Journal(path)
    heads = new_in(journal)
    records = list(journal.records())
    assert heads == [each.head for each in records]
    return records


def test_a_line_says_who_when_why_and_what():
    line = record(7, by='Ana "A"').line()

    assert json.loads(line) == {
        "revision": 7,
        "at": "2022-02-01T12:00:00.000000Z",
        "by": 'Ana "A"',
        "why": None,
        "op": "add",
        "public": True,
        "id": "event-7",
        "feature": {"type": "Feature"},
    }
    assert Record.parse(line) == record(7, by='Ana "A"')


@pytest.mark.parametrize("by", [',"feature":{}}', "\\", '\\"', "\n", "الحسكة", "\ud800"])
def test_no_name_can_break_out_of_a_line(by):
    line = record(1, by=by).line()

    assert b"\n" not in line
    assert Record.parse(line).feature == b'{"type":"Feature"}'
    assert Record.parse(line).by == by.replace("\ud800", "?")


def test_a_feature_of_two_lines_is_no_record():
    with pytest.raises(ValueError, match="one line"):
        record(1, feature=b"{\n}").line()


def test_records_are_read_as_they_come(path):
    journal = Journal(path)
    beside = Journal(path)

    journal.append([record(1)])
    assert new_in(beside) == new_in(journal) == [record(1).head]
    assert beside.stands_still()
    journal.append([record(2, more=1), record(3)])
    assert not beside.stands_still()

    assert new_in(beside) == [record(2, more=1).head, record(3).head]
    assert new_in(beside) == []
    assert read(path) == [record(1), record(2, more=1), record(3)]


def test_a_record_without_its_newline_is_not_seen_yet(path):
    journal = Journal(path)
    with path.open("ab") as file:
        file.write(record(1).line())
    assert new_in(journal) == []

    with path.open("ab") as file:
        file.write(b"\n")

    assert new_in(journal) == [record(1).head]


def test_nothing_of_a_write_is_seen_before_all_of_it(path):
    journal = Journal(path)
    lines = [record(1, more=2).line(), record(2, more=1).line(), record(3).line()]
    whole = b"\n".join(lines) + b"\n"

    for size in range(1, len(whole)):
        path.write_bytes(whole[:size])
        assert new_in(Journal(path)) == []
    path.write_bytes(whole)

    assert [each.revision for each in new_in(journal)] == [1, 2, 3]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([record(1), record(3)], id="a gap"),
        pytest.param([record(1), record(1)], id="a revision twice"),
        pytest.param([record(2), record(1)], id="backwards"),
        pytest.param([record(1, more=2), record(2)], id="part of a write"),
        pytest.param([record(1), record(1, op="start")], id="a start in the middle"),
    ],
)
def test_a_history_that_contradicts_itself_is_refused(path, lines):
    path.write_bytes(b"".join(each.line() + b"\n" for each in lines))

    with pytest.raises(StoreDamaged, match=r"^Line 2 of '.*history.geojsonl' contradicts"):
        read(path)


@pytest.mark.parametrize(
    "garbage", [b"", b"{}", b"garbage", b'{"revision":2,"feature":{}}', b"\xff\xfe", b"\0" * 40]
)
def test_a_line_that_is_no_record_is_refused_by_its_number(path, garbage):
    path.write_bytes(record(1).line() + b"\n" + garbage + b"\n" + record(2).line() + b"\n")

    with pytest.raises(StoreDamaged, match=r"^Line 2 .* it is not a whole record\."):
        read(path)


def test_another_journal_in_its_place_is_noticed(path):
    journal = Journal(path)
    journal.append([record(1)])
    list(journal.read_new())

    begin(path, [record(1), record(2)])

    with pytest.raises(Replaced):
        list(journal.read_new())


@pytest.mark.parametrize("change", ["shorter", "another line", "gone"])
def test_a_journal_that_was_changed_is_noticed(path, change):
    journal = Journal(path)
    journal.append([record(1), record(2)][:1])
    list(journal.read_new())

    if change == "shorter":
        os.truncate(path, 10)
    elif change == "gone":
        path.unlink()
    else:
        path.write_bytes(record(1, by="bob").line() + b"\n" + record(2).line() + b"\n")

    with pytest.raises(Replaced):
        list(journal.read_new())


def test_features_are_known_as_they_stood(path):
    begin(path, [record(5, id="a", op="start", feature=b'{"a":1}'), record(5, id="b", op="start")])
    journal = Journal(path)
    list(journal.read_new())
    journal.append([record(6, id="a", feature=b'{"a":2}')])
    list(journal.read_new())

    assert journal.features_at(6) == {"a": b'{"a":2}', "b": b'{"type":"Feature"}'}
    assert journal.features_at(5) == journal.features_at(0) == {"a": b'{"a":1}', "b": b'{"type":"Feature"}'}


@pytest.fixture
def kept(tmp_path):
    """A store of three events, the last two written together, and the bytes of its journal and collection."""
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    store.append(make_event(id="first"), by="ana", why=None)
    store.replace(make_event(id="first", title="الحسكة"), expected_version=1, by="ana", why="why")
    store.append_all([make_event(id="second"), make_event(id="third")], by="ana", why=None)
    return (tmp_path / "private" / "history.geojsonl").read_bytes(), (
        tmp_path / "events.geojson"
    ).read_bytes()


@pytest.mark.fault
def test_F4_a_history_cut_at_any_byte_keeps_what_is_whole(quick_folder, kept, cuts):
    whole, _ = kept
    ends = [n + 1 for n, byte in enumerate(whole) if byte == ord("\n")]
    first, edited, _, both = ends
    private = quick_folder / "cut" / "private"
    private.mkdir(parents=True, mode=0o700)
    journal = private / "history.geojsonl"

    for size in cuts(1, len(whole) + 1, *ends):
        journal.write_bytes(whole[:size])
        (quick_folder / "cut" / "events.geojson").unlink(missing_ok=True)
        store = GeoJSONStore.open(quick_folder / "cut" / "events.geojson")
        torn = [each for each in private.iterdir() if each.name.startswith("torn-")]

        # A record that lacks only its newline is whole.
        count = sum(size >= end - 1 for end in (first, edited, both))
        end = (0, first, edited, both)[count]
        assert store.revision == (0, 1, 2, 4)[count]
        assert [event.id for event in store.events()] == [
            [],
            ["first"],
            ["first"],
            ["first", "second", "third"],
        ][count]
        assert journal.read_bytes() == whole[:end]
        assert [each.read_bytes() for each in torn] == ([whole[end:size]] if size > end else [])
        assert [str(torn[0]) in str(note) for note in store.banner()] == ([True] if torn else [])
        for each in torn:
            each.unlink()


def test_F4_after_a_cut_the_next_event_is_kept(tmp_path, kept):
    journal = tmp_path / "private" / "history.geojsonl"
    os.truncate(journal, journal.stat().st_size - 10)
    (tmp_path / "events.geojson").unlink()

    store = GeoJSONStore.open(tmp_path / "events.geojson")
    with pytest.raises(EventNotFound):
        store.get("second")
    store.append(make_event(id="fourth"), by="ana", why=None)

    assert [event.id for event in GeoJSONStore.open(tmp_path / "events.geojson").events()] == [
        "first",
        "fourth",
    ]


def test_F4_what_only_the_collection_still_had_is_taken_over(tmp_path, kept):
    journal = tmp_path / "private" / "history.geojsonl"
    os.truncate(journal, journal.stat().st_size - 10)

    store = GeoJSONStore.open(tmp_path / "events.geojson")

    assert [event.id for event in store.events()] == ["first", "second", "third"]
    assert [record.op for record in store.history("third")] == ["recovered"]
    assert not list(tmp_path.glob("private/outside-edit-*"))
    assert [str(note).split(" that ")[0] for note in store.banner()] == ["The history is missing 2 revisions"]


def test_F4_an_open_store_sets_aside_what_a_killed_writer_left(tmp_path, kept):
    path = tmp_path / "events.geojson"
    store = GeoJSONStore.open(path)
    with (tmp_path / "private" / "history.geojsonl").open("ab") as file:
        file.write(b'{"revision":5,"at":"2022')

    store.refresh()
    assert store.revision == 4
    store.append(make_event(id="fourth"), by="ana", why=None)

    assert store.revision == GeoJSONStore.open(path).revision == 5
    torn = [each for each in (tmp_path / "private").iterdir() if each.name.startswith("torn-")]
    assert [each.read_bytes() for each in torn] == [b'{"revision":5,"at":"2022']
    assert str(torn[0]) in str(store.banner()[0])


def test_a_journal_put_back_from_a_backup_is_followed(tmp_path, kept):
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    store.append(make_event(id="fourth"), by="ana", why=None)
    journal = tmp_path / "private" / "history.geojsonl"

    journal.write_bytes(kept[0])
    store.refresh()

    assert [event.id for event in store.events()] == ["first", "second", "third"]
    store.append(make_event(id="fifth"), by="ana", why=None)
    opened = GeoJSONStore.open(tmp_path / "events.geojson")
    assert [event.id for event in opened.events()] == ["first", "second", "third", "fourth", "fifth"]
    # Revision 5 was given once; what stood there came back as 6.
    assert opened.revision == 7


def test_a_journal_that_vanishes_begins_anew_with_what_is_known(tmp_path, kept):
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    (tmp_path / "private" / "history.geojsonl").unlink()

    assert store.get("first").title == "الحسكة"
    store.append(make_event(id="fourth"), by="ana", why=None)

    opened = GeoJSONStore.open(tmp_path / "events.geojson")
    assert [event.id for event in opened.events()] == ["first", "second", "third", "fourth"]
    assert "was gone" in str(store.banner()[0])
    assert opened.history("first")[0].op == "start"


def test_a_damaged_history_is_refused_and_nothing_is_changed(tmp_path, kept):
    journal = tmp_path / "private" / "history.geojsonl"
    damaged = kept[0].replace(b'"revision":2', b'"revision":9')
    journal.write_bytes(damaged)

    with pytest.raises(StoreDamaged, match="Line 2"):
        GeoJSONStore.open(tmp_path / "events.geojson")

    assert journal.read_bytes() == damaged
    assert (tmp_path / "events.geojson").read_bytes() == kept[1]


def test_the_feature_of_a_record_is_the_line_of_the_collection(tmp_path, kept):
    assert feature_line(make_event(id="third")) in kept[0]
    assert feature_line(make_event(id="third")) in kept[1]
