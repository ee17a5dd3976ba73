"""Opens what the settings name: the only place that names concrete backends.

Knows which store, gazetteer and service a setting means, and when to compile the index. Decides nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geoevents.errors import BadInput, GazetteerMissing, SettingsError, StoreUnavailable
from geoevents.messages import Message
from geoevents.settings import SHIPPED_DATA, Settings
from geoevents.values import value

if TYPE_CHECKING:
    from geoevents.cartography.grounds import DetailedGround
    from geoevents.gazetteers import Gazetteer, LocalGazetteer, OnlineService
    from geoevents.gazetteers.sources.adding import Shelf
    from geoevents.gazetteers.sources.keeping import Source
    from geoevents.geoparsing import Geoparser
    from geoevents.geoparsing.drafting import Drafter
    from geoevents.stores import EventStore
    from geoevents.stores.decided_names import DecidedNames
    from geoevents.workflows import Backends


def open_backends(settings: Settings, *, lag: float = 0.0) -> Backends:
    """
    Everything the verbs need. A data folder that is not there is made, a missing gazetteer is compiled.

    Files for others may be behind the store by `lag` seconds: for whoever stays to bring them up.

    Raises StoreError, GazetteerError, InvalidTaxonomy, SettingsError.
    """
    from geoevents.event_types import load_taxonomy
    from geoevents.gazetteers.team import TeamGazetteer
    from geoevents.stores.public import PublicReader
    from geoevents.stores.saved_views import SavedViews
    from geoevents.workflows import Backends

    store = open_store(settings, lag=lag)
    public = PublicReader(store, cache=settings.data / "cache")
    public.lend_to(store.rows)
    gazetteer, names = open_gazetteer(settings), open_names(settings)
    return Backends(
        store=store,
        public=public,
        gazetteer=gazetteer,
        taxonomy=load_taxonomy(settings.taxonomy),
        online=open_online(settings, gazetteer),
        names=names,
        team=TeamGazetteer(gazetteer, names),
        views=SavedViews(settings.data / "views.json"),
        geoparser=lambda: open_geoparser(settings),
    )


def open_store(settings: Settings, *, lag: float = 0.0) -> EventStore:
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
    return opened(settings.store, cache=settings.data / "cache", lag=lag)


def open_gazetteer(settings: Settings) -> LocalGazetteer:
    """
    The compiled gazetteer, compiled anew first if it was made of anything else than what is here now.

    A cache that cannot be written is used as it is; where it has no index, one is compiled in the
    data folder. Raises GazetteerMissing.
    """
    from geoevents.gazetteers import open_gazetteer as opened

    return opened(_index(settings), region=settings.region)


def open_names(settings: Settings) -> DecidedNames:
    """What the team has decided names to mean, kept with what is private."""
    from geoevents.stores.decided_names import DecidedNames

    return DecidedNames(settings.decided_names)


def open_team_gazetteer(settings: Settings) -> Gazetteer:
    """What names are looked up in at this machine: the team's decisions, where there are any, first."""
    gazetteer = open_gazetteer(settings)
    if not settings.decided_names.exists():
        return gazetteer
    from geoevents.gazetteers.team import TeamGazetteer

    return TeamGazetteer(gazetteer, open_names(settings))


def open_geoparser(settings: Settings) -> Geoparser:
    """What finds the places a text names, with the gazetteer of the settings. Raises GazetteerMissing."""
    from geoevents.geoparsing import Geoparser, Recogniser
    from geoevents.geoparsing.arabic import ArabicRecogniser
    from geoevents.geoparsing.recognising import GazetteerRecogniser

    gazetteer, lists = open_gazetteer(settings), SHIPPED_DATA / "geoparsing"
    ours: tuple[Recogniser, ...] = (GazetteerRecogniser(gazetteer, lists), ArabicRecogniser(gazetteer, lists))
    if settings.spacy is None:
        return Geoparser(open_team_gazetteer(settings), ours)
    from geoevents.geoparsing.spacy_recogniser import load

    return Geoparser(open_team_gazetteer(settings), (*ours, load(settings.spacy)))


def open_drafter(settings: Settings) -> Drafter:
    """
    What makes drafts of a text, with the gazetteer, types, actors and rules of the settings.

    Raises GazetteerMissing, InvalidTaxonomy, InvalidActors, InvalidDraftingRules.
    """
    from geoevents.actors import load_actors
    from geoevents.event_types import load_taxonomy
    from geoevents.geoparsing.drafting import Drafter
    from geoevents.geoparsing.drafting.acting import ActorNames
    from geoevents.geoparsing.drafting.vocabulary import Vocabularies
    from geoevents.geoparsing.word_lists import read_word_lists

    geoparser, taxonomy = open_geoparser(settings), load_taxonomy(settings.taxonomy)
    own = settings.data / "drafting"
    actors = settings.data / "actors.json"
    return Drafter(
        geoparser=geoparser,
        gazetteer=geoparser.gazetteer,
        taxonomy=taxonomy,
        vocabularies=Vocabularies(own if own.is_dir() else SHIPPED_DATA / "drafting", taxonomy),
        actors=ActorNames(load_actors(actors if actors.is_file() else SHIPPED_DATA / "actors.json")),
        lists=read_word_lists(SHIPPED_DATA / "geoparsing"),
    )


def open_online(settings: Settings, known: Gazetteer | None = None) -> OnlineService | None:
    """
    The online service, kept to the region of interest; None while it is off. `known` tells how far countries
    reach. Raises SettingsError for one that cannot be used, or where nobody says who asks.
    """
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
        region=settings.region,
        country=known.country if known is not None else lambda code: None,
        options=dict(settings.online_options),
    )


def open_ground(settings: Settings) -> DetailedGround | None:
    """
    What is drawn over the base map; None for nothing. Raises SettingsError for what cannot be drawn, or where
    nobody says whose it is.
    """
    if settings.ground is None:
        return None
    from geoevents.cartography.grounds import ground_of_file, online_ground

    if "://" in settings.ground:
        made = online_ground(settings.ground, settings.ground_attribution or "", settings.ground_zoom)
    else:
        try:
            made = ground_of_file(Path(settings.ground), settings.ground_attribution)
        except BadInput as error:
            problem = Message("{name}: {reason}", name="GEOEVENTS_GROUND", reason=error.message)
            raise SettingsError(problem, "ground") from None
    if not made.attribution:
        problem = Message(
            "GEOEVENTS_GROUND_ATTRIBUTION is empty. Say whose the ground is, such as"
            " © OpenStreetMap contributors."
        )
        raise SettingsError(problem, "ground_attribution")
    return made


def find_index(settings: Settings) -> tuple[Path | None, bool]:
    """The compiled index that is there, if any, and whether it was made of what is here now."""
    made = _made_of(settings)
    fresh = _fresh(made)
    if fresh:
        return fresh, True
    return next((index for index in made.indexes if index.is_file()), None), False


def open_shelf(settings: Settings) -> Shelf:
    """The sources that were added to the gazetteer. Nothing is written until one is added or removed."""
    from geoevents.gazetteers.fingerprints import known_before
    from geoevents.gazetteers.sources.adding import Shelf

    def compile_with(sources: Sequence[Source], commit: Callable[[], None]) -> Mapping[str, int]:
        return known_before(_compiled(_made_of(settings, sources), commit=commit))

    own, *inherited = settings.source_folders
    return Shelf(own, tuple(inherited), compile_with)


@value
class _MadeOf:
    """
    What an index is made of, and where it may lie, best first: `plain` without added sources, `indexes` with
    those that there are.
    """

    plain: list[Path]
    places: Path
    sources: Sequence[Source]

    @property
    def indexes(self) -> list[Path]:
        from geoevents.gazetteers.fingerprints import with_sources

        return [with_sources(index) for index in self.plain] if self.sources else self.plain


def _index(settings: Settings) -> Path:
    made = _made_of(settings)
    if (fresh := _fresh(made)) is not None:
        return fresh
    try:
        return _compiled(made)
    except GazetteerMissing:
        # Yesterday's names are better than none.
        if (kept := next((index for index in (*made.indexes, *made.plain) if index.is_file()), None)) is None:
            raise
        return kept


def _made_of(settings: Settings, sources: Sequence[Source] | None = None) -> _MadeOf:
    if sources is None:
        sources = _sources(settings)
    has_own = settings.data != SHIPPED_DATA and (settings.data / "gazetteer").is_dir()
    shared = SHIPPED_DATA / "gazetteers"
    has_own_sources = any(source.folder.parent != shared for source in sources)
    # A team's own places must not end up in the index that others share.
    is_own = has_own or (has_own_sources and settings.data != SHIPPED_DATA)
    caches = [settings.data / "cache"] if is_own else [settings.cache, settings.data / "cache"]
    indexes = [cache / "gazetteer.sqlite" for cache in caches]
    return _MadeOf(indexes, settings.data if has_own else SHIPPED_DATA, sources)


def _sources(settings: Settings) -> Sequence[Source]:
    folders = [folder for folder in settings.source_folders if folder.is_dir()]
    if not folders:
        return ()
    from geoevents.gazetteers.sources.keeping import sources_in

    return sources_in(folders)


def _compiled(made: _MadeOf, *, commit: Callable[[], None] = lambda: None) -> Path:
    """The index, compiled in the first place that can be written. Raises GazetteerMissing."""
    from geoevents.gazetteers.build import bring_up_to_date

    failure: OSError | None = None
    for plain in made.plain:
        try:
            return bring_up_to_date(made.places, target=plain, sources=made.sources, commit=commit)
        except OSError as error:
            failure = error
    problem = Message(
        "The gazetteer cannot be compiled into {path}: {reason}. Set GEOEVENTS_CACHE to a folder with room.",
        path=str(made.plain[0].parent), reason=(failure.strerror or str(failure)) if failure else "",
    )  # fmt: skip
    raise GazetteerMissing(problem)


def _fresh(made: _MadeOf) -> Path | None:
    from geoevents.gazetteers.fingerprints import fingerprint, fingerprint_of

    wanted = fingerprint(made.places / "gazetteer", [source.manifest.mark for source in made.sources])
    return next((index for index in made.indexes if fingerprint_of(index) == wanted), None)
