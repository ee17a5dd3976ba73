"""Tiles hold every event that can be drawn, once a zoom, and grow with the screen, not with the events."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.cartography.drawing import drawing
from geoevents.cartography.tiles import CELL, FEW, LAST_ZOOM, MOST_LISTED, MapTiles, Tiles
from geoevents.cartography.whole import whole_feature
from geoevents.errors import InvalidQuery
from geoevents.events import Sensitivity, public_view
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.queries import EventQuery
from tests.cartography.tiling import PlainTiles, Rows, tile_at, tiles_of
from tests.strategies import boxes, examples, lats, lons, make_event

GOLDEN = Path(__file__).parents[1] / "golden" / "tile-5-19-12.json"
BOX = Geometry("Polygon", (((36.0, 35.0), (42.0, 35.0), (42.0, 37.0), (36.0, 37.0), (36.0, 35.0)),))


def scattered(count: int, seed: int = 1) -> list:
    chance = Random(seed)
    types = ("battles", "protests", "riots")
    return [
        make_event(
            id=f"event{number:05}",
            event_type=types[number % 3],
            date_start=date(2022, 1, 1 + number % 28),
            geometry=Geometry.point(chance.gauss(40, 2), chance.gauss(36, 1)),
        )
        for number in range(count)
    ]


def counted(answer: dict) -> Counter:
    """How often a tile has each type: in cells, and as features that are not shape alone."""
    counts: Counter = Counter()
    for _, _, by_type, _ in answer["cells"]:
        counts.update({code: count for code, (count, _, _) in by_type.items()})
    counts.update(
        each["properties"]["event_type"] for each in answer["features"] if each["properties"]["anchor"]
    )
    return counts


@examples(40)
@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(["battles", "riots"])),
        max_size=60,
    ),
    st.integers(0, 3),
)
def test_every_event_is_in_one_tile_of_a_zoom_once(places, zoom):
    events = [
        make_event(id=f"event{n:05}", geometry=Geometry.point(lon, lat), event_type=code)
        for n, (lon, lat, code) in enumerate(places)
    ]
    cut = tiles_of(events)

    whole = sum((counted(cut.tile(zoom, x, y)) for x in range(2**zoom) for y in range(2**zoom)), Counter())

    assert whole == Counter(code for _, _, code in places)


def test_few_events_are_features_whatever_the_zoom():
    answer = tiles_of(scattered(FEW)).tile(0, 0, 0)

    assert (answer["cells"], len(answer["features"])) == ([], FEW)


def test_many_events_are_counted_in_cells_of_64_pixels():
    answer = tiles_of(scattered(500)).tile(5, 19, 12)

    assert 1 < len(answer["cells"]) <= (256 // CELL) ** 2
    assert all(0 <= x < 4 and 0 <= y < 4 for x, y, _, _ in answer["cells"])


def test_a_cell_says_where_the_mean_of_each_type_is():
    here, there = Geometry.point(40.0, 36.0), Geometry.point(41.0, 36.0)
    fights = [make_event(id=f"fight{n:05}", geometry=here) for n in range(30)]
    protests = [make_event(id=f"march{n:05}", geometry=there, event_type="protests") for n in range(10)]

    ((_, _, by_type, extent),) = tiles_of([*fights, *protests]).tile(2, 2, 1)["cells"]

    def pixels(lon):
        return ((lon + 180) / 360 * 4 - 2) * 256

    assert by_type["battles"][:2] == [30, pytest.approx(30 * pixels(40.0), abs=0.1)]
    assert by_type["protests"][:2] == [10, pytest.approx(10 * pixels(41.0), abs=0.1)]
    assert extent == [40.0, 36.0, 41.0, 36.0]


def test_a_cell_with_one_event_gives_it_as_a_feature():
    crowd = [make_event(id=f"crowd{n:05}", geometry=Geometry.point(10.0, 10.0)) for n in range(FEW + 1)]
    alone = make_event(id="allalone22", geometry=Geometry.point(-80.0, 10.0))

    answer = tiles_of([*crowd, alone]).tile(0, 0, 0)

    assert [each["id"] for each in answer["features"]] == ["allalone22"]
    assert [counts["battles"][0] for _, _, counts, _ in answer["cells"]] == [FEW + 1]


def test_the_last_zoom_lists_what_stands_in_one_place():
    crowd = [
        make_event(id=f"crowd{n:05}", geometry=Geometry.point(40.0, 36.0)) for n in range(MOST_LISTED + 7)
    ]
    cut = tiles_of(crowd)
    x, y = int((40 + 180) / 360 * 2**LAST_ZOOM), 25_680

    y = next(y for y in range(y - 200, y + 200) if counted(cut.tile(LAST_ZOOM, x, y)))
    answer = cut.tile(LAST_ZOOM, x, y)

    assert len(answer["features"]) == MOST_LISTED
    assert counted(answer) == Counter(battles=MOST_LISTED + 7)


def test_an_area_is_drawn_in_every_tile_it_reaches_and_counted_in_one():
    area = make_event(geometry=BOX, geo_precision=GeoPrecision.AREA)
    cut = tiles_of([area])

    tiles = [cut.tile(7, x, y) for x in range(74, 80) for y in range(48, 53)]
    found = [each["features"][0] for each in tiles if each["features"]]

    assert len(found) > 2
    assert {each["geometry"]["type"] for each in found} == {"Polygon"}
    assert sum(each["properties"]["anchor"] is not None for each in found) == 1


def test_an_area_split_at_180_degrees_is_drawn_on_both_sides_and_not_between():
    sides = [[179.0, 180.0], [-180.0, -179.0]]
    parts = tuple((((w, 1.0), (e, 1.0), (e, 2.0), (w, 2.0), (w, 1.0)),) for w, e in sides)
    split = make_event(geometry=Geometry("MultiPolygon", parts), geo_precision=GeoPrecision.AREA)
    cut = tiles_of([split])

    columns = {x: [cut.tile(6, x, y)["features"] for y in range(30, 33)] for x in range(64)}
    found = {x: list(filter(None, each)) for x, each in columns.items()}

    assert [x for x, features in found.items() if features] == [0, 63]
    assert found[0][0][0]["properties"]["extent"] == [179.0, 1.0, -179.0, 2.0]
    assert whole_feature(split)["properties"]["extent"] == [179.0, 1.0, -179.0, 2.0]


def test_an_area_too_small_to_see_is_a_symbol():
    area = make_event(geometry=BOX, geo_precision=GeoPrecision.AREA)

    (feature,) = tiles_of([area]).tile(0, 0, 0)["features"]

    assert (feature["geometry"]["type"], feature["properties"]["shown"]) == ("Point", False)
    assert feature["properties"]["extent"] == [36.0, 35.0, 42.0, 37.0]


def test_a_heavy_outline_is_cut_to_the_tile_with_its_true_edge_apart():
    chance = Random(2)
    coast = [(30 + n / 100, 36 + chance.random() / 2) for n in range(1500)]
    ring = ((30.0, 30.0), *coast, (45.0, 30.0), (30.0, 30.0))
    area = make_event(geometry=Geometry("Polygon", (ring,)), geo_precision=GeoPrecision.AREA)

    answers = [tiles_of([area]).tile(8, x, y) for x in range(150, 158) for y in range(98, 101)]
    features = [each["features"][0] for each in answers if each["features"]]

    assert features
    assert all(each["properties"]["part"] for each in features)
    assert max(len(json.dumps(each)) for each in features) < len(json.dumps(area.geometry.as_geojson())) / 2


def test_what_has_no_place_is_counted_apart_and_in_no_tile():
    unlocated = make_event(id="nowhere222", geo_precision=GeoPrecision.UNLOCATED, geometry=None)
    country = make_event(id="country222", geo_precision=GeoPrecision.COUNTRY, event_type="riots")

    answer = tiles_of([unlocated, country]).tile(0, 0, 0)

    assert answer == {"cells": [], "features": [], "unplaced": {"battles": 1, "riots": 1}}


def test_hidden_and_coarse_events_are_no_more_exact_in_a_tile_than_their_public_view():
    events = [
        make_event(id="hidden2222", sensitivity=Sensitivity.HIDDEN),
        make_event(id="grid222222", sensitivity=Sensitivity.GRID, place_name="The exact house"),
    ]
    public = [seen for each in events if (seen := public_view(each))]

    text = json.dumps(
        [tiles_of(public).tile(zoom, int((40.74 + 180) / 360 * 2**zoom), y) for zoom, y in ((0, 0), (8, 100))]
    )

    assert "hidden2222" not in text
    assert "exact house" not in text
    assert "40.74" not in text
    assert "36.5," in text


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (17, 0, 0), (0, 1, 0), (3, 0, 8), (3, -1, 0)])
def test_a_tile_that_is_not_there_is_named(z, x, y):
    with pytest.raises(InvalidQuery, match=f"There is no tile {z}/{x}/{y}") as caught:
        tiles_of([]).tile(z, x, y)

    assert caught.value.field == "tile"


def test_the_same_events_give_the_same_bytes_in_any_order():
    events = scattered(300)

    assert tiles_of(events).json(5, 19, 12) == tiles_of(events).json(5, 19, 12)
    assert counted(json.loads(tiles_of(events[::-1]).json(5, 19, 12))) == counted(
        json.loads(tiles_of(events).json(5, 19, 12))
    )


def test_a_tile_is_what_it_was():
    events = [*scattered(40), make_event(id="area222222", geometry=BOX, geo_precision=GeoPrecision.AREA)]

    assert json.loads(tiles_of(events).json(5, 19, 12)) == json.loads(GOLDEN.read_bytes())


def test_a_tile_of_ten_thousand_events_takes_a_moment():
    cut = tiles_of(scattered(10_000))
    cut.json(5, 19, 12)

    started = time.process_time()
    sizes = [len(cut.json(z, int(220 / 360 * 2**z), int(0.4 * 2**z))) for z in range(0, LAST_ZOOM, 2)]
    mean = (time.process_time() - started) / len(sizes)

    assert mean < 0.05
    assert max(sizes) < 40_000


def test_what_a_tile_weighs_follows_the_screen():
    few, many = (len(tiles_of(scattered(count)).json(5, 19, 12)) for count in (500, 5_000))

    assert many < 2 * few


AREA = [GeoPrecision.AREA, GeoPrecision.DISTRICT]
PRECISE = [*GeoPrecision, None]
around_points = st.builds(
    lambda lon, lat, precision, metres: {
        "geometry": Geometry.point(lon, lat),
        "geo_precision": precision,
        "uncertainty_m": metres,
    },
    st.sampled_from([40.0, 40.0001, 40.01, 40.3, 45.0]) | lons,
    st.sampled_from([36.0, 36.0001, 36.01, 36.2, 0.0]) | lats,
    st.sampled_from(PRECISE),
    st.none() | st.integers(1, 2_000_000),
)
lines = st.lists(st.tuples(st.floats(38, 42), st.floats(35, 38)), min_size=2, max_size=4, unique=True)
shaped = st.builds(
    lambda geometry, precision: {"geometry": geometry, "geo_precision": precision, "uncertainty_m": None},
    boxes()
    | lines.map(lambda parts: Geometry("LineString", tuple(parts)))
    | lines.map(lambda parts: Geometry("MultiPoint", tuple(parts))),
    st.sampled_from(AREA),
)


def mixed(drawn: list) -> list:
    types = ("battles", "protests", "riots")
    days = (date(2022, 1, 20), date(2022, 1, 21))
    return [
        make_event(id=f"event{n:05}", event_type=types[n % 3], date_start=days[n % 2], **fields)
        for n, fields in enumerate(drawn)
    ]


def plainly(answer: dict) -> dict:
    """A tile but for the last digit of its sums, which are rounded from almost the same numbers."""
    cells = [
        [x, y, {code: [count, pytest.approx(dx, abs=0.1001), pytest.approx(dy, abs=0.1001)]
                for code, (count, dx, dy) in by_type.items()}, pytest.approx(extent, abs=1.1e-6)]
        for x, y, by_type, extent in answer["cells"]
    ]  # fmt: skip
    return {"cells": cells, "features": answer["features"]}


@examples(60)
@given(st.lists(around_points | shaped, min_size=1, max_size=60), st.integers(0, LAST_ZOOM), st.data())
def test_a_tile_is_what_looking_at_every_event_makes_of_it(fields, zoom, data):
    events = mixed(fields)
    drawn = data.draw(st.sampled_from([each for each in map(drawing, events) if each] or [None]))
    x, y = tile_at(drawn, zoom) if drawn else (0, 0)

    tiles, plain = tiles_of(events), PlainTiles(events)

    for across in range(max(0, x - 1), min(2**zoom, x + 2)):
        for down in range(max(0, y - 1), min(2**zoom, y + 2)):
            found = tiles.tile(zoom, across, down)
            found.pop("unplaced", None)
            assert found == plainly(plain.tile(zoom, across, down))


@pytest.mark.parametrize("zoom", [0, 3, 5, 8, 11, 16])
def test_a_crowd_is_cut_as_looking_at_every_event_cuts_it(zoom):
    events = scattered(400) + [
        make_event(
            id=f"crowd{number:05}",
            geometry=Geometry.point(40.0, 36.0),
            event_type=("riots", "battles")[number % 2],
        )
        for number in range(MOST_LISTED + 60)
    ]
    tiles, plain = tiles_of(events), PlainTiles(events)
    x, y = int(220 / 360 * 2**zoom), int(0.3926857 * 2**zoom)

    for across in range(max(0, x - 1), min(2**zoom, x + 2)):
        for down in range(max(0, y - 1), min(2**zoom, y + 2)):
            found = tiles.tile(zoom, across, down)
            found.pop("unplaced", None)
            assert found == plainly(plain.tile(zoom, across, down))


def every_tile(tiles: Tiles, zooms: Iterable[int]) -> list[bytes]:
    return [tiles.json(z, x, y) for z in zooms for x in range(2**z) for y in range(2**z)]


def test_what_is_added_and_changed_bit_by_bit_makes_the_same_tiles():
    before = scattered(200)
    after = [replace(each, geometry=Geometry.point(10.0, 50.0)) for each in before[:20]]
    late = [replace(each, id="z" + each.id) for each in scattered(90, seed=2)]
    rows, kept = Rows(before), MapTiles()
    kept.of(rows, EventQuery()).json(0, 0, 0)

    for more in (after[:1], after[1:], late[:3], late[3:]):
        rows.add(more)
        bit_by_bit = kept.of(rows, EventQuery())
        bit_by_bit.json(2, 2, 1)

    at_once = tiles_of([*after, *before[20:], *late])
    assert every_tile(bit_by_bit, range(4)) == every_tile(at_once, range(4))


def test_a_write_changes_only_the_tiles_it_touches():
    rows, kept = Rows(scattered(300)), MapTiles()
    before = every_tile(kept.of(rows, EventQuery()), [4])

    rows.add([make_event(id="farfarfar2", geometry=Geometry.point(-70.0, -30.0))])
    after = every_tile(kept.of(rows, EventQuery()), [4])

    changed = [number for number, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    assert changed == [4 * 16 + 9]


def test_a_question_has_its_own_tiles():
    rows, kept = Rows(scattered(300)), MapTiles()

    riots = kept.of(rows, EventQuery(event_types=("riots",))).tile(0, 0, 0)

    assert counted(riots) == Counter(riots=100)
    assert counted(kept.of(rows, EventQuery()).tile(0, 0, 0)) == Counter(riots=100, battles=100, protests=100)


def test_how_many_are_wanted_and_in_which_order_is_nothing_to_a_tile():
    rows, kept = Rows(scattered(300)), MapTiles()

    few = kept.of(rows, EventQuery(limit=3, sort="title", lang="ar"))

    assert few.json(0, 0, 0) == kept.of(rows, EventQuery()).json(0, 0, 0)


def test_of_many_that_stand_in_one_place_the_newest_are_given():
    chance = Random(3)
    crowd = [
        make_event(id=f"crowd{chance.randrange(10**6):06}x{n}", date_start=date(2022, 1, 20 + n % 2))
        for n in range(3 * MOST_LISTED)
    ]

    answer = tiles_of(crowd).tile(LAST_ZOOM, *tile_at(drawing(crowd[0]), LAST_ZOOM))

    newest = sorted(crowd, key=lambda each: (each.date_start, each.id), reverse=True)
    assert [each["id"] for each in answer["features"]] == [each.id for each in newest[:MOST_LISTED]]
