"""What arrays say of many events at once is what is said of each alone, and quickly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from geoevents.certainties import of_days, of_place
from geoevents.events import public_view
from geoevents.geometries import Geometry
from geoevents.places import BBox, GeoPrecision, LonLat
from geoevents.queries import EventQuery
from geoevents.regions import Certainty, Circle
from geoevents.sources import Source
from geoevents.stores import grounds
from geoevents.stores.certainties import MEANING, NOT, certainties
from geoevents.stores.certainties import of_days as days_of
from geoevents.stores.certainties import of_place as places_of
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from tests.stores.test_masks import Chance, rows_of, shapes_of
from tests.strategies import make_event

L_SHAPED = Geometry(
    "Polygon",
    (
        (
            (40.0, 36.0), (42.0, 36.0), (42.0, 36.5), (40.7, 36.6), (40.6, 37.5), (40.0, 37.5), (40.0, 36.0),
        ),
        ((40.2, 36.2), (40.2, 36.4), (40.4, 36.4), (40.2, 36.2)),
    ),
)  # fmt: skip
ON_BOTH_SIDES = Geometry(
    "MultiPolygon",
    (
        (((178.0, -1.0), (180.0, -2.0), (180.0, 2.0), (178.0, 1.0), (178.0, -1.0)),),
        (((-180.0, -2.0), (-179.0, 0.0), (-180.0, 2.0), (-180.0, -2.0)),),
    ),
)
REGIONS = [
    L_SHAPED,
    ON_BOTH_SIDES,
    Circle(LonLat(40.74, 36.5), 25_000),
    Circle(LonLat(40.74, 36.5), 900_000),
    Circle(LonLat(179.9, 0.5), 80_000),
    Circle(LonLat(10, 89), 300_000),
    BBox(40, 36, 41, 37),
    BBox(179, -2, -179, 2),
    BBox(-180, -90, 180, 90),
    BBox(-180, 60, 180, 90),
    BBox(170, -5, 180, 5),
]


def events_around(chance, region, count):
    """Events of every kind of place and precision, most of them about the edges of a region."""
    box = region if isinstance(region, BBox) else None
    if isinstance(region, Geometry):
        box = region.bbox
    if isinstance(region, Circle):
        box = BBox(*(region.centre.lon, region.centre.lat) * 2).widened(region.radius_m / 111_000)
    box = box.widened(0.8)
    for number in range(count):
        lon = (box.west + chance.uniform(0, box.width) + 180) % 360 - 180
        lat = chance.uniform(box.south, box.north)
        corner = chance.choice((None, *regions_corners(region)))
        if corner is not None:
            lon, lat = corner
        point = Geometry("Point", (lon, lat))
        west, south = min(lon, 178.9), min(lat, 88.9)
        size = chance.choice((0.01, 0.3, 1.0))
        ring = ((west, south), (west + size, south), (west + size, south + size), (west, south))
        yield make_event(
            id=f"e-{number}",
            geometry=chance.choice(
                (
                    point,
                    point,
                    point,
                    point,
                    Geometry("Polygon", (ring,)),
                    Geometry("LineString", ring[:3]),
                    None,
                )
            ),
            geo_precision=chance.choice((None, *GeoPrecision)),
            uncertainty_m=chance.choice((None, None, 0, 100, 3_000, 25_000, 400_000)),
        )


def regions_corners(region):
    if isinstance(region, BBox):
        return [(region.west, region.south), (region.east, region.north)]
    return [] if isinstance(region, Circle) else [(each.lon, each.lat) for each in region.positions()]


@pytest.mark.parametrize("region", REGIONS, ids=str)
@pytest.mark.parametrize("few", [2_000, 0], ids=["closely", "by cells"])
def test_arrays_say_of_each_place_what_is_said_of_it_alone(region, few, monkeypatch):
    monkeypatch.setattr(grounds, "_FEW", few)
    kept = list(events_around(Chance(5), region, 700))
    columns, slots = rows_of(kept)

    found = places_of(columns, region, shapes_of(kept, slots))

    expected = [of_place(public_view(kept[slot]), region) for slot in slots]
    assert [MEANING[code] for code in found.tolist()] == expected
    assert len(set(expected)) == 3


def test_arrays_say_of_each_time_what_is_said_of_it_alone():
    chance = Chance(6)
    kept = [
        replace(
            chance.event(number),
            sources=tuple(
                Source(publisher="A", published=chance.choice((None, date(2021, chance.randint(1, 6), 3))))
                for _ in range(2)
            ),
        )
        for number in range(600)
    ]
    columns, slots = rows_of(kept)

    for _ in range(30):
        asked = chance.interval()
        found = days_of(columns, asked).tolist()

        assert [MEANING[code] for code in found] == [
            of_days(public_view(kept[slot]), asked) for slot in slots
        ]


@pytest.mark.parametrize("query", ["event_type=battles", "certainty=surely", "certainty=possibly"])
def test_a_store_counts_and_marks_what_each_event_is(tmp_path, query):
    chance = Chance(8)
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    kept = [*events_around(chance, L_SHAPED, 600)]
    store.append_all(kept[:500], by="ana", why=None)
    public = PublicReader(store)
    pairs = [
        tuple(query.split("=")),
        ("bbox", "40,36,41,37"),
        ("datetime", "2022-01-01/.."),
        ("near", "40.5,36.5;80km"),
    ]
    asked = EventQuery.parse(pairs)
    public.find(asked)
    store.append_all(kept[500:], by="ana", why=None)

    page = public.find(asked)

    views = [view for event in kept if (view := public_view(event))]
    expected = {view.id: asked.certainty_of(view) for view in views if asked.matches(view)}
    assert {event.id: how for event, how in zip(page.events, page.certainties, strict=True)} == expected
    assert sum(page.by_certainty.values()) == page.matched == len(expected) > 10
    assert page.by_certainty[Certainty.SURELY] == sum(how is Certainty.SURELY for how in expected.values())


def test_surely_and_possibly_are_disjoint_and_add_up_to_all_that_is_near():
    kept = list(events_around(Chance(9), L_SHAPED, 800))
    columns, slots = rows_of(kept)
    query = EventQuery.parse([("near", "40.5,36.5;40km"), ("datetime", "2022-01-20")])

    codes = certainties(columns, query, shapes_of(kept, slots))

    found = {how: np.flatnonzero(codes == MEANING.index(how)) for how in Certainty}
    matching = [row for row, slot in enumerate(slots) if query.matches(public_view(kept[slot]))]
    assert sorted(np.concatenate(list(found.values())).tolist()) == matching
    assert np.count_nonzero(codes != NOT) == len(matching)
    assert all(len(rows) for rows in found.values())
