"""Every call to the file system that a store makes: whole reads and writes, syncs, replacements, locks.

Knows bytes, paths and descriptors. Knows nothing of events. What a call is given or gives back is whole: a
short write is continued, an interrupted call made again, a descriptor closed whatever happens.
"""

from __future__ import annotations

import errno
import fcntl
import os
import random
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from geoevents.errors import StoreUnavailable
from geoevents.messages import Message
from geoevents.stores.faults import explained, fault

LONGEST_WAIT_S = 30.0
_BLOCK = 1 << 20
_COPIED_AT_ONCE = 1 << 26

T = TypeVar("T")


class Calls:
    """The system calls we make. A test puts one that fails in the place of any of them."""

    def __init__(self) -> None:
        self.open: Callable[..., int] = os.open
        self.close: Callable[[int], None] = os.close
        self.pread: Callable[[int, int, int], bytes] = os.pread
        self.pwrite: Callable[[int, bytes | memoryview, int], int] = os.pwrite
        self.fsync: Callable[[int], None] = os.fsync
        self.fdatasync: Callable[[int], None] = os.fdatasync
        self.ftruncate: Callable[[int, int], None] = os.ftruncate
        self.rename: Callable[..., None] = os.replace
        self.unlink: Callable[..., None] = os.unlink
        self.flock: Callable[[int, int], None] = fcntl.flock
        self.lstat: Callable[..., os.stat_result] = os.lstat
        self.fstat: Callable[[int], os.stat_result] = os.fstat
        self.mkdir: Callable[..., None] = os.mkdir
        self.chmod: Callable[..., None] = os.chmod
        self.fchmod: Callable[[int, int], None] = os.fchmod
        self.fchown: Callable[[int, int, int], None] = os.fchown
        self.listdir: Callable[..., list[str]] = os.listdir
        self.copy_file_range: Callable[..., int] = os.copy_file_range
        self.memfd_create: Callable[[str], int] = os.memfd_create


calls = Calls()


class Stamp(NamedTuple):
    """What tells one content of a file from the next without reading it."""

    inode: int
    size: int
    mtime_ns: int


class File:
    """
    An open file, read and written at offsets. Use it in a `with`, or let it be closed with who holds it.

    >>> with File(Path("/dev/null")) as file:
    ...     file.read(0, 10)
    b''
    """

    _fd = -1

    def __init__(self, path: Path, flags: int = os.O_RDONLY, *, mode: int = 0o666) -> None:
        self.path = path
        with explained(path):
            self._fd = _call("open", path, flags | os.O_CLOEXEC, mode)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # Nobody's call, at nobody's moment: a test that counts calls or lets them fail has no say here.
        descriptor, self._fd = self._fd, -1
        if descriptor >= 0:
            with suppress(OSError):
                os.close(descriptor)

    def close(self) -> None:
        """Once more does no harm; what nobody refers to any longer is closed as well."""
        # What had to last was synced before; after EINTR the descriptor is closed all the same (close(2)).
        descriptor, self._fd = self._fd, -1
        if descriptor >= 0:
            with suppress(OSError):
                calls.close(descriptor)

    def read(self, offset: int, size: int) -> bytes:
        """`size` bytes, fewer only at the end of the file."""
        parts = []
        with explained(self.path):
            while size > 0 and (part := _call("pread", self._fd, size, offset)):
                parts.append(part)
                offset += len(part)
                size -= len(part)
        return b"".join(parts)

    def read_each(self, stretches: Iterable[tuple[int, int]]) -> list[bytes]:
        """As `read`, of many places: offset and size of each."""
        found = []
        with explained(self.path):
            for offset, size in stretches:
                data = _call("pread", self._fd, size, offset)
                if 0 < len(data) < size:
                    data += self.read(offset + len(data), size - len(data))
                found.append(data)
        return found

    def write(self, data: bytes, offset: int) -> None:
        """All of `data`, or it raises; then some of it may be there."""
        rest = memoryview(data)
        with explained(self.path):
            while rest:
                written = _call("pwrite", self._fd, rest, offset)
                if not written:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                offset += written
                rest = rest[written:]

    def copy(self, source: File, start: int, stop: int, *, offset: int) -> None:
        """Bytes of another file, which need not pass through us where the system can spare that."""
        while start < stop:
            size = min(_COPIED_AT_ONCE, stop - start)
            try:
                done = _call("copy_file_range", source._fd, self._fd, size, start, offset)
            except OSError:
                # From one kind of file system to another it cannot. What else is wrong, this will tell.
                data = source.read(start, min(size, _BLOCK))
                self.write(data, offset)
                done = len(data)
            if not done:
                raise fault(OSError(errno.EIO, os.strerror(errno.EIO)), source.path)
            start += done
            offset += done

    def sync(self) -> None:
        """Content, size and dates are on disk."""
        with explained(self.path):
            _call("fsync", self._fd)

    def sync_data(self) -> None:
        """Content and size are on disk."""
        with explained(self.path):
            _call("fdatasync", self._fd)

    def truncate(self, size: int) -> None:
        with explained(self.path):
            _call("ftruncate", self._fd, size)

    def stamp(self) -> Stamp:
        with explained(self.path):
            return _stamp(_call("fstat", self._fd))

    def take_over_rights(self, of: os.stat_result) -> None:
        """The mode of the file that this one replaces and, where we may, its owner."""
        with explained(self.path):
            _call("fchmod", self._fd, stat.S_IMODE(of.st_mode))
        with suppress(OSError):
            _call("fchown", self._fd, of.st_uid, of.st_gid)

    def lock(self, kind: int) -> None:
        """Wait for the lock, though not for ever: a stopped process must not stop all others."""
        end = time.monotonic() + LONGEST_WAIT_S
        pause = 0.0001
        while True:
            with explained(self.path):
                try:
                    _call("flock", self._fd, kind | fcntl.LOCK_NB)
                    return
                except BlockingIOError:
                    pass
            if time.monotonic() > end:
                raise StoreUnavailable(
                    Message(
                        "Another process has held '{path}' for {seconds} seconds. "
                        "Find it with lsof, end it, then try again.",
                        path=self.path,
                        seconds=round(LONGEST_WAIT_S),
                    )
                )
            time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - to spread those who wait
            pause = min(pause * 1.5, 0.004)

    def unlock(self) -> None:
        # Not left to close(): a forked child may hold a copy of the descriptor, and with it the lock.
        with suppress(OSError):
            _call("flock", self._fd, fcntl.LOCK_UN)


class _Nowhere(File):
    """A file in memory that has no name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with explained(path):
            self._fd = _call("memfd_create", path.name)


def in_memory(path: Path, data: bytes) -> File:
    """A file that lies nowhere and holds `data`; `path` is what it is called where it fails."""
    file = _Nowhere(path)
    file.write(data, 0)
    return file


def read(path: Path) -> tuple[bytes, Stamp]:
    """All of a file, and the stamp of what was read."""
    with File(path) as file:
        stamp = file.stamp()
        return file.read(0, stamp.size), stamp


def sync_folder(folder: Path) -> None:
    """The names in it are on disk."""
    with File(folder, os.O_RDONLY | os.O_DIRECTORY) as file:
        file.sync()


def stamp(path: Path) -> Stamp | None:
    """None where there is no such file."""
    found = details(path)
    return None if found is None else _stamp(found)


def details(path: Path) -> os.stat_result | None:
    """What the system says of a file, of a link itself; None where there is none."""
    with explained(path):
        try:
            found: os.stat_result = _call("lstat", path)
        except FileNotFoundError:
            return None
    return found


def rename(path: Path, to: Path) -> None:
    """In one step, also where something lies there already."""
    with explained(to):
        _call("rename", path, to)


def remove(path: Path) -> None:
    """It is gone, or never was."""
    with explained(path), suppress(FileNotFoundError):
        _call("unlink", path)


def make_folder(path: Path, *, mode: int = 0o777) -> None:
    """The folder and those above it."""
    with explained(path):
        missing = [each for each in (path, *path.parents) if not each.is_dir()]
        for each in reversed(missing):
            with suppress(FileExistsError):
                _call("mkdir", each, mode if each == path else 0o777)
        if not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))


def close_to_others(folder: Path) -> None:
    """Mode 0700, where it is ours to say."""
    found = details(folder)
    if found is not None and stat.S_IMODE(found.st_mode) & 0o077 and os.geteuid() in (found.st_uid, 0):
        with suppress(OSError):
            _call("chmod", folder, 0o700)


def names(folder: Path) -> list[str]:
    """The names in a folder, sorted; none where there is no folder."""
    with explained(folder):
        try:
            return sorted(_call("listdir", folder))
        except FileNotFoundError:
            return []


@contextmanager
def locked(path: Path) -> Iterator[File]:
    """
    Alone with the lock file, which is made if missing. Raises StoreUnavailable where we may not write.

    The lock is tied to the name: if the file was replaced while we waited, we wait for the new one.
    """
    while True:
        with File(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, mode=0o600) as file:
            file.lock(fcntl.LOCK_EX)
            try:
                now = stamp(path)
                if now is not None and now.inode == file.stamp().inode:
                    yield file
                    return
            finally:
                file.unlock()


@contextmanager
def locked_at_once(path: Path) -> Iterator[bool]:
    """Whether the lock file could be locked without waiting; then it stays so."""
    with File(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, mode=0o600) as file:
        with explained(path):
            try:
                _call("flock", file._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
        try:
            yield True
        finally:
            file.unlock()


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Beside other readers and no writer; where there is no lock file, or none for us, nobody waits."""
    try:
        file = File(path, os.O_RDONLY | os.O_NOFOLLOW)
    except StoreUnavailable:
        yield
        return
    with file:
        file.lock(fcntl.LOCK_SH)
        try:
            yield
        finally:
            file.unlock()


def _call(name: str, *arguments: Any) -> Any:
    while True:
        try:
            return getattr(calls, name)(*arguments)
        except InterruptedError:
            continue


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(found.st_ino, found.st_size, found.st_mtime_ns)
