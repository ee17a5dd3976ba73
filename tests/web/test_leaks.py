"""Every address of the app is searched for what nobody may see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cartography.pdf_text import words_of
from tests.web.asking import keep
from tests.web.conftest import Site

# Each stands in every text field of an event that is not public, or in a withheld field of one that is.
CANARIES = (
    "drafted-canary",
    "reviewed-canary",
    "hidden-canary",
    "gridded-canary",
    "province-canary",
    "internal-canary",
    "uploaded-canary",
)
SECRET_POINT = {"type": "Point", "coordinates": [40.71234, 36.43217]}


def texts(canary: str) -> dict[str, object]:
    """An event whose every text field holds the canary."""
    return {
        "title": f"{canary} title",
        "description": canary,
        "place_name": canary,
        "place_label": canary,
        "admin2": canary,
        "tags": [canary],
        "group": canary,
        "external_id": canary,
        "internal_note": canary,
        "content_warning": canary,
        "actors": [{"name": canary, "role": "side_a"}],
        "about": [{"place_label": canary, "lon": 40.7, "lat": 36.4}],
        "translations": {"ar": {"title": canary, "description": canary}},
        "sources": [
            {
                "publisher": canary,
                "quote": canary,
                "url": f"https://example.org/{canary}",
                "report_id": canary,
            }
        ],
    }


@pytest.fixture
def hidden(site: Site) -> list[str]:
    """The ids of events that may not be found, beside coarsened ones that may."""
    withheld = {"title": "Shown", "content_warning": None, "actors": [], "translations": {}}
    keep(
        site,
        SECRET_POINT,
        **texts("gridded-canary") | withheld | {"sources": [_secretive("gridded-canary")]},
        sensitivity="grid",
    )
    keep(
        site,
        SECRET_POINT,
        **texts("province-canary") | withheld | {"sources": [_secretive("province-canary")]},
        sensitivity="admin1",
        admin1="Hasakah",
    )
    keep(
        site,
        internal_note="internal-canary",
        sources=[{"publisher": "P"}, {"publisher": "internal-canary", "confidential": True}],
    )
    site.writer.post("/views", data={"title-en": "Saved", "query": "bbox=40,36,41,37"})
    return [
        keep(site, SECRET_POINT, **texts("drafted-canary"), status="draft"),
        keep(site, SECRET_POINT, **texts("reviewed-canary"), status="in_review"),
        keep(site, SECRET_POINT, **texts("hidden-canary"), sensitivity="hidden"),
    ]


@pytest.fixture
def uploaded(site: Site) -> str:
    """The address of a table that a writer is about to import ends so."""
    answer = site.writer.post(
        "/import", data={"pasted": "title,uploaded-canary\nuploaded-canary,2022-01-20\n"}
    )
    return answer.headers["Location"].rpartition("/")[2]


def _secretive(canary: str) -> dict[str, object]:
    """A source of a coarsened event: who published it is shown, what would lead to the place is not."""
    return {
        "publisher": "P",
        "quote": canary,
        "title": canary,
        "url": f"https://example.org/{canary}",
        "report_id": canary,
        "says": {"place": canary},
    }


def addresses(app: Flask, ids: list[str], uploaded: str) -> Iterator[str]:
    """Every GET address there is, with every value that could lead to a hidden event."""
    values = {"event_id": ids, "name": ["base.css", "words-ar.js"], "slug": ["saved"], "token": [uploaded]}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        if "kind" in rule.arguments:
            # Of a picture, the kind whose words can be read.
            yield str(rule).replace("<any(png, pdf):kind>", "pdf").replace("<slug>", "saved")
        elif "z" in rule.arguments:
            yield from (
                str(rule).replace("<int:z>/<int:x>/<int:y>", tile)
                for tile in ("0/0/0", "8/156/100", "16/40177/25762")
            )
        elif not rule.arguments:
            yield str(rule)
        else:
            (argument,) = rule.arguments
            pattern = next(part for part in str(rule).split("/") if "<" in part).split(".geojson")[0]
            yield from (str(rule).replace(pattern, value) for value in values[argument])


QUESTIONS = (
    "",
    "lang=ar",
    "status=draft",
    "status=in_review&status=published",
    "q=title",
    "q=canary",
    "sort=title",
    "limit=1",
    "place=geonames:173811",
    "bbox=40.712,36.432,40.713,36.433",
    "datetime=2022-01-20",
    "event_type=battles",
    "country=SY",
    "admin1=Hasakah",
)


def said_by(answer: TestResponse) -> str:
    if answer.mimetype == "application/pdf":
        return words_of(answer.data)
    return answer.get_data(as_text=True)


def test_no_address_tells_of_what_is_not_public(site: Site, hidden: list[str], uploaded: str) -> None:
    found = []
    for address in addresses(site.app, hidden, uploaded):
        for question in QUESTIONS:
            answer = site.public.get(f"{address}?{question}")
            told = said_by(answer) + str(answer.headers)
            asked = "canary" if question == "q=canary" else ""
            found += [
                (address, question, word)
                for word in (*CANARIES, *hidden, "36.43217", "40.71234")
                if word in told and word != asked
            ]

    # An id that one asks for oneself may be said back: "There is no event ...".
    assert [each for each in found if each[2] not in each[0]] == []


def test_the_hunt_would_find_them(site: Site, hidden: list[str], uploaded: str) -> None:
    told = "".join(
        said_by(site.writer.get(f"{address}?view=internal"))
        for address in addresses(site.app, hidden, uploaded)
    )

    assert [word for word in (*CANARIES, *hidden, "36.43217") if word not in told] == []


def test_what_is_not_public_is_not_counted(site: Site, hidden: list[str]) -> None:
    around = site.public.get("/events.geojson?bbox=40.712,36.432,40.713,36.433&limit=100").json

    assert site.public.get("/events.geojson?limit=100").json["numberMatched"] == 3
    # The grid cell holds the point; nothing else may be found by it.
    assert [each["properties"]["sensitivity"] for each in around["features"]] == ["grid"]
    assert "<h1>3 events</h1>" in site.public.get("/events").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/events/{}", "/events/{}.geojson", "/events/{}/edit"])
def test_a_hidden_event_answers_like_none_at_all(site: Site, hidden: list[str], path: str) -> None:
    never = "zzzzzzzzzz"
    for event_id in hidden:
        known, unknown = site.public.get(path.format(event_id)), site.public.get(path.format(never))
        assert known.status_code == unknown.status_code
        assert known.get_data(as_text=True).replace(event_id, never) == unknown.get_data(as_text=True)


def test_a_writer_without_the_internal_view_sees_no_more(site: Site, hidden: list[str]) -> None:
    listed = site.writer.get("/events").get_data(as_text=True)

    assert not any(word in listed for word in (*CANARIES, *hidden))
    assert [site.writer.get(f"/events/{event_id}").status_code for event_id in hidden] == [404] * 3
