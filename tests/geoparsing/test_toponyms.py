"""Names in a text: where they stand, and what is said of them."""

from __future__ import annotations

import pytest

from geoevents.gazetteers import open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date
from geoevents.geoparsing import Span, geoparse
from geoevents.geoparsing.toponyms import without_overlaps
from geoevents.places import Context


@pytest.fixture(scope="module")
def gazetteer():
    return open_gazetteer(bring_up_to_date(SHIPPED_DATA), region=("SY", "IQ", "TR"))


def test_given_spans_are_resolved_as_they_are(gazetteer):
    text = "\N{FIRE} HASAKAH, Syria"

    toponyms = geoparse(text, gazetteer, Context(), spans=[Span(2, 9), Span(11, 16)])

    assert [(t.text, t.resolution.candidates[0].place.name) for t in toponyms] == [
        ("HASAKAH", "Hasakah"),
        ("Syria", "Syria"),
    ]


def test_of_overlapping_spans_the_surest_then_the_longest_stays():
    spans = [Span(0, 4), Span(0, 9), Span(12, 20, 0.6), Span(15, 18, 0.9), Span(20, 22)]

    assert without_overlaps(spans) == (Span(0, 9), Span(15, 18), Span(20, 22))
