"""The detailed ground in a browser: streets over the base map, and the base map where they do not come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import feature, serving
from tests.cartography import archives
from tests.cartography.tile_host import Host, serving_tiles
from tests.flows.serving import Server

pytestmark = pytest.mark.browser

CLOSE = "/#map=14/36.5000/40.7400"
FAR = "/#map=7/36.5000/40.7400"
TILES = ".leaflet-detail-pane .leaflet-tile-loaded"
NAMES = ".leaflet-labels-pane .ground-label > span"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with serving_tiles() as started:
        yield started


@pytest.fixture(scope="module")
def online(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEOEVENTS_GROUND", f"http://{host.address}/{{z}}/{{x}}/{{y}}.png")
        patch.setenv("GEOEVENTS_GROUND_ATTRIBUTION", "© Example https://example.org/copyright")
        patch.setenv("GEOEVENTS_GROUND_ZOOM", "13")
        with serving(tmp_path_factory.mktemp("online"), feature()) as started:
            yield started


def of_file(folder: Path, monkeypatch: pytest.MonkeyPatch, path: Path):
    monkeypatch.setenv("GEOEVENTS_GROUND", str(path))
    return serving(folder, feature())


def ready(page: Page) -> None:
    page.locator("html[data-ready=true]").wait_for()


def legend(page: Page) -> None:
    if page.locator("details.legend[open]").count() == 0:
        page.locator("details.legend > summary").click()


def colour_under(page: Page) -> list[int]:
    """What the screen shows well beside any symbol, label and control."""
    box = page.locator(".folium-map").bounding_box()
    assert box is not None
    shot = page.screenshot(clip={"x": box["x"] + 60, "y": box["y"] + 160, "width": 2, "height": 2})
    read = """async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
      const pen = new OffscreenCanvas(2, 2).getContext("2d");
      pen.drawImage(bitmap, 0, 0);
      return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    }"""
    return list(page.evaluate(read, list(shot)))


def is_green(colour: list[int]) -> bool:
    return colour[1] > colour[0] + 40 and colour[1] > colour[2] + 40


def test_streets_of_a_file_of_ones_own_show_at_zoom_14_and_the_names_under_them_make_way(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archives.pictures(tmp_path / "streets.pmtiles")
    with of_file(tmp_path, monkeypatch, path) as server:
        page.goto(server.address + CLOSE)
        ready(page)
        page.locator(TILES).first.wait_for()

        expect(page.locator(".leaflet-control-attribution")).to_have_text("© Somebody's streets")
        expect(page.locator(NAMES)).to_have_count(0)
        assert is_green(colour_under(page))

        page.goto(server.address + FAR)
        page.reload()
        ready(page)
        expect(page.locator(NAMES).first).to_be_visible()
        expect(page.locator(TILES)).to_have_count(0)
        expect(page.locator(".leaflet-control-attribution")).to_contain_text("Natural Earth")


def test_roads_of_a_vector_file_are_drawn(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archives.roads(tmp_path / "roads.pmtiles")
    with of_file(tmp_path, monkeypatch, path) as server:
        page.goto(server.address + CLOSE)
        ready(page)
        page.locator(".leaflet-detail-pane canvas.leaflet-tile-loaded").first.wait_for()

        inked = """() => [...document.querySelectorAll(".leaflet-detail-pane canvas")].some((each) => {
          const { data } = each.getContext("2d").getImageData(0, 0, each.width, each.height);
          return data.some((value, place) => place % 4 === 3 && value > 0);
        })"""
        page.wait_for_function(inked)
        expect(page.locator(".ground-note")).to_be_hidden()


def test_tiles_of_a_host_come_and_it_learns_the_site_but_not_the_question(
    page: Page, online: Server, host: Host
) -> None:
    host.asked.clear()
    page.goto(online.address + "/?q=prison" + CLOSE[1:])
    ready(page)
    page.locator(TILES).first.wait_for()

    assert is_green(colour_under(page))
    assert {referrer for _, referrer in host.asked} == {online.address + "/"}
    assert {path.split("/")[1] for path, _ in host.asked} == {"13"}
    credit = page.locator(".leaflet-control-attribution a")
    expect(credit).to_have_text("© Example")
    expect(credit).to_have_attribute("href", "https://example.org/copyright")


def test_who_switches_it_off_asks_the_host_for_nothing_then_and_later(
    page: Page, online: Server, host: Host
) -> None:
    page.goto(online.address + CLOSE)
    ready(page)
    legend(page)
    expect(page.locator(".legend-ground")).to_contain_text("learns which places you look at")
    page.locator(".legend-ground input").uncheck()
    page.wait_for_timeout(300)
    host.asked.clear()

    page.reload()
    ready(page)
    page.wait_for_timeout(500)

    assert host.asked == []
    expect(page.locator(TILES)).to_have_count(0)
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("Natural Earth")
    legend(page)
    page.locator(".legend-ground input").check()
    page.locator(TILES).first.wait_for()


def test_where_the_host_fails_the_base_map_shows_with_its_names_and_a_note_until_it_is_back(
    page: Page, online: Server, host: Host
) -> None:
    host.status = 503
    try:
        page.goto(online.address + FAR)
        ready(page)

        note = page.locator(".ground-note")
        expect(note).to_have_text(
            f"No detailed ground from \u2068{host.address}\u2069 here: this is the simple map."
        )
        expect(page.locator(NAMES).first).to_be_visible()
        expect(page.locator(".leaflet-control-attribution")).to_contain_text("Natural Earth")
    finally:
        host.status = 200
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator(TILES).first.wait_for()
    expect(note).to_be_hidden()
    expect(page.locator(NAMES)).to_have_count(0)
