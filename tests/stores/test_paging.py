"""A page is the beginning of the walk, however it was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from geoevents.queries import EventQuery
from geoevents.stores import paging
from geoevents.stores.orders import Order
from geoevents.stores.paging import Pages
from geoevents.stores.selections import Selection
from tests.stores.test_masks import Chance, rows_of
from tests.strategies import NOW, make_event

SORTS = ("-date", "date", "-updated", "updated")


def some_events(chance, count):
    """Of few days and instants, so that ids often decide."""
    return [
        make_event(
            id=f"e{chance.randrange(10**6)}-{number}",
            date_start=date(2022, 1, 1) + timedelta(chance.randrange(12)),
            created=NOW + timedelta(chance.randrange(3)),
            updated=NOW + timedelta(chance.randrange(3, 6)),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("share", [0.004, 0.3])
def test_pages_that_are_sorted_out_are_those_that_are_walked_to(sort, share, monkeypatch):
    monkeypatch.setattr(paging, "_LOOKS", 1)
    chance = Chance(21)
    columns, _ = rows_of(some_events(chance, 3_000))
    mask = np.array([chance.random() < share for _ in range(len(columns))])
    pages, found = Pages(lambda columns, rows: []), Selection(columns, mask, 1)
    whole = np.concatenate(list(pages.walk(EventQuery(sort=sort), found))).tolist()

    query, rows = EventQuery(sort=sort, limit=7), []
    for _ in range(12):
        page, after = pages.page(query, found)
        rows += page.tolist()
        query = replace(query, after=after)
        if after is None:
            break

    assert rows == whole[: len(rows)]
    assert len(rows) == min(len(whole), 12 * 7) > 7


def test_what_is_far_down_an_order_is_not_walked_to(monkeypatch):
    chance = Chance(22)
    columns, _ = rows_of(some_events(chance, 4_000))
    mask = np.zeros(len(columns), bool)
    oldest = Order.of("date", columns, lambda rows: []).rows[:5]
    mask[oldest] = True
    looked_at = []
    walk = Order.walk

    def counting(*arguments, **others):
        for portion in walk(*arguments, **others):
            looked_at.append(len(portion))
            yield portion

    monkeypatch.setattr(Order, "walk", counting)
    page, after = Pages(lambda columns, rows: []).page(EventQuery(limit=3), Selection(columns, mask, 1))

    assert page.tolist() == oldest[::-1][:3].tolist()
    assert after is not None
    assert len(looked_at) == 2
