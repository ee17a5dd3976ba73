"""Features go out, come back, and come in from strangers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given

from geoevents.errors import BadInput, InvalidEvent, InvalidJSON, NotAnEvent
from geoevents.event_types import load_taxonomy
from geoevents.events import Draft, Event, Status
from geoevents.geojson import (
    MANAGED,
    Rules,
    collection,
    draft_from_fields,
    event_from_feature,
    feature,
    feature_line,
    read_draft,
    read_import,
)
from geoevents.geometries import Geometry
from geoevents.jsonio import read_json
from geoevents.places import GeoPrecision
from geoevents.sources import Source
from geoevents.times import Occurrence
from tests.strategies import events, make_event, sent_events, whole_events

TAXONOMY = load_taxonomy(Path(__file__).parents[1] / "data" / "event_types.json")
PLAIN = {"title": "A bridge is bombed", "event_type": "battles", "date_start": "2022-01-20"}
RULES = Rules(taxonomy=TAXONOMY, today=date(2022, 2, 1))


def sent(geometry=None, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": PLAIN | properties}


def problems_of(call, *arguments, **keywords) -> dict[str | None, str]:
    with pytest.raises(InvalidEvent) as caught:
        call(*arguments, **keywords)
    return {problem.field: str(problem) for problem in caught.value.problems}


@whole_events
@given(events())
def test_any_event_written_and_read_back_is_itself(event):
    line = feature_line(event)

    again = event_from_feature(json.loads(line))

    assert again == event
    assert feature_line(again) == line
    assert line.decode().splitlines() == [line.decode()], "one line, however lines are split"


@whole_events
@given(sent_events())
def test_what_we_wrote_can_be_sent_back_to_us(event):
    reading = read_draft(read_json(feature_line(event)), RULES)

    draft = event.as_draft()
    internal = {"match_score": None, "candidates": None, "chosen_by": None, "chosen_why": None}
    assert reading.draft == replace(draft, **internal)


def test_every_key_is_written_and_unknown_is_null():
    written = feature(
        Event(
            id="k7dq2m9xwb",
            title="A bridge is bombed",
            event_type="battles",
            date_start=date(2022, 1, 20),
            status=Status.DRAFT,
            created=datetime(2022, 2, 1, 9, tzinfo=UTC),
            updated=datetime(2022, 2, 1, 9, tzinfo=UTC),
        )
    )

    set_ones = {name: value for name, value in written["properties"].items() if value not in (None, [], {})}
    assert list(written) == ["type", "id", "geometry", "properties"]
    assert written["geometry"] is None
    assert set_ones == {
        "kind": "event",
        "title": "A bridge is bombed",
        "event_type": "battles",
        "date_start": "2022-01-20",
        "occurrence": "once",
        "verification": "unverified",
        "status": "draft",
        "sensitivity": "exact",
        "created": "2022-02-01T09:00:00.000000Z",
        "updated": "2022-02-01T09:00:00.000000Z",
        "version": 1,
    }


def test_a_collection_has_a_feature_a_line_and_its_own_members_last():
    lines = list(collection([b'{"a":1}', b'{"b":2}'], geoevents={"format": 1}))

    text = b"".join(lines).decode()
    assert text.splitlines()[1:-1] == ['{"a":1},', '{"b":2}']
    assert json.loads(text) == {
        "type": "FeatureCollection",
        "features": [{"a": 1}, {"b": 2}],
        "geoevents": {"format": 1},
    }
    assert json.loads(b"".join(collection([]))) == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("properties", "title"), 5, "title"),
        (("properties", "title"), None, "title"),
        (("properties", "date_start"), "20220120", "date_start"),
        (("properties", "date_end"), "2021-01-01", "date_end"),
        (("properties", "kind"), "wedding", "kind"),
        (("properties", "version"), True, "version"),
        (("properties", "created"), "2022-02-01", "created"),
        (("properties", "sources"), [{"publisher": "x", "colour": "red"}], "sources"),
        (("properties", "fid"), 7, "fid"),
        (("geometry",), {"type": "Point", "coordinates": [190, 5]}, "geometry"),
        (("geometry",), {"type": "Point", "coordinates": "ab"}, "geometry"),
        (("geometry",), {"type": "GeometryCollection", "geometries": []}, "geometry"),
        (("id",), 7, "id"),
        (("type",), "Fature", "type"),
        (("properties",), None, "type"),
    ],
)
def test_a_stored_feature_that_was_bent_names_where(path, value, field):
    stored = feature(make_event())
    *way, last = path
    inner = stored
    for step in way:
        inner = inner[step]
    inner[last] = value

    assert list(problems_of(event_from_feature, stored)) == [field]


@pytest.mark.parametrize("missing", ["id", "geometry", "properties"])
def test_a_stored_feature_without_a_member_names_it(missing):
    stored = feature(make_event())
    del stored[missing]

    with pytest.raises(InvalidEvent):
        event_from_feature(stored)


def test_title_type_and_day_are_enough_for_a_draft():
    reading = read_draft(sent(), RULES)

    assert reading.draft == Draft(
        title="A bridge is bombed", event_type="battles", date_start=date(2022, 1, 20)
    )
    assert reading.warnings == ()


def test_no_problem_hides_another():
    bad = sent(
        {"type": "Point", "coordinates": [40, 95]},
        title=" ",
        date_start="2022-02-30",
        sources=[{"publisher": "x", "url": "file:///etc/passwd"}, {"publisher": "y", "published": "soon"}],
        actors=[{"name": "a", "role": "king"}],
        about=[{"lon": 40.7}],
        titel="A bridge",
    )

    assert list(problems_of(read_draft, bad, RULES)) == [
        "title",
        "date_start",
        "about[0].lat",
        "actors[0].role",
        "sources[0].url",
        "sources[1].published",
        "geometry",
        "titel",
    ]


def test_two_different_ids_are_one_too_many():
    assert list(problems_of(read_draft, sent(id="k7dq2m9xwb") | {"id": "p3vt8rj5hz"}, RULES)) == ["id"]
    assert read_draft(sent(id="k7dq2m9xwb"), RULES).draft.id == "k7dq2m9xwb"


def test_what_is_missing_is_named_with_the_way_out():
    assert problems_of(read_draft, {"type": "Feature", "geometry": None, "properties": {}}, RULES) == {
        "title": "title is missing. Say in one sentence what happened.",
        "event_type": "event_type is missing. Say what kind of event it was.",
        "date_start": "date_start is missing. Write the day it happened or began, such as 2024-05-01.",
    }


def test_typed_coordinates_are_taken_as_typed():
    reading = read_draft(sent({"type": "Point", "coordinates": [40.7412345678, 36]}), RULES)

    assert reading.draft.geometry == Geometry.point(40.7412345678, 36)
    assert (reading.draft.geo_precision, reading.draft.uncertainty_m) == (GeoPrecision.SETTLEMENT, 3_000)
    assert reading.draft.geo_method == "typed"
    assert [str(warning) for warning in reading.warnings] == [
        "How exactly the place is known was not said: geo_precision is taken as settlement."
    ]


@pytest.mark.parametrize("name", MANAGED)
def test_what_a_writer_does_not_decide_is_passed_over(name):
    assert read_draft(sent(**{name: "anything"}), RULES) == read_draft(sent(), RULES)


def test_a_condition_lasts_unless_told_otherwise():
    assert read_draft(sent(kind="condition"), RULES).draft.occurrence is Occurrence.LASTING


def test_a_collection_is_sent_to_import():
    with pytest.raises(NotAnEvent, match="Bring a collection in by import"):
        read_draft({"type": "FeatureCollection", "features": []}, RULES)


def test_a_bare_geometry_is_no_feature():
    bare = {"type": "Point", "coordinates": [40, 36]}

    found = problems_of(read_draft, bare, RULES)

    assert found["type"] == "Expected a Feature, but type is 'Point'."
    assert "'coordinates' is not a property here." in found["coordinates"]


@pytest.mark.parametrize("value", [None, [], "x", 5, True])
def test_what_is_no_object_is_no_feature(value):
    with pytest.raises(InvalidJSON, match="Expected a Feature"):
        read_draft(value, RULES)


class TestImport:
    def test_unknown_columns_are_kept_in_extra(self):
        foreign = sent(fid=7, notes={"a": [1]}, extra={"colour": "red"})

        assert read_import(foreign, RULES).draft.extra == {"colour": "red", "fid": 7, "notes": {"a": [1]}}

    def test_unknown_keys_of_a_part_are_kept_under_their_path(self):
        foreign = sent(sources=[{"publisher": "x", "page": 4}])

        assert read_import(foreign, RULES).draft.extra == {"sources[0].page": 4}

    @pytest.mark.parametrize("foreign_id", [17, "{A0EE-BC99}", "SYR12345 "])
    def test_a_foreign_id_is_kept_as_external(self, foreign_id):
        draft = read_import(sent() | {"id": foreign_id}, RULES).draft

        assert (draft.id, draft.external_id) == (None, str(foreign_id).strip())

    def test_an_id_of_ours_stays_one_wherever_a_program_left_it(self):
        assert read_import(sent() | {"id": "k7dq2m9xwb"}, RULES).draft.id == "k7dq2m9xwb"
        assert read_import(sent(id="k7dq2m9xwb"), RULES).draft.id == "k7dq2m9xwb"

    def test_lists_and_numbers_may_be_text_as_gdal_writes_them(self):
        draft = read_import(
            sent(
                date_start="2022/01/20 00:00:00",
                sources='[{"publisher": "x"}]',
                fatalities_best="3",
                civilian_targeting="true",
            ),
            RULES,
        ).draft

        assert draft == Draft(
            title="A bridge is bombed",
            event_type="battles",
            date_start=date(2022, 1, 20),
            sources=(Source(publisher="x"),),
            fatalities_best=3,
            civilian_targeting=True,
        )

    def test_two_ids_are_both_kept(self):
        both = sent(id="SYR-1") | {"id": "k7dq2m9xwb"}

        draft = read_import(both, RULES).draft
        assert (draft.id, draft.external_id) == ("k7dq2m9xwb", "SYR-1")
        draft = read_import(sent(id=7, external_id="x") | {"id": 8}, RULES).draft
        assert (draft.id, draft.external_id, draft.extra) == (None, "x", {"id": 7})

    def test_columns_of_others_with_our_names_are_kept(self):
        foreign = sent(version="v2.1-final", created="last summer", updated=None, chosen_by="me")

        assert read_import(foreign, RULES).draft.extra == {"version": "v2.1-final", "created": "last summer"}

    def test_our_own_columns_are_passed_over_even_as_gdal_wrote_them(self):
        ours = sent(version="3", created="2022/02/01 12:00:00+00", updated="2022-02-01T12:00:00.000Z")

        assert read_import(ours, RULES).draft.extra == {}

    def test_its_shapes_say_that_they_were_imported(self):
        assert (
            read_import(sent({"type": "Point", "coordinates": [40, 36]}), RULES).draft.geo_method
            == "imported"
        )

    def test_a_download_of_ours_changes_in_nothing(self):
        event = make_event()

        assert read_import(read_json(feature_line(event)), RULES).draft == event.as_draft()


class TestForm:
    def test_flat_texts_make_the_same_draft_as_a_feature(self):
        flat = PLAIN | {
            "lon": "40.74",
            "lat": "٣٦٫٥",
            "geo_precision": "site",
            "fatalities_best": "3",
            "civilian_targeting": "no",
            "tags": "bridge، river, ",
            "source_publisher": "The Daily",
            "source_url": "https://example.org/1",
            "description": "",
        }

        assert draft_from_fields(flat, RULES) == read_draft(
            sent(
                {"type": "Point", "coordinates": [40.74, 36.5]},
                geo_precision="site",
                fatalities_best=3,
                civilian_targeting=False,
                tags=["bridge", "river"],
                sources=[{"publisher": "The Daily", "url": "https://example.org/1"}],
            ),
            RULES,
        )

    def test_problems_carry_the_forms_own_names(self):
        flat = PLAIN | {
            "lon": "40.74",
            "source_url": "javascript:x",
            "fatalities_low": "many",
            "csrf": "1",
        }

        assert list(problems_of(draft_from_fields, flat, RULES)) == [
            "fatalities_low",
            "source_url",
            "lat",
            "csrf",
        ]

    def test_an_edit_keeps_what_the_form_does_not_show(self):
        event = make_event(
            sources=(
                Source(publisher="The Daily", title="Old", says={"fatalities": 3}),
                Source(publisher="B"),
            ),
            internal_note="seen by two editors",
        )

        edited = draft_from_fields({"title": "New", "source_title": ""}, RULES, base=event).draft

        assert edited == replace(
            event.as_draft(),
            title="New",
            sources=(Source(publisher="The Daily", says={"fatalities": 3}), Source(publisher="B")),
        )

    def test_an_empty_field_clears(self):
        event = make_event(description="Long")

        assert draft_from_fields({"description": ""}, RULES, base=event).draft.description is None

    def test_clearing_every_field_of_a_source_removes_it(self):
        cleared = {"source_publisher": "", "source_url": ""}

        assert draft_from_fields(cleared, RULES, base=make_event()).draft.sources == ()

    def test_another_place_name_forgets_where_the_old_place_was(self):
        edited = draft_from_fields({"place_name": "Amuda"}, RULES, base=make_event()).draft

        assert edited == replace(
            make_event().as_draft(),
            place_name="Amuda",
            place_id=None,
            country_code=None,
            admin1=None,
            geo_precision=None,
            uncertainty_m=None,
            geo_method=None,
            geometry=None,
        )

    def test_a_point_that_was_moved_was_typed_in_the_same_place(self):
        edited = draft_from_fields({"lon": "40.75", "lat": "36.51"}, RULES, base=make_event()).draft

        assert edited == replace(
            make_event().as_draft(), geometry=Geometry.point(40.75, 36.51), geo_method="typed"
        )

    def test_the_same_point_sent_again_changes_nothing(self):
        event = make_event()
        same = {"lon": "40.74", "lat": "36.5", "place_name": "Hasakah"}

        assert draft_from_fields(same, RULES, base=event).draft == event.as_draft()

    def test_an_area_stays_while_its_name_stays(self):
        strip = Geometry("Polygon", (((40.0, 36.0), (41.0, 36.0), (41.0, 36.5), (40.0, 36.0)),))
        event = make_event(geometry=strip, geo_precision=GeoPrecision.AREA, uncertainty_m=None)

        assert (
            draft_from_fields({"lon": "", "lat": "", "title": "T"}, RULES, base=event).draft.geometry == strip
        )

    def test_a_field_given_twice_is_told(self):
        assert problems_of(draft_from_fields, PLAIN | {"title": ["a", "b"]}, RULES)["title"] == (
            "title is given 2 times. Give it once."
        )


def test_a_problem_is_a_fault_with_a_field():
    with pytest.raises(InvalidEvent) as caught:
        read_draft(sent(title=""), RULES)

    assert isinstance(caught.value, BadInput)
    assert caught.value.field == "title"
