"""Adding, editing, retracting and undoing by form, without a line of JavaScript."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.web.asking import FORM, POINT, SOURCE, feature, keep
from tests.web.conftest import Site
from tests.web.page import Page


def page_of(answer: TestResponse) -> Page:
    return Page(answer.get_data(as_text=True))


def whole(site: Site, address: str) -> dict[str, object]:
    """Everything that is kept of the event at an address."""
    event_id = address.partition("?")[0].rsplit("/", 1)[1]
    answer = site.writer.get(f"/events/{event_id}.geojson?view=internal")
    return {"geometry": answer.json["geometry"], **answer.json["properties"]}


def test_an_event_is_added_and_shown(site: Site) -> None:
    answer = site.writer.post("/events", data=FORM)

    shown = site.public.get(answer.headers["Location"])
    assert (answer.status_code, shown.status_code) == (303, 200)
    assert "Gunmen attack the prison" in page_of(shown).text
    assert "20 January 2022" in page_of(shown).text
    assert "Hasakah" in page_of(shown).text
    assert "somewhere in the town" in page_of(shown).text
    assert SOURCE["url"] in page_of(shown).links


def test_the_empty_form_sends_what_makes_an_event(site: Site) -> None:
    form = page_of(site.writer.get("/events/new"))

    answer = site.writer.post("/events", data=form.sent(**FORM))

    assert answer.status_code == 303
    kept = whole(site, answer.headers["Location"])
    assert (kept["kind"], kept["occurrence"], kept["verification"], kept["sensitivity"]) == (
        "event",
        "once",
        "unverified",
        "exact",
    )


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"event_type": ""}, "event_type", {"en": "“Type” is missing.", "ar": "«النوع»"}),
        (
            {"lat": "36.5"},
            "lon",
            {"en": "“Longitude” is missing. Give “Longitude” and “Latitude”", "ar": "«خط الطول»"},
        ),
        (
            {"verification": "verified"},
            "verification_basis",
            {"en": "Say in “On what that rests” how", "ar": "«"},
        ),
        ({"date_start": "title"}, "date_start", {"en": "'title' is not", "ar": "title"}),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_faults_name_a_field_as_the_form_does(
    site: Site, typed: dict[str, str], field: str, said: dict[str, str], lang: str
) -> None:
    errors = page_of(site.writer.post(f"/events?lang={lang}", data=FORM | typed)).errors

    assert said[lang] in errors[field][0]
    assert not re.search(r"event_type|lon\b|verification_basis", errors[field][0])


def test_faults_stand_beside_their_fields_and_nothing_is_lost(site: Site) -> None:
    before = site.bytes()
    typed = FORM | {
        "title": "",
        "date_start": "2022-13-01",
        "fatalities_low": "9",
        "fatalities_high": "3",
        "source_url": "javascript:alert(1)",
        "description": 'Said "so" & <so>',
        "tags": "prison, escape",
        "internal_note": "call back",
        "lat": "36.5",
        "lon": "",
    }

    answer = site.writer.post("/events", data=typed)

    form = page_of(answer)
    assert (answer.status_code, site.bytes()) == (422, before)
    assert {name: form.value(name) for name in typed} == typed
    assert set(form.errors) == {"title", "date_start", "fatalities_high", "sources-0-source_url", "lon"}
    assert "Write YYYY-MM-DD" in form.errors["date_start"][0]


def test_every_source_is_kept_in_its_place(site: Site) -> None:
    two = FORM | {
        "source_publisher": ["North Press", "", "ANHA"],
        "source_url": ["https://npasyria.com/en/1", "", "ftp://x"],
        "source_quote": ["they said", "", "others said"],
    }

    answer = site.writer.post("/events", data=two)

    form = page_of(answer)
    assert [value for name, value in form.fields if name == "source_publisher"] == ["North Press", "", "ANHA"]
    assert [value for name, value in form.fields if name == "source_quote"] == [
        "they said",
        "",
        "others said",
    ]
    assert list(form.errors) == ["sources-2-source_url"]


def test_one_more_source_is_a_button_that_stores_nothing(site: Site) -> None:
    before = site.bytes()

    answer = site.writer.post("/events", data=FORM | {"more": "source", "title": "Half a"})

    form = page_of(answer)
    assert (answer.status_code, site.bytes()) == (200, before)
    assert len([name for name, _ in form.fields if name == "source_publisher"]) == 2
    assert form.value("title") == "Half a"


def test_a_name_with_two_places_asks_and_takes_the_answer(site: Site) -> None:
    asked = site.writer.post("/events", data=FORM | {"place_name": "Derik"})
    form = page_of(asked)

    answer = site.writer.post("/events", data=form.sent(place_id="geonames:316899"))

    assert (asked.status_code, answer.status_code) == (422, 303)
    assert "Türkiye" in form.text or "Turkey" in form.text
    assert "Al-Malikiyah" in form.text
    kept = whole(site, answer.headers["Location"])
    assert (kept["place_id"], kept["country_code"], kept["chosen_by"]) == ("geonames:316899", "TR", "local")


@pytest.mark.parametrize(
    ("lang", "why"),
    [
        ("en", "may be meant as well"),
        ("ar", "قد يكون المقصود أيضًا"),
    ],
)
def test_every_candidate_says_why_it_may_be_meant(site: Site, lang: str, why: str) -> None:
    asked = site.writer.post(f"/events?lang={lang}", data=FORM | {"place_name": "Derik"})

    assert page_of(asked).text.count(why) == 2


def test_a_choice_does_not_outlive_the_name_it_was_made_for(site: Site) -> None:
    form = page_of(site.writer.post("/events", data=FORM | {"place_name": "Derik"}))

    answer = site.writer.post("/events", data=form.sent(place_id="geonames:316899", place_name="Hasakah"))

    assert whole(site, answer.headers["Location"])["place_id"] == "geonames:173811"


def test_a_place_may_be_looked_up_before_anything_is_sent(site: Site) -> None:
    before = site.bytes()

    answer = site.writer.post("/events", data={"place_name": "Derik", "more": "place"})

    assert (answer.status_code, site.bytes()) == (200, before)
    assert "Which place is meant?" in page_of(answer).text
    assert page_of(answer).errors == {}


def test_typed_coordinates_are_taken_as_typed(site: Site) -> None:
    answer = site.writer.post(
        "/events", data=FORM | {"place_name": "", "lat": "36,480612", "lon": "٤٠٫٧٤٧٧١٩"}
    )

    kept = whole(site, answer.headers["Location"])
    assert kept["geometry"] == {"type": "Point", "coordinates": [40.747719, 36.480612]}
    assert kept["geo_method"] == "typed"


def test_unlocated_is_said_on_purpose(site: Site) -> None:
    answer = site.writer.post("/events", data=FORM | {"place_name": "Hasakah", "geo_precision": "unlocated"})

    kept = whole(site, answer.headers["Location"])
    assert (kept["geometry"], kept["geo_precision"], kept["status"]) == (None, "unlocated", "published")


def test_a_coarser_precision_is_taken(site: Site) -> None:
    answer = site.writer.post("/events", data=FORM | {"geo_precision": "near"})

    assert whole(site, answer.headers["Location"])["geo_precision"] == "near"
    assert "near it, within 10 km" in page_of(site.public.get(answer.headers["Location"])).text


def test_without_a_source_it_waits_as_a_draft_and_says_why(site: Site) -> None:
    answer = site.writer.post("/events", data=FORM | {"source_publisher": "", "source_url": ""})

    assert answer.headers["Location"].endswith("?view=internal")
    shown = page_of(site.writer.get(answer.headers["Location"])).text
    assert "A draft: nobody but you sees it." in shown
    assert "at least one source" in shown


def test_what_looks_like_one_we_have_is_asked_about_once(site: Site) -> None:
    site.writer.post("/events", data=FORM)

    asked = site.writer.post("/events", data=FORM)
    added = site.writer.post("/events", data=FORM | {"sure_it_is_new": "1"})

    assert (asked.status_code, added.status_code) == (409, 303)
    assert "This looks like an event we have" in page_of(asked).text
    assert "It is another one: add anyway" in page_of(asked).text
    assert site.public.get("/events.geojson?limit=9").json["numberMatched"] == 2


def test_sending_the_form_of_an_event_as_it_is_changes_nothing(site: Site) -> None:
    everything = feature(
        POINT,
        description="As told",
        lang="en",
        tags=["prison", "escape"],
        fatalities_low=3,
        internal_note="call back",
        sources=[
            SOURCE | {"report_id": "r-1", "says": {"place": "Ghwayran"}},
            {"publisher": "ANHA", "confidential": True},
        ],
        actors=[{"name": "SDF", "role": "side_a"}],
        about=[{"place_label": "Camp", "role": "concerns"}],
        translations={"ar": {"title": "هجوم"}},
        civilian_targeting=False,
    )
    address = site.writer.post("/events", json=everything).headers["Location"]
    before = whole(site, address)

    form = page_of(site.writer.get(address + "/edit"))
    answer = site.writer.post(address, data=form.sent())

    assert answer.status_code == 303
    assert whole(site, address) == before
    assert before["version"] == 1


def test_an_edit_changes_what_was_typed_over_and_keeps_the_rest(site: Site) -> None:
    told = [SOURCE | {"report_id": "r-1"}]
    address = f"/events/{keep(site, sources=told, actors=[{'name': 'SDF', 'role': 'side_a'}])}"
    before = whole(site, address)

    form = page_of(site.writer.get(address + "/edit"))
    site.writer.post(address, data=form.sent(title="Better said", source_quote="they said"))

    after = whole(site, address)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"title", "sources", "version"}
    assert after["sources"] == [before["sources"][0] | {"quote": "they said"}]


def test_an_area_keeps_its_shape_through_an_edit(site: Site) -> None:
    answer = site.writer.post(
        "/events",
        data=FORM | {"place_name": "Turkish-held border areas", "kind": "condition", "occurrence": "lasting"},
    )
    address = answer.headers["Location"]
    before = whole(site, address)

    site.writer.post(address, data=page_of(site.writer.get(address + "/edit")).sent(title="Held"))

    after = whole(site, address)
    assert (after["geometry"], after["place_id"], after["title"]) == (
        before["geometry"],
        before["place_id"],
        "Held",
    )
    assert "Polygon" in after["geometry"]["type"]


def test_moving_an_event_by_name_forgets_where_it_was(site: Site) -> None:
    address = site.writer.post("/events", data=FORM).headers["Location"]

    form = page_of(site.writer.get(address + "/edit"))
    answer = site.writer.post(address, data=form.sent(place_name="Raqqa"))

    assert answer.status_code == 303, page_of(answer).errors
    kept = whole(site, address)
    assert (kept["place_id"], kept["admin1"]) == ("geonames:172955", "Raqqa")


def test_moving_an_event_by_hand_forgets_the_place_it_was_at(site: Site) -> None:
    address = site.writer.post("/events", data=FORM).headers["Location"]

    form = page_of(site.writer.get(address + "/edit"))
    site.writer.post(address, data=form.sent(lat="36.6", lon="40.7"))

    kept = whole(site, address)
    assert kept["geometry"] == {"type": "Point", "coordinates": [40.7, 36.6]}
    assert (kept["place_id"], kept["place_name"], kept["geo_method"]) == (None, "Hasakah", "typed")


def test_a_stale_edit_shows_both_and_is_then_saved_knowingly(site: Site) -> None:
    address = site.writer.post("/events", data=FORM).headers["Location"]
    mine = page_of(site.writer.get(address + "/edit"))
    site.writer.post(
        address, data=page_of(site.writer.get(address + "/edit")).sent(title="Theirs", tags="new")
    )

    refused = site.writer.post(address, data=mine.sent(title="Mine"))
    again = site.writer.post(address, data=page_of(refused).sent(tags="new"))

    assert (refused.status_code, again.status_code) == (412, 303)
    assert "Somebody else changed this event while you wrote" in page_of(refused).text
    assert "Theirs" in page_of(refused).text
    kept = whole(site, address)
    assert (kept["title"], kept["tags"], kept["version"]) == ("Mine", ["new"], 3)


def test_a_draft_is_published_by_its_button(site: Site) -> None:
    waiting = site.writer.post("/events", data=FORM | {"status": "draft"}).headers["Location"]
    address = waiting.split("?")[0]

    form = page_of(site.writer.get(address + "/edit"))
    answer = site.writer.post(address, data=form.sent(status="published"))

    assert site.public.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("view", ["", "?view=internal"])
def test_a_retraction_stays_visible_with_its_reason(site: Site, view: str) -> None:
    address = site.writer.post("/events", data=FORM).headers["Location"]

    answer = site.writer.post(f"{address}/retract", data={"version": "1", "reason": "It was another town"})

    assert answer.status_code == 303
    shown = page_of(site.writer.get(address + view)).text
    assert "Retracted: this was our error. It was another town" in shown


def test_a_retraction_without_a_reason_asks_for_it_where_it_is_typed(site: Site) -> None:
    address = site.writer.post("/events", data=FORM).headers["Location"]
    before = site.bytes()

    answer = site.writer.post(f"{address}/retract", data={"version": "1", "reason": " "})

    assert (answer.status_code, site.bytes()) == (422, before)
    assert "A retraction needs a reason" in page_of(answer).errors["reason"][0]


def test_a_retraction_with_a_reason_nobody_could_type_says_so_where_it_is_typed(site: Site) -> None:
    address = site.writer.post("/events", data=FORM).headers["Location"]

    answer = site.writer.post(f"{address}/retract", data={"version": "1", "reason": "x" * 1_001})

    assert answer.status_code == 422
    assert "1000 are the most" in page_of(answer).errors["reason"][0]


def test_a_stale_retraction_keeps_its_reason(site: Site) -> None:
    address = site.writer.post("/events", data=FORM).headers["Location"]
    site.writer.post(address, data=page_of(site.writer.get(address + "/edit")).sent(title="Theirs"))

    answer = site.writer.post(f"{address}/retract", data={"version": "1", "reason": "Wrong town"})

    assert answer.status_code == 412
    assert "Theirs" in page_of(answer).text
    assert "Wrong town" in answer.get_data(as_text=True)


def test_undo_puts_back_what_was_there(site: Site) -> None:
    address = site.writer.post("/events", data=FORM).headers["Location"]
    site.writer.post(address, data=page_of(site.writer.get(address + "/edit")).sent(title="Slip of the hand"))

    answer = site.writer.post(f"{address}/undo", data={"version": "2"})

    assert answer.status_code == 303
    kept = whole(site, address)
    assert (kept["title"], kept["version"]) == ("Gunmen attack the prison", 3)


def test_undo_that_would_show_the_place_again_says_that_it_does_not(site: Site) -> None:
    writer = site.writer
    address = writer.post("/events", data=FORM).headers["Location"]
    writer.post(address, data=page_of(writer.get(address + "/edit")).sent(sensitivity="grid"))

    writer.post(f"{address}/undo", data={"version": "2"})

    shown = page_of(writer.get(address)).text
    assert "sensitivity stays grid" in shown
    assert "Undone" not in shown
    assert (whole(site, address)["sensitivity"], whole(site, address)["version"]) == ("grid", 2)


def test_what_a_writer_should_hear_is_said_once(site: Site) -> None:
    writer = site.writer
    address = writer.post("/events", data=FORM | {"title": "read \u202ethis"}).headers["Location"]

    first, second = writer.get(address), writer.get(address)

    assert "title" in page_of(first).text.split("Gunmen")[0]
    assert 'class="alert done"' in first.get_data(as_text=True)
    assert 'class="alert done"' not in second.get_data(as_text=True)


@pytest.mark.parametrize("version", ["", "x", "1.5", "99999999999"])
def test_a_form_without_a_version_is_refused(site: Site, version: str) -> None:
    address = site.writer.post("/events", data=FORM).headers["Location"]
    before = site.bytes()

    answers = [
        site.writer.post(address, data=FORM | {"version": version, "title": "Other"}),
        site.writer.post(f"{address}/undo", data={"version": version}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert site.bytes() == before


def test_coordinates_far_from_what_the_name_means_are_asked_about_before_anything_is_kept(site: Site) -> None:
    far = FORM | {"lat": "33.5102", "lon": "36.2921"}

    asked = site.writer.post("/events", data=far)

    assert asked.status_code == 422
    assert "The coordinates lie 525 km from Hasakah, Hasakah governorate, Syria." in page_of(asked).text
    assert list(site.backends.store.events()) == []


def test_who_is_sure_of_one_position_is_not_sure_of_another(site: Site) -> None:
    far = FORM | {"lat": "33.5102", "lon": "36.2921"}

    form = page_of(site.writer.post("/events", data=far))
    sure = form.sent(sure_of_position="36.2921 33.5102 Hasakah", lat="31.5")

    assert site.writer.post("/events", data=sure).status_code == 422


def test_coordinates_far_from_what_the_name_means_are_kept_once_somebody_says_they_are_right(
    site: Site,
) -> None:
    writer = site.writer
    far = FORM | {"lat": "33.5102", "lon": "36.2921"}

    answer = writer.post("/events", data=far | {"sure_of_position": "36.2921 33.5102 Hasakah"})

    shown = page_of(writer.get(answer.headers["Location"])).text
    assert whole(site, answer.headers["Location"])["geometry"]["coordinates"] == [36.2921, 33.5102]
    assert "The coordinates lie 525 km from Hasakah, Hasakah governorate, Syria." in shown
    assert "525" not in page_of(site.public.get(answer.headers["Location"])).text


@pytest.mark.parametrize("named", ["SYRIA", "سوريا", "Sûriye", "Suriye", "sy"])
def test_a_country_may_be_named_in_any_language(site: Site, named: str) -> None:
    answer = site.writer.post("/events", data=FORM | {"country_code": named})

    assert answer.status_code == 303
    assert whole(site, answer.headers["Location"])["country_code"] == "SY"


def test_what_is_no_country_is_kept_as_typed_and_refused_with_a_way_out(site: Site) -> None:
    answer = site.writer.post("/events", data=FORM | {"country_code": "Hasakah"})

    assert answer.status_code == 422
    assert "Write two letters, such as SY." in page_of(answer).text
    assert page_of(answer).sent()["country_code"] == "Hasakah"


def test_nothing_is_chosen_among_candidates_before_somebody_chooses(site: Site) -> None:
    asked = site.writer.post("/events", data=FORM | {"place_name": "Derik"})
    again = site.writer.post("/events", data=page_of(asked).sent())

    assert "Which place is meant?" in page_of(asked).text
    assert "place_id" not in page_of(asked).sent()
    assert (again.status_code, "Which place is meant?" in page_of(again).text) == (422, True)


def test_a_drafts_own_address_leads_its_writer_to_it_and_tells_others_nothing(site: Site) -> None:
    kept = site.writer.post("/events", data=FORM | {"status": "draft"})
    address = kept.headers["Location"].partition("?")[0]

    for_writer, for_others = site.writer.get(address), site.public.get(address)

    assert (for_writer.status_code, for_others.status_code) == (404, 404)
    assert f"{address}?view=internal" in page_of(for_writer).links
    assert "draft" not in page_of(for_others).text
    assert site.writer.get("/events/no-such-event").status_code == 404


def test_a_name_where_the_id_of_a_place_belongs_is_told_where_names_go(site: Site) -> None:
    answers = [site.public.get(f"/events{suffix}?place=Hasakah") for suffix in ("", ".geojson")]

    assert [each.status_code for each in answers] == [400, 400]
    assert all("A name goes in q." in each.get_data(as_text=True) for each in answers)
    assert site.public.get("/events?place=geonames:173811").status_code == 200
