"""The verbs over real backends: a store of its own for every test, the shipped types and places."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from geoevents.bootstrap import open_gazetteer
from geoevents.event_types import load_taxonomy
from geoevents.events import Draft
from geoevents.gazetteers import Gazetteer
from geoevents.geojson import Rules, read_draft
from geoevents.settings import load
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from geoevents.workflows import Backends

NOW = datetime(2022, 2, 2, 12, tzinfo=UTC)
SOURCE = {"publisher": "North Press Agency", "url": "https://example.org/1", "quote": "as reported"}


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return open_gazetteer(load({}))


@pytest.fixture
def backends(tmp_path, gazetteer) -> Backends:
    store = GeoJSONStore.open(tmp_path / "events.geojson", now=lambda: NOW)
    taxonomy = load_taxonomy(load({}).taxonomy)
    public = PublicReader(store)
    public.lend_to(store.rows)
    return Backends(store, public, gazetteer, taxonomy, now=lambda: NOW)


@pytest.fixture
def make_draft(backends):
    """A draft as it comes in from outside: a Feature, read strictly; with a source unless told otherwise."""

    def make(*, geometry: object = None, **properties: object) -> Draft:
        plain = {
            "title": "A convoy was stopped",
            "event_type": "humanitarian_access",
            "date_start": "2022-01-25",
            "sources": [SOURCE],
        }
        feature = {"type": "Feature", "geometry": geometry, "properties": plain | properties}
        return read_draft(feature, Rules(taxonomy=backends.taxonomy, today=NOW.date())).draft

    return make
