"""Rows made by several processes are the rows that one would make, and none are lost where one fails."""

from __future__ import annotations

import numpy as np
import pytest

from geoevents.events import public_view
from geoevents.geojson import feature_line
from geoevents.queries import EventQuery
from geoevents.stores import beside, taking
from geoevents.stores.columns import DTYPES
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from tests.stores.test_masks import EVERY_STATUS, Chance
from tests.strategies import make_event

EVERYTHING = EventQuery(statuses=EVERY_STATUS, sort="date")


@pytest.fixture
def store(tmp_path):
    """Of all kinds of events, withheld and hidden ones too, some of them edited."""
    chance = Chance(31)
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    kept = [chance.event(number) for number in range(900)]
    store.append_all(kept, by="ana", why=None)
    for event in kept[::100]:
        store.replace(event, expected_version=1, by="ana", why=None)
    return store


@pytest.fixture
def three_processes(monkeypatch):
    monkeypatch.setattr(taking, "MANY", 100)
    monkeypatch.setattr(taking, "processors", lambda: 3)


def as_said(columns):
    """What columns say of each event by its slot, codes as words; without where withheld bytes lie."""
    names = [name for name in DTYPES if name not in ("own_at", "own_size")]
    rows = np.argsort(columns.slot)
    said = {
        name: [columns.word(name, row) for row in rows]
        if name in columns.words
        else getattr(columns, name)[rows]
        for name in names
    }
    said["ids"] = columns.ids[rows]
    return {name: [repr(value) for value in values] for name, values in said.items()}


def unseen(columns):
    spots = (columns.unseen_slots, columns.unseen_offsets, columns.unseen_sizes)
    return sorted(zip(*(each.tolist() for each in spots), strict=True))


@pytest.mark.parametrize("reader", [PublicReader, lambda store: store.rows], ids=["public", "whole"])
def test_rows_of_several_processes_are_those_of_one(store, reader, three_processes, monkeypatch):
    several = reader(store)
    by_several = several.select(EVERYTHING).columns
    lines = list(several.features(EVERYTHING))
    monkeypatch.setattr(taking, "processors", lambda: 1)
    one = reader(GeoJSONStore.open(store._keeper.layout.collection))

    by_one = one.select(EVERYTHING).columns

    assert as_said(by_several) == as_said(by_one)
    assert unseen(by_several) == unseen(by_one)
    assert lines == list(one.features(EVERYTHING))


def test_what_is_withheld_stays_so_when_another_process_reads_it(store, three_processes):
    public = PublicReader(store)

    shown = sorted(public.features(EVERYTHING))

    views = [view for event in store.events() if (view := public_view(event)) is not None]
    assert shown == sorted(map(feature_line, views))


@pytest.mark.parametrize("fault", [lambda *_: False, OSError("no more processes")], ids=["ended", "refused"])
def test_what_another_process_cannot_read_is_read_here(store, fault, three_processes, monkeypatch):
    def fed(*arguments):
        if isinstance(fault, OSError):
            raise fault
        return fault(*arguments)

    monkeypatch.setattr(beside, "fed", fed)

    found = PublicReader(store).find(EVERYTHING)

    assert found.matched == sum(public_view(event) is not None for event in store.events())


def test_a_reader_goes_on_with_rows_that_another_process_made(store, three_processes):
    public = PublicReader(store)
    before = public.find(EVERYTHING).matched
    event = make_event(id="came-later")

    store.append(event, by="ana", why=None)

    assert public.find(EVERYTHING).matched == before + 1
    assert event.id in {each.id for each in public.find(EVERYTHING).events}


def test_another_process_runs_no_code_of_the_folder_that_it_is_started_in(tmp_path, monkeypatch):
    for name in ("secrets", "numpy"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()\nraise SystemExit(3)\n")
    monkeypatch.chdir(tmp_path)

    is_made = beside.fed("geoevents.stores.taking", [str(tmp_path / "rows"), "public"], [])

    assert not (tmp_path / "ran").exists()
    assert is_made
