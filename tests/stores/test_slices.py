"""A download in large pieces holds the very bytes that the Features have one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from geoevents.events import Sensitivity, Status
from geoevents.geojson import collection, collection_of
from geoevents.places import LonLat
from geoevents.queries import EventQuery
from geoevents.regions import Circle
from geoevents.stores.collection import HEAD
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from geoevents.times import Interval
from geoevents.vicinity import Near
from tests.strategies import make_event

TYPES = ("battles", "protests", "riots")


class Generation:
    """A collection file as the store offers it, with what reading it cost."""

    def __init__(self, path, revision):
        self.revision = revision
        self.head_size = len(HEAD) + 1
        self.read = 0
        self._data = path.read_bytes()

    def slice(self, start, stop):
        self.read += 1
        assert 0 <= start <= stop <= len(self._data)
        return self._data[start:stop]


@pytest.fixture
def store(tmp_path, monkeypatch):
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    path = tmp_path / "events.geojson"
    monkeypatch.setattr(store, "collected", lambda revision: Generation(path, revision), raising=False)
    return store


def body(public, query):
    """What is said of its size beforehand is so."""
    pieces, size = public.sized_chunks(query)
    found = b"".join(collection_of(pieces))
    assert size in (None, len(found) - len(b"".join(collection_of(()))))
    assert (size is None) == bool(query.limit or query.asks_where_or_when or query.sort != EventQuery().sort)
    return found


def in_order_of_adding(public, query):
    lines = {json.loads(line)["id"]: line for line in public.features(query)}
    return b"".join(collection(lines[each] for each in sorted(lines)))


def filled(store, of, count=1_500):
    """Events whose ids sort as they were added; `of` says what is not plain about each."""
    store.append_all([make_event(id=f"e{n:06}", **of(n)) for n in range(count)], by="ana", why=None)
    return PublicReader(store)


@pytest.mark.parametrize("is_collected", [True, False])
def test_whatever_is_asked_for_comes_as_one_by_one(store, is_collected, monkeypatch):
    chance = Random(4)
    if not is_collected:
        monkeypatch.setattr(store, "collected", lambda revision: None)
    hidden = {"status": Status.DRAFT}, {"sensitivity": Sensitivity.HIDDEN}, {"sensitivity": Sensitivity.GRID}
    kinds = ({}, {}, {}, {"match_score": 0.5, "chosen_why": "near"}, {"internal_note": "x"}, *hidden)

    def of(n):
        few = {"event_type": TYPES[chance.randrange(200) // 99], "title": "x" * chance.randrange(300)}
        return few | chance.choice(kinds)

    public = filled(store, of)
    first = store.get("e000000")
    store.replace(
        replace(first, title="Much longer than it was", status=Status.PUBLISHED),
        expected_version=1, by="ana", why=None,
    )  # fmt: skip

    near = {"near": Near(100_000.0, None, Circle(LonLat(40.74, 36.5), 100_000.0))}
    types = {"event_types": ("battles",)}, {"event_types": ("riots",)}
    where_or_when = {"interval": Interval(date(2022, 1, 1), None)}, near, near | {"event_types": ("riots",)}
    for asked in ({}, *types, *where_or_when, {"q": "nowhere"}):
        query = EventQuery(**asked)
        assert body(public, query) == in_order_of_adding(public, query)
        assert json.loads(body(public, query))["type"] == "FeatureCollection"


def test_the_order_that_is_asked_for_is_kept(store):
    public = filled(store, lambda n: {"title": f"{n * 7919 % 1500:05}"})
    query = EventQuery(sort="title")

    assert body(public, query) == b"".join(collection(public.features(query)))
    limited = replace(query, limit=7)
    assert body(public, limited) == b"".join(collection(public.features(limited)))


def test_all_there_is_are_slices_of_the_file(store, tmp_path, monkeypatch):
    public = filled(store, lambda n: {})
    generation = Generation(tmp_path / "events.geojson", store.revision)
    public.select(EventQuery())
    monkeypatch.setattr(store, "collected", lambda revision: generation)
    monkeypatch.setattr(store, "lines_at", None)

    whole = body(public, EventQuery())

    assert whole.split(b"\n")[1:-2] == (tmp_path / "events.geojson").read_bytes().split(b"\n")[1:-2]
    # The first of them is small, so that something comes at once.
    assert generation.read <= 4


def test_a_download_goes_on_with_what_it_began_with(store):
    public = filled(store, lambda n: {})
    before = body(public, EventQuery())

    pieces = public.chunks(EventQuery())
    first = next(pieces)
    store.replace(replace(store.get("e001499"), title="New"), expected_version=1, by="ana", why=None)
    store.append(make_event(id="later"), by="ana", why=None)

    assert b"".join(collection_of([first, *pieces])) == before
