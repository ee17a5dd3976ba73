"""What geoevents needs and finds: packages, folders, the gazetteer, the base map, the store.

Knows what to look at and the way out of each lack. Changes nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from geoevents.errors import GeoEventsError
from geoevents.messages import Message
from geoevents.settings import PROJECT, Settings

Finding = tuple[str, object]
OK, WARN, FAIL = "ok", "warn", "fail"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def examine(settings: Settings) -> Iterator[Finding]:
    """(level, sentence) for everything looked at; the level is ok, warn or fail."""
    yield from _packages()
    yield from _data_folder(settings)
    yield from _gazetteer(settings)
    yield from _sources(settings)
    yield from _map_files(settings)
    yield from _taxonomy(settings)
    yield from _store(settings)
    yield from _online(settings)
    yield from _address(settings)


def _packages() -> Iterator[Finding]:
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield OK, Message("Python {version}", version=python)
    wanted = dict(_pins(PROJECT / "requirements.txt"))
    missing = [name for name in wanted if _installed(name) is None]
    other = [name for name, pin in wanted.items() if _installed(name) not in (None, pin)]
    if missing:
        yield FAIL, Message("Not installed: {names}. Run `make setup`.", names=", ".join(missing))
    if other:
        yield (
            WARN,
            Message(
                "Of another version than requirements.txt says: {names}. Run `make setup`.",
                names=", ".join(other),
            ),
        )
    if wanted and not missing and not other:
        yield OK, Message("{count} packages, as requirements.txt says", count=len(wanted))


def _pins(path: Path) -> Iterator[tuple[str, str]]:
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    for line in lines:
        name, pinned, number = line.partition("#")[0].strip().partition("==")
        if pinned:
            yield name, number


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _data_folder(settings: Settings) -> Iterator[Finding]:
    data = settings.data
    if not data.exists():
        yield (
            WARN,
            Message("The data folder {path} is not there yet. The first start makes it.", path=str(data)),
        )
    elif not os.access(data, os.R_OK | os.X_OK):
        yield (
            FAIL,
            Message("The data folder {path} cannot be read. Give its reader the right to.", path=str(data)),
        )
    elif not os.access(data, os.W_OK):
        yield (
            WARN,
            Message("The data folder {path} cannot be written: events can be read only.", path=str(data)),
        )
    else:
        yield OK, Message("Data folder {path}", path=str(data))


def _gazetteer(settings: Settings) -> Iterator[Finding]:
    from geoevents.bootstrap import find_index

    index, is_fresh = find_index(settings)
    if index is None:
        yield (
            WARN,
            Message("The gazetteer is not compiled yet. The first start does it; so does `make setup`."),
        )
    elif not is_fresh:
        yield (
            WARN,
            Message("The gazetteer is not made of what is here now. The next start compiles it anew."),
        )
    else:
        yield OK, Message("Gazetteer {path}", path=str(index))


def _sources(settings: Settings) -> Iterator[Finding]:
    from geoevents.gazetteers.sources.getting import tried_on
    from geoevents.gazetteers.sources.keeping import sources_in, unreadable_in

    for source in sources_in(settings.source_folders):
        yield (
            OK,
            Message(
                "Added source {name}: {count} places, received {day}; {thanks}", name=source.name,
                count=source.manifest.taken, day=source.manifest.received, thanks=source.manifest.thanks,
            ),
        )  # fmt: skip
    for folder in unreadable_in(settings.source_folders):
        yield (
            WARN,
            Message(
                "The added source in {path} cannot be read here, and is left out. Add it once more.",
                path=str(folder),
            ),
        )
    if (day := tried_on(settings.source_folders[0])) is not None:
        yield OK, Message("Set-up asked GeoNames for the region's places on {day}", day=day)


def _map_files(settings: Settings) -> Iterator[Finding]:
    for name, what in (
        ("basemap", Message("The base map")),
        ("vendor", Message("The map's scripts and styles")),
        ("vendor/fonts", Message("The letters of pictures")),
    ):
        folder = settings.cache / name
        if folder.is_dir() and any(folder.iterdir()):
            yield OK, Message("{what}: {path}", what=what, path=str(folder))
        else:
            yield FAIL, Message("{what}: not in {path}. Run `make setup`.", what=what, path=str(folder))


def _taxonomy(settings: Settings) -> Iterator[Finding]:
    from geoevents.event_types import load_taxonomy

    try:
        types = load_taxonomy(settings.taxonomy)
    except GeoEventsError as error:
        yield FAIL, error.message
    else:
        yield (
            OK,
            Message("{count} event types from {path}", count=len(types.codes), path=str(settings.taxonomy)),
        )


def _store(settings: Settings) -> Iterator[Finding]:
    from geoevents.stores.checking import check
    from geoevents.stores.opening import collection_path

    for finding in check(collection_path(settings.store)):
        yield finding.level, finding.message


def _online(settings: Settings) -> Iterator[Finding]:
    from geoevents.bootstrap import open_online

    try:
        service = open_online(settings)
    except GeoEventsError as error:
        yield FAIL, error.message
        return
    if service is None:
        yield OK, Message("Online lookup is off: no name leaves this machine")
    else:
        yield (
            WARN,
            Message(
                "Online lookup is on: submitted names without a sure answer here go to {name}",
                name=settings.online,
            ),
        )


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.host in _LOOPBACK:
        yield (
            OK,
            Message(
                "Serves http://{host}:{port}, for this machine only", host=settings.host, port=settings.port
            ),
        )
    else:
        yield (
            WARN,
            Message(
                "Serves {host}:{port} to other machines, where it is read-only",
                host=settings.host,
                port=settings.port,
            ),
        )
