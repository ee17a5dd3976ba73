"""Rows in order and by the page: the orders of rows that were asked for, kept while rows come.

Knows when an order is walked, and when it is sooner to sort what a question finds. Knows nothing of questions
beyond their order, limit and page mark, nor of what rows say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import RLock

import numpy as np

from geoevents.queries import EventQuery
from geoevents.stores.columns import Columns, Rows
from geoevents.stores.orders import Order, key_of, mark, read_mark, sorted_first
from geoevents.stores.selections import Selection

# The titles of rows of these columns, in the order of the rows asked for.
TitlesOf = Callable[[Columns, Rows], Iterable[str]]
# What is not found in so many portions of an order, the next of which is large, is sorted out of all found.
_LOOKS = 2


class Pages:
    """Safe for several threads. Raises InvalidQuery for a page mark that is not ours."""

    def __init__(self, titles: TitlesOf) -> None:
        self._titles = titles
        self._orders: dict[str, tuple[int, Order]] = {}
        self._lock = RLock()

    def begin_with(self, orders: Mapping[str, Order], columns: Columns) -> None:
        """Go on with the orders of these columns that somebody kept."""
        self._orders = {name: (columns.generation, order) for name, order in orders.items()}

    def order(self, name: str, columns: Columns) -> Order:
        with self._lock:
            generation, known = self._orders.get(name, (0, None))
            if known is not None and generation == columns.generation:
                order = known.followed(columns, lambda rows: self._titles(columns, rows))
            else:
                order = Order.of(name, columns, lambda rows: self._titles(columns, rows))
            if columns.generation >= generation:
                self._orders[name] = columns.generation, order
            return order

    def walk(self, query: EventQuery, found: Selection) -> Iterator[Rows]:
        """All that a question finds behind its mark, in its order, in portions."""
        columns = found.columns
        after = None if query.after is None else read_mark(query.after, query.sort)
        return self.order(query.sort.removeprefix("-"), columns).walk(
            columns,
            found.mask,
            backwards=query.sort.startswith("-"),
            after=after,
            titles=lambda rows: self._titles(columns, rows),
        )

    def page(self, query: EventQuery, found: Selection) -> tuple[Rows, str | None]:
        """As many as a question has a limit of, and the mark behind the last if more follow."""
        if query.limit is None:
            return np.concatenate([np.empty(0, np.int32), *self.walk(query, found)]), None
        rows = self._first(query, found, query.limit + 1)
        if len(rows) <= query.limit:
            return rows, None
        rows = rows[: query.limit]
        return rows, self._mark(query.sort, found.columns, int(rows[-1]))

    def _first(self, query: EventQuery, found: Selection, count: int) -> Rows:
        portions: list[Rows] = []
        for portion in self.walk(query, found):
            portions.append(portion)
            if sum(map(len, portions)) >= count:
                break
            if len(portions) == _LOOKS and query.sort != "title":
                after = None if query.after is None else read_mark(query.after, query.sort)
                return sorted_first(query.sort, found.columns, found.rows, count=count, after=after)
        return np.concatenate([np.empty(0, np.int32), *portions])[:count]

    def _mark(self, sort: str, columns: Columns, row: int) -> str:
        name = sort.removeprefix("-")
        return mark(sort, key_of(name, columns, row, lambda rows: self._titles(columns, rows)))
