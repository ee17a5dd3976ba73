"""Events as various as a monitor's are, any number of them: always the same ones for a number.

    python -m benchmarks.varied COUNT FOLDER

fills an empty store in FOLDER with COUNT events of about 1.5 kB, a few thousand of which are of no place, of
an area, withheld, not published, or were placed by a gazetteer. Written down in portions, so that a million
take minutes and little memory.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from geoevents.events import Actor, ActorRole, Event, Kind, Sensitivity, Status, Translation, Verification
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.sources import Source
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.times import Occurrence

BATCH = 5_000
_NOW = datetime(2024, 2, 1, tzinfo=UTC)
_FIRST = date(2013, 1, 1)
_TYPES = (
    "battles", "protests", "riots", "explosions_remote_violence", "violence_against_civilians",
    "strategic_developments", "statements", "humanitarian_access", "displacement", "detention",
)  # fmt: skip
_DEEDS = (
    "Shots are heard",
    "A road is closed",
    "Families leave",
    "People protest",
    "A drone falls",
    "Talks begin",
)
_WHERE = ("near the prison gate", "at the crossing", "in the old town", "by the river", "on the main road")
_ARABIC = ("إطلاق نار قرب السجن", "إغلاق الطريق الرئيسي", "احتجاجات في البلدة القديمة", "نزوح عائلات")
_OUTLETS = ("The Daily", "Radio One", "وكالة الأنباء", "Ajansa Nû", "Günlük")
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
# Towns gather most of what happens: a few hundred places, the first ones most.
_TOWNS = 900


def varied(count: int, *, first: int = 0, seed: int = 4) -> Iterator[Event]:
    for number in range(first, first + count):
        yield _event(number, Random(seed * 1_000_003 + number))


def _event(number: int, chance: Random) -> Event:
    town = int(_TOWNS * chance.random() ** 2)
    place = Random(town)
    lon, lat = place.uniform(35.7, 44.3), place.uniform(32.4, 37.3)
    day = _FIRST + timedelta(days=int(4_000 * chance.random() ** 0.5))
    written = _NOW + timedelta(seconds=number)
    what, where = chance.choice(_DEEDS), chance.choice(_WHERE)
    outlet = chance.choice(_OUTLETS)
    return Event(
        id="".join(chance.choices(_LETTERS, k=10)),
        kind=chance.choices((Kind.EVENT, Kind.CONDITION), (19, 1))[0],
        title=f"{what} {where}, report {number}",
        description=f"It began after midnight in town {town}, residents say, and lasted {number % 17} hours.",
        lang="en",
        translations=(Translation(lang="ar", title=chance.choice(_ARABIC)),) if number % 3 == 0 else (),
        event_type=chance.choice(_TYPES),
        date_start=day,
        date_end=day + timedelta(days=chance.randint(0, 20)) if number % 9 == 0 else None,
        occurrence=chance.choices((Occurrence.ONCE, Occurrence.LASTING), (19, 1))[0],
        place_name=f"Town {town}",
        place_id=f"geonames:{100_000 + town}",
        place_label=f"Town {town}, Province {town % 14}",
        country_code=("SY", "IQ", "TR")[town % 3],
        admin1=f"Province {town % 14}",
        **_placed(number, chance, lon, lat),
        actors=(Actor(name=f"Group {chance.randint(1, 40)}", role=ActorRole.SIDE_A),),
        sources=(
            Source(publisher=outlet, url=f"https://example.org/{number}", quote=f"{what}, said a witness."),
        ),
        verification=chance.choice(tuple(Verification)),
        status=chance.choices(
            (Status.PUBLISHED, Status.RETRACTED, Status.DRAFT, Status.IN_REVIEW), (970, 20, 5, 5)
        )[0],
        sensitivity=chance.choices(tuple(Sensitivity), (990, 5, 3, 2))[0],
        created=written,
        updated=written + timedelta(days=chance.randint(0, 30)),
    )  # fmt: skip


def _placed(number: int, chance: Random, lon: float, lat: float) -> dict[str, object]:
    kind = number % 20
    if kind == 0:
        return {"geo_precision": GeoPrecision.UNLOCATED}
    if kind == 1:
        east, north = lon + chance.uniform(0.05, 0.4), lat + chance.uniform(0.05, 0.3)
        ring = ((lon, lat), (east, lat), (east, north), (lon, north), (lon, lat))
        rounded = tuple((round(x, 5), round(y, 5)) for x, y in ring)
        return {"geometry": Geometry("Polygon", (rounded,)), "geo_precision": GeoPrecision.AREA}
    spread = (0.002, 0.02)[kind % 2]
    point = Geometry.point(round(lon + chance.gauss(0, spread), 5), round(lat + chance.gauss(0, spread), 5))
    precision = chance.choice((GeoPrecision.SITE, GeoPrecision.SETTLEMENT, GeoPrecision.NEAR))
    found = {"geometry": point, "geo_precision": precision, "uncertainty_m": precision.default_uncertainty_m}
    if kind == 2:
        return found | {
            "geo_method": "gazetteer",
            "match_score": 0.93,
            "chosen_why": "the only one of its name",
        }
    return found | {"geo_method": "typed"}


def fill(folder: Path, count: int) -> GeoJSONStore:
    store = GeoJSONStore.open(folder / "events.geojson")
    for start in range(0, count, BATCH):
        events = list(varied(min(BATCH, count - start), first=start))
        store.append_all(events, by="benchmark", why=None)
    return store


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    fill(args.folder, args.count).close()


if __name__ == "__main__":
    main()
