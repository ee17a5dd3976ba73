"""Shapes as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.errors import InvalidGeometry
from geoevents.geometries import Geometry
from geoevents.places import BBox, LonLat
from geoevents.queries import EventQuery
from tests.strategies import geometries, lats, lons, make_event


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
    ("geometry", "box"),
    [
        pytest.param(
            Geometry("MultiPoint", ((179.5, 10.0), (-179.5, 10.0))), BBox(179.5, 10, -179.5, 10), id="points"
        ),
        pytest.param(
            Geometry(
                "MultiPolygon",
                (
                    (((179.0, 1.0), (180.0, 1.0), (180.0, 2.0), (179.0, 1.0)),),
                    (((-180.0, 1.0), (-179.0, 1.0), (-180.0, 2.0), (-180.0, 1.0)),),
                ),
            ),
            BBox(179, 1, -179, 2),
            id="an area split at 180 degrees",
        ),
        pytest.param(
            Geometry("MultiLineString", (((-179.0, 0.0), (10.0, 1.0)), ((5.0, 1.0), (179.0, 2.0)))),
            BBox(-179, 0, 179, 2),
            id="lines that reach round the world",
        ),
        pytest.param(
            Geometry("Polygon", (((-170.0, 0.0), (170.0, 0.0), (170.0, 9.0), (-170.0, 0.0)),)),
            BBox(-170, 0, 170, 9),
            id="one wide area",
        ),
        pytest.param(
            Geometry("MultiPoint", ((-90.0, 0.0), (90.0, 0.0))), BBox(-90, 0, 90, 0), id="no way is shorter"
        ),
    ],
)
def test_the_box_goes_the_shorter_way_round(geometry, box):
    assert geometry.bbox == box


@given(st.lists(st.tuples(lons, lats), min_size=1, max_size=6).map(tuple))
def test_no_box_around_points_is_narrower(points):
    box = Geometry("MultiPoint", points).bbox

    assert all(box.contains(LonLat(*point)) for point in points)
    widths = [max((lon - west) % 360 for lon, _ in points) for west, _ in points]
    assert box.width <= min(widths) + 1e-9
    assert box.width <= max(lon for lon, _ in points) - min(lon for lon, _ in points)


@given(st.lists(geometries.map(lambda geometry: geometry.bbox), min_size=1, max_size=5))
def test_a_box_around_boxes_holds_them(boxes):
    around = BBox.around(boxes)

    for box in boxes:
        for half in box.halves():
            assert around.contains(LonLat(half.west, half.south))
            assert around.contains(LonLat(half.east, half.north))
            assert around.contains(BBox(half.west, half.south, half.east, half.north).middle)


@given(lons, st.floats(0, 350))
def test_the_middle_of_a_box_lies_in_it(west, width):
    east = west + width
    box = BBox(west, 0, east - 360 if east > 180 else east, 1)

    assert box.contains(box.middle)


def test_what_lies_on_both_sides_of_180_degrees_is_found_there_and_nowhere_else():
    event = make_event(geometry=Geometry("MultiPoint", ((179.5, 10.0), (-179.5, 10.0))))

    found = [text for text in ("0,9,10,11", "179,9,180,11", "-180,9,-179,11", "170,9,-170,11")
             if EventQuery(bbox=BBox.parse(text)).matches(event)]  # fmt: skip

    assert found == ["179,9,180,11", "-180,9,-179,11", "170,9,-170,11"]


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
