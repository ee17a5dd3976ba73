"""The base map without network puts land where it is and towns into their countries."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from geoevents.cartography.basemap import (
    DRAWN,
    EXTENT,
    LAND,
    LAST_ZOOM,
    MARGIN,
    SEA,
    Outline,
    Topology,
    ground_tiles,
    place_in_tile,
    tiles_around,
)
from geoevents.places import BBox
from tests.cartography.desk import CACHE

# Where each town's centre is, to a thousandth of a degree (some 100 m).
BORDER_TOWNS = {
    "Kobane": (38.351, 36.889, "SY"),
    "Tell Abyad": (38.956, 36.697, "SY"),
    "Ras al-Ayn": (40.070, 36.850, "SY"),
    "Qamishli": (41.231, 37.052, "SY"),
    "Jarabulus": (38.011, 36.817, "SY"),
    "Azaz": (37.048, 36.586, "SY"),
    "Derik": (42.141, 37.174, "SY"),
    "al-Ya'rubiyah": (42.060, 36.811, "SY"),
    "al-Bukamal": (40.919, 34.451, "SY"),
    "Nusaybin": (41.215, 37.078, "TR"),
    "Ceylanpinar": (40.050, 36.847, "TR"),
    "Akcakale": (38.948, 36.711, "TR"),
    "Karkamis": (37.999, 36.835, "TR"),
    "Kilis": (37.115, 36.718, "TR"),
    "Cizre": (42.190, 37.325, "TR"),
    "Silopi": (42.470, 37.248, "TR"),
    "Rabia": (42.083, 36.799, "IQ"),
    "al-Qaim": (41.095, 34.369, "IQ"),
    "Zakho": (42.687, 37.144, "IQ"),
}

# Two countries side by side with a border at 10 east, and an island: 0 is the border.
TWO_COUNTRIES = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
        [[40, 0], [1, 0], [0, 1], [-1, 0], [0, -1]],
    ],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "760", "properties": {"name": "Syria"}, "arcs": [[0, 1]]},
                {
                    "type": "MultiPolygon",
                    "id": "368",
                    "properties": {"name": "Iraq"},
                    "arcs": [[[2, -1]], [[3]]],
                },
                {"type": "Polygon", "properties": {"name": "Nowhere"}, "arcs": [[3]]},
            ],
        }
    },
}


@pytest.fixture(scope="module")
def built() -> Path:
    folder = CACHE / "basemap"
    if not (folder / "index.json").is_file():
        pytest.skip("no base map: run `make setup`")
    return folder


def country_at(tile, x: float, y: float) -> list[str]:
    """The countries drawn at a point of a tile, in EXTENT units, by the even-odd rule."""
    found = []
    for code, *rings in tile["countries"]:
        corners = (np.cumsum(np.array(ring).reshape(-1, 2), axis=0).astype(float) for ring in rings)
        if Outline.of(np.concatenate([ring, ring[:1]]) for ring in corners).holds(x, y):
            found.append(code)
    return found


def drawn_at(topology: Topology, zoom: int, lon: float, lat: float) -> list[str]:
    x, y, right, down = place_in_tile(lon, lat, zoom)
    _, tiles = ground_tiles(topology, zoom)
    found = {(tile.x, tile.y): tile.content for tile in tiles}
    return country_at(found[x, y], right, down) if (x, y) in found else []


@pytest.mark.parametrize("town", BORDER_TOWNS)
def test_a_border_town_lies_in_its_own_country(built, town):
    lon, lat, country = BORDER_TOWNS[town]
    x, y, right, down = place_in_tile(lon, lat, LAST_ZOOM)

    tile = json.loads((built / f"{LAST_ZOOM}/{x}/{y}.json").read_bytes())

    assert country_at(tile, right, down) == [country]


def test_the_base_map_is_small_enough_to_carry(built):
    sizes = [path.stat().st_size for path in built.rglob("*.json")]

    assert sum(sizes) < 25_000_000
    assert max(sizes) < 200_000


def test_the_index_says_which_tiles_are_stored(built):
    index = json.loads((built / "index.json").read_bytes())

    for zoom, rows in enumerate(index["zooms"]):
        stored = {(int(path.stem), int(path.parent.name)) for path in (built / str(zoom)).glob("*/*.json")}
        said = set()
        for y, runs in enumerate(rows):
            states = np.repeat(runs[::2], runs[1::2])
            assert len(states) == 2**zoom
            said |= {(y, int(x)) for x in np.flatnonzero(states == DRAWN)}
        assert said == stored


def test_a_topology_knows_countries_by_their_letters():
    topology = Topology.decode(TWO_COUNTRIES)

    assert [each.code for each in topology.countries] == ["SY", "IQ", "Nowhere"]
    assert 0 in topology.borders()
    assert 1 not in topology.borders()


@pytest.mark.parametrize(("lon", "lat", "found"), [(5, 5, ["SY"]), (15, 5, ["IQ"]), (30, 5, []), (5, -5, [])])
@pytest.mark.parametrize("zoom", [2, 4, LAST_ZOOM])
def test_a_point_is_drawn_in_the_country_it_lies_in(lon, lat, found, zoom):
    topology = Topology.decode(TWO_COUNTRIES)
    _, tiles = ground_tiles(topology, zoom)
    x, y, right, down = place_in_tile(lon, lat, zoom)
    content = {(tile.x, tile.y): tile.content for tile in tiles}

    states, again = ground_tiles(topology, zoom)
    list(again)

    if (x, y) in content:
        assert country_at(content[x, y], right, down) == found
    else:
        assert states[y][x] == (LAND if found else SEA)


def test_a_country_across_the_180th_meridian_draws_no_band_round_the_world():
    crossing = {
        **TWO_COUNTRIES,
        "arcs": [[[170, 60], [9, 0], [-358, 0], [9, 0], [0, 10], [-9, 0], [358, 0], [-9, 0], [0, -10]]],
        "objects": {
            "countries": {
                "geometries": [{"type": "Polygon", "properties": {"name": "Far East"}, "arcs": [[0]]}]
            }
        },
    }

    topology = Topology.decode(crossing)

    assert drawn_at(topology, 5, 175, 65) == ["Far East"]
    assert drawn_at(topology, 5, -175, 65) == ["Far East"]
    assert drawn_at(topology, 5, 0, 65) == []
    assert drawn_at(topology, 5, 165, 65) == []


def test_a_country_round_the_pole_reaches_the_edge_of_the_map():
    coast = [[-180, -70], *[[20, 0] for _ in range(17)], [19, 0], [-359, 0]]
    polar = {
        **TWO_COUNTRIES,
        "arcs": [coast],
        "objects": {
            "countries": {"geometries": [{"type": "Polygon", "properties": {"name": "South"}, "arcs": [[0]]}]}
        },
    }

    topology = Topology.decode(polar)
    states, tiles = ground_tiles(topology, 3)
    list(tiles)

    assert drawn_at(topology, 0, 10, -80) == ["South"]
    assert drawn_at(topology, 0, 10, -60) == []
    assert states[7][1:7] == [LAND] * 6


def test_only_what_is_neither_all_sea_nor_all_land_is_stored():
    states, tiles = ground_tiles(Topology.decode(TWO_COUNTRIES), LAST_ZOOM)
    stored = {(tile.x, tile.y) for tile in tiles}
    x, y, _, _ = place_in_tile(5, 5, LAST_ZOOM)

    assert {(x, y) for y, row in enumerate(states) for x, state in enumerate(row) if state == DRAWN} == stored
    assert states[y][x] in (LAND, DRAWN)
    assert len(stored) < 40


def test_rings_reach_beyond_the_tile_so_that_no_edge_shows():
    _, tiles = ground_tiles(Topology.decode(TWO_COUNTRIES), 5)
    corners = [
        np.cumsum(np.array(ring).reshape(-1, 2), axis=0)
        for tile in tiles
        for _, *rings in tile.content["countries"]
        for ring in rings
    ]

    assert min(each.min() for each in corners) == -MARGIN
    assert max(each.max() for each in corners) == EXTENT + MARGIN


def test_the_tiles_around_a_box_hold_it_with_as_much_again():
    around = tiles_around(BBox(38, 36, 40, 37), 6)

    x, y, _, _ = place_in_tile(39, 36.5, 6)
    assert f"6/{x}/{y}" in around
    assert len(around) < 12
    assert len(tiles_around(None, 2)) == 16
    assert {key.split("/")[1] for key in tiles_around(BBox(179, 10, -179, 11), 6)} == {"0", "63"}
