"""How much of an area, a country or a river lies within 10 km of its point; what that does to its score."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial

import pytest
from shapely.geometry import shape

from geoevents.gazetteers.circles import circle
from geoevents.gazetteers.extents import share_near
from geoevents.places import Context, ResolutionStatus
from tests.gazetteers.conftest import area, town

SYRIA = Context(country_code="SY")


def box(width, name="Wide", *, lon=38.0, lat=36.0, **more):
    return area(f"area:{name.lower()}@1", name, (lon, lat, lon + width, lat + width), **more)


@pytest.mark.parametrize("width", [0.01, 0.1, 0.2, 0.3, 1.0, 3.0])
def test_the_share_near_the_point_is_that_of_the_outline_in_the_circle(make_gazetteer, width):
    index = make_gazetteer(areas=[box(width)]).index
    row = index.by_id("area:wide@1")

    share = share_near(row, lambda: index.geometry(row.pk))

    outline, around = (
        shape(index.geometry(row.pk).as_geojson()),
        shape(circle(row.position, 10_000).as_geojson()),
    )
    assert share == pytest.approx(outline.intersection(around).area / outline.area, rel=0.03)


@pytest.mark.parametrize("name", ["Russia", "Canada", "Chile", "Indonesia"])
def test_the_largest_countries_are_found_as_fast_as_a_town(gazetteer, name):
    gazetteer.resolve("Syria", Context())
    start = time.process_time()

    resolution = gazetteer.resolve(name, Context())

    assert time.process_time() - start < 0.03
    assert resolution.candidates[0].score < 0.001


def test_of_a_point_outside_the_outline_only_what_is_near_it_counts(make_gazetteer):
    beside = box(1.0, point={"lon": 37.95, "lat": 36.5})
    far = box(1.0, "Far", point={"lon": 37.0, "lat": 36.5})
    index = make_gazetteer(areas=[beside, far]).index

    rows = [index.by_id(each) for each in ("area:wide@1", "area:far@1")]
    shares = [share_near(row, partial(index.geometry, row.pk)) for row in rows]

    assert 0 < shares[0] < 0.02
    assert shares[1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "most"),
    [("Syria", 0.01), ("Fiji", 0.05), ("Hasakah Governorate", 0.1), ("Texas", 0.001), ("Euphrates", 0.02)],
)
def test_what_is_larger_than_10_km_is_identified_but_not_placed_within_them(gazetteer, name, most):
    resolution = gazetteer.resolve(name, Context())

    assert resolution.status is ResolutionStatus.RESOLVED
    assert 0 <= resolution.candidates[0].score < most


def test_a_small_area_is_as_sure_as_a_town(make_gazetteer):
    gazetteer = make_gazetteer(areas=[box(0.05, "Camp"), box(1.0, "Wide", lon=40)])

    small, wide = (gazetteer.resolve(name, SYRIA).candidates[0].score for name in ("Camp", "Wide"))

    assert small > 0.8
    assert wide < 0.05


def test_what_is_likelier_meant_comes_first_however_large_it_is(make_gazetteer):
    gazetteer = make_gazetteer(areas=[box(2.0, "Twin")], towns=[town(1, "Twin", 45.0, 30.0, population=500)])

    area_first, hamlet = gazetteer.resolve("Twin", SYRIA).candidates

    assert (area_first.place.kind, hamlet.place.kind) == ("area", "settlement")


def test_a_country_is_found_without_loading_shapely():
    asks = (
        "import sys; from geoevents.gazetteers import open_gazetteer;"
        "from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date;"
        "from geoevents.places import Context;"
        "assert open_gazetteer(bring_up_to_date(SHIPPED_DATA)).resolve('Syria', Context()).place;"
        "sys.exit('shapely' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", asks], check=False)

    assert done.returncode == 0
