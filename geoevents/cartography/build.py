"""Set up what maps load: the base map in data/cache/basemap, what npm brought in data/cache/vendor.

`python -m geoevents.cartography.build [--data DIR]`. Done in a moment when nothing it is made of has changed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from geoevents.cartography import basemap, borders, labels
from geoevents.messages import Message
from geoevents.renewing import renew

ROOT = Path(__file__).parents[2]
# From node_modules to data/cache/vendor.
_ARABIC = "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-{weight}-normal.woff2"
# Whole fonts, for pictures: what sets their type takes neither parts nor woff2.
_LATIN_WHOLE = "@expo-google-fonts/noto-sans/{name}/NotoSans_{name}.ttf"
_ARABIC_WHOLE = "@expo-google-fonts/noto-sans-arabic/{name}/NotoSansArabic_{name}.ttf"
VENDOR = {
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "protomaps-leaflet/dist/protomaps-leaflet.js": "protomaps-leaflet.js",
    _ARABIC.format(weight=400): "noto-sans-arabic-400.woff2",
    _ARABIC.format(weight=600): "noto-sans-arabic-600.woff2",
    _LATIN_WHOLE.format(name="400Regular"): "fonts/noto-sans-400.ttf",
    _LATIN_WHOLE.format(name="600SemiBold"): "fonts/noto-sans-600.ttf",
    _ARABIC_WHOLE.format(name="400Regular"): "fonts/noto-sans-arabic-400.ttf",
    _ARABIC_WHOLE.format(name="600SemiBold"): "fonts/noto-sans-arabic-600.ttf",
}
COUNTRIES = "world-atlas/countries-10m.json"
GAZETTEER = "gazetteer.sqlite"
DONE = "built.json"

Say = Callable[[Message], None]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m geoevents.cartography.build", description="Set up what maps load."
    )
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="the data folder (default: data)")
    parser.add_argument(
        "--modules", type=Path, default=ROOT / "node_modules", help="where npm put its packages"
    )
    chosen = parser.parse_args(arguments)
    missing = [name for name in (*VENDOR, COUNTRIES) if not (chosen.modules / name).is_file()]
    if missing:
        _say(
            Message(
                "{path} is missing. Run `npm ci` beside package.json, then this again.",
                path=chosen.modules / missing[0],
            )
        )
        return 2
    build(chosen.modules, chosen.data / "cache", say=_say)
    return 0


def build(modules: Path, cache: Path, *, say: Say) -> None:
    """Bring `cache` to what the sources are now; what is already so is left alone."""
    for source, target in VENDOR.items():
        _copy(modules / source, cache / "vendor" / target)
    folder, gazetteer = cache / "basemap", cache / GAZETTEER
    made_of = fingerprint([modules / COUNTRIES, gazetteer])
    if not _is_done(folder, made_of):
        if not gazetteer.is_file():
            say(Message("No compiled gazetteer in {path}: the base map has no names.", path=cache))
        renew(
            folder,
            lambda fresh: _write(fresh, modules / COUNTRIES, gazetteer, made_of, say),
            is_current=lambda: _is_done(folder, made_of),
        )


def _write(fresh: Path, countries: Path, gazetteer: Path, made_of: str, say: Say) -> None:
    write_basemap(countries, gazetteer, fresh, say=say)
    (fresh / DONE).write_text(json.dumps({"made_of": made_of}), "utf-8")


def write_basemap(countries: Path, gazetteer: Path, folder: Path, *, say: Say) -> None:
    """Write every tile of the base map, its labels and its index."""
    topology = basemap.Topology.decode(json.loads(countries.read_bytes()))
    if gazetteer.is_file():
        topology, mended = borders.bent(topology, labels.towns(gazetteer))
        say(Message("Base map: borders bent around {count} towns", count=len(mended)))
    zooms = []
    for zoom in range(basemap.LAST_ZOOM + 1):
        say(Message("Base map: zoom {zoom} of {last}", zoom=zoom, last=basemap.LAST_ZOOM))
        states, tiles = basemap.ground_tiles(topology, zoom)
        for tile in tiles:
            _write_json(folder / f"{tile.z}/{tile.x}/{tile.y}.json", tile.content)
        zooms.append([basemap.run_lengths(row) for row in states])
    named: dict[str, list[list[int]]] = {}
    if gazetteer.is_file():
        placed = labels.label_tiles(gazetteer)
        for (z, x, y), content in placed.items():
            _write_json(folder / f"labels/{z}/{x}/{y}.json", content)
        named = {str(z): _where(z, placed) for z in labels.LEVELS}
    index = {"extent": basemap.EXTENT, "last_zoom": basemap.LAST_ZOOM, "zooms": zooms, "labels": named}
    _write_json(folder / "index.json", index)


def fingerprint(sources: Iterable[Path]) -> str:
    """What the base map is made of: the bytes of its sources and of the code that makes it."""
    digest = sha256()
    for path in (
        *sources,
        *(Path(str(module.__file__)) for module in (basemap, borders, labels)),
        Path(__file__),
    ):
        digest.update(sha256(path.read_bytes()).digest() if path.is_file() else b"-")
    return digest.hexdigest()


def _where(zoom: int, placed: Iterable[tuple[int, int, int]]) -> list[list[int]]:
    rows = [[0] * 2**zoom for _ in range(2**zoom)]
    for z, x, y in placed:
        if z == zoom:
            rows[y][x] = 1
    return [basemap.run_lengths(row) for row in rows]


def _is_done(folder: Path, made_of: str) -> bool:
    try:
        return bool(json.loads((folder / DONE).read_bytes())["made_of"] == made_of)
    except (OSError, ValueError, KeyError):
        return False


def _copy(source: Path, target: Path) -> None:
    if not target.is_file() or target.read_bytes() != source.read_bytes():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _say(message: Message) -> None:
    print(message, file=sys.stderr)  # noqa: T201 - a command's progress


if __name__ == "__main__":
    sys.exit(main())
