"""geoevents view: list, show, freeze, follow, remove, as they are typed; and what publish makes of a view."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from geoevents.cartography.captions import Words, asked_in_words
from geoevents.events import Status
from geoevents.geojson import collection, feature_line
from geoevents.queries import EventQuery
from tests.cartography.desk import shipped_taxonomy
from tests.strategies import make_event

VIEWS = {
    "format": 1,
    "views": [
        {
            "slug": "gates",
            "texts": {"en": {"title": "Gates", "credit": "The desk"}, "ar": {"title": "المعابر"}},
            "query": "event_type=battles",
            "position": None,
            "created": "2022-02-01T00:00:00+00:00",
            "updated": "2022-02-01T00:00:00+00:00",
        }
    ],
}


def keep(data, *events):
    data.mkdir(exist_ok=True)
    (data / "events.geojson").write_bytes(b"".join(collection(feature_line(event) for event in events)))


def saved(data):
    keep(data, make_event(), make_event(id="protest-1", event_type="protests"))
    (data / "views.json").write_text(json.dumps(VIEWS), "utf-8")


def test_a_map_is_listed_frozen_let_follow_and_removed(run, data):
    saved(data)

    listed = run("view", "list").out
    frozen = run("view", "freeze", "gates")
    shown = json.loads(run("view", "show", "gates").out)
    followed = run("view", "follow", "gates")
    removed = run("view", "remove", "gates")

    assert listed == "gates  Gates (follows the events)\n"
    assert (frozen.code, frozen.out.startswith("gates  Gates (frozen on ")) == (0, True)
    assert frozen.out.endswith(", 1 event)\n")
    assert (shown["frozen"]["events"], shown["query"]) == (1, "event_type=battles")
    assert followed.out == listed
    assert removed.code == 0
    assert (run("view", "list").out, list((data / "private" / "views").iterdir())) == ("", [])


def test_a_map_that_is_not_there_is_named(run, data):
    saved(data)

    for verb in ("show", "freeze", "follow", "remove"):
        gone = run("view", verb, "gone")
        assert gone.code != 0
        assert "There is no saved map of that name." in gone.err


def test_a_frozen_map_is_published_as_it_was_with_its_own_words(run, data, tmp_path):
    saved(data)
    run("view", "freeze", "gates")
    (data / "private" / "history.geojsonl").unlink(missing_ok=True)
    keep(data, make_event(title="Corrected"), make_event(id="later-one", title="Later battle"))

    told = run("publish", tmp_path / "out", "--view", "gates")
    assert told.code == 0, told.err
    script = (tmp_path / "out" / "data" / "data.js").read_text("utf-8")

    assert told.out.startswith("1 event in ")
    assert make_event().title in script
    for word in ("Gates", "المعابر", "The desk", "As it was on ", "كما كانت في"):
        assert word in script
    for word in ("Corrected", "Later battle", "protest-1", "status="):
        assert word not in script


def published_titles(folder):
    features = json.loads((folder / "events.geojson").read_text("utf-8"))["features"]
    return sorted(each["properties"]["title"] for each in features)


def test_filters_beside_a_map_that_follows_take_the_place_of_its_own(run, data, tmp_path):
    saved(data)
    keep(
        data,
        make_event(title="Battle"),
        make_event(id="battle-2", title="Second battle"),
        make_event(id="protest-1", title="Protest", event_type="protests"),
    )

    narrowed = run("publish", tmp_path / "narrowed", "--view", "gates", "--q", "second")
    replaced = run("publish", tmp_path / "replaced", "--view", "gates", "--event-type", "protests")

    assert (narrowed.code, replaced.code) == (0, 0)
    assert published_titles(tmp_path / "narrowed") == ["Second battle"]
    assert published_titles(tmp_path / "replaced") == ["Protest"]
    assert "Gates" in (tmp_path / "replaced" / "data" / "data.js").read_text("utf-8")


def test_filters_beside_a_frozen_map_narrow_what_it_holds_and_are_told(run, data, tmp_path):
    saved(data)
    keep(
        data,
        make_event(title="Battle"),
        make_event(id="battle-2", title="Second battle"),
        make_event(id="protest-1", title="Protest", event_type="protests"),
    )
    run("view", "freeze", "gates")

    narrowed = run("publish", tmp_path / "narrowed", "--view", "gates", "--q", "second")
    without = run("publish", tmp_path / "without", "--view", "gates", "--event-type", "protests")

    script = (tmp_path / "narrowed" / "data" / "data.js").read_text("utf-8")
    assert (narrowed.code, without.code) == (0, 0)
    assert published_titles(tmp_path / "narrowed") == ["Second battle"]
    assert published_titles(tmp_path / "without") == []
    for phrase in (*said_of("event_type=battles"), *said_of("q=second")):
        assert json.dumps(phrase, ensure_ascii=False) in script


def test_a_retracted_event_stays_in_a_frozen_map_that_is_published(run, data, tmp_path):
    saved(data)
    run("view", "freeze", "gates")
    (data / "private" / "history.geojsonl").unlink(missing_ok=True)
    keep(data, make_event(status=Status.RETRACTED, status_reason="It was a rumour."))

    run("publish", tmp_path / "out", "--view", "gates")

    (kept,) = json.loads((tmp_path / "out" / "events.geojson").read_text("utf-8"))["features"]
    assert kept["properties"]["status"] == "retracted"


def said_of(question):
    words = Words(shipped_taxonomy(), "en")
    return asked_in_words(EventQuery.parse(parse_qsl(question)), words)
