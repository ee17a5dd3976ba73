"""The internal view keeps up with the store, whoever writes to it."""

from __future__ import annotations

from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.workflows.internal import InternalReader
from tests.strategies import make_event


def test_the_revision_is_that_of_what_another_process_wrote(tmp_path):
    reader = InternalReader(GeoJSONStore.open(tmp_path / "events.geojson"))
    other = GeoJSONStore.open(tmp_path / "events.geojson")

    other.append(make_event(), by="ana", why=None)

    assert reader.revision == 1
