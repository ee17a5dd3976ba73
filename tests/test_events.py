"""What an event is, and what of it anybody may see."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geoevents.events import (
    About,
    AboutRole,
    Actor,
    ActorRole,
    Content,
    Draft,
    Event,
    Sensitivity,
    Status,
    Translation,
    new_id,
    public_view,
)
from geoevents.geojson import feature_line
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision, LonLat
from geoevents.sources import Source
from geoevents.times import Interval, Occurrence
from tests.strategies import NOW, events, geometries, lats, lons, make_event, whole_events

PUBLIC = st.sampled_from([Status.PUBLISHED, Status.RETRACTED])
COARSE = st.sampled_from([Sensitivity.GRID, Sensitivity.ADMIN1])


def seen(event: Event) -> Event:
    view = public_view(event)
    assert view is not None
    return view


class TestDrafts:
    def test_the_first_version_has_an_id_of_its_own(self):
        draft = Draft(title="T", event_type="battles", date_start=date(2022, 1, 20))

        one, other = (draft.to_event(now=NOW, status=Status.DRAFT) for _ in range(2))

        assert one.id != other.id
        assert (one.version, one.created, one.updated, one.title) == (1, NOW, NOW, "T")

    @whole_events
    @given(events())
    def test_an_event_edited_without_a_change_is_its_next_version(self, event):
        later = event.updated + timedelta(days=1)

        again = event.as_draft().to_revision_of(event, now=later, status=event.status)

        assert again == replace(event, updated=later, version=event.version + 1)

    def test_time_never_runs_backwards_within_an_event(self):
        event = make_event()
        before = NOW - timedelta(days=365)

        assert event.as_draft().to_revision_of(event, now=before, status=event.status).updated == NOW
        assert event.with_status(Status.RETRACTED, reason="wrong", now=before).updated == NOW

    def test_ids_do_not_repeat(self):
        assert len({new_id() for _ in range(1_000)}) == 1_000

    @pytest.mark.parametrize(
        ("changes", "has"),
        [
            ({"place_name": "X"}, False),
            ({"place_name": "X", "geo_precision": GeoPrecision.NEAR}, False),
            ({"place_name": "X", "geo_precision": GeoPrecision.UNLOCATED}, True),
            ({"place_name": "X", "geo_precision": GeoPrecision.COUNTRY}, True),
            ({"place_name": "X", "place_id": "own:x"}, True),
            ({"place_name": "X", "geometry": Geometry.point(1, 2)}, True),
            ({}, False),
        ],
    )
    def test_a_name_alone_is_no_place(self, changes, has):
        draft = Draft(title="T", event_type="battles", date_start=date(2022, 1, 20), **changes)

        assert draft.has_place is has

    def test_what_is_missing_to_publish_is_said(self):
        draft = Draft(title="T", event_type="battles", date_start=date(2022, 1, 20))

        assert [str(each) for each in draft.missing_to_publish()] == [
            "a place (or 'unlocated', said on purpose)",
            "at least one source",
        ]
        assert make_event().missing_to_publish() == ()

    def test_what_lasts_without_an_end_is_open(self):
        lasting = make_event(occurrence=Occurrence.LASTING)

        assert lasting.interval == Interval(date(2022, 1, 20), None)
        assert make_event().interval == Interval(date(2022, 1, 20), date(2022, 1, 20))


class TestWhoIsSeen:
    @whole_events
    @given(events())
    def test_only_published_and_retracted_events_that_are_not_hidden(self, event):
        may_be = event.status in ("published", "retracted") and event.sensitivity != "hidden"

        assert (public_view(event) is not None) is may_be

    @whole_events
    @given(events(sensitivity=Sensitivity.EXACT), PUBLIC)
    def test_an_exact_event_keeps_all_but_what_is_internal(self, event, status):
        event = replace(event, status=status)

        assert seen(event) == replace(
            event,
            match_score=None,
            candidates=None,
            chosen_by=None,
            chosen_why=None,
            internal_note=None,
            public_text=None,
            sources=tuple(replace(each, report_id=None) for each in event.sources if not each.confidential),
        )

    @whole_events
    @given(events(), PUBLIC)
    def test_looking_at_what_was_shown_shows_no_less_and_no_more(self, event, status):
        assume(event.sensitivity is not Sensitivity.HIDDEN)
        once = seen(replace(event, status=status))

        again = seen(replace(once, public_text=once.description))
        assert replace(again, geometry=None) == replace(once, geometry=None)


class TestWithheld:
    """What two events say in withheld fields cannot be told apart from outside."""

    @whole_events
    @given(events(), events(), PUBLIC, COARSE)
    def test_nothing_withheld_moves_a_public_byte(self, event, other, status, sensitivity):
        event = replace(event, status=status, sensitivity=sensitivity)
        admin1 = {"country_code": other.country_code, "admin1": other.admin1, "geometry": event.geometry}
        country = {"geometry": other.geometry}

        swapped = replace(
            event,
            place_name=other.place_name,
            place_id=other.place_id,
            place_label=other.place_label,
            admin2=other.admin2,
            geo_precision=other.geo_precision,
            uncertainty_m=other.uncertainty_m,
            geo_method=other.geo_method,
            about=other.about,
            description=other.description,
            tags=other.tags,
            group=other.group,
            external_id=other.external_id,
            extra=other.extra,
            match_score=other.match_score,
            candidates=other.candidates,
            chosen_by=other.chosen_by,
            chosen_why=other.chosen_why,
            internal_note=other.internal_note,
            verification_basis=other.verification_basis,
            status_reason=other.status_reason,
            sources=tuple(
                replace(each, title=None, url=None, archived_url=None, quote=None) for each in event.sources
            ),
            translations=tuple(replace(each, description="elsewhere") for each in event.translations),
            **(admin1 if sensitivity is Sensitivity.GRID else country),
        )

        assert feature_line(seen(swapped)) == feature_line(seen(event))

    @given(lons, lats, lons, lats)
    def test_two_points_of_one_cell_are_one(self, lon, lat, other_lon, other_lat):
        event = make_event(sensitivity=Sensitivity.GRID, geometry=Geometry.point(lon, lat))
        cell = seen(event).geometry.bbox
        width, height = cell.east - cell.west, cell.north - cell.south
        inside = Geometry.point(
            cell.west + (0.01 + 0.98 * (other_lon + 180) / 360) * width,
            cell.south + (0.01 + 0.98 * (other_lat + 90) / 180) * height,
        )

        assert seen(replace(event, geometry=inside)) == seen(event)

    @given(geometries)
    def test_a_cell_is_never_smaller_than_its_class_and_holds_the_middle(self, geometry):
        view = seen(make_event(sensitivity=Sensitivity.GRID, geometry=geometry))

        box, cell = geometry.bbox, view.geometry.bbox
        assert 0.0999 < cell.width < box.width + 0.2001
        assert cell.north - cell.south > 0.0999
        assert (box.middle.lon - cell.west + 1e-6) % 360 <= cell.width + 2e-6
        assert cell.south - 1e-6 <= box.middle.lat <= cell.north + 1e-6
        # Reading refuses what lies outside the world.
        assert Geometry.from_geojson(view.geometry.as_geojson()) == view.geometry

    @pytest.mark.parametrize(
        ("lons", "sides"),
        [
            pytest.param((179.5, -179.5), [(179.5, 180.0), (-180.0, -179.5)], id="on both sides"),
            pytest.param((179.98, -179.99), [(179.9, 180.0)], id="one cell, west of it"),
            pytest.param((179.99, -179.98), [(-180.0, -179.9)], id="one cell, east of it"),
            pytest.param((180.0, -180.0), [(-180.0, -179.9)], id="on it"),
            pytest.param((180.0, -179.5), [(-180.0, -179.5)], id="from it"),
        ],
    )
    def test_what_lies_on_both_sides_of_180_degrees_is_no_band_round_the_world(self, lons, sides):
        points = Geometry("MultiPoint", tuple((lon, 10.0) for lon in lons))

        cell = seen(make_event(sensitivity=Sensitivity.GRID, geometry=points)).geometry

        parts = cell.coordinates if cell.type == "MultiPolygon" else (cell.coordinates,)
        assert [(ring[0][0], ring[1][0]) for (ring,) in parts] == sides

    def test_a_camp_on_a_line_between_two_cells_does_not_tell_so(self):
        camp = Geometry("Polygon", (((40.69, 36.5), (40.71, 36.5), (40.71, 36.52), (40.69, 36.5)),))

        box = seen(make_event(sensitivity=Sensitivity.GRID, geometry=camp)).geometry.bbox

        assert (box.west, box.south, box.east, box.north) == (40.7, 36.5, 40.8, 36.6)

    @pytest.mark.parametrize(
        ("lon", "lat", "corner"),
        [(180.0, 90.0, (179.9, 89.9)), (-180.0, -90.0, (-180.0, -90.0)), (40.7, 36.5, (40.7, 36.5))],
    )
    def test_the_ends_of_the_world_lie_in_a_cell(self, lon, lat, corner):
        view = seen(make_event(sensitivity=Sensitivity.GRID, geometry=Geometry.point(lon, lat)))

        assert (view.geometry.bbox.west, view.geometry.bbox.south) == corner

    @pytest.mark.parametrize(
        ("sensitivity", "changes", "precision"),
        [
            (Sensitivity.GRID, {}, GeoPrecision.AREA),
            (Sensitivity.GRID, {"geometry": None}, GeoPrecision.UNLOCATED),
            (Sensitivity.ADMIN1, {}, GeoPrecision.PROVINCE),
            (Sensitivity.ADMIN1, {"admin1": None}, GeoPrecision.COUNTRY),
            (Sensitivity.ADMIN1, {"admin1": None, "country_code": None}, GeoPrecision.UNLOCATED),
        ],
    )
    def test_the_precision_says_what_is_left(self, sensitivity, changes, precision):
        assert seen(make_event(sensitivity=sensitivity, **changes)).geo_precision is precision

    def test_what_an_editor_wrote_stands_for_the_description(self):
        event = make_event(
            sensitivity=Sensitivity.GRID, description="At the mill", public_text="In the north"
        )

        assert seen(event).description == "In the north"
        assert seen(replace(event, sensitivity=Sensitivity.EXACT)).description == "At the mill"


def marked_event(sensitivity: Sensitivity) -> Event:
    """An event whose every text is a canary that names its field."""
    source = Source(
        publisher="canary.publisher",
        said_by="canary.said_by",
        title="canary.source_title",
        url="https://canary.url",
        archived_url="https://canary.archived_url",
        quote="canary.quote",
        report_id="canary.report_id",
        says={"place": "canary.says_place", "fatalities": 3},
    )
    nested = {
        "title": "canary.title",
        "event_type": "battles",
        "translations": (Translation(lang="ar", title="canary.t_title", description="canary.t_description"),),
        "about": (
            About(
                place_id="canary.about_id",
                place_label="canary.about_label",
                position=LonLat(11.11, 12.12),
                role=AboutRole.CONCERNS,
            ),
        ),
        "actors": (Actor(name="canary.actor", actor_id="canary.actor_id", role=ActorRole.SIDE_A),),
        "sources": (source, Source(publisher="canary.confidential", confidential=True)),
        "tags": ("canary.tag",),
        "extra": {"canary.extra_key": "canary.extra_value"},
        "candidates": ({"label": "canary.candidate"},),
        "sensitivity": sensitivity,
        "geometry": Geometry.point(40.7412345, 36.5012345),
    }
    plain = {
        each.name: f"canary.{each.name}"
        for each in fields(Content)
        if each.type in ("str", "str | None") and each.name not in (*nested, "lang")
    }
    return make_event(**(plain | nested | {"match_score": 0.987654321, "uncertainty_m": 777}))


@pytest.mark.parametrize(
    ("sensitivity", "shown"),
    [
        (
            Sensitivity.EXACT,
            {
                *(
                    "title",
                    "description",
                    "sub_event_type",
                    "place_name",
                    "place_id",
                    "place_label",
                    "country_code",
                ),
                *("admin1", "admin2", "geo_method", "verification_basis", "status_reason", "content_warning"),
                *(
                    "group",
                    "external_id",
                    "t_title",
                    "t_description",
                    "about_id",
                    "about_label",
                    "actor",
                    "actor_id",
                ),
                *(
                    "publisher",
                    "said_by",
                    "source_title",
                    "url",
                    "archived_url",
                    "quote",
                    "says_place",
                    "tag",
                ),
                *("extra_key", "extra_value"),
            },
        ),
        (
            Sensitivity.GRID,
            {
                "title",
                "sub_event_type",
                "t_title",
                "actor",
                "actor_id",
                "publisher",
                "said_by",
                "content_warning",
                "public_text",
            },
        ),
        (
            Sensitivity.ADMIN1,
            {
                *("title", "sub_event_type", "t_title", "actor", "actor_id", "publisher", "said_by"),
                *("content_warning", "public_text", "country_code", "admin1"),
            },
        ),
    ],
)
def test_no_withheld_canary_sings(sensitivity, shown):
    text = feature_line(seen(marked_event(sensitivity))).decode()

    assert {word.removeprefix("canary.") for word in _canaries(text)} == shown
    exact = sensitivity is Sensitivity.EXACT
    for number in ("40.7412345", "36.5012345", "777", "11.11"):
        assert (number in text) is exact
    assert "0.98765" not in text


def _canaries(text: str) -> set[str]:
    return {
        part.partition('"')[0]
        for part in text.replace("https://", "").split('"')
        if part.startswith("canary.")
    }


def test_every_text_of_an_event_is_a_canary_somewhere():
    written = json.loads(feature_line(marked_event(Sensitivity.EXACT)))["properties"]

    silent = {name for name, value in written.items() if "canary" not in json.dumps(value)}
    assert silent == {
        *(
            "kind",
            "lang",
            "event_type",
            "date_start",
            "date_end",
            "occurrence",
            "geo_precision",
            "uncertainty_m",
        ),
        *("match_score", "civilian_targeting", "fatalities_low", "fatalities_best", "fatalities_high"),
        *("verification", "status", "sensitivity", "created", "updated", "version"),
    }
