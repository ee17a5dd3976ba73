"""A history of any number of events, as a store keeps it, written in a tenth of the time adding them takes.

Places are those of a country at war: most events stand at one of some thousand points, many on the very same,
the rest is scattered about them; one in six is drawn as a circle, one in fifty as an area or a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from geoevents.events import Event, Status
from geoevents.geojson import feature_line
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.sources import Source
from geoevents.stores.layout import Layout
from geoevents.stores.records import Record

NOW = datetime(2022, 2, 1, tzinfo=UTC)
FIRST_DAY = date(2014, 1, 1)
DAYS = 3_000
TYPES = {
    "battles": 30, "explosions_remote_violence": 30, "violence_against_civilians": 12, "protests": 10,
    "riots": 3, "strategic_developments": 5, "detention": 4, "displacement": 3, "statements": 3,
}  # fmt: skip
PRECISIONS = {
    "settlement": 60, "site": 11, "neighbourhood": 9, "near": 11, "district": 4, "province": 1, "country": 2,
    "unlocated": 2,
}  # fmt: skip
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def towns(chance: Random, count: int = 4_000) -> list[tuple[float, float]]:
    """Points in and about ten regions; the first ones have the most events."""
    regions = [(chance.uniform(35.8, 44.5), chance.uniform(32.5, 37.1)) for _ in range(10)]
    found = []
    for number in range(count):
        lon, lat = regions[number % len(regions)]
        found.append((round(chance.gauss(lon, 0.7), 5), round(chance.gauss(lat, 0.5), 5)))
    return found


def an_event(number: int, chance: Random) -> Event:
    """About 1.4 kB, as an event of a report is; its place is put in later."""
    return Event(
        id="identity00",
        title=f"Report {number}: shots are heard near the prison gate",
        description="Residents say that the shooting began after midnight and went on until the morning.",
        event_type="battles",
        date_start=FIRST_DAY,
        geometry=Geometry.point(1.5, 2.5),
        geo_precision=GeoPrecision.SETTLEMENT,
        geo_method="typed",
        place_label="A town, a governorate, a country",
        sources=(Source(publisher="The Daily", url="https://example.org/1", quote="Shots were heard."),),
        status=Status.PUBLISHED,
        created=NOW,
        updated=NOW,
    )


def lines(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Ids and Features."""
    chance = Random(seed)
    places, base = towns(chance), feature_line(replace(an_event(0, chance), title="TITLE"))
    areas = [_area(chance, *chance.choice(places)) for _ in range(200)]
    types = chance.choices(list(TYPES), list(TYPES.values()), k=count)
    precisions = chance.choices(list(PRECISIONS), list(PRECISIONS.values()), k=count)
    for number in range(count):
        # A zipf-like choice: half of all events stand at some dozens of points.
        lon, lat = places[int(len(places) * chance.random() ** 3)]
        if chance.random() < 0.4:
            lon, lat = round(chance.gauss(lon, 0.06), 6), round(chance.gauss(lat, 0.05), 6)
        shape, precision = b'{"type":"Point","coordinates":[%f,%f]}' % (lon, lat), precisions[number]
        if chance.random() < 0.02:
            shape, precision = chance.choice(areas), "area"
        day = (FIRST_DAY + timedelta(days=chance.randrange(DAYS))).isoformat()
        event_id = _id(number, chance)
        yield (
            event_id,
            (
                base.replace(b"identity00", event_id.encode(), 1)
                .replace(b'{"type":"Point","coordinates":[1.5,2.5]}', shape, 1)
                .replace(b"TITLE", b"Report %d: shots are heard near the prison gate" % number, 1)
                .replace(b'"event_type":"battles"', b'"event_type":"%b"' % types[number].encode(), 1)
                .replace(b'"date_start":"2014-01-01"', b'"date_start":"%b"' % day.encode(), 1)
                .replace(b'"geo_precision":"settlement"', b'"geo_precision":"%b"' % precision.encode(), 1)
            ),
        )


def write(folder: Path, count: int, seed: int = 1) -> Path:
    """A store of `count` events; gives the path to open it by."""
    path = folder / "events.geojson"
    layout = Layout.of(path)
    layout.make_folders()
    with layout.journal.open("wb", buffering=1 << 20) as journal:
        for number, (event_id, line) in enumerate(lines(count, seed), start=1):
            record = Record(
                revision=number, at="2022-02-01T00:00:00Z", by="benchmark", why=None, op="add",
                public=True, id=event_id, feature=line,
            )  # fmt: skip
            journal.write(record.line() + b"\n")
    return path


def _area(chance: Random, lon: float, lat: float) -> bytes:
    sides = [(chance.uniform(0.02, 0.3), chance.uniform(0.02, 0.3)) for _ in range(4)]
    (e, n), (w, n2), (w2, s), (e2, s2) = sides
    ring = [
        (lon + e, lat + n),
        (lon - w, lat + n2),
        (lon - w2, lat - s),
        (lon + e2, lat - s2),
        (lon + e, lat + n),
    ]
    where: dict[str, Any] = {"type": "Polygon", "coordinates": [ring]}
    if chance.random() < 0.3:
        where = {"type": "LineString", "coordinates": ring[:3]}
    return json.dumps(where, separators=(",", ":")).encode()


def _id(number: int, chance: Random) -> str:
    letters = [chance.choice(_ALPHABET) for _ in range(5)]
    while number:
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(letters).ljust(10, "z")
