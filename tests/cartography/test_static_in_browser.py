"""A published map, opened from disk with the network cut off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from geoevents.cartography.grounds import online_ground
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.queries import EventQuery
from tests.browsing import watched
from tests.cartography.desk import CACHE, SETTLED, shipped_events, until
from tests.cartography.publishing import published as published_to
from tests.cartography.publishing import published_alone
from tests.cartography.tile_host import serving_tiles
from tests.strategies import PAYLOADS, make_event

pytestmark = pytest.mark.browser


@pytest.fixture
def offline(chromium: Browser):
    """A page without any network; it fails afterwards if anything went wrong in it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_offline(True)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    troubles = watched(page)
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert troubles == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.fixture
def published(tmp_path):
    if not (CACHE / "basemap" / "index.json").is_file():
        pytest.skip("no base map: run `make setup`")

    def publish(events, *, is_single=False, **said):
        if is_single:
            return published_alone(events, tmp_path / "map.html", store=tmp_path / "s", **said).page.as_uri()
        return published_to(events, tmp_path / "maps", store=tmp_path / "s", **said).page.as_uri()

    return publish


def open_map(page, address):
    page.goto(address)
    until(page, SETTLED)


@pytest.mark.parametrize("is_single", [False, True])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_it_shows_the_same_map(offline, published, lang, is_single):
    open_map(offline, published(shipped_events(), languages=(lang,), is_single=is_single))

    expect(offline.locator(".event-list > li")).to_have_count(5)
    counted = {"en": "2 events · 3 conditions", "ar": "حدثان · 3 حالات قائمة"}[lang]
    expect(offline.locator("#matched")).to_have_text(counted)
    assert offline.locator(".legend-count").all_inner_texts() == list("10000012001")
    assert offline.locator("path.event-shape").count() == 2
    assert offline.locator("canvas.ground-tile").count() > 6
    expect(offline.locator(".label-town").first).to_be_attached()


def test_an_event_opens_from_the_list(offline, published):
    open_map(offline, published(shipped_events()))

    offline.locator(".event-row").nth(1).click()

    expect(offline.locator(".event-popup .popup-title")).to_contain_text("al-Sina")
    expect(offline.locator(".popup-links")).to_have_count(0)


def test_close_up_and_far_away_there_is_ground(offline, published):
    open_map(offline, published(shipped_events()))

    for view in ("[[36.5, 40.7], 13]", "[[36.5, 40.7], 2]", "[[-25, 135], 7]"):
        offline.evaluate(f"geoevents.map.setView(...{view}, {{animate: false}})")
        until(offline, "geoevents.groundLayer.isLoading() === false")

    assert offline.locator("canvas.ground-tile").count() > 6


def test_many_events_are_drawn_together(offline, published):
    events = [make_event(id=f"many{n:06}", geometry=Geometry.point(38 + n % 40 / 10, 36)) for n in range(800)]
    open_map(offline, published(events))

    offline.evaluate("geoevents.map.setView([36, 40], 4, {animate: false})")
    until(
        offline,
        "[...geoevents.map.geoeventsBoard.markers.values()].reduce((n, m) => n + m.item.total, 0) === 800",
    )

    assert offline.locator(".event-cluster, .event-pin").count() < 20


def drawn(page):
    """How many events the symbols on the map stand for."""
    return page.evaluate(
        "[...geoevents.map.geoeventsBoard.markers.values()].reduce((sum, each) => sum + each.item.total, 0)"
    )


@pytest.fixture
def many():
    """More than one file holds: a third at one point, the rest over a land, and a wide area among them."""
    ring = ((38.0, 34.0), (41.0, 34.0), (41.0, 36.0), (38.0, 36.0), (38.0, 34.0))
    events = [
        make_event(
            id=f"many{n:06}",
            title=f"Report {n}",
            geometry=Geometry.point(40, 36)
            if n % 3 == 0
            else Geometry.point(36 + n % 97 / 20, 33 + n % 89 / 30),
        )
        for n in range(2_400)
    ]
    area = Geometry("Polygon", (ring,))
    wide = make_event(id="wide222222", title="An area", geometry=area, geo_precision=GeoPrecision.AREA)
    nowhere = make_event(id="nowhere222", geometry=None, geo_precision=GeoPrecision.UNLOCATED)
    return [*events, wide, nowhere]


def test_of_many_events_a_view_loads_its_own_tiles_and_every_zoom_counts_all(offline, published, many):
    open_map(offline, published(many))

    expect(offline.locator("#matched")).to_have_text("2,402 events")
    expect(offline.locator(".legend-unplaced")).to_have_text("1 without a place")
    for view in ("[[35, 38.5], 4]", "[[35, 38.5], 6]"):
        offline.evaluate(f"geoevents.map.setView(...{view}, {{animate: false}})")
        until(offline, SETTLED)
        assert drawn(offline) == 2_401
    offline.evaluate("geoevents.map.setView([36, 40], 16, {animate: false})")
    until(offline, SETTLED)

    assert drawn(offline) >= 800
    offline.locator(".event-cluster").first.click()
    expect(offline.locator(".event-popup, .here")).to_be_visible()


def test_close_up_what_reaches_far_is_drawn_from_the_tiles_of_others(offline, published, many):
    open_map(offline, published(many))

    offline.evaluate("geoevents.map.setView([34.3, 38.3], 11, {animate: false})")
    until(offline, SETTLED)

    expect(offline.locator("path.event-shape")).to_have_count(1)


def test_of_many_events_the_list_goes_on_to_its_end_and_then_names_the_rest(offline, published, many):
    open_map(offline, published(many))

    expect(offline.locator(".panel-foot")).to_contain_text("The newest 1,000 of 2,402.")
    for rows in range(100, 1_001, 50):
        offline.locator("#show-more").click()
        expect(offline.locator(".event-list > li")).to_have_count(rows)

    expect(offline.locator("#show-more")).to_be_hidden()


def test_one_language_leads_to_the_other_where_the_map_stands(offline, published):
    open_map(offline, published(shipped_events(), languages=("en", "ar")))
    offline.evaluate("geoevents.map.setView([35, 39], 8, {animate: false})")

    offline.locator("[data-lang=ar]").click()
    until(offline, SETTLED)

    assert offline.evaluate("[document.documentElement.dir, geoevents.map.getZoom()]") == ["rtl", 8]


@pytest.mark.parametrize("is_single", [False, True])
def test_what_an_event_or_a_title_says_is_never_run(offline, published, is_single):
    events = [make_event(id=f"bad{n:07}", title=words, place_label=words) for n, words in enumerate(PAYLOADS)]
    title = "</script><script>window.__p=1</script>"
    open_map(
        offline, published(events, is_single=is_single, title={"en": title}, caption={"en": PAYLOADS[0]})
    )

    expect(offline.locator(".publication-title")).to_have_text(title)

    for event in events:
        offline.locator(f'.event-row[href*="{event.id}"]').click()
        assert offline.locator(".event-popup .popup-title").text_content() == event.title

    assert offline.evaluate("window.__p") is None
    if not is_single:
        offline.goto(offline.url.split("index.html")[0] + "list.html")
        assert offline.evaluate("window.__p") is None
        assert offline.locator("tbody tr").count() == len(events)


def test_days_are_chosen_on_the_bars_and_everything_follows(offline, published):
    shown = shipped_events()
    open_map(offline, published(shown))
    until(offline, "document.getElementById('timeline').dataset.ready === 'true'")
    first = offline.get_by_role("slider", name="First day")

    first.focus()
    offline.keyboard.press("End")
    until(offline, "new URLSearchParams(location.search).get('datetime')")

    asked = offline.evaluate("new URLSearchParams(location.search).get('datetime')")
    found = [each for each in shown if EventQuery.parse([("datetime", asked)]).matches(each)]
    assert 0 < len(found) < len(shown)
    expect(offline.locator(".event-list > li")).to_have_count(len(found))
    counted = offline.locator(".legend-count").all_inner_texts()
    assert sum(map(int, counted)) == len(found)
    offline.go_back()
    expect(offline.locator(".event-list > li")).to_have_count(len(shown))


@pytest.mark.parametrize("is_single", [False, True])
def test_the_ground_of_a_server_shows_where_it_was_asked_for_and_the_base_map_where_it_is_away(
    page, published, is_single
):
    with serving_tiles() as host:
        ground = online_ground(f"http://{host.address}/{{z}}/{{x}}/{{y}}.png", "© Example")
        address = published(shipped_events(), is_single=is_single, ground=ground)

        open_map(page, address + "#map=12/36.5/40.74")
        page.locator(".leaflet-detail-pane .leaflet-tile-loaded").first.wait_for()
        expect(page.locator(".leaflet-control-attribution")).to_contain_text("© Example")

        host.status = 503
        page.goto(address + "#map=7/36.5/40.74")
        page.reload()
        until(page, SETTLED)

        expect(page.locator(".ground-note")).to_contain_text("this is the simple map")
        expect(page.locator(".label-town").first).to_be_attached()
