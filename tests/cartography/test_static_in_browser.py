"""A published map, opened from disk with the network cut off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from geoevents.cartography.asset_files import Assets
from geoevents.cartography.static import publish_static
from geoevents.events import public_view
from geoevents.geometries import Geometry
from geoevents.queries import EventQuery
from tests.browsing import watched
from tests.cartography.desk import CACHE, SETTLED, shipped_events, shipped_taxonomy, until
from tests.strategies import PAYLOADS, make_event

pytestmark = pytest.mark.browser


@pytest.fixture
def offline(chromium: Browser):
    """A page without any network; it fails afterwards if anything went wrong in it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_offline(True)
    page = context.new_page()
    troubles = watched(page)
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert troubles == []


@pytest.fixture
def published(tmp_path):
    if not (CACHE / "basemap" / "index.json").is_file():
        pytest.skip("no base map: run `make setup`")

    def publish(events, lang="en"):
        publish_static(events, tmp_path, lang=lang, taxonomy=shipped_taxonomy(), assets=Assets(CACHE))
        return (tmp_path / "index.html").as_uri()

    return publish


def open_map(page, address):
    page.goto(address)
    until(page, SETTLED)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_it_shows_the_same_map(offline, published, lang):
    open_map(offline, published([public_view(each) for each in shipped_events()], lang))

    expect(offline.locator(".event-list > li")).to_have_count(5)
    counted = {"en": "2 events · 3 conditions", "ar": "حدثان · 3 حالات قائمة"}[lang]
    expect(offline.locator("#matched")).to_have_text(counted)
    assert offline.locator(".legend-count").all_inner_texts() == list("10000012001")
    assert offline.locator("path.event-shape").count() == 2
    assert offline.locator("canvas.ground-tile").count() > 6
    expect(offline.locator(".label-town").first).to_be_attached()


def test_an_event_opens_from_the_list(offline, published):
    open_map(offline, published([public_view(each) for each in shipped_events()]))

    offline.locator(".event-row").nth(1).click()

    expect(offline.locator(".event-popup .popup-title")).to_contain_text("al-Sina")
    expect(offline.locator(".popup-links")).to_have_count(0)


def test_close_up_and_far_away_there_is_ground(offline, published):
    open_map(offline, published([public_view(each) for each in shipped_events()]))

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


def test_what_an_event_says_is_never_run(offline, published):
    events = [make_event(id=f"bad{n:07}", title=words, place_label=words) for n, words in enumerate(PAYLOADS)]
    open_map(offline, published(events))

    for event in events:
        offline.locator(f'.event-row[href*="{event.id}"]').click()
        assert offline.locator(".event-popup .popup-title").text_content() == event.title
    offline.goto(offline.url.split("index.html")[0] + "list.html")

    assert offline.evaluate("window.__p") is None
    assert offline.locator("tbody tr").count() == len(events)


def test_days_are_chosen_on_the_bars_and_everything_follows(offline, published):
    shown = [public_view(each) for each in shipped_events()]
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
