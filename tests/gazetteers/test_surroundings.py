"""The governorate that somebody gives: in any spelling, as a prior that fades beyond its border."""

from __future__ import annotations

import pytest

from geoevents.gazetteers.asking import Request
from geoevents.gazetteers.surroundings import areas_given, metres_outside
from geoevents.places import Context, ResolutionStatus
from tests.gazetteers.conftest import area, town

SPELLINGS = {
    "Hasakah": "Hasakah|Al-Hasakah|Al-Hasakeh|Hassakeh Governorate|hasaka province|Parêzgeha Hesekê|الحسكة",
    "Rif Dimashq": "Rural Damascus|Rif Dimashq|ريف دمشق|محافظة ريف دمشق|Rif-Dimashq Governorate",
    "Deir ez-Zor": "Deir ez-Zor Governorate|Deir Ezzour|Dayr az Zawr|دير الزور|Deir-ez-Zor",
    "Aleppo": "Aleppo countryside|eastern Aleppo countryside|Aleppo Governorate, Syria|ريف حلب الشرقي|Halab",
    "Suwayda": "As-Suweida|Sweda|As-Suwayda",
    "Daraa": "Dar`a|Daraa|درعا",
    "Idlib": "Idleb|Edlib governorate|إدلب",
}


@pytest.fixture
def given(gazetteer):
    def areas(admin1: str, country: str | None = "SY") -> list[tuple[str, str]]:
        context = Context(country_code=country, admin1=admin1)
        rows = areas_given(Request("x", context, gazetteer.index, ("SY", "IQ", "TR")))
        return [(row.name, row.kind) for row in rows]

    return areas


@pytest.mark.parametrize(
    ("spelling", "name"), [(each, name) for name, all_ in SPELLINGS.items() for each in all_.split("|")]
)
@pytest.mark.parametrize("country", ["SY", None])
def test_a_governorate_is_understood_in_any_spelling(given, spelling, name, country):
    assert given(spelling, country) == [(name, "admin1")]


@pytest.mark.parametrize("words", ["nowhere at all", "Springfield", "", "…"])
def test_what_is_no_governorate_changes_nothing(given, words):
    assert given(words) == []


def test_a_place_across_the_border_of_the_governorate_is_likelier_than_one_far_away(make_gazetteer):
    west = area("area:west@1", "West", (38, 35, 39, 36), kind="admin1", geo_precision="province")
    east = area("area:east@1", "East", (39, 35, 40, 36), kind="admin1", geo_precision="province")
    towns = [town(1, "Twin", 38.5, 34.5, population=40_000), town(2, "Twin", 39.02, 35.5, population=2_000)]
    gazetteer = make_gazetteer(towns=towns, areas=[west, east])

    near, far = gazetteer.resolve("Twin", Context(country_code="SY", admin1="West")).candidates

    assert (near.place.place_id, far.place.place_id) == ("geonames:2", "geonames:1")
    assert near.score > far.score


def test_a_place_is_as_far_from_an_area_as_its_nearest_edge(make_gazetteer):
    west = area("area:west@1", "West", (38, 35, 39, 36), kind="admin1", geo_precision="province")
    towns = [town(1, "Inside", 38.5, 35.5), town(2, "Beside", 39.2, 35.5), town(3, "Afar", 45, 35.5)]
    index = make_gazetteer(towns=towns, areas=[west]).index
    outline = index.by_id("area:west@1")

    metres = [metres_outside(index, outline, index.by_id(f"geonames:{number}")) for number in (1, 2, 3)]

    assert metres[0] == 0
    assert metres[1] == pytest.approx(18_100, rel=0.01)
    assert metres[2] == float("inf")


class ClearedByAnother(dict):
    """As a dictionary looks that another thread clears whenever something has been put into it."""

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        self.clear()


def test_what_another_thread_clears_is_still_answered(make_gazetteer):
    west = area("area:west@1", "West", (38, 35, 39, 36), kind="admin1", geo_precision="province")
    index = make_gazetteer(towns=[town(2, "Beside", 39.2, 35.5)], areas=[west]).index
    outline, beside = index.by_id("area:west@1"), index.by_id("geonames:2")
    request = Request("x", Context(country_code="SY", admin1="West"), index, ("SY",))
    undisturbed = areas_given(request), metres_outside(index, outline, beside)

    index.kept = ClearedByAnother()

    assert (areas_given(request), metres_outside(index, outline, beside)) == undisturbed


def test_a_governorate_no_larger_than_its_city_means_the_land_around_too(make_gazetteer):
    capital = area(
        "area:capital@1", "Capital", (36.2, 33.4, 36.4, 33.6), kind="admin1", geo_precision="province"
    )
    towns = [town(1, "Twin", 36.5, 33.5), town(2, "Twin", 38.5, 33.5)]
    gazetteer = make_gazetteer(towns=towns, areas=[capital])

    resolution = gazetteer.resolve("Twin", Context(country_code="SY", admin1="Capital"))

    assert resolution.status is ResolutionStatus.RESOLVED
    assert resolution.place.place_id == "geonames:1"


def test_what_was_asked_before_changes_no_answer(gazetteer):
    from geoevents.places import Context

    before = gazetteer.resolve("Ill", Context()).candidates

    gazetteer.resolve("Springfield, Ill.", Context())

    assert gazetteer.resolve("Ill", Context()).candidates == before


def test_a_governorate_of_another_country_than_the_one_given_is_told_and_asked_about(resolve):
    resolution = resolve("Derik", country_code="TR", admin1="Hasakah")

    assert resolution.status is ResolutionStatus.AMBIGUOUS
    assert "Hasakah is in Syria, not in Turkey" in str(resolution.candidates[0].why)


def test_a_governorate_that_nobody_knows_is_told(resolve):
    resolution = resolve("Kobani", admin1="Nowhere")

    assert "no governorate called Nowhere is known" in str(resolution.candidates[0].why)
