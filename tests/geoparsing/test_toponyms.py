"""Names in a text: where they stand, and what is said of them."""

from __future__ import annotations

from geoevents.geoparsing import Span, geoparse
from geoevents.geoparsing.toponyms import without_overlaps
from geoevents.places import Context


def test_given_spans_are_resolved_as_they_are(gazetteer):
    text = "\N{FIRE} HASAKAH, Syria"

    toponyms = geoparse(text, gazetteer, Context(), recognisers=(), spans=[Span(2, 9), Span(11, 16)])

    assert [(t.text, t.resolution.candidates[0].place.name) for t in toponyms] == [
        ("HASAKAH", "Hasakah"),
        ("Syria", "Syria"),
    ]


def test_of_overlapping_spans_the_surest_then_the_longest_stays():
    spans = [Span(0, 4), Span(0, 9), Span(12, 20, 0.6), Span(15, 18, 0.9), Span(20, 22)]

    assert without_overlaps(spans) == (Span(0, 9), Span(15, 18), Span(20, 22))
