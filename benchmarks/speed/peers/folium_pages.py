"""Maps as Folium's own documentation makes them: folium_pages.py KIND COLLECTION PAGE.

What the page would load from elsewhere is asked of /vendor and /tile on its own server.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import folium
from folium.plugins import FastMarkerCluster, MarkerCluster

SHOWN = ("title", "event_type", "date_start")
_LOADED = re.compile(r'(src|href)="https?://[^"]*/([^/"]+)"')
_TILES = re.compile(r'"https?://[^"]*/(\{z\}/\{x\}/\{y\}\.png)"')


def main() -> None:
    kind, collection, page = sys.argv[1:]
    # "canvas" is what Folium calls a renderer for all of the map.
    made = folium.Map(prefer_canvas=kind == "canvas")
    if kind != "empty":
        features = list(_read(Path(collection)))
        points = [_lat_lon(feature["geometry"]["coordinates"]) for feature in features]
        {"markers": _markers, "cluster": _cluster, "fast": _fast, "canvas": _canvas}[kind](
            made, features, points
        )
        lats, lons = zip(*points, strict=True)
        made.fit_bounds([[min(lats), min(lons)], [max(lats), max(lons)]])
    text = made.get_root().render()
    text = _LOADED.sub(r'\1="/vendor/\2"', text)
    Path(page).write_text(_TILES.sub(r'"/tile/\1"', text), "utf-8")


def _read(collection: Path) -> Iterator[dict[str, Any]]:
    """A Feature a line, with no more of it than is shown: all of a million would take ten gigabytes."""
    with collection.open(encoding="utf-8") as file:
        for line in file:
            if line.startswith('{"type":"Feature",'):
                found = json.loads(line.rstrip().rstrip(","))
                told = {name: found["properties"][name] for name in SHOWN}
                yield {"type": "Feature", "geometry": found["geometry"], "properties": told}


def _lat_lon(found: Any) -> list[float]:
    """As Leaflet has it; an area by its first corner."""
    while isinstance(found[0], list):
        found = found[0]
    return [found[1], found[0]]


def _markers(made: Any, features: list[Any], points: list[list[float]]) -> None:
    for feature, point in zip(features, points, strict=True):
        folium.Marker(point, popup=feature["properties"]["title"]).add_to(made)


def _cluster(made: Any, features: list[Any], points: list[list[float]]) -> None:
    _markers(MarkerCluster().add_to(made), features, points)


def _fast(made: Any, features: list[Any], points: list[list[float]]) -> None:
    FastMarkerCluster(points).add_to(made)


def _canvas(made: Any, features: list[Any], points: list[list[float]]) -> None:
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.CircleMarker(radius=5),
        popup=folium.GeoJsonPopup(fields=list(SHOWN)),
    ).add_to(made)


if __name__ == "__main__":
    main()
