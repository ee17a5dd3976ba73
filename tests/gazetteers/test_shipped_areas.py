"""The areas we ship: what a machine can check of data/gazetteer/areas.geojson."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import UTC, date, datetime
from functools import cache
from itertools import combinations

import pytest
import shapely
from shapely.geometry import Point

from tests.gazetteers.shipped import (
    BORDER_TOLERANCE_KM,
    COUNTRIES,
    EARTH_KM_PER_DEGREE,
    FOLDER,
    LICENCES,
    WORLD_ATLAS,
    areas,
    country,
    governorates,
    outline,
    plain,
    point_called,
)

PROPERTIES = [
    "place_id", "slug", "name", "kind", "labels", "names", "country_code", "admin1", "geo_precision",
    "valid_from", "valid_to", "checked", "coarse", "point", "uncertainty_m", "source_url", "source_licence",
    "note",
]  # fmt: skip
LANGUAGES = ["en", "ar", "kmr", "tr"]
OPERATIONS = ["area:euphrates-shield@2017-03", "area:olive-branch@2018-03", "area:peace-spring@2019-10"]
HOLDS = {
    "peace-spring@2019-10": "Ras al-Ayn, Tell Abyad, Suluk, Mabrouka, Alouk",
    "olive-branch@2018-03": "Afrin, Jindires, Rajo, Bulbul, Maabatli, Sharran",
    "euphrates-shield@2017-03": "Al-Bab, Jarabulus, Azaz, Al-Rai, Mare', Qabasin",
    "turkish-held@2019-10": "Afrin, Al-Bab, Jarabulus, Ras al-Ayn, Tell Abyad",
    "aanes@2019-03": "Hasakah, Ras al-Ayn, Tell Abyad, Kobani, Raqqa, Manbij, Hajin",
    "aanes@2019-10": "Hasakah, Qamishli, Raqqa, Kobani, Manbij, Tabqa, Al-Malikiyah, Al-Hawl, Tell Tamer,"
    " Ayn Issa, Al-Shaddadi, Hajin, Tell Rifaat",
    "aanes@2024-12": "Hasakah, Qamishli, Raqqa, Kobani, Tabqa, Khasham, Deir Hafer, Maskanah, Tishrin Dam",
    "north-east-syria@2026-11": "Hasakah, Qamishli, Raqqa, Kobani, Manbij, Ras al-Ayn, Hajin, Al-Yaarubiyah",
    "north-west-syria@2026-11": "Idlib, Afrin, Azaz, Al-Bab, Jisr al-Shughur, Saraqib",
    "border-strip@2019-10": "Kobani, Tell Abyad, Ras al-Ayn, Qamishli, Amuda, Al-Malikiyah",
    "kurdistan-region-of-iraq@2005-10": "Erbil, Dohuk, Sulaymaniyah, Zakho, Faysh Khabur",
}
HOLDS_NOT = {
    "peace-spring@2019-10": "Kobani, Qamishli, Tell Tamer, Ayn Issa, Abu Rasin, Raqqa, Ceylanpınar, Akçakale",
    "olive-branch@2018-03": "Tell Rifaat, Azaz, Aleppo, Menagh air base",
    "euphrates-shield@2017-03": "Manbij, Tell Rifaat, Afrin, Kobani, Tadef, Karkamış",
    "turkish-held@2019-10": "Manbij, Kobani, Qamishli, Hasakah, Idlib, Tell Rifaat, Amuda, Kilis",
    "aanes@2019-03": "Afrin, Al-Bab, Deir ez-Zor, Mayadin",
    "aanes@2019-10": "Ras al-Ayn, Tell Abyad, Afrin, Al-Bab, Deir ez-Zor, Mayadin, Al-Bukamal, Nusaybin",
    "aanes@2024-12": "Manbij, Tell Rifaat, Ras al-Ayn, Deir ez-Zor, Aleppo, Rabia",
    "north-east-syria@2026-11": "Aleppo, Afrin, Palmyra, Deir Hafer, Nusaybin, Rabia, Faysh Khabur",
    "north-west-syria@2026-11": "Aleppo, Latakia, Manbij, Hama, Reyhanlı",
    "border-strip@2019-10": "Hasakah, Raqqa, Al-Bab, Tell Tamer, Al-Yaarubiyah, Nusaybin",
    "kurdistan-region-of-iraq@2005-10": "Mosul, Sinjar, Rabia, Kirkuk, Tal Afar, Zummar",
}
KNOWN_AS = {
    "turkish-held": [
        "Turkish-held border areas", "areas Turkey seized near the border", "areas it seized near the border",
        "Turkish-occupied areas", "المناطق الخاضعة للسيطرة التركية", "Deverên dagirkirî",
    ],
    "peace-spring": ["Peace Spring", "نبع السلام", "Barış Pınarı"],
    "aanes": ["AANES-held areas", "areas run by the AANES", "مناطق الإدارة الذاتية"],
    "north-east-syria": ["north-east Syria", "northeast Syria", "Rojava", "شمال شرق سوريا"],
    "kurdistan-region-of-iraq": ["Kurdistan Region of Iraq", "Iraqi Kurdistan", "إقليم كردستان العراق"],
    "sy-hasakah": ["Hasakah", "الحسكة", "Hesekê"],
}  # fmt: skip


def properties_of(place_id):
    return areas()[place_id]["properties"]


def test_areas_stand_one_a_line():
    lines = (FOLDER / "areas.geojson").read_text(encoding="utf-8").splitlines()

    assert [json.loads(line.rstrip(",")) for line in lines[1:-1]] == list(areas().values())


@pytest.mark.parametrize("place_id", areas())
def test_an_area_has_exactly_its_properties(place_id):
    properties = properties_of(place_id)

    assert list(properties) == PROPERTIES
    assert re.fullmatch(rf"area:{properties['slug']}@\d{{4}}-\d\d", place_id)
    assert {"area": "area", "admin1": "province"}[properties["kind"]] == properties["geo_precision"]
    assert properties["country_code"] in COUNTRIES
    assert properties["source_licence"] in LICENCES
    assert re.match(r"https://\S+$", properties["source_url"])
    assert properties["coarse"] is True
    assert properties["uncertainty_m"] >= 1_000
    assert properties["note"]
    assert list(properties["labels"]) == list(properties["names"]) == LANGUAGES
    assert all(properties["labels"].values())
    assert all(properties["names"].values())


@pytest.mark.parametrize("place_id", areas())
def test_an_outline_is_valid_right_handed_and_holds_its_label_point(place_id):
    whole = outline(place_id)
    label = properties_of(place_id)["point"]

    assert shapely.is_valid_reason(whole) == "Valid Geometry"
    assert whole.contains(Point(label["lon"], label["lat"]))
    for part in getattr(whole, "geoms", [whole]):
        assert part.exterior.is_ccw
        assert not any(hole.is_ccw for hole in part.interiors)


@pytest.mark.parametrize("place_id", areas())
def test_an_area_lies_in_its_country(place_id):
    whole = outline(place_id)

    beyond = whole.difference(_about(properties_of(place_id)["country_code"]))

    assert beyond.area < 0.01 * whole.area


@cache
def _about(country_code):
    return country(country_code).buffer(0.03)


@pytest.mark.parametrize("area", HOLDS)
def test_an_area_holds_the_towns_it_should_and_not_the_others(area):
    whole = outline(f"area:{area}")

    assert [town for town in HOLDS[area].split(", ") if not whole.contains(point_called(town))] == []
    assert [town for town in HOLDS_NOT[area].split(", ") if whole.contains(point_called(town))] == []


def test_days_are_in_order_and_versions_of_one_area_do_not_overlap():
    today = datetime.now(UTC).date()
    spans = defaultdict(list)
    for feature in areas().values():
        known = feature["properties"]
        first, last = (known["valid_from"] or "0001-01-01", known["valid_to"] or "9999-12-31")
        spans[known["slug"]].append((date.fromisoformat(first), date.fromisoformat(last)))
        assert date.fromisoformat(known["checked"]) <= min(today, date.fromisoformat(last))

    assert all(first <= last for own in spans.values() for first, last in own)
    assert all(
        earlier[1] < later[0] for own in spans.values() for earlier, later in combinations(sorted(own), 2)
    )


def test_the_turkish_held_areas_are_those_of_the_operations():
    together = shapely.union_all([outline(operation) for operation in OPERATIONS])

    assert outline("area:turkish-held@2019-10").symmetric_difference(together).area < 0.005 * together.area


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_turkish_held_areas_touch_the_border(operation):
    assert outline(operation).distance(country("TR")) * EARTH_KM_PER_DEGREE < BORDER_TOLERANCE_KM


def test_no_land_is_held_by_two_sides_at_a_time():
    turkish, aanes = outline("area:turkish-held@2019-10"), outline("area:aanes@2019-10")

    assert aanes.intersection(turkish).area < 0.01 * turkish.area


def test_governorates_are_all_there_and_share_their_borders():
    by_country = defaultdict(list)
    for (code, _), whole in governorates().items():
        by_country[code].append(whole)

    assert {code: len(own) for code, own in by_country.items()} == {"SY": 14, "IQ": 6, "TR": 7}
    for own in by_country.values():
        assert all(one.intersection(other).area < 1e-3 for one, other in combinations(own, 2))


@pytest.mark.skipif(not WORLD_ATLAS.exists(), reason="no node_modules/world-atlas: run `make setup`")
def test_the_governorates_of_syria_are_the_whole_of_syria():
    whole = country("SY")

    together = shapely.union_all([own for (code, _), own in governorates().items() if code == "SY"])

    assert together.symmetric_difference(whole).area < 0.02 * whole.area


@pytest.mark.parametrize(("slug", "spellings"), KNOWN_AS.items())
def test_an_area_is_known_by_the_names_reporters_use(slug, spellings):
    names = defaultdict(set)
    for feature in areas().values():
        for own in feature["properties"]["names"].values():
            names[feature["properties"]["slug"]] |= {plain(name) for name in own}

    for written in spellings:
        assert [each for each, own in names.items() if plain(written) in own] == [slug]
