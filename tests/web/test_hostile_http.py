"""Requests nobody should send.

A number in a name is a row, 46 to 53, of the list of hostile inputs that the tests began with.
"""

from __future__ import annotations

import json

import pytest

from tests.web.asking import FORM, feature, keep, refusal, version
from tests.web.conftest import Site

CLIMBING = [
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "..%252f..%252fetc/passwd",
    "....//....//etc/passwd",
    "..\\..\\etc\\passwd",
    "..%5c..%5cetc%5cpasswd",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "..;/..;/etc/passwd",
    "..%00/etc/passwd",
    "base.css%00.html",
    "..%c0%afetc/passwd",
    "%c0%ae%c0%ae/etc/passwd",
    "..%ef%bc%8fetc",
    "vendor/../../events.geojson",
    "vendor/..%2f..%2fprivate/history.geojsonl",
    "./././../private",
    "~root/.ssh",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("path", CLIMBING)
@pytest.mark.parametrize("under", ["/assets/", "/events/", "/tiles/0/0/", "/"])
def test_row_46_paths_that_climb(site: Site, under: str, path: str) -> None:
    # Two slashes in front would be taken for a host by the test's own client.
    answer = site.writer.get((under + path).replace("//etc", "/./etc") if under == "/" else under + path)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert not any(word in text for word in ("passwd", "etc", "private", "root", "..", "FeatureCollection"))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=1,2,3,nan", "bbox"),
        ("limit=-1", "limit"),
        ("limit=0", "limit"),
        ("limit=1e9", "limit"),
        ("limit=٢", "limit"),
        ("datetime=yesterday", "datetime"),
        ("kind=x", "kind"),
        ("sort=x", "sort"),
        ("after=%00", "after"),
        ("lang=<b>", "lang"),
        ("view=all", "view"),
        ("limit=1&limit=2", "limit"),
    ],
)
@pytest.mark.parametrize("path", ["/events.geojson", "/events.csv", "/tiles/0/0/0.json"])
def test_row_47_values_without_a_meaning_on_data(site: Site, path: str, query: str, name: str) -> None:
    keep(site)

    status, field, sentence = refusal(site.public.get(f"{path}?{query}"))

    assert (status, field) == (400, name)
    assert sentence


@pytest.mark.parametrize("path", ["/", "/events"])
@pytest.mark.parametrize("query", ["bbox=1,2,3", "limit=0", "datetime=yesterday", "date_from=yesterday"])
def test_row_47_values_without_a_meaning_on_pages(site: Site, path: str, query: str) -> None:
    answer = site.public.get(f"{path}?{query}")

    assert answer.status_code == 400
    assert query.partition("=")[2].split(",", maxsplit=1)[0] in answer.get_data(as_text=True)


def test_row_47_an_unknown_parameter(site: Site) -> None:
    data, page = site.public.get("/events.geojson?colour=red"), site.public.get("/events?colour=red")

    assert refusal(data)[:2] == (400, "colour")
    assert page.status_code == 200
    assert "colour" in page.get_data(as_text=True)


def test_row_47_empty_equals_absent(site: Site) -> None:
    keep(site)

    plain, empty = (
        site.public.get("/events.geojson" + query) for query in ("", "?bbox=&limit=&q=&event_type=")
    )

    assert empty.data == plain.data
    assert empty.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:8000", "", "a b", "[::1", "127.0.0.1@evil"],
)
def test_row_48_a_foreign_host(site: Site, host: str) -> None:
    answer = site.public.get("/events", headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_row_48_names_of_this_machine(site: Site, host: str) -> None:
    assert site.public.get("/events", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/events", "/events.geojson", "/about"])
def test_row_48_forwarding_headers_change_nothing(site: Site, path: str) -> None:
    keep(site)
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil",
    }

    plain, answer = site.public.get(path), site.public.get(path, headers=forged)

    assert (answer.status_code, answer.data) == (200, plain.data)
    assert dict(answer.headers) == dict(plain.headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "x"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
def test_row_49_another_site_cannot_write(site: Site, headers: dict[str, str]) -> None:
    event_id = keep(site)
    before = site.bytes()

    answers = [
        site.writer.post("/events", data=FORM, headers=headers),
        site.writer.post("/events", json=feature(), headers=headers),
        site.writer.post(f"/events/{event_id}", data=FORM | {"version": "1"}, headers=headers),
        site.writer.post(
            f"/events/{event_id}/retract", data={"version": "1", "reason": "x"}, headers=headers
        ),
        site.writer.post(f"/events/{event_id}/undo", data={"version": "1"}, headers=headers),
        site.writer.put(f"/events/{event_id}", json=feature(), headers=headers | {"If-Match": '"1"'}),
        site.writer.delete(f"/events/{event_id}?reason=x", headers=headers | {"If-Match": '"1"'}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 7
    assert all("another site" in answer.get_data(as_text=True) for answer in answers)
    assert site.bytes() == before


def test_row_49_our_own_form_can(site: Site) -> None:
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}

    assert site.writer.post("/events", data=FORM, headers=own).status_code == 303


def test_row_50_a_stale_version(site: Site) -> None:
    event_id = keep(site)
    changed = site.writer.put(
        f"/events/{event_id}", json=feature(title="Theirs"), headers={"If-Match": '"1"'}
    )
    before = site.bytes()

    answer = site.writer.put(f"/events/{event_id}", json=feature(title="Mine"), headers={"If-Match": '"1"'})

    assert changed.status_code == 200
    assert refusal(answer)[:2] == (412, "If-Match")
    assert answer.json["current"]["properties"]["title"] == "Theirs"
    assert answer.json["yours"]["properties"]["title"] == "Mine"
    assert version(answer) == 2
    assert site.bytes() == before


@pytest.mark.parametrize("condition", [None, "*", "1", '"x"', '"0"', '"1", "2"'])
def test_row_50_no_version(site: Site, condition: str | None) -> None:
    event_id = keep(site)
    headers = {} if condition is None else {"If-Match": condition}
    before = site.bytes()

    answers = [
        site.writer.put(f"/events/{event_id}", json=feature(), headers=headers),
        site.writer.delete(f"/events/{event_id}?reason=x", headers=headers),
    ]

    assert [refusal(answer)[:2] for answer in answers] == [(428, "If-Match")] * 2
    assert site.bytes() == before


def test_row_50_the_form_shows_both_texts(site: Site) -> None:
    event_id = keep(site)
    site.writer.put(f"/events/{event_id}", json=feature(title="Theirs"), headers={"If-Match": '"1"'})
    before = site.bytes()

    answer = site.writer.post(f"/events/{event_id}", data=FORM | {"title": "Mine", "version": "1"})

    page = answer.get_data(as_text=True)
    assert (answer.status_code, site.bytes()) == (412, before)
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert 'name="version" value="2"' in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-999999999999999999999"},
        {"Range": "bytes=" + ",".join(f"{n}-" for n in range(5_000))},
        {"Accept-Language": "xx-yy," * 1_700 + "ar"},
        {"Accept-Language": "ar;q=" + "9" * 9_000},
        {"If-None-Match": '"x",' * 5_000},
        {"Cookie": "lang=" + "x" * 8_000},
        {"Accept": "a/b," * 2_000},
    ],
)
@pytest.mark.parametrize("path", ["/events", "/events.geojson", "/assets/base.css", "/"])
def test_row_51_headers_without_measure(site: Site, path: str, headers: dict[str, str]) -> None:
    plain = site.public.get(path)

    answer = site.public.get(path, headers=headers)

    assert answer.status_code in (200, 206, 416)
    assert len(answer.data) <= 2 * len(plain.data) + 1_000


def test_row_52_next_leads_nowhere_else(site: Site) -> None:
    answers = [
        site.writer.get("/events?next=//evil.example"),
        site.writer.get("/events?date_from=2022-01-01&next=//evil.example"),
        site.writer.get("/events?lang=ar&next=https://evil.example"),
        site.writer.post("/events?next=//evil.example", data=FORM),
        site.writer.post("/events?next=//evil.example", json=feature(title="By JSON")),
        site.writer.post("/events", data=FORM | {"next": "//evil.example", "title": "Another"}),
    ]

    places = [answer.headers.get("Location", "") for answer in answers]
    assert not any("evil" in place for place in places)
    assert not any('href="//evil' in answer.get_data(as_text=True) for answer in answers)
    assert not any('href="https://evil' in answer.get_data(as_text=True) for answer in answers)


def test_row_53_too_many_fields(site: Site) -> None:
    before = site.bytes()
    many = {f"field{number}": "x" for number in range(1_500)}

    plain, multipart = (
        site.writer.post("/events", data=many, content_type=kind)
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data")
    )

    assert (plain.status_code, multipart.status_code, site.bytes()) == (413, 413, before)
    assert "1000" in plain.get_data(as_text=True)


def test_row_53_too_long_a_field(site: Site) -> None:
    before = site.bytes()
    part = (
        b'--x\r\nContent-Disposition: form-data; name="description"\r\n\r\n'
        + b"x" * 600_000
        + b"\r\n--x--\r\n"
    )

    plain = site.writer.post("/events", data=FORM | {"description": "x" * 600_000})
    multipart = site.writer.post("/events", data=part, content_type="multipart/form-data; boundary=x")

    assert (plain.status_code, multipart.status_code, site.bytes()) == (413, 413, before)


def test_a_problem_is_told_in_the_readers_language(site: Site) -> None:
    english, arabic = (
        site.public.get("/events.geojson?limit=0", headers={"Accept-Language": lang}) for lang in ("en", "ar")
    )

    assert json.loads(arabic.data)["field"] == json.loads(english.data)["field"] == "limit"
