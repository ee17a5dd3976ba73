"""What is found in a box is marked and counted as each alone would be, and no shape is read for it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from geoevents.events import public_view
from geoevents.geometries import Geometry
from geoevents.places import EARTH_RADIUS_M, BBox, GeoPrecision, LonLat
from geoevents.queries import EventQuery
from geoevents.regions import Certainty, all_shapely_of, edge_m, shapely_of
from geoevents.stores.certainties import MEANING, Certainties, of_place
from geoevents.stores.columns import DTYPES
from geoevents.stores.grounds import exactly_m
from geoevents.stores.masks import matching
from tests.stores.test_certainties import REGIONS, events_around
from tests.stores.test_masks import Chance, rows_of, shapes_of
from tests.strategies import make_event

BOXES = [
    *(region for region in REGIONS if isinstance(region, BBox)),
    BBox(-180, -90, 180, 40),
    BBox(-180, -10, -170, 10),
    BBox(-10, 80, 100, 90),
    BBox(40.5, 36.5, 40.5, 36.5),
    BBox(-179, -80, 179, 80),
]


def about_the_rim(chance, box, count):
    """Points whose circle touches an edge of a box, or by a hair does not."""
    for number in range(count):
        radius = chance.choice((0, 100, 3_000, 25_000))
        lat = chance.uniform(box.south, box.north)
        aside = math.degrees(
            math.asin(min(1, math.sin(radius / EARTH_RADIUS_M) / math.cos(math.radians(lat))))
        )
        off = chance.choice((0, 1e-12, 1e-8, 1e-5, 1e-3)) * chance.choice((1, -1))
        lon = box.west + (aside + off if chance.random() < 0.5 else box.width - aside + off)
        if chance.random() < 0.5:
            lon = box.west + chance.uniform(0, box.width)
            lat = box.south + math.degrees(radius / EARTH_RADIUS_M) + off
        lon, lat = (lon + 180) % 360 - 180, max(-90.0, min(90.0, lat))
        yield make_event(id=f"rim-{number}", geometry=Geometry("Point", (lon, lat)), uncertainty_m=radius)


@pytest.mark.parametrize("box", BOXES, ids=str)
def test_what_is_found_in_a_box_is_marked_as_each_alone(box):
    chance = Chance(11)
    kept = [*events_around(chance, box, 700), *about_the_rim(chance, box, 300)]
    kept += [chance.event(number) for number in range(200)]
    columns, slots = rows_of(kept)
    shapes = shapes_of(kept, slots)
    answers = Certainties(shapes)

    for query in (EventQuery(bbox=box), EventQuery(bbox=box, interval=chance.interval())):
        mask = matching(columns, query, lambda asked: answers.of(columns, asked))
        rows = np.flatnonzero(mask).astype(np.int32)

        expected = [query.certainty_of(public_view(kept[slots[row]])) for row in rows]
        assert answers.of_found(query, columns, rows) == expected
        assert Counter(answers.counted(columns, query, mask)) == Counter(expected)


def test_no_shape_is_read_to_mark_what_is_in_a_box():
    square = Geometry("Polygon", (((40.0, 36.0), (42.0, 36.0), (42.0, 38.0), (40.0, 36.0)),))
    kept = [make_event(id=f"area-{n}", geometry=square, geo_precision=GeoPrecision.AREA) for n in range(3)]
    columns, _ = rows_of(kept)
    around, across = EventQuery(bbox=BBox(39, 35, 43, 39)), EventQuery(bbox=BBox(41, 35, 43, 39))

    answers = Certainties(lambda columns, rows: pytest.fail("a shape was read"))

    assert answers.counted(columns, around, columns.alive)[Certainty.SURELY] == 3
    assert answers.counted(columns, across, columns.alive)[Certainty.SURELY] == 0


def test_rows_that_come_later_are_marked_too():
    chance = Chance(12)
    box = BBox(40, 36, 41, 37)
    kept = list(events_around(chance, box, 300))
    columns, slots = rows_of(kept)
    answers, query = Certainties(shapes_of(kept, slots)), EventQuery(bbox=box)
    first, rest = columns.since(0), columns
    half = len(columns) // 2

    few = answers.counted(_first(first, half), query, columns.alive[:half])
    all_of_them = answers.counted(rest, query, columns.alive)

    assert few == Certainties(shapes_of(kept, slots)).counted(
        _first(first, half), query, columns.alive[:half]
    )
    assert all_of_them == Certainties(shapes_of(kept, slots)).counted(rest, query, columns.alive)
    assert few[Certainty.SURELY] < all_of_them[Certainty.SURELY]


def _first(columns, count):
    """The first rows of columns, as somebody had them before the others came."""
    rows = {name: getattr(columns, name)[:count] for name in DTYPES}
    return replace(columns, alive=columns.alive[:count], ids=columns.ids[:count], **rows)


def test_shapes_are_read_only_on_the_rim_of_what_is_asked():
    def square(lon, lat):
        corners = ((lon, lat), (lon + 0.1, lat), (lon + 0.1, lat + 0.1), (lon, lat + 0.1), (lon, lat))
        return Geometry("Polygon", (corners,))

    inside, outside, across = square(40.2, 36.15), square(41.8, 37.4), square(39.95, 36.2)
    kept = [
        make_event(id=f"area-{n}", geometry=each, geo_precision=GeoPrecision.AREA)
        for n, each in enumerate((inside, outside, across))
    ]
    columns, slots = rows_of(kept)
    read, shapes = [], shapes_of(kept, slots)

    def reading(columns, rows):
        read.extend(rows.tolist())
        return shapes(columns, rows)

    area = Geometry("Polygon", (((40.0, 36.0), (42.0, 36.0), (40.0, 38.0), (40.0, 36.0)),))
    codes = of_place(columns, area, reading)

    assert [MEANING[code] for code in codes.tolist()] == [Certainty.SURELY, None, Certainty.POSSIBLY]
    assert read == [2]


def test_distances_to_an_area_are_those_that_are_measured_one_by_one():
    chance = Chance(14)
    positions = [(chance.uniform(39, 43), chance.uniform(35, 39)) for _ in range(200)]
    area = next(region for region in REGIONS if isinstance(region, Geometry))

    found = exactly_m(*np.array(positions).T, area)

    expected = [edge_m(LonLat(*position), area) for position in positions]
    assert np.abs(found - expected).max() < 1e-3


def test_many_shapes_are_made_as_each_alone():
    chance = Chance(15)
    shapes = [shape for _ in range(200) if (shape := chance.geometry()) is not None]

    made = all_shapely_of(shapes)

    assert all(one.equals_exact(shapely_of(shape)) for one, shape in zip(made, shapes, strict=True))
