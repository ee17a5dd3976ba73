"""Saved maps: kept, changed, frozen on a day, removed; and what is read of a frozen one.

Knows the rules of a view: one name each, a question that has a meaning here. Knows nothing of forms or flags.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from geoevents.errors import InvalidView, NotAllowed, ViewExists
from geoevents.events import Status
from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.stores.frozen import FrozenReader
from geoevents.stores.saved_views import SavedViews
from geoevents.views import Frozen, View, ViewTexts
from geoevents.workflows.backends import Backends
from geoevents.workflows.whereabouts import looked_up

MOST_VIEWS = 1_000
# They are held in memory while they are looked at: some 30 MB.
MOST_FROZEN = 20_000


class Stand(StrEnum):
    """Whether a map follows the events, is frozen as they are now, or stays as it stands."""

    LIVE = "live"
    FROZEN = "frozen"
    KEPT = "kept"


def views_of(house: Backends) -> SavedViews:
    """Raises NotAllowed where this server keeps none."""
    if house.views is None:
        raise NotAllowed(Message("This server keeps no saved maps."))
    return house.views


def add_view(view: View, house: Backends, stand: Stand = Stand.LIVE) -> View:
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
        return (*views.values(), _stood(view, house, stand))

    views_of(house).change(added)
    return views_of(house).get(view.slug)


def change_view(
    slug: str, house: Backends, *, texts: Mapping[str, ViewTexts] | None = None, stand: Stand = Stand.KEPT
) -> View:
    """
    Put other texts to a view, freeze it anew, or let it follow the events.

    Raises ViewNotFound, InvalidView, StoreError.
    """
    saved = views_of(house)

    def changed(views: dict[str, View]) -> Iterable[View]:
        view = _stood(saved.get(slug), house, stand)
        views[slug] = replace(view, updated=house.now(), texts=view.texts if texts is None else texts)
        return views.values()

    saved.change(changed)
    return saved.get(slug)


def remove_view(slug: str, house: Backends) -> None:
    """Its address leads nowhere from now on; no event is touched. Raises ViewNotFound, StoreError."""
    saved = views_of(house)

    def removed(views: dict[str, View]) -> Iterable[View]:
        saved.get(slug)
        return (view for view in views.values() if view.slug != slug)

    saved.change(removed)


def reader_of(view: View, house: Backends) -> FrozenReader:
    """The events of a frozen view, as anybody may see them today. Raises StoreDamaged where they are lost."""
    assert view.frozen is not None
    saved = views_of(house)
    asked = view.asked()
    where = (asked.bbox, asked.near, asked.area, asked.place, asked.country, asked.admin1, asked.q)
    return saved.readers.of(
        view.frozen.sha256,
        lambda: saved.frozen_lines(view),
        house.public,
        tells_where=any(each is not None for each in where),
    )


def retracted_in(view: View, house: Backends) -> int:
    """How many events of a frozen view are retracted. Raises as `reader_of`."""
    tally = reader_of(view, house).tally(EventQuery(statuses=tuple(Status)))
    return tally.by_status[Status.RETRACTED]


def _stood(view: View, house: Backends, stand: Stand) -> View:
    if stand is Stand.KEPT:
        return view
    if stand is Stand.LIVE:
        return replace(view, frozen=None)
    query = looked_up(view.asked().in_terms_of(house.taxonomy), house, places=house.gazetteer)
    selection = house.public.select(query)
    if len(selection) > MOST_FROZEN:
        raise InvalidView(
            Message(
                "A frozen map holds at most {most} events; this one would hold {count}. "
                "Narrow what it shows, or let it follow the events.",
                most=MOST_FROZEN,
                count=len(selection),
            ),
            "stand",
        )
    lines = list(house.public.lines(selection, selection.rows))
    name = views_of(house).keep_frozen(lines)
    return replace(
        view, frozen=Frozen(at=house.now(), revision=selection.revision, events=len(lines), sha256=name)
    )
