"""Arrays in one file: written whole or not at all, closed to others, checked when they are read back.

Knows the layout of such a file. Knows nothing of what the arrays mean.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from geoevents.stores import unfinished

_MAGIC = b"geoevents arrays 1\n"
_ALIGNED = 64
_HEAD_BYTES = 8


def write(path: Path, head: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    """Put a file in the place of any that was there. `head` is for JSON. Raises OSError."""
    described, offset = {}, 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array)
        described[name] = [data.dtype.str, len(data), offset, crc32(data.view(np.uint8).data)]
        offset += _aligned(data.nbytes)
    text = json.dumps({"head": head, "arrays": described}).encode()
    beside = unfinished.beside(path)
    with suppress(FileNotFoundError):
        beside.unlink()
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            begin = _MAGIC + len(text).to_bytes(_HEAD_BYTES, "big") + text
            file.write(begin + bytes(_aligned(len(begin)) - len(begin)))
            for array in arrays.values():
                data = np.ascontiguousarray(array).view(np.uint8)
                file.write(data.data)
                file.write(bytes(_aligned(len(data)) - len(data)))
            file.flush()
            os.fsync(descriptor)
        beside.rename(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def read(path: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The head and the arrays, read-only, which stay in the file; None where there is none that is whole."""
    try:
        with path.open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
    try:
        start = len(_MAGIC) + _HEAD_BYTES
        size = int.from_bytes(held[len(_MAGIC) : start], "big")
        if held[: len(_MAGIC)] != _MAGIC or size > len(held):
            return None
        said = json.loads(held[start : start + size])
        begin = _aligned(start + size)
        arrays = {name: _array(held, begin, *described) for name, described in said["arrays"].items()}
    except (ValueError, KeyError, TypeError):
        return None
    # Checking took all of it into memory; what is needed comes again.
    held.madvise(mmap.MADV_DONTNEED)
    return said["head"], arrays


def _array(held: mmap.mmap, begin: int, dtype: str, count: int, offset: int, check: int) -> Any:
    """Raises ValueError for what is not what was written."""
    array = np.frombuffer(held, np.dtype(dtype), count, begin + offset)
    if crc32(array.view(np.uint8).data) != check:
        raise ValueError("not what was written")
    return array


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
