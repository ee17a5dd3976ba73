"""Downloads: all events, and those of a filter; beside the system's own copying, and geopandas."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote

from benchmarks.speed.environments import PEERS
from benchmarks.speed.events import Events
from benchmarks.speed.kept import Kept, Numbers
from benchmarks.speed.load import Download, download
from benchmarks.speed.processes import Server, forget_most_memory, free_port, megabytes, running
from benchmarks.speed.questions import Question, questions
from benchmarks.speed.servers import ROOT, Bench
from benchmarks.speed.slow import answered
from benchmarks.speed.tables import OURS, beside, brief, by_size, ratio, times

NAME = "downloads"
TITLE = "Downloads"
SENDFILE, GEOPANDAS = "sendfile", "geopandas.to_json"
WHOS = (OURS, SENDFILE, GEOPANDAS)
MOST: dict[str, int] = {}
FILTERS = 10
WHOLE = "/events.geojson"
# More than the server has threads.
READERS = 24
READS_NOTHING = b"GET /events.geojson HTTP/1.1\r\nHost: localhost\r\n\r\n"


def measure(who: str, size: int, bench: Bench) -> Numbers:
    made = bench.events(size)
    if who == OURS:
        return _ours(made, bench)
    if who == GEOPANDAS:
        return _by_geopandas(made, bench)
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.speed.sendfile_server", str(port), str(made.collection)]
    with running(
        command, port=port, path="/", log=bench.log("sendfile"), environment={"PYTHONPATH": str(ROOT)}
    ) as server:
        return _whole([download(server.port, "/") for _ in range(bench.rounds)])


def _ours(made: Events, bench: Bench) -> Numbers:
    with bench.ours(made) as server:
        download(server.port, WHOLE + "?limit=1")
        before = megabytes(server)
        forget_most_memory(server)
        found = _whole([download(server.port, WHOLE) for _ in range(bench.rounds)])
        found["growth"] = max(0.0, megabytes(server, "VmHWM") - before)
        found["gzip"] = download(server.port, WHOLE, Accept_Encoding="gzip").whole
        found["filtered"] = statistics.median(_filtered(server))
        found["beside readers"] = answered(server.port, READS_NOTHING, count=READERS)
    return found


def _whole(taken: list[Download]) -> Numbers:
    return {
        "whole": statistics.median(each.whole for each in taken),
        "first": statistics.median(each.first for each in taken) * 1_000,
        "megabytes": taken[0].size / 1e6,
    }


def _asked() -> list[Question]:
    return list(islice(questions(9, limit=None), FILTERS))


def _filtered(server: Server) -> Iterator[float]:
    for each in _asked():
        days = quote(f"{each.first}/{each.last}")
        yield download(server.port, f"{WHOLE}?event_type={each.event_type}&datetime={days}").whole


def _by_geopandas(made: Events, bench: Bench) -> Numbers:
    python = bench.environment("tables").program("python")
    asked = [[each.event_type, str(each.first), str(each.last)] for each in _asked()]
    done = subprocess.run(
        [python, PEERS / "geopandas_download.py", made.collection],
        input=json.dumps(asked), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-300:] or f"ended with {done.returncode}")
    found = json.loads(done.stdout)
    filtered = statistics.median(taken for taken, _ in found["filtered"])
    return {name: found[name] for name in ("read", "whole", "memory")} | {"filtered": filtered}


def tables(kept: Kept) -> Iterator[str]:
    yield "Seconds for all events (identity encoding; geopandas has read the file already):\n"
    yield from by_size(kept, NAME, lambda n: _seconds(n["whole"]), whos=WHOS)
    yield "\nSeconds for those of a type and a stretch of days:\n"
    yield from by_size(kept, NAME, lambda n: _seconds(n["filtered"]), whos=WHOS)
    yield "\nOurs, all events: MB / ms until the first byte / MB of memory more / seconds with gzip:\n"
    yield from by_size(
        kept, NAME, whos=(OURS,),
        cell=lambda n: " / ".join(
            [brief(n["megabytes"]), brief(n["first"]), brief(n["growth"]), _seconds(n["gzip"])]
        ),
    )  # fmt: skip
    yield f"\nBeside {READERS} who ask for all and read nothing, of 20 others answered within a second:\n"
    yield from by_size(kept, NAME, lambda n: n["beside readers"], whos=(OURS,))


def _seconds(number: float) -> str:
    return f"{number:.3f}" if number < 0.1 else brief(number)


def goals(kept: Kept) -> Iterator[tuple[str, str, str]]:
    for size in kept.sizes(NAME):
        what = f"download of all {size:,} events"
        if of_sendfile := ratio(kept, NAME, "whole", to=SENDFILE, size=size):
            yield f"{what}: speed of sendfile", f"{of_sendfile:.0%}", "50%"
        for key, least in (("whole", 100), ("filtered", 10)):
            if beside_it := ratio(kept, NAME, key, to=GEOPANDAS, size=size):
                said = what if key == "whole" else f"filtered download of {size:,} events"
                yield f"{said}: beside {GEOPANDAS}", times(beside_it), f"{least} x"
        if ours := kept.get(NAME, OURS, size):
            yield f"{what}: ms until the first byte", brief(ours["first"]), "5"
            yield f"{what}: MB of memory more", brief(ours["growth"]), "10"


def short(kept: Kept) -> Iterator[tuple[str, str, str]]:
    yield from beside(kept, NAME, "download of all, seconds", lambda n: _seconds(n["whole"]), WHOS)
    yield from beside(kept, NAME, "filtered download, seconds", lambda n: _seconds(n["filtered"]), WHOS)
