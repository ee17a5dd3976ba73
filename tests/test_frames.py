"""Events as a GeoDataFrame, and back."""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given

from geoevents.errors import InvalidEvent
from geoevents.frames import from_frame, to_frame
from geoevents.geojson import collection, feature_line
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from tests.strategies import events, make_event, sent_events, whole_events

STRIP = Geometry("Polygon", (((40.0, 36.0), (41.0, 36.0), (41.0, 36.5), (40.0, 36.0)),))


@whole_events
@given(events(), events())
@pytest.mark.slow
def test_events_come_back_from_a_frame_as_they_were(one, other):
    assert list(from_frame(to_frame([one, other]))) == [one, other]


def test_a_frame_of_nothing_has_its_columns():
    frame = to_frame([])

    assert len(frame) == 0
    assert {"id", "title", "date_start", "geometry"} <= set(frame.columns)
    assert list(from_frame(frame)) == []


def test_a_frame_knows_its_reference_system_and_its_types():
    frame = to_frame([make_event(), make_event(id="other", geometry=None, fatalities_best=3)])

    assert frame.crs == "EPSG:4326"
    assert str(frame["fatalities_best"].dtype) == "Int64"
    assert frame["fatalities_best"].isna().tolist() == [True, False]
    assert frame.geometry.isna().tolist() == [False, True]
    assert (frame.geometry[0].x, frame.geometry[0].y) == (40.74, 36.5)


@pytest.mark.parametrize("driver", ["GPKG", "GeoJSON"])
def test_a_frame_can_be_written_to_a_file_and_read(tmp_path, driver):
    kept = [
        make_event(tags=("a", "b"), civilian_targeting=True, fatalities_low=0),
        make_event(id="strip", geometry=STRIP, geo_precision=GeoPrecision.AREA, uncertainty_m=None),
        make_event(id="nowhere", geometry=None, geo_precision=GeoPrecision.UNLOCATED, uncertainty_m=None),
    ]
    path = tmp_path / f"events.{driver.lower()}"

    to_frame(kept).to_file(path, driver=driver)
    again = gpd.read_file(path)

    assert again["title"].tolist() == [event.title for event in kept]
    assert again.geometry[0].equals(to_frame(kept).geometry[0])
    assert again.geometry[2] is None


@whole_events
@given(sent_events())
def test_geopandas_reads_what_we_write(event):
    text = b"".join(collection([feature_line(event)]))

    frame = gpd.read_file(text)

    assert frame["id"].tolist() == [event.id]
    assert frame["title"].tolist() == [event.title]
    assert [shape is None for shape in frame.geometry] == [event.geometry is None]


def test_a_frame_that_was_bent_names_the_column():
    frame = to_frame([make_event()])
    frame["kind"] = "wedding"

    with pytest.raises(InvalidEvent) as caught:
        list(from_frame(frame))

    assert caught.value.field == "kind"
