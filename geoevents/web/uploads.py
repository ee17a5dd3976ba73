"""Files that were uploaded to be imported, between the look at them and the import: in memory, for an hour.

Knows how many are kept, and what was found in each. Nothing of them is written to disk but while one is read.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from geoevents.workflows.verdicts import Verdict

_MOST = 20
_KEPT_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What a rehearsal, or the import itself, came to."""

    verdicts: tuple[Verdict, ...]
    rejected: bytes | None = None
    rejected_name: str = ""


@dataclass(slots=True)
class Upload:
    """A file, what was found in it by what was said of it, and what became of it."""

    token: str
    name: str
    data: bytes
    at: float
    checked: dict[tuple[object, ...], Checked] = field(default_factory=dict)
    done: Checked | None = None
    lock: Lock = field(default_factory=Lock)

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """The file under its own name, in a folder that nobody else may read and that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="geoevents-") as folder:
            path = Path(folder) / self.name
            path.write_bytes(self.data)
            yield path


class Uploads:
    """The uploads of the last hour, the newest of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, Upload] = {}
        self._lock = Lock()

    def add(self, name: str, data: bytes) -> Upload:
        upload = Upload(secrets.token_hex(10), _safe(name), data, self._clock())
        with self._lock:
            self._forget_old()
            self._kept[upload.token] = upload
        return upload

    def get(self, token: str) -> Upload | None:
        with self._lock:
            self._forget_old()
            return self._kept.get(token)

    def _forget_old(self) -> None:
        kept = [each for each in self._kept.values() if self._clock() - each.at < _KEPT_S]
        self._kept = {each.token: each for each in kept[-_MOST:]}


def _safe(name: str) -> str:
    """A name of one file, whatever was sent as one; its ending says what it is."""
    plain = Path(name.replace("\\", "/")).name
    kept = "".join(letter for letter in plain if letter.isprintable() and letter not in '<>:"|?*')[-100:]
    return kept.lstrip(".") or "rows.csv"
