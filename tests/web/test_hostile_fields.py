"""Fields nobody should send: field and way out are named, nothing is stored.

A number in a name is a row, 30 to 41, of the list of hostile inputs that the tests began with.
"""

from __future__ import annotations

import html

import pytest

from tests.web.asking import FORM, feature, keep, refusal
from tests.web.conftest import Site


@pytest.fixture
def site(site: Site) -> Site:
    keep(site, title="Here before")
    return site


def refused(
    site: Site, *, status: int = 422, geometry: object = ..., **properties: object
) -> tuple[str, str]:
    """The field and the sentence of the first problem; the form says the same beside its field."""
    before = site.bytes()
    body = feature(**properties) if geometry is ... else feature(geometry, **properties)
    answer = site.writer.post("/events", json=body)
    assert site.bytes() == before
    found, field, sentence = refusal(answer)
    assert found == status, sentence
    return str(field), sentence


def kept(site: Site, **properties: object) -> dict[str, object]:
    answer = site.writer.post("/events?view=internal", json=feature(**properties))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return {**answer.json["properties"], "warnings": answer.json["warnings"]}


@pytest.mark.parametrize("title", ["x" * 100_000, "", "   ", "\u200b\u200b"])
def test_row_30_titles_too_long_or_empty(site: Site, title: str) -> None:
    field, sentence = refused(site, title=title)

    assert field == "title"
    assert "300" in sentence or "title is missing" in sentence


@pytest.mark.parametrize("title", ["zero\x00byte", "bell\x07"])
def test_row_31_control_characters(site: Site, title: str) -> None:
    assert refused(site, title=title)[0] == "title"


def test_row_31_bidi_overrides_go_with_a_note(site: Site) -> None:
    event = kept(site, title="read \u202ethis")

    assert event["title"] == "read this"
    assert any("title" in warning for warning in event["warnings"])


def test_row_32_marks_piled_on_a_letter(site: Site) -> None:
    assert refused(site, title="a" + "\u0301" * 1_000)[0] == "title"


@pytest.mark.parametrize("day", ["2026-13-45", "2026-02-30", "99999-01-01"])
def test_row_33_days_that_are_none(site: Site, day: str) -> None:
    field, sentence = refused(site, date_start=day)

    assert field == "date_start"
    assert "YYYY-MM-DD" in sentence


def test_row_33_a_day_that_may_be_two(site: Site) -> None:
    field, sentence = refused(site, date_start="03/04/2022")

    assert field == "date_start"
    assert "may mean 2022-04-03 or 2022-03-04" in sentence


def test_row_34_days_to_come(site: Site) -> None:
    field, sentence = refused(site, date_start="2022-02-03")

    assert field == "date_start"
    assert "future" in sentence


@pytest.mark.parametrize("day", ["٢٠٢٢-٠١-٢٢", "22 كانون الثاني 2022", "22 Ocak 2022", "22 Rêbendan 2022"])
def test_row_35_days_as_people_write_them(site: Site, day: str) -> None:
    assert kept(site, date_start=day)["date_start"] == "2022-01-22"


@pytest.mark.parametrize("code", ["earthquakes", "__proto__", "battles "])
def test_row_36_types_there_are_none_of(site: Site, code: str) -> None:
    if code.strip() == "battles":
        assert kept(site, event_type=code)["event_type"] == "battles"
        return

    field, sentence = refused(site, event_type=code)

    assert field == "event_type"
    assert "humanitarian_access" in sentence


@pytest.mark.parametrize(
    "url",
    [
        "javascript:window.__p=1",
        "data:text/html,x",
        "file:///etc/passwd",
        "//x",
        "https://user:pw@x.org",
        "https://x.org/" + "x" * 5_000,
    ],
)
def test_row_37_addresses_nobody_should_follow(site: Site, url: str) -> None:
    field, _ = refused(site, sources=[{"url": url}])

    assert field == "sources[0].url"


def test_row_38_a_field_there_is_none_of(site: Site) -> None:
    field, sentence = refused(site, titel="Typo")

    assert field == "titel"
    assert "title" in sentence


def test_row_39_an_id_that_is_taken(site: Site) -> None:
    event_id = keep(site)
    before = site.bytes()

    answer = site.writer.post("/events", json=feature() | {"id": event_id})

    status, field, _ = refusal(answer)
    assert (status, field, site.bytes()) == (409, "id", before)


def test_row_39_an_id_that_climbs(site: Site) -> None:
    before = site.bytes()

    answer = site.writer.post("/events", json=feature() | {"id": "../../x"})

    status, field, _ = refusal(answer)
    assert (status, field, site.bytes()) == (422, "id", before)


def test_row_40_a_place_nobody_knows(site: Site) -> None:
    before = site.bytes()

    answer = site.writer.post("/events", json=feature(None, place_name="Hasakahh-Qqx", geo_precision=None))

    status, field, sentence = refusal(answer)
    assert (status, field, site.bytes()) == (422, "place_name", before)
    assert answer.json["status"] == 422
    assert answer.json["candidates"] == []
    assert isinstance(answer.json["suggestions"], list)
    assert "Hasakahh-Qqx" in sentence


def test_row_40_the_form_keeps_everything_and_offers_to_wait(site: Site) -> None:
    before = site.bytes()
    typed = FORM | {
        "place_name": "Qqxzzy",
        "description": "All I know <b>so far</b>",
        "source_quote": "they said",
    }

    answer = site.writer.post("/events", data=typed)

    page = html.unescape(answer.get_data(as_text=True))
    assert (answer.status_code, site.bytes()) == (422, before)
    assert all(text in page for text in typed.values())
    assert "Save as draft, place to be found" in page


def test_row_40_it_may_wait_as_a_draft(site: Site) -> None:
    answer = site.writer.post("/events", data=FORM | {"place_name": "Qqxzzy", "status": "draft"})

    assert answer.status_code == 303
    page = site.writer.get(answer.headers["Location"])
    assert "Qqxzzy" in page.get_data(as_text=True)
    assert site.public.get(answer.headers["Location"].split("?")[0]).status_code == 404


def test_row_41_a_place_with_several_meanings(site: Site) -> None:
    before = site.bytes()

    answer = site.writer.post("/events", json=feature(None, place_name="Derik", geo_precision=None))

    assert refusal(answer)[:2] == (422, "place_name")
    assert len(answer.json["candidates"]) > 1
    assert answer.json["place"] is None
    assert site.bytes() == before


def test_row_41_the_form_asks_which_one(site: Site) -> None:
    asked = site.writer.post("/events", data=FORM | {"place_name": "Derik"})

    page = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert page.count('name="place_id" value="geonames:') > 1
