"""The timeline over HTTP: the same whatever days are asked for, counted as the list counts."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from geoevents.geojson import event_from_feature
from geoevents.timelines import timeline_of_events
from tests.web.asking import keep, refusal
from tests.web.conftest import Site


def timeline(site: Site, query: str = "") -> dict:
    answer = site.public.get("/timeline.json" + query)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.json


def keep_some(site: Site, count: int = 60) -> None:
    chance = Random(5)
    for number in range(count):
        start = date(2021, 11, 1) + timedelta(chance.randrange(70))
        end = start + timedelta(chance.randrange(1, 9))
        keep(
            site,
            title=f"Event {number}",
            event_type=chance.choice(("battles", "riots")),
            date_start=start.isoformat(),
            date_end=chance.choice((None, end.isoformat())),
            occurrence=chance.choice(("once", "once", "lasting")),
        )


@pytest.mark.parametrize("query", ["", "?event_type=riots", "?q=event+1", "?bbox=0,0,1,1", "?kind=condition"])
def test_it_counts_what_the_same_question_finds(site: Site, query: str) -> None:
    keep_some(site)

    found = site.public.get("/events.geojson" + query).json["features"]

    assert timeline(site, query) == timeline_of_events(map(event_from_feature, found)).document()


def test_each_bar_has_as_many_events_as_the_list_of_its_days(site: Site) -> None:
    keep_some(site)
    made = timeline(site)
    starts = [date.fromisoformat(each) for each in made["starts"]]
    behind = [*starts[1:], date.fromisoformat(made["last"]) + timedelta(1)]

    listed = [
        site.public.get(f"/events.geojson?limit=1&datetime={first}/{end - timedelta(1)}").json[
            "numberMatched"
        ]
        for first, end in zip(starts, behind, strict=True)
    ]

    assert listed == [
        sum(row[bar] for name in ("once", "possibly", "lasting") for row in made[name].values())
        for bar in range(len(starts))
    ]


def test_the_days_asked_for_change_neither_bars_nor_tag(site: Site) -> None:
    keep_some(site, 10)

    plain = site.public.get("/timeline.json")
    of_days = site.public.get("/timeline.json?datetime=2021-12-01/..&lang=ar")

    assert (of_days.data, of_days.headers["ETag"]) == (plain.data, plain.headers["ETag"])


def test_it_is_sent_again_only_after_a_write(site: Site) -> None:
    keep_some(site, 3)
    tag = site.public.get("/timeline.json").headers["ETag"]

    known = site.public.get("/timeline.json", headers={"If-None-Match": tag})
    keep(site, title="One more")
    after = site.public.get("/timeline.json", headers={"If-None-Match": tag})

    assert (known.status_code, after.status_code) == (304, 200)


def test_what_the_public_may_not_see_is_in_no_bar(site: Site) -> None:
    keep(site, title="Hidden", sensitivity="hidden", date_start="2019-05-05")
    keep(site, title="Shown", date_start="2022-01-20")

    assert timeline(site)["starts"] == ["2022-01-20"]
    assert site.public.get("/timeline.json?view=internal").status_code == 403
    internal = site.writer.get("/timeline.json?view=internal")
    assert internal.headers["Cache-Control"] == "private, no-store"
    assert internal.json["first"] < "2019-05-06"


def test_an_unknown_parameter_is_a_fault(site: Site) -> None:
    status, field, _ = refusal(site.public.get("/timeline.json?colour=red"))

    assert (status, field) == (400, "colour")
