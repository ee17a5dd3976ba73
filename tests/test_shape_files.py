"""A file is given to GDAL only if it is what its ending says and holds its features itself."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import geopandas
import pytest
from shapely.geometry import Point

from geoevents.errors import BadInput
from geoevents.frames import layers_of, read_shapes
from tests.conftest import ROOT

LEADS_ELSEWHERE = """<OGRVRTDataSource><OGRVRTLayer name="secrets">
<SrcDataSource relativeToVRT="0">{secret}</SrcDataSource><SrcLayer>secret</SrcLayer>
</OGRVRTLayer></OGRVRTDataSource>"""


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.geojson"
    feature = {"type": "Feature", "properties": {"title": "canary"}, "geometry": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "name": "secret", "features": [feature]}))
    return path


@pytest.fixture
def packet(tmp_path: Path) -> Path:
    path = tmp_path / "places.gpkg"
    geopandas.GeoDataFrame({"name": ["A"]}, geometry=[Point(40, 36)], crs=4326).to_file(path, layer="places")
    return path


@pytest.mark.parametrize("name", ["v.kml", "v.gpkg", "v.fgb", "v.shp", "v.vrt", "v"])
def test_a_description_of_other_files_is_refused_under_any_name(tmp_path, secret, name):
    path = tmp_path / name
    path.write_text(LEADS_ELSEWHERE.format(secret=secret))

    with pytest.raises(BadInput, match=r"is no .* file, whatever it is called"):
        layers_of(path)


def test_one_that_begins_like_another_file_leads_nowhere_either(tmp_path, secret, packet):
    for start in (b"SQLite format 3\0", packet.read_bytes()[:100]):
        path = tmp_path / "begins.gpkg"
        path.write_bytes(start + LEADS_ELSEWHERE.format(secret=secret).encode())

        with pytest.raises(BadInput, match=r"cannot be read|no table of its own"):
            layers_of(path)


def test_kml_with_another_root_beside_its_own_is_refused(tmp_path, secret):
    path = tmp_path / "two.kml"
    path.write_text("<kml/>" + LEADS_ELSEWHERE.format(secret=secret))

    with pytest.raises(BadInput, match="cannot be read: junk after document element"):
        layers_of(path)


def test_drivers_that_follow_what_a_file_says_are_not_there_at_all(packet):
    code = (
        "import sys; from pathlib import Path; from geoevents.frames import read_shapes;"
        "rows = list(read_shapes(Path(sys.argv[1]))); import pyogrio;"
        "print(len(rows), *sorted(pyogrio.list_drivers()), sep='|')"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code, packet], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ran.stdout.strip() == "1|ESRI Shapefile|FlatGeobuf|GPKG|KML|LIBKML|MEM"


@pytest.mark.parametrize("table", ["places", "gpkg_contents"])
def test_a_layer_that_is_worked_out_as_it_is_read_is_refused(packet, table):
    with closing(sqlite3.connect(packet)) as database:
        database.execute("DROP TRIGGER IF EXISTS trigger_insert_feature_count_places")
        database.execute(f"ALTER TABLE {table} RENAME TO stored")
        database.execute(
            f"CREATE VIEW {table} AS WITH RECURSIVE r(i) AS"
            " (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 9) SELECT stored.* FROM stored, r"
        )
        database.commit()

    with pytest.raises(BadInput, match=f"The layer {table} of places.gpkg is no table of its own"):
        list(read_shapes(packet))


def test_what_programs_write_is_read(tmp_path, packet):
    frame = geopandas.read_file(packet)
    for name, driver in (
        ("places.fgb", "FlatGeobuf"),
        ("places.shp", "ESRI Shapefile"),
        ("places.kml", "KML"),
    ):
        frame.rename(columns={"name": "Name"}).to_file(tmp_path / name, driver=driver)

    read = {
        name: [geometry["type"] for _, geometry in read_shapes(tmp_path / name)]
        for name in ("places.gpkg", "places.fgb", "places.shp", "places.kml")
    }

    assert set(map(tuple, read.values())) == {("Point",)}
