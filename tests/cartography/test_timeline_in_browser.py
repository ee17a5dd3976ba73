"""Time under the map: bars, two handles, a window; by keyboard, mouse and finger; and everybody follows."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from geoevents.events import Kind
from geoevents.geometries import Geometry
from geoevents.times import Occurrence
from tests.browsing import watched
from tests.cartography.desk import CACHE, SETTLED, Desk, open_desk, until
from tests.strategies import make_event

pytestmark = pytest.mark.browser

FIRST = date(2022, 1, 1)
DAYS = 20


def day(number: int) -> str:
    return (FIRST + timedelta(number)).isoformat()


def some_events():
    """Two battles and a riot on each of twenty days, one thing that is uncertain, one that holds."""
    events = []
    for number in range(DAYS):
        for copy, kind in enumerate(("battles", "battles", "riots")):
            events.append(
                make_event(
                    id=f"day{number:02}-{copy}0000",
                    title=f"Day {number} number {copy}",
                    event_type=kind,
                    date_start=FIRST + timedelta(number),
                    geometry=Geometry.point(38.0 + number / 10, 36.0),
                )
            )
    events.append(
        make_event(
            id="uncertain1",
            title="On one of four days",
            event_type="protests",
            date_start=FIRST + timedelta(3),
            date_end=FIRST + timedelta(6),
        )
    )
    events.append(
        make_event(
            id="holding123",
            title="The crossing is closed",
            kind=Kind.CONDITION,
            event_type="humanitarian_access",
            date_start=FIRST + timedelta(10),
            occurrence=Occurrence.LASTING,
        )
    )
    return events


@pytest.fixture(scope="module")
def desk():
    if not (CACHE / "basemap" / "index.json").is_file():
        pytest.skip("no base map: run `make setup`")
    with open_desk(some_events()) as opened:
        yield opened


def see(page: Page, desk: Desk, address: str = "/") -> None:
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto(desk.address + address)
    until(page, SETTLED)
    until(page, "document.getElementById('timeline').dataset.ready === 'true'")


def asked(page: Page) -> str | None:
    """The days that the address asks for."""
    return page.evaluate("new URLSearchParams(location.search).get('datetime')")


def asks(page: Page, days: str | None) -> None:
    until(
        page,
        f"new URLSearchParams(location.search).get('datetime') === {'null' if days is None else repr(days)}",
    )


def matched(page: Page, text: str) -> None:
    expect(page.locator("#matched")).to_have_text(text)


def first(page: Page):
    return page.get_by_role("slider", name="First day")


def last(page: Page):
    return page.get_by_role("slider", name="Last day")


def at(page: Page, place: float) -> tuple[float, float]:
    """Where on the screen a place in time is, in bars from the first."""
    box = page.locator(".timeline-chart").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * place / DAYS, box["y"] + 20


def drag(page: Page, start: float, end: float) -> None:
    page.mouse.move(*at(page, start))
    page.mouse.down()
    page.mouse.move(*at(page, (start + end) / 2), steps=4)
    page.mouse.move(*at(page, end), steps=4)
    page.mouse.up()


def height(page: Page, code: str, kind: str = "sure") -> float:
    """How high the bars of a type stand, all together."""
    return page.evaluate(
        f"document.querySelector('.timeline-{kind}[data-code={code}]')?.getBBox().height ?? 0"
    )


def test_the_keyboard_moves_each_end_and_says_where_it_is(page, desk):
    see(page, desk)
    expect(first(page)).to_have_attribute("aria-valuetext", "from the beginning, 1 January 2022")
    expect(last(page)).to_have_attribute("aria-valuetext", "to the end, 20 January 2022")

    first(page).focus()
    page.keyboard.press("ArrowRight")
    asks(page, f"{day(1)}/..")
    expect(first(page)).to_have_attribute("aria-valuetext", "2 January 2022")
    matched(page, "58 events · 1 condition")

    for key, days in [
        ("PageUp", f"{day(3)}/.."),
        ("ArrowLeft", f"{day(2)}/.."),
        ("End", f"{day(19)}/.."),
        ("Home", None),
    ]:
        page.keyboard.press(key)
        asks(page, days)

    last(page).focus()
    page.keyboard.press("ArrowDown")
    asks(page, f"../{day(18)}")
    expect(last(page)).to_have_attribute("aria-valuetext", "19 January 2022")
    page.keyboard.press("Home")
    asks(page, f"../{day(0)}")
    matched(page, "3 events")


def test_with_shift_the_window_moves_as_it_is(page, desk):
    see(page, desk, f"/?datetime={day(4)}/{day(6)}")

    last(page).focus()
    page.keyboard.press("Shift+ArrowRight")

    asks(page, f"{day(5)}/{day(7)}")


def test_a_drag_is_one_step_and_the_way_back_leads_before_it(page, desk):
    see(page, desk)
    before = page.evaluate("history.length")

    drag(page, 0, 5)
    asks(page, f"{day(5)}/..")
    drag(page, 20, 10)
    asks(page, f"{day(5)}/{day(9)}")
    matched(page, "16 events")
    assert page.evaluate("history.length") == before + 2

    page.go_back()
    asks(page, f"{day(5)}/..")
    expect(last(page)).to_have_attribute("aria-valuetext", "to the end, 20 January 2022")
    matched(page, "46 events · 1 condition")
    page.go_back()
    asks(page, None)
    matched(page, "61 events · 1 condition")


def test_the_window_is_dragged_as_wide_as_it_is(page, desk):
    see(page, desk, f"/?datetime={day(2)}/{day(4)}")

    drag(page, 3.5, 9.5)
    asks(page, f"{day(8)}/{day(10)}")

    drag(page, 9.5, 40)
    asks(page, f"{day(17)}/{day(19)}")


def test_a_stretch_is_drawn_where_nothing_is_chosen(page, desk):
    see(page, desk)

    drag(page, 4.5, 7.5)

    asks(page, f"{day(4)}/{day(7)}")


@pytest.mark.parametrize(
    ("bar", "says", "counts"),
    [
        (0, "1 January 2022: 3 events", "3 events"),
        (4, "5 January 2022: 3 surely · 1 possibly", "4 events"),
        (12, "13 January 2022: 3 events · 1 lasting then", "3 events · 1 condition"),
    ],
)
def test_a_click_chooses_a_bar_and_it_counts_what_the_list_counts(page, desk, bar, says, counts):
    see(page, desk)

    page.mouse.click(*at(page, bar + 0.5))

    asks(page, day(bar))
    expect(page.locator("#days")).to_have_text(says)
    matched(page, counts)
    page.get_by_role("button", name="All days").click()
    asks(page, None)
    matched(page, "61 events · 1 condition")


def test_map_list_legend_and_links_follow_without_a_new_page(page, desk):
    see(page, desk)
    page.evaluate("window.stayed = true")
    shown = "[...geoevents.map.geoeventsBoard.markers.values()].reduce((all, m) => all + m.item.total, 0)"
    assert page.evaluate(shown) == 62

    page.mouse.click(*at(page, 12.5))
    asks(page, day(12))
    until(page, f"{shown} === 4")
    expect(page.locator(".event-list > li")).to_have_count(4)
    expect(page.locator('.legend-count[data-code="battles"]')).to_have_text("2")
    assert page.locator('.legend-count[data-code="battles"]').get_attribute("href") == (
        f"/events?lang=en&datetime={day(12)}&event_type=battles"
    )
    for link in page.locator("[data-carry=query]").all():
        assert f"datetime={day(12)}" in str(link.get_attribute("href"))
    expect(page.locator("[data-filter=time] summary")).to_have_text(["13 Jan 2022", "13 Jan 2022"][0])
    assert page.evaluate("stayed")


def test_other_filters_are_asked_in_place_and_change_the_bars(page, desk):
    see(page, desk, f"/?datetime={day(3)}/{day(5)}")
    page.evaluate("window.stayed = true")
    assert height(page, "battles") > 0
    assert height(page, "protests", "unsure") > 0

    page.locator("[data-filter=types] summary").click()
    page.locator("input[name=event_type][value=riots]").check()
    page.locator("[data-filter=types] .button").click()

    until(page, "!document.querySelector('.timeline-sure[data-code=battles]')")
    assert page.url.split("#")[0].endswith(f"/?datetime={day(3)}/{day(5)}&event_type=riots")
    matched(page, "3 events")
    assert height(page, "riots") > 0
    page.locator("[data-filter=time] summary").click()
    page.locator("#date-to").fill(day(9))
    page.locator("[data-filter=time] .button").click()
    asks(page, f"{day(3)}/{day(9)}")
    expect(last(page)).to_have_attribute("aria-valuetext", "10 January 2022")
    page.locator("#clear").click()
    asks(page, None)
    matched(page, "61 events · 1 condition")
    assert page.evaluate("stayed")


def test_the_days_alone_fetch_no_bars_anew(page, desk):
    see(page, desk)
    desk.asked.clear()

    page.mouse.click(*at(page, 3.5))
    matched(page, "4 events")

    assert [path for path in desk.asked if path.startswith("/timeline")] == []


def test_a_type_switched_off_is_left_out_of_the_bars(page, desk):
    see(page, desk)
    most = page.locator(".timeline-most")
    expect(most).to_have_text("4")

    page.get_by_role("checkbox", name="Battles").uncheck()

    expect(most).to_have_text("2")
    assert (height(page, "battles"), height(page, "riots") > 0) == (0, True)
    page.mouse.move(*at(page, 0.5))
    expect(page.locator("#days")).to_have_text("1 January 2022: 1 event")


def test_what_lasts_hangs_below_the_line_from_its_first_day_and_goes_on(page, desk):
    see(page, desk)

    box = page.locator(".timeline-sure[data-code=humanitarian_access]").bounding_box()
    line = page.locator(".timeline-line").bounding_box()

    assert box["y"] > line["y"]
    assert box["x"] == pytest.approx(at(page, 10)[0], abs=1.5)
    assert box["x"] + box["width"] == pytest.approx(at(page, 20)[0], abs=1.5)
    expect(page.locator(".timeline-still")).to_have_count(1)


def test_it_plays_to_the_end_and_stops(page, desk):
    see(page, desk, f"/?datetime={day(16)}/{day(17)}")
    page.get_by_role("button", name="Play through time").focus()

    page.keyboard.press(" ")
    asks(page, f"{day(17)}/{day(18)}")
    expect(page.get_by_role("button", name="Stop playing")).to_be_focused()
    asks(page, f"{day(18)}/{day(19)}")
    matched(page, "6 events · 1 condition")
    expect(page.get_by_role("button", name="Play through time")).to_be_visible()
    page.go_back()

    asks(page, f"{day(16)}/{day(17)}")


def test_it_stops_where_it_is_told_to(page, desk):
    see(page, desk)

    page.get_by_role("button", name="Play through time").click()
    asks(page, day(1))
    first(page).focus()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play through time")).to_be_visible()
    stopped = asked(page)
    page.wait_for_timeout(1200)

    assert asked(page) == stopped


def test_who_asks_for_no_motion_gets_steps_alone(chromium: Browser, desk):
    motions = {}
    for wish in ("no-preference", "reduce"):
        page = chromium.new_context(reduced_motion=wish).new_page()
        see(page, desk)
        page.get_by_role("button", name="Play through time").click()
        asks(page, day(1))
        motions[wish] = page.evaluate(
            "getComputedStyle(document.querySelector('.timeline-window')).transitionDuration"
        )
        page.context.close()

    assert {float(each.rstrip("s")) > 0.01 for each in motions["no-preference"].split(", ")} == {True}
    assert {float(each.rstrip("s")) < 0.01 for each in motions["reduce"].split(", ")} == {True}


def test_a_finger_finds_the_handles_and_drags_them(chromium: Browser, desk):
    page = chromium.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
    ).new_page()
    troubles = watched(page)
    page.goto(desk.address + f"/?datetime={day(9)}")
    until(page, SETTLED)
    until(page, "document.getElementById('timeline').dataset.ready === 'true'")

    targets = page.evaluate(
        """() => [...document.querySelectorAll('.timeline-handle')].map((handle) => {
            const { width, height } = getComputedStyle(handle, '::before');
            return [parseFloat(width), parseFloat(height)];
        })"""
    )
    assert all(each >= 44 for target in targets for each in target)
    # The two targets of a window of one bar do not lie upon each other.
    x, y = at(page, 9)
    touch = page.context.new_cdp_session(page)
    to = at(page, 4)[0]
    send = lambda kind, *points: touch.send(  # noqa: E731
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at_x, "y": y} for at_x in points]}
    )
    send("touchStart", x - 15)
    for step in range(1, 9):
        send("touchMove", x - 15 + (to - x) * step / 8)
    send("touchEnd")

    asks(page, f"{day(4)}/{day(9)}")
    sheet, bars = (page.locator(each).bounding_box() for each in ("#list", "#timeline"))
    assert bars["y"] + bars["height"] <= sheet["y"] + 1
    assert troubles == []
    page.context.close()


def test_in_arabic_time_runs_from_right_to_left(page, desk):
    see(page, desk, f"/?lang=ar&datetime={day(4)}")
    box = page.locator(".timeline-chart").bounding_box()
    window = page.locator(".timeline-window").bounding_box()
    beginning, end = page.get_by_role("slider").all()

    assert box["x"] + box["width"] - window["x"] - window["width"] == pytest.approx(
        box["width"] * 4 / DAYS, abs=1
    )
    expect(beginning).to_have_attribute("aria-valuetext", "5 كانون الثاني 2022")
    end.focus()
    page.keyboard.press("ArrowLeft")
    asks(page, f"{day(4)}/{day(5)}")
    page.keyboard.press("ArrowUp")
    asks(page, f"{day(4)}/{day(6)}")


def test_days_between_the_edges_of_bars_are_kept_as_they_were_typed(page):
    events = [
        make_event(date_start=date(2019, 1, 1)),
        make_event(id="another123", date_start=date(2022, 12, 31)),
    ]
    with open_desk(events) as desk:
        see(page, desk, "/?datetime=2020-03-10/2021-06-20")

        expect(page.locator("#days")).to_have_text(re.compile("10 March 2020.*20 June 2021"))
        first(page).focus()
        page.keyboard.press("ArrowLeft")

        asks(page, "2020-03-01/2021-06-20")


def test_where_there_is_nothing_there_is_no_time_either(page):
    with open_desk([]) as desk:
        page.goto(desk.address)
        until(page, SETTLED)
        until(page, "document.getElementById('timeline').dataset.ready === 'true'")

        expect(page.locator("#timeline")).to_be_hidden()
        sizes = page.evaluate(
            "[geoevents.map.getSize().y, document.querySelector('.map-frame').clientHeight]"
        )
        assert sizes[0] == sizes[1]


def test_where_a_question_finds_nothing_the_room_for_bars_stays(page, desk):
    see(page, desk, "/?q=nowhere")

    expect(page.locator("#days")).to_have_text("No event matches these filters.")
    assert page.get_by_role("slider").count() == 0
    page.locator("#clear").click()

    expect(page.locator("#days")).to_have_text("from 1 to 20 January 2022")
    expect(first(page)).to_have_attribute("aria-valuetext", "from the beginning, 1 January 2022")


def test_a_new_event_is_in_the_bars_when_it_is_on_the_map(page):
    with open_desk(some_events()[:3]) as desk:
        see(page, desk)
        expect(page.locator(".timeline-most")).to_have_text("3")

        desk.events = [*desk.events, make_event(id="onemore123", date_start=FIRST)]
        desk.revision += 1
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

        expect(page.locator(".timeline-most")).to_have_text("4")
