"""Across a border: no name without a country is taken for one side while the other may be meant."""

from __future__ import annotations

import pytest

from geoevents.places import ResolutionStatus

BOTH_SIDES = {
    "Resulayn|Resülayn|Ras Elain|Ras Alain|Ras al-Ein": {"SY", "TR"},
    "الحويجة|Hawija|Dour|الحضر|العباسية|الحمدانية|هيت|Heet|5 km north of Heet": {"SY", "IQ"},
}
ONE_SIDE = "Nusaybin|Qamishlo|Akçakale|Tel Abyad|Jarabulus|Kobani|Amuda|Mare|Al-Bara|Ariha|Afrin|Suruç|Mosul"


@pytest.mark.parametrize(
    ("name", "countries"),
    [(name, countries) for names, countries in BOTH_SIDES.items() for name in names.split("|")],
)
def test_a_name_that_is_at_home_on_both_sides_of_a_border_asks_on_which(resolve, name, countries):
    resolution = resolve(name)

    assert resolution.status is ResolutionStatus.AMBIGUOUS
    assert countries <= {candidate.place.country_code for candidate in resolution.candidates[:4]}
    assert "nothing says in which country to look" in str(resolution.candidates[0].why)


@pytest.mark.parametrize("name", ONE_SIDE.split("|"))
def test_a_name_of_one_side_is_not_asked_about(resolve, name):
    assert resolve(name).status is ResolutionStatus.RESOLVED


@pytest.mark.parametrize(("country", "place"), [("SY", "Ras al-Ayn"), ("TR", "Ceylanpınar")])
def test_the_country_says_which_of_two_twins_is_meant(resolve, country, place):
    resolution = resolve("Resulayn", country_code=country)

    assert resolution.place.name == place


def test_a_near_spelling_of_the_region_goes_before_an_exact_name_far_away(resolve):
    resolution = resolve("Al Hasake")

    assert resolution.place.name == "Hasakah"


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Öncüpınar|Öncüpınar border gate|Cilvegözü|Cilvegözü Sınır Kapısı|Oncupinar crossing", "TR"),
        ("Bab al-Salama|Bab al-Salam crossing|Bab al-Hawa|معبر باب الهوى", "SY"),
    ],
)
def test_each_side_of_a_crossing_has_its_own_name(resolve, name, country):
    sides = {resolve(each).candidates[0].place.country_code for each in name.split("|")}

    assert sides == {country}
