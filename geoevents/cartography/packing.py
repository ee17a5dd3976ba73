"""Many things of one kind as columns: each key is written once, and each value that comes again.

Knows which way of writing a column is the shortest. Knows nothing of what is packed; static.js unpacks it.

A column is one of: `{"all": [...]}`, a value a row; `{"of": [...], "at": [...]}`, each value once and for
each row which one, or all rows the only one where `at` is missing; `{"counts": [...], "each": ...}`, lists of
things that are packed themselves, all behind one another, and how many each row has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def packed(rows: Sequence[Row]) -> dict[str, Any]:
    """
    Rows as columns; a key that a row lacks is null there.

    >>> packed([{"type": "battles", "n": 1}, {"type": "battles", "n": 2}])
    {'count': 2, 'columns': {'type': {'of': ['battles']}, 'n': {'all': [1, 2]}}}
    """
    names = dict.fromkeys(name for row in rows for name in row)
    return {"count": len(rows), "columns": {name: _column([row.get(name) for row in rows]) for name in names}}


def _column(values: list[Any]) -> dict[str, Any]:
    if any(values) and all(_is_list_of_rows(value) for value in values):
        each = packed([row for value in values for row in value])
        return {"counts": [len(value) for value in values], "each": each}
    written = [json.dumps(value, ensure_ascii=False) for value in values]
    place = {text: number for number, text in enumerate(dict.fromkeys(written))}
    if len(place) == 1:
        return {"of": values[:1]}
    at = [place[text] for text in written]
    if sum(map(len, place)) + len(json.dumps(at)) >= sum(map(len, written)):
        return {"all": values}
    return {"of": [json.loads(text) for text in place], "at": at}


def _is_list_of_rows(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, Mapping) for each in value)
