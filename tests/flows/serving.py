"""A server of our own for a test: started as people start it, stopped by its process id."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_ESTABLISHED = "01"
_ADDRESS = re.compile(r"http://\S+:(\d+)")


@dataclass
class Server:
    """A running `geoevents serve` over a folder of its own."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers of one answer, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def add(self, feature: Mapping[str, Any]) -> dict[str, Any]:
        status, body, _ = self.ask(
            "POST", "/events", json.dumps(feature), {"Content-Type": "application/geo+json"}
        )
        assert status == 201, body
        return dict(json.loads(body))

    def connections(self, *, read: bool = False) -> int:
        """How many connections it has taken (from Linux); with `read`, those with nothing left to read."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ours = {
            f"socket:[{inode}]"
            for _, local, _, state, waiting, *_, inode in (row[:10] for row in rows)
            if local.endswith(f":{self.port:04X}")
            and state == _ESTABLISHED
            and not (read and int(waiting.partition(":")[2], 16))
        }
        held = 0
        for each in Path(f"/proc/{self.process.pid}/fd").iterdir():
            # What it closes meanwhile is no connection any more.
            with suppress(FileNotFoundError):
                held += str(each.readlink()) in ours
        return held

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(timeout=60)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


def start(data: Path, *flags: str, **environment: str) -> Server:
    """Start a server on a free port, with the shipped cache; it is ready when it says where it is."""
    log = data.parent / f"{data.name}.log"
    own = {
        "GEOEVENTS_DATA": str(data),
        "GEOEVENTS_CACHE": str(ROOT / "data" / "cache"),
        "GEOEVENTS_PORT": "0",
    }
    with log.open("w") as errors:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "geoevents"), "serve", *flags],
            stdout=subprocess.PIPE, stderr=errors, text=True, env=os.environ | own | environment, cwd=ROOT,
        )  # fmt: skip
    assert process.stdout is not None
    found = _ADDRESS.search(process.stdout.readline())
    server = Server(process, int(found[1]) if found else 0, data, log)
    if found is None:
        server.stop()
        raise AssertionError(log.read_text())
    return server


def wait_until(true: Any, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
