"""Reads whatever file of places it is given: finds out which format it has, checks each place, counts.

Knows the formats' readers, in the order they are tried, and why a row is left out. To add a format: a module
beside this one with `recognises` and `read`, a line in READERS, a test in tests/gazetteers/sources/.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from geoevents.errors import BadInput
from geoevents.gazetteers.sources import boundaries, geonames_dumps, place_tables, whos_on_first
from geoevents.gazetteers.sources.archives import is_zip, members
from geoevents.gazetteers.sources.options import Options
from geoevents.gazetteers.sources.records import LeftOut, Record, is_fit, plain_id
from geoevents.messages import Message
from geoevents.places import LonLat

# A country's places may lie a little outside its box: islands, borders that are drawn in several ways.
_BESIDE_DEGREES = 1.0
# Of a good file a few rows are bad; where a tenth is, it is cut, or no such file.
_MOST_DAMAGED = 0.1


class Reader(Protocol):
    """Reads one format: says whether a file has it; yields for each row a place, or what is against it."""

    def recognises(self, path: Path) -> bool: ...

    def read(self, path: Path, options: Options) -> Iterator[Record | LeftOut]: ...


READERS: Mapping[str, Reader] = {
    "geonames": geonames_dumps,
    "whosonfirst": whos_on_first,
    "boundaries": boundaries,
    "table": place_tables,
}


@dataclass(slots=True)
class Tally:
    """What became of the rows of a file; `first` is the first row that was left out for each reason."""

    read: int = 0
    taken: int = 0
    damaged: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)

    def leave_out(self, row: LeftOut) -> None:
        self.left_out[row.why] += 1
        self.first.setdefault(row.why, row.row)
        self.damaged += row.is_damaged

    def reasons(self) -> list[Message]:
        return [why(word, count, self.first.get(word)) for word, count in self.left_out.most_common()]


def reader_of(path: Path) -> str:
    """The name of the format a file or folder has. Raises BadInput where it has none that we read."""
    if not (path.is_file() or path.is_dir()):
        raise BadInput(Message("There is no file or folder {path}.", path=str(path)))
    if is_zip(path):
        members(path)  # refuses a trap before anything looks into it
    for name, reader in READERS.items():
        if reader.recognises(path):
            return name
    raise BadInput(
        Message(
            "{path} is no list of places that can be read: no dump of GeoNames, no Who's On First, no"
            " boundaries with P-codes, no table or GeoJSON of places.",
            path=path.name,
        )
    )


def places_of(path: Path, reader: str, options: Options, tally: Tally) -> Iterator[Record]:
    """
    Its places, checked and counted into `tally` as they come.

    Raises BadInput over what is no such file, or one too damaged to be believed.
    """
    seen: set[str] = set()
    for each in READERS[reader].read(path, options):
        tally.read += 1
        if isinstance(each, Record):
            each.place_id = plain_id(each.place_id)
        left = each if isinstance(each, LeftOut) else _against(tally.read, each, options, seen)
        if left is not None:
            tally.leave_out(left)
        elif isinstance(each, Record):
            tally.taken += 1
            yield each
    _believe(path, tally)


def why(word: str, count: int, first: int | None) -> Message:
    """A reason in words, with how many rows it is about, and the first of them."""
    reason, row = _REASONS[word], first or "–"
    return Message("{count}: {reason} (first in row {row})", count=count, reason=reason, row=row)


def _against(row: int, record: Record, options: Options, seen: set[str]) -> LeftOut | None:
    box = options.boxes.get(record.country_code or "") if options.countries else None
    if box and not box.widened(_BESIDE_DEGREES).contains(LonLat(record.lon, record.lat)):
        return LeftOut(row, "far", is_damaged=True)
    if not is_fit(record):
        return LeftOut(row, "name", is_damaged=True)
    # GeoNames gives an id once; to remember those of millions of places would take all memory.
    if record.geonames_id is None:
        if record.place_id in seen:
            return LeftOut(row, "twice")
        seen.add(record.place_id)
    return None


def _believe(path: Path, tally: Tally) -> None:
    if tally.taken and tally.damaged <= _MOST_DAMAGED * tally.read:
        return
    reasons = "; ".join(str(reason) for reason in tally.reasons())
    if not tally.read:
        raise BadInput(Message("{path} is empty.", path=path.name))
    if not tally.taken:
        problem = Message("Nothing in {path} can be taken. {reasons}.", path=path.name, reasons=reasons)
    else:
        problem = Message(
            "{path} is damaged, or something else than it seems: {reasons}. Get it once more.",
            path=path.name, reasons=reasons,
        )  # fmt: skip
    raise BadInput(problem)


_REASONS: Mapping[str, Message] = {
    "columns": Message("not as many columns as the format has"),
    "no name": Message("no name or no id"),
    "name": Message("a name that is endless, or of characters that cannot be shown"),
    "position": Message("no position, or one that is on no map"),
    "far": Message("far outside the country it says it is in"),
    "country": Message("of another country"),
    "kind": Message("of a kind that is not taken"),
    "twice": Message("an id that came before"),
    "not current": Message("no longer there, or replaced"),
    "shape": Message("a shape that cannot be drawn"),
}
