"""One place that several sources know is one place; what only looks alike is not."""

from __future__ import annotations

import json

import geopandas
import pytest
from shapely.geometry import Point, box, mapping, shape

from geoevents.errors import PlaceNotFound
from geoevents.places import Context
from tests.gazetteers.conftest import area, place, town
from tests.gazetteers.sources.conftest import line, write_dump, write_ours


@pytest.fixture
def dumped(desk, tmp_path):
    """Add a dump of some lines as SY.zip."""

    def add(*lines: str, **asked: object):
        return desk.add(write_dump(tmp_path / "SY.zip", *lines), **asked)[0]

    return add


def test_a_town_of_the_same_id_is_the_same_town_and_learns_names(desk, dumped):
    desk.towns = [town(7, "Kafr Test", 36.5, 35.6, population=0)]

    added = dumped(line(7, "Kafr Test", 36.5, 35.6, names="Kefertest,كفر تست", population=900))

    found = desk.gazetteer.resolve("Kefertest", Context()).candidates[0].place
    assert (added.known, found.place_id, found.population) == (1, "geonames:7", 900)
    assert found.name_in("ar") == "كفر تست"


def test_our_entry_keeps_its_point_and_kind_and_answers_to_their_id(desk, dumped):
    write_ours(desk, place("geoevents:kafr", "Kafr Test", 36.51, 35.61))

    dumped(line(7, "Kafr Test", 36.5, 35.6, names="Kefertest"))

    assert desk.ids_of("Kefertest") == ["geoevents:kafr"]
    assert desk.gazetteer.get("geonames:7") == desk.gazetteer.get("geoevents:kafr")
    assert desk.gazetteer.get("geonames:7").lon == 36.51


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({}, {"lat": 35.7}),
        ({"kind": "camp"}, {}),
        ({"country_code": "TR"}, {}),
    ],
    ids=["eleven km away", "a camp of the name", "across the border"],
)
def test_what_is_further_away_of_another_kind_or_country_stays_another_place(desk, dumped, ours, theirs):
    write_ours(desk, place("geoevents:kafr", "Kafr Test", 36.5, 35.6, **ours))

    dumped(line(7, "Kafr Test", **({"lon": 36.5, "lat": 35.6} | theirs)))

    assert {"geoevents:kafr", "geonames:7"} == {
        desk.gazetteer.get(each).place_id for each in ("geoevents:kafr", "geonames:7")
    }


def test_a_place_that_is_only_roughly_known_is_found_as_far_off_as_it_says(desk, dumped):
    rough = place("geoevents:kafr", "Kafr Test", 36.5, 35.6, geo_precision="near", uncertainty_m=9_000)
    write_ours(desk, rough)

    dumped(line(7, "Kafr Test", 36.5, 35.675))

    assert desk.ids_of("Kafr Test") == ["geoevents:kafr"]


def test_by_one_of_its_other_names_it_must_be_near_to_be_the_same(desk, dumped):
    rough = place("geoevents:kafr", "Kafr Test", 36.5, 35.6, geo_precision="near", uncertainty_m=9_000)
    write_ours(desk, rough | {"names_en": "Kefertest"})

    dumped(line(7, "Kefertest", 36.5, 35.675), line(8, "Kefertest", 36.5, 35.625))

    ours = [desk.gazetteer.get(f"geonames:{number}").place_id for number in (7, 8)]
    assert ours == ["geonames:7", "geoevents:kafr"]


def test_of_two_villages_that_share_a_name_the_nearer_is_the_one_that_is_known(desk, dumped):
    write_ours(desk, place("geoevents:kafr", "Kafr Test", 36.5, 35.6))

    dumped(line(7, "Kafr Test", 36.5, 35.635), line(8, "Kafr Test", 36.5, 35.605))

    assert desk.gazetteer.get("geonames:8").place_id == "geoevents:kafr"
    assert desk.gazetteer.get("geonames:7").place_id == "geonames:7"


def test_a_row_that_stands_twice_in_a_source_is_one_place(desk, dumped):
    desk.towns = [town(7, "Kafr Test", 36.5, 35.6)]

    dumped(line(7, "Kafr Test", 36.5, 35.6), line(8, "Kafr Test", 36.505, 35.605))

    assert desk.gazetteer.get("geonames:8").place_id == "geonames:7"


def test_an_id_that_geonames_never_gave_is_named_after_its_source(desk, dumped):
    dumped(line(900_000_123, "Kafr Test", 36.5, 35.6), line(12, "Tell Test", 37.0, 36.0))

    assert (desk.ids_of("Kafr Test"), desk.ids_of("Tell Test")) == (["sy:900000123"], ["geonames:12"])
    assert desk.gazetteer.get("sy:900000123").name == "Kafr Test"
    with pytest.raises(PlaceNotFound):
        desk.gazetteer.get("geonames:900000123")


def test_ids_that_are_said_to_be_a_sources_own_are_never_taken_for_geonames(desk, dumped):
    desk.towns = [town(12, "Elsewhere", 38.0, 36.9)]

    dumped(line(12, "Tell Test", 37.0, 36.0), ids="own")

    assert desk.ids_of("Tell Test") == ["sy:12"]
    assert desk.gazetteer.get("geonames:12").name == "Elsewhere"


def test_an_id_that_contradicts_what_is_known_of_it_makes_no_town_move(desk, dumped):
    desk.towns = [town(12, "Elsewhere", 40.0, 36.9)]

    dumped(line(12, "Tell Test", 37.0, 34.0))

    assert desk.ids_of("Tell Test") == ["sy:12"]
    assert desk.gazetteer.get("geonames:12").name == "Elsewhere"


@pytest.mark.parametrize(("code", "kind"), [("ADM2", "admin2"), ("ADM3", "area")])
def test_a_bare_name_means_the_town_and_not_the_district_named_after_it(desk, dumped, code, kind):
    dumped(
        line(1, "Kafr Test", 36.5, 35.6, population=5_000),
        line(2, "Kafr Test", 36.6, 35.7, **{"class": "A", "code": code}),
    )

    assert desk.ids_of("Kafr Test") == ["geonames:1"]
    assert desk.gazetteer.get("geonames:2").kind == kind


def test_places_learn_their_governorate_from_polygons_and_the_nearest_that_knows(desk, dumped):
    west = area("area:sy-west@1", "West", (36, 35, 37, 36), kind="admin1", labels={"en": "West governorate"})
    write_ours(desk, areas=(west,))

    dumped(
        line(900_000_001, "Inside", 36.5, 35.5), line(900_000_002, "Beside", 37.05, 35.5),
        line(900_000_003, "Further", 37.2, 35.5), line(900_000_004, "Away", 38.5, 35.5),
    )  # fmt: skip

    names = [desk.gazetteer.get(f"sy:90000000{number}").admin1 for number in (1, 2, 3, 4)]
    assert names == ["West", "West", "West", None]


def test_a_source_that_is_removed_leaves_nothing_behind(desk, dumped):
    desk.towns = [town(7, "Kafr Test", 36.5, 35.6)]
    dumped(line(7, "Kafr Test", 36.5, 35.6, names="Zorava"), line(8, "Bijlan", 37.0, 36.0))

    desk.shelf.remove("sy")

    assert (desk.ids_of("Kafr Test"), desk.ids_of("Zorava"), desk.ids_of("Bijlan")) == (
        ["geonames:7"], [], [],
    )  # fmt: skip
    assert [path.name for path in desk.folder.iterdir()] == [".lock"]


def write_areas_of_a_table(path, *rows):
    """GeoJSON: (name, kind, box, more properties) each."""
    features = [
        {
            "type": "Feature",
            "geometry": mapping(box(*sides)),
            "properties": {"name": name, "kind": kind, **more},
        }
        for name, kind, sides, more in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def shape_of(desk, place_id):
    """The place of an id: its box, precision and uncertainty, and whether its point is in its shape."""
    found = desk.gazetteer.get(place_id)
    drawn = desk.gazetteer.geometry(place_id)
    within = shape(drawn.as_geojson()).contains(Point(found.lon, found.lat))
    return drawn.bbox.as_list(), found.bbox.as_list(), found.geo_precision, found.uncertainty_m, within


ROUGH = {"kind": "admin1", "geo_precision": "province", "uncertainty_m": 50_000}


@pytest.mark.parametrize("kind", ["area", "admin1", "admin2"])
def test_a_table_of_shapes_leaves_shapes_of_ours_as_they_are(desk, tmp_path, kind):
    write_ours(desk, areas=(area("area:west@1", "West", (36, 35, 37, 36), **(ROUGH | {"kind": kind})),))
    desk.shelf.compile([], lambda: None)
    before, point = shape_of(desk, "area:west@1"), desk.gazetteer.get("area:west@1").position

    added = desk.add(write_areas_of_a_table(tmp_path / "a.geojson", ("West", kind, (36.2, 35, 37.2, 36), {})))

    assert (added[0].known, shape_of(desk, "area:west@1")) == (1, before)
    assert desk.gazetteer.get("area:west@1").position == point


def test_official_boundaries_bring_shape_point_and_uncertainty_together(desk, tmp_path):
    west, named = (
        area("area:west@1", "West", (36, 35, 37, 36), **ROUGH),
        area("area:plain@1", "Plain", (36, 35, 37, 36), geo_precision="area", uncertainty_m=9_000),
    )
    write_ours(desk, areas=(west, named))
    rows = [
        {"ADM1_PCODE": "SY01", "ADM1_EN": "West", "geometry": box(36.6, 35, 37.6, 36)},
        {"ADM1_PCODE": "SY01", "ADM2_PCODE": "SY0101", "ADM3_PCODE": "SY010101", "ADM3_EN": "Plain",
         "geometry": box(36.1, 35.1, 36.9, 35.9)},
    ]  # fmt: skip
    path = tmp_path / "cod.geojson"
    path.write_text(geopandas.GeoDataFrame(rows, crs="EPSG:4326").to_json(drop_id=True, na="drop"), "utf-8")

    added = desk.add(path)[0]

    assert added.known == 2
    assert shape_of(desk, "area:west@1") == (
        [36.6, 35.0, 37.6, 36.0], [36.6, 35.0, 37.6, 36.0], "province", None, True,
    )  # fmt: skip
    assert desk.gazetteer.geometry("area:plain@1").bbox.as_list() == [36.0, 35.0, 37.0, 36.0]


def test_an_area_of_which_only_a_point_was_known_learns_its_shape_whole(desk, tmp_path):
    desk.towns = [town(7, "Kafr Test", 36.5, 35.6)]
    rough = place("geoevents:west", "West", 36.5, 35.5, **ROUGH)
    write_ours(desk, rough, place("geoevents:kafr", "Kafr Test", 36.5, 35.5))

    desk.add(
        write_areas_of_a_table(
            tmp_path / "a.geojson",
            ("West", "admin1", (36.6, 35, 37.6, 36), {}),
            ("Kafr Test", "village", (36.4, 35.4, 36.6, 35.6), {}),
        )
    )

    assert shape_of(desk, "geoevents:west") == (
        [36.6, 35.0, 37.6, 36.0], [36.6, 35.0, 37.6, 36.0], "province", None, True,
    )  # fmt: skip
    assert desk.gazetteer.geometry("geoevents:kafr") is None
