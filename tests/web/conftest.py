"""The app over real backends: a store of its own for every test, the shipped types and places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geoevents.event_types import load_taxonomy
from geoevents.gazetteers import Gazetteer, open_gazetteer
from geoevents.gazetteers.team import TeamGazetteer
from geoevents.stores.decided_names import DecidedNames
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from geoevents.stores.saved_views import SavedViews
from geoevents.web import create_app
from geoevents.workflows import Backends

DATA = Path(__file__).parents[2] / "data"
# What a browser sends with every page it asks for.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NOW = datetime(2022, 2, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return open_gazetteer(DATA / "cache" / "gazetteer.sqlite", region=("SY", "IQ", "TR"))


@dataclass
class Site:
    """One app with its store: `public` may only read, `writer` sits at the machine."""

    app: Flask
    backends: Backends
    path: Path

    @property
    def writer(self) -> FlaskClient:
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT"] = BROWSER
        return client

    @property
    def public(self) -> FlaskClient:
        client = self.writer
        client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
        return client

    def bytes(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""


@pytest.fixture
def make_site(tmp_path: Path, gazetteer: Gazetteer) -> Iterator[Callable[..., Site]]:
    stores: list[GeoJSONStore] = []

    def make(*, writes: str = "loopback", **settings: object) -> Site:
        path = tmp_path / "events.geojson"
        store = GeoJSONStore.open(path)
        stores.append(store)
        taxonomy = load_taxonomy(DATA / "event_types.json")
        names = DecidedNames(tmp_path / "private" / "names.geojsonl")
        backends = Backends(
            store=store,
            public=PublicReader(store),
            gazetteer=gazetteer,
            taxonomy=taxonomy,
            names=names,
            team=TeamGazetteer(gazetteer, names),
            views=SavedViews(tmp_path / "views.json"),
            now=lambda: NOW,
        )
        app = create_app(backends, cache=DATA / "cache", writes=writes, **settings)  # type: ignore[arg-type]
        app.config["TESTING"] = False
        return Site(app, backends, path)

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site()
