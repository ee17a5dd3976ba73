"""Memory says where everything lies: which slot an id has, what changed since, and all that once was."""

from __future__ import annotations

import random

import numpy as np
import pytest

from geoevents.stores import ids as ids_module
from geoevents.stores import remembering
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.ids import Ids
from tests.strategies import make_event


@pytest.fixture
def few_wait(monkeypatch):
    monkeypatch.setattr(ids_module, "_MOST_WAITING", 5)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.geojson"


def test_every_id_keeps_its_slot_however_many_come(few_wait):
    chosen = random.Random(7)
    known: dict[str, int] = {}
    ids = Ids()

    for _ in range(300):
        some = [f"{chosen.choice('abقح')}{chosen.randrange(400)}" for _ in range(chosen.randrange(1, 9))]
        slots = ids.take(some)
        for each in some:
            known.setdefault(each, len(known))
        assert slots == [known[each] for each in some]

    assert len(ids) == len(known)
    assert [ids.at(slot) for slot in range(len(ids))] == list(known)
    assert [ids.slot_of(each) for each in known] == list(known.values())
    assert ids.slot_of("nobody") is None
    again = Ids.of_parts(ids.parts())
    assert [again.slot_of(each) for each in known] == list(known.values())
    assert again.take(["nobody", "somebody"]) == [len(known), len(known) + 1]


def test_ids_whose_hashes_are_the_same_are_told_apart(few_wait, monkeypatch):
    monkeypatch.setattr(ids_module, "_hash", lambda _text: 7)
    monkeypatch.setattr(ids_module, "_hashes", lambda texts: np.full(len(texts), 7, np.uint64))
    ids = Ids()

    slots = ids.take([f"id-{n}" for n in range(12)])

    assert [ids.slot_of(f"id-{n}") for n in range(12)] == slots == list(range(12))
    assert ids.take(["id-3", "id-12"]) == [3, 12]
    assert ids.slot_of("id-13") is None


@pytest.mark.parametrize("id", ["a", "a" * 8, "a" * 9, "الحسكة", "x" * 300, ""])
def test_one_id_hashes_as_many_do(id):
    texts = [id.encode(), b"another-id"]

    assert ids_module._hashes(texts).tolist() == [ids_module._hash(text) for text in texts]


@pytest.mark.parametrize("portion", [100, 1 << 22])
def test_a_store_opened_anew_knows_what_changed_since_any_revision(path, monkeypatch, portion):
    monkeypatch.setattr("geoevents.stores.journal._PORTION", portion)
    store = GeoJSONStore.open(path)
    store.append_all([make_event(id=f"event-{n}") for n in range(4)], by="ana", why=None)
    store.replace(make_event(id="event-2", title="New"), expected_version=1, by="ana", why=None)
    store.append(make_event(id="event-4"), by="ana", why=None)
    store.replace(make_event(id="event-2", title="Newer"), expected_version=2, by="ana", why=None)

    opened = GeoJSONStore.open(path)

    for since in range(8):
        told, as_told = opened.changes(since), store.changes(since)
        assert (told.whole, list(told.kept)) == (False, list(as_told.kept))
        assert [kept.slot for kept in opened.changes(since).kept] == {
            0: [0, 1, 2, 3, 4],
            1: [1, 2, 3, 4],
            2: [2, 3, 4],
            3: [3, 2, 4],
            4: [2, 4],
            5: [4, 2],
            6: [2],
            7: [],
        }[since]


def test_lines_are_found_by_their_spots_in_any_order_and_after_they_were_edited(path):
    store = GeoJSONStore.open(path)
    store.append_all([make_event(id=f"event-{n}", title="x" * n) for n in range(1, 50)], by="ana", why=None)
    kept = list(store.changes(None).kept)
    for each in kept[::7]:
        store.replace(make_event(id=each.id, title="New"), expected_version=1, by="ana", why=None)
    random.Random(3).shuffle(kept)

    found = store.lines_at(
        np.array([each.offset for each in kept]), np.array([len(each.line) for each in kept], np.int32)
    )

    assert list(found) == [each.line for each in kept]


def test_lines_that_were_given_out_are_read_though_the_history_was_replaced(path):
    store = GeoJSONStore.open(path)
    store.append(make_event(id="first"), by="ana", why=None)
    (kept,) = store.changes(None).kept
    history = path.parent / "private" / "history.geojsonl"
    other = history.read_bytes().replace(b'"first"', b'"other"')
    history.unlink()
    history.write_bytes(other)

    assert [event.id for event in store.events()] == ["other"]
    found = store.lines_at(np.array([kept.offset]), np.array([len(kept.line)], np.int32))
    assert list(found) == [kept.line]


def test_a_seal_tells_one_history_from_another(path, tmp_path):
    store = GeoJSONStore.open(path)
    other = GeoJSONStore.open(tmp_path / "other.geojson")
    assert store.seal(0) is None
    for each in (store, other):
        each.append(make_event(id="first"), by="ana", why=None)
        each.append(make_event(id="second"), by="ana" if each is store else "bo", why=None)

    seals = [store.seal(1), store.seal(2), other.seal(2)]
    store.append(make_event(id="third"), by="ana", why=None)

    assert len({*seals, None}) == 4
    assert [GeoJSONStore.open(path).seal(revision) for revision in (1, 2, 9)] == [*seals[:2], None]


class TestRemembered:
    """What is known of a history, kept between two openings."""

    @pytest.fixture(autouse=True)
    def from_the_first_on(self, monkeypatch):
        monkeypatch.setattr(remembering, "LEAST_VERSIONS", 1)

    @pytest.fixture
    def cache(self, tmp_path):
        return tmp_path / "cache"

    @pytest.fixture
    def reopen(self, path, cache):
        return lambda: GeoJSONStore.open(path, cache=cache)

    @pytest.fixture
    def store(self, path, reopen):
        store = GeoJSONStore.open(path)
        store.append_all([make_event(id=f"event-{n}") for n in range(40)], by="ana", why=None)
        store.replace(make_event(id="event-7", title="New"), expected_version=1, by="ana", why=None)
        reopen()
        return store

    @pytest.fixture
    def portions_read(self, monkeypatch):
        from geoevents.stores import journal

        read, real = [], journal.scan
        monkeypatch.setattr(journal, "scan", lambda lines, at: read.append(at) or real(lines, at))
        return read

    def test_only_what_came_since_is_read(self, store, reopen, portions_read, path, cache):
        assert [each.stat().st_mode & 0o777 for each in cache.iterdir()] == [0o600]
        size = (path.parent / "private" / "history.geojsonl").stat().st_size
        store.append(make_event(id="later"), by="ana", why=None)
        del portions_read[:]

        opened = reopen()

        assert portions_read == [size]
        assert list(opened.events()) == list(store.events())
        assert opened.history("event-7") == store.history("event-7")
        assert list(opened.changes(40).kept) == list(store.changes(40).kept)
        assert (opened.revision, opened.public_revision) == (store.revision, store.public_revision)
        opened.replace(make_event(id="event-3"), expected_version=1, by="bo", why=None)
        opened.append(make_event(id="last"), by="bo", why=None)
        assert list(opened.events()) == list(store.events()) == list(reopen().events())

    @pytest.mark.parametrize("harm", ["cut", "a bit", "empty", "another format"])
    def test_a_torn_file_is_as_good_as_gone(self, store, reopen, cache, portions_read, harm):
        (file,) = cache.iterdir()
        data = file.read_bytes()
        file.write_bytes(
            {
                "cut": data[:-100],
                "a bit": data[:-100] + bytes([data[-100] ^ 1]) + data[-99:],
                "empty": b"",
                "another format": data.replace(b'"format": 1', b'"format": 2'),
            }[harm]
        )

        opened = reopen()

        assert portions_read[0] == 0
        assert list(opened.events()) == list(store.events())

    @pytest.mark.parametrize("harm", ["shorter", "another", "moved"])
    def test_of_another_history_nothing_is_believed(self, store, reopen, path, portions_read, harm):
        history = path.parent / "private" / "history.geojsonl"
        data = history.read_bytes()
        lines = data.splitlines(keepends=True)
        history.write_bytes(
            {
                "shorter": b"".join(lines[:-1]),
                "another": data.replace(b"ana", b"bob"),
                "moved": data.replace(b'"by":"ana"', b'"by":"an"', 1).replace(
                    b'"by":"ana"', b'"by":"anna"', 1
                ),
            }[harm]
        )
        path.unlink()

        opened = reopen()

        assert portions_read[0] == 0
        assert opened.revision == 41 - (harm == "shorter")
        assert len(list(opened.events())) == 40

    def test_where_nothing_can_be_written_it_is_done_without(self, store, path, tmp_path):
        (tmp_path / "file").write_text("no folder")

        opened = GeoJSONStore.open(path, cache=tmp_path / "file")

        assert list(opened.events()) == list(store.events())
        assert opened.banner() == ()
