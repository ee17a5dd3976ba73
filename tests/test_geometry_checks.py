"""Which shapes from outside can be drawn truthfully."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given

from geoevents.errors import InvalidGeometry, TooLarge
from geoevents.geometries import Geometry
from geoevents.geometry_checks import MOST_POSITIONS, check_crs, check_geometry, check_not_swapped
from geoevents.places import BBox, LonLat
from tests.strategies import boxes, positions

SYRIA = BBox(35.6, 32.3, 42.4, 37.4)
FIJI = BBox(177.0, -19.2, -178.2, -16.1)


def refusal(geometry) -> str:
    with pytest.raises(InvalidGeometry) as caught:
        check_geometry(geometry)
    assert caught.value.field == "geometry"
    return str(caught.value)


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [list(ring) for ring in rings]}


SQUARE = [[0.0, 10.0], [4.0, 10.0], [4.0, 14.0], [0.0, 14.0], [0.0, 10.0]]
HOLE = [[1.0, 11.0], [1.0, 12.0], [2.0, 12.0], [2.0, 11.0], [1.0, 11.0]]


@given(positions)
def test_any_point_on_earth_is_taken_as_it_is(position):
    assert check_geometry({"type": "Point", "coordinates": list(position)})[0] == Geometry("Point", position)


@given(boxes())
def test_an_area_is_stored_right_handed_whichever_way_it_came(box):
    ring = box.coordinates[0]

    assert check_geometry(polygon(ring)) == (box, ())
    assert check_geometry(polygon(ring[::-1])) == (box, ())


def test_holes_are_wound_the_other_way():
    geometry, _ = check_geometry(polygon(SQUARE, HOLE[::-1]))

    assert geometry == Geometry("Polygon", (tuple(map(tuple, SQUARE)), tuple(map(tuple, HOLE))))


@pytest.mark.parametrize("lon", [180, -180, 0])
def test_the_edges_of_the_world_belong_to_it(lon):
    assert check_geometry({"type": "Point", "coordinates": [lon, 90]})[0] == Geometry.point(lon, 90)


def test_a_height_is_dropped_and_it_is_said():
    geometry, notes = check_geometry({"type": "LineString", "coordinates": [[1, 2, 300], [3, 4, 310]]})

    assert geometry == Geometry("LineString", ((1.0, 2.0), (3.0, 4.0)))
    assert [str(note) for note in notes] == ["The height above ground in geometry is not kept."]


def test_null_is_no_geometry():
    assert check_geometry(None) == (None, ())


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (polygon([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]), "The shape crosses itself at 1, 1."),
        (polygon(SQUARE, [[5, 11], [6, 11], [6, 12], [5, 11]]), "A hole lies outside its polygon at 5, 11."),
        (
            polygon(SQUARE, HOLE, [[1.2, 11.2], [1.4, 11.2], [1.4, 11.4], [1.2, 11.2]]),
            "A hole lies inside another",
        ),
        (polygon(SQUARE[:-1]), "A ring of the polygon is not closed: it begins at 0, 10 and ends at 0, 14."),
        (polygon([[1, 1], [2, 2], [1, 1]]), "has 3 positions; it needs at least 4"),
        (polygon([[1, 1], [1, 1], [1, 1], [1, 1]]), "The shape has no extent at 1, 1"),
        (polygon([[1, 1], [2, 2], [3, 3], [1, 1]]), "at "),
        ({"type": "LineString", "coordinates": [[1, 1]]}, "has 1 positions; it needs at least 2"),
        ({"type": "LineString", "coordinates": [[1, 1], [1, 1]]}, "The shape has no extent at 1, 1"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [HOLE]]}, "A polygon lies inside another at"),
    ],
)
def test_a_shape_that_cannot_be_drawn_says_why_and_where(geometry, reason):
    assert reason in refusal(geometry)


def test_bad_shapes_of_a_thousand_vertices_are_told_at_once():
    star = [[math.cos(n * 2.399) * 10, math.sin(n * 2.399) * 10] for n in range(1_000)]
    started = time.process_time()

    reason = refusal(polygon([*star, star[0]]))

    assert reason.startswith("The shape crosses itself at")
    assert time.process_time() - started < 0.5


def test_a_good_shape_of_the_most_vertices_is_taken():
    count = MOST_POSITIONS - 1
    circle = [
        [math.cos(n * math.tau / count) * 10, math.sin(n * math.tau / count) * 10] for n in range(count)
    ]

    geometry, _ = check_geometry(polygon([*circle, circle[0]]))

    assert geometry is not None


def test_a_million_vertices_are_too_many_before_anything_is_asked_of_them():
    for geometry in (
        {"type": "LineString", "coordinates": [[1, 1]] * 1_000_000},
        {"type": "LineString", "coordinates": ["x"] * 1_000_000},
        {"type": "MultiPolygon", "coordinates": [[[[1, 1]] * 1_000_000]]},
    ):
        started = time.process_time()
        with pytest.raises(TooLarge, match="1000000 positions; 10000 are the most"):
            check_geometry(geometry)
        assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "coordinates",
    [
        [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]],
        [[[-180, -10], [180, -10], [180, 10], [-180, 10], [-180, -10]]],
    ],
)
def test_a_band_round_the_world_is_never_drawn(coordinates):
    assert "crosses the 180th meridian" in refusal({"type": "Polygon", "coordinates": coordinates})


def test_two_parts_beside_the_180th_meridian_are_taken():
    east = [[179, 0], [180, 0], [180, 1], [179, 1], [179, 0]]
    west = [[-180, 0], [-179, 0], [-179, 1], [-180, 1], [-180, 0]]

    geometry, notes = check_geometry({"type": "MultiPolygon", "coordinates": [[east], [west]]})

    assert geometry is not None
    assert notes == ()


@pytest.mark.parametrize(
    "name",
    [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "EPSG:4326",
        "urn:ogc:def:crs:EPSG::4326",
    ],
)
def test_a_crs_that_says_what_is_so_anyway_is_passed_over(name):
    check_crs({"type": "name", "properties": {"name": name}})


@pytest.mark.parametrize(
    "member",
    [
        {"type": "name", "properties": {"name": "EPSG:3857"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}},
        {"type": "link", "properties": {"href": "http://example.org/crs"}},
        {"properties": None},
        "EPSG:2320",
        5,
    ],
)
def test_any_other_crs_is_refused(member):
    with pytest.raises(
        InvalidGeometry, match=r"Send degrees of longitude and latitude \(WGS 84\) and no crs"
    ) as caught:
        check_crs(member)

    assert caught.value.field == "crs"


class TestSwapped:
    def test_a_point_in_its_country_is_not_odd(self):
        assert check_not_swapped(LonLat(40.74, 36.5), SYRIA, "Syria") is None

    def test_a_point_just_over_the_border_is_not_odd(self):
        assert check_not_swapped(LonLat(40.74, 37.6), SYRIA, "Syria") is None

    def test_a_point_far_outside_that_swapping_brings_home_is_refused(self):
        with pytest.raises(InvalidGeometry) as caught:
            check_not_swapped(LonLat(36.5, 40.74), SYRIA, "Syria")

        assert str(caught.value) == (
            "The point 36.5, 40.74 lies outside Syria. Did you mean 40.74, 36.5? Longitude comes first."
        )

    def test_a_point_far_outside_that_swapping_does_not_mend_is_only_told(self):
        note = check_not_swapped(LonLat(2.35, 48.86), SYRIA, "Syria")

        assert str(note) == "The point 2.35, 48.86 lies outside Syria."

    def test_a_point_whose_latitude_cannot_be_a_longitude_is_only_told(self):
        assert check_not_swapped(LonLat(140.0, 36.0), SYRIA, "Syria") is not None

    @pytest.mark.parametrize("lon", [179.9, -179.9, 176.9, -178.0])
    def test_a_country_on_both_sides_of_180_has_one_box(self, lon):
        assert check_not_swapped(LonLat(lon, -17.0), FIJI, "Fiji") is None

    def test_a_country_around_the_pole_has_no_west(self):
        assert check_not_swapped(LonLat(0.0, -89.0), BBox(-180, -90, 180, -60), "Antarctica") is None
