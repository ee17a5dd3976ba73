"""What a team has decided a name to mean is offered to those who may write, and shows nowhere else."""

from __future__ import annotations

import pytest

SECRET = "Karam's hidden house"
FORM = {
    "title": "A meeting was held",
    "event_type": "statements",
    "date_start": "2022-01-25",
    "place_name": SECRET,
    "lon": "40.7513",
    "lat": "36.5127",
    "geo_precision": "site",
    "status": "draft",
    "source_publisher": "A newspaper",
}


@pytest.fixture
def decided(site):
    """A site whose team once put the name on the map, in a draft."""
    answer = site.writer.post("/events", data=FORM)
    assert answer.status_code == 303
    assert len(site.backends.names.all()) == 1
    return site


def test_who_may_write_is_offered_it_as_soon_as_it_is_typed(decided):
    answer = decided.writer.get("/api/suggest?q=Karam%27s hid")

    offered = answer.json["suggestions"][0]
    assert offered["name"] == SECRET
    assert (offered["lon"], offered["lat"]) == (40.7513, 36.5127)
    assert "no-store" in answer.headers["Cache-Control"]


def test_no_reader_of_a_published_event_is_told_the_id_of_the_place(decided):
    again = {**FORM, "title": "Two were arrested", "event_type": "detention", "status": "published"}
    del again["lon"], again["lat"], again["geo_precision"]
    decided.writer.post("/events", data=again)
    event = next(each for each in decided.backends.store.events() if each.title == "Two were arrested")
    assert event.place_id.startswith("team:")

    bodies = [
        decided.public.get(address).get_data(as_text=True)
        for address in (
            f"/events/{event.id}",
            f"/events/{event.id}.geojson",
            "/events.geojson",
            "/events.csv",
        )
    ]

    assert all("Two were arrested" in body for body in bodies)
    assert all("team:" not in body for body in bodies)
    by_place = decided.public.get(f"/events.geojson?place={event.place_id}")
    assert "Two were arrested" not in by_place.get_data(as_text=True)


def test_a_second_report_of_the_name_is_placed_without_asking(decided):
    again = {**FORM, "title": "Two were arrested", "event_type": "detention"}
    del again["lon"], again["lat"], again["geo_precision"]

    answer = decided.writer.post("/events", data=again)

    assert answer.status_code == 303
    events = list(decided.backends.store.events())
    assert len({event.geometry for event in events}) == 1


def test_nobody_else_finds_anything_of_it_at_any_address(decided):
    place_id = decided.backends.names.all()[0].place.place_id
    event_id = decided.backends.names.all()[0].event_id
    reader = decided.public
    addresses = [
        rule.rule
        for rule in decided.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/assets")
    ]
    told = []
    for address in addresses:
        filled = address
        for part, value in (
            ("<event_id:event_id>", event_id), ("<int:z>", "4"), ("<int:x>", "9"), ("<int:y>", "6"),
        ):  # fmt: skip
            filled = filled.replace(part, value)
        for query in ("", "?q=" + SECRET, "?place=" + place_id):
            answer = reader.get(filled + query)
            body = answer.get_data(as_text=True).replace("&#39;", "'")
            # An address may say back what it was asked, and no more.
            tells_name = "Karam" in body and not query
            if "40.75" in body or "chosen by your team" in body or tells_name:
                told.append(filled + query)

    assert told == []
    assert len(addresses) >= 10


@pytest.mark.parametrize("address", ["/api/geocode?q=", "/api/suggest?q="])
def test_a_reader_is_answered_as_if_it_had_never_been_decided(decided, address):
    answer = decided.public.get(address + SECRET)

    assert answer.json.get("candidates", answer.json.get("suggestions")) == []


def test_coordinates_that_a_program_sends_decide_nothing(site):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [40.75, 36.51]},
        "properties": {
            "title": "A meeting was held",
            "event_type": "statements",
            "date_start": "2022-01-25",
            "place_name": SECRET,
            "geo_precision": "site",
            "sources": [{"publisher": "A newspaper"}],
        },
    }

    answer = site.writer.post("/events", json=feature)

    assert answer.status_code == 201
    assert site.backends.names.all() == ()
