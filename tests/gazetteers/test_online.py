"""An online service is asked politely, answers candidates only, and its faults cost nobody anything."""

from __future__ import annotations

import json
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from geoevents.errors import OnlineServiceDown, PlaceNotFound
from geoevents.gazetteers import online
from geoevents.gazetteers.online import OnlineGazetteer
from geoevents.places import BBox, Context, GeoPrecision, ResolutionStatus

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


class Service:
    """A real HTTP server on this machine: `reply` answers a request, `asked` is what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.agents: list[str] = []
        self.reply: Callable[[BaseHTTPRequestHandler], None] = answering([VILLAGE, PROVINCE])
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(parse_qs(urlsplit(self.path).query))
                service.agents.append(self.headers["User-Agent"])
                service.reply(self)

            def log_message(self, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def answering(body: Any, status: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return reply


def silent(request: BaseHTTPRequestHandler) -> None:
    time.sleep(5)


def dripping(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(50):
        request.wfile.write(b" ")
        time.sleep(0.1)


def hanging_up(request: BaseHTTPRequestHandler) -> None:
    request.connection.close()


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.close()


@pytest.fixture
def make_online(service, tmp_path, monkeypatch) -> Callable[..., OnlineGazetteer]:
    monkeypatch.setattr(online, "SECONDS_BETWEEN", 0.0)

    def make(name: str = "nominatim", **given: Any) -> OnlineGazetteer:
        return OnlineGazetteer(
            name, **{"agent": AGENT, "url": service.url, "cache": tmp_path, "timeout": 0.5, **given}
        )

    return make


def test_what_a_service_finds_are_candidates_and_never_an_answer(make_online, service):
    resolution = make_online().resolve("Tell  Example", Context(country_code="SY"))

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


def test_we_say_who_asks_and_what_for(make_online, service):
    make_online(near=BBox(35.5, 32.0, 42.5, 37.5)).resolve(
        "Tell Example", Context(country_code="SY", limit=4)
    )

    (asked,) = service.asked
    assert service.agents == [AGENT]
    assert (asked["q"], asked["countrycodes"], asked["limit"]) == (["Tell Example"], ["sy"], ["4"])
    assert asked["viewbox"] == ["35.5,32.0,42.5,37.5"]


def test_photon_is_read_as_well(make_online, service):
    service.reply = answering(PHOTON)

    place = make_online("photon").resolve("Tell Example", Context()).candidates[0].place

    assert (place.place_id, place.kind, place.country_code) == ("online:photon:n/4711", "settlement", "SY")
    assert (place.lon, place.lat) == (40.5, 36.6)


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
        (silent, "did not answer in time"),
        (dripping, "did not answer in time"),
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
        make_online().resolve("Tell Example", Context())

    assert time.monotonic() - start < 1.5


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


def test_one_question_a_second_and_whoever_would_wait_too_long_is_told(make_online, service, monkeypatch):
    monkeypatch.setattr(online, "SECONDS_BETWEEN", 0.3)
    gazetteer = make_online(timeout=1.0)
    start = time.monotonic()

    answered = [gazetteer.resolve(f"Place {number}", Context()).status for number in range(3)]
    took = time.monotonic() - start

    assert answered == [ResolutionStatus.AMBIGUOUS] * 3
    assert took >= 0.6
    monkeypatch.setattr(gazetteer, "_turn", online._Turn(60))
    gazetteer.resolve("First", Context())
    with pytest.raises(OnlineServiceDown, match="asked much"):
        gazetteer.resolve("Second", Context())


def test_the_shipped_service_is_thanked(make_online):
    assert make_online().attribution == "© OpenStreetMap contributors"
