"""The shipped gazetteer, rules and actors, and what drafts with them."""

from __future__ import annotations

from datetime import date

import pytest

from geoevents.bootstrap import open_drafter
from geoevents.settings import load

TUESDAY = date(2022, 1, 25)


@pytest.fixture(scope="session")
def drafter():
    return open_drafter(load({}, {}))


@pytest.fixture
def drafts(drafter):
    """The drafts of a text published on a Tuesday, 25 January 2022, or on whatever day is said."""

    def of(text: str, published: date | None = TUESDAY):
        return drafter(text, published=published).drafts

    return of


@pytest.fixture
def draft(drafts):
    """The one draft of a text."""

    def of(text: str, published: date | None = TUESDAY):
        (only,) = drafts(text, published)
        return only

    return of
