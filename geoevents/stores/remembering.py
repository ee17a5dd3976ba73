"""What memory knows of a history, kept in a file, so that opening a large store reads only what came since.

Knows arrays, and how to tell that they belong to a history as it lies there. What is torn is as good as gone.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoevents.errors import StoreError
from geoevents.stores import files
from geoevents.stores.journal import Chain, Journal
from geoevents.stores.memory import Memory
from geoevents.stores.replacing import Replacement

FORMAT = 1
# Below this many versions the history itself is read as fast.
LEAST_VERSIONS = 20_000
_SAMPLES = 256
_BLOCK = 1 << 20
# Of an array that lies askew numpy copies all, each time it is searched.
_ALIGNED = 8
_KEY = b',"feature":'


class Remembered:
    """The file in which what is known of one journal is kept between two openings."""

    def __init__(self, folder: Path, journal: Path) -> None:
        name = hashlib.sha256(str(journal).encode()).hexdigest()[:12]
        self.path = folder / f"history-{name}.memory"
        self._versions = 0

    def recall(self, journal: Journal) -> Memory | None:
        """Memory as it was, and `journal` where it then ended; None where nothing can be made of the file."""
        try:
            if files.stamp(self.path) is None or not journal.exists:
                return None
            head, arrays = _read(files.read(self.path)[0])
            chain = Chain(**head["chain"])
            last = bytes.fromhex(head["last"])
            if not _belongs(journal, arrays, head["end"], last):
                return None
            journal.go_on(head["end"], chain, last)
            memory = Memory.of_parts(head["memory"], arrays)
        except (StoreError, ValueError, KeyError, TypeError):
            return None
        self._versions = len(arrays["offsets"])
        return memory

    def keep(self, journal: Journal, memory: Memory) -> None:
        """Once there is a tenth more than was kept before. It is no harm if it fails."""
        count = memory.count_versions()
        if count < LEAST_VERSIONS or count < self._versions * 1.1:
            return
        numbers, arrays = memory.parts()
        end, chain, last = journal.position()
        head = {"memory": numbers, "end": end, "chain": asdict(chain), "last": last.hex()}
        try:
            files.make_folder(self.path.parent)
            Replacement(self.path, _written(head, arrays), mode=0o600, is_synced=False).put_in_place()
        except StoreError:
            return
        self._versions = count


def _written(head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Iterator[bytes | memoryview]:
    parts: list[bytes | memoryview] = []
    for array in arrays.values():
        view = np.ascontiguousarray(array).view(np.uint8).data
        parts += [view[at : at + _BLOCK] for at in range(0, len(view), _BLOCK)]
        parts.append(bytes(-len(view) % _ALIGNED))
    check = 0
    for part in parts:
        check = zlib.crc32(part, check)
    shapes = {name: [array.dtype.str, len(array)] for name, array in arrays.items()}
    text = json.dumps({"format": FORMAT, **head, "arrays": shapes, "check": check}).encode()
    text += b" " * (-len(text) % _ALIGNED)
    yield b"%08d" % len(text) + hashlib.sha256(text).digest() + text
    yield from parts


def _read(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Raises ValueError for what is torn or of another format."""
    size = int(data[:8])
    text, start = data[40 : 40 + size], 40 + size
    if hashlib.sha256(text).digest() != data[8:40]:
        raise ValueError("torn")
    head = json.loads(text)
    if head["format"] != FORMAT or zlib.crc32(memoryview(data)[start:]) != head["check"]:
        raise ValueError("torn, or of another format")
    arrays = {}
    for name, (kind, count) in head["arrays"].items():
        arrays[name] = np.frombuffer(data, np.dtype(kind), count, start)
        start += arrays[name].nbytes + -arrays[name].nbytes % _ALIGNED
    return head, arrays


def _belongs(journal: Journal, arrays: dict[str, NDArray[Any]], end: int, last: bytes) -> bool:
    """Whether records lie where they did: the last of them, and a sample of the others."""
    with files.File(journal.path) as file:
        if file.read(end - len(last) - 1, len(last) + 1) != last + b"\n":
            return False
        offsets, sizes = arrays["offsets"], arrays["sizes"]
        for version in np.linspace(0, len(offsets) - 1, _SAMPLES).astype(int).tolist():
            begin, stop = int(offsets[version]), int(offsets[version]) + int(sizes[version])
            if file.read(begin - len(_KEY), len(_KEY)) != _KEY or file.read(stop - 1, 3) != b"}}\n":
                return False
    return True
