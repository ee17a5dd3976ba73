"""Saved maps: kept, changed, removed.

Knows the rules of a view: one name each, a question that has a meaning here. Knows nothing of forms or flags.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from geoevents.errors import InvalidView, NotAllowed, ViewExists
from geoevents.messages import Message
from geoevents.stores.saved_views import SavedViews
from geoevents.views import View, ViewTexts
from geoevents.workflows.backends import Backends

MOST_VIEWS = 1_000


def views_of(house: Backends) -> SavedViews:
    """Raises NotAllowed where this server keeps none."""
    if house.views is None:
        raise NotAllowed(Message("This server keeps no saved maps."))
    return house.views


def add_view(view: View, house: Backends) -> View:
    """Keep a new view. Raises ViewExists, InvalidQuery, InvalidView, StoreError."""
    view.asked().in_terms_of(house.taxonomy)

    def added(views: dict[str, View]) -> Iterable[View]:
        if view.slug in views:
            raise ViewExists(
                Message("There is a map at {name} already. Choose another address.", name=view.slug), "slug"
            )
        if len(views) >= MOST_VIEWS:
            raise InvalidView(
                Message("There are {count} saved maps, the most there may be.", count=len(views))
            )
        return (*views.values(), view)

    views_of(house).change(added)
    return view


def say_of_view(slug: str, texts: Mapping[str, ViewTexts], house: Backends) -> View:
    """Put other texts to a view. Raises ViewNotFound, StoreError."""
    return _changed(slug, house, texts=texts)


def remove_view(slug: str, house: Backends) -> None:
    """Its address leads nowhere from now on; no event is touched. Raises ViewNotFound, StoreError."""
    saved = views_of(house)

    def removed(views: dict[str, View]) -> Iterable[View]:
        saved.get(slug)
        return (view for view in views.values() if view.slug != slug)

    saved.change(removed)


def _changed(slug: str, house: Backends, **changes: object) -> View:
    saved = views_of(house)

    def changed(views: dict[str, View]) -> Iterable[View]:
        views[slug] = replace(saved.get(slug), updated=house.now(), **changes)  # type: ignore[arg-type]
        return views.values()

    saved.change(changed)
    return saved.get(slug)
