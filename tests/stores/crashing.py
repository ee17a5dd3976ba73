"""Writers that are killed, and writers beside each other: run as a program, says as JSON what came of it.

A process of its own, so that it may fork; `python -m tests.stores.crashing kill|share --help`.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import mmap
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from geoevents.events import Event
from geoevents.geojson import event_from_feature
from geoevents.stores import files
from geoevents.stores.checking import check
from geoevents.stores.geojson_store import IN_PLACE_ABOVE, GeoJSONStore
from tests.conftest import ROOT  # noqa: F401 - it registers what strategies look up
from tests.strategies import make_event

WRITERS = 4
READERS = 2
# A new store every so often: what is read after each round must not take longer and longer.
ROUNDS_OF_A_STORE = 8
_CHANGES_SOMETHING = ("pwrite", "fsync", "fdatasync", "ftruncate", "rename")


def sealed(event_id: str, version: int) -> Event:
    """An event that shows whether it is whole, of a size that differs from one version to the next."""
    noise = hashlib.sha256(f"{event_id} {version}".encode()).hexdigest() * random.randint(1, 60)
    return make_event(
        id=event_id, title=f"version {version}", description=noise, tags=(_seal(noise),), version=version
    )


def is_whole(event: Event) -> bool:
    return event.tags == (_seal(event.description or ""),) and event.title == f"version {event.version}"


def _seal(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Outcome:
    """What is counted; the lists hold what may not be, in words."""

    kills: int = 0
    kills_in_a_write: int = 0
    acknowledged: int = 0
    reads: int = 0
    lost: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)


def kill(folder: Path, rounds: int) -> Outcome:
    """
    Each round: four writers at work, readers beside them, each writer killed at a moment of its own.

    Every other round adds in place.
    """
    outcome = Outcome()
    inside = mmap.mmap(-1, WRITERS)
    acknowledged: dict[str, int] = {}
    for number in range(rounds):
        if number % ROUNDS_OF_A_STORE == 0:
            shutil.rmtree(folder, ignore_errors=True)
            outcome.acknowledged += len(acknowledged)
            acknowledged.clear()
        above = IN_PLACE_ABOVE if number % 2 else 0
        path = folder / "events.geojson"
        GeoJSONStore.open(path)
        readers = [Child(_reader(path, above)) for _ in range(READERS)]
        inside[:] = bytes(WRITERS)
        writers = [Child(_writer(path, above, number, each, inside)) for each in range(WRITERS)]
        for writer in writers:
            time.sleep(random.uniform(0.005, 0.04))
            writer.kill()
        for each, writer in enumerate(writers):
            outcome.kills += 1
            outcome.kills_in_a_write += inside[each]
            for line in writer.said():
                event_id, _, version = line.partition(" ")
                acknowledged[event_id] = max(int(version), acknowledged.get(event_id, 0))
        for reader in readers:
            reader.end()
            said = reader.said()
            outcome.reads += sum(line == "read" for line in said)
            outcome.half += [line for line in said if line != "read"]
        _look(path, above, acknowledged, outcome)
    return replace(outcome, acknowledged=len(acknowledged) + outcome.acknowledged)


def share(folder: Path, writers: int, adds: int, readers: int) -> Outcome:
    """Writers that add beside each other, and readers that look all the while."""
    outcome = Outcome()
    path = folder / "events.geojson"
    GeoJSONStore.open(path)

    def add(number: int) -> Callable[[int], None]:
        def run(pipe: int) -> None:
            store = GeoJSONStore.open(path)
            for n in range(adds):
                event = store.append(sealed(f"w{number}-{n}", 1), by=f"w{number}", why=None)
                os.write(pipe, f"{event.id}\n".encode())

        return run

    looking = [Child(_reader(path, IN_PLACE_ABOVE)) for _ in range(readers)]
    adding = [Child(add(number)) for number in range(writers)]
    ids = [line for child in adding for line in child.said()]
    for child in adding:
        if child.wait() != 0:
            outcome.corrupt.append("a writer failed")
    for child in looking:
        child.end()
        said = child.said()
        outcome.reads += sum(line == "read" for line in said)
        outcome.half += [line for line in said if line != "read"]
    outcome.acknowledged = len(set(ids))
    _look(path, IN_PLACE_ABOVE, dict.fromkeys(ids, 1), outcome)
    found = [event.id for event in GeoJSONStore.open(path).events()]
    if len(found) != len(set(found)) or len(ids) != writers * adds:
        outcome.corrupt.append(f"{len(ids)} adds, {len(found)} events, {len(set(found))} ids")
    return outcome


class Child:
    """A forked process that writes lines to a pipe."""

    def __init__(self, run: Callable[[int], None]) -> None:
        self._read, write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                os.close(self._read)
                signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
                run(write)
                status = 0
            except BaseException as error:
                os.write(write, f"{type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(status)
        os.close(write)
        self._status: int | None = None

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def end(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def wait(self) -> int:
        if self._status is None:
            self._status = os.waitpid(self.pid, 0)[1]
        return self._status

    def said(self) -> list[str]:
        """All its whole lines, once it has ended."""
        with os.fdopen(self._read, "rb") as pipe:
            *lines, _ = pipe.read().decode().split("\n")
        self.wait()
        return lines


def _writer(path: Path, above: int, number: int, each: int, inside: mmap.mmap) -> Callable[[int], None]:
    def run(pipe: int) -> None:
        _mark(inside, each)
        # Every other writer gathers what it edits, as a server does.
        store = GeoJSONStore.open(path, in_place_above=above, lag=0.05 * (each % 2))
        mine: dict[str, int] = {}
        for n in itertools.count():
            written = _write(store, mine, f"r{number}-w{each}-{n}")
            mine |= written
            os.write(
                pipe, "".join(f"{event_id} {version}\n" for event_id, version in written.items()).encode()
            )

    return run


def _write(store: GeoJSONStore, mine: dict[str, int], new: str) -> dict[str, int]:
    """One deed: mostly an add, sometimes an edit or several adds at once; what it acknowledged."""
    deed = random.random()
    if deed < 0.2 and mine:
        event_id, version = random.choice(sorted(mine.items()))
        store.replace(sealed(event_id, version + 1), expected_version=version, by="w", why=None)
        return {event_id: version + 1}
    if deed < 0.3:
        several = [sealed(f"{new}-{part}", 1) for part in range(3)]
        store.append_all(several, by="w", why=None)
        return {event.id: 1 for event in several}
    store.append(sealed(new, 1), by="w", why=None)
    return {new: 1}


def _mark(inside: mmap.mmap, each: int) -> None:
    """1 from the first call that changes a file until the lock is let go: in between a write is half done."""
    calls = files.calls
    for name in _CHANGES_SOMETHING:
        setattr(calls, name, _marked(inside, each, getattr(calls, name)))
    let_go = calls.flock

    def flock(descriptor: int, kind: int) -> None:
        inside[each] = 0
        let_go(descriptor, kind)

    calls.flock = flock


def _marked(inside: mmap.mmap, each: int, call: Callable[..., object]) -> Callable[..., object]:
    def marked(*arguments: object) -> object:
        inside[each] = 1
        return call(*arguments)

    return marked


def _reader(path: Path, above: int) -> Callable[[int], None]:
    return lambda pipe: _read_on(path, above, pipe)


def _read_on(path: Path, above: int, pipe: int) -> None:
    """Read as our readers and as others do, until told to stop; say what should not be."""
    store = GeoJSONStore.open(path, in_place_above=above)
    known: dict[str, int] = {}
    while True:
        events = list(store.events())
        now = {event.id: event.version for event in events}
        said = [f"half: {event.id}" for event in events if not is_whole(event)]
        said += [f"gone back: {id} {known[id]}" for id in known if now.get(id, 0) < known[id]]
        said += [] if len(now) == len(events) else ["an id twice"]
        said += [f"outside: {each}" for each in _read_as_others(path, above)]
        known = now
        time.sleep(0.001)
        os.write(pipe, ("\n".join([*said, "read"]) + "\n").encode())


def _read_as_others(path: Path, above: int) -> list[str]:
    """A whole FeatureCollection, always; above the size where events are added in place, on reading again."""
    for _ in range(20):
        data = path.read_bytes()
        try:
            features = json.loads(data)["features"]
            return [each["id"] for each in features if not is_whole(event_from_feature(each))]
        except ValueError as error:
            if len(data) <= above:
                return [str(error)]
            time.sleep(0.002)
    return ["torn, however often it is read"]


def _look(path: Path, above: int, acknowledged: dict[str, int], outcome: Outcome) -> None:
    """After a round: what was acknowledged is there, whole, and the store finds nothing wrong with itself."""
    store = GeoJSONStore.open(path, in_place_above=above)
    now = {event.id: event.version for event in store.events()}
    outcome.half += [f"kept half: {event.id}" for event in store.events() if not is_whole(event)]
    outcome.lost += [f"{id} {version}" for id, version in acknowledged.items() if now.get(id, 0) < version]
    outcome.corrupt += [str(finding.message) for finding in check(path) if finding.level == "fail"]
    if _read_as_others(path, 0):
        outcome.corrupt.append("the collection is not whole after opening")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["kill", "share"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--adds", type=int, default=100)
    parser.add_argument("--readers", type=int, default=4)
    args = parser.parse_args()
    if args.what == "kill":
        outcome = kill(args.folder, args.rounds)
    else:
        outcome = share(args.folder, args.writers, args.adds, args.readers)
    json.dump(vars(outcome), sys.stdout)


if __name__ == "__main__":
    main()
