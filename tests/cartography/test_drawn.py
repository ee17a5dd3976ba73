"""Arrays of what is drawn, and popups out of lines, say what drawing.py says of each event."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.cartography.drawing import drawing, popup
from geoevents.cartography.drawn import Drawer
from geoevents.cartography.popups import popup_of
from geoevents.geojson import feature, feature_line
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.queries import EventQuery
from tests.cartography.tiling import Rows, box_of
from tests.strategies import PAYLOADS, boxes, events, lats, lons, make_event, whole_events

placed = st.builds(
    lambda geometry, precision, metres: make_event(
        geometry=geometry, geo_precision=precision, uncertainty_m=metres
    ),
    st.none() | boxes() | st.builds(Geometry.point, lons, lats),
    st.sampled_from([*GeoPrecision, None]),
    st.none() | st.integers(0, 20_000_000),
)


@given(placed)
def test_a_row_is_drawn_as_its_event_is(event):
    rows = Rows([event])

    drawn = Drawer(rows.lines).draw(rows.select(EventQuery()), 0)

    alone = drawing(event)
    assert drawn.rows.tolist() == ([] if alone is None else [0])
    if alone is None:
        return
    assert (drawn.lon[0], drawn.lat[0]) == (alone.anchor.lon, alone.anchor.lat)
    is_wide = alone.radius_m is not None or not alone.geometry.is_point
    assert drawn.shapes.rows.tolist() == ([0] if is_wide else [])
    if is_wide:
        shapes = drawn.shapes
        sides = [getattr(shapes, name)[0] for name in ("west", "south", "east", "north")]
        assert sides == pytest.approx(box_of(alone), abs=1e-9)
        assert bool(shapes.is_outlined[0]) is (alone.radius_m is None)


@whole_events
@given(events())
def test_a_popup_out_of_a_line_says_what_one_of_the_event_says(event):
    event_id, said = popup_of(feature_line(event))

    assert (json.loads(event_id), json.loads(said + b"}")) == (event.id, popup(event))


@pytest.mark.parametrize("text", PAYLOADS)
def test_words_of_events_pass_as_they_are(text):
    said = popup_of(feature_line(make_event(title=text)))[1]

    assert json.loads(said + b"}")["title"] == text


def test_a_line_that_was_written_otherwise_has_its_popup_too():
    event = make_event(title="Shots near the gate")
    older = feature(event)
    older["properties"]["translations"] = {"ar": {"title": "x"}}
    del older["properties"]["about"]
    line = json.dumps(older).encode()

    said = popup_of(line)[1]

    assert json.loads(said + b"}") == popup(event) | {"titles": {"ar": "x"}}
