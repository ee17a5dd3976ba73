"""What reading and writing one event costs.

    python benchmarks/record.py

Prints Markdown. The claims: an event is written under 100 µs, read back from our own file under 200 µs, and
what anybody may see of it is made under 100 µs. The peer, in the same run: json.dumps and json.loads of the
same bytes, below which nothing that writes JSON can go.
"""

from __future__ import annotations

import json
import timeit
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from geoevents.event_types import load_taxonomy
from geoevents.events import Event, Sensitivity, Status, public_view
from geoevents.geojson import Rules, event_from_feature, feature, feature_line, read_draft
from geoevents.geometries import Geometry
from geoevents.jsonio import read_json
from geoevents.places import GeoPrecision
from geoevents.sources import Source

NOW = datetime(2022, 2, 1, tzinfo=UTC)
RULES = Rules(
    taxonomy=load_taxonomy(Path(__file__).parents[1] / "data" / "event_types.json"), today=date(2022, 2, 1)
)
EVENT = Event(
    id="k7dq2m9xwb",
    title="Shots are heard near the prison gate",
    description="Residents say that the shooting began after midnight. " * 6,
    event_type="battles",
    sub_event_type="armed_clash",
    date_start=date(2022, 1, 20),
    place_name="the prison",
    geometry=Geometry.point(40.74, 36.5),
    geo_precision=GeoPrecision.SITE,
    uncertainty_m=100,
    geo_method="typed",
    sources=(
        Source(publisher="The Daily", url="https://example.org/1", quote="Shots were heard."),
        Source(publisher="الجريدة", said_by="A spokesperson", published=date(2022, 1, 21)),
    ),
    tags=("night", "prison"),
    status=Status.PUBLISHED,
    created=NOW,
    updated=NOW,
)


def main() -> None:
    line = feature_line(EVENT)
    stored = json.loads(line)
    coarse = replace(EVENT, sensitivity=Sensitivity.GRID)
    print(f"One event of {len(line):,} bytes, the best of 7 runs.\n")
    print("| | µs |")
    print("|---|---:|")
    for name, call in (
        ("json.dumps of its Feature (peer)", lambda: json.dumps(stored)),
        ("feature_line: Event to bytes", lambda: feature_line(EVENT)),
        ("json.loads of its bytes (peer)", lambda: json.loads(line)),
        ("event_from_feature: what json.loads gave to Event", lambda: event_from_feature(stored)),
        ("read_json: bytes from outside, strictly", lambda: read_json(line)),
        ("read_draft: a Feature from outside, every rule", lambda: read_draft(feature(EVENT), RULES)),
        ("public_view, exact", lambda: public_view(EVENT)),
        ("public_view, grid", lambda: public_view(coarse)),
    ):
        print(f"| {name} | {_microseconds(call):.0f} |")


def _microseconds(call: Callable[[], object]) -> float:
    return min(timeit.repeat(call, number=500, repeat=7)) / 500 * 1e6


if __name__ == "__main__":
    main()
