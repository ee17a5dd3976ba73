"""From what a person names to a file that can be read: a country of GeoNames is fetched, a path is taken.

Knows what may be asked for an addition, and how it is asked for again. Knows nothing of flags or formats.
"""

from __future__ import annotations

import json
import os
import re
import socket
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from geoevents.errors import BadInput, SourceUnreachable
from geoevents.gazetteers.sources.adding import Arrival, name_for
from geoevents.gazetteers.sources.feature_codes import Wanted
from geoevents.gazetteers.sources.fetching import Fetched, Patience, Watch, fetch, unreachable
from geoevents.gazetteers.sources.keeping import INCOMING, Source, tidy
from geoevents.gazetteers.sources.options import Options
from geoevents.messages import Message
from geoevents.places import BBox

EVERYWHERE = "allCountries"
_CODE = re.compile("[A-Za-z]{2}")
_GEONAMES, _LICENCE, _PAGE = "GeoNames", "CC BY 4.0", "https://www.geonames.org/"
_NOT_STATED = "source not stated"
_NOTE = "fetched.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One addition, as asked for: `what` is a country's code, allCountries or a path."""

    what: str
    name: str | None = None
    licence: str | None = None
    attribution: str | None = None
    source: str | None = None
    country: str | None = None
    features: str | None = None
    columns: Mapping[str, str] | None = None
    encoding: str = "utf-8-sig"
    ids: str = "geonames"

    def kept(self) -> dict[str, object]:
        """What `update` has to know to ask for it again."""
        return {key: value for key, value in asdict(self).items() if value}

    def is_fetched(self) -> bool:
        return not Path(self.what).exists() and (self.what == EVERYWHERE or bool(_CODE.fullmatch(self.what)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where dumps are fetched from, None for nowhere, and where they land; boxes of countries; patience."""

    geonames_url: str | None
    incoming: Path
    boxes: Mapping[str, BBox]
    patience: Patience
    watch: Watch


def arrival(asked: Asked, around: Surroundings, *, known: Fetched | None = None) -> Arrival | None:
    """
    The file of an addition, fetched if it has to be; None where it is as it was when `known` came.

    Raises SourceUnreachable, BadInput.
    """
    # What is wrong with the asking is said before anything is fetched.
    _countries(asked.country), _wanted(asked)
    if not asked.is_fetched():
        path = Path(asked.what)
        return _arrival(asked, path, around, origin=str(path.absolute()), thanks=_of_a_file(asked))
    code = asked.what if asked.what == EVERYWHERE else asked.what.upper()
    if around.geonames_url is None:
        raise BadInput(
            Message(
                "{code} cannot be fetched: GEOEVENTS_GEONAMES_URL is off. Name a file instead.", code=code
            )
        )
    url, path = f"{around.geonames_url}{code}.zip", around.incoming / f"{code}.zip"
    fetched = fetch(url, path, patience=around.patience, known=known, watch=around.watch)
    if fetched is None:
        return None
    return _arrival(asked, path, around, origin=url, thanks=_GEONAMES, fetched=fetched)


def again(source: Source, around: Surroundings) -> Arrival | None:
    """The same addition once more; None where its origin has not changed."""
    manifest = source.manifest
    asked = Asked(**{**manifest.options, "name": manifest.name})
    has_been_fetched = manifest.etag or manifest.modified
    known = Fetched(manifest.etag, manifest.modified) if has_been_fetched else None
    came = arrival(asked, around, known=known)
    # The name that it has here may be its file's: who is thanked was settled when it was added.
    return replace(came, attribution=manifest.attribution) if came else None


def of_the_region(
    codes: Iterable[str], around: Surroundings, *, told: Callable[[SourceUnreachable], None]
) -> list[Arrival]:
    """The dumps of some countries, as many as come; without a network that is known in a few seconds."""
    arrivals: list[Arrival] = []
    try:
        if around.geonames_url is not None:
            reach(around.geonames_url, around.patience.timeout)
        arrivals.extend(came for code in codes if (came := arrival(Asked(what=code), around)) is not None)
    except SourceUnreachable as error:
        told(error)
    return arrivals


def reach(url: str, seconds: float) -> None:
    """
    Knock at a server. Raises SourceUnreachable after so many seconds, whatever its name's look-up does.

    A look-up has no timeout of its own: without a network it may take half a minute.
    """
    parts = urlsplit(url)
    if parts.scheme in urllib.request.getproxies():
        return
    failures: list[object] = [Message("no answer in {seconds} s", seconds=seconds)]

    def knock() -> None:
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            socket.create_connection((parts.hostname or "", port), timeout=seconds).close()
            failures.clear()
        except OSError as error:
            failures[:] = [error.strerror or str(error)]

    thread = threading.Thread(target=knock, daemon=True)
    thread.start()
    thread.join(seconds)
    if failures:
        raise unreachable(url, failures[0])


@contextmanager
def incoming(folder: Path) -> Iterator[Path]:
    """A folder in `folder` for what is fetched, gone afterwards; those of killed processes go, too."""
    folder.mkdir(parents=True, exist_ok=True)
    tidy(folder)
    with tempfile.TemporaryDirectory(prefix=f"{INCOMING}{os.getpid()}-", dir=folder) as made:
        yield Path(made)


def tried_on(folder: Path) -> str | None:
    """The day on which set-up tried to fetch the region's dumps into a folder of sources; None if never."""
    try:
        return str(json.loads((folder / _NOTE).read_text("utf-8"))["tried"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_attempt(folder: Path, *, today: date, said: str) -> None:
    """Remember that it was tried, so that a machine without a network is not slowed every time."""
    folder.mkdir(parents=True, exist_ok=True)
    note = {"tried": today.isoformat(), "said": said}
    (folder / _NOTE).write_text(json.dumps(note, ensure_ascii=False) + "\n", "utf-8")


def _arrival(
    asked: Asked,
    path: Path,
    around: Surroundings,
    *,
    origin: str,
    thanks: str,
    fetched: Fetched | None = None,
) -> Arrival:
    is_geonames = fetched is not None
    options = Options(
        name=asked.name or name_for(path),
        countries=_countries(asked.country) or _country_of(path),
        wanted=_wanted(asked),
        columns=asked.columns or {},
        encoding=asked.encoding,
        geonames_ids=asked.ids == "geonames",
        boxes=around.boxes,
    )
    what = asked.what if is_geonames else str(path.absolute())
    return Arrival(
        path=path,
        options=options,
        origin=origin,
        attribution=asked.attribution or thanks,
        asked={**asked.kept(), "what": what},
        licence=asked.licence or (_LICENCE if is_geonames else None),
        url=asked.source or (_PAGE if is_geonames else None),
        etag=fetched.etag if fetched else None,
        modified=fetched.modified if fetched else None,
    )


def _of_a_file(asked: Asked) -> str:
    """Whom to thank for a file: never its own name, which may tell the public what it should not know."""
    return asked.name or _NOT_STATED


def _wanted(asked: Asked) -> Wanted:
    return Wanted((asked.features or "").split(","))


def _countries(text: str | None) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for code in (text or "").split(",") if code.strip())
    for code in codes:
        if not _CODE.fullmatch(code):
            raise BadInput(
                Message(
                    "--country: '{text}' is not a country code. Write two letters, such as SY.",
                    text=code[:60],
                ),
                "country",
            )
    return codes


def _country_of(path: Path) -> tuple[str, ...]:
    """The country that GeoNames' name of a file speaks of: SY.zip is Syria."""
    is_dump = path.suffix in (".zip", ".txt") and re.fullmatch("[A-Z]{2}", path.stem)
    return (path.stem,) if is_dump else ()
