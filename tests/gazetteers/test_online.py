"""An online service is asked politely, answers candidates only, and its faults cost nobody anything."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any

import pytest

from geoevents.errors import OnlineServiceDown, PlaceNotFound, SettingsError
from geoevents.gazetteers import online
from geoevents.gazetteers.online import OnlineGazetteer
from geoevents.gazetteers.online_turns import Turns
from geoevents.places import BBox, Context, GeoPrecision, Place, ResolutionStatus
from tests.online_service import Service, answering, is_closed, silent

AGENT = "geoevents tests (tests@example.org)"
# In the shape of Nominatim's answers; the places are invented.
VILLAGE = {
    "place_id": 1, "osm_type": "node", "osm_id": 4711, "lat": "36.6000", "lon": "40.5000", "class": "place",
    "type": "village", "addresstype": "village", "name": "Tell Example", "importance": 0.3,
    "display_name": "Tell Example, Hasakah Governorate, Syria",
    "boundingbox": ["36.5", "36.7", "40.4", "40.6"],
    "address": {"village": "Tell Example", "state": "Hasakah Governorate", "country_code": "sy"},
}  # fmt: skip
PROVINCE = {
    "osm_type": "relation", "osm_id": 12, "lat": "36.9", "lon": "38.9", "class": "boundary",
    "type": "administrative", "addresstype": "province", "name": "Example Province",
    "display_name": "Example Province, Turkey", "boundingbox": ["36.5", "37.9", "37.8", "40.2"],
    "address": {"country_code": "tr"},
}  # fmt: skip
PHOTON_VILLAGE = {
    "osm_type": "N", "osm_id": 4711, "osm_key": "place", "osm_value": "village", "name": "Tell Example",
    "country": "Syria", "countrycode": "SY", "state": "Hasakah Governorate",
}  # fmt: skip
PHOTON_POINT = {"type": "Point", "coordinates": [40.5, 36.6]}
PHOTON = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "geometry": PHOTON_POINT, "properties": PHOTON_VILLAGE}],
}


LATE = "did not answer in time"


def dripping(request: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then for as long as there is the service."""
    request.send_response(200)
    request.end_headers()
    with contextlib.suppress(OSError):
        while not is_closed(request, seconds=0.1):
            request.wfile.write(b" ")


def hanging_up(request: BaseHTTPRequestHandler) -> None:
    request.connection.close()


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    running.reply = answering([VILLAGE, PROVINCE])
    yield running
    running.close()


@pytest.fixture
def make_online(service, tmp_path, monkeypatch) -> Callable[..., OnlineGazetteer]:
    monkeypatch.setattr(online, "SECONDS_BETWEEN", 0.0)

    def make(name: str = "nominatim", **given: Any) -> OnlineGazetteer:
        return OnlineGazetteer(
            name, **{"agent": AGENT, "url": service.url, "cache": tmp_path, "timeout": 10.0, **given}
        )

    return make


def test_what_a_service_finds_are_candidates_and_never_an_answer(make_online, service):
    resolution = make_online().resolve("Tell  Example", Context())

    assert (resolution.status, resolution.place) == (ResolutionStatus.AMBIGUOUS, None)
    village, province = (candidate.place for candidate in resolution.candidates)
    assert (village.place_id, village.kind, village.geo_precision) == (
        "online:nominatim:node/4711",
        "settlement",
        GeoPrecision.SETTLEMENT,
    )
    assert (village.lon, village.lat, village.country_code, village.admin1) == (
        40.5,
        36.6,
        "SY",
        "Hasakah Governorate",
    )
    assert (province.kind, province.geo_precision, province.bbox) == (
        "admin1",
        GeoPrecision.PROVINCE,
        BBox(37.8, 36.5, 40.2, 37.9),
    )
    assert all(candidate.score <= 0.5 for candidate in resolution.candidates)
    assert "nobody has checked it" in str(resolution.candidates[0].why)


def test_we_say_who_asks_and_where(make_online, service):
    gazetteer = make_online(region=("SY", "IQ", "TR"))

    gazetteer.resolve("Tell Example", Context(country_code="SY", limit=4))
    gazetteer.resolve("Tell Example", Context())

    in_country, in_region = service.asked
    assert service.agents == [AGENT, AGENT]
    assert (in_country["q"], in_country["countrycodes"], in_country["limit"]) == (
        ["Tell Example"], ["sy"], ["10"],
    )  # fmt: skip
    assert in_region["countrycodes"] == ["sy,iq,tr"]


def found_by(gazetteer, context):
    return [each.place.label for each in gazetteer.resolve("Tell Example", context).candidates]


def test_what_lies_elsewhere_is_dropped_whatever_the_service_sends(make_online, service):
    boxes = {"SY": BBox(35.5, 32.0, 42.5, 37.5)}
    beyond = {"lat": "48.1", "lon": "11.5", "display_name": "Far away", "name": "Far away"}
    inside = {"lat": "36.1", "lon": "40.5", "display_name": "Of no country", "name": "Of no country"}
    service.reply = answering([VILLAGE, PROVINCE, beyond, inside])
    gazetteer = make_online(region=("SY",), country=lambda code: country(code, boxes[code]))

    assert found_by(gazetteer, Context()) == ["Tell Example, Hasakah Governorate, Syria", "Of no country"]


def country(code, box):
    middle = box.middle
    return Place(
        place_id=f"geonames:{code}", name=code, label=code, kind="country", lon=middle.lon, lat=middle.lat,
        geo_precision=GeoPrecision.COUNTRY, country_code=code, bbox=box,
    )  # fmt: skip


def test_an_answer_for_another_region_is_not_taken_from_the_cache(make_online, service):
    in_syria, everywhere = make_online(region=("SY",)), make_online(region=("SY", "TR"))

    assert (len(found_by(in_syria, Context())), len(found_by(everywhere, Context()))) == (1, 2)


PELIAS = {
    "type": "FeatureCollection",
    "features": [{
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [40.5, 36.6]},
        "properties": {"name": "Tell Example", "label": "Tell Example, Syria", "layer": "locality"},
    }],
}  # fmt: skip
OPENCAGE = {
    "results": [
        {
            "formatted": "Tell Example, Syria",
            "geometry": {"lat": 36.6, "lng": 40.5},
            "components": {"_type": "village", "country_code": "sy"},
        },
        {"formatted": "Something, Syria", "geometry": {"lat": 36.6, "lng": 40.5}, "components": {}},
    ]
}


def test_any_geocoder_that_geopy_knows_can_be_asked(make_online, service):
    syria = country("SY", BBox(35.5, 32.0, 42.5, 37.5))
    given = {"region": ("SY",), "country": lambda code: syria}
    service.reply = answering(PELIAS)
    (pelias,) = make_online("pelias", **given).resolve("Tell Example", Context()).candidates
    service.reply = answering(OPENCAGE)
    keyed = make_online("opencage", options={"api_key": "abc"}, **given)
    opencage, vague = keyed.resolve("Tell Example", Context()).candidates

    first, second = service.asked
    assert (first["boundary.country"], second["countrycode"], second["key"]) == (["sy"], ["sy"], ["abc"])
    assert (pelias.place.kind, pelias.place.place_id) == ("settlement", "online:pelias:40.50000,36.60000")
    assert (opencage.place.kind, opencage.place.country_code) == ("settlement", "SY")
    # What says nothing of what it is may be anything around there.
    assert vague.place.geo_precision is GeoPrecision.NEAR


@pytest.mark.parametrize(
    ("service_name", "given", "said"),
    [
        ("nominatm", {}, "'nominatm' is no online service. There are: "),
        ("opencage", {}, "opencage cannot be used so: .*api_key.* Set GEOEVENTS_ONLINE_OPTIONS"),
        ("pelias", {"options": {"colour": "red"}}, "pelias cannot be used so: .*colour"),
    ],
)
def test_a_service_that_cannot_be_used_is_refused_with_the_way_out(make_online, service_name, given, said):
    with pytest.raises(SettingsError, match=said):
        make_online(service_name, **given)


def test_photon_is_kept_to_the_box_of_the_countries(make_online, service):
    service.reply = answering(PHOTON)
    syria = country("SY", BBox(35.5, 32.0, 42.5, 37.5))

    make_online("photon", region=("SY",), country=lambda code: syria).resolve("Tell Example", Context())

    assert service.asked[0]["bbox"] == ["35.5,32.0,42.5,37.5"]


def test_photon_is_read_as_well(make_online, service):
    service.reply = answering(PHOTON)

    place = make_online("photon").resolve("Tell Example", Context()).candidates[0].place

    assert (place.place_id, place.kind, place.country_code) == ("online:photon:n/4711", "settlement", "SY")
    assert (place.lon, place.lat) == (40.5, 36.6)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "Tell\u202eExample"}, {"name": "TellExample"}),
        ({"name": "Tell\nExample"}, {"name": "Tell Example"}),
        ({"name": "x" * 500, "display_name": "Tell Example, Syria"}, {"name": "Tell Example"}),
        ({"osm_type": "no de\n<b>"}, {"place_id": "online:nominatim:40.50000,36.60000"}),
        ({"addresstype": "county", "boundingbox": ["nan", "37", "40", "41"]}, {"bbox": None}),
        ({"addresstype": "county", "boundingbox": ["-400", "37", "40", "inf"]}, {"bbox": None}),
        ({"addresstype": "county", "boundingbox": ["x", "37", "40", "41"]}, {"bbox": None}),
        (
            {"address": {"state": ["Hasakah"], "country_code": "s!"}},
            {"admin1": "Hasakah", "country_code": None},
        ),
        ({"address": {"state": "Hasakah\ud800"}}, {"admin1": None}),
    ],
    ids=["bidi", "lines", "long", "an id", "no number", "no Earth", "no box", "a list", "half a letter"],
)
def test_what_a_service_sends_is_cleaned_as_what_people_type_is(make_online, service, sent, said):
    service.reply = answering([VILLAGE | sent])

    (candidate,) = make_online().resolve("Tell Example", Context()).candidates

    assert {name: getattr(candidate.place, name) for name in said} == said


@pytest.mark.parametrize("name", ["Tell \ud800", "Tell \x1b[31m"], ids=["half a letter", "a control"])
def test_what_cannot_be_shown_is_not_offered_and_costs_no_other(make_online, service, name):
    service.reply = answering([VILLAGE | {"name": name, "display_name": name}, PROVINCE])

    candidates = make_online().resolve("Tell Example", Context()).candidates

    assert [each.place.name for each in candidates] == ["Example Province"]


def test_an_answer_is_kept_on_disk_and_nobody_is_asked_twice(make_online, service, tmp_path):
    first = make_online().resolve("Tell Example", Context())
    again = make_online().resolve("Tell Example", Context())
    other_country = make_online().resolve("Tell Example", Context(country_code="TR"))

    assert (again, len(service.asked)) == (first, 2)
    assert other_country.status is ResolutionStatus.AMBIGUOUS
    assert stat.S_IMODE((tmp_path / "online.sqlite").stat().st_mode) == 0o600


def test_nothing_found_is_an_answer_too_and_is_kept(make_online, service):
    service.reply = answering([])

    statuses = [make_online().resolve("Nowhere", Context()).status for _ in range(2)]

    assert statuses == [ResolutionStatus.NOT_FOUND] * 2
    assert len(service.asked) == 1


def test_an_old_answer_is_asked_for_again(make_online, service, tmp_path):
    make_online().resolve("Tell Example", Context())
    with sqlite3.connect(tmp_path / "online.sqlite") as db:
        db.execute("UPDATE answers SET at = at - 31 * 24 * 3600")
    db.close()

    make_online().resolve("Tell Example", Context())

    assert len(service.asked) == 2


def test_a_cache_that_cannot_be_used_is_no_fault(make_online, service, tmp_path):
    (tmp_path / "online.sqlite").write_bytes(b"no database" * 200)

    resolution = make_online().resolve("Tell Example", Context())

    assert (len(resolution.candidates), len(service.asked)) == (2, 1)


@pytest.mark.parametrize(
    "kept",
    ["[{}]", "[5]", "{}", "7", "not JSON", '[{"bbox": 5}]', '[{"bbox": {"up": 1}}]', None],
    ids=["no fields", "a number in it", "an object", "a number", "text", "a box", "a side", "nothing"],
)
def test_an_answer_of_another_shape_counts_as_none(make_online, service, tmp_path, kept):
    first = make_online().resolve("Tell Example", Context())
    with sqlite3.connect(tmp_path / "online.sqlite") as db:
        db.execute("UPDATE answers SET places = ?", (kept,))
        db.execute("UPDATE places SET place = ?", (kept,))
    db.close()

    with pytest.raises(PlaceNotFound):
        make_online().get("online:nominatim:node/4711")
    again = make_online().resolve("Tell Example", Context())

    assert (again, len(service.asked)) == (first, 2)


def test_another_address_of_a_service_is_asked_for_itself(make_online, service):
    own = Service()
    own.reply = answering([PROVINCE])
    make_online().resolve("Tell Example", Context())

    there = make_online(url=own.url).resolve("Tell Example", Context())
    own.close()

    assert (len(service.asked), len(own.asked)) == (1, 1)
    assert [each.place.name for each in there.candidates] == ["Example Province"]


def test_after_a_month_nothing_on_disk_says_what_was_asked(make_online, service, tmp_path):
    make_online().resolve("Qasr Secret", Context())
    with sqlite3.connect(tmp_path / "online.sqlite") as db:
        db.execute("UPDATE answers SET at = at - 31 * 24 * 3600")
        db.execute("UPDATE places SET at = at - 31 * 24 * 3600")
    db.close()
    service.reply = answering([])

    later = make_online()
    later.resolve("Elsewhere", Context())

    assert b"Qasr Secret" not in (tmp_path / "online.sqlite").read_bytes()
    with pytest.raises(PlaceNotFound):
        later.get("online:nominatim:node/4711")


def test_a_place_that_was_found_can_be_chosen_later(make_online):
    found = make_online().resolve("Tell Example", Context()).candidates[0].place

    later = make_online()

    assert later.get(found.place_id) == found
    assert later.geometry(found.place_id) is None
    with pytest.raises(PlaceNotFound):
        later.get("online:nominatim:node/999")


def test_nothing_is_sent_while_somebody_types_or_writes_nothing(make_online, service):
    gazetteer = make_online()

    quiet = [gazetteer.suggest("Tell Exam", Context()), gazetteer.country("SY")]
    for nothing in ("", "   ", "x" * 500):
        assert gazetteer.resolve(nothing, Context()).status is ResolutionStatus.NOT_FOUND

    assert (quiet, service.asked) == ([(), None], [])


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (silent, LATE),
        (dripping, LATE),
        (hanging_up, "cannot be reached"),
        (answering({"error": "slow down"}, 429), "asks to be asked less often"),
        (answering(b"oops", 500), "cannot be reached"),
        (answering({}, 403), "cannot be reached"),
        (answering(b"<html>captive portal</html>"), "nobody can read"),
        (answering(b"\xff\xfe\x00"), "nobody can read"),
        (answering([{"lat": "north", "lon": "east"}]), "nobody can read"),
        (answering([{"lat": "95", "lon": "0", "display_name": "x"}]), "nobody can read"),
        (answering(["not", "places"]), "nobody can read"),
        (answering(7), "nobody can read"),
    ],
    ids=[
        *("silent", "drips", "hangs up", "429", "500", "403"),
        *("html", "bytes", "no numbers", "no Earth", "words", "a number"),
    ],
)
# geopy warns of such a latitude before it refuses it.
@pytest.mark.filterwarnings("ignore:Latitude normalization")
def test_F14_a_service_that_fails_says_so_calmly_and_in_time(make_online, service, reply, said):
    service.reply = reply
    start = time.monotonic()

    with pytest.raises(OnlineServiceDown, match=said):
        make_online(timeout=0.5 if said == LATE else 10.0).resolve("Tell Example", Context())

    # Given half a second, of a service that never ends: it was not waited for.
    assert time.monotonic() - start < 5


def test_F14_a_service_that_is_not_there_says_so(make_online, service):
    service.close()

    with pytest.raises(OnlineServiceDown, match="cannot be reached"):
        make_online().resolve("Tell Example", Context())


def test_a_fault_is_not_remembered(make_online, service):
    service.reply, whole = answering(b"oops", 500), service.reply
    gazetteer = make_online()
    with pytest.raises(OnlineServiceDown):
        gazetteer.resolve("Tell Example", Context())

    service.reply = whole

    assert len(gazetteer.resolve("Tell Example", Context()).candidates) == 2


def test_a_machine_out_of_threads_costs_no_later_question(make_online, monkeypatch):
    gazetteer = make_online()
    start = threading.Thread.start

    def refusing(thread: threading.Thread) -> None:
        if thread.name == "online gazetteer":
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refusing)
    for name in "abcdef":
        with pytest.raises(OnlineServiceDown, match="Try again later"):
            gazetteer.resolve(name, Context())
    monkeypatch.setattr(threading.Thread, "start", start)

    assert len(gazetteer.resolve("Tell Example", Context()).candidates) == 2


def test_one_question_a_second_and_whoever_would_wait_too_long_is_told(make_online, service, monkeypatch):
    monkeypatch.setattr(online, "SECONDS_BETWEEN", 0.3)
    gazetteer = make_online()
    start = time.monotonic()

    answered = [gazetteer.resolve(f"Place {number}", Context()).status for number in range(3)]
    took = time.monotonic() - start

    assert answered == [ResolutionStatus.AMBIGUOUS] * 3
    assert took >= 0.6
    monkeypatch.setattr(gazetteer, "_turns", Turns(60))
    gazetteer.resolve("First", Context())
    with pytest.raises(OnlineServiceDown, match="asked much"):
        gazetteer.resolve("Second", Context())


ONE_OF_SEVERAL = """
import sys, time
from pathlib import Path
from geoevents.gazetteers.online_turns import Turns

if Turns(0.8, Path(sys.argv[1])).taken_within(20.0):
    print(time.time())
"""


def test_processes_take_turns_with_each_other(tmp_path):
    command = [sys.executable, "-c", ONE_OF_SEVERAL, str(tmp_path / "private" / "online.turn")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]

    asked = sorted(float(each.communicate(timeout=30)[0]) for each in running)

    assert [later - earlier > 0.4 for earlier, later in pairwise(asked)] == [True, True]
    assert stat.S_IMODE((tmp_path / "private" / "online.turn").stat().st_mode) == 0o600


def test_a_turn_of_another_clock_holds_nobody_up(tmp_path):
    (tmp_path / "online.turn").write_text(f"{time.time() + 86_400}")

    assert Turns(0.1, tmp_path / "online.turn").taken_within(0.5)


def test_where_turns_cannot_be_written_down_a_process_keeps_count_itself(tmp_path):
    (tmp_path / "file").write_text("")
    turns = Turns(60, tmp_path / "file" / "online.turn")

    assert [turns.taken_within(0.1), turns.taken_within(0.1)] == [True, False]


def test_the_shipped_service_is_thanked(make_online):
    assert make_online().attribution == "© OpenStreetMap contributors"
