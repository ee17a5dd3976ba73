"""What a process of ours works on until it is whole, under its number; and what killed processes left of it.

Knows names and numbers of processes. Knows nothing of what is made.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def beside(path: Path) -> Path:
    """What becomes this file once it is whole."""
    return path.with_name(f".{path.name}.{os.getpid()}")


@contextmanager
def workplace(name: str, folder: Path | None) -> Iterator[Path]:
    """A folder in `folder`, or where temporary ones lie, that is gone afterwards. Raises OSError."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=f".{name}.{os.getpid()}-") as made:
        yield Path(made)


def tidy(folder: Path, names: Iterable[str]) -> None:
    """Remove what processes that are no more left under these names, as far as we may."""
    left = re.compile(rf"\.(?:{'|'.join(map(re.escape, names))})\.(\d+)(?:-\w+)?")
    with suppress(OSError):
        for path in list(folder.iterdir()):
            found = left.fullmatch(path.name)
            if found is None or _is_running(int(found[1])):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
