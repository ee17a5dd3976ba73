"""Takes the pictures of README.md and maps/README.md from the running app, with the shipped events.

`python -m tools.screenshots` starts a server over a copy of data/events.geojson; writes docs/pictures/*.png.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
WIDE, PHONE = (1280, 800), (390, 780)
MOST_BYTES = 300_000
_ADDRESS = re.compile(r"http://\S+:\d+")
_ALONE = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def main() -> int:
    """Take every picture; 1 if one is larger than a README should carry."""
    executable = shutil.which("chromium")
    if executable is None:
        print("No Chromium on this machine: apt-get install chromium", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=_ALONE)
        for take in (the_map, the_map_by_night, the_map_on_a_phone, the_list, an_event, the_form):
            take(browser, address)
        the_static_map(browser, Path(folder))
        browser.close()
    taken = sorted([*PICTURES.glob("*.png"), *(ROOT / "maps").glob("*.png")])
    for picture in taken:
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size // 1000} kB")
    return int(any(picture.stat().st_size > MOST_BYTES for picture in taken))


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server over a copy of the shipped events."""
    shutil.copy(ROOT / "data" / "events.geojson", folder / "events.geojson")
    own = {
        "GEOEVENTS_DATA": str(folder),
        "GEOEVENTS_CACHE": str(ROOT / "data" / "cache"),
        "GEOEVENTS_PORT": "0",
    }
    command = [str(Path(sys.executable).parent / "geoevents"), "serve"]
    with subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = _ADDRESS.search(server.stdout.readline())
        assert said is not None, "the server did not start"
        try:
            yield said[0]
        finally:
            server.terminate()


@contextmanager
def page(browser: Browser, size: tuple[int, int], *, scheme: str = "light") -> Iterator[Page]:
    width, height = size
    is_dark = scheme == "dark"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if is_dark else "light",
        locale="en-GB",
    )
    yield context.new_page()
    context.close()


def the_map(browser: Browser, address: str) -> None:
    with page(browser, WIDE) as seen:
        _open_map(seen, address + "/?lang=en")
        seen.locator(".event-row").last.click()
        _take(seen, PICTURES / "map.png")


def the_map_by_night(browser: Browser, address: str) -> None:
    with page(browser, WIDE, scheme="dark") as seen:
        _open_map(seen, address + "/?lang=en")
        _take(seen, PICTURES / "map-dark.png")


def the_map_on_a_phone(browser: Browser, address: str) -> None:
    with page(browser, PHONE) as seen:
        _open_map(seen, address + "/?lang=ar")
        _take(seen, PICTURES / "map-phone-ar.png")


def the_list(browser: Browser, address: str) -> None:
    with page(browser, WIDE) as seen:
        seen.goto(address + "/events?lang=en&datetime=2022-01-20/2022-02-01")
        _take(seen, PICTURES / "list.png")


def an_event(browser: Browser, address: str) -> None:
    with page(browser, WIDE) as seen:
        seen.goto(address + "/events?lang=en&event_type=battles")
        seen.locator(".event-row").first.click()
        seen.locator(".small-map .leaflet-marker-icon").first.wait_for()
        _take(seen, PICTURES / "event.png")


def the_form(browser: Browser, address: str) -> None:
    """The form as it asks which of two places is meant."""
    with page(browser, (720, 900)) as seen:
        seen.goto(address + "/events/new?lang=en")
        seen.locator("#title").fill("Protest against rising prices")
        seen.locator("#event_type").select_option("protests")
        seen.locator("#date_start").fill("2022-01-24")
        seen.locator("#place_name").fill("Derik")
        seen.keyboard.press("Escape")
        seen.locator("button.primary").click()
        seen.locator(".picker-number").first.wait_for()
        seen.locator(".candidates input").first.check()
        seen.locator("#where").scroll_into_view_if_needed()
        seen.evaluate("document.getElementById('where').scrollIntoView()")
        _take(seen, PICTURES / "form.png")


def the_static_map(browser: Browser, folder: Path) -> None:
    """What `geoevents publish` makes of the same events, opened from disk."""
    published = folder / "published"
    own = {"GEOEVENTS_DATA": str(folder), "GEOEVENTS_CACHE": str(ROOT / "data" / "cache")}
    command = [str(Path(sys.executable).parent / "geoevents"), "publish", str(published)]
    subprocess.run(command, env=os.environ | own, check=True, stdout=subprocess.DEVNULL)
    with page(browser, WIDE) as seen:
        _open_map(seen, (published / "index.html").as_uri())
        _take(seen, ROOT / "maps" / "picture.png")


def _open_map(seen: Page, address: str) -> None:
    seen.goto(address)
    # Not wait_for_function(): it evaluates text, which the policy of the page forbids.
    seen.locator("html[data-ready=true]").wait_for()


def _take(seen: Page, picture: Path) -> None:
    # Tiles fade in, fonts arrive, the map comes to rest.
    seen.wait_for_timeout(1_500)
    seen.screenshot(path=picture, animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
