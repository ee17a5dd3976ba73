"""Words are found inside words, of the public view alone, read at once or behind."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.errors import NotReady
from geoevents.events import Sensitivity, Status
from geoevents.folding import fold
from geoevents.geojson import feature_line
from geoevents.queries import EventQuery
from geoevents.searching import searchable
from geoevents.stores import texts, words
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from geoevents.stores.word_index import WordIndex, build
from tests.strategies import events, make_event, whole_events

TITLES = ("Kobanî", "عين العرب", "Shots at the gate", "Gate opens", "Ayn al-Arab 東京", "x" * 40)
ASKED = (
    "koban",
    "ob",
    "a",
    "عين",
    "ate",
    "gate shots",
    "東",
    "x" * 41,
    "al arab",
    "العرب",
    "???",
    "7",
    "1 2",
)


@whole_events
@given(events())
def test_the_words_of_a_line_are_those_of_its_event(event):
    assert words.searchable(feature_line(event)) == searchable(event)
    assert words.title_of(feature_line(event)) == event.title


@given(st.lists(st.text("abغ東 ", max_size=6), max_size=8), st.text("abغ東", min_size=1, max_size=3))
def test_an_index_finds_what_looking_through_finds(tmp_path_factory, titles, part):
    target = tmp_path_factory.mktemp("words") / "words.index"
    lines = [feature_line(make_event(title=title, place_name=None)) for title in titles]

    assert build(lines, target, identity="x", rows=len(lines))
    index = WordIndex.open(target)

    wanted = fold(part).split()
    found = [all(word in words.searchable(line) for word in wanted) for line in lines]
    assert index.mask(wanted).tolist() == found


def test_an_index_of_other_rows_than_there_are_is_not_kept(tmp_path):
    target = tmp_path / "words.index"

    assert not build([feature_line(make_event())], target, identity="x", rows=2)
    assert WordIndex.open(target) is None
    target.write_bytes(b"something else")
    assert WordIndex.open(target) is None


def test_a_damaged_index_is_none(tmp_path):
    target = tmp_path / "words.index"
    build([feature_line(make_event())], target, identity="x", rows=1)
    whole = target.read_bytes()

    target.write_bytes(whole[:-70])
    assert WordIndex.open(target) is None
    target.write_bytes(whole.replace(b"guards", b"gnomes"))
    assert WordIndex.open(target) is None
    target.write_bytes(whole)
    assert WordIndex.open(target).rows == 1
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def many(tmp_path, monkeypatch):
    """A reader of what counts as many events, whose words are read behind; and its store."""
    monkeypatch.setattr(texts, "FEW", 50)
    monkeypatch.setattr(texts, "BEARABLE", 120)
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    chance = Random(2)
    made = [
        make_event(
            id=f"event-{n}",
            title=f"{chance.choice(TITLES)} {n}",
            status=chance.choice((Status.PUBLISHED, Status.PUBLISHED, Status.DRAFT)),
            sensitivity=chance.choice((Sensitivity.EXACT, Sensitivity.EXACT, Sensitivity.GRID)),
            description=f"secret-{n}",
        )
        for n in range(200)
    ]
    store.append_all(made, by="ana", why=None)
    (tmp_path / "cache").mkdir()
    return PublicReader(store, cache=tmp_path / "cache"), store


def found_when_ready(public, query):
    end = time.monotonic() + 60
    while True:
        try:
            return list(public.events(query))
        except NotReady:
            assert time.monotonic() < end
            time.sleep(0.05)


def matching(public, query):
    return [event for event in public.events(EventQuery()) if query.matches(event)]


def test_words_of_many_events_are_read_behind_and_then_found_exactly(many):
    public, _ = many
    public.prepare_behind()

    with pytest.raises(NotReady) as not_yet:
        list(public.events(EventQuery(q="koban")))
    assert (not_yet.value.field, not_yet.value.seconds) == ("q", 10)
    for q in ASKED:
        query = EventQuery(q=q)
        assert found_when_ready(public, query) == matching(public, query)


def test_who_is_no_server_waits_for_the_words(many):
    public, store = many

    for q in ASKED:
        query = EventQuery(q=q)
        assert list(public.events(query)) == matching(public, query)
    assert store.find(EventQuery(q="secret-7", statuses=tuple(Status))).matched >= 1


def test_words_that_come_later_are_found_at_once(many):
    public, store = many
    public.prepare_behind()
    query = EventQuery(q="koban")
    before = found_when_ready(public, query)

    added = store.append(make_event(id="later", title="Kobane again"), by="ana", why=None)

    assert list(public.events(query)) == matching(public, query)
    assert added in public.events(query)
    assert len(matching(public, query)) == len(before) + 1


def test_what_comes_in_masses_is_read_behind_again(many):
    public, store = many
    public.prepare_behind()
    query = EventQuery(q="koban")
    found_when_ready(public, query)

    store.append_all(
        [make_event(id=f"more-{n}", title=f"Kobane {n}") for n in range(150)], by="ana", why=None
    )
    with pytest.raises(NotReady):
        list(public.events(query))

    assert found_when_ready(public, query) == matching(public, query)
    assert len(matching(public, query)) > 150
