"""What looks like an event that is here is found among many, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from geoevents.events import Sensitivity, Status
from geoevents.geometries import Geometry
from geoevents.queries import EventQuery
from geoevents.workflows import likeness
from tests.strategies import make_event

COMPARED = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)


def some_event(chance, number):
    """One of few titles, days and places, so that many are alike."""
    lon, lat = chance.choice((40.74, 179.999, -179.999)), chance.choice((36.5, 0.0, -89.9))
    lon, lat = lon + chance.uniform(-0.01, 0.0), lat + chance.uniform(-0.01, 0.01)
    ring = ((lon, lat), (lon + 0.001, lat), (lon, lat + 0.001), (lon, lat))
    shape = chance.choice((None, Geometry.point(lon, lat), Geometry("Polygon", (ring,))))
    if lon < -180:
        shape = Geometry.point(lon + 360, lat)
    return make_event(
        id=f"event-{number}",
        title=chance.choice(("Shots at the gate", "Gate opens")),
        event_type=chance.choice(("battles", "protests")),
        date_start=date(2022, 1, 20) + timedelta(chance.randint(0, 2)),
        place_id=chance.choice((None, None, "geonames:173811", "team:x")),
        place_name=chance.choice(("Hasakah", "Al-Hasakah")),
        geometry=shape,
        uncertainty_m=chance.choice((None, 500, 3_000)),
        status=chance.choice(tuple(Status)),
        sensitivity=chance.choice((Sensitivity.EXACT, *Sensitivity)),
        sources=(),
    )


def looked_for_one_by_one(content, events):
    asked = EventQuery(event_types=(content.event_type,), interval=content.interval, statuses=COMPARED)
    return {
        event.id
        for event in events
        if asked.matches(event)
        and likeness._same_place(content, event)
        and likeness._same_report(content, event)
    }


def test_what_is_alike_is_found_as_one_by_one(backends):
    chance = Random(8)
    kept = [some_event(chance, number) for number in range(500)]
    backends.store.append_all(kept, by="ana", why=None)
    found = 0

    for number in range(150):
        new = some_event(chance, f"new-{number}")
        alike = {event.id for event in likeness.alike(new, backends)}
        assert alike == looked_for_one_by_one(new, kept)
        found += len(alike)

    assert found > 150


def test_whatever_is_far_away_is_not_even_read(backends, monkeypatch):
    here = make_event(id="here", place_id=None)
    far = [replace(here, id=f"far-{n}", geometry=Geometry.point(-70.0, n / 10)) for n in range(50)]
    backends.store.append_all([here, *far], by="ana", why=None)
    compared = []
    same_place = likeness._same_place
    monkeypatch.setattr(likeness, "_same_place", lambda a, b: compared.append(b.id) or same_place(a, b))

    assert [event.id for event in likeness.alike(here, backends)] == ["here"]
    assert compared == ["here"]


@pytest.mark.parametrize("sensitivity", [Sensitivity.GRID, Sensitivity.HIDDEN])
def test_what_the_public_does_not_see_is_compared_as_it_is(backends, sensitivity):
    secret = make_event(id="secret", place_id=None, sensitivity=sensitivity)
    backends.store.append(secret, by="ana", why=None)

    assert likeness.alike(replace(secret, id="new"), backends) == (secret,)
