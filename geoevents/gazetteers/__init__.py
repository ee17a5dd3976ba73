"""Which places a name may mean: the compiled index, named areas and online services behind one protocol.

Knows the protocol and how to open the index. Knows nothing of events, stores or pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from geoevents.geometries import Geometry
from geoevents.places import Candidate, Context, Place, Resolution

if TYPE_CHECKING:
    from geoevents.gazetteers.known_names import NameFacts
    from geoevents.gazetteers.pinning import Pinned
    from geoevents.gazetteers.senses import Sense
    from geoevents.gazetteers.ties import Tied

__all__ = ["Gazetteer", "KnownNames", "LocalGazetteer", "OnlineService", "open_gazetteer"]


class Gazetteer(Protocol):
    """Says which place a name means, or which ones it may mean, or that it knows none."""

    @property
    def attribution(self) -> str:
        """Whom to thank, in one line, wherever its places are shown."""

    def resolve(self, name: str, context: Context) -> Resolution: ...

    def senses(self, name: str) -> tuple[Sense, ...]:
        """Every place of the world that a name may mean as it is written, to be weighed against a text."""

    def ties(self, text: str, names: Sequence[tuple[int, int]]) -> tuple[Tied, ...]:
        """What the words around the names of a text, given where each stands, in order, may say of them."""

    def pinned(
        self, phrases: Sequence[str], meant: Mapping[str, Sequence[str]], context: Context
    ) -> tuple[Pinned, ...]:
        """What the first phrase that says anything makes of names that mean certain places, by their ids."""

    def read_with(
        self, phrase: str, meant: Mapping[str, Sequence[str]], context: Context
    ) -> tuple[Pinned, ...]:
        """What a phrase by itself makes of those of its names that mean certain places, by their ids."""

    def suggest(self, prefix: str, context: Context) -> tuple[Candidate, ...]:
        """Places whose name begins so, best first, for somebody typing; none before the second letter."""

    def get(self, place_id: str) -> Place:
        """The place of an id. Raises PlaceNotFound."""

    def country(self, code: str) -> Place | None:
        """The country of an ISO 3166-1 alpha-2 code, with its box; None if the code is unknown."""

    def geometry(self, place_id: str) -> Geometry | None:
        """The polygon of an area, or None for what is a point. Raises PlaceNotFound."""


class KnownNames(Protocol):
    """Says of many folded names at once which of them places have."""

    def known(self, keys: Iterable[str]) -> Mapping[str, NameFacts]:
        """Folded name (folding.name_key) -> what is known of it; names that no place has are left out."""


class LocalGazetteer(Gazetteer, KnownNames, Protocol):
    """A gazetteer on this machine: it can be asked for all the names of a text at once."""


class OnlineService(Gazetteer, Protocol):
    """A gazetteer of somebody else, to whom every name that is asked tells something."""

    @property
    def service(self) -> str:
        """What it is called."""


def open_gazetteer(index: Path, *, region: tuple[str, ...] = ()) -> LocalGazetteer:
    """
    Open a compiled index (gazetteers.build makes it) to be read from any thread.

    `region` are the country codes that break ties where a text gives no country. Raises GazetteerMissing.
    """
    from geoevents.gazetteers.compiled import CompiledGazetteer

    return CompiledGazetteer(index, region=region)
