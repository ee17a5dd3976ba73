"""Opening the map in Chromium, and moving it."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from benchmarks.speed.browser import POOR_LINE, chromium, opened
from benchmarks.speed.environments import PEERS, node_modules
from benchmarks.speed.events import Events
from benchmarks.speed.kept import Kept, Numbers
from benchmarks.speed.processes import free_port, running
from benchmarks.speed.servers import ROOT, Bench
from benchmarks.speed.tables import OURS, beside, brief, by_size, times

NAME = "map"
TITLE = "Opening the map"
EMPTY, CANVAS = "an empty Folium page", "Folium GeoJson on canvas"
MARKERS, CLUSTER, FAST = "Folium, a marker each", "Folium MarkerCluster", "Folium FastMarkerCluster"
DATASETTE = "datasette-cluster-map, its first 1,000"
KINDS = {EMPTY: "empty", MARKERS: "markers", CLUSTER: "cluster", FAST: "fast", CANVAS: "canvas"}
WHOS = (OURS, *KINDS, DATASETTE)
# Beyond, a page of theirs is hundreds of megabytes, or takes minutes to be made.
MOST = {MARKERS: 10_000, CLUSTER: 100_000, CANVAS: 100_000}
SLOW_MS = 5_000
# What is asked for is drawn in view: for ours all tiles in view and a symbol.
IS_READY = {
    OURS: """((board) => board && !board.waiting && board.inView().length
        && board.inView().every((at) => board.tiles.get(at.join('/'))?.data)
        && document.querySelector('.leaflet-marker-pane > *'))(window.geoevents?.map?.geoeventsBoard)""",
    EMPTY: "document.readyState === 'complete' && document.querySelector('.leaflet-tile-loaded')",
    CANVAS: "document.readyState === 'complete' && document.querySelector('.leaflet-overlay-pane canvas')",
}
A_MARKER = "document.readyState === 'complete' && document.querySelector('.leaflet-marker-icon')"

Address = AbstractContextManager[str]


def measure(who: str, size: int, bench: Bench) -> Numbers:
    is_ready = IS_READY.get(who, A_MARKER)
    rounds: list[dict[str, float]] = []
    with _served(who, bench.events(size), bench) as address, chromium() as browser:
        # Once for the server alone: what it makes for the first who asks.
        if who in (OURS, DATASETTE):
            opened(browser, address, is_ready)
        while len(rounds) < bench.rounds:
            rounds.append(opened(browser, address, is_ready))
            if rounds[-1]["usable"] > SLOW_MS:
                break
        found: Numbers = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
        found["longest frame"] = max(each["longest frame"] for each in rounds)
        if who == OURS:
            found["poor line"] = opened(browser, address, is_ready, line=POOR_LINE)["usable"]
    return found


@contextmanager
def _served(who: str, made: Events, bench: Bench) -> Iterator[str]:
    if who == OURS:
        with bench.ours(made) as server:
            yield server.address()
        return
    pages, port = bench.folder / "pages", free_port()
    pages.mkdir(parents=True, exist_ok=True)
    if who in KINDS:
        _make(KINDS[who], made, bench)
    command = [sys.executable, "-m", "benchmarks.speed.static_server", str(port), str(pages)]
    with running(
        [*command, str(node_modules(bench.folder))],
        port=port, path="/tile/0/0/0.png", log=bench.log("static"), environment={"PYTHONPATH": str(ROOT)},
    ) as server:  # fmt: skip
        if who in KINDS:
            yield server.address(f"/{KINDS[who]}.html")
            return
        with bench.datasette(made, tiles=server.address("/tile/{z}/{x}/{y}.png")) as shown:
            yield shown.address("/events/events")


def _make(kind: str, made: Events, bench: Bench) -> None:
    python = bench.environment("tables").program("python")
    page = bench.folder / "pages" / f"{kind}.html"
    subprocess.run([python, PEERS / "folium_pages.py", kind, made.collection, page], check=True)


def tables(kept: Kept) -> Iterator[str]:
    shown: dict[str, Callable[[Numbers], str]] = {
        "Milliseconds until it is drawn / until it can be used": lambda n: (
            f"{brief(n['drawn'])} / {brief(n['usable'])}"
        ),
        "kB over the wire: the page / what its scripts fetched / in all": lambda n: " / ".join(
            brief(n[name]) for name in ("page", "data", "all")
        ),
        "JavaScript heap, MB / elements in the page": lambda n: f"{brief(n['heap'])} / {n['nodes']:,.0f}",
        "Zooming and dragging: ms between frames, 95th percentile / longest": lambda n: (
            f"{brief(n['frames p95'])} / {brief(n['longest frame'])}"
        ),
    }
    for said, cell in shown.items():
        yield f"{said}:\n"
        yield from by_size(kept, NAME, cell, whos=WHOS)
        yield ""
    yield "Seconds until it can be used at 400 kbit/s and 400 ms:\n"
    yield from by_size(kept, NAME, lambda n: brief(n["poor line"] / 1_000), whos=(OURS,))


def goals(kept: Kept) -> Iterator[tuple[str, str, str]]:
    few, sizes = kept.get(NAME, OURS, 1_000), kept.sizes(NAME)
    for size in sizes:
        ours = kept.get(NAME, OURS, size)
        if not ours:
            continue
        usable, what = ours["usable"], f"map of {size:,} events"
        if few and size > 1_000:
            yield f"{what}: usable, beside 1,000 events", f"{usable / few['usable']:.2f} x", "1.25 x"
        if empty := kept.get(NAME, EMPTY, size):
            yield f"{what}: usable, beside an empty Folium page", f"{usable / empty['usable']:.2f} x", "1.0 x"
        if canvas := kept.get(NAME, CANVAS, size):
            yield f"{what}: faster than Folium GeoJson on canvas", times(canvas["usable"] / usable), "6 x"
        for name, said, reach in (
            ("page", "page, kB", "10"), ("data", "data of the first view, kB", "150"),
            ("all", "first view in all, kB", "250"), ("heap", "JavaScript heap, MB", "15"),
            ("frames p95", "zoom and pan, 95th percentile of frames, ms", "35"),
            ("longest frame", "longest frame, ms", "150"),
        ):  # fmt: skip
            yield f"{what}: {said}", brief(ours[name]), reach
        yield f"{what}: usable at 400 kbit/s and 400 ms, s", brief(ours["poor line"] / 1_000), "8"


def short(kept: Kept) -> Iterator[tuple[str, str, str]]:
    for size in (10_000, 100_000, 1_000_000):
        yield from beside(kept, NAME, "map usable, ms", lambda n: brief(n["usable"]), WHOS, size=size)
