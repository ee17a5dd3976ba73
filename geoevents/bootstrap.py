"""Opens what the settings name: the only place that names concrete backends.

Knows which store, gazetteer and service a setting means, and when to compile the index. Decides nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geoevents.errors import GazetteerMissing, SettingsError, StoreUnavailable
from geoevents.messages import Message
from geoevents.settings import SHIPPED_DATA, Settings

if TYPE_CHECKING:
    from geoevents.gazetteers import Gazetteer
    from geoevents.stores import EventStore
    from geoevents.workflows import Backends


def open_backends(settings: Settings) -> Backends:
    """
    Everything the verbs need. A data folder that is not there is made, a missing gazetteer is compiled.

    Raises StoreError, GazetteerError, InvalidTaxonomy, SettingsError.
    """
    from geoevents.event_types import load_taxonomy
    from geoevents.stores.public import PublicReader
    from geoevents.workflows import Backends

    store = open_store(settings)
    return Backends(
        store=store,
        public=PublicReader(store),
        gazetteer=open_gazetteer(settings),
        taxonomy=load_taxonomy(settings.taxonomy),
        online=open_online(settings),
    )


def open_store(settings: Settings) -> EventStore:
    """Raises StoreError."""
    from geoevents.stores.opening import open_store as opened

    if not settings.data.is_dir():
        try:
            settings.data.mkdir(parents=True)
        except OSError as error:
            reason = error.strerror or str(error)
            problem = Message(
                "The data folder {path} cannot be made: {reason}.", path=str(settings.data), reason=reason
            )
            raise StoreUnavailable(problem) from None
    return opened(settings.store)


def open_gazetteer(settings: Settings) -> Gazetteer:
    """
    The compiled gazetteer, compiled anew first if it was made of anything else than what is here now.

    A cache that cannot be written is used as it is; where it has no index, one is compiled in the
    data folder. Raises GazetteerMissing.
    """
    from geoevents.gazetteers import open_gazetteer as opened

    return opened(_index(settings), region=settings.region)


def open_online(settings: Settings) -> Gazetteer | None:
    """The online service, None while it is off. Raises SettingsError where nobody says who asks."""
    if settings.online is None:
        return None
    if settings.online_agent is None:
        problem = Message("GEOEVENTS_ONLINE_AGENT is empty. Say who asks the service, and how to reach you.")
        raise SettingsError(problem, "online_agent")
    from geoevents.gazetteers.online import OnlineGazetteer

    # What was asked says what somebody looks into, so the answers are kept with what is private.
    return OnlineGazetteer(
        settings.online,
        agent=settings.online_agent,
        url=settings.online_url,
        timeout=settings.online_timeout,
        cache=settings.data / "private",
    )


def find_index(settings: Settings) -> tuple[Path | None, bool]:
    """The compiled index that is there, if any, and whether it was made of what is here now."""
    indexes, places = _candidates(settings)
    fresh = _fresh(indexes, places)
    return (fresh, True) if fresh else (next((index for index in indexes if index.is_file()), None), False)


def _index(settings: Settings) -> Path:
    indexes, places = _candidates(settings)
    return _fresh(indexes, places) or _compiled(indexes, places)


def _candidates(settings: Settings) -> tuple[list[Path], Path]:
    """Where the index may lie, best first, and the data folder it is made of."""
    has_own = settings.data != SHIPPED_DATA and (settings.data / "gazetteer").is_dir()
    # A team's own places must not end up in the index that others share.
    caches = [settings.data / "cache"] if has_own else [settings.cache, settings.data / "cache"]
    return [cache / "gazetteer.sqlite" for cache in caches], settings.data if has_own else SHIPPED_DATA


def _compiled(indexes: list[Path], places: Path) -> Path:
    from geoevents.gazetteers.build import bring_up_to_date

    failure: OSError | None = None
    for index in indexes:
        try:
            bring_up_to_date(places, target=index)
        except OSError as error:
            failure = error
            continue
        return index
    # Yesterday's names are better than none.
    if (kept := next((index for index in indexes if index.is_file()), None)) is not None:
        return kept
    problem = Message(
        "The gazetteer cannot be compiled into {path}: {reason}. Set GEOEVENTS_CACHE to a folder with room.",
        path=str(indexes[0].parent), reason=(failure.strerror or str(failure)) if failure else "",
    )  # fmt: skip
    raise GazetteerMissing(problem)


def _fresh(indexes: list[Path], places: Path) -> Path | None:
    from geoevents.gazetteers.fingerprints import fingerprint, fingerprint_of

    wanted = fingerprint(places / "gazetteer")
    return next((index for index in indexes if fingerprint_of(index) == wanted), None)
