"""Words one or two edits away: all of them are found, and few others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from geoevents.gazetteers.nearby import Nearby

_WORDS = st.text(alphabet="bdk", min_size=2, max_size=9)


@given(words=st.lists(_WORDS, max_size=40), word=_WORDS, edits=st.sampled_from([1, 2]))
def test_every_word_that_so_few_edits_make_of_another_is_found(words, word, edits):
    nearby = Nearby(words, edits=edits)

    found = nearby.to(word)

    assert found >= {each for each in words if Levenshtein.distance(word, each) <= edits}


@pytest.mark.parametrize("edits", [1, 2])
def test_words_that_share_no_piece_with_another_are_not_looked_at(edits):
    nearby = Nearby(["mrhfls", "mrhfl", "hfmsrlm"], edits=edits)

    found = nearby.to("bdkbdk")

    assert found == set()
