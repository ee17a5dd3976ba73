"""The rivers and roads we ship: what can be checked of them without being there."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from shapely.geometry import LineString, Point

from geoevents.gazetteers.build import SHIPPED_DATA
from geoevents.gazetteers.circles import distance_m
from geoevents.places import LonLat

LINES = json.loads((SHIPPED_DATA / "gazetteer" / "lines.geojson").read_text("utf-8"))["features"]
BY_SLUG = {feature["properties"]["slug"]: feature for feature in LINES}
LICENCES = {"CC BY 4.0", "Public domain"}


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_a_line_says_what_it_is_where_it_is_from_and_how_coarse(slug):
    properties, line = BY_SLUG[slug]["properties"], LineString(BY_SLUG[slug]["geometry"]["coordinates"])

    assert properties["place_id"] == f"line:{slug}"
    assert (properties["kind"] in ("river", "road"), properties["geo_precision"]) == (True, "line")
    assert properties["coarse"] is True
    assert properties["uncertainty_m"] >= 3_000
    assert properties["source_licence"] in LICENCES
    assert properties["source_url"].startswith("https://")
    assert date.fromisoformat(properties["checked"]) <= datetime.now(UTC).date()
    assert {"en", "ar"} <= {lang for lang, names in properties["names"].items() if names}
    assert line.is_simple
    assert line.distance(Point(properties["point"]["lon"], properties["point"]["lat"])) < 0.001


@pytest.mark.parametrize(
    ("slug", "towns"),
    [
        ("euphrates", ["Jarabulus", "Raqqa", "Deir ez-Zor", "Mayadin", "Abu Kamal", "Haditha", "Ramadi"]),
        ("tigris", ["Diyarbakır", "Cizre", "Mosul", "Tikrit", "Baghdad"]),
        ("khabur", ["Ras al-Ayn", "Tell Tamer", "Hasakah", "Shaddadi"]),
        ("orontes", ["Rastan", "Hama", "Jisr ash-Shughur", "Antakya"]),
        ("sy-m4", ["Latakia", "Saraqib", "Aleppo", "Manbij", "Ain Issa", "Tell Tamer", "Qamishli"]),
        ("sy-m5", ["Aleppo", "Maarrat al-Numan", "Hama", "Homs", "Damascus"]),
        ("sy-m20", ["Homs", "Palmyra", "Deir ez-Zor"]),
        ("iq-highway-47", ["Mosul", "Tal Afar", "Sinjar"]),
        ("tr-d400", ["Gaziantep", "Nusaybin", "Cizre"]),
    ],
)
def test_a_line_passes_the_towns_it_is_known_to_pass(resolve, slug, towns):
    line = LineString(BY_SLUG[slug]["geometry"]["coordinates"])

    def gap(town: str) -> float:
        places = (resolve(town, country_code=code) for code in ("SY", "IQ", "TR"))
        points = (each.candidates[0].place for each in places if each.candidates)
        nearest = ((place, line.interpolate(line.project(Point(place.lon, place.lat)))) for place in points)
        return min(distance_m(place.position, LonLat(point.x, point.y)) for place, point in nearest)

    far = {town: round(gap(town)) for town in towns}
    assert {town: metres for town, metres in far.items() if metres > 7_000} == {}


def test_tributaries_end_on_the_river_they_flow_into():
    euphrates, tigris = (
        LineString(BY_SLUG[slug]["geometry"]["coordinates"]) for slug in ("euphrates", "tigris")
    )

    mouths = {
        slug: Point(BY_SLUG[slug]["geometry"]["coordinates"][-1])
        for slug in ("khabur", "balikh", "sajur", "great-zab", "little-zab", "diyala")
    }
    gaps = {
        slug: round(min(euphrates.distance(mouth), tigris.distance(mouth)), 2)
        for slug, mouth in mouths.items()
    }
    assert {slug: gap for slug, gap in gaps.items() if gap > 0.06} == {}
