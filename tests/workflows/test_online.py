"""The online lookup behind the verbs: the real client, and a service that answers, or does not."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from geoevents import workflows
from geoevents.bootstrap import open_online
from geoevents.errors import SettingsError
from geoevents.events import Status
from geoevents.gazetteers.team import TeamGazetteer
from geoevents.geometries import Geometry
from geoevents.settings import load
from geoevents.stores.decided_names import DecidedNames
from geoevents.workflows import NeedsPlace, OnLikeness
from tests.online_service import Service, answering, silent

FOUND = [
    {
        "osm_type": "node",
        "osm_id": 1,
        "lat": "36.9",
        "lon": "40.9",
        "name": "Xqzwv",
        "addresstype": "village",
        "display_name": "Xqzwv, Syria",
        "address": {"country_code": "sy", "state": "Hasakah"},
    },
    {
        "osm_type": "relation",
        "osm_id": 2,
        "lat": "36.5",
        "lon": "40.5",
        "name": "Xqzwv",
        "addresstype": "county",
        "display_name": "Xqzwv District, Syria",
        "address": {"country_code": "sy"},
        "boundingbox": ["36.0", "37.0", "40.0", "41.0"],
    },
]


@pytest.fixture
def service(backends, tmp_path):
    """Backends that ask a service of this machine, which answers as is given."""
    servers = []

    def serve(reply):
        servers.append(Service())
        servers[-1].reply = reply
        return asking(servers[-1].url)

    def asking(url):
        environ = {
            "GEOEVENTS_ONLINE": "nominatim",
            "GEOEVENTS_ONLINE_AGENT": "tests",
            "GEOEVENTS_ONLINE_URL": url,
        }
        return replace(
            backends, online=open_online(load(environ | {"GEOEVENTS_DATA": str(tmp_path / "data")}))
        )

    serve.asking = asking
    yield serve
    for server in servers:
        server.close()


def test_what_it_finds_is_offered_and_the_one_chosen_is_where_it_happened(service, make_draft, tmp_path):
    asking = service(answering(FOUND))

    asked = workflows.add(make_draft(place_name="Xqzwv"), asking, by="amina")
    chosen = asked.resolution.candidates[0].place.place_id
    event = workflows.add(make_draft(place_name="Xqzwv", place_id=chosen), asking, by="amina").event

    assert isinstance(asked, NeedsPlace)
    assert chosen == "online:nominatim:node/1"
    assert event.geometry == Geometry.point(40.9, 36.9)
    assert (event.geo_method, event.geo_precision, event.chosen_by) == (
        "online:nominatim",
        "settlement",
        "amina",
    )
    assert (event.country_code, event.status) == ("SY", Status.PUBLISHED)
    assert Path(tmp_path / "data" / "private" / "online.sqlite").stat().st_mode & 0o077 == 0


def test_a_district_without_an_outline_says_how_far_it_reaches(service, make_draft):
    asking = service(answering(FOUND))
    workflows.add(make_draft(place_name="Xqzwv"), asking, by="amina")

    event = workflows.add(make_draft(place_id="online:nominatim:relation/2"), asking, by="amina").event

    assert (event.geo_precision, event.geometry) == ("district", Geometry.point(40.5, 36.5))
    assert event.uncertainty_m == pytest.approx(71_500, rel=0.02)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (silent, "did not answer in time"),
        (answering(b"<html>welcome to the hotel</html>"), "nominatim"),
        (answering(b'{"a": 1}'), "nominatim"),
        (answering(b"", 429), "asks to be asked less often"),
        (answering(b"", 500), "cannot be reached"),
    ],
    ids=["slow", "a page", "another shape", "429", "500"],
)
def test_F14_whatever_the_service_does_the_answer_comes_in_time_and_the_event_is_kept(
    service, make_draft, answer, said
):
    asking = service(answer)
    start = time.monotonic()

    outcome = workflows.add(make_draft(place_name="Xqzwv"), asking, by="amina")

    # It is given two seconds, and a silent service never answers: it was not waited for.
    assert time.monotonic() - start < 8
    assert (outcome.event.status, outcome.event.geometry) == (Status.DRAFT, None)
    assert said in str(outcome.warnings[0])


def test_F14_nobody_there_is_no_reason_to_wait(service, make_draft):
    asking = service.asking("http://127.0.0.1:9")
    start = time.monotonic()

    outcome = workflows.add(make_draft(place_name="Xqzwv"), asking, by="amina")

    assert time.monotonic() - start < 8
    assert outcome.event.place_name == "Xqzwv"
    assert "cannot be reached" in str(outcome.warnings[0])


def test_the_service_is_off_unless_somebody_says_who_asks():
    assert open_online(load({})) is None
    with pytest.raises(SettingsError, match="GEOEVENTS_ONLINE_AGENT is empty"):
        open_online(load({"GEOEVENTS_ONLINE": "nominatim"}))


@pytest.fixture
def counted(backends, tmp_path):
    """A service that keeps count of what it is asked, and backends with decided names that ask it."""
    running = Service()
    running.reply = answering(FOUND)
    names = DecidedNames(tmp_path / "data" / "private" / "names.geojsonl")
    environ = {
        "GEOEVENTS_ONLINE": "nominatim",
        "GEOEVENTS_ONLINE_AGENT": "tests",
        "GEOEVENTS_ONLINE_URL": running.url,
        "GEOEVENTS_REGION": "SY,IQ",
        "GEOEVENTS_DATA": str(tmp_path / "data"),
    }
    online = open_online(load(environ), backends.gazetteer)
    team = TeamGazetteer(backends.gazetteer, names)
    yield running, replace(backends, names=names, team=team, online=online)
    running.close()


def test_it_is_asked_within_the_country_of_the_draft_else_within_the_region(counted, make_draft):
    running, asking = counted

    workflows.add(make_draft(place_name="Xqzwv"), asking, by="amina")
    workflows.add(make_draft(place_name="Xqzwv", country_code="TR"), asking, by="amina")

    assert [each["countrycodes"] for each in running.asked] == [["sy,iq"], ["tr"]]


HOUSE = "Xqzwv's hidden house"


def decided(asking, make_draft, **where):
    """Somebody said once where the name is; then a country that contradicts it makes a name ambiguous."""
    draft = make_draft(place_name=HOUSE, status="draft", **where)
    workflows.add(draft, asking, by="amina")
    assert len(asking.names.all()) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (HOUSE, {"country_code": "IQ"}),
        (HOUSE, {"country_code": "SY", "admin1": "Aleppo"}),
        (f"5 km west of {HOUSE}", {}),
        (f"near {HOUSE.upper()}", {}),
        ("the garden of Xqzwv's hiddin hause", {}),
    ],
    ids=["in another country", "in another governorate", "beside it", "in capitals", "in another spelling"],
)
def test_a_name_the_team_has_decided_is_never_sent_out(counted, make_draft, name, said):
    running, asking = counted
    here = {"type": "Point", "coordinates": [40.7512, 36.4923]}
    decided(asking, make_draft, geometry=here, geo_precision="site", country_code="SY", admin1="Hasakah")

    outcome = workflows.add(make_draft(place_name=name, **said), asking, by="amina")
    workflows.add(make_draft(place_name="Xqzwv"), asking, by="amina")

    assert isinstance(outcome, NeedsPlace)
    assert [each["q"] for each in running.asked] == [["Xqzwv"]]


def test_what_was_found_and_decided_is_known_though_the_service_has_forgotten_it(
    counted, make_draft, tmp_path
):
    _, asking = counted
    chosen = "online:nominatim:node/1"
    workflows.add(make_draft(place_name="Xqzwv"), asking, by="amina")
    workflows.add(make_draft(place_name="Xqzwv", place_id=chosen), asking, by="amina")
    (tmp_path / "data" / "private" / "online.sqlite").unlink()

    again = make_draft(place_name="Xqzwv", place_id=chosen)
    later = workflows.add(again, asking, by="amina", on_likeness=OnLikeness.IGNORE)

    assert later.event.geometry == Geometry.point(40.9, 36.9)


def test_a_name_with_coordinates_beside_it_stays_here(counted, make_draft):
    running, asking = counted
    here = {"type": "Point", "coordinates": [40.7512, 36.4923]}

    workflows.add(make_draft(place_name="Xqzwv", geometry=here), asking, by="amina")
    workflows.add(make_draft(place_name="Xqzwv", geo_precision="unlocated"), asking, by="amina")

    assert running.asked == []
