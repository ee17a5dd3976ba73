"""What a verb needs: the store, its public reader, the gazetteer, the taxonomy and the clock.

Knows which parts the verbs lean on. Knows nothing of how they are opened (bootstrap.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from geoevents.events import utc_now

if TYPE_CHECKING:
    from geoevents.event_types import Taxonomy
    from geoevents.gazetteers import Gazetteer, LocalGazetteer, OnlineService
    from geoevents.geoparsing import Geoparser
    from geoevents.stores import EventStore
    from geoevents.stores.decided_names import DecidedNames
    from geoevents.stores.public import PublicReader
    from geoevents.stores.saved_views import SavedViews


@dataclass(frozen=True, slots=True)
class Backends:
    """
    The parts behind the verbs. `store` is for the workflows and the journal alone; whoever shows
    events is handed `public`. `online`, when configured, offers candidates, never answers. `names` are the
    team's own decisions and `team` the gazetteer that knows them: for those who may write, nobody else.
    `views` are the saved maps. `geoparser` opens what finds the places of a text: it takes a second.
    """

    store: EventStore
    public: PublicReader
    gazetteer: LocalGazetteer
    taxonomy: Taxonomy
    online: OnlineService | None = None
    names: DecidedNames | None = None
    team: Gazetteer | None = None
    views: SavedViews | None = None
    geoparser: Callable[[], Geoparser] | None = None
    now: Callable[[], datetime] = utc_now

    @property
    def for_writers(self) -> Gazetteer:
        """What names are looked up in for somebody who may write: the team's decisions come first."""
        return self.team or self.gazetteer
