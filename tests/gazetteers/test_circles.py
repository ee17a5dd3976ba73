"""Distances and circles hold against geopy's ellipsoid, on every part of the Earth."""

from __future__ import annotations

from itertools import pairwise

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from geoevents.gazetteers.circles import circle, distance_m, inside
from geoevents.geometries import Geometry
from geoevents.places import LonLat

PLACES = st.builds(LonLat, st.floats(-180, 180), st.floats(-80, 80))


@given(PLACES, PLACES)
def test_a_distance_is_within_a_hundredth_of_the_ellipsoids(one, other):
    true = geodesic((one.lat, one.lon), (other.lat, other.lon)).m

    assert distance_m(one, other) == pytest.approx(true, rel=0.01, abs=1)


@given(PLACES, st.sampled_from([10_000, 25_000]))
def test_every_corner_of_a_circle_lies_at_its_radius(centre, radius):
    shape = circle(centre, radius)

    corners = [corner for corner in shape.positions() if abs(corner.lon) < 179.9999]
    assert all(distance_m(centre, corner) == pytest.approx(radius, rel=0.003) for corner in corners)
    assert all(-180 <= corner.lon <= 180 for corner in shape.positions())


def test_a_circle_is_closed_and_right_handed():
    (ring,) = circle(LonLat(40.7, 36.5), 25_000).coordinates

    assert ring[0] == ring[-1]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert area > 0


def test_across_the_180th_meridian_a_circle_is_two_polygons():
    shape = circle(LonLat(179.95, -17), 25_000)

    sides = sorted(max(lon for lon, _ in polygon[0]) for polygon in shape.coordinates)
    assert (shape.type, len(sides), sides[-1]) == ("MultiPolygon", 2, 180)
    assert sides[0] < -179


def test_inside_is_inside_and_a_hole_is_not():
    outer, hole = ((0, 0), (4, 0), (4, 4), (0, 4), (0, 0)), ((1, 1), (2, 1), (2, 2), (1, 2), (1, 1))
    shape = Geometry("MultiPolygon", ((outer, hole),))

    assert [inside(LonLat(lon, lat), shape) for lon, lat in ((3, 3), (1.5, 1.5), (5, 1), (0.5, 3.5))] == [
        True,
        False,
        False,
        True,
    ]
    assert not inside(LonLat(1, 1), Geometry.point(1, 1))
