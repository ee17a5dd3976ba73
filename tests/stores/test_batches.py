"""What a process beside decodes is what this one would have decoded, in the same order."""

from __future__ import annotations

import pytest

from geoevents.errors import StoreDamaged, StoreError
from geoevents.geojson import feature_line
from geoevents.stores import Kept, batches
from geoevents.stores.columns import DTYPES, SPILLED, Table
from geoevents.stores.decoding import View
from geoevents.stores.spill import Spill
from tests.stores.test_masks import Chance

CHANCE = Chance(12)
KEPT = [
    Kept(event.id, feature_line(event), 10 * n, n)
    for n, event in enumerate(CHANCE.event(number) for number in range(300))
]
BROKEN = Kept("broken", b'{"type":"Feature"}', 0, 300)


@pytest.fixture(autouse=True)
def in_small_batches(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 16)
    monkeypatch.setattr(batches.os, "cpu_count", lambda: 2)


def read(kept, count):
    """What is in a table that takes these over: values, words for codes, spilled lines."""
    table, spill = Table(), Spill()
    for batch in batches.batches(kept, View.PUBLIC, count=count):
        batch.into(table, spill)
    columns = table.columns()
    codes = [name for name in DTYPES if name in columns.words]
    said = {name: getattr(columns, name).tolist() for name in DTYPES if name not in (*codes, "own_at")}
    said |= {name: [columns.word(name, row) for row in range(len(columns))] for name in codes}
    spots = zip(columns.own.tolist(), columns.own_at.tolist(), columns.own_size.tolist(), strict=True)
    lines = [spill.at(at, size) if own == SPILLED else at for own, at, size in spots]
    unseen = columns.unseen_slots.tolist(), columns.unseen_offsets.tolist(), columns.unseen_sizes.tolist()
    return repr(said), lines, columns.ids.tolist(), unseen


def test_the_process_beside_decodes_as_this_one(monkeypatch):
    expected = batches.decoded(KEPT, View.PUBLIC)
    monkeypatch.setattr(batches, "decoded", None)

    with batches._Beside(View.PUBLIC) as beside:
        found = [beside.decoded(part) for part in (KEPT, KEPT[:1], KEPT)]

    assert [len(each.ids) for each in found] == [len(expected.ids), 1, len(expected.ids)]
    assert repr(found[2]) == repr(expected)
    assert found[0].spilled == expected.spilled != b""


def test_two_in_turns_read_what_one_reads():
    alone = read(KEPT, 10)

    assert read(iter(KEPT), 10**6) == alone
    assert alone[2] == sorted(alone[2], key=lambda name: int(name.removeprefix(b"event-")))


def test_where_the_process_beside_ends_this_one_does_it_all(monkeypatch):
    begin = batches._Beside.__init__

    def killed(self, view):
        begin(self, view)
        self._process.kill()

    monkeypatch.setattr(batches._Beside, "__init__", killed)

    assert read(iter(KEPT), 10**6) == read(KEPT, 10)


@pytest.mark.parametrize("place", [0, 5, 200, 300])
def test_a_line_that_is_no_event_is_named_whoever_reads_it(place):
    with pytest.raises(StoreDamaged, match="no event"):
        read([*KEPT[:place], BROKEN, *KEPT[place:]], 10**6)


def test_what_goes_wrong_in_reading_lines_is_told():
    def torn():
        yield from KEPT[:100]
        raise StoreError("the disk is gone")

    with pytest.raises(StoreError, match="the disk is gone"):
        read(torn(), 10**6)
