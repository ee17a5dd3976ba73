"""A page in a real Chromium: when it can be used, what came over the wire, what it holds, how it moves."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

SIZE = {"width": 1200, "height": 800}
MOST_SECONDS = 120.0
# 400 kbit/s, and 400 ms until anything comes.
POOR_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
ARGUMENTS = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-background-networking"]
QUIET_MS = 400

# Usable: what is asked for is on the map, and the page has since answered without a long task for a while.
# The moment is when the last of these was reached, not when it was known.
WATCH = """(() => {
  const seen = (window.__seen = { ready: null, busy: 0, usable: null, frames: null });
  const isReady = () => { try { return Boolean(%s); } catch { return false; } };
  new PerformanceObserver((list) => list.getEntries().forEach((task) => {
    seen.busy = Math.max(seen.busy, task.startTime + task.duration);
  })).observe({ type: "longtask", buffered: true });
  let last = null;
  const look = (now) => {
    if (seen.frames && last !== null) seen.frames.push(now - last);
    last = now;
    if (seen.ready === null && isReady()) seen.ready = performance.now();
    const since = Math.max(seen.ready ?? Infinity, seen.busy);
    if (seen.usable === null && performance.now() - since > %d) seen.usable = since;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""


@contextmanager
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        raise RuntimeError("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


def opened(
    browser: Browser, address: str, is_ready: str, *, line: dict[str, Any] | None = None
) -> dict[str, float]:
    """One visit of somebody who was never here, in numbers; on a poor line nothing is moved."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    try:
        page.add_init_script(WATCH % (is_ready, QUIET_MS))
        wire = _Wire(page)
        if line:
            wire.session.send("Network.emulateNetworkConditions", line)
        page.goto(address, wait_until="commit", timeout=MOST_SECONDS * 1_000)
        found = _usable(page)
        if troubles:
            raise RuntimeError(f"the page fails: {troubles[0]}")
        if line:
            return found
        page.wait_for_timeout(500)
        found |= wire.kilobytes() | _held(page, wire.session)
        return found | _moved(page)
    finally:
        context.close()


def _usable(page: Page) -> dict[str, float]:
    """Milliseconds since the page was asked for, until it was drawn and until it could be used."""
    deadline = time.monotonic() + MOST_SECONDS
    while time.monotonic() < deadline:
        seen = page.evaluate("window.__seen")
        if seen and seen["usable"] is not None:
            return {"drawn": seen["ready"], "usable": seen["usable"]}
        time.sleep(0.1)
    raise TimeoutError(f"not usable within {MOST_SECONDS:.0f} s")


class _Wire:
    """What came, by what asked for it: the page itself, what its scripts fetched, all."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self._kinds: dict[str, str] = {}
        self._sizes: dict[str, float] = {}
        self.session.on("Network.responseReceived", self._began)
        self.session.on("Network.loadingFinished", self._ended)
        self.session.send("Network.enable")

    def _began(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["type"]

    def _ended(self, event: dict[str, Any]) -> None:
        self._sizes[event["requestId"]] = event["encodedDataLength"]

    def kilobytes(self) -> dict[str, float]:
        def of(*kinds: str) -> float:
            return (
                sum(self._sizes.get(each, 0) for each, kind in self._kinds.items() if kind in kinds) / 1_000
            )

        return {"page": of("Document"), "data": of("Fetch", "XHR"), "all": sum(self._sizes.values()) / 1_000}


def _held(page: Page, session: Any) -> dict[str, float]:
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    return {"heap": heap, "nodes": page.evaluate("document.querySelectorAll('*').length")}


def _moved(page: Page) -> dict[str, float]:
    """Zoomed in and out by the wheel and dragged about: the time between frames, milliseconds."""
    box = page.evaluate(
        "(({ x, y, width, height }) => [x + width / 2, y + height / 2])"
        "(document.querySelector('.leaflet-container').getBoundingClientRect())"
    )
    page.mouse.move(*box)
    page.evaluate("void (window.__seen.frames = [])")
    for turn in (-1, -1, -1, 1, 1, 1):
        page.mouse.wheel(0, 120 * turn)
        page.wait_for_timeout(500)
    for across, down in ((-250, 0), (0, -150), (250, 0), (0, 150)):
        page.mouse.move(*box)
        page.mouse.down()
        page.mouse.move(box[0] + across, box[1] + down, steps=15)
        page.mouse.up()
        page.wait_for_timeout(300)
    frames = sorted(page.evaluate("window.__seen.frames"))
    return {"frames p95": frames[int(len(frames) * 0.95)], "longest frame": frames[-1]}
