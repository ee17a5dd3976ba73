"""The form while an online service is configured: it says so, asks on a submit only, and bears any fault."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geoevents.bootstrap import open_online
from geoevents.settings import load
from tests.online_service import Service, answering, silent
from tests.web.asking import FORM, feature
from tests.web.conftest import Site
from tests.web.page import Page

UNKNOWN = FORM | {"place_name": "Xqzwv", "description": "Two shots were heard."}
NOTE = "is sent to nominatim when you send this form, and tells a stranger what you look into."
FOUND = [
    {
        "osm_type": "node", "osm_id": 1, "lat": "36.9", "lon": "40.9", "name": "Xqzwv",
        "addresstype": "village", "display_name": "Xqzwv, Syria", "address": {"country_code": "sy"},
    }
]  # fmt: skip


@pytest.fixture
def service(site: Site, tmp_path: Path) -> Iterator[Service]:
    """A service on this machine that the site asks."""
    running = Service()
    environ = {
        "GEOEVENTS_ONLINE": "nominatim", "GEOEVENTS_ONLINE_AGENT": "tests",
        "GEOEVENTS_ONLINE_URL": running.url, "GEOEVENTS_DATA": str(tmp_path),
    }  # fmt: skip
    asking = open_online(load(environ), site.backends.gazetteer)
    site.app.extensions["geoevents"] = replace(site.backends, online=asking)
    yield running
    running.close()


def form_of(site: Site, **posted: str) -> Page:
    if not posted:
        return Page(site.writer.get("/events/new").get_data(as_text=True))
    return Page(site.writer.post("/events", data=posted).get_data(as_text=True))


def test_the_form_says_that_a_name_is_sent_out_only_where_it_is(site: Site, request) -> None:
    before = form_of(site).text
    request.getfixturevalue("service")

    after = form_of(site).text

    assert "nominatim" not in before
    assert "stranger" not in before
    assert NOTE in after


def test_who_reads_along_names_the_service_only_where_there_is_one(site: Site, request) -> None:
    before = site.writer.get("/about").get_data(as_text=True)
    request.getfixturevalue("service")

    after = site.writer.get("/about").get_data(as_text=True)

    assert "nominatim" not in before
    assert "sends the name of a place without a sure answer here to nominatim" in Page(after).text


def test_nobody_is_thanked_for_what_did_not_come_from_there(site: Site, service: Service) -> None:
    service.reply = answering([])

    asked = form_of(site, **{**UNKNOWN, "place_name": "Derik"})

    assert "Which place is meant?" in asked.text
    assert "OpenStreetMap" not in asked.text


def test_what_it_finds_is_offered_with_thanks_and_taken_when_chosen(site: Site, service: Service) -> None:
    service.reply = answering(FOUND)

    asked = form_of(site, **UNKNOWN)
    chosen = site.writer.post("/events", data=asked.sent(place_id="online:nominatim:node/1"))

    assert asked.value("description") == "Two shots were heard."
    assert "found by nominatim; nobody has checked it" in asked.text
    assert "© OpenStreetMap contributors" in asked.text
    assert chosen.status_code == 303
    assert [each.geo_method for each in site.backends.store.events()] == ["online:nominatim"]
    assert [each["q"] for each in service.asked] == [["Xqzwv"]]


def test_nothing_is_sent_before_a_submit(site: Site, service: Service) -> None:
    service.reply = answering(FOUND)
    writer = site.writer

    for address in ("/events/new", "/api/suggest?q=Xqzwv", "/api/geocode?q=Xqzwv", "/events?q=Xqzwv"):
        assert writer.get(address).status_code == 200
    form_of(site, **UNKNOWN, more="source")
    form_of(site, **UNKNOWN, more="place", lon="40.9", lat="36.9")

    assert service.asked == []
    form_of(site, **UNKNOWN, more="place")
    assert [each["q"] for each in service.asked] == [["Xqzwv"]]


@pytest.mark.parametrize(
    "kept", [{"sensitivity": "hidden"}, {"sensitivity": "grid"}, {"source_confidential": "yes"}]
)
def test_the_name_of_what_is_kept_from_the_public_is_sent_to_nobody(
    site: Site, service: Service, kept: dict[str, str]
) -> None:
    service.reply = answering(FOUND)
    said = {name.removeprefix("source_"): value for name, value in kept.items()}
    source = {"publisher": "North Press", "confidential": "source_confidential" in kept}
    as_json = feature(None, place_name="Xqzwv", geo_precision=None, sources=[source], **said)
    as_json["properties"].pop("confidential", None)

    looked_up = form_of(site, **UNKNOWN, **kept, more="place")
    form_of(site, **UNKNOWN, **kept)
    sent = site.writer.post("/events", json=as_json)

    assert service.asked == []
    assert sent.status_code == 422
    assert looked_up.value("place_name") == "Xqzwv"
    form_of(site, **UNKNOWN)
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (silent, "nominatim did not answer in time."),
        (answering(b"oops", 500), "nominatim cannot be reached."),
        (answering({}, 429), "nominatim asks to be asked less often."),
        (answering(b"<html>a hotel</html>"), "nominatim sent what nobody can read."),
    ],
    ids=["slow", "down", "429", "garbage"],
)
def test_F14_a_service_at_fault_costs_a_calm_notice_and_nothing_typed(
    site: Site, service: Service, reply, said: str
) -> None:
    service.reply = reply
    start = time.monotonic()

    looked_up = form_of(site, **UNKNOWN, more="place")
    kept = site.writer.post("/events", data=UNKNOWN)

    # It is given two seconds each time, and a silent service never answers: it was not waited for.
    assert time.monotonic() - start < 15
    assert f"The online lookup could not be asked: {said}" in looked_up.text
    assert (looked_up.value("place_name"), looked_up.value("description")) == (
        "Xqzwv", "Two shots were heard.",
    )  # fmt: skip
    assert kept.status_code == 303
    (event,) = site.backends.store.events()
    assert (event.status.value, event.geometry, event.description) == ("draft", None, "Two shots were heard.")
