"""geoevents view: list, show, freeze, follow, remove, as they are typed; and what publish makes of a view."""

from __future__ import annotations

import json

from geoevents.geojson import collection, feature_line
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
