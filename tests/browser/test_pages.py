"""The pages in a browser: whole without scripts, in two directions, on a phone, whatever events say."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import feature, serving
from tests.browsing import watched
from tests.flows.serving import Server
from tests.strategies import PAYLOADS

pytestmark = pytest.mark.browser

AREA = {
    "type": "Polygon",
    "coordinates": [[[40.0, 36.0], [41.0, 36.0], [41.0, 37.0], [40.0, 37.0], [40.0, 36.0]]],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("pages")
    events = (
        feature(title="Gunmen attack the prison", translations={"ar": {"title": "مسلحون يهاجمون السجن"}}),
        feature(
            AREA,
            title="The strip is held",
            kind="condition",
            occurrence="lasting",
            geo_precision="area",
            event_type="territorial_control",
        ),
        feature(
            None,
            title="Nobody knows where",
            geo_precision="unlocated",
            event_type="protests",
            date_start="2022-01-22",
        ),
    )
    with serving(folder, *events) as started:
        yield started


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[tuple[str, str]]]]:
    """A server whose every event says something bad in every field; (id, words) of each."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    with serving(folder) as started:
        yield started, [(str(started.add(_saying(words))["id"]), words) for words in PAYLOADS]


def _saying(words: str) -> dict[str, object]:
    source = {"publisher": words, "said_by": words, "title": words, "quote": words}
    return feature(
        title=words,
        description=words,
        place_name=words,
        place_label=words,
        admin1=words,
        tags=[words.replace(",", "")],
        content_warning=words,
        verification_basis=words,
        sources=[source],
        actors=[{"name": words, "role": "side_a"}],
        about=[{"place_label": words}],
        translations={"ar": {"title": words, "description": words}},
    )


def test_a_reader_goes_from_map_to_list_to_event(page: Page, server: Server) -> None:
    page.goto(server.address + "/?event_type=battles")
    page.locator("html[data-ready=true]").wait_for()
    page.locator(".event-row").first.click()
    expect(page.locator(".popup-title")).to_have_text("Gunmen attack the prison")

    page.locator(".popup-links a").first.click()
    expect(page.locator("h1")).to_have_text("Gunmen attack the prison")
    expect(page.locator(".small-map .event-pin")).to_be_visible()

    page.locator(".site-nav a", has_text="List").click()
    expect(page.locator("h1")).to_have_text("2 events · 1 condition")


def test_the_internal_view_reaches_the_map_and_says_so(page: Page, server: Server) -> None:
    draft = server.add(feature(title="Only a draft", status="draft", date_start="2022-01-30"))
    page.goto(server.address + "/")
    page.locator("html[data-ready=true]").wait_for()
    expect(page.locator(".event-row", has_text="Only a draft")).to_have_count(0)

    page.goto(server.address + "/?view=internal")
    expect(page.get_by_role("note")).to_contain_text("Internal view")
    page.locator(".event-row", has_text="Only a draft").click()
    page.locator(".popup-links a").first.click()

    expect(page.locator("h1")).to_have_text("Only a draft")
    assert draft["id"] in page.url
    assert "view=internal" in page.url


@pytest.mark.parametrize("path", ["/", "/events"])
def test_what_the_address_asks_in_vain_is_told(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.address}{path}?colour=red&q=prison")

    expect(page.locator(".alert", has_text="colour")).to_contain_text("left out")
    expect(page.locator(".event-row")).to_have_count(1)


def test_filters_are_chips_that_come_off(page: Page, server: Server) -> None:
    page.goto(server.address + "/events")
    page.locator("summary", has_text="Types").click()
    page.locator("label.choice", has_text="Protests").click()
    page.locator("details[open] button").click()

    expect(page.locator(".event-title")).to_have_text(["Nobody knows where"])
    expect(page.locator(".sentence .chip")).to_contain_text("Protests")
    page.locator(".sentence .chip").click()
    expect(page.locator(".event-title")).to_have_count(3)


def test_a_question_by_days_gets_the_canonical_address(page: Page, server: Server) -> None:
    page.goto(server.address + "/events")
    page.locator("summary", has_text="Time").click()
    page.locator("#date_from").fill("2022-01-21")
    page.locator("details[open] button").click()

    assert "datetime=2022-01-21/.." in page.url
    assert "date_from" not in page.url
    expect(page.locator(".sentence")).to_contain_text("since 21 January 2022")


def test_the_pages_are_whole_without_scripts(chromium: Browser, server: Server) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    troubles = watched(page)

    page.goto(server.address + "/events")
    page.locator(".event-row", has_text="The strip is held").click()
    expect(page.locator("h1")).to_have_text("The strip is held")
    expect(page.locator(".facts")).to_contain_text("since 20 January 2022, still so when last reported")
    expect(page.locator(".facts")).to_contain_text("somewhere in the area")

    page.goto(server.address + "/")
    # Chromium driven without scripts still hides <noscript>.
    assert "The map needs JavaScript" in page.content()
    context.close()
    assert troubles == []


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("path", ["/", "/events"])
def test_the_search_field_says_on_a_phone_what_it_takes(
    chromium: Browser, server: Server, path: str, lang: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{server.address}{path}?lang={lang}")

    room, needed = page.locator("input[name=q]").first.evaluate(
        """field => {
          const style = getComputedStyle(field), words = getComputedStyle(field, "::placeholder");
          const pen = document.createElement("canvas").getContext("2d");
          pen.font = `${words.fontSize} ${words.fontFamily}`;
          const padding = parseFloat(style.paddingInlineStart) + parseFloat(style.paddingInlineEnd);
          return [field.clientWidth - padding, pen.measureText(field.placeholder).width];
        }"""
    )
    context.close()

    assert needed <= room


@pytest.mark.parametrize("path", ["/events", "/about", "/events/new", "/nothing-here"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_no_page_scrolls_sideways_on_a_phone(chromium: Browser, server: Server, path: str, lang: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{server.address}{path}?lang={lang}")

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_arabic_pages_are_mirrored_and_read_their_translations(page: Page, server: Server) -> None:
    page.goto(server.address + "/events?lang=ar")

    brand, languages = (page.locator(part).bounding_box() for part in (".brand", ".languages"))
    assert brand is not None
    assert languages is not None
    assert brand["x"] > languages["x"]
    expect(page.locator(".event-row", has_text="مسلحون يهاجمون السجن")).to_be_visible()
    # A title that nobody translated runs its own way.
    untranslated = page.locator(".event-title bdi", has_text="The strip is held")
    assert untranslated.evaluate("each => getComputedStyle(each).unicodeBidi") == "isolate"


def test_the_language_is_chosen_once_and_stays(page: Page, server: Server) -> None:
    page.goto(server.address + "/events?event_type=protests")
    page.locator(".languages summary").click()
    page.locator(".languages a", has_text="العربية").click()

    assert "event_type=protests" in page.url
    page.goto(server.address + "/about")
    assert page.locator("html").get_attribute("lang") == "ar"


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_an_event_says_is_shown_as_it_stands_on_every_page(
    page: Page, hostile: tuple[Server, list[tuple[str, str]]], lang: str
) -> None:
    """Events made of the payloads of tests/strategies.py; `page` fails on errors and foreign requests too."""
    server, events = hostile
    page.goto(f"{server.address}/events?lang={lang}")
    assert sorted(page.locator(".event-title bdi").all_text_contents()) == sorted(
        words for _, words in events
    )
    _nothing_ran(page)

    for event_id, words in events:
        for view in ("", "&view=internal"):
            page.goto(f"{server.address}/events/{event_id}?lang={lang}{view}")
            assert page.locator("h1").text_content() == words
            assert page.locator("blockquote").text_content() == words
            assert page.locator(".content-warning").text_content() == words
            _nothing_ran(page)
        page.goto(f"{server.address}/events/{event_id}/edit?lang={lang}")
        assert page.locator("#title").input_value() == words
        assert page.locator("#description").input_value() == words
        _nothing_ran(page)


def test_what_is_asked_and_mistyped_is_shown_as_it_stands(
    page: Page, hostile: tuple[Server, list[tuple[str, str]]]
) -> None:
    server, events = hostile
    for _, words in events:
        page.goto(f"{server.address}/events")
        page.locator("#site-q").fill(words)
        page.locator(".site-search button").click()
        expect(page.locator(".sentence .chip").first).to_contain_text(words)
        _nothing_ran(page)

        page.goto(f"{server.address}/events/new")
        page.locator("#title").fill(words)
        page.locator("#date_start").fill(words)
        page.locator("#place_name").fill(words)
        page.locator("button.primary").click()
        assert page.locator("#date_start").input_value() == words
        expect(page.locator("#date_start-error")).to_contain_text(words)
        _nothing_ran(page)

        page.goto(
            f"{server.address}/events?datetime={html.escape(words)}".replace("%", "%25").replace("#", "%23")
        )
        _nothing_ran(page)


def _nothing_ran(page: Page) -> None:
    assert page.evaluate("window.__p") is None
    assert "1337" not in page.content()


def test_on_a_phone_list_and_legend_make_way_for_each_other(chromium: Browser, server: Server) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(server.address)
    page.wait_for_selector("html[data-ready]")
    state = """() => [document.querySelector(".panel").classList.contains("open"),
      document.querySelector("details.legend").open]"""

    seen = []
    for control in ("#sheet", "details.legend summary", "#sheet"):
        page.locator(control).first.click()
        page.wait_for_timeout(300)
        seen.append(page.evaluate(state))
    context.close()

    assert seen == [[True, False], [False, True], [True, False]]
