"""The map as a reader has it: drawn from tiles, read by keyboard and in two directions, running no event."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from geoevents.events import About, Kind, Status, Translation, Verification
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision, LonLat
from geoevents.sources import Source
from geoevents.times import Occurrence
from tests.cartography.desk import CACHE, SETTLED, Desk, open_desk, shipped_events, until
from tests.strategies import PAYLOADS, make_event

pytestmark = pytest.mark.browser

SQUARE = Geometry("Polygon", (((38.0, 36.0), (40.0, 36.0), (40.0, 37.0), (38.0, 37.0), (38.0, 36.0)),))


@pytest.fixture(autouse=True)
def _set_up():
    if not (CACHE / "basemap" / "index.json").is_file():
        pytest.skip("no base map: run `make setup`")


@pytest.fixture
def serve():
    opened = []

    def served(events) -> Desk:
        opened.append(open_desk(events))
        return opened[-1].__enter__()

    yield served
    for each in opened:
        each.__exit__(None, None, None)


def see(page: Page, desk: Desk, address: str = "/") -> Page:
    page.goto(desk.address + address)
    until(page, SETTLED)
    return page


def test_the_shipped_events_are_on_a_map_with_a_layer_for_each_type(page, serve):
    see(page, serve(shipped_events()))

    expect(page.locator("#matched")).to_have_text("2 events · 3 conditions")
    expect(page.locator(".leaflet-control-layers-overlays .legend-row")).to_have_count(11)
    assert page.locator(".legend-count").all_inner_texts() == list("10000012001")
    expect(page.locator(".event-list > li")).to_have_count(5)
    assert page.locator("path.event-shape").count() == 2


def test_the_ground_is_drawn(page, serve):
    see(page, serve(shipped_events()))
    page.wait_for_timeout(300)

    colours = page.evaluate(
        """() => [...document.querySelectorAll('canvas.ground-tile')].map((tile) => {
            const data = tile.getContext('2d').getImageData(0, 0, tile.width, tile.height).data;
            return new Set(new Uint32Array(data.buffer)).size;
        })"""
    )

    assert len(colours) > 6
    assert max(colours) > 3
    expect(page.locator(".label-town").first).to_be_attached()


def test_switching_a_layer_fetches_nothing_and_leaves_the_rest(page, serve):
    desk = serve([make_event(id=f"fight{n:05}", geometry=Geometry.point(40.0, 36.0)) for n in range(30)])
    see(page, desk)
    expect(page.locator(".ring-count")).to_have_text("30")
    desk.asked.clear()

    page.get_by_role("checkbox", name="Battles").uncheck()
    expect(page.locator(".event-cluster")).to_have_count(0)
    page.get_by_role("checkbox", name="Battles").check()
    expect(page.locator(".ring-count")).to_have_text("30")

    assert [path for path in desk.asked if path.startswith("/tiles")] == []


def test_a_cluster_stands_at_the_mean_of_the_types_that_are_on(page, serve):
    west = [make_event(id=f"west{n:06}", geometry=Geometry.point(38.0, 36.0)) for n in range(30)]
    east = [
        make_event(id=f"east{n:06}", geometry=Geometry.point(38.4, 36.0), event_type="riots")
        for n in range(30)
    ]
    see(page, serve([*west, *east]), "/#map=4/36/38")
    at = "[...geoevents.map.geoeventsBoard.markers.values()].map((m) => [m.getLatLng().lng, m.item.total])"
    ((both, _),) = page.evaluate(at)

    page.get_by_role("checkbox", name="Riots").uncheck()
    until(page, "document.querySelector('.ring-count')?.textContent === '30'")

    assert both == pytest.approx(38.2, abs=0.02)
    assert page.evaluate(at) == [[pytest.approx(38.0, abs=0.02), 30]]


def test_a_click_on_a_cluster_zooms_to_what_it_holds(page, serve):
    near = [make_event(id=f"near{n:06}", geometry=Geometry.point(38.0 + n / 100, 36.0)) for n in range(40)]
    see(page, serve([*near, make_event(geometry=Geometry.point(10.0, 50.0))]))

    page.locator(".event-cluster").click()
    until(page, "geoevents.map.getZoom() > 7")

    bounds = page.evaluate("(b => [b.getWest(), b.getEast()])(geoevents.map.getBounds())")
    assert bounds[0] < 38.0
    assert bounds[1] > 38.39


def test_events_at_one_place_are_listed_and_open_from_the_list(page, serve):
    here = [
        make_event(id=f"same{n:06}", title=f"Number {n}", date_start=date(2022, 1, 1 + n % 28))
        for n in range(30)
    ]
    see(page, serve(here))

    page.locator(".event-cluster").click()
    expect(page.locator(".here .here-row")).to_have_count(30)
    page.locator(".here-row", has_text="Number 27").click()

    expect(page.locator(".event-popup .popup-title")).to_have_text("Number 27")


def test_the_keyboard_alone_opens_an_event(page, serve):
    see(page, serve([make_event(title="By keyboard")]))
    marker = page.get_by_role("button", name=re.compile("^By keyboard"))

    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".event-popup .popup-title")).to_have_text("By keyboard")
    page.keyboard.press("Escape")

    expect(page.locator(".event-popup")).to_have_count(0)


def test_a_popup_says_what_when_where_who_and_how_sure(page, serve):
    event = make_event(
        title="Shells fall on a market",
        date_end=date(2022, 1, 26),
        place_label="Central market, Hasakah",
        place_name="the market",
        geo_precision=GeoPrecision.SITE,
        verification=Verification.DISPUTED,
        sources=(
            Source(
                publisher="The Daily",
                said_by="a doctor",
                url="https://example.org/1",
                published=date(2022, 1, 27),
            ),
        ),
    )
    see(page, serve([event]))

    page.locator(".event-row").click()

    said = re.sub("[\u2068\u2069]", "", page.locator(".event-popup").inner_text()).split("\n")
    assert [line for line in said if line] == [
        "Battles",
        "Shells fall on a market",
        "between 20 and 26 January 2022",
        "Central market, Hasakah · exact site",
        "reported as “the market”",
        "The Daily, quoting a doctor · 27 Jan 2022",
        "Disputed",
        "Whole event",
        "GeoJSON",
    ]
    assert page.locator(".popup-sources a").get_attribute("href") == "https://example.org/1"
    assert page.locator(".popup-links a").first.get_attribute("href") == "/events/k7dq2m9xwb?lang=en"


@pytest.mark.parametrize(
    ("change", "where", "shapes", "dashes"),
    [
        ({"geo_precision": GeoPrecision.NEAR}, "near Hasakah, within 3 km", 1, "5 4"),
        (
            {"geo_precision": GeoPrecision.AREA, "geometry": SQUARE},
            "somewhere in Hasakah · drawn coarsely",
            1,
            None,
        ),
        ({"geo_precision": GeoPrecision.DISTRICT}, "somewhere in Hasakah · extent estimated", 1, "1.5 5.5"),
        ({"geo_precision": GeoPrecision.SETTLEMENT}, "Hasakah · somewhere in the town", 0, None),
        (
            {"geo_precision": GeoPrecision.AREA, "geometry": SQUARE, "place_id": "side:geonames:173811;N"},
            "Hasakah · extent estimated",
            1,
            "1.5 5.5",
        ),
        (
            {
                "geo_precision": GeoPrecision.NEAR,
                "place_id": "offset:geonames:173811;5000;W",
                "uncertainty_m": 5_159,
            },
            "Hasakah · within 5.2 km",
            1,
            "5 4",
        ),
        (
            {
                "geo_precision": GeoPrecision.LINE,
                "geometry": Geometry("LineString", ((40.0, 36.4), (40.3, 36.6))),
                "place_id": "road:geonames:173811;geonames:163434",
            },
            "somewhere along Hasakah · extent estimated",
            1,
            "1.5 5.5",
        ),
    ],
)
def test_precision_is_drawn_and_said(page, serve, change, where, shapes, dashes):
    see(page, serve([make_event(**change)]), "/#map=9/36.5/40")

    page.locator(".event-row").click()

    drawn = page.locator("path.event-shape")
    expect(drawn).to_have_count(shapes)
    if shapes:
        assert drawn.get_attribute("stroke-dasharray") == dashes
        is_area = change.get("geometry") == SQUARE
        assert (drawn.get_attribute("fill") or "").startswith("url(#hatch-") == is_area
    said = re.sub("[\u2068\u2069]", "", page.locator(".popup-where").first.inner_text())
    assert said == where


def test_a_circle_is_of_true_size(page, serve):
    see(
        page,
        serve([make_event(geo_precision=GeoPrecision.NEAR, uncertainty_m=10_000)]),
        "/#map=11/36.5/40.74",
    )

    width = page.locator("path.event-shape").evaluate("(path) => path.getBBox().width")

    metres_a_pixel = 40_075_017 * 0.80386 / (256 * 2**11)
    assert width * metres_a_pixel == pytest.approx(20_000, rel=0.02)


def test_certainty_is_drawn(page, serve):
    see(
        page,
        serve(
            [
                make_event(id="hollow2222", geometry=Geometry.point(30.0, 36.0)),
                make_event(id="struck2222", geometry=Geometry.point(34.0, 36.0), status=Status.RETRACTED),
                make_event(
                    id="framed2222",
                    geometry=Geometry.point(38.0, 36.0),
                    kind=Kind.CONDITION,
                    occurrence=Occurrence.LASTING,
                ),
                make_event(
                    id="sure222222", geometry=Geometry.point(42.0, 36.0), verification=Verification.VERIFIED
                ),
            ]
        ),
    )

    drawn = page.evaluate(
        """() => Object.fromEntries([...geoevents.map.geoeventsBoard.markers.values()].map((marker) => {
            const parts = [...marker.getElement().querySelectorAll('path, rect')];
            return [marker.item.features[0].id, parts.map((part) => part.getAttribute('class')).join(' ')];
        }))"""
    )

    assert drawn == {
        "hollow2222": "halo hollow",
        "struck2222": "halo hollow strike-halo strike",
        "framed2222": "plate halo hollow",
        "sure222222": "halo ",
    }
    expect(page.locator(".event-list > li.retracted")).to_have_count(1)


def test_what_a_statement_speaks_of_appears_while_it_is_open(page, serve):
    event = make_event(
        event_type="statements",
        verification=Verification.VERIFIED,
        about=(
            About(place_label="Far Camp, a governorate", position=LonLat(41.2, 36.4)),
            About(place_label="Nowhere"),
        ),
    )
    see(page, serve([event]))
    expect(page.locator(".about-line")).to_have_count(0)

    page.locator(".event-row").click()
    expect(page.locator(".about-line")).to_have_count(1)
    expect(page.locator(".about-label")).to_have_text("Far Camp")
    page.keyboard.press("Escape")

    expect(page.locator(".about-line")).to_have_count(0)


def test_a_link_keeps_the_view_the_layers_and_the_open_event(page, serve):
    desk = serve(shipped_events())
    see(page, desk)
    page.locator(".event-row").nth(1).click()
    page.get_by_role("checkbox", name="Humanitarian access").uncheck()
    kept = page.url

    page.goto("about:blank")
    see(page, desk, kept.removeprefix(desk.address))

    assert re.search(r"#map=\d+/36\.\d+/40\.\d+&off=humanitarian_access&event=hskprs2201$", kept)
    expect(page.get_by_role("checkbox", name="Humanitarian access")).not_to_be_checked()
    expect(page.locator(".event-popup .popup-title")).to_have_text(re.compile("al-Sina"))


def test_the_question_of_the_address_is_asked_of_map_and_list_alike(page, serve):
    desk = serve(shipped_events())

    see(page, desk, "/?event_type=battles&datetime=2022-01-01/2022-01-31&utm_source=x")

    expect(page.locator("#matched")).to_have_text("1 event")
    chips = page.locator("details.chip.set > summary")
    expect(chips).to_have_text([re.compile("Battles"), re.compile("1 Jan 2022 – 31 Jan 2022")])
    asked = [path for path in desk.asked if path.startswith(("/tiles", "/events.geojson"))]
    assert asked
    assert all("event_type=battles" in path and "utm_source" not in path for path in asked)
    expect(page.locator("#download")).to_have_text("Download 1 event:")
    foot = page.locator(".panel-foot")
    for name, path in [("GeoJSON", "/events.geojson"), ("CSV", "/events.csv")]:
        download = foot.get_by_role("link", name=name).get_attribute("href")
        assert download == path + "?event_type=battles&datetime=2022-01-01%2F2022-01-31"


def test_a_question_without_meaning_is_answered_in_words(page, serve):
    page.goto(serve(shipped_events()).address + "/?bbox=1,2,3")

    expect(page.locator("#trouble")).to_contain_text("'1,2,3' is not a bbox")


def test_where_nothing_matches_the_list_says_so(page, serve):
    see(page, serve(shipped_events()), "/?q=nothing+like+it")

    expect(page.locator("#nothing")).to_have_text("No event matches these filters.")


def test_where_nothing_matches_the_map_stands_as_it_does_without_a_question(page, serve):
    desk = serve(shipped_events())
    see(page, desk)
    home = page.evaluate("window.geoevents.map.getBounds().toBBoxString()")

    page.goto("about:blank")
    see(page, desk, "/?q=nothing+like+it")

    assert page.evaluate("window.geoevents.map.getBounds().toBBoxString()") == home


def test_a_place_without_a_name_is_its_coordinates_in_list_and_popup(page, serve):
    point = Geometry.point(40.74771, 36.48061)
    event = make_event(place_name=None, geometry=point, geo_precision=GeoPrecision.SETTLEMENT)
    see(page, serve([event]))

    page.locator(".event-row").click()

    words = re.compile(r"latitude 36\.4806, longitude 40\.7477.* · within about 3 km of this point")
    expect(page.locator(".event-row .event-where")).to_have_text(words)
    expect(page.locator(".event-popup .popup-where")).to_have_text(words)


def test_on_a_phone_the_header_leads_to_the_list(page, serve):
    page.set_viewport_size({"width": 390, "height": 800})
    see(page, serve(shipped_events()))

    for name in ("List", "About"):
        link = page.locator(".site-nav").get_by_role("link", name=name)
        expect(link).to_be_visible()
        assert link.bounding_box()["y"] > page.locator(".site-search").bounding_box()["y"] + 20
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_long_list_comes_a_page_at_a_time(page, serve):
    see(page, serve([make_event(id=f"many{n:06}", title=f"Number {n}") for n in range(120)]))
    expect(page.locator(".event-list > li")).to_have_count(50)

    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".event-list > li")).to_have_count(100)
    page.get_by_role("button", name="Show more").click()

    expect(page.locator(".event-list > li")).to_have_count(120)
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()


def test_what_has_no_place_is_in_the_list_and_counted_in_the_legend(page, serve):
    event = make_event(
        title="Somewhere, nobody knows where", geometry=None, geo_precision=GeoPrecision.UNLOCATED
    )
    see(page, serve([event]))

    expect(page.locator(".event-list > li")).to_have_count(1)
    expect(page.locator(".legend-unplaced")).to_have_text("1 without a place")
    assert page.locator(".event-pin, .event-cluster").count() == 0


def test_adding_is_offered_to_whoever_may(page, serve):
    desk = serve(shipped_events())
    see(page, desk)
    expect(page.get_by_role("link", name="Add event")).to_be_hidden()
    desk.writes = True

    see(page, desk)

    expect(page.get_by_role("link", name="Add event")).to_be_visible()


def test_arabic_is_mirrored_and_reads_its_translations(page, serve):
    page.set_viewport_size({"width": 1280, "height": 800})
    event = make_event(
        title="A fight", lang="en", translations=(Translation(lang="ar", title="اشتباك في المدينة"),)
    )
    see(page, serve([event]), "/?lang=ar")

    page.locator(".event-row").click()

    expect(page.locator(".event-popup .popup-title")).to_have_text("اشتباك في المدينة")
    expect(page.locator(".popup-when")).to_have_text("20 كانون الثاني 2022")
    assert page.locator("#list").bounding_box()["x"] > 800
    assert page.locator(".legend").bounding_box()["x"] < 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_phone_has_map_and_list_without_a_sideways_scroll(page, serve, lang):
    page.set_viewport_size({"width": 390, "height": 844})
    see(page, serve(shipped_events()), f"/?lang={lang}")

    sheet = page.locator("#list").bounding_box()
    page.locator("#sheet").click()
    page.wait_for_timeout(300)

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert sheet["y"] > 400
    assert page.locator("#list").bounding_box()["y"] < 250


def test_a_thousand_events_are_a_handful_of_elements(page, serve):
    from tests.cartography.test_tiles import scattered

    see(page, serve(scattered(3_000)))

    assert page.locator(".event-pin, .event-cluster").count() < 120
    assert page.evaluate("document.querySelectorAll('*').length") < 2_500


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_an_event_says_is_shown_as_it_stands_and_never_run(page, serve, lang):
    """In every text field, with every popup opened; `page` fails on errors, policy and foreign requests."""
    events = [
        make_event(
            id=f"bad{number:07}",
            title=words,
            lang=None,
            description=words,
            place_name=words,
            place_label=f"{words} {number}",
            status=Status.RETRACTED,
            status_reason=words,
            content_warning=words,
            geometry=Geometry.point(20 + 2 * number, 36.0),
            sources=(
                Source(
                    publisher=words, said_by=words, title=words, url="javascript:window.__p=1", quote=words
                ),
            ),
            about=(About(place_label=words, position=LonLat(30.0, 30.0 + number)),),
            translations=(Translation(lang="ar", title=words, description=words),),
            tags=("tag",),
        )
        for number, words in enumerate((*PAYLOADS, "right \u202e left", "`", "\\"))
    ]
    see(page, serve(events), f"/?lang={lang}")

    for event in events:
        page.locator(f'.event-row[href*="{event.id}"]').click()
        popup = page.locator(f'[data-event="{event.id}"]')
        assert popup.locator(".popup-title").text_content() == event.title
        assert event.title in popup.locator(".popup-warning").text_content()
        assert event.title in popup.locator(".popup-sources").text_content()
        assert event.title in popup.locator(".badge.retracted").text_content()
        assert event.title in popup.locator(".popup-where").first.text_content()
        assert popup.locator(".popup-sources a").count() == 0

    assert page.evaluate("window.__p") is None
    assert "1337" not in page.content()
    assert page.locator(".event-list .event-title").all_text_contents() == [
        each.title for each in reversed(events)
    ]


def test_hostile_events_change_no_byte_of_the_page(page, serve):
    calm = page.request.get(serve([make_event()]).address + "/").body()
    hostile = page.request.get(serve([make_event(title=words) for words in PAYLOADS]).address + "/").body()

    assert hostile == calm
