"""Long answers, made as their readers take them: no thread waits for a slow one, nothing is kept for it.

Knows how waitress takes a file, and looks like one. Knows nothing of what is sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

# Below this an answer is handed over in whole at once.
LEAST_BYTES = 1 << 20
# So much to one reader before the others have their turn, however fast that one reads.
TURN_BYTES = 4 << 20

WSGI = Callable[..., Iterable[bytes]]


class Pieces:
    """
    Pieces of bytes, as the file that `wsgi.file_wrapper` asks for: read forward, taken back only as far as
    what was read last. `size` is how many bytes there are in all.

    >>> file = Pieces([b"ab", b"cde"], 5)
    >>> bytes(file.read(9)), file.seek(1), bytes(file.read(9)), bytes(file.read(2)), file.tell()
    (b'ab', 1, b'b', b'cd', 4)
    """

    def __init__(self, pieces: Iterable[bytes], size: int) -> None:
        self._pieces, self._rest = pieces, iter(pieces)
        self._piece = memoryview(b"")
        self._size, self._begin, self._at, self._turn = size, 0, 0, 0

    def read(self, most: int = -1) -> memoryview | bytes:
        """
        Some of what comes, seldom all that is asked for; nothing where it is somebody else's turn.

        Raises OSError where there is less than was said: the connection ends, and nobody takes it for whole.
        """
        if self._turn >= TURN_BYTES:
            self._turn = 0
            return b""
        while self._at == self._begin + len(self._piece):
            if self._at >= self._size:
                return b""
            self._begin = self._at
            piece = next(self._rest, None)
            if piece is None:
                raise OSError(f"{self._size - self._at} bytes of an answer are missing")
            self._piece = memoryview(piece)
        start = self._at - self._begin
        found = self._piece[start : start + most if most >= 0 else None]
        self._at += len(found)
        self._turn += len(found)
        return found

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if close := getattr(self._pieces, "close", None):
            close()


def handing_over(app: WSGI) -> WSGI:
    """The app, whose long answers of known length the server takes piece by piece."""

    def handed(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        sizes: list[int] = []

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            sizes[:] = [int(said) for name, said in headers if name.lower() == "content-length"]
            return start(status, headers, *more)

        answer = app(environ, begin)
        wrapper = environ.get("wsgi.file_wrapper")
        if wrapper is None or environ["REQUEST_METHOD"] == "HEAD" or not sizes or sizes[0] < LEAST_BYTES:
            return answer
        wrapped: Iterable[bytes] = wrapper(Pieces(answer, sizes[0]))
        return wrapped

    return handed
