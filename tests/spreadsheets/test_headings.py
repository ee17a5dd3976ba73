"""Which column is what, by its usual names."""

from __future__ import annotations

from collections import Counter

import pytest

from geoevents.folding import fold
from geoevents.record_stored import PROPERTIES
from geoevents.spreadsheets import HowToRead, each_once
from geoevents.spreadsheets.headings import recognised
from geoevents.spreadsheets.usual_headings import HEADINGS
from geoevents.tables import COLUMNS


def fields(*headings):
    return dict(recognised(each_once(headings), HowToRead()).as_pairs())


@pytest.mark.parametrize("field", HEADINGS)
def test_every_usual_name_is_recognised_in_any_spelling(field):
    for usual in HEADINGS[field]:
        spelt = usual.replace("_", " ").title()

        assert fields(spelt) == {spelt: field}


def test_no_heading_is_two_fields():
    keys = ({fold(name.replace("_", " ")) for name in usual} for usual in HEADINGS.values())
    names = Counter(name for each in keys for name in each)
    doubled = {name for name, count in names.items() if count > 1}

    assert doubled == set()


def test_of_two_columns_the_surer_one_is_taken_and_the_other_kept():
    columns = recognised(("notes", "title", "headline", "wind"), HowToRead())

    assert columns.as_pairs() == (("notes", "description"), ("title", "title"))
    assert list(columns.unknown) == ["headline", "wind"]


def test_the_columns_we_let_out_are_ours():
    columns = recognised(COLUMNS, HowToRead())

    assert columns.is_ours
    assert columns.fields["id"] == 0
    assert set(PROPERTIES) <= set(columns.fields)


def test_an_id_of_others_is_not_ours():
    assert fields("id", "title") == {"id": "external_id", "title": "title"}
