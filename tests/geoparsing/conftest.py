"""The shipped gazetteer and what reads texts with it."""

from __future__ import annotations

import re

import pytest

from geoevents.gazetteers import open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date
from geoevents.geoparsing import Span, geoparse
from geoevents.geoparsing.recognising import GazetteerRecogniser
from geoevents.places import Context


@pytest.fixture(scope="session")
def gazetteer():
    return open_gazetteer(bring_up_to_date(SHIPPED_DATA), region=("SY", "IQ", "TR"))


@pytest.fixture(scope="session")
def recogniser(gazetteer):
    return GazetteerRecogniser(gazetteer, SHIPPED_DATA / "geoparsing")


@pytest.fixture
def recognised(recogniser):
    """The words that a text names places with, in its order."""

    def words(text: str) -> list[str]:
        return [text[span.start : span.end] for span in recogniser.recognise(text)]

    return words


@pytest.fixture
def read(gazetteer):
    """The toponyms of a text in which [brackets] stand around each name."""

    def of(marked, **given):
        spans, text, depth = [], "", 0
        for part in re.split(r"([\[\]])", marked):
            if part == "[":
                depth = len(text)
            elif part == "]":
                spans.append(Span(depth, len(text)))
            else:
                text += part
        return geoparse(text, gazetteer, Context(**given), recognisers=(), spans=spans)

    return of
