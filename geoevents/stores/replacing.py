"""A file replaced by its next content, which is whole before anybody sees it.

Knows how content is put together of bytes and of stretches of files. Knows nothing of what it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from geoevents.errors import StoreError
from geoevents.stores import files
from geoevents.stores.files import File

_BLOCK = 1 << 20
# What waits to be synced also keeps others waiting who sync a line: a large file is synced by and by.
_SYNCED_AT_ONCE = 1 << 26


class Stretch(NamedTuple):
    """The bytes of a file from `start` to before `stop`."""

    file: File
    start: int
    stop: int


Piece = bytes | memoryview | Stretch


class Replacement:
    """
    The next content of a file, written and synced beside it, and not yet in its place.

    For one writer at a time: whoever prepares one holds a lock. A name left by a killed writer is reused.
    """

    def __init__(
        self,
        path: Path,
        pieces: Iterable[Piece],
        *,
        mode: int = 0o666,
        is_synced: bool = True,
        name: str = "next",
    ) -> None:
        self._path = path
        self._beside = beside(path, name)
        files.remove(self._beside)
        before = files.details(path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        try:
            with File(self._beside, flags, mode=mode) as file:
                self.size = _write(file, pieces, is_synced=is_synced)
                if before is not None:
                    file.take_over_rights(before)
                if is_synced:
                    file.sync()
                self.stamp = file.stamp()
        except BaseException:
            self.discard()
            raise

    def write_over_end(self, data: bytes, *, instead_of: int) -> None:
        """`data` in the place of the last bytes, as many as told, before it is put in place. Not synced."""
        with File(self._beside, os.O_WRONLY | os.O_NOFOLLOW) as file:
            file.write(data, self.size - instead_of)
            self.size += len(data) - instead_of
            file.truncate(self.size)
            self.stamp = file.stamp()

    def put_in_place(self) -> None:
        """
        From here on every reader sees the new content, whole; the old one lives on for who has it open.

        That it also survives a loss of power, `files.sync_folder` sees to.
        """
        try:
            files.rename(self._beside, self._path)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        with suppress(StoreError):
            files.remove(self._beside)


def beside(path: Path, name: str = "next") -> Path:
    """Where the next content of `path` is prepared: in its folder, since a rename doesn't leave the disk."""
    return path.with_name(f".{path.name}.{name}")


def write_new(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """A file that must not be there yet, on disk when this returns; on a fault nothing is left of it."""
    with File(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode=mode) as file:
        try:
            file.write(data, 0)
            file.sync()
        except BaseException:
            with suppress(StoreError):
                files.remove(path)
            raise
    files.sync_folder(path.parent)


def _write(file: File, pieces: Iterable[Piece], *, is_synced: bool) -> int:
    """How many bytes they are."""
    offset = synced = 0
    for piece in _blocks(pieces):
        if isinstance(piece, Stretch):
            file.copy(piece.file, piece.start, piece.stop, offset=offset)
            offset += piece.stop - piece.start
        else:
            file.write(piece, offset)
            offset += len(piece)
        if is_synced and offset - synced > _SYNCED_AT_ONCE:
            file.sync_data()
            synced = offset
    return offset


def _blocks(pieces: Iterable[Piece]) -> Iterator[bytes | Stretch]:
    """The same in few, large pieces; stretches in some that are not too large."""
    waiting: list[bytes | memoryview] = []
    size = 0
    for piece in pieces:
        if isinstance(piece, Stretch):
            yield b"".join(waiting)
            waiting, size = [], 0
            for start in range(piece.start, piece.stop, _SYNCED_AT_ONCE):
                yield Stretch(piece.file, start, min(start + _SYNCED_AT_ONCE, piece.stop))
            continue
        waiting.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
