"""Taking data away: the whole answer, its tag, its parts, its languages; and reading it back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from geoevents.places import Context
from tests.web.asking import feature, keep, version
from tests.web.conftest import Site


def ids(site: Site, query: str = "") -> list[str]:
    return [each["id"] for each in site.public.get("/events.geojson" + query).json["features"]]


def test_geojson_holds_every_event(site: Site) -> None:
    kept = {keep(site, title=f"Event {number}") for number in range(60)}

    answer = site.public.get("/events.geojson")

    assert (answer.mimetype, answer.headers["Access-Control-Allow-Origin"]) == ("application/geo+json", "*")
    assert answer.json["type"] == "FeatureCollection"
    assert set(ids(site)) == kept
    assert set(answer.json) == {"type", "features"}
    assert answer.headers["Content-Length"] == str(len(answer.data))


def test_a_limited_answer_says_so_and_leads_on(site: Site) -> None:
    kept = {keep(site, title=f"Event {number}") for number in range(5)}

    first = site.public.get("/events.geojson?limit=3")
    second = site.public.get(first.json["links"][0]["href"])

    assert (first.json["numberMatched"], first.json["numberReturned"]) == (5, 3)
    assert first.json["numberMatchedByKind"] == {"event": 5, "condition": 0}
    assert first.headers["Link"] == f'<{first.json["links"][0]["href"]}>; rel="next"'
    assert {each["id"] for page in (first, second) for each in page.json["features"]} == kept
    assert "links" not in second.json


def test_a_page_counts_conditions_apart_as_the_list_does(site: Site) -> None:
    for number in range(3):
        keep(site, title=f"Event {number}")
    keep(site, title="No water", kind="condition")

    counted = [
        site.public.get(f"/events.geojson?limit=1{more}").json["numberMatchedByKind"]
        for more in ("", "&kind=condition", "&event_type=protests")
    ]

    assert counted == [
        {"event": 3, "condition": 1},
        {"event": 0, "condition": 1},
        {"event": 0, "condition": 0},
    ]
    assert "3 events · 1 condition" in site.public.get("/events?lang=en").get_data(as_text=True)


def test_a_page_under_way_is_sent_as_it_was_asked_for(site: Site) -> None:
    long = "word " * 1_900
    kept = [keep(site, title=f"Event {number}", description=long) for number in range(20)]
    under_way = site.public.get("/events.geojson?limit=20")

    for event_id in kept:
        hidden = feature(title="Hidden since", sensitivity="hidden")
        site.writer.put(f"/events/{event_id}", json=hidden, headers={"If-Match": '"1"'})

    sent = json.loads(under_way.get_data())["features"]
    assert {each["properties"]["description"].strip() for each in sent} == {long.strip()}
    assert {each["id"] for each in sent} == set(kept)
    assert ids(site) == []


def test_the_tag_hangs_on_what_the_public_sees(site: Site) -> None:
    keep(site)
    before = site.public.get("/events.geojson").headers["ETag"]

    keep(site, status="draft", title="Only a draft")
    after_a_draft = site.public.get("/events.geojson").headers["ETag"]
    keep(site, title="For everybody")
    after_an_event = site.public.get("/events.geojson").headers["ETag"]

    assert before == after_a_draft != after_an_event


@pytest.mark.parametrize(
    "path",
    ["/events.geojson", "/events.csv", "/tiles/0/0/0.json", "/events", "/about", "/", "/assets/base.css"],
)
def test_what_is_known_is_not_sent_again(site: Site, path: str) -> None:
    keep(site)
    first = site.public.get(path)

    again = site.public.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_version_of_another_store_is_another_answer(make_site: Callable[..., Site]) -> None:
    one, other = make_site(), make_site()
    path = f"/events/{keep(one)}.geojson"
    known = one.public.get(path).headers["ETag"]

    answers = [site.public.get(path, headers={"If-None-Match": known}) for site in (one, other)]
    kept = other.writer.put(
        path.removesuffix(".geojson"), json=feature(title="Again"), headers={"If-Match": known}
    )

    assert [answer.status_code for answer in answers] == [304, 200]
    assert (kept.status_code, version(kept)) == (200, 2)


def test_each_language_has_its_own_tag(site: Site) -> None:
    tags = {
        site.public.get(f"{path}?lang={lang}").headers["ETag"]
        for path in ("/", "/events")
        for lang in ("en", "ar")
    }

    assert len(tags) == 4
    assert {"Accept-Language", "Cookie"} <= set(site.public.get("/events").vary)
    assert {"Accept-Language", "Cookie"} <= set(site.public.get("/").vary)


@pytest.mark.parametrize(
    ("path", "name"), [("/events.geojson", "events.geojson"), ("/events.csv", "events.csv")]
)
def test_a_download_is_named_on_request(site: Site, path: str, name: str) -> None:
    assert (
        site.public.get(path + "?download=1").headers["Content-Disposition"]
        == f'attachment; filename="{name}"'
    )
    assert "Content-Disposition" not in site.public.get(path).headers


def test_one_event_is_a_feature_with_its_version(site: Site) -> None:
    event_id = keep(site)

    answer = site.public.get(f"/events/{event_id}.geojson")
    known = {"If-None-Match": answer.headers["ETag"]}

    assert (answer.mimetype, version(answer)) == ("application/geo+json", 1)
    assert answer.json["id"] == event_id
    assert site.public.get(f"/events/{event_id}.geojson", headers=known).status_code == 304


def test_csv_opens_in_a_spreadsheet_without_running_anything(site: Site) -> None:
    keep(site, title='=HYPERLINK("http://x","y")')
    keep(site, title="الحسكة")

    answer = site.public.get("/events.csv")

    assert answer.data.startswith(b"\xef\xbb\xbfid,")
    assert b'"\'=HYPERLINK(""http://x"",""y"")"' in answer.data
    assert "الحسكة".encode() in answer.data


def test_geopandas_reads_the_download_back(site: Site) -> None:
    import geopandas

    keep(site)
    keep(site, None, geo_precision="unlocated", title="Somewhere")

    frame = geopandas.read_file(io.BytesIO(site.public.get("/events.geojson").data))

    assert sorted(frame["title"]) == ["Gunmen attack the prison", "Somewhere"]
    assert frame.crs.to_epsg() == 4326


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=prison", {"prison", "both"}),
        ("?event_type=protests", {"protest", "both"}),
        ("?event_type=protests&event_type=battles", {"prison", "protest", "both"}),
        ("?datetime=2022-01-21/..", {"protest", "both"}),
        ("?datetime=2022-01-20", {"prison"}),
        ("?bbox=40,36,41,37", {"prison", "both"}),
        ("?bbox=170,-10,-170,10", set()),
        ("?kind=condition", set()),
        ("?status=retracted", set()),
        ("?q=nothing+like+it", set()),
    ],
)
def test_the_one_query_string(site: Site, query: str, found: set[str]) -> None:
    far = {"type": "Point", "coordinates": [45.0, 33.3]}
    known = {
        keep(site, title="A prison is attacked"): "prison",
        keep(site, far, title="Bread", event_type="protests", date_start="2022-01-22"): "protest",
        keep(site, title="Before the prison", event_type="protests", date_start="2022-01-23"): "both",
    }

    assert {known[each] for each in ids(site, query)} == found


def test_every_list_offers_exactly_itself(site: Site) -> None:
    keep(site)

    page = site.public.get("/events?event_type=battles&datetime=2022-01-01/..").get_data(as_text=True)

    same = "datetime=2022-01-01/..&amp;event_type=battles"
    assert f"/events.geojson?download=1&amp;{same}" in page
    assert f"/events.csv?download=1&amp;{same}" in page
    assert f"/?{same}" in page


def test_a_name_means_here_what_the_verb_makes_of_it(site: Site) -> None:
    answer = site.public.get("/api/geocode?q=Derik&country=SY").json

    assert answer == site.backends.for_writers.resolve("Derik", Context(country_code="SY")).as_json()
