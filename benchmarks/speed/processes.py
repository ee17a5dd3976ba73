"""Servers that are measured: started, waited for, looked into and stopped, each by its own process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.load import answer

MOST_SECONDS = 300.0


@dataclass(frozen=True)
class Server:
    """One that answers on a port of this machine; `pid` is the first of its processes."""

    port: int
    pid: int
    # Processes that work for it and are not its own: a database.
    also: tuple[int, ...] = ()

    def address(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def processes(self) -> list[int]:
        """It, its workers and theirs."""
        found = [self.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                with suppress(OSError):
                    found += map(int, task.read_text().split())
        return found

    def worked(self) -> float:
        """Milliseconds of the processor so far, by all of them."""
        own = sum(_ticks(pid) for pid in self.processes())
        others = sum(_ticks(pid) for each in self.also for pid in Server(0, each).processes())
        return (own + others) * 1_000 / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    """Its own, and those of its children that ended."""
    with suppress(OSError):
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return 0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str],
    *,
    port: int,
    path: str,
    log: Path,
    environment: Mapping[str, str] | None = None,
    also: Sequence[int] = (),
) -> Iterator[Server]:
    """Started, and ready when `path` is answered; ended with all that it started."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=said,
            env=os.environ | dict(environment or {}),
            start_new_session=True,
        )
    try:
        wait_for(port, path, process, log)
        yield Server(port, process.pid, tuple(also))
    finally:
        end(process)


def wait_for(port: int, path: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} does not answer: {log.read_text(errors='replace')[-600:]}")
        with suppress(OSError):
            if answer(port, path, timeout=60)[0] < 500:
                return
        time.sleep(0.01)


def end(process: subprocess.Popen[bytes]) -> None:
    """By its own group: what it started goes with it."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
            return


def megabytes(server: Server, name: str = "VmRSS") -> float:
    """Of all its processes; VmHWM is the most there ever were, RssAnon what is no file."""
    return sum(_status(pid, name) for pid in server.processes())


def _status(pid: int, name: str) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) / 1_024
    return 0.0


def forget_most_memory(server: Server) -> None:
    """VmHWM counts anew from here."""
    for pid in server.processes():
        Path(f"/proc/{pid}/clear_refs").write_text("5")
