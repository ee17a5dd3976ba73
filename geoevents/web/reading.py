"""Whose eyes a request reads with: anybody's, or those of somebody who may write."""

from __future__ import annotations

from typing import Protocol

from flask import current_app, g

from geoevents.errors import EventNotFound
from geoevents.events import Event
from geoevents.gazetteers import Gazetteer
from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.stores import public
from geoevents.web import writers
from geoevents.workflows import Backends
from geoevents.workflows.internal import InternalReader
from geoevents.workflows.map_views import reader_of


class Reader(public.Reader, Protocol):
    """Gives events as somebody may see them: stores.public.PublicReader, or everything for who may write."""

    @property
    def revision(self) -> int: ...
    def get(self, event_id: str) -> Event: ...
    def banner(self) -> tuple[Message, ...]: ...


def backends() -> Backends:
    found = current_app.extensions["geoevents"]
    assert isinstance(found, Backends)
    return found


def gazetteer() -> Gazetteer:
    """What names are looked up in: for who may write, the team's own decisions come first."""
    return backends().for_writers if writers.is_writer_here() else backends().gazetteer


def banner() -> tuple[Message, ...]:
    """What a person should know of the store: who keeps it hears more than who reads."""
    return InternalReader(backends().store).banner() if writers.may_write() else backends().public.banner()


def whole(event_id: str) -> Event:
    """An event with all its fields, to be edited; only after require_writer(). Raises EventNotFound."""
    return InternalReader(backends().store).get(event_id)


def has(event_id: str) -> bool:
    """Whether there is such an event, whoever may see it; only for who may write."""
    try:
        return bool(whole(event_id))
    except EventNotFound:
        return False


def count_all(query: EventQuery) -> int:
    """How many events a question finds, whoever may see them; only for who may write."""
    return InternalReader(backends().store).tally(query).matched


def count_of_changes() -> int:
    """One more with every change, whoever may see it; only for who may write."""
    return InternalReader(backends().store).revision


def reader() -> Reader:
    """
    The public reader, unless this request asked for the internal view and was let in, or for a frozen map.

    `g.internal` and `g.frozen` are set in one place, asking.py, after the right to the one was checked.
    """
    if g.get("internal"):
        return InternalReader(backends().store)
    return reader_of(g.frozen, backends()) if g.get("frozen") else backends().public
