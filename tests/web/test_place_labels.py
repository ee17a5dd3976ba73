"""Places are called what their readers call them, where the gazetteer knows it."""

from __future__ import annotations

import pytest

from tests.web.asking import FORM, feature, keep
from tests.web.conftest import Site
from tests.web.page import Page

HASAKAH = "Hasakah, Hasakah governorate, Syria"
IN_ARABIC = "الحسكة، محافظة الحسكة، سوريا"
TILE = "/tiles/9/313/200.json"


@pytest.fixture
def hasakah(site: Site) -> str:
    return keep(site, None, place_name="Hasakah", geo_precision=None)


def test_the_page_of_an_event_calls_its_place_by_the_readers_name(site: Site, hasakah: str) -> None:
    page = Page(site.public.get(f"/events/{hasakah}?lang=ar").get_data(as_text=True))

    assert IN_ARABIC in page.text
    assert HASAKAH not in page.text


def test_a_tile_tells_the_names_of_its_places_to_who_asks(site: Site, hasakah: str) -> None:
    plain, arabic = (site.public.get(TILE + query).json for query in ("", "?lang=ar"))

    assert [each["properties"]["place_label"] for each in plain["features"]] == [HASAKAH]
    assert "place_labels" not in plain
    assert arabic == plain | {"place_labels": {HASAKAH: IN_ARABIC}}


def test_a_page_of_features_tells_them_too_and_the_features_stay_as_they_are(
    site: Site, hasakah: str
) -> None:
    plain, arabic = (site.public.get(f"/events.geojson?limit=5{query}").json for query in ("", "&lang=ar"))

    assert arabic == plain | {"place_labels": {HASAKAH: IN_ARABIC}}


def test_a_download_is_the_same_in_every_language(site: Site, hasakah: str) -> None:
    plain, arabic = (site.public.get(f"/events.geojson{query}").data for query in ("", "?lang=ar"))

    assert plain == arabic


def test_each_language_has_its_own_tag(site: Site, hasakah: str) -> None:
    tags = {
        site.public.get(TILE + query).headers["ETag"] for query in ("", "?lang=en", "?lang=ar", "?lang=tr")
    }

    assert len(tags) == 3


def test_what_a_statement_speaks_of_is_named_too(site: Site) -> None:
    places = [{"place_id": "geonames:173811", "place_label": HASAKAH, "role": "concerns"}]
    kept = keep(site, about=places)

    page = Page(site.public.get(f"/events/{kept}?lang=ar").get_data(as_text=True))

    assert IN_ARABIC in page.text


def test_a_place_that_is_not_known_keeps_its_label(site: Site) -> None:
    kept = keep(site, place_label="Far Field", admin1="Nowhere", country_code="SY")

    page = Page(site.public.get(f"/events/{kept}?lang=ar").get_data(as_text=True))

    assert "Far Field" in page.text
    assert "Nowhere" in page.text


def test_a_place_that_is_protected_is_named_nowhere(site: Site, hasakah: str) -> None:
    body = feature(None, place_name="Hasakah", geo_precision=None, sensitivity="admin1")
    site.writer.put(f"/events/{hasakah}", json=body, headers={"If-Match": '"1"'})

    answers = (site.public.get(path) for path in (TILE + "?lang=ar", "/events.geojson?limit=5&lang=ar"))

    assert [IN_ARABIC in answer.get_data(as_text=True) for answer in answers] == [False, False]


def test_the_question_in_force_is_said_in_the_readers_words(site: Site, hasakah: str) -> None:
    asked = "/events?lang=ar&place=geonames:173811&country=SY&admin1=Hasakah"

    page = Page(site.public.get(asked).get_data(as_text=True))

    assert f"في {IN_ARABIC}" in page.text
    assert "محافظة الحسكة" in page.text.replace(IN_ARABIC, "")


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("5 km west of Hasakah", "على بعد 5 كم غرب \u2068الحسكة\u2069، محافظة الحسكة، سوريا"),
        ("Hasakah countryside", "ريف الحسكة، محافظة الحسكة، سوريا"),
        (
            "between Hasakah and Qamishli",
            "بين \u2068الحسكة\u2069 و\u2068القامشلي\u2069، محافظة الحسكة، سوريا",
        ),
        ("the Syrian-Turkish border", "الحدود بين \u2068سوريا\u2069 و\u2068تركيا\u2069"),
    ],
)
def test_a_place_worked_out_from_others_is_said_in_the_readers_language(
    site: Site, phrase: str, said: str
) -> None:
    kept = keep(site, None, place_name=phrase, geo_precision=None)

    english, arabic = (
        Page(site.public.get(f"/events/{kept}{query}").get_data(as_text=True)).text
        for query in ("", "?lang=ar")
    )

    assert said in arabic
    assert said not in english


def test_a_candidate_that_is_worked_out_is_offered_in_the_readers_language(site: Site) -> None:
    page = site.writer.post("/events?lang=ar", data=FORM | {"place_name": "5 km west of Derik"})

    assert "على بعد 5 كم غرب \u2068المالكية\u2069" in page.get_data(as_text=True)
