"""Who's On First, boundaries with P-codes, and tables of places in whatever columns they have."""

from __future__ import annotations

import json
import sqlite3
import zipfile

import geopandas
import pytest
from shapely.geometry import box

from geoevents.errors import BadInput
from geoevents.places import Context
from geoevents.record_fields import place_id
from tests.gazetteers.conftest import area, town
from tests.gazetteers.sources.conftest import write_ours


def record(key: int, name: str, **more: object) -> dict[str, object]:
    """A record of Who's On First."""
    properties = {
        "wof:id": key, "wof:name": name, "wof:placetype": "locality", "iso:country": "SY", "mz:is_current": 1,
        "geom:latitude": 36.0, "geom:longitude": 37.0, "wof:concordances": {}, "edtf:deprecated": "uuuu",
        "wof:superseded_by": [],
    }  # fmt: skip
    return {"type": "Feature", "geometry": None, "properties": properties | more}


def write_sqlite(path, records):
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE geojson (id INTEGER, body TEXT)")
        db.executemany("INSERT INTO geojson VALUES (1, ?)", [(json.dumps(each),) for each in records])
    db.close()
    return path


def write_zip(path, records):
    with zipfile.ZipFile(path, "w") as archive:
        for each in records:
            archive.writestr(f"data/{each['properties']['wof:id']}.geojson", json.dumps(each))
    return path


def write_folder(path, records):
    for each in records:
        target = path / "data" / f"{each['properties']['wof:id']}.geojson"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(each), "utf-8")
    return path


@pytest.mark.parametrize("write", [write_sqlite, write_zip, write_folder])
def test_whos_on_first_is_read_however_it_comes(desk, tmp_path, write):
    desk.towns = [town(7, "Kafr Test", 37.3, 36.0)]
    records = [
        record(101, "Tell Test", **{"name:ara_x_preferred": ["تل تست"], "name:kur_x_variant": ["Girê Test"]}),
        record(102, "Gone", **{"mz:is_current": 0}),
        record(103, "A Street", **{"wof:placetype": "street"}),
        record(104, "Keferteste", **{"geom:longitude": 37.3, "wof:concordances": {"gn:id": 7}}),
    ]
    target = tmp_path / {"write_sqlite": "wof.db", "write_zip": "wof.zip"}.get(write.__name__, "wof-sy")

    added = desk.add(write(target, records), name="firsts")[0]

    found = desk.gazetteer.get("wof:101")
    assert (added.source.manifest.reader, dict(added.tally.left_out)) == (
        "whosonfirst",
        {"not current": 1, "kind": 1},
    )
    assert (found.name, found.name_in("ar"), desk.ids_of("Girê Test")) == ("Tell Test", "تل تست", ["wof:101"])
    assert (desk.ids_of("Keferteste"), added.known) == (["geonames:7"], 1)


def test_the_csv_of_a_country_of_whos_on_first_is_read(desk, tmp_path):
    path = tmp_path / "meta.csv"
    path.write_text(
        "id,name,placetype,wof_country,lbl_latitude,lbl_longitude,is_current,superseded_by\n"
        "101,Tell Test,locality,SY,36.0,37.0,1,\n102,Gone,locality,SY,36.0,37.0,0,\n", "utf-8",
    )  # fmt: skip

    assert (desk.add(path)[0].tally.taken, desk.ids_of("Tell Test")) == (1, ["wof:101"])


WEST = {"ADM0_PCODE": "SY", "ADM1_PCODE": "SY01", "ADM1_EN": "West", "ADM1_AR": "غرب"}
EAST = {"ADM0_PCODE": "SY", "ADM1_PCODE": "SY02", "ADM1_EN": "East", "ADM1_AR": "شرق"}
DISTRICTS = [
    WEST | {"geometry": box(36, 35, 38, 37)},
    EAST | {"geometry": box(38, 35, 40, 37)},
    WEST | {"ADM2_PCODE": "SY0101", "ADM2_EN": "Near Test", "geometry": box(36, 35, 37, 36)},
]


def write_shapes(path, suffix):
    frame = geopandas.GeoDataFrame(DISTRICTS, crs="EPSG:4326")
    if suffix == ".zip":
        folder = path / "shapes"
        folder.mkdir()
        frame.to_file(folder / "adm.shp")
        target = path / "boundaries.zip"
        with zipfile.ZipFile(target, "w") as archive:
            for part in folder.iterdir():
                archive.write(part, part.name)
        return target
    target = path / f"boundaries{suffix}"
    if suffix == ".geojson":
        target.write_text(frame.to_json(drop_id=True, na="drop"), "utf-8")
    else:
        frame.to_file(target)
    return target


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".zip"])
def test_boundaries_become_areas_under_their_p_codes(desk, tmp_path, suffix):
    ours = area(
        "area:sy-west@1", "West", (36, 35, 37.9, 37), kind="admin1", labels={"en": "West governorate"}
    )
    write_ours(desk, areas=(ours,))
    desk.towns = [town(7, "Kafr Test", 36.5, 35.5), town(8, "Tell Test", 39.0, 36.0)]

    added = desk.add(write_shapes(tmp_path, suffix), name="cod")[0]

    gazetteer = desk.gazetteer
    west, east, near = (gazetteer.get(f"pcode:{code}") for code in ("SY01", "SY02", "SY0101"))
    assert (added.source.manifest.reader, added.known) == ("boundaries", 1)
    assert (west.place_id, east.kind, near.kind, near.admin1) == (
        "area:sy-west@1",
        "admin1",
        "admin2",
        "West",
    )
    assert (gazetteer.geometry("pcode:SY01").bbox.east, gazetteer.geometry("pcode:SY0101").bbox.east) == (
        38,
        37,
    )
    assert (gazetteer.get("geonames:8").admin1, gazetteer.get("geonames:7").admin1) == ("East", "West")
    assert east.name_in("ar") == "شرق"


TABLES = {
    "plain": "name,lat,lon\nTell Test,36.0,37.0\n",
    "in two languages": "Name_EN;Name_AR;Latitude;Longitude\nTell Test;تل تست;36,0;37,0\n",
    "of GIS": "OBJECTID\tNAME\tPOINT_Y\tPOINT_X\tfclass\n7\tTell Test\t36.0\t37.0\tvillage\n",
    "with codes": "pcode,name,y,x,feature_code\nC1234,Tell Test,36.0,37.0,PPL\n",
}


@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES.keys())
def test_a_table_is_understood_by_the_usual_names_of_its_columns(desk, tmp_path, content):
    path = tmp_path / "places.csv"
    path.write_text(content, "utf-8-sig")

    desk.add(path, country="SY")

    candidates = desk.gazetteer.resolve("Tell Test", Context()).candidates
    assert [(each.place.lon, each.place.lat, each.place.kind) for each in candidates] == [
        (37.0, 36.0, "settlement")
    ]
    if "تل" in content:
        assert candidates[0].place.name_in("ar") == "تل تست"
    if "C1234" in content:
        assert candidates[0].place.place_id == "pcode:C1234"


# Villages as OCHA and others list them: what each lies in has a P-code, too.
IN_SUBDISTRICTS = {
    "of level 4": (
        "ADM4_PCODE,ADM4_EN,ADM4_AR,ADM3_PCODE,ADM3_EN,ADM2_EN,ADM1_EN,ADM0_PCODE,LONGITUDE_X,LATITUDE_Y",
        "{code},{name},تل تست,SY010101,Sub,Dis,West,SY,{lon},{lat}",
    ),
    "of level 4, as HXL": (
        "admin4Pcode,admin4Name_en,admin4Name_ar,admin3Pcode,admin3Name_en,admin1Name_en,Longitude,Latitude",
        "{code},{name},تل تست,SY010101,Sub,West,{lon},{lat}",
    ),
    "of level 4, in small letters": (
        "adm4_pcode,adm4_name,adm4_name1,adm3_pcode,adm3_name,adm1_name,center_lon,center_lat",
        "{code},{name},تل تست,SY010101,Sub,West,{lon},{lat}",
    ),
    "with a code of their own": (
        "PCODE,NAME_EN,NAME_AR,ADM3_PCODE,ADM3_EN,ADM1_PCODE,ADM1_EN,LAT,LON",
        "{code},{name},تل تست,SY010101,Sub,SY01,West,{lat},{lon}",
    ),
    "with only a name of their own": (
        "village,adm3_pcode,adm1_en,latitude,longitude",
        "{name},SY010101,West,{lat},{lon}",
    ),
}


@pytest.mark.parametrize(("header", "row"), IN_SUBDISTRICTS.values(), ids=IN_SUBDISTRICTS.keys())
def test_villages_with_the_p_code_of_their_subdistrict_are_villages(desk, tmp_path, header, row):
    villages = [
        ("C1", "Tell Test", 37.0, 36.0),
        ("C2", "Kafr Test", 37.3, 36.1),
        ("C3", "Bir Test", 37.5, 36.2),
    ]
    rows = [row.format(code=code, name=name, lon=lon, lat=lat) for code, name, lon, lat in villages]
    path = tmp_path / "places.csv"
    path.write_text("\n".join([header, *rows, ""]), "utf-8")

    added = desk.add(path, name="mine", country="SY")[0]

    found = [desk.gazetteer.resolve(name, Context()).candidates[0].place for _, name, _, _ in villages]
    assert (added.source.manifest.reader, added.tally.taken) == ("table", 3)
    assert [(each.lon, each.kind, each.admin1) for each in found] == [
        (lon, "settlement", "West") for _, _, lon, _ in villages
    ]
    if "{code}" in row:
        assert [each.place_id for each in found] == ["pcode:C1", "pcode:C2", "pcode:C3"]


def test_a_table_in_subdistricts_is_read_in_the_encoding_that_is_named(desk, tmp_path):
    path = tmp_path / "places.csv"
    path.write_bytes("name,adm3_pcode,lat,lon\nتل تست,SY010101,36.0,37.0\n".encode("windows-1256"))

    desk.add(path, encoding="windows-1256")

    assert len(desk.ids_of("تل تست")) == 1


@pytest.mark.parametrize("more", [{"name": "Near Test"}, {"PCODE": "SY0101", "NAME_EN": "Near Test"}])
def test_boundaries_stay_boundaries_though_they_have_a_name_besides(desk, tmp_path, more):
    path = tmp_path / "boundaries.geojson"
    frame = geopandas.GeoDataFrame([{**DISTRICTS[2], **more}], crs="EPSG:4326")
    path.write_text(frame.to_json(drop_id=True), "utf-8")

    added = desk.add(path, name="cod")[0]

    assert (added.source.manifest.reader, desk.gazetteer.get("pcode:SY0101").kind) == ("boundaries", "admin2")


def test_columns_of_other_names_are_named_by_a_flag(desk, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("village_na,north,east\nTell Test,36.0,37.0\n", "utf-8")

    with pytest.raises(BadInput, match=r"village_na, north, east.*--column name=COLUMN"):
        desk.add(path)
    with pytest.raises(BadInput, match="A field is one of"):
        desk.add(path, columns={"name": "nothing"})
    desk.add(path, columns={"name": "village_na", "lat": "north", "lon": "east"})

    assert len(desk.ids_of("Tell Test")) == 1


def villages(*others: dict[str, object]) -> str:
    """A GeoJSON of twelve villages, as a map of volunteers has them, and of what else is told."""
    names = [{"name": f"Kafr {letter}", "place": "village"} for letter in "ABCDEFGHIJKL"]
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in each.items() if key != "at"},
            "geometry": {"type": "Point", "coordinates": at} if at else None,
        }
        for number, each in enumerate([*others, *names])
        for at in [each.get("at", [37 + number / 100, 36])]
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_a_place_without_a_name_is_no_reason_to_refuse_a_map(desk, tmp_path):
    path = tmp_path / "map.geojson"
    nameless = [{"place": "village"}, {"place": "village", "source": "survey"}, {"name:ku": "Til"}]
    path.write_text(villages(*nameless), "utf-8")

    added = desk.add(path)[0]

    assert (added.tally.read, added.tally.taken, dict(added.tally.left_out)) == (15, 12, {"no name": 3})


def test_a_map_in_which_nothing_has_the_column_that_was_said_is_refused(desk, tmp_path):
    path = tmp_path / "map.geojson"
    path.write_text(villages({"place": "village"}), "utf-8")

    with pytest.raises(BadInput, match=r"--column population=people: map\.geojson has place"):
        desk.add(path, columns={"population": "people"})
    with pytest.raises(BadInput, match="A field is one of"):
        desk.add(path, columns={"people": "place"})


@pytest.mark.parametrize("at", [[0, 0], None], ids=["0, 0", "no shape"])
def test_what_lies_at_0_0_or_has_no_shape_lies_nowhere(desk, tmp_path, at):
    path = tmp_path / "map.geojson"
    path.write_text(villages({"name": "Kafr Null", "place": "village", "at": at}), "utf-8")

    added = desk.add(path)[0]

    assert (added.tally.taken, dict(added.tally.left_out)) == (12, {"position": 1})


def test_people_are_counted_however_their_thousands_are_parted(desk, tmp_path):
    path = tmp_path / "map.geojson"
    counted = {"12,345": 12_345, "1 234": 1_234, "7": 7, "2.0": 2, "1,5": 0, "many": 0}
    path.write_text(
        villages(
            *(
                {"name": f"Tell {letter}", "population": text}
                for letter, text in zip("UVWXYZ", counted, strict=True)
            )
        ),
        "utf-8",
    )

    desk.add(path)

    found = [desk.gazetteer.resolve(f"Tell {letter}", Context()).candidates[0].place for letter in "UVWXYZ"]
    assert [each.population for each in found] == list(counted.values())


def test_a_database_of_whos_on_first_with_rows_of_another_shape_is_read_or_refused(desk, tmp_path):
    records = [record(101 + number, f"Tell {number}") for number in range(20)]
    path = write_sqlite(tmp_path / "wof.db", [*records, [], {"properties": "none"}])

    added = desk.add(path, name="wof-test")[0]

    assert (added.tally.taken, dict(added.tally.left_out)) == (20, {"no name": 2})


def test_a_table_in_another_encoding_says_so_and_is_read_when_it_is_named(desk, tmp_path):
    path = tmp_path / "places.csv"
    path.write_bytes("name,lat,lon\nتل تست,36.0,37.0\n".encode("windows-1256"))

    with pytest.raises(BadInput, match=r"not UTF-8.*--encoding"):
        desk.add(path)
    desk.add(path, encoding="windows-1256")

    assert len(desk.ids_of("تل تست")) == 1


def test_geojson_of_places_is_read_with_the_kinds_it_says(desk, tmp_path):
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [37.0, 36.0]},
            "properties": properties,
        }
        for properties in (
            {"name": "Tell Test", "place": "village"},
            {"name": "Camp Test", "kind": "camp"},
            {"name": "A Shop", "place": "shop"},
        )
    ]
    path = tmp_path / "places.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")

    added = desk.add(path)[0]

    assert (added.tally.taken, dict(added.tally.left_out)) == (2, {"kind": 1})
    assert desk.gazetteer.resolve("Camp Test", Context()).candidates[0].place.kind == "camp"


@pytest.mark.parametrize(
    "content", ['{"type":', "[]", "[[[[", '"x"', '{"type": "FeatureCollection", "features": 3}']
)
def test_what_is_no_geojson_is_refused_with_a_sentence(desk, tmp_path, content):
    path = tmp_path / "places.geojson"
    path.write_text(content, "utf-8")

    with pytest.raises(BadInput):
        desk.add(path)

    assert desk.shelf.sources() == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *(("mine", key) for key in ("12", "way/12", "قرية-٧", "a b", 'x"y', "é;1", "9" * 70, "P:1")),
        *(("2024-list", "12"), ("a" * 40, "way/12")),
    ],
)
def test_a_place_with_any_id_can_be_picked_kept_and_measured_from(desk, tmp_path, name, key):
    path = tmp_path / "places.geojson"
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [37.0, lat]},
            "properties": {"id": its_key, "name": its_name},
        }
        for its_key, its_name, lat in ((key, "Tell Test", 36.0), (key + "0", "Kafr Test", 36.2))
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")

    desk.add(path, name=name)

    (one,), (other,) = desk.ids_of("Tell Test"), desk.ids_of("Kafr Test")
    derived = [f"countryside:{one}", f"offset:{one};5000;N", f"between:{one};{other}"]
    assert (one.startswith(f"{name}:"), one != other) == (True, True)
    assert desk.gazetteer.get(one).name == "Tell Test"
    assert [desk.gazetteer.get(each).place_id for each in derived] == derived
    assert [place_id(each, "place_id", {}) for each in (one, f"along:{one};{other};{one}")] == [
        one,
        f"along:{one};{other};{one}",
    ]


def test_an_id_is_the_same_whenever_its_file_is_read(desk, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("id,name,lat,lon\nway/12,Tell Test,36.0,37.0\nway/13,Kafr Test,36.3,37.0\n", "utf-8")
    desk.add(path, name="mine")
    before = desk.ids_of("Tell Test")

    path.write_text("id,name,lat,lon\nway/12,Tell Test,36.0,37.0\n", "utf-8")
    desk.add(path, name="mine")

    assert desk.ids_of("Tell Test") == before
