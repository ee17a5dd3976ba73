"""While the words of many events are being read, who looks for words is told to come back."""

from __future__ import annotations

import time

from geoevents.stores import texts
from tests.strategies import make_event
from tests.web.conftest import Site


def test_a_search_before_its_time_is_503_and_says_when_to_ask_again(site: Site, monkeypatch) -> None:
    monkeypatch.setattr(texts, "FEW", 5)
    made = [make_event(id=f"event-{n}", title=f"Report {n}") for n in range(20)]
    site.backends.store.append_all(made, by="ana", why=None)
    with monkeypatch.context() as nobody_begins:
        nobody_begins.setattr(texts.Texts, "begin", lambda *_: None)
        site.backends.public.prepare_behind()
        early = site.public.get("/events.geojson?q=report", headers={"Accept": "*/*"})
        page = site.public.get("/events?q=report")
        others = site.public.get("/events.geojson")

    for answer in (early, page):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert early.json["field"] == "q"
    assert "still being read" in early.json["detail"]
    assert "still being read" in page.text
    assert others.status_code == 200

    end = time.monotonic() + 60
    while (answer := site.public.get("/events.geojson?q=report")).status_code == 503:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert len(answer.json["features"]) == 20
