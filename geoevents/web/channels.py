"""One connection, as waitress keeps it, but that no thread waits without end for who does not read."""

from __future__ import annotations

import time
from threading import BoundedSemaphore, RLock
from typing import Any

from waitress.channel import HTTPChannel

# So many threads at most wait for readers of answers above the high watermark; further readers are cut off.
MOST_WAITING = 4
_LOOK_SECONDS = 1.0
_WAITING = BoundedSemaphore(MOST_WAITING)


class Channel(HTTPChannel):  # type: ignore[misc]
    """
    Of requests that came at once each is begun when the answer before it is sent.

    Closed after `channel_timeout` seconds in which nothing came and nothing was taken.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        self._later: list[Any] = []
        super().__init__(*given, **named)
        # Held round waitress's own use of it.
        self.requests_lock = RLock()

    def received(self, data: bytes) -> bool:
        with self.requests_lock:
            was_taken = bool(super().received(data))
            self._later += self.requests[1:]
            del self.requests[1:]
        return was_taken

    def readable(self) -> bool:
        # A socket that nobody reads from is never ready for writing, where waitress would close it.
        if self.will_close:
            self.handle_close()
            return False
        if self._later and not (self.requests or self.total_outbufs_len or self.close_when_flushed):
            with self.requests_lock:
                self.requests.append(self._later.pop(0))
                self.server.add_task(self)
        return bool(super().readable()) and not self._later

    def writable(self) -> bool:
        return self._fileno is not None and bool(super().writable())

    def send_continue(self) -> None:
        # Said before the answers of those that came earlier, it would be taken for one of them.
        if not self._later:
            super().send_continue()

    def handle_close(self) -> None:
        while self._later:
            self._later.pop().close()
        super().handle_close()

    def _flush_outbufs_below_high_watermark(self) -> None:
        if not self._is_above():
            return
        with self.outbuf_lock:
            self._flush_exception(self._flush_some, do_close=False)
            if self._is_above() and not self._is_taken_in_time():
                self.connected, self.will_close = False, True
            self.server.pull_trigger()

    def _is_taken_in_time(self) -> bool:
        """Wait, holding the lock of the answer, while the reader goes on taking of it."""
        if not _WAITING.acquire(blocking=False):
            return False
        begun = time.time()
        look = min(_LOOK_SECONDS, self.adj.channel_timeout / 4)
        try:
            while self.connected and not self.will_close and self._is_above():
                if time.time() - max(begun, self.last_activity) > self.adj.channel_timeout:
                    return False
                self.server.pull_trigger()
                self.outbuf_lock.wait(look)
        finally:
            _WAITING.release()
        return not self._is_above()

    def _is_above(self) -> bool:
        return bool(self.total_outbufs_len > self.adj.outbuf_high_watermark)
