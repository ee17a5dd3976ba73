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
    from geoevents.gazetteers import Gazetteer
    from geoevents.stores import EventStore
    from geoevents.stores.public import PublicReader


@dataclass(frozen=True, slots=True)
class Backends:
    """
    The parts behind the verbs. `store` is for the workflows and the journal alone; whoever shows
    events is handed `public`. `online`, when configured, offers candidates, never answers.
    """

    store: EventStore
    public: PublicReader
    gazetteer: Gazetteer
    taxonomy: Taxonomy
    online: Gazetteer | None = None
    now: Callable[[], datetime] = utc_now
