"""Lines that lie in no store: what is shown of events that are shown otherwise than they are kept.

Knows a file without a name, gone with the process. Knows nothing of what is written there.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from threading import Lock


class Spill:
    """
    Bytes kept on disk for as long as this lives, where nobody else finds them.

    >>> spill = Spill()
    >>> at = spill.keep(b"shown")
    >>> spill.at(at, 5)
    b'shown'
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file: int | None = None
        self._end = 0
        self._lock = Lock()

    def keep(self, data: bytes) -> int:
        """Where it lies from now on."""
        with self._lock:
            if self._file is None:
                folder = self._folder if self._folder and self._folder.is_dir() else None
                with tempfile.TemporaryFile(dir=folder) as file:
                    self._file = os.dup(file.fileno())
            at, rest = self._end, memoryview(data)
            while rest:
                written = os.pwrite(self._file, rest, self._end)
                self._end, rest = self._end + written, rest[written:]
            return at

    def whole(self) -> bytes:
        """All that was kept so far."""
        return self.at(0, self._end) if self._end else b""

    def at(self, offset: int, size: int) -> bytes:
        assert self._file is not None
        parts = []
        while size and (part := os.pread(self._file, size, offset)):
            parts.append(part)
            offset, size = offset + len(part), size - len(part)
        return b"".join(parts)

    def __del__(self) -> None:
        if self._file is not None:
            os.close(self._file)
