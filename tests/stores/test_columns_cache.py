"""What one process has read spares the next one reading it, and changes no answer."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

import geoevents
from geoevents.events import Sensitivity, Status
from geoevents.queries import EventQuery
from geoevents.stores import columns_cache, rows, texts
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from geoevents.stores.word_index import WordIndex
from tests.stores.test_masks import Chance
from tests.strategies import make_event

QUESTIONS = (
    EventQuery(),
    EventQuery(sort="title", statuses=tuple(Status)),
    EventQuery(event_types=("battles",), sort="updated"),
    EventQuery(place="geonames:173811"),
    EventQuery(q="gate"),
)

PACKAGE = Path(geoevents.__file__).parent
_TABLE = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
# Every module of layers 0 to 2, and of stores/.
DECIDING = re.findall(
    r"^\| (?:[012] \| `(?=\w+\.py`)|3 \| `(?=stores/\w))([\w/]+\.py)`", _TABLE, re.MULTILINE
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "FEW", 20)
    (tmp_path / "cache").mkdir()
    return tmp_path


def opened(folder):
    store = GeoJSONStore.open(folder / "events.geojson")
    return store, PublicReader(store, cache=folder / "cache")


def saved(folder, count=300):
    """A store of events of all kinds, and its columns on disk."""
    store, public = opened(folder)
    chance = Chance(5)
    store.append_all([chance.event(number) for number in range(count)], by="ana", why=None)
    public.prepare_behind()
    wait_until((folder / "cache" / rows.NAME).exists)
    return store


def wait_until(is_so):
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def asked_since(store, monkeypatch):
    """The revisions behind which its followers ask for changes."""
    asked = []
    changes = store.changes
    monkeypatch.setattr(store, "changes", lambda since: asked.append(since) or changes(since))
    return asked


def answers(public):
    found = [(public.find(query), list(public.features(query)), public.tally(query)) for query in QUESTIONS]
    return [*found, list(public.chunks(EventQuery()))]


def test_the_next_process_answers_alike_and_reads_nothing_anew(folder, monkeypatch):
    saved(folder)
    store, public = opened(folder)
    since = asked_since(store, monkeypatch)

    found = answers(public)

    assert set(since) == {300}
    assert found == answers(PublicReader(store))
    assert (folder / "cache" / rows.NAME).stat().st_mode & 0o777 == 0o600


def test_it_goes_on_with_what_was_written_since(folder, monkeypatch):
    before = saved(folder)
    shown = [event for event in before.events() if event.status is Status.PUBLISHED]
    before.replace(replace(shown[0], title="Gate, again"), expected_version=1, by="ana", why=None)
    before.replace(replace(shown[1], sensitivity=Sensitivity.HIDDEN), expected_version=1, by="ana", why=None)
    before.append(make_event(id="later", sensitivity=Sensitivity.GRID, description="x"), by="ana", why=None)

    store, public = opened(folder)
    since = asked_since(store, monkeypatch)
    found = answers(public)
    store.replace(replace(store.get("later"), title="Later"), expected_version=1, by="ana", why=None)

    assert set(since) == {300}
    assert found != answers(public) == answers(PublicReader(store))


def test_columns_of_another_history_are_not_ours(folder, monkeypatch):
    saved(folder)
    for path in (folder / "events.geojson", *(folder / "private").iterdir()):
        path.unlink()
    store, public = opened(folder)
    store.append_all([make_event(id=f"other-{n}") for n in range(300)], by="bo", why=None)

    assert public.find(EventQuery()).matched == 300
    assert answers(public) == answers(PublicReader(store))


@pytest.mark.parametrize("damage", ["code", "cut", "changed", "empty"])
def test_columns_that_other_code_made_or_that_are_damaged_are_read_anew(folder, damage, monkeypatch):
    saved(folder)
    path = folder / "cache" / rows.NAME
    whole = path.read_bytes()
    if damage == "code":
        monkeypatch.setattr(columns_cache, "_code", lambda: "another")
    elif damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "changed":
        path.write_bytes(whole.replace(b"event-7", b"event-8", 1))
    else:
        path.write_bytes(b"")
    store, public = opened(folder)
    since = asked_since(store, monkeypatch)

    assert answers(public) == answers(PublicReader(store))
    assert since[0] is None


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The modules that stand at the top of the package and in stores/, for tests to change."""
    house = tmp_path_factory.mktemp("house")
    (house / "stores").mkdir()
    for path in (*PACKAGE.glob("*.py"), *PACKAGE.glob("stores/*.py")):
        (house / path.relative_to(PACKAGE)).write_bytes(path.read_bytes())
    return house


@pytest.mark.parametrize("module", DECIDING)
def test_columns_are_made_anew_once_any_module_that_decides_what_is_shown_is_another(house, module):
    before = columns_cache.code_in(house)
    whole = (house / module).read_bytes()

    (house / module).write_bytes(whole + b"# mended")
    after = columns_cache.code_in(house)
    (house / module).write_bytes(whole)

    assert before == columns_cache.code_in(house) == columns_cache.code_in(PACKAGE)
    assert after != before


def test_columns_are_of_the_code_that_was_there_when_their_reader_began(folder, monkeypatch):
    columns_cache._code.cache_clear()
    store, public = opened(folder)
    store.append(make_event(), by="ana", why=None)
    public.find(EventQuery())
    began = columns_cache.code_in(PACKAGE)

    monkeypatch.setattr(columns_cache, "code_in", lambda _: "mended meanwhile")

    assert columns_cache._code() == began


def test_an_index_of_words_serves_the_next_process_as_well(folder, monkeypatch):
    monkeypatch.setattr(texts, "FEW", 20)
    saved(folder)
    wait_until((folder / "cache" / texts.NAME).exists)

    _, public = opened(folder)
    monkeypatch.setattr(texts.Texts, "_read", lambda *_: pytest.fail("words were read anew"))

    assert public.find(EventQuery(q="gate")).matched > 0


def no_room(*_):
    raise OSError("no room")


def edited_since(folder, monkeypatch):
    """The index of a store of which events were edited, some twice, since its first rows were saved."""
    monkeypatch.setattr(texts, "FEW", 20)
    store, public = opened(folder)
    made = [make_event(id=f"event-{n:03}", title=f"word{n:03}") for n in range(300)]
    store.append_all(made, by="ana", why=None)
    public.prepare_behind()
    wait_until((folder / "cache" / rows.NAME).exists)
    wait_until((folder / "cache" / texts.NAME).exists)
    yield
    for n in (0, 0, *range(1, 41)):
        event = replace(store.get(f"event-{n:03}"), title=f"changed{n:03}")
        store.replace(event, expected_version=event.version, by="ana", why=None)
        public.find(EventQuery(limit=1))
    wait_until(lambda: WordIndex.open(folder / "cache" / texts.NAME).rows > 300)
    yield


def test_words_stand_in_their_rows_though_the_index_knows_more_rows_than_were_saved(folder, monkeypatch):
    steps = edited_since(folder, monkeypatch)
    next(steps)
    monkeypatch.setattr(columns_cache.Saved, "write", no_room)
    next(steps)

    _, public = opened(folder)

    for n in range(41):
        found = public.find(EventQuery(q=f"changed{n:03}")).events
        assert [event.id for event in found] == [f"event-{n:03}"]


def test_the_index_goes_on_to_serve_rows_that_were_saved_with_it(folder, monkeypatch):
    next(edited_since(folder, monkeypatch))
    store, public = opened(folder)
    read = []
    lines_of = rows.StoreRows._lines_of
    monkeypatch.setattr(
        public._rows._texts, "_lines", lambda *asked: read.append(asked[1]) or lines_of(public._rows, *asked)
    )
    store.append_all([make_event(id=f"more-{n}", title=f"word{n}more") for n in range(5)], by="ana", why=None)

    assert [event.id for event in public.find(EventQuery(q="word3more")).events] == ["more-3"]
    assert [event.id for event in public.find(EventQuery(q="word299")).events] == ["event-299"]
    assert read
    assert all(asked.min(initial=300) >= 300 for asked in read)


def test_the_columns_are_saved_with_the_index_so_that_both_go_together(folder, monkeypatch):
    steps = edited_since(folder, monkeypatch)
    next(steps)
    monkeypatch.setattr(rows, "FEW", 1_000_000)
    next(steps)

    def rows_saved():
        return len(columns_cache.read(folder / "cache" / rows.NAME).table)

    wait_until(lambda: rows_saved() >= WordIndex.open(folder / "cache" / texts.NAME).rows)
    assert rows_saved() > 300
