"""The columns of a store on disk, so that the next process need not read every line anew.

Knows when a file is of this history and was made by this code. Knows nothing of what columns mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

import geoevents
from geoevents.stores import array_files
from geoevents.stores.columns import DTYPES, Columns, Table
from geoevents.stores.orders import Order

# Any of these may decide what a line becomes, by way of others: of other code, the columns are made anew.
_SOURCES = ("*.py", "stores/*.py")
_ORDER = "order "


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """
    The rows as of one revision, and what goes with them. `seal` is the store's for that revision
    (EventStore.seal); `spilled` are the bytes that rows point into.
    """

    seal: str
    store_revision: int
    revision: int
    columns: Columns
    spilled: bytes
    orders: Mapping[str, Order]

    def write(self, path: Path) -> None:
        """Raises OSError."""
        columns = self.columns
        head = {
            "code": _code(),
            "seal": self.seal,
            "store_revision": self.store_revision,
            "revision": self.revision,
            "identity": columns.identity,
            "words": {name: list(vocabulary.words) for name, vocabulary in columns.words.items()},
        }
        arrays = {name: getattr(columns, name) for name in (*DTYPES, *_BESIDE)}
        arrays |= {_ORDER + name: order.rows for name, order in self.orders.items()}
        array_files.write(path, head, arrays | {"spilled": np.frombuffer(self.spilled, np.uint8)})


# Beside the columns of values.
_BESIDE = ("alive", "ids", "unseen_slots", "unseen_offsets", "unseen_sizes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """As `Saved`, to be gone on with; `unseen` counts the events that are no row."""

    seal: str
    store_revision: int
    revision: int
    table: Table
    unseen: int
    spilled: bytes
    orders: dict[str, Order]


def read(path: Path) -> Restored | None:
    """None where there is none, none that is whole, or one that other code made."""
    # Asked in any case: what is saved later was made by the code of now, whatever lies there by then.
    code, found = _code(), array_files.read(path)
    if found is None or found[0].get("code") != code:
        return None
    head, arrays = found
    orders = {name: rows for name, rows in arrays.items() if name.startswith(_ORDER)}
    return Restored(
        seal=head["seal"],
        store_revision=head["store_revision"],
        revision=head["revision"],
        table=Table.restored(head["identity"], head["words"], arrays),
        unseen=len(arrays["unseen_slots"]),
        spilled=arrays["spilled"].tobytes(),
        orders={
            name.removeprefix(_ORDER): Order(name.removeprefix(_ORDER), rows) for name, rows in orders.items()
        },
    )


@cache
def _code() -> str:
    return code_in(Path(geoevents.__file__).parent)


def code_in(house: Path) -> str:
    """One line for all the code of a package that decides what columns are."""
    digest = sha256()
    for path in sorted(path for pattern in _SOURCES for path in house.glob(pattern)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(house)} {len(content)}\n".encode() + content)
    return digest.hexdigest()
