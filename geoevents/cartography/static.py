"""Static maps: the same map as files, for any web host or to be opened from disk with no network.

Knows which files make one and how data is handed to it. Knows nothing of servers or stores.

Data comes as classic scripts that call one function each: a page opened from file:// can neither fetch nor
load modules. The same events give the same bytes, and SHA256SUMS says which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from geoevents import geojson
from geoevents.cartography.asset_files import OWN, SHIPPED_CACHE, Assets
from geoevents.cartography.basemap import LAST_ZOOM, tiles_around
from geoevents.cartography.frame import SCRIPTS, STYLES, FrameSpec, frame
from geoevents.cartography.labels import LEVELS
from geoevents.cartography.whole import Whole
from geoevents.cartography.words import language_of_words, page_words, script_safe
from geoevents.errors import BadInput
from geoevents.event_types import Taxonomy
from geoevents.events import Event, Kind, Status
from geoevents.messages import Message, direction
from geoevents.places import BBox
from geoevents.sources import check_url
from geoevents.timelines import timeline_of_events

SUMS = "SHA256SUMS"
FONTS = ("vendor/noto-sans-arabic-400.woff2", "vendor/noto-sans-arabic-600.woff2")
# The whole world to here; below it, what lies around the events, and elsewhere the coarser tile stretched.
WORLD_ZOOM = 2


def publish_static(
    events: Iterable[Event], folder: Path, *, lang: str, taxonomy: Taxonomy, assets: Assets | None = None
) -> list[Path]:
    """
    Write a map of public views into `folder`: index.html, list.html, events.geojson and what they load.

    What an earlier publishing wrote and this one does not is removed; anything else in the folder stays.
    `assets` are those of set-up unless others are given. Gives the paths written.
    Raises BadInput while set-up has not been run (no base map, no Leaflet).
    """
    assets = assets or Assets(SHIPPED_CACHE)
    files = dict(_files(_newest_first(events), lang=lang, taxonomy=taxonomy, assets=assets))
    files[SUMS] = "".join(
        f"{sha256(body).hexdigest()}  {name}\n" for name, body in sorted(files.items())
    ).encode()
    for name in _published_before(folder) - set(files):
        (folder / name).unlink(missing_ok=True)
    written = []
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        written.append(path)
    return written


def _files(
    events: list[Event], *, lang: str, taxonomy: Taxonomy, assets: Assets
) -> Iterator[tuple[str, bytes]]:
    words = f"words-{lang}.js"
    scripts = [words if "{lang}" in name else name for name in SCRIPTS]
    for name in (*STYLES, *scripts, "static.js", "icon.svg", *FONTS):
        yield f"assets/{name}", _asset(assets, name)
    spec = FrameSpec(
        lang=lang, taxonomy=taxonomy, home="index.html", tile_url=None, url=lambda name: f"assets/{name}",
        data_scripts=("assets/static.js", "data.js", "ground.js"),
    )  # fmt: skip
    yield "index.html", frame(spec).html
    yield "list.html", _list(events, lang=lang, taxonomy=taxonomy)
    yield "events.geojson", b"".join(geojson.collection([geojson.feature_line(each) for each in events]))
    whole = Whole(events)
    yield "data.js", _call("geoeventsData", whole.data(), timeline_of_events(events).document())
    yield "ground.js", _ground(assets, whole.extent())


def _ground(assets: Assets, extent: BBox | None) -> bytes:
    """The tiles of the base map that a look at these events needs, and their names."""
    index = json.loads(_asset(assets, "basemap/index.json"))
    tiles, names = {}, {}
    for zoom in range(LAST_ZOOM + 1):
        for key in (
            tiles_around(extent if zoom > WORLD_ZOOM else None, zoom) if extent or zoom <= WORLD_ZOOM else ()
        ):
            if stored := assets.get(f"basemap/{key}.json"):
                tiles[key] = json.loads(stored.body)
            if zoom in LEVELS and (stored := assets.get(f"basemap/labels/{key}.json")):
                names[key] = json.loads(stored.body)
    return _call("geoeventsGround", index, tiles) + _call("geoeventsLabels", names)


def _list(events: list[Event], *, lang: str, taxonomy: Taxonomy) -> bytes:
    shell = Environment(loader=FileSystemLoader(OWN), autoescape=True)
    words = language_of_words(lang)
    rows = [_row(event, lang, taxonomy) for event in events]
    matched = _matched(events, words)
    values = {"lang": words, "dir": direction(words), "words": page_words(lang), "matched": matched}
    return shell.get_template("static_list.html").render(events=rows, **values).encode()


def _matched(events: list[Event], lang: str) -> str:
    """How many events and, apart from them, how many conditions, as the list of the site counts."""
    conditions = sum(event.kind is Kind.CONDITION for event in events)
    happened = len(events) - conditions
    said = []
    if happened or not conditions:
        said.append(Message("{count} event", plural="{count} events", count=happened))
    if conditions:
        said.append(Message("{count} condition", plural="{count} conditions", count=conditions))
    return " · ".join(message.in_language(lang) for message in said)


def _row(event: Event, lang: str, taxonomy: Taxonomy) -> dict[str, Any]:
    translated = next((each for each in event.translations if each.lang == lang and each.title), None)
    return {
        "id": event.id,
        "date_start": event.date_start.isoformat(),
        "date_end": event.date_end.isoformat() if event.date_end else None,
        "type": taxonomy.label(event.event_type, lang),
        "title": translated.title if translated else event.title,
        "lang": translated.lang if translated else event.lang,
        "place": event.place_label or event.place_name or event.admin1,
        "is_retracted": event.status is Status.RETRACTED,
        "sources": [
            {"name": each.publisher or each.said_by or each.title or "–", "url": _safe(each.url)}
            for each in event.sources
        ],
    }


def _safe(url: str | None) -> str | None:
    try:
        return check_url(url, "url") if url else None
    except BadInput:
        return None


def _call(function: str, *values: object) -> bytes:
    parts = ",".join(
        json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for value in values
    )
    return f"{function}({script_safe(parts)});\n".encode()


def _asset(assets: Assets, name: str) -> bytes:
    found = assets.get(name)
    if found is None:
        raise BadInput(Message("{name} is missing. Run `make setup`, then publish again.", name=name))
    return found.body


def _newest_first(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.date_start, event.id), reverse=True)


def _published_before(folder: Path) -> set[str]:
    """The files that an earlier publishing named in its sums; never one outside the folder."""
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except OSError:
        return set()
    names = {line.partition("  ")[2] for line in lines}
    return {name for name in names if name and not name.startswith("/") and ".." not in Path(name).parts}
