"""What the system says of a file, as a fault with a sentence: full, closed, missing, failing.

Knows errno and owners. Knows nothing of what is kept in the files.
"""

from __future__ import annotations

import errno
import os
import pwd
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from geoevents.errors import StoreError, StoreFull, StoreUnavailable
from geoevents.messages import Message

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED_TO_US = {errno.EACCES, errno.EPERM}
_NOT_WHAT_IT_SHOULD_BE = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EEXIST}


class explained:  # noqa: N801 - it reads as the call that it is
    """What the system says of `path` becomes a StoreError with a sentence: for a `with`."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if isinstance(error, OSError) and not isinstance(error, StoreError):
            raise fault(error, self._path) from error


def fault(error: OSError, path: Path) -> StoreError:
    """The sentence for what the system said; one line, with the way out."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in _FULL:
        return StoreFull(
            Message(
                "There is no room for '{path}' ({reason}). Nothing was kept. Free some space, try again.",
                path=path,
                reason=reason,
            )
        )
    if error.errno == errno.EROFS:
        return StoreUnavailable(
            Message("'{path}' lies on a disk that can only be read. Mount it for writing.", path=path)
        )
    if error.errno in _CLOSED_TO_US:
        return StoreUnavailable(
            Message(
                "'{path}' is closed to us ({reason}). Run as {owner}, or change its rights.",
                path=path,
                reason=reason,
                owner=_owner(path),
            )
        )
    if error.errno in _NOT_WHAT_IT_SHOULD_BE:
        return StoreUnavailable(
            Message("'{path}' cannot be used ({reason}). Give another path.", path=path, reason=reason)
        )
    return StoreError(
        Message(
            "The disk failed at '{path}' ({reason}). Look into the system's log.", path=path, reason=reason
        )
    )


def _owner(path: Path) -> str:
    """The name of whom the file belongs to, or else the nearest folder that is there."""
    for each in (path, *path.parents):
        with suppress(OSError):
            owner = os.lstat(each).st_uid
            try:
                return pwd.getpwuid(owner).pw_name
            except KeyError:
                return str(owner)
    return "its owner"
