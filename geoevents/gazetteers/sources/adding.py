"""Adds, replaces and removes sources: read, checked, compiled into the index, and only then in force.

Knows the order of the steps; killed at any of them, what was in force still is. Knows nothing of flags.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from geoevents.errors import BadInput
from geoevents.gazetteers.sources.keeping import (
    MANIFEST,
    Manifest,
    Source,
    checked_name,
    our_turn,
    put_in_force,
    sources_in,
    sweep,
    sync,
    write_rows,
)
from geoevents.gazetteers.sources.options import Options
from geoevents.gazetteers.sources.reading import Tally, places_of, reader_of
from geoevents.gazetteers.sources.records import Record
from geoevents.messages import Message

if TYPE_CHECKING:
    from geoevents.gazetteers.sources.fetching import Watch

# Compiles the index of some sources; calls the second when it is whole, before it takes the old one's place.
# Returns how many places of each were known before.
Compile = Callable[[Sequence[Source], Callable[[], None]], Mapping[str, int]]

_ODD = re.compile("[^a-z0-9]+")
_EVERY = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that is to be added: where it lies, where it came from, how it is read, whom to thank."""

    path: Path
    options: Options
    origin: str
    attribution: str
    asked: dict[str, object] = field(default_factory=dict)
    licence: str | None = None
    url: str | None = None
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """
    A source that is in force now: what became of its rows, how many of its places were known before, and the
    one whose place it took.
    """

    source: Source
    tally: Tally
    known: int
    replaced: Manifest | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The sources of a data folder, in `folder`; those of `inherited` folders count too, but are not ours."""

    folder: Path
    inherited: tuple[Path, ...]
    compile: Compile

    def sources(self) -> list[Source]:
        return sources_in([self.folder, *self.inherited])

    def add(self, arrivals: Sequence[Arrival], *, today: date, watch: Watch) -> list[Added]:
        """
        Read every file and put all of them in force, or none.

        Raises BadInput over a file that cannot be taken, GazetteerError, OSError; then nothing has changed.
        """
        with our_turn(self.folder):
            before = {source.name: source for source in self.sources()}
            read: list[tuple[str, Source, Tally]] = []
            try:
                for arrival in arrivals:
                    # One by one: when a later file is bad, the finally below knows the rows to sweep.
                    read.append(self._read(arrival, today=today, watch=watch))  # noqa: PERF401
                new = {name: source for name, source, _ in read}
                known = self._compile({**before, **new}, lambda: self._commit(new))
            finally:
                for name, *_ in read:
                    sweep(self.folder / name)
        mine = {name: source for name, source in before.items() if source.folder.parent == self.folder}
        return [
            Added(source, tally, known.get(name, 0), mine[name].manifest if name in mine else None)
            for name, source, tally in read
        ]

    def remove(self, name: str) -> Manifest:
        """Take a source away. Raises BadInput where there is none of the name, or not in this folder."""
        with our_turn(self.folder):
            before = {source.name: source for source in self.sources()}
            source = self.one(name)
            rest = {other: kept for other, kept in before.items() if other != name}
            # One that lay behind it under the same name is in force again.
            behind = {each.name: each for each in sources_in(self.inherited) if each.name == name}
            self._compile(rest | behind, lambda: self._retire(source))
            sweep(source.folder)
        return source.manifest

    def one(self, name: str) -> Source:
        """The source of a name, one of this folder. Raises BadInput, naming those there are."""
        found = {source.name: source for source in self.sources()}
        if name not in found:
            names = ", ".join(sorted(found)) or "–"
            raise BadInput(
                Message("There is no added source '{name}'. There are: {names}.", name=name[:60], names=names)
            )
        if found[name].folder.parent != self.folder:
            raise BadInput(
                Message(
                    "'{name}' lies in {path}, for all. Name the folder above it with --data.",
                    name=name, path=str(found[name].folder.parent),
                )
            )  # fmt: skip
        return found[name]

    def _read(self, arrival: Arrival, *, today: date, watch: Watch) -> tuple[str, Source, Tally]:
        reader = reader_of(arrival.path)
        name = checked_name(arrival.options.name)
        folder, tally = self.folder / name, Tally()
        try:
            rows = write_rows(
                folder, _watched(places_of(arrival.path, reader, arrival.options, tally), tally, watch)
            )
        except BaseException:
            sweep(folder)
            raise
        watch(None)
        manifest = Manifest(
            name=name, reader=reader, origin=arrival.origin, received=today.isoformat(),
            digest=_digest(arrival.path), rows=rows, attribution=arrival.attribution, licence=arrival.licence,
            url=arrival.url, etag=arrival.etag, modified=arrival.modified, options=arrival.asked,
            read=tally.read, taken=tally.taken, left_out=dict(tally.left_out),
        )  # fmt: skip
        return name, Source(folder, manifest), tally

    def _compile(self, sources: dict[str, Source], commit: Callable[[], None]) -> Mapping[str, int]:
        return self.compile(sorted(sources.values(), key=Source.order), commit)

    def _commit(self, new: dict[str, Source]) -> None:
        for name, source in new.items():
            put_in_force(self.folder / name, source.manifest)

    def _retire(self, source: Source) -> None:
        (source.folder / MANIFEST).unlink()
        sync(source.folder)


def name_for(path: Path) -> str:
    """
    What a source is called if nobody says: its file's name, in small letters.

    >>> name_for(Path("SY.zip")), name_for(Path("Syria admin (2024).geojson"))
    ('sy', 'syria-admin-2024')
    """
    stem = path.name.partition(".")[0] if path.suffix else path.name
    return _ODD.sub("-", stem.lower()).strip("-")[:40] or "places"


def _watched(records: Iterator[Record], tally: Tally, watch: Watch) -> Iterator[Record]:
    for record in records:
        if tally.taken % _EVERY == 0:
            watch(Message("{count} rows read, {taken} places taken", count=tally.read, taken=tally.taken))
        yield record


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for part in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if part.is_file():
            with part.open("rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
    return digest.hexdigest()
