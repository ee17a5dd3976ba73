"""The app: its parts put together for given backends. Read-only unless told otherwise."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from flask import Flask
from werkzeug.routing import BaseConverter

from geoevents.cartography.grounds import DetailedGround
from geoevents.cartography.tiles import MapTiles
from geoevents.web import (
    api,
    assets,
    browse,
    compression,
    data,
    edit,
    error_pages,
    grounds,
    headers,
    hosts,
    importing,
    languages,
    limits,
    links,
    naming,
    oembed,
    pictures,
    saved_maps,
    showing,
    through_time,
    tiles,
    writers,
)
from geoevents.web.writers import Writes
from geoevents.workflows import Backends

_PARTS = (
    browse, edit, importing, naming, oembed, pictures, saved_maps, data, tiles, through_time, api, assets,
    grounds,
)  # fmt: skip


class EventIds(BaseConverter):
    """Whatever cannot be the id of an event is no address at all, and so is never repeated in an answer."""

    regex = "[a-z0-9-]{4,40}"


def create_app(
    backends: Backends,
    *,
    cache: Path,
    writes: Writes | str = Writes.CLOSED,
    allowed_hosts: Iterable[str] = (),
    countries: Sequence[str] = (),
    embed_ancestors: Sequence[str] = (),
    contact: str | None = None,
    licence: str | None = None,
    ground: DetailedGround | None = None,
) -> Flask:
    """
    The WSGI app over `backends`. `cache` is the folder that set-up filled: the base map, vendored files.

    `writes` "loopback" opens writing to whoever sits at this machine (writers.may_write);
    `allowed_hosts` are the names the server answers to beside those of this machine, and close writing;
    `countries` (ISO 3166-1) are offered by the map's filter; `embed_ancestors` are the sites that may show
    `/embed` in a frame; `contact` is where mistakes are reported, a mail address or a page;
    `licence` is what others may do with the events; `ground` is what is drawn over the base map.
    """
    names = frozenset(allowed_hosts) - hosts.LOOPBACK_HOSTS
    app = Flask(__name__, static_folder=None)
    app.extensions["geoevents"] = backends
    app.extensions["geoevents.tiles"] = MapTiles()
    # Revisions count from 1 in every store: an answer of another one must not pass for an answer of this.
    app.extensions["geoevents.opened"] = secrets.token_hex(8)
    _configure(app, GEOEVENTS_COUNTRIES=tuple(countries), GEOEVENTS_EMBED_ANCESTORS=tuple(embed_ancestors))
    app.config.update(GEOEVENTS_CONTACT=contact, GEOEVENTS_LICENCE=licence, GEOEVENTS_GROUND=ground)
    # The order is the order in which a request is looked at; an answer goes the other way.
    compression.init_app(app)
    languages.init_app(app)
    headers.init_app(app)
    hosts.init_app(app, names)
    limits.init_app(app)
    # Where a proxy asks for a site by its name, whoever is behind it comes from this machine too.
    writers.init_app(app, Writes.CLOSED if names else Writes(writes))
    error_pages.init_app(app)
    assets.init_app(app, cache)
    links.init_app(app)
    showing.init_app(app)
    pictures.init_app(app)
    for part in _PARTS:
        app.register_blueprint(part.bp)
    return app


def _configure(app: Flask, **given: object) -> None:
    app.config.update(
        given,
        # It signs what a writer is told after a change, and nothing else: a new one for each start will do.
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="said",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # Otherwise //x answers with a redirect that repeats what was asked.
    app.url_map.merge_slashes = False
    app.url_map.converters["event_id"] = EventIds
