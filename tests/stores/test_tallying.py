"""What is counted is what is found, each once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from geoevents.events import Status
from geoevents.queries import EventQuery
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from tests.stores.test_masks import Chance
from tests.strategies import make_event


@pytest.mark.chance
def test_a_tally_counts_what_the_question_finds(crowd, torture):
    chance = Chance(11)

    for reader, events in ((crowd.public, crowd.views), (crowd.store.rows, crowd.kept)):
        for _ in range(30 * torture):
            query = chance.query()
            found = [event for event in events if query.matches(event)]
            wider = replace(query, event_types=(), kind=None)
            counted = reader.tally(query)

            assert counted.matched == len(found)
            assert counted.by_kind == Counter(event.kind for event in found)
            assert counted.by_status == Counter(event.status for event in found)
            assert counted.by_verification == Counter(event.verification for event in found)
            assert counted.by_precision == Counter(event.geo_precision for event in found)
            assert counted.unplaced == sum(event.geometry is None for event in found)
            assert counted.types == Counter(
                (event.event_type, event.kind) for event in events if wider.matches(event)
            )


def test_a_tally_is_of_now(tmp_path):
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    public = PublicReader(store)

    assert public.tally(EventQuery()).matched == 0
    event = store.append(make_event(), by="ana", why=None)
    assert public.tally(EventQuery()).by_status == {Status.PUBLISHED: 1}
    store.replace(replace(event, status=Status.DRAFT), expected_version=1, by="ana", why=None)

    assert public.tally(EventQuery()).matched == 0
