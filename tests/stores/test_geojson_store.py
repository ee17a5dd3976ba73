"""The GeoJSON store keeps what every store promises, replaced whole or added to in place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.queries import EventQuery
from geoevents.stores.checking import check
from geoevents.stores.geojson_store import IN_PLACE_ABOVE, GeoJSONStore
from geoevents.stores.public import PublicReader
from tests.stores.contract import StoreContract
from tests.strategies import events, examples, make_event


@pytest.mark.parametrize("in_place_above", [IN_PLACE_ABOVE, 0], ids=["replaced", "in place"])
class TestGeoJSONStore(StoreContract):
    @pytest.fixture
    def reopen(self, tmp_path, in_place_above):
        return lambda: GeoJSONStore.open(tmp_path / "events.geojson", in_place_above=in_place_above)


@examples(50)
@given(st.lists(events(), max_size=4, unique_by=lambda event: event.id), st.booleans())
@pytest.mark.slow
def test_whatever_is_kept_comes_back(tmp_path_factory, kept, in_place):
    path = tmp_path_factory.mktemp("store") / "events.geojson"
    store = GeoJSONStore.open(path, in_place_above=0 if in_place else IN_PLACE_ABOVE)

    store.append_all(kept[:2], by="ana", why=None)
    for event in kept[2:]:
        store.append(event, by="ana", why=None)

    opened = GeoJSONStore.open(path)
    assert list(opened.events()) == kept
    assert opened.banner() == ()
    assert [opened.history(event.id)[0].event for event in kept] == kept


def test_adding_in_place_writes_the_bytes_that_replacing_would(tmp_path):
    replaced = GeoJSONStore.open(tmp_path / "replaced.geojson")
    in_place = GeoJSONStore.open(tmp_path / "in-place.geojson", in_place_above=0)

    for store in (replaced, in_place):
        store.append(make_event(id="first"), by="ana", why=None)
        store.append(make_event(id="second", title="الحسكة"), by="ana", why=None)
        store.append_all([make_event(id=f"event-{n}") for n in range(9)], by="ana", why=None)

    assert (tmp_path / "in-place.geojson").read_bytes() == (tmp_path / "replaced.geojson").read_bytes()


def test_adding_in_place_keeps_the_file_and_an_edit_replaces_it(tmp_path):
    path = tmp_path / "events.geojson"
    store = GeoJSONStore.open(path, in_place_above=0)
    store.append(make_event(id="first"), by="ana", why=None)
    generation = path.stat().st_ino

    store.append(make_event(id="second"), by="ana", why=None)
    assert path.stat().st_ino == generation
    with path.open("rb") as old:
        whole = old.read()
        store.replace(make_event(id="first", title="New"), expected_version=1, by="ana", why=None)
        old.seek(0)

        assert path.stat().st_ino != generation
        assert old.read() == whole


@pytest.mark.parametrize("in_place_above", [IN_PLACE_ABOVE, 0])
def test_threads_that_share_a_store_write_and_read_at_once(quick_folder, in_place_above):
    store = GeoJSONStore.open(quick_folder / "events.geojson", in_place_above=in_place_above)
    public = PublicReader(store)
    done = Event()
    everything = EventQuery(sort="updated")

    def write(number):
        for n in range(25):
            event = store.append(make_event(id=f"t{number}-{n}"), by="ana", why=None)
            assert store.get(event.id) == public.get(event.id) == event
            store.replace(make_event(id=event.id, title="New"), expected_version=1, by="ana", why=None)
            assert public.get(event.id).version == 2

    def read():
        revision = matched = 0
        while not done.is_set():
            page = public.find(everything)
            assert (page.revision, page.matched) >= (revision, matched)
            assert page.matched == len(page.events) == len({event.id for event in page.events})
            revision, matched = page.revision, page.matched
            assert len(list(public.features(everything))) >= matched
            done.wait(0.001)
        return matched

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        writers = [pool.submit(write, number) for number in range(4)]
        for writer in writers:
            writer.exception()
        done.set()
        assert [each.exception() for each in (*writers, *readers)] == [None] * 6

    assert (
        store.revision
        == public.revision
        == GeoJSONStore.open(quick_folder / "events.geojson").revision
        == 200
    )
    assert public.find(everything).matched == 100
    assert [finding.level for finding in check(quick_folder / "events.geojson")] == ["ok"] * 3


class _Interrupted(GeoJSONStore):
    """A store whose threads are held up where it hurts: between asking what changed and taking it over."""

    meanwhile = ()

    def changes(self, since):
        found = super().changes(since)
        if self.meanwhile:
            first, *self.meanwhile = self.meanwhile
            first()
        return found


def test_threads_that_ask_at_once_lose_no_edit(tmp_path):
    store = _Interrupted.open(tmp_path / "events.geojson")
    store.append(make_event(), by="ana", why=None)
    store.find(EventQuery())
    store.replace(make_event(), expected_version=1, by="ana", why=None)
    is_last_asking, may_go_on = Event(), Event()

    def others_come_first():
        store.replace(make_event(), expected_version=2, by="ana", why=None)
        quick = pool.submit(store.find, EventQuery())
        wait([quick], timeout=0.3)
        store.meanwhile = [lambda: (is_last_asking.set(), may_go_on.wait(5))]
        pool.submit(store.find, EventQuery())
        is_last_asking.wait(0.3)

    with ThreadPoolExecutor(2) as pool:
        store.meanwhile = [others_come_first]
        store.find(EventQuery())
        may_go_on.set()

    assert [event.version for event in store.find(EventQuery()).events] == [3]


def test_two_stores_in_one_folder_do_not_mix(tmp_path):
    one = GeoJSONStore.open(tmp_path / "events.geojson")
    other = GeoJSONStore.open(tmp_path / "drill.geojson")

    one.append(make_event(), by="ana", why=None)
    other.append(make_event(title="Drill"), by="ana", why=None)

    assert [event.title for event in GeoJSONStore.open(tmp_path / "drill.geojson").events()] == ["Drill"]
    assert [event.title for event in one.events()] == [make_event().title]


def test_nothing_stays_open(tmp_path, open_descriptors):
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    before = open_descriptors()

    for n in range(20):
        store.append(make_event(id=f"event-{n}"), by="ana", why=None)
        store.get(f"event-{n}")
        store.history(f"event-{n}")

    assert open_descriptors() - before == set()
