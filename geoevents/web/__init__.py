"""Events for people and programs over HTTP: pages, forms, downloads, tiles, and the server under them."""

from geoevents.web.app import create_app
from geoevents.web.writers import Writes

__all__ = ["Writes", "create_app"]
