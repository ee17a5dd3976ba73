"""Shapes as values."""

from __future__ import annotations

import pytest
from hypothesis import given

from geoevents.errors import InvalidGeometry
from geoevents.geometries import Geometry
from geoevents.places import BBox, LonLat
from tests.strategies import geometries


@given(geometries)
def test_a_geometry_written_and_read_is_itself(geometry):
    assert Geometry.from_geojson(geometry.as_geojson()) == geometry


@given(geometries)
def test_every_position_lies_in_the_box(geometry):
    positions = list(geometry.positions())

    assert positions
    assert all(geometry.bbox.contains(position) for position in positions)


def test_the_box_of_an_area_is_the_smallest():
    area = Geometry("Polygon", (((40.0, 36.0), (41.0, 36.0), (41.0, 37.5), (40.0, 36.0)),))

    assert area.bbox == BBox(40.0, 36.0, 41.0, 37.5)
    assert next(area.positions()) == LonLat(lon=40.0, lat=36.0)


@pytest.mark.parametrize(
    "bent",
    [
        {},
        {"type": "Point"},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Point", "coordinates": "ab"},
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Point", "coordinates": [1, 2, 3]},
        {"type": "Point", "coordinates": [float("nan"), 2]},
        {"type": "Point", "coordinates": [181, 2]},
        {"type": "LineString", "coordinates": []},
        {"type": "LineString", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[1, 2], [3, 4]]},
        {"type": "Polygon", "coordinates": "aaaa"},
    ],
)
def test_what_is_no_geometry_is_refused(bent):
    with pytest.raises(InvalidGeometry):
        Geometry.from_geojson(bent)
