"""Tiles over HTTP: named by what they say, and only by that."""

from __future__ import annotations

import json

from tests.web.asking import keep
from tests.web.conftest import Site

HERE, ELSEWHERE = "/tiles/6/39/25.json", "/tiles/6/20/25.json"


def point(lon: float, lat: float) -> dict[str, object]:
    return {"type": "Point", "coordinates": [lon, lat]}


def test_a_write_leaves_tiles_elsewhere_what_they_are(site: Site) -> None:
    keep(site, point(40.74, 36.5))
    here, elsewhere = (site.public.get(path).headers["ETag"] for path in (HERE, ELSEWHERE))

    keep(site, point(40.9, 36.4))

    assert site.public.get(HERE, headers={"If-None-Match": here}).status_code == 200
    assert site.public.get(ELSEWHERE, headers={"If-None-Match": elsewhere}).status_code == 304


def test_a_tile_after_a_write_has_what_was_written(site: Site) -> None:
    keep(site, point(40.74, 36.5))
    before = site.public.get(HERE).json

    event_id = keep(site, point(40.9, 36.4))

    assert len(before["features"]) == 1
    assert event_id in {each["id"] for each in site.public.get(HERE).json["features"]}


def test_a_retracted_place_is_gone_from_its_tile(site: Site) -> None:
    event_id = keep(site, point(40.74, 36.5))
    event = site.public.get(f"/events/{event_id}.geojson")
    assert len(site.public.get(HERE).json["features"]) == 1

    hidden = event.json | {"properties": event.json["properties"] | {"sensitivity": "hidden"}}
    answer = site.writer.put(
        f"/events/{event_id}",
        data=json.dumps(hidden),
        content_type="application/geo+json",
        headers={"If-Match": event.headers["ETag"]},
    )

    assert answer.status_code == 200
    assert site.public.get(HERE).json == {"cells": [], "features": []}
    inside = site.writer.get(HERE + "?view=internal")
    assert [each["id"] for each in inside.json["features"]] == [event_id]
    assert inside.headers["Cache-Control"] == "private, no-store"


def test_a_tile_answers_its_question(site: Site) -> None:
    keep(site, point(40.74, 36.5), event_type="riots")
    battle = keep(site, point(40.9, 36.4))

    found = site.public.get(HERE + "?event_type=battles").json

    assert [each["id"] for each in found["features"]] == [battle]
