"""What somebody finds who has never been here: their draft, a place without a name, a fault."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.web.asking import FORM, PROPERTIES, keep, refusal
from tests.web.conftest import BROWSER, Site
from tests.web.page import Page

CURL = {"Accept": "*/*"}


def page(site: Site, path: str) -> Page:
    return Page(site.public.get(path).get_data(as_text=True))


def test_a_draft_is_found_again_from_the_list(site: Site) -> None:
    site.writer.post("/events", data=FORM | {"status": "draft"})

    at_home = Page(site.writer.get("/events").get_data(as_text=True))

    assert "Drafts: 1" in at_home.text
    address = next(link for link in at_home.links if "status=draft" in link)
    assert address == "/events?status=draft&view=internal"
    assert FORM["title"] in Page(site.writer.get(address).get_data(as_text=True)).text


def test_the_public_hears_of_no_draft(site: Site) -> None:
    site.writer.post("/events", data=FORM | {"status": "draft"})

    assert "Draft" not in page(site, "/events").text


def test_a_draft_says_how_it_is_published(site: Site) -> None:
    address = site.writer.post("/events", data=FORM | {"status": "draft"}).headers["Location"]

    draft = Page(site.writer.get(address).get_data(as_text=True))

    assert "To publish it, edit it and press “Publish”." in draft.text
    assert "/events?status=draft&view=internal" in draft.links


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("site", "exact site"),
        ("neighbourhood", "within about 1 km of this point"),
        ("settlement", "within about 3 km of this point"),
        ("near", "within 10 km of this point"),
    ],
)
def test_a_place_without_a_name_is_its_coordinates(site: Site, precision: str, words: str) -> None:
    kept = keep(site, geo_precision=precision)

    for path in (f"/events/{kept}", "/events"):
        assert f"latitude 36.4806, longitude 40.7477 · {words}" in page(site, path).text


def test_a_protected_place_without_a_name_shows_no_coordinates(site: Site) -> None:
    kept = keep(site, sensitivity="grid")

    assert "latitude" not in page(site, f"/events/{kept}").text


def test_a_withheld_source_is_said_to_be_withheld(site: Site) -> None:
    kept = keep(site, sources=[PROPERTIES["sources"][0] | {"confidential": True}])  # type: ignore[index]

    shown = page(site, f"/events/{kept}").text

    assert "Its source is not made public." in shown
    assert "No source is given." not in shown


def test_the_symbol_of_a_retracted_event_is_struck_through(site: Site) -> None:
    kept = keep(site)
    before = site.public.get(f"/events/{kept}").get_data(as_text=True)
    site.writer.post(f"/events/{kept}/retract", data={"reason": "It was another day.", "version": "1"})

    after = site.public.get(f"/events/{kept}").get_data(as_text=True)

    assert 'class="strike"' in after
    assert 'class="strike"' not in before


def test_the_symbol_of_a_condition_stands_on_a_plate_in_the_list_as_on_the_map(site: Site) -> None:
    keep(site)
    before = site.public.get("/events").get_data(as_text=True)
    keep(site, kind="condition")

    after = site.public.get("/events").get_data(as_text=True)

    assert (before.count('class="plate"'), after.count('class="plate"')) == (0, 1)


def test_the_district_of_a_place_is_called_one(site: Site) -> None:
    kept = keep(site, None, place_name="Amuda", geo_precision=None)

    shown = page(site, f"/events/{kept}").text

    assert re.search(r"Amuda, Hasakah governorate, Syria .*district of Qamishli", shown)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/events?limit=0", CURL),
        ("/nothing-here", CURL),
        ("/events", CURL | {"Host": "elsewhere.example"}),
        ("/events?limit=0", {"Accept": "application/json, text/html;q=0.5"}),
        ("/events?limit=0", {"Accept": "text/html;q=0, */*"}),
    ],
)
def test_a_program_is_told_of_a_fault_as_a_program(site: Site, path: str, headers: dict[str, str]) -> None:
    answer = site.public.get(path, headers=headers)

    assert refusal(answer)[0] in (400, 404)
    assert "Accept" in answer.vary


@pytest.mark.parametrize("path", ["/events?limit=0", "/nothing-here"])
def test_a_browser_is_told_of_it_as_a_page(site: Site, path: str) -> None:
    answer = site.public.get(path, headers={"Accept": BROWSER})

    assert answer.mimetype == "text/html"


def test_the_menu_offers_the_languages_in_which_a_page_is_whole(site: Site) -> None:
    for address in ("/", "/events"):
        found = Page(site.public.get(address).get_data(as_text=True))

        offered = [link for link in found.links if "lang=tr" in link or "lang=kmr" in link]
        assert offered == []


def test_new_words_are_searched_for_in_what_the_list_is_narrowed_to(site: Site) -> None:
    text = site.public.get("/events?country=SY&event_type=battles&q=gate").get_data(as_text=True)

    search = text[text.index('action="/events"') : text.index("</form>")]
    assert 'type="search" name="q" value="gate"' in search
    assert 'name="country" value="SY"' in search
    assert 'name="event_type" value="battles"' in search
    # The filters, in their turn, keep the words.
    assert '<input type="hidden" name="q" value="gate">' in text


def test_a_map_with_nothing_on_it_opens_on_the_region(make_site: Callable[..., Site]) -> None:
    of_region = make_site(countries=("SY", "IQ", "TR")).public.get("/").get_data(as_text=True)

    assert re.search(r"center: \[3[3-8]\.\d+, 3\d\.\d+\]", of_region)
    assert '"zoom": 5,' in of_region


def test_a_country_has_one_name_on_a_page(make_site: Callable[..., Site]) -> None:
    site = make_site(countries=("TR",))
    site.writer.post("/events", data=FORM | {"place_name": "Ceylanpınar", "country_code": "TR"})

    page = site.public.get("/events?country=TR").get_data(as_text=True)

    assert "Turkey" in page
    assert "Türkiye" not in page
