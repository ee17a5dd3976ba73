"""What every answer tells the browser: what it may load, who may read it, what may be kept."""

from __future__ import annotations

import pytest

from tests.web.asking import FORM, feature, keep
from tests.web.conftest import Site

PATHS = [
    "/",
    "/events",
    "/about",
    "/events/new",
    "/events.geojson",
    "/events.csv",
    "/tiles/0/0/0.json",
    "/api/geocode?q=Hasakah",
    "/api/suggest?q=Has",
    "/revision",
    "/healthz",
    "/assets/base.css",
    "/nothing-here",
    "/events?limit=0",
    "/events.geojson?limit=0",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_under_a_policy_that_names_no_other_host(site: Site, path: str) -> None:
    answer = site.writer.get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any(word in policy for word in ("unsafe", "http:", "https:", "*"))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    # no-referrer would make a browser send "Origin: null" with our own form.
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Cache-Control" in answer.headers


@pytest.mark.parametrize(
    "path", ["/events.geojson", "/events.csv", "/tiles/0/0/0.json", "/api/geocode?q=Hasakah", "/healthz"]
)
def test_public_data_may_be_read_from_any_page(site: Site, path: str) -> None:
    assert site.public.get(path).headers["Access-Control-Allow-Origin"] == "*"
    assert site.public.options(path).headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Credentials" not in site.public.get(path).headers


def test_what_a_writer_gets_may_be_read_from_no_other_page(site: Site) -> None:
    event_id = keep(site)

    answers = [
        site.writer.post("/events", json=feature(title="Another")),
        site.writer.put(f"/events/{event_id}", json=feature(title="Third"), headers={"If-Match": '"1"'}),
        site.writer.get("/events/new"),
        site.writer.get(f"/events/{event_id}/edit"),
        site.writer.post("/events", data=FORM | {"title": ""}),
    ]

    assert [answer.headers.get("Access-Control-Allow-Origin") for answer in answers] == [None] * 5
    assert [answer.headers["Cache-Control"] for answer in answers] == ["private, no-store"] * 5


def test_an_asset_is_kept_for_ever_under_the_name_of_its_content(site: Site) -> None:
    page = site.public.get("/events").get_data(as_text=True)
    address = page.split('href="/assets/base.css', 1)[1].split('"', 1)[0]

    assert "immutable" in site.public.get("/assets/base.css" + address).headers["Cache-Control"]
    assert site.public.get("/assets/base.css").headers["Cache-Control"] == "no-cache"
    assert "immutable" not in site.public.get("/assets/base.css?v=other").headers["Cache-Control"]


@pytest.mark.parametrize("path", [path for path in PATHS if "new" not in path])
def test_head_is_get_without_its_body(site: Site, path: str) -> None:
    got, headed = site.public.get(path), site.public.head(path)

    assert (headed.status_code, headed.data) == (got.status_code, b"")
    assert headed.headers.get("ETag") == got.headers.get("ETag")


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "/"), ("delete", "/events"), ("put", "/events.geojson"), ("patch", "/events/new")],
)
def test_a_method_that_is_not_taken_is_told(site: Site, method: str, path: str) -> None:
    answer = getattr(site.writer, method)(path)

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_no_cookie_is_set_for_whoever_only_reads(site: Site) -> None:
    keep(site)

    assert [path for path in PATHS if "Set-Cookie" in site.public.get(path).headers] == []
