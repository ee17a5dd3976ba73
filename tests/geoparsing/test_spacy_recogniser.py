"""spaCy as a further recogniser: a blank pipeline with a ruler stands for a model, so none is downloaded."""

from __future__ import annotations

import sys

import pytest

from geoevents.errors import SettingsError
from geoevents.geoparsing import geoparse
from geoevents.geoparsing.spacy_recogniser import SpacyRecogniser, load
from geoevents.geoparsing.toponyms import Span
from geoevents.places import Context


@pytest.fixture
def by_spacy():
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed; geoevents works without it")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "Homs"}, {"label": "PERSON", "pattern": "Hama"}])
    return SpacyRecogniser(pipeline)


def test_entities_that_are_places_become_spans_and_people_do_not(by_spacy):
    assert by_spacy.recognise("\N{FIRE} Hama left Homs.") == (Span(12, 16),)


def test_both_recognisers_find_a_name_once(by_spacy, recogniser, gazetteer):
    found = geoparse("He left Homs for Aleppo.", gazetteer, Context(), recognisers=(recogniser, by_spacy))

    assert [toponym.text for toponym in found] == ["Homs", "Aleppo"]


def test_without_spacy_it_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)

    with pytest.raises(SettingsError, match="is not installed"):
        load("en_core_web_sm")
