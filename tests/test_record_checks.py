"""What the fields of an event say together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geoevents.errors import InvalidEvent
from geoevents.event_types import load_taxonomy
from geoevents.events import Status
from geoevents.geojson import Rules, event_from_feature, feature, read_draft
from geoevents.places import GeoPrecision
from tests.strategies import make_event

TAXONOMY = load_taxonomy(Path(__file__).parents[1] / "data" / "event_types.json")
RULES = Rules(taxonomy=TAXONOMY, today=date(2022, 2, 1))
POINT = {"type": "Point", "coordinates": [40.74, 36.5]}
SHAPES = {
    "Point": [40.0, 36.0],
    "MultiPoint": [[40.0, 36.0], [41.0, 36.0]],
    "LineString": [[40.0, 36.0], [41.0, 36.0]],
    "MultiLineString": [[[40.0, 36.0], [41.0, 36.0]]],
    "Polygon": [[[40.0, 36.0], [41.0, 36.0], [41.0, 37.0], [40.0, 36.0]]],
    "MultiPolygon": [[[[40.0, 36.0], [41.0, 36.0], [41.0, 37.0], [40.0, 36.0]]]],
}
FITTING = {
    "site": "Point MultiPoint Polygon MultiPolygon",
    "neighbourhood": "Point MultiPoint Polygon MultiPolygon",
    "settlement": "Point MultiPoint Polygon MultiPolygon",
    "near": "Point MultiPoint",
    "line": "LineString MultiLineString",
    "district": "Polygon MultiPolygon",
    "area": "Polygon MultiPolygon",
    "province": "Polygon MultiPolygon",
    "country": "",
    "unlocated": "",
}


def read(geometry=None, **properties):
    plain = {"title": "A bridge is bombed", "event_type": "battles", "date_start": "2022-01-20"}
    return read_draft({"type": "Feature", "geometry": geometry, "properties": plain | properties}, RULES)


def problems(geometry=None, **properties) -> dict[str | None, str]:
    with pytest.raises(InvalidEvent) as caught:
        read(geometry, **properties)
    return {problem.field: str(problem) for problem in caught.value.problems}


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("precision", FITTING)
def test_a_shape_and_a_precision_fit_or_do_not(kind, precision):
    geometry = {"type": kind, "coordinates": SHAPES[kind]}

    if kind in FITTING[precision].split():
        assert read(geometry, geo_precision=precision).draft.geo_precision.value == precision
    else:
        assert list(problems(geometry, geo_precision=precision)) == ["geo_precision"]


@pytest.mark.parametrize("precision", ["district", "area", "province"])
def test_a_point_may_stand_for_land_if_it_says_how_far(precision):
    draft = read(POINT, geo_precision=precision, uncertainty_m=25_000).draft

    assert (draft.geo_precision.value, draft.uncertainty_m) == (precision, 25_000)
    assert "say in uncertainty_m how many metres" in problems(POINT, geo_precision=precision)["geo_precision"]


def test_a_point_is_not_a_country():
    assert problems(POINT, geo_precision="country")["geo_precision"] == (
        "An event of precision country is only listed. Leave geometry null, or be more exact."
    )


@pytest.mark.parametrize(
    ("kind", "precision", "uncertainty_m"),
    [("Point", "settlement", 3_000), ("LineString", "line", None), ("MultiPolygon", "area", None)],
)
def test_a_shape_without_a_precision_gets_a_careful_one(kind, precision, uncertainty_m):
    reading = read({"type": kind, "coordinates": SHAPES[kind]})

    assert (reading.draft.geo_precision, reading.draft.uncertainty_m) == (
        GeoPrecision(precision),
        uncertainty_m,
    )
    assert f"geo_precision is taken as {precision}" in str(reading.warnings[0])


@pytest.mark.parametrize("precision", ["site", "near"])
def test_a_point_gets_the_uncertainty_of_its_precision_unless_it_says_its_own(precision):
    default = GeoPrecision(precision).default_uncertainty_m

    assert read(POINT, geo_precision=precision).draft.uncertainty_m == default
    assert read(POINT, geo_precision=precision, uncertainty_m=50).draft.uncertainty_m == 50


def test_a_bad_precision_is_told_once():
    assert list(problems(POINT, geo_precision="roughly")) == ["geo_precision"]


def test_days_in_the_wrong_order():
    assert problems(date_end="2022-01-19") == {
        "date_end": "date_end 2022-01-19 is before date_start 2022-01-20. Exchange the two."
    }


def test_a_condition_does_not_happen_once():
    assert list(problems(kind="condition", occurrence="once")) == ["occurrence"]
    assert read(kind="event", occurrence="lasting").draft.occurrence.value == "lasting"


@pytest.mark.parametrize(
    ("low", "best", "high", "blamed"),
    [
        (1, 2, 3, []),
        (0, 0, 0, []),
        (None, 2, None, []),
        (3, 2, None, ["fatalities_best"]),
        (3, None, 2, ["fatalities_high"]),
        (None, 5, 4, ["fatalities_high"]),
        (5, 4, 3, ["fatalities_best", "fatalities_high"]),
    ],
)
def test_fatalities_stand_in_order(low, best, high, blamed):
    given = {"fatalities_low": low, "fatalities_best": best, "fatalities_high": high}

    if blamed:
        assert list(problems(**given)) == blamed
    else:
        assert read(**given).draft.fatalities_low == low


def test_null_is_not_nought():
    assert read(fatalities_best=0).draft.fatalities_best == 0
    assert read(fatalities_best=None).draft.fatalities_best is None


def test_a_sub_type_belongs_to_its_type():
    assert list(problems(sub_event_type="mob_violence")) == ["sub_event_type"]
    assert read(sub_event_type="armed_clash").draft.sub_event_type == "armed_clash"


def test_verified_asks_for_its_basis():
    assert list(problems(verification="verified")) == ["verification_basis"]
    assert read(verification="verified", verification_basis="Two videos").draft.verification == "verified"


def test_a_retraction_asks_for_its_reason():
    assert list(problems(status="retracted")) == ["status_reason"]
    assert read(status="retracted", status_reason="Another town").draft.status == "retracted"


def test_merged_is_nothing_to_choose():
    said = problems(status="merged")

    assert said == {
        "status": "status cannot be 'merged'. Use one of: draft, in_review, published, retracted."
    }


def test_a_file_in_which_an_event_is_merged_is_read():
    event = make_event(status=Status.MERGED)

    assert event_from_feature(feature(event)) == event


class TestWithheld:
    def test_a_title_that_names_the_withheld_place_is_told(self):
        reading = read(sensitivity="grid", place_name="al-Ḥasakah", title="Shots in AL HASAKAH")

        assert [str(each) for each in reading.warnings] == [
            "The place is withheld, but title names it and is public. Write it without the place."
        ]

    @pytest.mark.parametrize(
        ("field", "said"),
        [
            ("public_text", {"public_text": "Shots near HASAKAH"}),
            ("content_warning", {"content_warning": "Pictures of the dead of Hasakah"}),
            ("translations.en.title", {"translations": {"en": {"title": "Shots in Ḥasakah"}}}),
            ("actors[0].name", {"actors": [{"name": "Hasakah Military Council", "role": "side_a"}]}),
            ("sources[0].publisher", {"sources": [{"publisher": "Hasakah Today"}]}),
            ("sources[0].said_by", {"sources": [{"publisher": "A", "said_by": "the mayor of Hasakah"}]}),
        ],
    )
    def test_so_is_every_other_text_that_stays_public(self, field, said):
        reading = read(sensitivity="grid", place_name="Hasakah", **said)

        assert [str(each) for each in reading.warnings] == [
            f"The place is withheld, but {field} names it and is public. Write it without the place."
        ]

    def test_the_province_is_withheld_on_the_grid_alone(self):
        said = {"admin1": "Raqqa", "title": "Shots in Raqqa province"}

        assert len(read(sensitivity="grid", **said).warnings) == 1
        assert read(sensitivity="admin1", **said).warnings == ()

    def test_what_readers_do_not_see_may_name_the_place(self):
        hidden = {"description": "In Hasakah", "sources": [{"publisher": "Hasakah", "confidential": True}]}

        assert read(sensitivity="grid", place_name="Hasakah", **hidden).warnings == ()

    def test_a_title_that_does_not_is_fine(self):
        assert read(sensitivity="grid", place_name="Hasakah").warnings == ()
        assert read(sensitivity="exact", place_name="Hasakah", title="Shots in Hasakah").warnings == ()

    def test_a_province_nobody_named_is_told(self):
        reading = read(sensitivity="admin1")

        assert [str(each) for each in reading.warnings] == [
            "admin1 is empty, so readers will not learn which province it was."
        ]
