"""What stands on the map claims no more than is known."""

from __future__ import annotations

import math

import pytest

from geoevents.cartography.drawing import Drawn, drawing, popup
from geoevents.events import About, Sensitivity, Translation, public_view
from geoevents.geometries import Geometry
from geoevents.places import METRES_A_DEGREE, GeoPrecision, LonLat
from geoevents.regions import ESTIMATED_M
from geoevents.sources import Source
from tests.strategies import make_event

SQUARE = Geometry("Polygon", (((38.0, 36.0), (40.0, 36.0), (40.0, 37.0), (38.0, 37.0), (38.0, 36.0)),))
STRAIGHT = Geometry("LineString", ((38.0, 36.0), (39.0, 36.0)))
BENT = Geometry("LineString", ((38.0, 36.0), (38.5, 36.1), (39.0, 36.0)))
HORSESHOE = Geometry(
    "Polygon", (((0, 0), (10, 0), (10, 10), (8, 10), (8, 2), (2, 2), (2, 10), (0, 10), (0, 0)),)
)


@pytest.mark.parametrize("precision", ["site", "neighbourhood", "settlement"])
def test_a_pin_stands_for_a_place_known_to_the_town_or_better(precision):
    drawn = drawing(make_event(geo_precision=GeoPrecision(precision)))

    assert (drawn.how, drawn.anchor, drawn.radius_m) == (Drawn.PIN, LonLat(40.74, 36.5), None)


def test_near_is_a_circle_of_true_size():
    drawn = drawing(make_event(geo_precision=GeoPrecision.NEAR, uncertainty_m=None))

    assert (drawn.how, drawn.radius_m) == (Drawn.CIRCLE, 10_000)
    assert drawn.extent.north - drawn.extent.south == pytest.approx(20_000 / METRES_A_DEGREE)


def test_near_is_as_wide_as_the_event_says():
    assert drawing(make_event(geo_precision=GeoPrecision.NEAR, uncertainty_m=25_000)).radius_m == 25_000


@pytest.mark.parametrize("precision", ["line", "district", "area", "province"])
def test_something_wide_of_which_only_a_point_is_known_is_an_estimate(precision):
    drawn = drawing(make_event(geo_precision=GeoPrecision(precision), uncertainty_m=None))

    assert (drawn.how, drawn.radius_m) == (Drawn.ESTIMATE, ESTIMATED_M[GeoPrecision(precision)])


@pytest.mark.parametrize("lon", [179.95, -179.95, 180, -180])
def test_a_circle_by_the_180th_meridian_reaches_beyond_it(lon):
    there = make_event(
        geometry=Geometry.point(lon, 10), geo_precision=GeoPrecision.NEAR, uncertainty_m=20_000
    )

    extent = drawing(there).extent

    assert extent.crosses_antimeridian
    assert extent.width == pytest.approx(2 * 20_000 / METRES_A_DEGREE / math.cos(math.radians(10)))
    assert extent.contains(LonLat(180, 10))
    assert extent.contains(LonLat(lon, 10))


@pytest.mark.parametrize(
    ("place_id", "geometry", "is_estimated"),
    [
        ("side:geonames:1;N", SQUARE, True),
        ("offset:geonames:1;30000;N", SQUARE, True),
        ("between:geonames:1;geonames:2", SQUARE, True),
        ("countryside:geonames:1", SQUARE, True),
        ("area:border-strip@2019-10", SQUARE, False),
        (None, SQUARE, False),
        ("road:geonames:1;geonames:2", STRAIGHT, True),
        ("road:geonames:1;geonames:2", BENT, False),
        ("along:line:euphrates;geonames:1", STRAIGHT, False),
        ("border:SY;TR", STRAIGHT, False),
    ],
)
def test_what_follows_from_a_rule_is_drawn_as_estimated(place_id, geometry, is_estimated):
    drawn = drawing(make_event(geometry=geometry, geo_precision=GeoPrecision.AREA, place_id=place_id))

    assert drawn.is_estimated is is_estimated


def test_an_area_is_drawn_as_it_is():
    drawn = drawing(make_event(geometry=SQUARE, geo_precision=GeoPrecision.AREA))

    assert (drawn.how, drawn.geometry, drawn.radius_m) == (Drawn.AREA, SQUARE, None)


def test_the_symbol_of_an_area_stands_inside_it():
    anchor = drawing(make_event(geometry=HORSESHOE, geo_precision=GeoPrecision.AREA)).anchor

    assert anchor.lon < 2 or anchor.lon > 8 or anchor.lat < 2


def test_the_symbol_of_a_line_stands_on_it():
    road = Geometry("LineString", ((0.0, 0.0), (10.0, 0.0)))

    drawn = drawing(make_event(geometry=road, geo_precision=GeoPrecision.LINE))

    assert (drawn.how, drawn.anchor) == (Drawn.LINE, LonLat(5.0, 0.0))


@pytest.mark.parametrize("precision", [GeoPrecision.COUNTRY, GeoPrecision.UNLOCATED])
def test_countries_and_the_unlocated_are_not_drawn_even_with_a_point(precision):
    assert drawing(make_event(geo_precision=precision)) is None


def test_an_event_shown_by_governorate_alone_is_not_drawn():
    seen = public_view(make_event(sensitivity=Sensitivity.ADMIN1))

    assert drawing(seen) is None


def test_an_event_on_the_grid_is_drawn_as_its_cell():
    drawn = drawing(public_view(make_event(sensitivity=Sensitivity.GRID)))

    assert (drawn.how, drawn.extent.as_list()) == (Drawn.AREA, [40.7, 36.5, 40.8, 36.6])


def test_a_popup_carries_what_it_needs_to_say_and_nothing_internal():
    event = make_event(
        translations=(Translation(lang="ar", title="اشتباك"),),
        sources=tuple(Source(publisher=f"The Daily {n}", quote="long words") for n in range(5)),
        about=(About(place_label="Far away", position=LonLat(1.0, 2.0)), About(place_label="No place")),
        internal_note="secret",
        chosen_why="secret",
        description="secret",
    )

    said = popup(event)

    assert said["titles"] == {"ar": "اشتباك"}
    assert [each["publisher"] for each in said["sources"]] == ["The Daily 0", "The Daily 1", "The Daily 2"]
    assert said["source_count"] == 5
    assert said["about"] == [{"label": "Far away", "role": "concerns", "lon": 1.0, "lat": 2.0}]
    assert "secret" not in repr(said)
