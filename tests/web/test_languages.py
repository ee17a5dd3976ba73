"""Which language a page is in, and that all of it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from geoevents.messages import Message
from tests.test_translations import MAY_BE_EQUAL, sentences
from tests.web.asking import FORM, keep, refusal
from tests.web.conftest import Site
from tests.web.page import Page


def language(site: Site, path: str = "/events", **headers: str) -> tuple[str | None, str | None]:
    client = site.public
    if cookie := headers.pop("cookie", None):
        client.set_cookie("lang", cookie)
    answer = client.get(path, headers={"Accept-Language": headers.get("accepted", "")})
    page = Page(answer.get_data(as_text=True))
    return page.attributes.get("lang"), page.attributes.get("dir")


def test_a_map_in_a_frame_changes_the_language_of_no_other_page(site: Site) -> None:
    framed = site.public.get("/embed?lang=ar")

    assert Page(framed.get_data(as_text=True)).attributes["lang"] == "ar"
    assert "Set-Cookie" not in framed.headers
    assert language(site) == ("en", "ltr")


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/events", {}, ("en", "ltr")),
        ("/events", {"accepted": "ar-SY,ar;q=0.9,en;q=0.8"}, ("ar", "rtl")),
        ("/events", {"accepted": "fr, en;q=0.3, ar;q=0.7"}, ("ar", "rtl")),
        ("/events", {"accepted": "fr"}, ("en", "ltr")),
        ("/events", {"accepted": "en", "cookie": "ar"}, ("ar", "rtl")),
        ("/events?lang=en", {"accepted": "ar", "cookie": "ar"}, ("en", "ltr")),
        ("/events?lang=ar", {}, ("ar", "rtl")),
        ("/events?lang=ar-IQ", {}, ("ar", "rtl")),
        ("/?lang=ar", {}, ("ar", "rtl")),
        ("/", {"cookie": "ar"}, ("ar", "rtl")),
        ("/nothing-here", {"accepted": "ar"}, ("ar", "rtl")),
        ("/events?limit=0", {"accepted": "ar"}, ("ar", "rtl")),
        # Only labels are in Kurmanji and Turkish so far, so the page says that it is in English.
        ("/events?lang=kmr", {}, ("en", "ltr")),
    ],
)
def test_the_address_then_the_cookie_then_the_browser(
    site: Site, path: str, headers: dict[str, str], expected: tuple[str, str]
) -> None:
    assert language(site, path, **headers) == expected


def test_a_choice_is_remembered_once_it_is_made(site: Site) -> None:
    browser = site.public

    browser.get("/events?lang=ar")

    assert 'lang="ar"' in browser.get("/about").get_data(as_text=True)
    assert "Set-Cookie" not in browser.get("/about").headers


@pytest.mark.parametrize(
    "path", ["/events?lang=ar", "/about?lang=ar", "/events/new?lang=ar", "/nothing-here?lang=ar"]
)
def test_links_carry_the_language(site: Site, path: str) -> None:
    keep(site)
    links = Page(site.writer.get(path).get_data(as_text=True)).links

    own = [link for link in links if link.startswith("/")]
    assert len(own) > 5
    assert [link for link in own if "lang=" not in link] == []


def test_labels_are_in_the_language_that_was_asked_for(site: Site) -> None:
    keep(site, None, place_name="Hasakah", geo_precision=None)

    shown = {
        lang: Page(site.public.get(f"/events?lang={lang}").get_data(as_text=True)).text
        for lang in ("ar", "kmr", "tr")
    }

    battles = site.backends.taxonomy.by_code["battles"].labels
    assert all(battles[lang] in shown[lang] for lang in shown)
    assert "الحسكة" in shown["ar"]
    assert re.search("Hesekê, .*Sûrîye", shown["kmr"])
    assert re.search("Haseke, .*Suriye", shown["tr"])


@pytest.mark.parametrize(
    "path",
    [
        "/events",
        "/events?event_type=battles&q=x&datetime=2022-01-01/2022-02-01",
        "/about",
        "/events/new",
        "/nothing-here",
        "/events?limit=0",
        "/",
    ],
)
def test_an_arabic_page_says_nothing_in_english(site: Site, path: str) -> None:
    keep(site, title="هجوم")
    said = Page(site.writer.get(path, headers={"Accept-Language": "ar"}).get_data(as_text=True)).text

    assert [sentence for sentence in _english() if sentence in said] == []


def test_a_filled_arabic_form_says_nothing_in_english(site: Site) -> None:
    typed = FORM | {"place_name": "Derik", "date_start": "x", "source_url": "ftp://x"}

    wrong = Page(site.writer.post("/events?lang=ar", data=typed).get_data(as_text=True)).text
    asked = Page(
        site.writer.post("/events?lang=ar", data=FORM | {"place_name": "Derik"}).get_data(as_text=True)
    ).text

    assert [sentence for sentence in _english() if sentence in wrong or sentence in asked] == []


def _english() -> Iterator[str]:
    """What stands between the parts of each English sentence, where it is long enough to be no accident."""
    for _, english, _ in sentences("ar"):
        for form in set(english) - MAY_BE_EQUAL:
            yield from (
                piece.strip()
                for piece in re.split(r"\{\w*\}", form)
                if len(piece.strip()) > 5 and " " in piece.strip()
            )


def test_a_problem_is_told_in_the_readers_language(site: Site) -> None:
    answer = site.public.get("/events.geojson?limit=0", headers={"Accept-Language": "ar"})

    status, field, sentence = refusal(answer)
    assert (status, field) == (400, "limit")
    assert re.search(r"[\u0600-\u06ff]", sentence)
    assert sentence != str(
        Message("'{text}' is not a limit. Write a number from 1 to {most}.", text="0", most=10_000)
    )


def test_a_long_basis_runs_its_own_way_on_a_line_of_its_own(site: Site) -> None:
    basis = "Two agencies reported it on the same day."
    event_id = keep(site, verification="corroborated", verification_basis=basis)

    page = site.public.get(f"/events/{event_id}?lang=ar").get_data(as_text=True)

    assert f'<p class="small" dir="auto">{basis}</p>' in page
