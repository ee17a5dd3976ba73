"""A URL names a store; what names none is refused with an example."""

from __future__ import annotations

import pytest

from geoevents.errors import SettingsError
from geoevents.stores.opening import open_store
from tests.strategies import make_event


def test_a_geojson_url_opens_the_file_it_names(tmp_path):
    store = open_store(f"geojson:{tmp_path}/data/events.geojson")

    store.append(make_event(), by="ana", why=None)
    store.close()

    assert (tmp_path / "data" / "events.geojson").is_file()
    assert list(open_store(f"geojson:{tmp_path}/data/events.geojson").events()) == [make_event()]


@pytest.mark.parametrize("url", ["", "geojson", "geojson:", "data/events.geojson", "postgis://db/events"])
def test_a_url_that_names_no_store_is_refused_with_an_example(url):
    with pytest.raises(SettingsError) as refused:
        open_store(url)

    assert str(refused.value) == (
        f"'{url}' names no store. Write geojson:PATH, such as geojson:data/events.geojson."
    )
