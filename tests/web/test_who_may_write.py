"""Who may write, and who may see what is not public: whoever sits at the machine, nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.asking import FORM, feature, keep, refusal
from tests.web.conftest import Site

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
FORWARDED = [
    {"Forwarded": "for=192.0.2.7"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Proto": "https"},
    {"Via": "1.1 proxy"},
    {"X-Real-IP": "127.0.0.1"},
    {"True-Client-IP": "127.0.0.1"},
    {"X-Client-IP": "127.0.0.1"},
    {"X-Cluster-Client-IP": "127.0.0.1"},
    {"X-Azure-ClientIP": "127.0.0.1"},
    {"X-Original-Forwarded-For": "127.0.0.1"},
    {"X-Envoy-External-Address": "127.0.0.1"},
    {"Tailscale-User-Login": "somebody"},
]


def test_the_app_is_read_only_unless_told(make_site: Callable[..., Site]) -> None:
    site = make_site(writes="closed")

    answers = [
        site.writer.post("/events", json=feature()),
        site.writer.post("/events", data=FORM),
        site.writer.get("/events/new"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "Writing is closed here." in refusal(answers[0])[2]
    assert site.bytes().count(b'"Feature"') == 0


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_whoever_sits_at_the_machine_may_write(site: Site, peer: str) -> None:
    answer = site.writer.post("/events", json=feature(), environ_overrides={"REMOTE_ADDR": peer})

    assert answer.status_code == 201


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", "::2", "::ffff:10.0.0.1", "unix:", ""])
def test_nobody_else_may(site: Site, peer: str) -> None:
    answer = site.writer.post("/events", json=feature(), environ_overrides={"REMOTE_ADDR": peer})

    assert refusal(answer)[0] == 403


@pytest.mark.parametrize("headers", FORWARDED)
def test_a_request_that_was_forwarded_may_not(site: Site, headers: dict[str, str]) -> None:
    assert site.writer.post("/events", json=feature(), headers=headers).status_code == 403
    assert site.writer.get("/events?view=internal", headers=headers).status_code == 403


def test_the_pages_of_another_scheme_are_another_site(site: Site) -> None:
    answer = site.writer.post("/events", json=feature(), headers={"Origin": "https://localhost"})

    assert refusal(answer)[0] == 403


def test_another_site_is_not_told_that_its_visitor_may_write(site: Site) -> None:
    ours = site.writer.get("/revision")
    theirs = site.writer.get("/revision", headers={"Origin": "https://evil.example"})

    assert (ours.json or {})["writes"] is True
    assert (theirs.json or {})["writes"] is False


def test_what_no_browser_speaks_may_not(site: Site) -> None:
    through_nginx = {"SERVER_PROTOCOL": "HTTP/1.0"}

    answer = site.writer.post("/events", json=feature(), environ_overrides=through_nginx)

    assert answer.status_code == 403


def test_a_name_that_is_not_this_machines_may_read_and_not_write(make_site: Callable[..., Site]) -> None:
    site = make_site(allowed_hosts=("map.example.org",))
    by_name = {"Host": "map.example.org"}

    assert site.writer.get("/events", headers=by_name).status_code == 200
    assert site.writer.post("/events", json=feature(), headers=by_name).status_code == 403


def test_behind_a_proxy_nobody_may_write_whatever_host_they_say(make_site: Callable[..., Site]) -> None:
    site = make_site(allowed_hosts=("map.example.org",))
    # What a client of a proxy that passes Host through, and tells nothing of itself, can send.
    local = {"Host": "localhost"}

    refused = site.writer.post("/events", json=feature(), headers=local)
    form = site.writer.get("/events/new", headers=local)
    internal = site.writer.get("/events?view=internal", headers=local)

    assert [answer.status_code for answer in (refused, form, internal)] == [403, 403, 403]
    assert "while GEOEVENTS_HOSTS is not set" in refusal(refused)[2]
    assert b'"Feature"' not in site.bytes()


def test_the_address_it_listens_on_is_no_proxy(make_site: Callable[..., Site]) -> None:
    site = make_site(allowed_hosts=("127.0.0.1",))

    assert site.writer.post("/events", json=feature()).status_code == 201


@pytest.mark.parametrize("path", ["/", "/events", "/events.geojson", "/events.csv", "/tiles/0/0/0.json"])
def test_the_internal_view_is_for_those_who_may_write(site: Site, path: str) -> None:
    keep(site, None, title="Only a draft", status="draft", geo_precision=None)

    assert site.public.get(path + "?view=internal").status_code == 403
    assert site.writer.get(path + "?view=internal").status_code == 200


def test_no_other_site_sees_the_internal_view_through_the_writers_browser(site: Site) -> None:
    event_id = keep(site, None, title="Only a draft", status="draft", geo_precision=None)

    answer = site.writer.get(
        f"/events/{event_id}.geojson?view=internal",
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    )

    assert answer.status_code == 403


def test_the_internal_view_shows_drafts_says_so_and_is_kept_by_no_cache(site: Site) -> None:
    keep(site, None, title="Only a draft", status="draft", geo_precision=None, internal_note="call back")

    page, data = site.writer.get("/events?view=internal"), site.writer.get("/events.geojson?view=internal")

    assert "Only a draft" in page.get_data(as_text=True)
    assert "Internal view" in page.get_data(as_text=True)
    assert "call back" in data.get_data(as_text=True)
    assert [answer.headers["Cache-Control"] for answer in (page, data)] == ["private, no-store"] * 2
    assert "Access-Control-Allow-Origin" not in data.headers


def test_a_page_offers_the_form_to_those_who_may_use_it(site: Site) -> None:
    keep(site)

    assert "/events/new" in site.writer.get("/events").get_data(as_text=True)
    assert "/events/new" not in site.public.get("/events").get_data(as_text=True)


def test_the_open_map_learns_whether_to_offer_the_form(site: Site) -> None:
    assert site.writer.get("/revision").json == {"revision": 0, "writes": True}
    assert site.public.get("/revision").json == {"revision": 0, "writes": False}
