"""What a killed process was working on is gone once the next one opens; what others work on stays."""

from __future__ import annotations

import subprocess
import sys

import pytest

from geoevents.queries import EventQuery
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from tests.strategies import make_event

# Works on all that a reader may work on, until its input ends or it is killed.
WORKING = """
import sys
from pathlib import Path
from geoevents.stores import unfinished

folder = Path(sys.argv[1])
with unfinished.workplace("words", folder) as words, unfinished.workplace("rows", folder) as rows:
    (words / "words.index").write_bytes(b"half")
    (rows / "0").write_bytes(b"half")
    unfinished.beside(folder / "public.columns").write_bytes(b"half")
    print("working", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    for name in (".rows.note", ".public.columns.x", "words.1", ".others.1"):
        (folder / name).write_text("somebody's own")
    return folder


@pytest.fixture
def worker(cache):
    command = [sys.executable, "-c", WORKING, cache]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "working\n"
        yield process
        process.kill()


def names(cache):
    return sorted(path.name for path in cache.iterdir())


def read_by_the_next(cache):
    store = GeoJSONStore.open(cache.parent / "events.geojson")
    if not store.revision:
        store.append(make_event(), by="ana", why=None)
    assert PublicReader(store, cache=cache).find(EventQuery()).matched == 1


def test_what_a_killed_process_left_is_gone_once_the_next_one_reads(cache, worker):
    worker.kill()
    worker.wait()
    assert len(names(cache)) == 7

    read_by_the_next(cache)

    assert names(cache) == [".others.1", ".public.columns.x", ".rows.note", "words.1"]


def test_what_another_process_works_on_stays(cache, worker):
    before = names(cache)

    read_by_the_next(cache)

    assert names(cache) == before
    assert len(before) == 7
