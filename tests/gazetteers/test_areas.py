"""Areas change: which version of one is meant depends on the day."""

from __future__ import annotations

from datetime import date

import pytest

from geoevents.geometries import Geometry
from geoevents.places import BBox, Context, GeoPrecision, ResolutionStatus
from tests.gazetteers.conftest import area, place, town

HELD_2019 = area(
    "area:held@2019-01", "Held area", (38, 36, 39, 37), valid_from="2019-01-10", valid_to="2019-12-31"
)
HELD_2021 = area(
    "area:held@2021-01",
    "Held area",
    (38, 36, 38.5, 37),
    valid_from="2021-01-01",
    valid_to=None,
    checked="2024-06-30",
)


@pytest.fixture
def held(make_gazetteer):
    return make_gazetteer(areas=[HELD_2021, HELD_2019])


@pytest.mark.parametrize(
    ("day", "place_id"),
    [
        (date(2019, 1, 10), "area:held@2019-01"),
        (date(2019, 12, 31), "area:held@2019-01"),
        (date(2021, 1, 1), "area:held@2021-01"),
        (date(2031, 1, 1), "area:held@2021-01"),
        (None, "area:held@2021-01"),
    ],
)
def test_the_version_in_force_on_the_day_is_meant_without_a_day_the_latest(held, day, place_id):
    assert held.resolve("Held area", Context(day=day)).place.place_id == place_id


@pytest.mark.parametrize("day", [date(2018, 5, 1), date(2020, 6, 1)])
def test_a_day_that_no_version_covers_asks_and_says_why(held, day):
    resolution = held.resolve("held area", Context(day=day))

    assert resolution.status is ResolutionStatus.AMBIGUOUS
    assert {each.place.place_id for each in resolution.candidates} == {
        "area:held@2019-01",
        "area:held@2021-01",
    }
    assert day.isoformat() in str(resolution.candidates[0].why)


def test_an_area_has_its_days_its_box_and_a_point_inside(held):
    place = held.resolve("Held area", Context()).place

    assert (place.kind, place.geo_precision) == ("area", GeoPrecision.AREA)
    assert (place.valid_from, place.valid_to, place.checked) == (date(2021, 1, 1), None, date(2024, 6, 30))
    assert place.bbox == BBox(38, 36, 38.5, 37)
    assert place.bbox.contains(place.position)


def test_every_version_can_be_had_by_its_id_with_its_polygon(held):
    polygon = held.geometry("area:held@2019-01")

    assert polygon == Geometry.from_geojson(HELD_2019["geometry"])
    assert held.get("area:held@2019-01").valid_to == date(2019, 12, 31)


def test_a_place_lies_in_the_area_that_is_named_beside_it(make_gazetteer):
    inside, outside = town(1, "Newtown", 38.2, 36.5), town(2, "Newtown", 41.2, 33.5)
    gazetteer = make_gazetteer(towns=[inside, outside], areas=[HELD_2021])

    assert gazetteer.resolve("Newtown", Context()).status is ResolutionStatus.AMBIGUOUS
    assert gazetteer.resolve("Newtown, Held area", Context()).place.place_id == "geonames:1"


def test_a_district_we_have_is_the_countryside_of_its_town(make_gazetteer):
    district = area(
        "area:sy-newtown@2026-11", "Newtown", (38, 36, 39, 37), kind="admin2", geo_precision="district"
    )
    gazetteer = make_gazetteer(towns=[town(1, "Newtown", 38.2, 36.5)], areas=[district])

    around = gazetteer.resolve("countryside of Newtown", Context()).place
    bare = gazetteer.resolve("Newtown", Context()).place

    assert (around.place_id, bare.place_id) == ("area:sy-newtown@2026-11", "geonames:1")


def test_a_bare_name_of_a_town_of_ours_is_never_its_district(make_gazetteer):
    district = area(
        "area:sy-nyutaun@2026-11", "Nyutaun", (38, 36, 39, 37), kind="admin2", geo_precision="district"
    )
    seat = place("geoevents:seat", "Newtown", 38.2, 36.5, names_en="Newtown|Nyutaun")
    gazetteer = make_gazetteer(places=[seat], areas=[district])

    best, *_ = gazetteer.resolve("Nyutaun", Context(country_code="SY")).candidates

    assert best.place.place_id == "geoevents:seat"


def test_the_shipped_areas_changed_hands_on_known_days(resolve):
    days = (date(2019, 6, 1), date(2022, 1, 25), date(2025, 3, 1))

    versions = [resolve("AANES-held areas", day=day).place.place_id for day in days]

    assert versions == ["area:aanes@2019-03", "area:aanes@2019-10", "area:aanes@2024-12"]
    assert resolve("Turkish-held border areas", day=date(2018, 1, 1)).status is ResolutionStatus.AMBIGUOUS
