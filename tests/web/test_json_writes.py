"""Writing by JSON: one Feature, its version, its warnings."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from geoevents.bootstrap import open_online
from geoevents.settings import load
from tests.web.asking import POINT, feature, keep, refusal, version
from tests.web.conftest import Site


def test_a_feature_becomes_an_event_with_an_address(site: Site) -> None:
    answer = site.writer.post("/events", json=feature())

    assert (answer.status_code, answer.mimetype) == (201, "application/geo+json")
    assert answer.headers["Location"] == f"/events/{answer.json['id']}"
    assert version(answer) == 1
    assert answer.json["geometry"] == POINT
    assert answer.json["properties"]["status"] == "published"
    assert site.public.get(answer.headers["Location"]).status_code == 200


def test_a_name_without_a_geometry_is_looked_up(site: Site) -> None:
    answer = site.writer.post("/events", json=feature(None, place_name="Hasakah", geo_precision=None))

    properties = answer.json["properties"]
    assert answer.json["geometry"]["type"] == "Point"
    assert (properties["place_id"], properties["geo_method"]) == ("geonames:173811", "gazetteer")


@pytest.mark.parametrize(
    ("name", "place_id", "precision", "geometry", "drawn"),
    [
        ("5 km west of Kobani", "offset:geonames:172256;5000;W", "near", "Point", "circle of 5.2 km"),
        ("30 km south-west of Hasakah", "offset:geonames:173811;30000;SW", "area", "Polygon", "dotted edge"),
        (
            "northern countryside of Aleppo",
            "side:countryside:geonames:170063;N",
            "district",
            "Polygon",
            "dotted edge",
        ),
        (
            "بين تل تمر ورأس العين",
            "between:geonames:163434;geonames:165509",
            "area",
            "Polygon",
            "dotted edge",
        ),
        (
            "the Kobani-Raqqa road",
            "road:geonames:172256;geonames:172955",
            "line",
            "LineString",
            "dotted line",
        ),
        ("the M4 near Ain Issa", "along:line:sy-m4;geonames:172134", "line", "LineString", "drawn as a line"),
        (
            "the border near Tell Abyad",
            "border:SY;TR;geonames:163750",
            "line",
            "LineString",
            "drawn as a line",
        ),
    ],
)
def test_a_relation_is_an_event_with_a_shape_of_its_own(
    site: Site, name: str, place_id: str, precision: str, geometry: str, drawn: str
) -> None:
    answer = site.writer.post(
        "/events", json=feature(None, place_name=name, country_code="SY", geo_precision=None)
    )

    event = json.loads(answer.get_data())
    assert (answer.status_code, event["properties"]["place_id"]) == (201, place_id)
    assert (event["properties"]["geo_precision"], event["geometry"]["type"]) == (precision, geometry)
    assert event["properties"]["uncertainty_m"] > 0
    download = json.loads(site.public.get(f"/events.geojson?place={place_id}").get_data())
    assert [each["geometry"] for each in download["features"]] == [event["geometry"]]
    page = site.public.get(answer.headers["Location"]).get_data(as_text=True)
    assert drawn in page
    assert "near it" not in page


def test_unlocated_is_taken_at_its_word(site: Site) -> None:
    answer = site.writer.post("/events", json=feature(None, place_name="Hasakah", geo_precision="unlocated"))

    assert (answer.status_code, answer.json["geometry"]) == (201, None)
    assert answer.json["properties"]["status"] == "published"


def test_what_is_missing_makes_a_draft_and_the_answer_says_so(site: Site) -> None:
    answer = site.writer.post("/events", json=feature(sources=[]))

    assert (answer.status_code, answer.json["properties"]["status"]) == (201, "draft")
    assert any("source" in warning for warning in answer.json["warnings"])
    assert site.public.get(answer.headers["Location"]).status_code == 404


def test_an_answer_that_asks_back_says_that_the_service_is_down(site: Site, tmp_path: Path) -> None:
    nobody_listens = {"GEOEVENTS_ONLINE_URL": "http://127.0.0.1:9", "GEOEVENTS_ONLINE_AGENT": "tests"}
    environ = nobody_listens | {"GEOEVENTS_ONLINE": "nominatim", "GEOEVENTS_DATA": str(tmp_path / "data")}
    ambiguous = feature(None, place_name="Mazraa", geo_precision=None)
    before = json.loads(site.writer.post("/events", json=ambiguous).get_data())

    site.app.extensions["geoevents"] = replace(site.backends, online=open_online(load(environ)))
    after = json.loads(site.writer.post("/events", json=ambiguous).get_data())

    assert (before["status"], before["warnings"]) == (422, [])
    assert (after["status"], len(after["warnings"])) == (422, 1)
    assert "nominatim" in after["warnings"][0].lower()


def test_likeness_is_a_warning_and_no_refusal(site: Site) -> None:
    keep(site)

    answer = site.writer.post("/events", json=feature())

    assert answer.status_code == 201
    assert any("looks like" in warning for warning in answer.json["warnings"])


def test_a_put_makes_the_next_version(site: Site) -> None:
    event_id = keep(site)
    read = site.public.get(f"/events/{event_id}.geojson")
    changed = read.json | {"properties": read.json["properties"] | {"title": "Better said"}}

    answer = site.writer.put(f"/events/{event_id}", json=changed, headers={"If-Match": read.headers["ETag"]})

    assert (answer.status_code, version(answer)) == (200, 2)
    assert answer.json["properties"]["title"] == "Better said"


def test_sending_back_the_public_view_does_not_wipe_out_what_it_withholds(site: Site) -> None:
    event_id = keep(site, sensitivity="grid", description="In the red house", internal_note="call back")
    read = site.public.get(f"/events/{event_id}.geojson")

    site.writer.put(f"/events/{event_id}", json=read.json, headers={"If-Match": read.headers["ETag"]})

    whole = site.writer.get(f"/events/{event_id}.geojson?view=internal").json
    assert whole["geometry"] == POINT
    assert whole["properties"]["description"] == "In the red house"
    assert whole["properties"]["internal_note"] == "call back"


def test_a_delete_is_a_retraction_with_its_reason(site: Site) -> None:
    event_id = keep(site)

    answer = site.writer.delete(f"/events/{event_id}?reason=Another+town", headers={"If-Match": '"1"'})

    assert (answer.status_code, version(answer)) == (200, 2)
    shown = site.public.get(f"/events/{event_id}.geojson").json["properties"]
    assert (shown["status"], shown["status_reason"]) == ("retracted", "Another town")


def test_a_delete_without_a_reason_asks_for_it(site: Site) -> None:
    event_id = keep(site)

    answer = site.writer.delete(f"/events/{event_id}", headers={"If-Match": '"1"'})

    assert refusal(answer)[:2] == (422, "status_reason")


@pytest.mark.parametrize("reason", ["Wrong%00town", "x" * 1_001, "%E2%80%8B"])
def test_a_delete_with_a_reason_nobody_could_type_is_refused(site: Site, reason: str) -> None:
    event_id = keep(site)

    answer = site.writer.delete(f"/events/{event_id}?reason={reason}", headers={"If-Match": '"1"'})

    assert refusal(answer)[:2] == (422, "status_reason")


def test_a_draft_is_not_retracted_into_the_open(site: Site) -> None:
    event_id = keep(site, status="draft", title="Only a draft")

    answer = site.writer.delete(f"/events/{event_id}?reason=x", headers={"If-Match": '"1.internal"'})

    assert answer.status_code == 422
    assert b"Only a draft" not in site.public.get("/events.geojson").data


def test_an_event_there_is_none_of(site: Site) -> None:
    answers = [
        site.writer.put("/events/zzzzzzzzzz", json=feature(), headers={"If-Match": '"1"'}),
        site.writer.delete("/events/zzzzzzzzzz?reason=x", headers={"If-Match": '"1"'}),
        site.writer.get("/events/zzzzzzzzzz.geojson"),
    ]

    assert [refusal(answer)[0] for answer in answers] == [404, 404, 404]


def test_several_problems_are_told_at_once(site: Site) -> None:
    answer = site.writer.post("/events", json=feature(title="", date_start="soon", event_type="x"))

    assert {problem["field"] for problem in answer.json["problems"]} == {"title", "date_start", "event_type"}


def test_coordinates_far_from_what_the_name_means_are_kept_with_a_warning(site: Site) -> None:
    damascus = {"type": "Point", "coordinates": [36.2921, 33.5102]}

    answer = site.writer.post("/events", json=feature(damascus, place_name="Hasakah"))

    assert (answer.status_code, answer.json["geometry"]) == (201, damascus)
    (warning,) = answer.json["warnings"]
    assert warning.startswith("The coordinates lie 525 km from Hasakah, ")
