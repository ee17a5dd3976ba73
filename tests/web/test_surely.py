"""What the lists and downloads of a question on place or time say of each event: surely, or possibly."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.web.asking import keep, refusal
from tests.web.conftest import Site

IN_TOWN = {"type": "Point", "coordinates": [40.74, 36.5]}
BESIDE = {"type": "Point", "coordinates": [40.98, 36.5]}
FAR = {"type": "Point", "coordinates": [36.3, 33.5]}


@pytest.fixture
def three(site: Site) -> Site:
    keep(site, IN_TOWN, title="In the town", geo_precision="site")
    keep(site, BESIDE, title="Near the edge", geo_precision="near", uncertainty_m=25_000)
    keep(site, FAR, title="Far away", geo_precision="site")
    return site


def titles(site: Site, query: str) -> dict[str, str | None]:
    """Title -> match of the Features that answer a question."""
    features = json.loads(site.public.get(f"/events.geojson?{query}").get_data())["features"]
    return {each["properties"]["title"]: each.get("match") for each in features}


def test_near_a_place_is_surely_or_possibly_near(three: Site) -> None:
    both = {"In the town": "surely", "Near the edge": "possibly"}

    assert titles(three, "near=40.74,36.5;22km") == both
    assert titles(three, "near=geonames:173811;22km") == both
    assert titles(three, "near=40.74,36.5;22km&certainty=surely") == {"In the town": "surely"}
    assert titles(three, "near=40.74,36.5;22km&limit=1&certainty=possibly") == {"Near the edge": "possibly"}
    assert set(titles(three, "event_type=battles").values()) == {None}


def test_counts_add_up_and_are_links(three: Site) -> None:
    near = "near=40.74,36.5;22km"

    answers = [three.public.get(f"/events.geojson?{near}{more}").json for more in ("", "&limit=1")]
    page = three.public.get(f"/events?{near}&lang=en").get_data(as_text=True)

    assert [each["numberMatchedByCertainty"] for each in answers] == [{"surely": 1, "possibly": 1}] * 2
    assert f'<a href="/events?{near}&amp;certainty=surely&amp;lang=en">1 surely</a>' in page
    assert f'<a href="/events?{near}&amp;certainty=possibly&amp;lang=en">1 possibly</a>' in page
    assert page.count("Possibly:") == page.count("known within 25 km") == 1


def test_a_box_without_a_word_on_certainty_means_what_it_always_meant(three: Site) -> None:
    beside = "bbox=40.7,36.4,40.8,36.6"

    assert titles(three, beside) == {"In the town": "surely"}
    assert titles(three, beside + "&certainty=possibly") == {"Near the edge": "possibly"}


def test_csv_has_a_last_column_that_says_so(three: Site) -> None:
    def rows(query: str) -> list[dict[str, str]]:
        body = three.public.get(f"/events.csv?{query}").get_data().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(body)))

    found = rows("near=40.74,36.5;22km")

    assert list(found[0])[-1] == "match"
    assert {each["title"]: each["match"] for each in found} == {
        "In the town": "surely",
        "Near the edge": "possibly",
    }
    assert "match" not in rows("event_type=battles")[0]


def test_what_was_downloaded_with_its_match_can_be_sent_back(three: Site) -> None:
    feature = three.public.get("/events.geojson?near=40.74,36.5;1km").json["features"][0]

    answer = three.writer.put(f"/events/{feature['id']}", json=feature, headers={"If-Match": '"1"'})

    assert (feature["match"], answer.status_code) == ("surely", 200)


def test_a_date_that_may_be_another_is_only_possibly_asked_for(site: Site) -> None:
    keep(site, title="Some day", date_start="2022-01-20", date_end="2022-01-26")

    page = site.public.get("/events?datetime=2022-01-20/2022-01-22&lang=en").get_data(as_text=True)

    assert titles(site, "datetime=2022-01-20/2022-01-22") == {"Some day": "possibly"}
    assert titles(site, "datetime=2022-01-20/2022-01-26") == {"Some day": "surely"}
    assert "dated between \u206820 January 2022\u2069 and" in page or "dated between 20" in page


@pytest.mark.parametrize(
    ("query", "field", "named"),
    [
        ("near=geonames:999999999;25km", "near", "geonames:999999999"),
        ("near=geonames:163843;25km", "near", "Syria"),
        ("area=geonames:173811", "area", "geonames:173811"),
        ("area=area:nowhere@2019-10", "area", "area:nowhere@2019-10"),
        ("near=40.74,36.5;2000km", "near", "2000km"),
    ],
)
def test_a_place_that_cannot_be_asked_about_is_named(site: Site, query: str, field: str, named: str) -> None:
    status, at, said = refusal(site.public.get(f"/events.geojson?{query}"))

    assert (status, at) == (400, field)
    assert named in said


def test_an_area_is_asked_for_by_the_id_of_its_version(site: Site) -> None:
    keep(site, {"type": "Point", "coordinates": [40.0, 36.7]}, title="Inside", geo_precision="site")
    keep(site, IN_TOWN, title="Outside", geo_precision="site")

    assert titles(site, "area=area:peace-spring@2019-10") == {"Inside": "surely"}


def test_what_stands_on_no_map_can_be_asked_for(site: Site) -> None:
    keep(site, None, title="Nowhere", geo_precision="unlocated")
    keep(site, IN_TOWN, title="Somewhere", geo_precision="settlement")

    assert list(titles(site, "located=no")) == ["Nowhere"]
    assert list(titles(site, "located=yes")) == ["Somewhere"]
    assert list(titles(site, "geo_precision=unlocated&geo_precision=site")) == ["Nowhere"]


def test_a_place_is_found_by_any_of_its_names(site: Site) -> None:
    keep(site, IN_TOWN, title="Shells hit Ayn al-Arab")
    keep(site, IN_TOWN, title="قصف على عين العرب")
    keep(site, IN_TOWN, title="The Syrian Arab agency on Ras al-Ayn")
    keep(
        site, None, title="A quiet night", geo_precision=None, place_name="Kobani", place_id="geonames:172256"
    )

    found = set(titles(site, "q=Kobane"))
    page = site.public.get("/events?q=Kobane&lang=en").get_data(as_text=True)

    assert found == {"Shells hit Ayn al-Arab", "قصف على عين العرب", "A quiet night"}
    assert set(titles(site, "q=Kobane+night")) == {"A quiet night"}
    assert "Also searched:" in page
    assert "Ayn al-Arab" in page


def test_the_public_is_told_nothing_of_the_teams_own_places(site: Site) -> None:
    status, field, _ = refusal(site.writer.get("/events.geojson?near=team:house;25km"))

    assert (status, field) == (400, "near")


def test_without_scripts_a_form_asks_near_a_name(site: Site) -> None:
    answer = site.public.get("/events?near_place=Hasakah&near_km=10&country=&lang=en")
    again = site.public.get("/events?near=geonames:173811;10km&near_place=&near_km=10&lang=en")

    assert answer.status_code == again.status_code == 303
    assert answer.headers["Location"] == "/events?near=geonames:173811;10km&lang=en"
    assert again.headers["Location"] == "/events?lang=en"


def test_a_name_of_several_places_asks_which_one(site: Site) -> None:
    page = site.public.get("/events?near_place=Derik&near_km=10&lang=en")
    unknown = site.public.get("/events?near_place=Xyzzyqq&near_km=10&lang=en").get_data(as_text=True)

    assert page.status_code == 200
    assert "near=geonames:173530;10km" in page.get_data(as_text=True)
    assert "may mean several places" in page.get_data(as_text=True)
    assert "We know no place called" in unknown


def test_a_distance_is_changed_without_naming_the_place_again(site: Site) -> None:
    page = site.public.get("/events?near=geonames:173811;10km&lang=en").get_data(as_text=True)
    called = page.split('data-near value="')[1].split('"')[0]

    answer = site.public.get(
        "/events", query_string={"near": "geonames:173811;10km", "near_place": called, "near_km": "2.5"}
    )

    assert answer.headers["Location"] == "/events?near=geonames:173811;2.5km"
