"""Opens what a source came as: a file, a zip, a gzip; never more of it than is bearable, nothing outside it.

Knows sizes, members and encodings. Knows nothing of what the text means.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import IO, Protocol, cast

from geoevents.errors import BadInput, TooLarge
from geoevents.messages import Message

# allCountries.txt is 1.7 GB in a zip of 0.4 GB; what is packed tighter than 1 to 100 is no list of places.
MOST_BYTES = 4_000_000_000
MOST_MEMBERS = 80_000
# What a zip says of its files lies at its end, 50 to 150 bytes a file. All of it is read before any is.
_MOST_DIRECTORY = 12_000_000
_TIGHTEST = 100
_SMALL = 10_000_000
_CHUNK = 1 << 16


def is_zip(path: Path) -> bool:
    return path.is_file() and (path.suffix.lower() == ".zip" or zipfile.is_zipfile(path))


def members(path: Path) -> list[zipfile.ZipInfo]:
    """The files of a zip. Raises BadInput over one that is broken, encrypted or a trap."""
    stat = path.stat()
    return _members(path, stat.st_mtime_ns, stat.st_size)


# Each reader looks into it before one takes it.
@lru_cache(maxsize=1)
def _members(path: Path, changed: int, size: int) -> list[zipfile.ZipInfo]:
    with opened_zip(path) as archive:
        found = [each for each in archive.infolist() if not each.is_dir()]
    if len(found) > MOST_MEMBERS:
        raise _too_many(path)
    for each in found:
        if each.flag_bits & 1:
            raise BadInput(Message("{path} is encrypted. Unpack it, and name the file.", path=path.name))
        parts = Path(each.filename.replace("\\", "/")).parts
        if ".." in parts or each.filename.startswith(("/", "\\")):
            raise BadInput(
                Message(
                    "{path} holds a file outside of itself, {name}.", path=path.name, name=each.filename[:80]
                )
            )
        if each.file_size > _SMALL and each.file_size > _TIGHTEST * max(each.compress_size, 1):
            raise too_large(path)
    if sum(each.file_size for each in found) > MOST_BYTES:
        raise too_large(path)
    return found


def unpacked_bytes(path: Path) -> int:
    """How much a file is, or a zip says that it will be; 0 for a folder or what cannot be looked at."""
    try:
        if is_zip(path):
            return sum(each.file_size for each in members(path))
        return path.stat().st_size if path.is_file() else 0
    except (BadInput, OSError):
        return 0


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Raises BadInput where it is no whole zip, also while its members are read."""
    try:
        with path.open("rb") as raw, zipfile.ZipFile(_OfFewFiles(raw, path)) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise BadInput(
            Message("{path} is no whole zip file ({reason}). Get it once more.", path=path.name, reason=error)
        ) from None


@contextmanager
def lines_of(
    path: Path,
    member: str | None = None,
    *,
    encoding: str = "utf-8-sig",
    archive: zipfile.ZipFile | None = None,
) -> Iterator[Iterator[str]]:
    """
    The lines of a file, or of one file in a zip. Raises BadInput, naming the line, where it is not text.

    A byte order mark says what it says, whatever `encoding` is.
    """
    with bytes_of(path, member, archive) as raw:
        is_utf16 = raw.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    with bytes_of(path, member, archive) as raw:
        encoding = "utf-16" if is_utf16 else encoding
        with io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
            yield _checked(text, path, encoding)


def head(path: Path, member: str | None = None, archive: zipfile.ZipFile | None = None) -> str:
    """How a file begins, whatever its encoding: enough to see which format it has."""
    with bytes_of(path, member, archive) as raw:
        return raw.read(_CHUNK).decode("utf-8-sig", "replace")


@contextmanager
def bytes_of(
    path: Path, member: str | None = None, archive: zipfile.ZipFile | None = None
) -> Iterator[IO[bytes]]:
    """The same, as bytes. Whoever reads many files of one zip opens it once, as `archive`."""
    if member is not None:
        opened = nullcontext(archive) if archive else opened_zip(path)
        with opened as here, here.open(member) as packed:
            yield cast(IO[bytes], _Bounded(packed, path))
    elif path.suffix == ".gz":
        with gzip.open(path) as unpacked:
            yield cast(IO[bytes], _Bounded(unpacked, path))
    else:
        with path.open("rb") as plain:
            yield plain


def too_large(path: Path) -> TooLarge:
    return TooLarge(
        Message(
            "{path} would be more than {most} GB unpacked, or is packed as no list of places is.",
            path=path.name, most=MOST_BYTES // 1_000_000_000,
        )
    )  # fmt: skip


def _too_many(path: Path) -> TooLarge:
    return TooLarge(
        Message(
            "{path} holds more than {most} files. Unpack it, and name the one that is wanted.",
            path=path.name, most=MOST_MEMBERS,
        )
    )  # fmt: skip


def _checked(text: io.TextIOWrapper, path: Path, encoding: str) -> Iterator[str]:
    number = 0
    try:
        for line in text:
            number += 1
            yield line
    except UnicodeError:
        named = encoding.upper().removesuffix("-SIG")
        raise BadInput(
            Message("{path} is not {encoding} somewhere after line {row}. Say its encoding with --encoding.",
                    path=path.name, row=number, encoding=named)
        ) from None  # fmt: skip
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInput(
            Message(
                "{path} is no whole gzip file ({reason}). Get it once more.", path=path.name, reason=error
            )
        ) from None


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _OfFewFiles(io.BufferedIOBase):
    """A zip as a file, up to its list of files: zipfile takes that in one bite, whatever it takes to read."""

    def __init__(self, raw: IO[bytes], path: Path) -> None:
        self._raw, self._path = raw, path

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_DIRECTORY:
            raise _too_many(self._path)
        return self._raw.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


class _Bounded(io.BufferedIOBase):
    """What is unpacked, up to the most that is bearable: a header may understate what follows."""

    def __init__(self, packed: _Readable, path: Path) -> None:
        self._packed, self._path, self._read = packed, path, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        got = self._packed.read(size)
        self._read += len(got)
        if self._read > MOST_BYTES:
            raise too_large(self._path)
        return got

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(_CHUNK if size < 0 else size)
