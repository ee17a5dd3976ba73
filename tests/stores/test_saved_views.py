"""The file of saved maps: read whole or not at all, and no copy is removed that may still be wanted."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from geoevents.errors import StoreDamaged
from geoevents.stores import saved_views
from geoevents.stores.saved_views import SavedViews
from geoevents.views import Frozen, View, ViewTexts

NOW = datetime(2022, 2, 1, 12, tzinfo=UTC)
VIEW = View(slug="gates", texts={"en": ViewTexts(title="Gates")}, query="", created=NOW, updated=NOW)


def freeze(saved: SavedViews, slug: str) -> Frozen:
    """Keep a frozen map of that name, which shows its name."""

    def frozen(views):
        sha = saved.keep_frozen([slug.encode()])
        view = replace(VIEW, slug=slug, frozen=Frozen(at=NOW, revision=1, events=1, sha256=sha))
        return (*views.values(), view)

    saved.change(frozen)
    return saved.get(slug).frozen


def test_a_file_that_is_damaged_while_another_reads_it_is_never_written_over(tmp_path):
    path = tmp_path / "views.json"
    saved = SavedViews(path)
    saved.change(lambda _: [VIEW])
    damaged = b'{"format":1,"views":[ broken'

    def damage_meanwhile(views):
        # Another thread reads what somebody wrote by hand, after the change looked at what is there.
        path.write_bytes(damaged)
        other = threading.Thread(target=saved.all)
        other.start()
        other.join()
        return views.values()

    with pytest.raises(StoreDamaged):
        saved.change(damage_meanwhile)

    assert path.read_bytes() == damaged


def test_what_another_has_read_meanwhile_is_not_read_again(tmp_path, monkeypatch):
    path = tmp_path / "views.json"
    path.write_bytes(b'{"format":1,"views":[ broken')
    saved, usual, read, refused = SavedViews(path), saved_views.read_json, [], []

    def change():
        try:
            saved.change(lambda _: [VIEW])
        except StoreDamaged as error:
            refused.append(error)

    other = threading.Thread(target=change)

    def slow(data):
        read.append(data)
        if len(read) == 1:
            other.start()
            # Long enough for the other to find that the file is new, and to wait.
            time.sleep(0.2)
        return usual(data)

    monkeypatch.setattr(saved_views, "read_json", slow)
    saved.all()
    other.join()

    assert (len(read), len(refused)) == (1, 1)
    assert path.read_bytes() == read[0]


def test_while_the_file_is_away_the_copies_of_its_frozen_maps_stay(tmp_path):
    path = tmp_path / "views.json"
    saved = SavedViews(path)
    freeze(saved, "gates")
    away = path.rename(tmp_path / "away.json")

    saved.change(lambda _: [VIEW])
    away.replace(path)

    assert saved.frozen_lines(saved.get("gates")) == [b"gates"]


def test_with_a_frozen_map_goes_its_copy_unless_another_shows_the_same(tmp_path):
    saved = SavedViews(tmp_path / "views.json")
    gates, mills = freeze(saved, "gates"), freeze(saved, "mills")
    saved.change(lambda views: [*views.values(), replace(views["gates"], slug="gates-too")])

    saved.change(lambda views: [views["gates-too"]])

    assert saved.frozen_lines(saved.get("gates-too")) == [b"gates"]
    names = [each.name for each in (tmp_path / "private" / "views").iterdir()]
    assert names == [gates.sha256 + ".geojsonl"]
    assert mills.sha256 != gates.sha256
