"""What countries are divided into: states, provinces and counties of the whole world."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from geoevents.gazetteers import geonames
from geoevents.gazetteers.build import SHIPPED_DATA
from geoevents.gazetteers.circles import distance_m
from geoevents.places import LonLat

FOLDER = SHIPPED_DATA / "gazetteer"


def rows(file):
    with (FOLDER / file).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Texas", "geonames:4736286"),
        ("Ontario", "geonames:6093943"),
        ("Bavaria", "geonames:2951839"),
        ("Bayern", "geonames:2951839"),
        ("Queensland", "geonames:2152274"),
        ("Scotland", "geonames:2638360"),
        ("Hatay", "area:tr-hatay@2026-11"),
        ("Mardin province", "area:tr-mardin@2026-11"),
        ("Suffolk County, Massachusetts", "geonames:4952349"),
    ],
)
def test_an_area_of_the_first_levels_is_found_by_its_name(resolve, name, place_id):
    assert resolve(name).candidates[0].place.place_id == place_id


@pytest.mark.parametrize("name", ["Paris, Texas", "Paris, Tex.", "Paris, TX", "Paris (Texas)"])
def test_a_state_says_which_town_is_meant(resolve, name):
    labels = [candidate.place.label for candidate in resolve(name).candidates]

    assert labels == ["Paris, Texas, United States"]


def test_a_bare_name_is_the_city_not_the_state_around_it(resolve):
    assert resolve("New York").candidates[0].place.place_id == "geonames:5128581"


def test_an_abbreviation_alone_is_no_name(resolve):
    assert "geonames:4997787" not in [each.place.place_id for each in resolve("Mich.").candidates]


def test_one_governorate_is_one_place_under_both_its_ids(gazetteer):
    ours = gazetteer.get("area:sy-raqqa@2026-11")

    assert gazetteer.get("geonames:172957") == ours


def test_every_town_of_a_known_code_says_in_which_state_it_lies(gazetteer):
    assert gazetteer.get("geonames:4717560").admin1 == "Texas"
    assert gazetteer.get("geonames:4717560").label == "Paris, Texas, United States"


def test_a_country_has_all_of_its_first_level_areas_once():
    codes = Counter((row["country_code"], row["code"]) for row in rows("first_level.csv"))

    assert [code for code, count in codes.items() if count > 1] == []
    assert sum(country == "US" for country, _ in codes) == 51
    assert sum(country == "SY" for country, _ in codes) == 14
    assert sum(country == "TR" for country, _ in codes) == 81


@pytest.mark.slow
def test_most_towns_lie_in_an_area_we_know():
    known = {(row["country_code"], row["code"]) for row in rows("first_level.csv")}

    towns = [(town["countrycode"], town["admin1code"]) for town in geonames.towns()]

    assert sum(code in known for code in towns) / len(towns) > 0.99


@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [("CA", -119.8, 37.3), ("TX", -99.3, 31.3), ("AK", -153.0, 64.0), ("NY", -75.5, 43.0)],
)
def test_the_point_of_a_state_is_in_its_middle(code, lon, lat):
    row = next(row for row in rows("first_level.csv") if (row["country_code"], row["code"]) == ("US", code))

    assert distance_m(LonLat(float(row["lon"]), float(row["lat"])), LonLat(lon, lat)) < 80_000


def test_what_stands_for_a_place_stands_for_one_we_know(gazetteer):
    place_ids = [row["place_id"] for file in ("abbreviations.csv", "demonyms.csv") for row in rows(file)]

    known = [gazetteer.get(place_id).kind for place_id in place_ids]

    assert set(known) <= {"country", "admin1", "area"}


def test_regions_have_a_middle_a_reach_and_names_of_their_own():
    regions = rows("regions.csv")
    names = [name for row in regions for name in (row["name"], *row["names_other"].split("|")) if name]

    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert all(0 < int(row["radius_km"]) <= 7_000 for row in regions)
    assert {row["kind"] for row in regions} == {"area", "natural", "river"}


def test_a_country_is_named_by_its_demonym_only_once():
    demonyms = [word for row in rows("demonyms.csv") for word in row["demonyms"].split("|")]

    assert [word for word, count in Counter(demonyms).items() if count > 1] == []
